import type { Client, Dispatcher } from 'undici';
import type { Tap } from '../connection.ts';
import { linesOf } from './fields.ts';
import { Http1Observer } from './http1Observer.ts';
import type { SentHead } from './http1Observer.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { UndiciSocket } from './undiciSocket.ts';

let ClientOfUndici: typeof Client | undefined;

/** Loads undici's `Client`, once; before that none can be made. */
export async function loadUndici(): Promise<void> {
  ClientOfUndici ??= (await import('undici/lib/dispatcher/client.js')).default;
}

export function isUndiciLoaded(): boolean {
  return ClientOfUndici !== undefined;
}

/** True when undici would send what the file says as it says it; else `node:http` does (see {@link altered}). */
export function isForUndici(request: Pick<OutgoingRequest, 'httpVersion' | 'typed' | 'requestTarget'>): boolean {
  if (request.httpVersion !== '1.1') return false;
  for (const name of altered) if (request.typed.has(name)) return false;
  const first = request.requestTarget.charCodeAt(0);
  return first === 47 || /^https?:/.test(request.requestTarget);
}

/**
 * Fields that undici refuses (`expect`, `transfer-encoding`, `keep-alive`, `upgrade`), drops (`connection`
 * tokens) or moves and renames (`host` to the top, `content-length` to the end, both in lower case).
 */
const altered = ['host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive'];

/** One undici `Client` for one connection. */
export class UndiciClient {
  readonly #tap: Tap;
  readonly #socket: UndiciSocket;
  readonly #client: Client;
  readonly #lastSent: SentHead;
  #connected = false;

  constructor(tap: Tap, lastSent: SentHead) {
    this.#tap = tap;
    this.#lastSent = lastSent;
    this.#socket = new UndiciSocket(tap);
    if (!ClientOfUndici) throw new Error('undici is not loaded');
    // The tap carries plaintext, hence http: even for https. All limits of time and idleness are ours.
    this.#client = new ClientOfUndici('http://tap', {
      connect: (_options: unknown, callback: (error: Error | null, socket: never) => void) => this.#connect(callback),
      allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 256 * 1024,
      keepAliveTimeout: 86_400_000, keepAliveMaxTimeout: 86_400_000, keepAliveTimeoutThreshold: 1,
    } as unknown as Client.Options);
    this.#client.on('connectionError', ignore);
    this.#client.on('disconnect', ignore);
  }

  /** undici connects again by itself; a tap has only one life. */
  #connect(callback: (error: Error | null, socket: never) => void): void {
    if (this.#connected || this.#tap.destroyed) {
      // Not coded UND_ERR_SOCKET or UND_ERR_INFO: with these undici would connect for ever.
      callback(Object.assign(new Error('the connection is closed'), { code: 'ECONNRESET' }), undefined as never);
      return;
    }
    this.#connected = true;
    // Called back at once, undici would not look at its queue again.
    queueMicrotask(() => callback(null, this.#socket as never));
  }

  /** Sends one request; `onFree` is called when the connection may take the next. */
  send(request: OutgoingRequest, sink: Sink, onFree: () => void): Transmission {
    this.#socket.expectHead();
    const observer = new Http1Observer(this.#tap, request, 'undici', this.#lastSent, sink);
    const transmission = new UndiciTransmission(this.#tap, observer, sink, onFree);
    const headers = ['host', request.authority];
    for (const line of request.headers) headers.push(line[0], line[1]);
    this.#client.dispatch({
      method: request.method as Dispatcher.HttpMethod,
      path: request.requestTarget,
      headers,
      body: bodyOf(request, headers),
      // Keeps the connection after HEAD, and after a body where none is usual.
      reset: false,
    }, transmission);
    return transmission;
  }

  /** Lets go of the tap, which stays open. */
  release(): void {
    this.#socket.release();
    this.#client.destroy().catch(ignore);
  }
}

function bodyOf(request: OutgoingRequest, headers: string[]): Buffer | ReturnType<NonNullable<OutgoingRequest['body']>['open']> | null {
  const { body } = request;
  if (!body || body.size === 0) return null;
  if (body.bytes) return body.bytes;
  headers.push('content-length', String(body.size));
  return body.open();
}

class UndiciTransmission implements Dispatcher.DispatchHandler, Transmission {
  readonly #tap: Tap;
  readonly #observer: Http1Observer;
  readonly #sink: Sink;
  readonly #onFree: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;

  constructor(tap: Tap, observer: Http1Observer, sink: Sink, onFree: () => void) {
    this.#tap = tap;
    this.#observer = observer;
    this.#sink = sink;
    this.#onFree = onFree;
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#observer.detach();
    this.#tap.destroy();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onRequestSent(): void {
    if (!this.#over) this.#observer.allQueued();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController, statusCode: number, _headers: unknown, statusMessage?: string,
  ): void {
    if (this.#over) return;
    this.#sink.head(this.#tap.lastReadAt!, {
      httpVersion: this.#observer.responseVersion,
      statusCode,
      reasonPhrase: statusMessage ?? '',
      headers: linesOf(controller.rawHeaders as Buffer[]),
      headSize: this.#observer.responseHeadSize,
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over && !this.#sink.data(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#over) return;
    this.#over = true;
    this.#observer.detach();
    const trailers = controller.rawTrailers as Buffer[] | null | undefined;
    const at = this.#tap.lastReadAt!;
    // undici closes a connection that must not be reused only after this call.
    queueMicrotask(() => {
      if (!this.#tap.destroyed) this.#onFree();
    });
    this.#sink.end(at, trailers && trailers.length > 0 ? linesOf(trailers) : []);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#observer.reportFirstByte();
    this.#over = true;
    this.#observer.detach();
    this.#tap.destroy();
    this.#sink.failed(error);
  }
}

function ignore(): void {}
