import type { Readable } from 'node:stream';
import type { Client, Dispatcher } from 'undici';
import type { FieldLine } from '../../trace/request.ts';
import type { Tap } from '../connection.ts';
import { linesOf } from './fields.ts';
import { trailerLimitOf } from './head.ts';
import type { Http1Observer } from './http1Observer.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';
import { UndiciSocket } from './undiciSocket.ts';
import type { UndiciSocketOwner } from './undiciSocket.ts';

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
  if (request.typed.size > 0) for (const name of altered) if (request.typed.has(name)) return false;
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

/** Those at rest, to be used again; more are not kept. */
const atRest: UndiciClient[] = [];
const maxAtRest = 64;

/**
 * Sends one request over the tap with undici. `onFree` is called when the connection may take the next
 * request.
 */
export function sendWithUndici(
  tap: Tap, request: OutgoingRequest, observer: Http1Observer, sink: Sink, onFree: () => void,
): Transmission {
  // The limit of heads is ours; this one is for trailers.
  const maxHeaderSize = trailerLimitOf(request.maxHeadSize);
  let client = atRest.pop();
  // undici closes its socket when a `Keep-Alive` of the last response says so, also while it rests.
  while (client && !(client.isSound && client.maxHeaderSize === maxHeaderSize)) client = atRest.pop();
  client ??= new UndiciClient(maxHeaderSize);
  return client.send(tap, request, observer, sink, onFree);
}

/**
 * An undici `Client` for one exchange after another, each on whichever connection, and at the same time the
 * transmission of the one that is under way.
 */
class UndiciClient implements Dispatcher.DispatchHandler, Transmission, UndiciSocketOwner {
  /** Bytes, of a head and of trailers. */
  readonly maxHeaderSize: number;
  readonly #socket = new UndiciSocket(this);
  readonly #client: Client;
  #connected = false;

  #tap: Tap | undefined;
  #observer: Http1Observer | undefined;
  #onFree: (() => void) | undefined;
  #sink: Sink | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** The response is complete, and undici has still to come to its end with it. */
  #isEnding = false;

  constructor(maxHeaderSize: number) {
    this.maxHeaderSize = maxHeaderSize;
    if (!ClientOfUndici) throw new Error('undici is not loaded');
    // The tap carries plaintext, hence http: even for https. All limits of time and idleness are
    // ours.
    this.#client = new ClientOfUndici('http://tap', {
      connect: (_options: unknown, callback: ConnectCallback) => this.#connect(callback),
      // With a pipelining of 1 undici would wait for a turn after each response.
      allowH2: false, pipelining: 2, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize,
      keepAliveTimeout: 86_400_000, keepAliveMaxTimeout: 86_400_000,
      // Taken from how long the server says it keeps a connection: that is for the pool to know, not for a client that
      // goes on to others.
      keepAliveTimeoutThreshold: -86_400_000,
    } as unknown as Client.Options);
  }

  /** undici has not closed the socket that it was given. */
  get isSound(): boolean {
    return !this.#socket.destroyed;
  }

  /** undici connects again by itself; after a connection that broke, it is not used again. */
  #connect(callback: ConnectCallback): void {
    if (this.#connected || this.#socket.destroyed) {
      // Not coded UND_ERR_SOCKET or UND_ERR_INFO: with these undici would connect for ever.
      const error = Object.assign(new Error('the connection is closed'), { code: 'ECONNRESET' });
      callback(error, undefined as never);
      return;
    }
    this.#connected = true;
    // Called back at once, undici would not look at its queue again.
    queueMicrotask(() => callback(null, this.#socket as never));
  }

  send(tap: Tap, request: OutgoingRequest, observer: Http1Observer, sink: Sink, onFree: () => void): Transmission {
    this.#tap = tap;
    this.#observer = observer;
    this.#onFree = onFree;
    this.#sink = sink;
    this.#controller = undefined;
    observer.observe(request, 'undici', sink);
    this.#socket.attach(tap);
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

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (!this.#sink) return;
    this.#finish();
    this.#tap!.destroy();
  }

  #finish(): void {
    this.#sink = undefined;
    this.#observer!.detach();
  }

  // --- called by its socket ------------------------------------------------------------------------

  octetsOf(text: string): Buffer {
    return this.#observer!.octetsOf(text);
  }

  onRead(): void {
    if (this.#isEnding) this.#rest();
  }

  /** undici closes a connection that must not be reused; one that is still open is free, and so is this client. */
  readonly #rest = (): void => {
    if (!this.#isEnding) return;
    this.#isEnding = false;
    if (this.#socket.destroyed) return;
    if (this.#socket.isLeftover) return void this.#tap!.destroy();
    const onFree = this.#onFree!;
    this.#socket.detach();
    this.#tap = undefined;
    this.#observer = undefined;
    this.#onFree = undefined;
    this.#controller = undefined;
    if (atRest.length < maxAtRest) atRest.push(this);
    else this.#client.destroy().catch(ignore);
    onFree();
  };

  // --- called by undici ----------------------------------------------------------------------------

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onRequestSent(): void {
    if (this.#sink) this.#observer!.allQueued();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController, statusCode: number, _headers: unknown,
  ): void {
    const observer = this.#observer!;
    this.#sink?.head(this.#tap!.lastReadAt!, {
      httpVersion: observer.responseVersion,
      statusCode,
      reasonPhrase: observer.reasonPhrase,
      headers: observer.linesOf(controller.rawHeaders as Buffer[]),
      headSize: observer.responseHeadSize,
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink?.data(chunk) === false) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const sink = this.#sink;
    if (!sink) return;
    this.#finish();
    // As a rule it comes to rest when undici has read what has arrived.
    this.#isEnding = true;
    this.#socket.finish();
    if (!this.#socket.isGiving) void resolved.then(this.#rest);
    const trailers = controller.rawTrailers as Buffer[] | null | undefined;
    sink.end(this.#tap!.lastReadAt!, trailers && trailers.length > 0 ? linesOf(trailers) : noTrailers);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const sink = this.#sink;
    if (!sink) return;
    this.#observer!.reportFirstByte();
    this.#finish();
    this.#tap!.destroy();
    sink.failed(error);
  }
}

const resolved = Promise.resolve();

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
