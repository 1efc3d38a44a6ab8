import type { AnswerRecord, Message } from './message.ts';

const day = 86_400;
// RFC 2308 §5 finds one to three hours sensible for negative answers.
const negativeLimit = 3 * 3600;
const entryLimit = 1000;

interface Entry {
  readonly message: Message;
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** Answers of name servers for as long as their TTLs allow. */
export interface Cache {
  /** Gives the answer with its TTLs counted down to now, or undefined. */
  get(key: string): Message | undefined;
  /** Seconds for which the answer may still be given. */
  ttlLeft(key: string): number;
  /**
   * Keeps an answer for its TTL, of which `age` seconds are gone; one without any (RFC 2308 §5: negative without SOA)
   * is not kept.
   */
  set(key: string, message: Message, age?: number): void;
}

/**
 * Creates an empty cache of at most a thousand answers; `now` is in milliseconds, on an axis that
 * only grows.
 */
export function createCache(now: () => number): Cache {
  const entries = new Map<string, Entry>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.expiresAt > now()) return aged(entry, now());
      entries.delete(key);
      return undefined;
    },
    ttlLeft(key) {
      const entry = entries.get(key);
      return entry === undefined ? 0 : Math.max(0, Math.floor((entry.expiresAt - now()) / 1000));
    },
    set(key, message, age = 0) {
      const ttl = lifetime(message);
      entries.delete(key);
      if (ttl <= age) return;
      const storedAt = now() - age * 1000;
      entries.set(key, { message, storedAt, expiresAt: storedAt + ttl * 1000 });
      const [oldest] = entries.keys();
      if (entries.size > entryLimit && oldest !== undefined) entries.delete(oldest);
    },
  };
}

/**
 * Takes an answer and gives the seconds it may be kept: the smallest TTL of its answer section, and
 * for one without the records asked for also the smaller of the SOA's TTL and its minimum (RFC 2308
 * §5).
 */
export function lifetime(message: Message): number {
  const answers = message.records.filter((record) => record.section === 'answer');
  const positive = Math.min(day, ...answers.map((record) => record.ttl));
  // Whatever ends a chain of aliases is what was asked for.
  const hasWanted = answers.some(({ type }) => type !== 'CNAME');
  if (message.rcode === 'NOERROR' && (hasWanted || isOpenChain(answers, message))) return positive;
  return Math.min(positive, negativeLifetime(message));
}

/** A chain whose target was left out by the server: not negative, the target is asked for next. */
function isOpenChain(answers: readonly AnswerRecord[], message: Message): boolean {
  return answers.some(({ type }) => type === 'CNAME') && soaOf(message) === undefined;
}

function negativeLifetime(message: Message): number {
  const soa = soaOf(message);
  if (soa === undefined) return 0;
  // RFC 1035 §3.3.13: MINIMUM is the last field of the record.
  const minimum = Number(soa.value.split(' ').at(-1));
  return Math.min(negativeLimit, soa.ttl, minimum);
}

function soaOf(message: Message): AnswerRecord | undefined {
  return message.records.find(({ section, type }) => section === 'authority' && type === 'SOA');
}

/** RFC 1035 §4.1.3: the TTL left is what is told on. */
function aged(entry: Entry, now: number): Message {
  const seconds = Math.floor((now - entry.storedAt) / 1000);
  const records = entry.message.records.map((record) => ({
    ...record,
    ttl: Math.max(0, record.ttl - seconds),
  }));
  return { ...entry.message, records };
}
