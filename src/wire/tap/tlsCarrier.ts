import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { getSystemErrorMap } from 'node:util';
import { monotonicNow } from '../clock.ts';
import { lendReads } from './lentReads.ts';
import type { StreamCapture } from './streamCapture.ts';
import type { Passing } from './transportTap.ts';

/** What TLS asks of what carries it, and what it is told. Not part of Node's public interface: looked for with care. */
interface CarrierHandle {
  isClosing(): boolean;
  onreadstart(): number;
  onreadstop(): number;
  onwrite(request: object, chunks: readonly Buffer[]): number;
  onshutdown(request: object): number;
  close(closed: () => void): void;
  readBuffer(bytes: Uint8Array): void;
  emitEOF(): void;
  finishWrite(request: object, status: number): void;
  finishShutdown(request: object, status: number): void;
}

/** What Node puts under TLS that is spoken over a stream; undefined where there is none of the kind. */
let HandleOfNode: (new () => CarrierHandle) | undefined;
let isLookedFor = false;
/** Electron has BoringSSL in OpenSSL's place: there only a test of it allows it. */
let mayCarry = (process.features as { openssl_is_boringssl?: boolean }).openssl_is_boringssl !== true;

/** What a self-test found out, for the whole process. */
export function allowCarriers(allowed: boolean): void {
  mayCarry = allowed;
}

/** Looks, once, for what a carrier is made of: takes a millisecond. */
export function prepareCarriers(): void {
  if (isLookedFor) return;
  isLookedFor = true;
  try {
    const stream = new Duplex({ read: () => {}, write: (_chunk, _encoding, callback) => callback() });
    const probe = new TLSSocket(stream as Socket, { secureContext: createSecureContext({ ca: [] }) });
    const { _handle: handle } = probe as unknown as { _handle?: { _parent?: CarrierHandle } };
    HandleOfNode = handleClass(handle?._parent);
    probe.on('error', () => {}).destroy();
  } catch {
    // TLS over a stream is then left to Node.
  }
}

function handleClass(handle: CarrierHandle | undefined): typeof HandleOfNode {
  const methods = ['readBuffer', 'emitEOF', 'finishWrite', 'finishShutdown'] as const;
  if (!handle || methods.some((name) => typeof handle[name] !== 'function')) return undefined;
  return handle.constructor as new () => CarrierHandle;
}

/** A carrier over a connected TCP socket; undefined where this runtime knows none. See {@link prepareCarriers}. */
export function carrierOver(below: Socket, capture: StreamCapture | undefined): TlsCarrier | undefined {
  return HandleOfNode && mayCarry ? new TlsCarrier(below, new HandleOfNode(), capture) : undefined;
}

/** RFC 9293 has no such words: the system's, of requests that a closed socket does not carry out any more. */
const statuses = { cancelled: statusOf('ECANCELED'), broken: statusOf('EPIPE') };

function statusOf(name: string): number {
  for (const [status, [code]] of getSystemErrorMap()) if (code === name) return status;
  return -1;
}

/**
 * What TLS is spoken over in place of the TCP socket `below`, so that what passes is seen as it is, encrypted. To Node
 * it is a socket with a handle of its own: nothing lies between TLS and TCP but this, where any other stream would pass
 * through two of Node's and wait a turn of the event loop for each write. It owns `below` from here on: ending or
 * destroying either does the same to the other.
 */
export class TlsCarrier extends Socket {
  /** Called after each write with when it began: the kernel may have taken it. */
  onWrite: ((at: number) => void) | undefined;

  /** Called when the peer has ended TCP, before TLS hears of it. */
  onEnd: (() => void) | undefined;

  /** Is given what passes too. */
  recording: Passing | undefined;

  /** How much has been written, in bytes. */
  carried = 0;

  readonly #below: Socket;
  readonly #carrierHandle: CarrierHandle;
  readonly #capture: StreamCapture | undefined;
  #isStarted = false;
  #isClosed = false;
  /** The write under way; TLS has one at a time. */
  #writing: object | undefined;
  /** It is done, and TLS is still to hear of it. */
  #isWritten = false;
  #writeStatus = 0;
  #shuttingDown: object | undefined;
  /** Calls of ours under way, at whose end TLS hears of its write. */
  #depth = 0;

