import { randomInt } from 'node:crypto';
import type { DnsConnection, DnsStep, IpAddress } from '../../trace/event.ts';
import type { TrustAnchor } from '../../trace/request.ts';
import type { ExchangeContext, Exchanged } from './exchange.ts';
import { decodeAnswer, encodeQuery } from './message.ts';
import type { Decoded, Question } from './message.ts';
import { describeAnswer, formatServer, isUsable, recursive } from './query.ts';
import type { Answered } from './query.ts';
import { openChannel } from './secureChannel.ts';
import type { Said, SecureChannel } from './secureChannel.ts';
import type { SecureServer } from './secureServer.ts';

// Questions of one lookup to a name server over TLS or HTTPS: one connection for all of them.

export interface SecureSession {
  readonly server: SecureServer;
  /** Asks once, for there is one server only. Told to `onStep`; resolves in every case. */
  ask(question: Question): Promise<Answered>;
  /** Closes the connection once nothing is asked any more. */
  release(): void;
}

export interface SecureOptions {
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly context: ExchangeContext;
  readonly onStep: (step: DnsStep) => void;
  /** The addresses of the server; empty when its name is not known. */
  readonly findAddresses: (host: string) => Promise<readonly IpAddress[]>;
}

/** Addresses of a server that are tried one after another. */
const addressLimit = 3;

/** A session that connects when the first question is asked. */
export function createSecureSession(server: SecureServer, options: SecureOptions): SecureSession {
  let opening: Promise<Opened> | undefined;
  let asking = 0;
  let released = false;
  const closeIfDone = (): void => {
    if (released && asking === 0) void opening?.then(({ channel }) => channel.close(), () => {});
  };
  return {
    server,
    async ask(question) {
      asking += 1;
      const isFirst = opening === undefined;
      opening ??= open(server, options);
      const answered = await askOver(question, opening, isFirst, server, options);
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

interface Opened {
  readonly channel: SecureChannel;
  readonly address: string;
}

async function open(server: SecureServer, options: SecureOptions): Promise<Opened> {
  const { context, trustAnchors } = options;
  const addresses = await options.findAddresses(server.host);
  let failure = new Error(`${server.host} has no address`);
  for (const { address } of addresses.slice(0, addressLimit)) {
    try {
      const channel = await limited(context, (signal) =>
        openChannel(server, { address, trustAnchors, signal, timeout: context.timeout, now: context.now }));
      context.hold.add(channel);
      return { channel, address };
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (context.signal.aborted) break;
  }
  throw failure;
}

async function askOver(
  question: Question, opening: Promise<Opened>, isFirst: boolean, server: SecureServer, options: SecureOptions,
): Promise<Answered> {
  const { context: { now }, onStep } = options;
  const startAt = now();
  const query = encodeQuery(question, randomInt(0x1_0000), true);
  let opened: Opened | undefined;
  let said: Said | undefined;
  let exchanged: Exchanged<Decoded>;
  try {
    const { channel } = opened = await opening;
    said = await limited(options.context, (signal) => channel.ask(query.bytes, signal));
    exchanged = { ok: true, at: now(), answer: decodeAnswer(said.bytes, query), size: said.bytes.length };
  } catch (error) {
    exchanged = failed(error, now());
  }
  const isAddress = opened !== undefined && server.transport === 'tls';
  const step = {
    ...describeAnswer(exchanged, question, recursive),
    startAt, at: exchanged.at, source: 'name-server' as const, question,
    server: isAddress ? formatServer({ address: opened!.address, port: server.port }) : server.text,
    transport: server.transport, querySize: query.bytes.length,
    ...(opened && { connection: connectionOf(opened, isFirst, said) }),
  };
  onStep(step);
  const { outcome } = step;
  const message = exchanged.ok && exchanged.answer.kind === 'message' ? exchanged.answer.message : undefined;
  return message && isUsable(outcome) ? { ok: true, message } : { ok: false, timedOut: outcome === 'timeout' };
}

/** Only the question for which it was opened waited for the connection. */
function connectionOf({ channel: { facts } }: Opened, isFirst: boolean, said: Said | undefined): DnsConnection {
  const { connectTime: _connectTime, tlsTime: _tlsTime, ...others } = facts;
  const status = said?.statusCode === undefined ? {} : { statusCode: said.statusCode };
  return isFirst ? { ...facts, ...status } : { ...others, ...status, reused: true };
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
