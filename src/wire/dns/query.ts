import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { DnsPurpose, DnsStep } from '../../trace/dnsStep.ts';
import { exchangeTcp, exchangeUdp } from './exchange.ts';
import type { ExchangeContext, Exchanged, Server } from './exchange.ts';
import { keptMessages } from './keptMessages.ts';
import { mixedCase } from './letters.ts';
import type { Letters } from './letters.ts';
import { decodeAnswer, encodeQuery } from './message.ts';
import type { Decoded, Message, Query, Question } from './message.ts';
import { canonicalName } from './name.ts';

// One question asked of name servers until one of them has an answer.

/** Every exchange is told to `onStep`. */
export interface Asking extends ExchangeContext {
  readonly onStep: (step: DnsStep) => void;
}

interface QueryContext extends Asking {
  /** How often a question is asked in all, over all servers. */
  readonly tries: number;
}

/**
 * `timedOut`: every try ended without a word from the server; `age`: seconds since the answer left the name server (RFC
 * 9111 §5.1).
 */
export type Answered =
  | { readonly ok: true; readonly message: Message; readonly age?: number }
  | { readonly ok: false; readonly timedOut: boolean };

type Transport = 'udp' | 'tcp';
type Outcome = DnsStep['outcome'];

/** How a server is asked and its answers are judged. */
export interface Manner {
  readonly recursion: boolean;
  /** Gives the letters in which a name is asked over UDP; others in the answer are not accepted. */
  readonly spell: (name: string) => string;
  /** See {@link Letters}. */
  readonly plainServers: Set<string>;
  /** The parts of a step that the answer's meaning determines. */
  readonly judge: (
    message: Message,
    question: Question,
  ) => Pick<DnsStep, 'outcome' | 'message' | 'referral' | 'alias'>;
  /** What else is known of the step. */
  readonly facts: Pick<DnsStep, 'serverName' | 'zone' | 'purpose' | 'forgotten'>;
  /** Counts a query; false if no more may be sent. */
  readonly spend: () => boolean;
}

/** As a recursive server is asked. */
export function recursive({ random, plainServers }: Letters, purpose?: DnsPurpose): Manner {
  return {
    recursion: true,
    spell: (name) => mixedCase(name, random),
    plainServers,
    judge,
    facts: purpose === undefined ? {} : { purpose },
    spend: () => true,
  };
}

/** What one exchange with one server came to; `message` when it said something readable. */
interface Attempted {
  readonly outcome: Outcome;
  readonly message?: Message;
  /** The name came back in other letters than it was asked in. */
  readonly otherLetters?: boolean;
}

/**
 * Asks the servers in turn. One that did not answer in time is asked again after the others; one
 * that failed, refused or made no sense is not. Every exchange is told to `onStep`. Resolves in
 * every case.
 */
export async function askServers(
  question: Question,
  servers: readonly Server[],
  context: QueryContext,
  manner: Manner,
): Promise<Answered> {
  const queue = [...servers];
  let timedOut = queue.length > 0;
  for (let left = context.tries; left > 0 && !context.signal.aborted; left -= 1) {
    const server = queue.shift();
    if (server === undefined) break;
    const { outcome, message } = await askServer(question, server, context, manner);
    if (message && isUsable(outcome)) return { ok: true, message };
    if (outcome === 'timeout') queue.push(server);
    else timedOut = false;
  }
  return { ok: false, timedOut };
}

/** The server said something about the question. */
export function isUsable(outcome: Outcome): boolean {
  return outcome === 'answered' || outcome === 'no-data' || outcome === 'name-error';
}

/**
 * One server: UDP with EDNS, without EDNS for a server that does not know it, TCP for what was cut
 * off and for a server that does not keep the letters of a name, and if it does not speak TCP, UDP
 * with plain letters, as from then on.
 */
export async function askServer(
  question: Question,
  server: Server,
  context: Asking,
  manner: Manner,
): Promise<Attempted> {
  const { plainServers } = manner;
  let how: How = { transport: 'udp', edns: true, plain: plainServers.has(formatServer(server)) };
  const ask = async (before: Attempted, changed: Partial<How>): Promise<Attempted> => {
    how = { ...how, ...changed };
    return manner.spend() ? attempt(question, server, how, context, manner) : before;
  };
  let attempted = await ask({ outcome: 'error' }, {});
  if (isEdnsUnknown(attempted.message)) attempted = await ask(attempted, { edns: false });
  if (attempted.otherLetters) {
    attempted = await ask(attempted, { transport: 'tcp' });
    if (attempted.message !== undefined) return attempted;
    attempted = await ask(attempted, { transport: 'udp', plain: true });
    if (attempted.message !== undefined) plainServers.add(formatServer(server));
  }
  // RFC 2181 §9: what is in a truncated answer is not used.
  return attempted.message?.truncated ? ask(attempted, { transport: 'tcp' }) : attempted;
}

interface How {
  readonly transport: Transport;
  readonly edns: boolean;
  /** In small letters. */
  readonly plain: boolean;
}

/**
 * RFC 6891 §7: FORMERR (or NOTIMP) from servers older than EDNS; BADVERS for a version unknown to
 * them.
 */
function isEdnsUnknown(message: Message | undefined): boolean {
  return message !== undefined && ['FORMERR', 'NOTIMP', 'BADVERS'].includes(message.rcode);
}

