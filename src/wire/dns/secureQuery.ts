import { randomInt } from 'node:crypto';
import type { DnsConnection, DnsPurpose, DnsStep, IpAddress, UnreachedServer } from '../../trace/dnsStep.ts';
import type { FieldLine, TrustAnchor } from '../../trace/request.ts';
import type { ExchangeContext, Exchanged } from './exchange.ts';
import { keptMessages } from './keptMessages.ts';
import { decodeAnswer, encodeQuery } from './message.ts';
import type { Decoded, Message, Question } from './message.ts';
import { openChannel, Refused } from './openChannel.ts';
import { describeAnswer, formatServer, isUsable, judge } from './query.ts';
import type { Answered } from './query.ts';
import { TooLong, WrongAnswer } from './secureChannel.ts';
import type { Said, SecureChannel } from './secureChannel.ts';
import type { SecureServer } from './secureServer.ts';

// Questions of one lookup to name servers over TLS or HTTPS: one connection to each for all of them.

export interface SecureSession {
  /** The servers as they were written: what is cached is theirs. */
  readonly text: string;
  /** Asks the servers in their order until one answers. Told to `onStep`; resolves in every case. */
  ask(question: Question, purpose?: DnsPurpose): Promise<Answered>;
  /** Closes the connections once nothing is asked any more. */
  release(): void;
}

export interface SecureOptions {
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly systemRoots?: boolean | undefined;
  readonly context: ExchangeContext;
  readonly onStep: (step: DnsStep) => void;
  /** The addresses of the server; empty when its name is not known. */
  readonly findAddresses: (host: string) => Promise<readonly IpAddress[]>;
}

/** Addresses of a server that are tried one after another. */
const addressLimit = 3;

/** A session that connects when the first question is asked. */
export function createSecureSession(servers: readonly SecureServer[], options: SecureOptions): SecureSession {
  const lines = servers.map((server) => new Line(server, options));
  let asking = 0;
  let released = false;
  const closeIfDone = (): void => {
    if (released && asking === 0) for (const line of lines) line.close();
  };
  return {
    text: servers.map(({ text }) => text).join(' '),
    async ask(question, purpose) {
      asking += 1;
      const answered = await askInTurn(question, purpose, lines, options);
      asking -= 1;
      closeIfDone();
      return answered;
    },
    release() {
      released = true;
      closeIfDone();
    },
  };
}

async function askInTurn(
  question: Question, purpose: DnsPurpose | undefined, lines: readonly Line[], options: SecureOptions,
): Promise<Answered> {
  let timedOut = true;
  for (const line of lines) {
    // To one that could not be reached for another question of this lookup nobody goes again.
    if (line.isOut && line !== lines.at(-1)) continue;
    const attempted = await line.ask(question, purpose);
    const { outcome, message, age } = attempted;
    if (message && isUsable(outcome)) return { ok: true, message, ...(age !== undefined && { age }) };
    timedOut &&= outcome === 'timeout';
    if (options.context.signal.aborted) break;
  }
  return { ok: false, timedOut };
}

interface Opened {
  readonly channel: SecureChannel;
  readonly address: string;
  /** Those tried before it. */
  readonly unreached: readonly UnreachedServer[];
}

/** None of the addresses could be connected to; `cause` is what was wrong with the last. */
class NotOpened extends Error {
  readonly unreached: readonly UnreachedServer[];

  constructor(unreached: readonly UnreachedServer[], cause: Error) {
    super(cause.message, { cause });
    this.unreached = unreached;
  }
}

interface LineAttempt {
  readonly outcome: DnsStep['outcome'];
  readonly message?: Message;
  readonly age?: number;
  /** The connection had ended before this question was answered. */
  readonly ended: boolean;
}

/** One server and the connection to it, opened again once for a question when it has ended. */
class Line {
  readonly #server: SecureServer;
  readonly #options: SecureOptions;
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  /** It could not be connected to. */
  isOut = false;

  constructor(server: SecureServer, options: SecureOptions) {
    this.#server = server;
    this.#options = options;
  }

