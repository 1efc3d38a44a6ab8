import type { DnsStep } from '../../trace/dnsStep.ts';
import { createCache } from './cache.ts';
import type { Cache } from './cache.ts';
import { describeReply } from './delegation.ts';
import type { Delegation } from './delegation.ts';
import type { AnswerRecord, Message, Question } from './message.ts';
import { isWithin } from './name.ts';
import { labelCount } from './minimise.ts';

// What walks from the same servers have learnt, for as long as the TTLs allow (RFC 1034 §5.3.3, RFC 2308).

/** A delegation and when it runs out; `parent` is the zone whose servers told of it. */
interface Kept {
  readonly delegation: Delegation;
  readonly parent: string;
  readonly records: readonly AnswerRecord[];
  readonly expiresAt: number;
  readonly storedAt: number;
}

/** What is known from walks that began at the same servers. */
export interface WalkMemory {
  /** The zones on the way to a canonical name, the highest first, each with the step that tells of it. */
  delegationsFor(name: string): readonly { readonly delegation: Delegation; readonly step: DnsStep }[];
  keepDelegation(delegation: Delegation, parent: string, message: Message): void;
  forgetDelegation(zone: string): void;
  /** An answer with its TTLs counted down, and seconds for which it may still be used. */
  answerTo(question: Question): {
    readonly message: Message; readonly zone: string; readonly ttlLeft: number;
  } | undefined;
  keepAnswer(question: Question, zone: string, message: Message): void;
}

export interface WalkCache {
  /** `key` stands for the servers that a walk begins at: others may tell something else. */
  memoryFor(key: string): WalkMemory;
}

const day = 86_400;
const zoneLimit = 500;
const memoryLimit = 16;

/** An empty cache; `now` in ms, on an axis that only grows. */
export function createWalkCache(now: () => number): WalkCache {
  const memories = new Map<string, WalkMemory>();
  return {
    memoryFor(key) {
      let memory = memories.get(key);
      if (memory) return memory;
      memory = createMemory(now);
      memories.set(key, memory);
      const [oldest] = memories.keys();
      if (memories.size > memoryLimit && oldest !== undefined) memories.delete(oldest);
      return memory;
    },
  };
}

function createMemory(now: () => number): WalkMemory {
  const zones = new Map<string, Kept>();
  const answers: Cache = createCache(now);
  const zonesOfAnswers = new Map<string, string>();
  return {
    delegationsFor(name) {
      for (const [zone, { expiresAt }] of zones) if (expiresAt <= now()) zones.delete(zone);
      return [...zones.values()].filter(({ delegation }) => isWithin(name, delegation.zone))
        .sort((a, b) => labelCount(a.delegation.zone) - labelCount(b.delegation.zone))
        .map((kept) => ({ delegation: kept.delegation, step: stepOf(kept, name, now()) }));
    },
    keepDelegation(delegation, parent, { records }) {
      const about = records.filter((record) => isAbout(record, delegation));
      const ttl = Math.min(day, ...about.map((record) => record.ttl));
      zones.delete(delegation.zone);
      if (ttl <= 0) return;
      const storedAt = now();
      zones.set(delegation.zone, { delegation, parent, records: about, storedAt, expiresAt: storedAt + ttl * 1000 });
      const [oldest] = zones.keys();
      if (zones.size > zoneLimit && oldest !== undefined) zones.delete(oldest);
    },
    forgetDelegation: (zone) => void zones.delete(zone),
    answerTo(question) {
      const key = keyOf(question);
      const message = answers.get(key);
      const zone = zonesOfAnswers.get(key);
      return message && zone !== undefined ? { message, zone, ttlLeft: answers.ttlLeft(key) } : undefined;
    },
    keepAnswer(question, zone, message) {
      const key = keyOf(question);
      answers.set(key, message);
      if (zonesOfAnswers.size >= 1000) zonesOfAnswers.clear();
      zonesOfAnswers.set(key, zone);
    },
  };
}

function keyOf({ name, type }: Question): string {
  return `${type} ${name}`;
}

/** The names of the servers, and the addresses that came along. */
function isAbout({ section, type, name }: AnswerRecord, { zone, servers }: Delegation): boolean {
  if (section === 'authority') return type === 'NS' && name === zone;
  return section === 'additional' && (type === 'A' || type === 'AAAA')
    && servers.some((server) => server.name === name && server.addresses.length > 0);
}

function stepOf({ delegation, parent, records, storedAt, expiresAt }: Kept, name: string, at: number): DnsStep {
  const age = Math.floor((at - storedAt) / 1000);
  return {
    startAt: at, at, source: 'cache', question: { name, type: 'NS' }, zone: parent || '.',
    ...describeReply({ kind: 'referral', delegation }),
    records: records.map((record) => ({ ...record, ttl: Math.max(0, record.ttl - age) })),
    ttlLeft: Math.floor((expiresAt - at) / 1000),
  };
}