  constructor(below: Socket, handle: CarrierHandle, capture: StreamCapture | undefined) {
    super({ handle, manualStart: true } as object);
    this.#below = below;
    this.#carrierHandle = handle;
    this.#capture = capture;
    handle.isClosing = () => this.#isClosed || below.destroyed;
    handle.onreadstart = this.#start;
    handle.onreadstop = this.#stop;
    handle.onwrite = this.#carry;
    handle.onshutdown = this.#shutDown;
    handle.close = this.#close;
    // Otherwise the socket refuses the goodbye that follows the peer's.
    below.allowHalfOpen = true;
    // TLS listens while there is some; a break after that is an event of the network, not a crash.
    this.on('error', ignore);
    below.on('end', () => this.#ended());
    below.on('drain', this.#written);
    below.on('error', (error) => this.destroy(error));
    // Without the peer's end nothing more will come. After it, the rest can still be read.
    below.on('close', () => { if (!below.readableEnded) this.destroy(); });
    lendReads(below, this.#arrived);
  }

  /** Until it is let {@link go}, TLS over it does not begin: it begins when a socket is connected. */
  wait(): void {
    (this as { connecting: boolean }).connecting = true;
  }

  go(): void {
    (this as { connecting: boolean }).connecting = false;
    this.emit('connect');
  }

  /**
   * What TLS is told to write between the two is done with at once when the kernel has taken it: not only in the next
   * turn of the event loop.
   */
  enter(): void {
    this.#depth += 1;
  }

  /** `atOnce`: the writer may hear within its own call that all is written. */
  leave(atOnce: boolean): void {
    this.#depth -= 1;
    if (!this.#isWritten || this.#depth > 0) return;
    if (atOnce) return this.#settle();
    this.#isWritten = false;
    setImmediate(this.#written);
  }

  // --- called by TLS -------------------------------------------------------------------------------

  readonly #start = (): number => {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#below.on('data', this.#arrived);
    }
    this.#below.resume();
    return 0;
  };

  readonly #stop = (): number => {
    this.#below.pause();
    return 0;
  };

  readonly #carry = (request: object, chunks: readonly Buffer[]): number => {
    this.#writing = request;
    if (this.#isClosed) return 0;
    const at = monotonicNow();
    for (const chunk of chunks) {
      this.carried += chunk.length;
      this.#capture?.sent(chunk, at);
      this.recording?.sent(chunk, at);
    }
    const below = this.#below;
    const isSound = below.writable;
    this.#writeStatus = isSound ? 0 : statuses.broken;
    if (isSound) this.#writeBelow(chunks);
    this.onWrite?.(at);
    if (isSound && below.writableNeedDrain) return 0;
    // Whether the kernel has taken it all; else that is as good as sure, but not at once.
    const isTaken = isSound && below.writableLength === 0;
    if (isTaken && this.#depth > 0) this.#isWritten = true;
    else setImmediate(this.#written);
    return 0;
  };

  #writeBelow(chunks: readonly Buffer[]): void {
    const below = this.#below;
    if (chunks.length === 1) return void below.write(chunks[0]!);
    below.cork();
    for (const chunk of chunks) below.write(chunk);
    below.uncork();
  }

  readonly #shutDown = (request: object): number => {
    this.#shuttingDown = request;
    if (!this.#writing) process.nextTick(this.#endBelow);
    return 0;
  };

  readonly #close = (closed: () => void): void => {
    this.#isClosed = true;
    this.#below.destroy();
    setImmediate(() => {
      this.#finishWrite(statuses.cancelled);
      this.#finishShutdown(statuses.cancelled);
      closed();
    });
  };

  // --- what TLS is told ----------------------------------------------------------------------------

  /** The memory of `chunk` may be used again with the next read: TLS copies it. */
  readonly #arrived = (chunk: Buffer): void => {
    if (this.#isClosed) return;
    const at = monotonicNow();
    this.#capture?.received(chunk, at);
    this.recording?.received(chunk, at);
    this.#depth += 1;
    try {
      this.#carrierHandle.readBuffer(chunk);
    } finally {
      this.leave(true);
    }
  };

  #ended(): void {
    this.onEnd?.();
    if (!this.#isClosed) this.#carrierHandle.emitEOF();
  }

  readonly #written = (): void => {
    this.#isWritten = this.#writing !== undefined;
    this.#settle();
  };

  /** What TLS does when it hears that it may write on may be another write. */
  #settle(): void {
    this.#depth += 1;
    while (this.#isWritten) this.#finishWrite(this.#writeStatus);
    this.#depth -= 1;
  }

  #finishWrite(status: number): void {
    const request = this.#writing;
    if (!request) return;
    this.#writing = undefined;
    this.#isWritten = false;
    this.#carrierHandle.finishWrite(request, status);
    if (this.#shuttingDown && !this.#writing) process.nextTick(this.#endBelow);
  }

  readonly #endBelow = (): void => {
    const below = this.#below;
    if (below.destroyed || below.writableEnded) this.#finishShutdown(0);
    else below.end(() => this.#finishShutdown(0));
  };

  #finishShutdown(status: number): void {
    const request = this.#shuttingDown;
    this.#shuttingDown = undefined;
    if (request) this.#carrierHandle.finishShutdown(request, status);
  }
}

function ignore(): void {}
