import type { DnsStep } from '../../trace/dnsStep.ts';
import { assertNever } from '../../trace/assertNever.ts';
import type { LookupLimits } from '../../trace/request.ts';
import { followChain } from './chain.ts';
import type { AnswerRecord, Message, Question } from './message.ts';
import { canonicalName, isWithin, nameProblem } from './name.ts';

// What an authoritative server's answer says (RFC 1034 §4.3.2): the records, an alias, that there are none, or whom
// to ask instead. Nothing is believed that the server's zone does not cover.

/** A server by its canonical name, and its addresses as far as they came along with the name. */
export interface ServerOfZone {
  readonly name?: string;
  readonly addresses: readonly string[];
}

/** Names are canonical, the root is `''`. */
export interface Delegation {
  readonly zone: string;
  readonly servers: readonly ServerOfZone[];
  /** Further servers, which are not asked: a limit leaves them out. */
  readonly leftOut?: number;
}

export type Reply =
  | { readonly kind: 'answer'; readonly name: string; readonly values: readonly string[] }
  /** `seen` has the aliases met so far and on the way to `name`. */
  | { readonly kind: 'alias'; readonly name: string; readonly seen: ReadonlySet<string> }
  | { readonly kind: 'referral'; readonly delegation: Delegation }
  | { readonly kind: 'no-data' | 'name-error' }
  | { readonly kind: 'lame'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'failed'; readonly outcome: 'server-failure' | 'refused' | 'error'; readonly reason?: string };

/**
 * Takes the answer of a server of `zone` (canonical) to a question and gives what it says. `seen` has the aliases met
 * so far; it is left as it is.
 */
export function readReply(
  message: Message, question: Question, zone: string, seen: ReadonlySet<string>, limits: LookupLimits,
): Reply {
  const { rcode, authoritative } = message;
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return failureOf(rcode);
  const name = canonicalName(question.name);
  const delegation = rcode === 'NOERROR' ? delegationIn(message, name, zone, limits.nameServers) : undefined;
  if (delegation) return { kind: 'referral', delegation };
  // RFC 1034 §6.2.6: whoever serves a zone says so, or refers downwards.
  if (!authoritative) return { kind: 'lame', reason: `not authoritative for ${zone || '.'}, and no referral below it` };
  return said(message, question, zone, seen, limits.aliases);
}

function failureOf(rcode: string): Reply {
  if (rcode === 'SERVFAIL') return { kind: 'failed', outcome: 'server-failure' };
  if (rcode === 'REFUSED') return { kind: 'failed', outcome: 'refused' };
  return { kind: 'failed', outcome: 'error', reason: `the server answered ${rcode}` };
}

function said(
  message: Message, { name, type }: Question, zone: string, seen: ReadonlySet<string>, limit: number,
): Reply {
  const isOurs = (alias: string): boolean => isWithin(alias, zone);
  const all = new Set(seen);
  const followed = followChain(message, canonicalName(name), type, all, isOurs, limit);
  switch (followed.kind) {
    case 'addresses':
      return { kind: 'answer', name: followed.name, values: followed.addresses };
    case 'open':
      return { kind: 'alias', name: followed.name, seen: all };
    case 'broken':
      return { kind: 'broken', reason: followed.reason };
    case 'ended':
      return { kind: message.rcode === 'NXDOMAIN' ? 'name-error' : 'no-data' };
    default:
      return assertNever(followed);
  }
}

/** RFC 2308 §2.2: NS records without an answer and without SOA; downwards only, and towards the name. */
function delegationIn(
  { records }: Message, name: string, zone: string, limit: number,
): Delegation | undefined {
  const has = (section: string, type: string): boolean =>
    records.some((record) => record.section === section && record.type === type);
  if (has('authority', 'SOA') || records.some(({ section }) => section === 'answer')) return undefined;
  const servers = records.filter((record) => record.section === 'authority' && record.type === 'NS'
    && record.name !== zone && isWithin(record.name, zone) && isWithin(name, record.name));
  const child = servers[0]?.name;
  if (child === undefined) return undefined;
  const names = servers.filter((record) => record.name === child).map(({ value }) => canonicalName(value));
  const all = [...new Set(names)].filter((server) => nameProblem(server) === undefined);
  return {
    zone: child,
    servers: all.slice(0, limit).map((server) => ({ name: server, addresses: glueOf(server, records, zone) })),
    ...(all.length > limit && { leftOut: all.length - limit }),
  };
}

/** So many addresses of one server are enough. */
const glueLimit = 4;

/** Bailiwick: addresses of names outside the answering server's own zone are not its business. */
function glueOf(server: string, records: readonly AnswerRecord[], zone: string): string[] {
  if (!isWithin(server, zone)) return [];
  return records
    .filter(({ section, name }) => section === 'additional' && name === server)
    .filter(({ type }) => type === 'A' || type === 'AAAA')
    .map(({ value }) => value).slice(0, glueLimit);
}

/** The reply as a step tells it. */
export function describeReply(reply: Reply): Pick<DnsStep, 'outcome' | 'message' | 'referral' | 'alias'> {
  switch (reply.kind) {
    case 'answer':
      return { outcome: 'answered' };
    case 'alias':
      return { outcome: 'answered', alias: reply.name };
    case 'referral':
      return { outcome: 'referral', referral: describeDelegation(reply.delegation) };
    case 'no-data':
    case 'name-error':
      return { outcome: reply.kind };
    case 'lame':
      return { outcome: 'lame', message: reply.reason };
    case 'broken':
      return { outcome: 'error', message: reply.reason };
    case 'failed':
      return { outcome: reply.outcome, ...(reply.reason !== undefined && { message: reply.reason }) };
    default:
      return assertNever(reply);
  }
}

function describeDelegation({ zone, servers, leftOut }: Delegation): NonNullable<DnsStep['referral']> {
  return {
    zone, ...(leftOut !== undefined && { leftOut }),
    servers: servers.flatMap(({ name }) => name ?? []),
    glue: servers.flatMap(({ name = '', addresses }) => addresses.map((address) => ({ name, address }))),
  };
}
