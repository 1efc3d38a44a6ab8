import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { Taker, Tap } from '../connection.ts';
import { kernelQueueOf } from './kernelQueue.ts';
import type { KernelQueue } from './kernelQueue.ts';
import { lendReads } from './lentReads.ts';
import { SocketFace } from './socketFace.ts';
import type { FaceOptions } from './socketFace.ts';
import type { StreamCapture } from './streamCapture.ts';
import { TlsCarrier } from './tlsCarrier.ts';
import { TransportTap } from './transportTap.ts';

type Callback = (error?: Error | null) => void;

export interface TapOptions extends FaceOptions {
  /** Under a TLS socket or a tap: the TCP socket that carries it. */
  readonly transport?: Socket;
  /** The tap between a TLS socket and TCP, if there is one. */
  readonly transportTap?: TransportTap | TlsCarrier;
  /** Keeps what passes. */
  readonly capture?: StreamCapture;
  readonly now?: () => number;
}

/**
 * A tap over `below`, a connected `net.Socket` or `TLSSocket`, which it owns from here on: ending or
 * destroying either does the same to the other. Reading from `below` starts with the first read from the
 * tap, so that nothing passes before its user has set `onRead`.
 */
export function createTap(below: Socket, options: TapOptions = {}): Tap {
  return new SocketTap(below, options);
}

/** A tap on a socket whose bytes are read and written as they are. See {@link createTap}. */
export class SocketTap extends SocketFace implements Tap {
  lastReadAt: number | undefined;
  lastWrittenAt: number | undefined;
  bytesRead = 0;
  bytesWritten = 0;
  wasCut = false;
  onRead: Tap['onRead'];
  onQueue: Tap['onQueue'];
  onWritten: Tap['onWritten'];
  onClose: Tap['onClose'];

  readonly #below: Socket;
  readonly #now: () => number;
  readonly #kernelQueue: KernelQueue | undefined;
  readonly #capture: StreamCapture | undefined;
  /** Of the TLS below. */
  readonly #carrier: TlsCarrier | undefined;
  #started = false;
  #paused = false;
  #error: Error | undefined;
  // One write is under way at a time, so these two fields serve instead of a closure for each.
  #callback: Callback | undefined;
  /** Bytes of the write under way: those the kernel has not taken yet, and those it has. */
  #pending = 0;
  #taken = 0;
  #taker: Taker | undefined;
  /** Bytes sent past the stream that the kernel has not taken yet. */
  #sending = 0;
  #gathering = false;
  /** A write of ours is being made, and when what it comes to, encrypted, went to the kernel. */
  #isGoingDown = false;
  #leftAt: number | undefined;

