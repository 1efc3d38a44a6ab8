import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What a {@link SocketFace} says of the socket it stands for. */
export interface FaceOptions {
  /** What ALPN chose, or `'h2'` by prior knowledge; HTTP clients look at it to choose a version. */
  readonly alpnProtocol?: string;
  /** The socket below is a TLS socket, and the name sent by SNI. */
  readonly encrypted?: boolean;
  readonly serverName?: string;
}

/** The part of `net.Socket` that `node:http` and `node:http2` touch, of a stream that is none. */
export abstract class SocketFace extends Duplex {
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
  readonly #control: Socket;
  #listensForTimeout = false;

  /** `transport` carries `below`; `control` is what knows of TCP: over a tap a TLS socket does not. */
  constructor(below: Socket, transport: Socket, control: Socket, options: FaceOptions) {
    // Like net.Socket: when the peer ends, so do we.
    super({ allowHalfOpen: false });
    this.#below = below;
    this.#control = control;
    this.alpnProtocol = options.alpnProtocol ?? false;
    this.encrypted = options.encrypted ?? false;
    this.servername = options.serverName;
    this.remoteAddress = transport.remoteAddress;
    this.remotePort = transport.remotePort;
    this.remoteFamily = transport.remoteFamily;
    this.localAddress = transport.localAddress;
    this.localPort = transport.localPort;
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
}