  async ask(question: Question, purpose: DnsPurpose | undefined): Promise<LineAttempt> {
    const first = await this.#askOnce(question, purpose, false);
    if (!first.ended || this.#options.context.signal.aborted) return first;
    // RFC 7766 §6.2.4: an answer lost with its connection is asked for again on a new one.
    return this.#askOnce(question, purpose, true);
  }

  close(): void {
    void this.#opening?.then(({ channel }) => channel.close(), () => {});
  }

  async #askOnce(question: Question, purpose: DnsPurpose | undefined, again: boolean): Promise<LineAttempt> {
    // Another question may have opened it again already.
    if (this.#opened?.channel.isEnded()) this.#opening = this.#opened = undefined;
    const isFirst = this.#opening === undefined;
    const opening = this.#opening ??= this.#open();
    const how: How = { opening, isFirst, again };
    const { step, message, opened, isLost } = await askOver(question, purpose, how, this.#server, this.#options);
    this.#options.onStep(step);
    const ended = isLost && (opened?.channel.isEnded() ?? false);
    const age = step.connection?.age;
    return { outcome: step.outcome, ...(message && { message }), ...(age !== undefined && { age }), ended };
  }

  async #open(): Promise<Opened> {
    try {
      return this.#opened = await open(this.#server, this.#options);
    } catch (error) {
      this.isOut = true;
      throw error;
    }
  }
}

async function open(server: SecureServer, options: SecureOptions): Promise<Opened> {
  const { context, trustAnchors, systemRoots } = options;
  const addresses = await options.findAddresses(server.host);
  let failure = new Error(`${server.host} has no address`);
  const unreached: UnreachedServer[] = [];
  for (const { address } of addresses.slice(0, addressLimit)) {
    const startAt = context.now();
    try {
      const channel = await limited(context, (signal) =>
        openChannel(server, {
          address, trustAnchors, systemRoots, signal, timeout: context.timeout, now: context.now,
        }));
      context.hold.add(channel);
      return { channel, address, unreached };
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      const at = formatServer({ address, port: server.port });
      unreached.push({ server: at, message: failure.message, time: context.now() - startAt });
    }
    if (context.signal.aborted) break;
  }
  throw new NotOpened(unreached, failure);
}

interface How {
  readonly opening: Promise<Opened>;
  readonly isFirst: boolean;
  readonly again: boolean;
}

async function askOver(
  question: Question, purpose: DnsPurpose | undefined, { opening, isFirst, again }: How, server: SecureServer,
  options: SecureOptions,
): Promise<{ step: DnsStep; message?: Message; opened?: Opened; isLost: boolean }> {
  const { context: { now } } = options;
  const startAt = now();
  const query = encodeQuery(question, randomInt(0x1_0000), true);
  let opened: Opened | undefined;
  let said: Said | undefined;
  let exchanged: Exchanged<Decoded>;
  let connection: DnsConnection | undefined;
  let isLost = false;
  let unreached: readonly UnreachedServer[] = [];
  try {
    opened = await opening;
    const { channel } = opened;
    ({ unreached } = opened);
    said = await limited(options.context, (signal) => channel.ask(query.bytes, signal));
    exchanged = { ok: true, at: now(), answer: decodeAnswer(said.bytes, query), bytes: said.bytes };
  } catch (caught) {
    if (caught instanceof NotOpened) ({ unreached } = caught);
    const error = caught instanceof NotOpened ? caught.cause : caught;
    exchanged = failed(error, now());
    isLost = !(error instanceof TimedOut || error instanceof TooLong || error instanceof WrongAnswer);
    // What was seen of the server and its certificate, for the one who opened it.
    if (isFirst && error instanceof Refused) connection = error.connection;
    if (error instanceof WrongAnswer) said = error.said;
  }
  if (opened) connection = connectionOf(opened, isFirst, said);
  const isAddress = opened !== undefined && server.transport === 'tls';
  const step: DnsStep = {
    ...(said && { answerSize: said.bytes.length }), ...describeAnswer(exchanged, question, { judge }),
    startAt, at: exchanged.at, source: 'name-server', question, ...(purpose && { purpose }),
    server: isAddress ? formatServer({ address: opened!.address, port: server.port }) : server.text,
    transport: server.transport, querySize: query.bytes.length,
    ...keptMessages(opened && query.bytes, said?.bytes),
    ...(isFirst && unreached.length > 0 && { unreached }),
    ...(connection && { connection: again ? { ...connection, reopened: true } : connection }),
  };
  const message = exchanged.ok && exchanged.answer.kind === 'message' ? exchanged.answer.message : undefined;
  return { step, isLost, ...(message && { message }), ...(opened && { opened }) };
}

/** Only the question for which it was opened waited for the connection, and tells of its certificate. */
function connectionOf({ channel: { facts } }: Opened, isFirst: boolean, said: Said | undefined): DnsConnection {
  const { connectTime: _connectTime, tlsTime: _tlsTime, tls: _tls, ...others } = facts;
  return { ...(isFirst ? facts : { ...others, reused: true }), ...(said && httpOf(said)) };
}

function httpOf({ statusCode, requestHeaders, responseHeaders }: Said): Partial<DnsConnection> {
  const age = ageOf(responseHeaders);
  return {
    ...(age !== undefined && { age }), ...(statusCode === undefined ? {} : { statusCode }),
    ...(requestHeaders && { requestHeaders }), ...(responseHeaders && { responseHeaders }),
  };
}

/** RFC 9111 §5.1: whole seconds; where there are several values the first counts, and what is no number does not. */
function ageOf(fields: readonly FieldLine[] = []): number | undefined {
  const [, value = ''] = fields.find(([name]) => name.toLowerCase() === 'age') ?? [];
  const [, digits] = /^\s*(\d{1,15})\s*(,|$)/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function failed(error: unknown, at: number): Extract<Exchanged<Decoded>, { ok: false }> {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, at, outcome: error instanceof TimedOut ? 'timeout' : 'error', message };
}

class TimedOut extends Error {}

/** Runs something that ends when its signal does, for at most the context's time. */
async function limited<T>(context: ExchangeContext, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let isLate = false;
  const timer = context.schedule(() => {
    isLate = true;
    abort();
  }, context.timeout);
  context.hold.add(timer);
  context.signal.addEventListener('abort', abort, { once: true });
  if (context.signal.aborted) abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    throw isLate ? new TimedOut(`no answer in ${context.timeout} ms`) : error;
  } finally {
    timer.cancel();
    context.hold.remove(timer);
    context.signal.removeEventListener('abort', abort);
  }
}
