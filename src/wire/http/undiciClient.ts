import type { Readable } from 'node:stream';
import type { Client, Dispatcher } from 'undici';
import type { FieldLine } from '../../trace/request.ts';
import type { Tap } from '../connection.ts';
import { linesOf } from './fields.ts';
import type { Http1Observer } from './http1Observer.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { UndiciSocket } from './undiciSocket.ts';

let ClientOfUndici: typeof Client | undefined;

/** Loads undici's `Client`, once; before that none can be made. */
export async function loadUndici(): Promise<void> {
  ClientOfUndici ??= (await import('undici/lib/dispatcher/client.js')).default;
}

/**
 * True when undici would send what the file says as it says it; else `node:http` does (see {@link
 * altered}).
 */
export function isForUndici(
  request: Pick<OutgoingRequest, 'httpVersion' | 'typed' | 'requestTarget'>,
): boolean {
  if (request.httpVersion !== '1.1') return false;
  for (const name of altered) if (request.typed.has(name)) return false;
  const first = request.requestTarget.charCodeAt(0);
  return first === 47 || /^https?:/.test(request.requestTarget);
}

/**
 * Fields that undici refuses (`expect`, `transfer-encoding`, `keep-alive`, `upgrade`), drops
 * (`connection` tokens) or moves and renames (`host` to the top, `content-length` to the end, both
 * in lower case).
 */
const altered = [
  'host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive',
];

/**
 * One undici `Client` for one connection, and at the same time the transmission of the one request
 * that is under way on it.
 */
export class UndiciClient implements Dispatcher.DispatchHandler, Transmission {
  readonly #tap: Tap;
  readonly #observer: Http1Observer;
  readonly #onFree: () => void;
  readonly #socket: UndiciSocket;
  readonly #client: Client;
  #connected = false;

  #sink: Sink | undefined;
  #controller: Dispatcher.DispatchController | undefined;

  /** `onFree` is called when the connection may take the next request. */
  constructor(tap: Tap, observer: Http1Observer, onFree: () => void) {
    this.#tap = tap;
    this.#observer = observer;
    this.#onFree = onFree;
    this.#socket = new UndiciSocket(tap);
    if (!ClientOfUndici) throw new Error('undici is not loaded');
    // The tap carries plaintext, hence http: even for https. All limits of time and idleness are
    // ours.
    this.#client = new ClientOfUndici('http://tap', {
      connect: (_options: unknown, callback: ConnectCallback) => this.#connect(callback),
      allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 256 * 1024,
      keepAliveTimeout: 86_400_000, keepAliveMaxTimeout: 86_400_000, keepAliveTimeoutThreshold: 1,
    } as unknown as Client.Options);
  }

  /** undici connects again by itself; a tap has only one life. */
  #connect(callback: ConnectCallback): void {
    if (this.#connected || this.#tap.destroyed) {
      // Not coded UND_ERR_SOCKET or UND_ERR_INFO: with these undici would connect for ever.
      const error = Object.assign(new Error('the connection is closed'), { code: 'ECONNRESET' });
      callback(error, undefined as never);
      return;
    }
    this.#connected = true;
    // Called back at once, undici would not look at its queue again.
    queueMicrotask(() => callback(null, this.#socket as never));
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    this.#sink = sink;
    this.#controller = undefined;
    this.#socket.expectHead();
    this.#observer.observe(request, 'undici', sink);
    const headers = flatHeaders(request);
    this.#client.dispatch({
      method: request.method as Dispatcher.HttpMethod,
      path: request.requestTarget,
      headers,
      body: bodyOf(request, headers),
      // Keeps the connection after HEAD, and after a body where none is usual.
      reset: false,
    }, this);
    return this;
  }

  /** Lets go of the tap, which stays open. */
  release(): void {
    this.#socket.release();
    this.#client.destroy().catch(ignore);
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (!this.#sink) return;
    this.#finish();
    this.#tap.destroy();
  }

  #finish(): void {
    this.#sink = undefined;
    this.#observer.detach();
  }

  // --- called by undici ----------------------------------------------------------------------------

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onRequestSent(): void {
    if (this.#sink) this.#observer.allQueued();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController, statusCode: number, _headers: unknown,
    statusMessage?: string,
  ): void {
    this.#sink?.head(this.#tap.lastReadAt!, {
      httpVersion: this.#observer.responseVersion,
      statusCode,
      reasonPhrase: statusMessage ?? '',
      headers: this.#observer.linesOf(controller.rawHeaders as Buffer[]),
      headSize: this.#observer.responseHeadSize,
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink?.data(chunk) === false) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const sink = this.#sink;
    if (!sink) return;
    this.#finish();
    // undici closes a connection that must not be reused only after this call.
    queueMicrotask(this.#freeIfOpen);
    const trailers = controller.rawTrailers as Buffer[] | null | undefined;
    sink.end(this.#tap.lastReadAt!, trailers && trailers.length > 0 ? linesOf(trailers) : noTrailers);
  }

  readonly #freeIfOpen = (): void => {
    if (!this.#tap.destroyed) this.#onFree();
  };

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const sink = this.#sink;
    if (!sink) return;
    this.#observer.reportFirstByte();
    this.#finish();
    this.#tap.destroy();
    sink.failed(error);
  }
}

type ConnectCallback = (error: Error | null, socket: never) => void;

const noTrailers: readonly FieldLine[] = [];

function flatHeaders({ authority, headers }: OutgoingRequest): string[] {
  const flat = new Array<string>(2 + 2 * headers.length);
  flat[0] = 'host';
  flat[1] = authority;
  let index = 2;
  for (const line of headers) {
    flat[index++] = line[0];
    flat[index++] = line[1];
  }
  return flat;
}

function bodyOf(request: OutgoingRequest, headers: string[]): Buffer | Readable | null {
  const { body } = request;
  if (!body || body.size === 0) return null;
  if (body.bytes) return body.bytes;
  headers.push('content-length', String(body.size));
  return body.open();
}

function ignore(): void {}
