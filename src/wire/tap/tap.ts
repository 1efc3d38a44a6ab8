import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import type { Tap } from '../connection.ts';
import { kernelQueueOf } from './kernelQueue.ts';
import type { KernelQueue } from './kernelQueue.ts';
import type { StreamCapture } from './capture.ts';
import { TransportTap } from './transportTap.ts';

type Callback = (error?: Error | null) => void;

export interface TapOptions {
  /** What ALPN chose, or `'h2'` by prior knowledge; HTTP clients look at it to choose a version. */
  readonly alpnProtocol?: string;
  /** The socket below is a TLS socket, and the name sent by SNI. */
  readonly encrypted?: boolean;
  readonly serverName?: string;
  /** Under a TLS socket or a tap: the TCP socket that carries it. */
  readonly transport?: Socket;
  /** The tap between a TLS socket and TCP, if there is one. */
  readonly transportTap?: TransportTap;
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

/** Besides {@link Tap}, the part of `net.Socket` that undici, `node:http` and `node:http2` touch. */
export class SocketTap extends Duplex implements Tap {
  lastReadAt: number | undefined;
  lastWrittenAt: number | undefined;
  bytesRead = 0;
  bytesWritten = 0;
  onRead: Tap['onRead'];
  onQueue: Tap['onQueue'];
  onWritten: Tap['onWritten'];
  onClose: Tap['onClose'];

  readonly alpnProtocol: string | false;
  readonly encrypted: boolean;
  readonly servername: string | undefined;
  readonly connecting = false;
  // Copied while the socket is sound: a TLS socket must not be asked anything once it is closing.
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly remoteFamily: string | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  timeout = 0;

  readonly #below: Socket;
  /** What knows of TCP: over a tap a TLS socket does not. */
  readonly #control: Socket;
  readonly #now: () => number;
  readonly #kernelQueue: KernelQueue | undefined;
  readonly #capture: StreamCapture | undefined;
  #started = false;
  #paused = false;
  #error: Error | undefined;
  // One write is under way at a time, so these two fields serve instead of a closure for each.
  #callback: Callback | undefined;
  /** Bytes of the write under way: those the kernel has not taken yet, and those it has. */
  #pending = 0;
  #taken = 0;
  #listensForTimeout = false;

  constructor(below: Socket, options: TapOptions) {
    // Like net.Socket: when the peer ends, so do we.
    super({ allowHalfOpen: false });
    this.#below = below;
    this.#now = options.now ?? monotonicNow;
    this.#capture = options.capture;
    const transport = options.transport ?? below;
    this.#control = options.transportTap ? transport : below;
    this.#kernelQueue = kernelQueueOf(transport, transport !== below && !(below as unknown instanceof TransportTap));
    if (options.transportTap) options.transportTap.onWrite = (at) => this.#lookAtKernel(at);
    this.alpnProtocol = options.alpnProtocol ?? false;
    this.encrypted = options.encrypted ?? false;
    this.servername = options.serverName;
    this.remoteAddress = transport.remoteAddress;
    this.remotePort = transport.remotePort;
    this.remoteFamily = transport.remoteFamily;
    this.localAddress = transport.localAddress;
    this.localPort = transport.localPort;
    // An idle connection may break while nobody listens: that is an event of the network, not a crash.
    this.on('error', ignore);
    below.on('end', () => this.push(null));
    below.on('error', (error) => this.#fail(error));
    below.on('close', () => this.#closed());
  }

  /** Bytes handed to us: those the kernel has taken and those on their way to it. */
  get bytesQueued(): number {
    return this.bytesWritten + this.writableLength - this.#taken;
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
    this.onQueue?.(chunk, this.#now());
    const at = this.#now();
    this.#capture?.sent(chunk, at);
    this.#below.write(chunk, this.#written);
    this.#lookAtKernel(at);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: Callback): void {
    this.#callback = callback;
    this.#pending = 0;
    this.#kernelQueue?.begin();
    const last = chunks.length - 1;
    this.#below.cork();
    for (const [index, { chunk }] of chunks.entries()) {
      this.#pending += chunk.length;
      const now = this.#now();
      this.onQueue?.(chunk, now);
      this.#capture?.sent(chunk, now);
      this.#below.write(chunk, index === last ? this.#written : undefined);
    }
    const at = this.#now();
    this.#below.uncork();
    this.#lookAtKernel(at);
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

  setTimeout(milliseconds: number, listener?: () => void): this {
    this.timeout = milliseconds;
    if (!this.#listensForTimeout) {
      this.#listensForTimeout = true;
      this.#below.on('timeout', () => this.emit('timeout'));
    }
    this.#below.setTimeout(milliseconds);
    if (!listener) return this;
    return milliseconds === 0 ? this.off('timeout', listener) : this.once('timeout', listener);
  }

  setNoDelay(noDelay = true): this {
    if (!this.#control.destroyed) this.#control.setNoDelay(noDelay);
    return this;
  }

  setKeepAlive(enable = false, initialDelay = 0): this {
    if (!this.#control.destroyed) this.#control.setKeepAlive(enable, initialDelay);
    return this;
  }

  ref(): this {
    if (!this.#control.destroyed) this.#control.ref();
    return this;
  }

  unref(): this {
    if (!this.#control.destroyed) this.#control.unref();
    return this;
  }

  address(): { address?: string; port?: number; family?: string } {
    return { address: this.localAddress, port: this.localPort, family: this.remoteFamily };
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  readonly #arrived = (chunk: Buffer): void => {
    const at = this.#now();
    this.lastReadAt = at;
    this.bytesRead += chunk.length;
    this.#capture?.received(chunk, at);
    this.onRead?.(chunk, at);
    if (this.push(chunk)) return;
    this.#paused = true;
    this.#below.pause();
  };

  /**
   * The callback of a write comes a turn of the event loop late, possibly after the answer. Most writes are
   * taken by the kernel while they are made, and that can be seen. Then they left when the call began: on
   * loopback the kernel may run the other end before it lets the call return.
   */
  #lookAtKernel(at: number): void {
    if (this.#pending > 0 && this.#kernelQueue?.hasTaken(this.#pending)) this.#noteTaken(at);
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