  constructor(below: Socket, options: TapOptions) {
    const transport = options.transport ?? below;
    super(below, transport, options.transportTap ? transport : below, options);
    this.#below = below;
    this.#now = options.now ?? monotonicNow;
    this.#capture = options.capture;
    this.#carrier = options.transportTap instanceof TlsCarrier ? options.transportTap : undefined;
    const isEncrypted = transport !== below && !(below as unknown instanceof TransportTap);
    this.#kernelQueue = kernelQueueOf(transport, isEncrypted, this.#carrier);
    if (options.transportTap) {
      options.transportTap.onWrite = (at) => {
        if (this.#isGoingDown) this.#leftAt = at;
        else this.#lookAtKernel(at);
      };
      // RFC 8446 §6.1: the goodbye of TLS comes before the end of TCP, and has then ended what TLS carries.
      options.transportTap.onEnd = () => {
        this.wasCut = options.encrypted === true && !below.readableEnded && below.readableLength === 0;
      };
    }
    // An idle connection may break while nobody listens: that is an event of the network, not a crash.
    this.on('error', ignore);
    this.on('close', () => this.#taker?.closed(this.#error));
    below.on('end', () => {
      if (this.#taker) this.#taker.ended();
      else this.push(null);
    });
    below.on('error', (error) => this.#fail(error));
    below.on('close', () => this.#closed());
  }

  /** Bytes handed to us: those the kernel has taken and those on their way to it. */
  get bytesQueued(): number {
    return this.bytesWritten + this.writableLength - this.#taken + this.#sending;
  }

  giveTo(taker: Taker | undefined): void {
    this.#taker = taker;
    if (taker) this._read();
  }

  send(chunk: Buffer): boolean {
    this.#kernelQueue?.begin();
    this.#sending += chunk.length;
    this.#carrier?.enter();
    const more = this.#goDown(chunk, this.#sent, !this.#gathering);
    if (!more) this.#below.once('drain', () => this.#taker?.drained());
    this.#carrier?.leave(more);
    return more;
  }

  /** What is told and kept of a write does not hold it up: the other end may be at work on it meanwhile. */
  #goDown(chunk: Buffer, callback: Callback | undefined, looksAtKernel: boolean): boolean {
    const at = this.#now();
    this.#isGoingDown = true;
    this.#leftAt = undefined;
    const more = this.#below.write(chunk, callback);
    this.#isGoingDown = false;
    this.#capture?.sent(chunk, at);
    this.onQueue?.(chunk, at);
    if (looksAtKernel) this.#lookAtKernel(this.#leftAt ?? at);
    return more;
  }

  gather(): void {
    this.#gathering = true;
    this.#below.cork();
  }

  flush(): void {
    this.#gathering = false;
    const at = this.#now();
    this.#carrier?.enter();
    this.#below.uncork();
    this.#lookAtKernel(at);
    this.#carrier?.leave(true);
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#below.pause();
    else this.#below.resume();
  }

  borrow(isOn: boolean): void {
    lendReads(this.#below, isOn && this.#taker ? this.#arrived : undefined);
  }

  override _read(): void {
    if (!this.#started) {
      this.#started = true;
      this.#below.on('data', this.#arrived);
      this.#below.resume();
    } else if (this.#paused) {
      this.#paused = false;
      this.#below.resume();
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    this.#callback = callback;
    this.#pending = chunk.length;
    this.#kernelQueue?.begin();
    this.#carrier?.enter();
    this.#goDown(chunk, this.#written, true);
    this.#carrier?.leave(true);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: Callback): void {
    this.#callback = callback;
    this.#pending = 0;
    this.#kernelQueue?.begin();
    const last = chunks.length - 1;
    this.#below.cork();
    for (const [index, { chunk }] of chunks.entries()) {
      this.#pending += chunk.length;
      this.#goDown(chunk, index === last ? this.#written : undefined, false);
    }
    const at = this.#now();
    this.#carrier?.enter();
    this.#below.uncork();
    this.#lookAtKernel(at);
    this.#carrier?.leave(true);
  }

  override _final(callback: Callback): void {
    if (this.#below.destroyed || this.#below.writableEnded) callback();
    else this.#below.end(() => callback());
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#error ??= error ?? undefined;
    this.#below.destroy();
    callback(error);
  }

  readonly #arrived = (chunk: Buffer): void => {
    const at = this.#now();
    this.lastReadAt = at;
    this.bytesRead += chunk.length;
    this.#capture?.received(chunk, at);
    const given = this.onRead?.(chunk, at) ?? chunk;
    if (given.length === 0) return;
    if (this.#taker) return this.#taker.arrived(given);
    if (this.push(given)) return;
    this.#paused = true;
    this.#below.pause();
  };

  /**
   * The callback of a write comes a turn of the event loop late, possibly after the answer. Most writes are
   * taken by the kernel while they are made, and that can be seen. Then they left when the call began: on
   * loopback the kernel may run the other end before it lets the call return.
   */
  #lookAtKernel(at: number): void {
    const size = this.#pending + this.#sending;
    if (size === 0 || !this.#kernelQueue?.hasTaken(size)) return;
    if (this.#pending > 0) this.#noteTaken(at);
    if (this.#sending > 0) this.#noteSent(this.#sending, at);
  }

  #noteTaken(at: number): void {
    this.lastWrittenAt = at;
    this.bytesWritten += this.#pending;
    this.#taken += this.#pending;
    this.#pending = 0;
    if (this.onWritten && this.writableLength === this.#taken) this.onWritten(at);
  }

  readonly #written = (error?: Error | null): void => {
    const callback = this.#callback;
    this.#callback = undefined;
    if (error) {
      this.#error ??= error;
      callback?.(error);
      return;
    }
    if (this.#pending > 0) this.#noteTaken(this.#now());
    this.#taken = 0;
    callback?.();
  };

  #noteSent(size: number, at: number): void {
    this.lastWrittenAt = at;
    this.bytesWritten += size;
    this.#sending -= size;
    if (this.#sending === 0) this.onWritten?.(at);
  }

  readonly #sent = (error?: Error | null): void => {
    if (error) this.#error ??= error;
    if (error || this.#sending === 0) return;
    const size = this.#sending - this.#below.writableLength;
    if (size > 0) this.#noteSent(size, this.#now());
  };

  #fail(error: Error): void {
    this.#error ??= error;
    this.destroy(error);
  }

  #closed(): void {
    this.onClose?.(this.#error, this.#now());
    // Closed without the peer's end: nothing more will come. After it, the rest can still be read.
    if (!this.readableEnded && !this.#below.readableEnded) this.destroy();
  }
}

function ignore(): void {}
