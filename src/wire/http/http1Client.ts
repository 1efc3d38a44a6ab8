import type { Tap } from '../connection.ts';
import { Http1Observer } from './http1Observer.ts';
import type { KnownHeads } from './http1Observer.ts';
import { sendWithNodeHttp } from './nodeHttpClient.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { isForUndici, UndiciClient } from './undiciClient.ts';

/**
 * One HTTP/1.1 connection over a tap: one request at a time, through undici or, where that alters
 * it, `node:http`.
 */
export class Http1Client {
  readonly #tap: Tap;
  readonly #onFree: () => void;
  readonly #observer: Http1Observer;
  #undici: UndiciClient | undefined;

  /** `onFree` is called when the connection may take the next request. */
  constructor(tap: Tap, known: KnownHeads, onFree: () => void) {
    this.#tap = tap;
    this.#onFree = onFree;
    this.#observer = new Http1Observer(tap, known);
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    if (isForUndici(request)) {
      this.#undici ??= new UndiciClient(this.#tap, this.#observer, this.#onFree);
      return this.#undici.send(request, sink);
    }
    this.#undici?.release();
    this.#undici = undefined;
    return sendWithNodeHttp(this.#tap, request, this.#observer, sink, this.#onFree);
  }
}