async function attempt(
  question: Question,
  server: Server,
  { transport, edns, plain }: How,
  context: Asking,
  manner: Manner,
): Promise<Attempted> {
  const startAt = context.now();
  const { recursion } = manner;
  const name = plain ? canonicalName(question.name) : manner.spell(question.name);
  const queryId = randomInt(0x1_0000);
  const query = encodeQuery(question, queryId, edns, { recursion, name });
  const exchanged = await exchange(query, server, transport, context);
  const { local } = exchanged;
  // A stranger who cannot see the query cannot speak TCP either.
  const mustRepeat = transport === 'udp' && name !== question.name;
  const otherLetters =
    mustRepeat
    && exchanged.ok
    && exchanged.answer.kind === 'message'
    && !exchanged.answer.sameLetters;
  const stillCut = transport === 'tcp' && exchanged.ok
    && exchanged.answer.kind === 'message' && exchanged.answer.message.truncated;
  const step = {
    ...(otherLetters ? differs(exchanged.bytes.length)
      : stillCut ? cutOverTcp(exchanged.bytes.length) : describeAnswer(exchanged, question, manner)),
    startAt: exchanged.sentAt ?? startAt,
    at: exchanged.at,
    source: 'name-server' as const,
    question,
    server: formatServer(server),
    transport,
    querySize: query.bytes.length,
    ...(local && { ...local, queryId }),
    ...keptMessages(local && query.bytes, exchanged.ok ? exchanged.bytes : undefined),
    ...manner.facts,
  };
  context.onStep(step);
  if (otherLetters) return { outcome: step.outcome, otherLetters };
  if (stillCut) return { outcome: step.outcome };
  const message =
    exchanged.ok && exchanged.answer.kind === 'message' ? exchanged.answer.message : undefined;
  return { outcome: step.outcome, message };
}

/** draft-vixie-dnsext-dns0x20 §2: an answer in other letters may be a forgery, so nothing of it is used. */
function differs(answerSize: number): Pick<DnsStep, 'outcome' | 'answerSize' | 'message'> {
  const message = 'the name came back in other letters (0x20)';
  return { outcome: 'malformed', answerSize, message };
}

/** RFC 7766 §5: TCP is where an answer that is cut is asked for again; one that is cut there too is no answer. */
function cutOverTcp(answerSize: number): Pick<DnsStep, 'outcome' | 'answerSize' | 'message' | 'truncated'> {
  return { outcome: 'malformed', answerSize, truncated: true, message: 'cut off over TCP, too' };
}

function exchange(
  query: Query,
  server: Server,
  transport: Transport,
  context: Asking,
): Promise<Exchanged<Decoded>> {
  if (transport === 'tcp') {
    return exchangeTcp(server, query.bytes, (bytes) => decodeAnswer(bytes, query), context);
  }
  const read = (bytes: Buffer): Decoded | { ignored: string } => {
    const decoded = decodeAnswer(bytes, query);
    return decoded.kind === 'foreign' ? { ignored: decoded.reason } : decoded;
  };
  return exchangeUdp<Decoded>(server, query.bytes, read, context);
}

/** `192.0.2.1:53`, `[2001:db8::1]:53` (RFC 3986 §3.2.2). */
export function formatServer(server: Server): string {
  return isIPv6(server.address)
    ? `[${server.address}]:${server.port}`
    : `${server.address}:${server.port}`;
}

/** The part of a step that the answer determines. */
export function describeAnswer(
  exchanged: Exchanged<Decoded>,
  question: Question,
  manner: Pick<Manner, 'judge'>,
): Omit<DnsStep, 'at' | 'startAt' | 'source' | 'question'> {
  if (!exchanged.ok) return { outcome: exchanged.outcome, message: exchanged.message };
  const { answer, bytes: { length: answerSize } } = exchanged;
  if (answer.kind !== 'message') {
    return { outcome: 'malformed', answerSize, message: answer.reason };
  }
  const { rcode, truncated, authoritative, records, extendedErrors } = answer.message;
  const judged = manner.judge(answer.message, question);
  const { flags } = answer;
  return {
    ...judged, rcode, truncated, authoritative, flags, records, answerSize, ...(extendedErrors && { extendedErrors }),
  };
}

/** What an answer means for the question (RFC 1035 §4.1.1, RFC 2308 §2). */
export function judge(
  message: Message,
  question: Question,
): { outcome: Outcome; message?: string } {
  switch (message.rcode) {
    case 'NOERROR':
      return judgeRecords(message, question);
    case 'NXDOMAIN':
      return { outcome: 'name-error' };
    case 'SERVFAIL':
      return { outcome: 'server-failure' };
    case 'REFUSED':
      return { outcome: 'refused' };
    default:
      return { outcome: 'error', message: `the server answered ${message.rcode}` };
  }
}

function judgeRecords(
  message: Message,
  question: Question,
): { outcome: Outcome; message?: string } {
  const { records, truncated, authoritative } = message;
  const has = (section: string, type: string): boolean =>
    records.some((record) => record.section === section && record.type === type);
  if (truncated || has('answer', question.type)) return { outcome: 'answered' };
  // RFC 2308 §2.2: the SOA says that there is nothing more; without it a chain of aliases was left
  // open.
  if (has('answer', 'CNAME') && !has('authority', 'SOA')) return { outcome: 'answered' };
  if (isReferral(has) && !authoritative) {
    return { outcome: 'error', message: 'a referral to other name servers instead of an answer' };
  }
  return { outcome: 'no-data' };
}

/** RFC 2308 §2.2: NS without SOA and without an answer; such a server does not resolve for us. */
function isReferral(has: (section: string, type: string) => boolean): boolean {
  return has('authority', 'NS') && !has('authority', 'SOA') && !has('answer', 'CNAME');
}
