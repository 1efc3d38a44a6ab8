import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import type { Capture } from './capture.ts';
import { lendReads } from './lentReads.ts';
import type { StreamCapture } from './streamCapture.ts';
import { carrierOver } from './tlsCarrier.ts';
import type { TlsCarrier } from './tlsCarrier.ts';

/** Takes what passes, in pieces as they come. */
export interface Passing {
  sent(bytes: Uint8Array, at: number): void;
  received(bytes: Uint8Array, at: number): void;
}

/** Whether TLS of this runtime works over a tap; see `wire/tls/selfTest.ts`. */
let mayTap = true;

/** What a self-test found out, for the whole process. */
export function allowTransportTaps(allowed: boolean): void {
  mayTap = allowed;
}

/**
 * A tap over a connected TCP socket; undefined where its bytes are not kept, or TLS does not work over one. Where only
 * TLS is spoken over it, it is a carrier of TLS, if this runtime knows one.
 */
export function transportTapOver(
  below: Socket, capture: Capture | undefined, onlyTls: boolean,
): TransportTap | TlsCarrier | undefined {
  if (!capture || !mayTap) return undefined;
  return (onlyTls ? carrierOver(below, capture.transport) : undefined) ?? new TransportTap(below, capture.transport);
}

/** Whether encrypted bytes may be watched in this process. */
export function transportTapsAllowed(): boolean {
  return mayTap;
}

type Callback = (error?: Error | null) => void;

/**
 * A tap between a connection and the TLS above it, which sees what passes as it is, encrypted. It owns `below`, a
 * connected socket, from here on: ending or destroying either does the same to the other. What speaks above ends it:
 * TLS says goodbye after the peer has.
 */
export class TransportTap extends Duplex {
  /** Called after each write with when it began: the kernel may have taken it. */
  onWrite: ((at: number) => void) | undefined;

  /** Called when the peer has ended TCP, before what speaks above hears of it. */
  onEnd: (() => void) | undefined;

  /** Is given what passes too. */
  recording: Passing | undefined;

  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;

  readonly #below: Socket;
  readonly #capture: StreamCapture | undefined;
  readonly #now: () => number;
  #started = false;
  #paused = false;
  /** Of the write that waits until there is room below. */
  #callback: Callback | undefined;
  #carriesTls = false;
  /** What TLS writes together, and what it wants called for each. */
  #gathered: { readonly chunk: Buffer; readonly callback: Callback }[] | undefined;

  constructor(below: Socket, capture?: StreamCapture, now: () => number = monotonicNow) {
    super({ allowHalfOpen: true });
    this.#below = below;
    this.#capture = capture;
    this.#now = now;
    this.remoteAddress = below.remoteAddress;
    this.remotePort = below.remotePort;
    this.localAddress = below.localAddress;
    this.localPort = below.localPort;
    // Otherwise the socket refuses the goodbye that follows the peer's.
    below.allowHalfOpen = true;
    // Whoever is above listens while it needs to; a break after that is an event of the network, not a crash.
    this.on('error', () => {});
    below.on('end', () => {
      this.onEnd?.();
      this.push(null);
    });
    below.on('drain', () => this.#goOn());
    below.on('error', (error) => this.destroy(error));
    below.on('close', () => this.#closed());
  }

  /**
   * From here on TLS is spoken over it, by Node's `JSStreamSocket`: that copies what it reads at once, and writes one
   * gathering after another. So its reads need no memory of their own, and its writes go past `Writable`, whose
   * machinery costs more than they do.
   */
  carryTls(): void {
    this.#carriesTls = true;
    lendReads(this.#below, this.#lent);
  }

  override cork(): void {
    if (this.#carriesTls && this.writableLength === 0 && this.writable) this.#gathered = [];
    else super.cork();
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    if (!this.#gathered) return super.write(chunk, encoding as BufferEncoding, callback);
    this.#gathered.push({ chunk: chunk as Buffer, callback: encoding as Callback });
    return true;
  }

  override uncork(): void {
    const gathered = this.#gathered;
    if (!gathered) return super.uncork();
    this.#gathered = undefined;
    const [first] = gathered;
    if (gathered.length === 1) this._write(first!.chunk, 'buffer' as BufferEncoding, first!.callback);
    else if (first) this._writev(gathered, (error) => { for (const { callback } of gathered) callback(error); });
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
    const at = this.#now();
    this.#sent(chunk, at);
    const hasRoom = this.#below.write(chunk);
    this.onWrite?.(at);
    if (hasRoom) callback();
    else this.#callback = callback;
  }

  override _writev(chunks: { chunk: Buffer }[], callback: Callback): void {
    const at = this.#now();
    let hasRoom = true;
    this.#below.cork();
    for (const { chunk } of chunks) {
      this.#sent(chunk, at);
      hasRoom = this.#below.write(chunk);
    }
    this.#below.uncork();
    this.onWrite?.(at);
    if (hasRoom || !this.#below.writableNeedDrain) callback();
    else this.#callback = callback;
  }

  /**
   * Done at once where all is written: were Node's TLS made to write while it waits for the end (an alert, say), an
   * assertion of its own would break the process.
   */
  override _final(callback: Callback): void {
    const below = this.#below;
    const isOver = below.destroyed || below.writableEnded;
    if (!isOver && below.writableLength > 0) return void below.end(() => callback());
    if (!isOver) below.end();
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#below.destroy();
    callback(error);
  }

  readonly #arrived = (chunk: Buffer): void => {
    this.#see(chunk);
    if (this.#passes) this.emit('data', chunk);
    else this.#push(chunk);
  };

  /** The memory of `chunk` is used again with the next read. */
  readonly #lent = (chunk: Buffer): void => {
    this.#see(chunk);
    if (this.#passes) this.emit('data', chunk);
    else this.#push(Buffer.from(chunk));
  };

  #see(chunk: Buffer): void {
    const at = this.#now();
    this.#capture?.received(chunk, at);
    this.recording?.received(chunk, at);
  }

  /** What arrives need not go through the stream. */
  get #passes(): boolean {
    return this.#carriesTls && this.readableFlowing === true && this.readableLength === 0;
  }

  #push(chunk: Buffer): void {
    if (this.push(chunk)) return;
    this.#paused = true;
    this.#below.pause();
  }

  #sent(chunk: Buffer, at: number): void {
    this.#capture?.sent(chunk, at);
    this.recording?.sent(chunk, at);
  }

  #goOn(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }

  /** Closed without the peer's end: nothing more will come. After it, the rest can still be read. */
  #closed(): void {
    if (!this.readableEnded && !this.#below.readableEnded) this.destroy();
  }
}
