import type { Tap } from '../connection.ts';
import type { SentHead } from './http1Observer.ts';
import { sendWithNodeHttp } from './nodeHttpClient.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { isForUndici, UndiciClient } from './undiciClient.ts';

/** One HTTP/1.1 connection over a tap: one request at a time, through undici or, where that alters it, `node:http`. */
export class Http1Client {
  readonly #tap: Tap;
  readonly #onFree: () => void;
  readonly #lastSent: SentHead = { text: '', lines: [] };
  #undici: UndiciClient | undefined;

  /** `onFree` is called when the connection may take the next request. */
  constructor(tap: Tap, onFree: () => void) {
    this.#tap = tap;
    this.#onFree = onFree;
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    if (isForUndici(request)) {
      this.#undici ??= new UndiciClient(this.#tap, this.#lastSent);
      return this.#undici.send(request, sink, this.#onFree);
    }
    this.#undici?.release();
    this.#undici = undefined;
    return sendWithNodeHttp(this.#tap, request, this.#lastSent, sink, this.#onFree);
  }
}
