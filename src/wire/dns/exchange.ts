import { createSocket } from 'node:dgram';
import type { SocketOptions } from 'node:dgram';
import { connect, isIP, isIPv6 } from 'node:net';
import type { DnsStep } from '../../trace/dnsStep.ts';
import type { Holder, Hold, Schedule } from './schedule.ts';

// Bytes to one name server and the bytes that come back, by UDP and by TCP.

/** A name server: `address` is an IP address. */
export interface Server {
  readonly address: string;
  readonly port: number;
}

export interface ExchangeContext {
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly schedule: Schedule;
  readonly now: () => number;
  readonly hold: Hold;
}

/**
 * `at` is when the answer or the error was there, `sentAt` when the query left over UDP, on the monotonic axis, ms;
 * `local` where it left from, if it did.
 */
export type Exchanged<Answer> = { readonly sentAt?: number; readonly local?: LocalEnd; readonly at: number } & (
  | { readonly ok: true; readonly answer: Answer; readonly bytes: Buffer }
  | {
      readonly ok: false;
      readonly outcome: 'timeout' | 'malformed' | 'error';
      readonly code?: string;
      readonly message: string;
    }
);

/** The end of a socket that is here. */
type LocalEnd = Required<Pick<DnsStep, 'localAddress' | 'localPort'>>;

type Failed = { outcome: 'timeout' | 'malformed' | 'error'; code?: string; message: string };
type End<Answer> = (result: { answer: Answer; bytes: Buffer } | Failed, at?: number) => void;
interface Opened extends Holder {
  close(): void;
}
interface Ignored {
  count: number;
  readonly reasons: Set<string>;
}

/** RFC 5452 §9.1: a datagram that is not an answer to the query is not the end of the wait. */
type ReadDatagram<Answer> = (bytes: Buffer) => Answer | { readonly ignored: string };

/**
 * Sends a query over UDP from a socket of its own, so from a port the kernel picks at random (RFC
 * 5452 §9.2), connected, so that answers from other addresses are dropped by the kernel and
 * refusals are seen. `read` judges each datagram. Resolves in every case, at once when the signal
 * aborts.
 */
export function exchangeUdp<Answer extends object>(
  server: Server,
  query: Uint8Array,
  read: ReadDatagram<Answer>,
  context: ExchangeContext,
): Promise<Exchanged<Answer>> {
  const ignored: Ignored = { count: 0, reasons: new Set() };
  let sent: { readonly sentAt: number; readonly local: LocalEnd } | undefined;
  return bounded<Answer>(server, context, ignored, (end) => {
    const socket = createSocket({ type: isIPv6(server.address) ? 'udp6' : 'udp4', lookup: noLookup });
    socket.on('error', (error) => end(platformFailure(error)));
    socket.on('connect', () => {
      const { address: localAddress, port: localPort } = socket.address();
      sent = { sentAt: context.now(), local: { localAddress, localPort } };
      socket.send(query, (error) => {
        if (error) end(platformFailure(error));
      });
    });
    socket.on('message', (bytes) => {
      const at = context.now();
      // Read after the other sockets of this turn have told when their answers came.
      setImmediate(() => {
        const answer = read(bytes);
        if (!('ignored' in answer)) return end({ answer, bytes }, at);
        ignored.count += 1;
        ignored.reasons.add(answer.ignored);
      });
    });
    socket.connect(server.port, server.address);
    return { close: () => socket.close(), unref: () => void socket.unref() };
  }).then((exchanged) => ({ ...exchanged, ...sent }));
}

/** What a socket goes to is an address already: to have Node look it up would take turns of the event loop. */
const noLookup: NonNullable<SocketOptions['lookup']> = (address, _options, callback) => {
  callback(null, address, isIPv6(address) ? 6 : 4);
};

/**
 * Sends a query over TCP with its length before it (RFC 1035 §4.2.2, RFC 7766 §8) and waits for one
 * whole message, however it is split. Resolves in every case, at once when the signal aborts.
 */
export function exchangeTcp<Answer>(
  server: Server,
  query: Uint8Array,
  read: (bytes: Buffer) => Answer,
  context: ExchangeContext,
): Promise<Exchanged<Answer>> {
  let local: LocalEnd | undefined;
  return bounded<Answer>(server, context, undefined, (end) => {
    const socket = connect({ host: server.address, port: server.port });
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', (error) => end(platformFailure(error)));
    // RFC 7766 §8: the length and the message in one write, so that they leave in one segment.
    socket.on('connect', () => {
      const { localAddress, localPort } = socket;
      if (localAddress !== undefined && localPort !== undefined) local = { localAddress, localPort };
      socket.write(lengthPrefixed(query));
    });
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const message = wholeMessage(received);
      if (message) end({ answer: read(message), bytes: message });
    });
    socket.on('close', () =>
      end({
        outcome: 'error',
        message: `closed after ${received.length} bytes, before a whole answer`,
      }),
    );
    return { close: () => void socket.destroy(), unref: () => void socket.unref() };
  }).then((exchanged) => local === undefined ? exchanged : { ...exchanged, local });
}

/** Gives a message with the two octets of its length before it. */
export function lengthPrefixed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(message.length + 2);
  bytes.writeUInt16BE(message.length, 0);
  bytes.set(message, 2);
  return bytes;
}

/** The first message of a stream without its length, once all of it is there (RFC 1035 §4.2.2). */
export function wholeMessage(received: Buffer): Buffer | undefined {
  if (received.length < 2) return undefined;
  const end = received.readUInt16BE(0) + 2;
  return received.length < end ? undefined : received.subarray(2, end);
}

/**
 * Runs one exchange until it ends, time is up or the signal aborts, and closes its socket in every
 * case.
 */
function bounded<Answer>(
  server: Server,
  context: ExchangeContext,
  ignored: Ignored | undefined,
  open: (end: End<Answer>) => Opened,
): Promise<Exchanged<Answer>> {
  const { signal, hold, now } = context;
  return new Promise((resolve) => {
    let opened: Opened | undefined;
    let ended = false;
    const end: End<Answer> = (result, at = now()) => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', abort);
      hold.remove(timer);
      timer.cancel();
      close();
      resolve('outcome' in result ? { ok: false, at, ...result } : { ok: true, at, ...result });
    };
    const close = (): void => {
      if (opened === undefined) return;
      hold.remove(opened);
      opened.close();
    };
    const abort = (): void => end({ outcome: 'error', code: 'ABORT_ERR', message: 'cancelled' });
    const timer = context.schedule(() => end(timedOut(context.timeout, ignored)), context.timeout);
    hold.add(timer);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    try {
      checkServer(server);
      opened = open(end);
      hold.add(opened);
    } catch (error) {
      end(platformFailure(error));
    }
  });
}

/** Anything but an address would make the platform look up a name in its own way. */
function checkServer({ address, port }: Server): void {
  if (isIP(address) === 0) throw new RangeError(`not an IP address: ${address}`);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new RangeError(`not a port: ${port}`);
  }
}

function timedOut(timeout: number, ignored: Ignored | undefined): Failed {
  const also =
    ignored === undefined || ignored.count === 0
      ? ''
      : `; ignored ${ignored.count}: ${[...ignored.reasons].join(', ')}`;
  return { outcome: 'timeout', message: `no answer in ${timeout} ms${also}` };
}

function platformFailure(error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { outcome: 'error', code, message };
}
