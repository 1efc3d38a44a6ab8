import type { Taker, Tap } from '../connection.ts';
import { Http1Observer } from './http1Observer.ts';
import type { KnownHeads } from './knownHead.ts';
import { sendWithNodeHttp } from './nodeHttpClient.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { isForUndici, sendWithUndici } from './undiciClient.ts';

/**
 * One HTTP/1.1 connection over a tap: one request at a time, through undici or, where that alters
 * it, `node:http`. Between them it takes what arrives itself.
 */
export class Http1Client implements Taker {
  readonly #tap: Tap;
  readonly #onFree: () => void;
  readonly #observer: Http1Observer;

  /** `onFree` is called when the connection may take the next request. */
  constructor(tap: Tap, known: KnownHeads, onFree: () => void) {
    this.#tap = tap;
    this.#onFree = onFree;
    this.#observer = new Http1Observer(tap, known);
    tap.giveTo(this);
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    if (isForUndici(request)) return sendWithUndici(this.#tap, request, this.#observer, sink, this.#freed);
    this.#tap.giveTo(undefined);
    return sendWithNodeHttp(this.#tap, request, this.#observer, sink, this.#freed);
  }

  readonly #freed = (): void => {
    this.#tap.giveTo(this);
    this.#onFree();
  };

  /** RFC 9112 §9.3: nothing may come on a connection without a request. */
  arrived(): void {
    this.#tap.destroy();
  }

  ended(): void {
    this.#tap.destroy();
  }

  drained(): void {}

  closed(): void {}
}
