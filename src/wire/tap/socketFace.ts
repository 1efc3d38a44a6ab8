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
  timeout = 0;

  readonly #below: Socket;
  readonly #transport: Socket;
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
    this.#transport = transport;
  }

  // Asked when somebody wants to know: that is a call to the system, and nobody wants to know of most connections.

  get remoteAddress(): string | undefined {
    return this.#sound?.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#sound?.remotePort;
  }

  get remoteFamily(): string | undefined {
    return this.#sound?.remoteFamily;
  }

  get localAddress(): string | undefined {
    return this.#sound?.localAddress;
  }

  get localPort(): number | undefined {
    return this.#sound?.localPort;
  }

  /** A TLS socket must not be asked anything once it is closing. */
  get #sound(): Socket | undefined {
    return this.#transport.destroyed ? undefined : this.#transport;
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
