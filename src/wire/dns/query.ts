import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { DnsStep } from '../../trace/event.ts';
import { exchangeTcp, exchangeUdp } from './exchange.ts';
import type { ExchangeContext, Exchanged, Server } from './exchange.ts';
import { decodeAnswer, encodeQuery } from './message.ts';
import type { AddressQuestion, Decoded, Message, Query } from './message.ts';

// One question asked of name servers until one of them has an answer.

export interface QueryContext extends ExchangeContext {
  /** How often a question is asked in all, over all servers. */
  readonly tries: number;
  readonly onStep: (step: DnsStep) => void;
}

/** `timedOut`: every try ended without a word from the server. */
export type Answered =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly timedOut: boolean };

type Transport = 'udp' | 'tcp';
type Outcome = DnsStep['outcome'];
/** What one exchange with one server came to; `message` when it said something readable. */
interface Attempted {
  readonly outcome: Outcome;
  readonly message?: Message;
}

/**
 * Asks the servers in turn. One that did not answer in time is asked again after the others; one
 * that failed, refused or made no sense is not. Every exchange is told to `onStep`. Resolves in
 * every case.
 */
export async function askServers(
  question: AddressQuestion,
  servers: readonly Server[],
  context: QueryContext,
): Promise<Answered> {
  const queue = [...servers];
  let timedOut = queue.length > 0;
  for (let left = context.tries; left > 0 && !context.signal.aborted; left -= 1) {
    const server = queue.shift();
    if (server === undefined) break;
    const { outcome, message } = await askServer(question, server, context);
    if (message && isUsable(outcome)) return { ok: true, message };
    if (outcome === 'timeout') queue.push(server);
    else timedOut = false;
  }
  return { ok: false, timedOut };
}

function isUsable(outcome: Outcome): boolean {
  return outcome === 'answered' || outcome === 'no-data' || outcome === 'name-error';
}

/**
 * One server: UDP with EDNS, without EDNS for a server that does not know it, TCP for what was cut
 * off.
 */
async function askServer(
  question: AddressQuestion,
  server: Server,
  context: QueryContext,
): Promise<Attempted> {
  let edns = true;
  let attempted = await attempt(question, server, 'udp', edns, context);
  if (isEdnsUnknown(attempted.message)) {
    edns = false;
    attempted = await attempt(question, server, 'udp', edns, context);
  }
  // RFC 2181 §9: what is in a truncated answer is not used.
  if (attempted.message?.truncated) return attempt(question, server, 'tcp', edns, context);
  return attempted;
}

/**
 * RFC 6891 §7: FORMERR (or NOTIMP) from servers older than EDNS; BADVERS for a version unknown to
 * them.
 */
function isEdnsUnknown(message: Message | undefined): boolean {
  return message !== undefined && ['FORMERR', 'NOTIMP', 'BADVERS'].includes(message.rcode);
}

async function attempt(
  question: AddressQuestion,
  server: Server,
  transport: Transport,
  edns: boolean,
  context: QueryContext,
): Promise<Attempted> {
  const startAt = context.now();
  const query = encodeQuery(question, randomInt(0x1_0000), edns);
  const exchanged = await exchange(query, server, transport, context);
  const step = {
    ...describe(exchanged, question),
    startAt,
    at: exchanged.at,
    source: 'name-server' as const,
    question,
    server: formatServer(server),
    transport,
    querySize: query.bytes.length,
  };
  context.onStep(step);
  const message =
    exchanged.ok && exchanged.answer.kind === 'message' ? exchanged.answer.message : undefined;
  return { outcome: step.outcome, message };
}

function exchange(
  query: Query,
  server: Server,
  transport: Transport,
  context: QueryContext,
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
function describe(
  exchanged: Exchanged<Decoded>,
  question: AddressQuestion,
): Pick<
  DnsStep,
  'outcome' | 'rcode' | 'truncated' | 'authoritative' | 'records' | 'answerSize' | 'message'
> {
  if (!exchanged.ok) return { outcome: exchanged.outcome, message: exchanged.message };
  const { answer, size } = exchanged;
  if (answer.kind !== 'message') {
    return { outcome: 'malformed', answerSize: size, message: answer.reason };
  }
  const { rcode, truncated, authoritative, records } = answer.message;
  const judged = judge(answer.message, question);
  return { ...judged, rcode, truncated, authoritative, records, answerSize: size };
}

/** What an answer means for the question (RFC 1035 §4.1.1, RFC 2308 §2). */
export function judge(
  message: Message,
  question: AddressQuestion,
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
  question: AddressQuestion,
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
