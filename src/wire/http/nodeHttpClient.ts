import type { ClientRequest, ClientRequestArgs, IncomingMessage } from 'node:http';
import type { Tap } from '../connection.ts';
import { linesOf } from './fields.ts';
import { trailerLimitOf } from './head.ts';
import { expectsContinue, HeldBody } from './heldBody.ts';
import type { Http1Observer } from './http1Observer.ts';
import { trailerOctets } from './trailers.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';

type NodeHttp = typeof import('node:http');
type StoreHeader = (firstLine: string, headers: unknown) => void;
type RawRequest = new (options: ClientRequestArgs, version: string) => ClientRequest;

let rawRequest: RawRequest | undefined;

/**
 * A request of `node:http` that adds nothing and changes nothing: the method's case and the version
 * are those asked for. Made on first use: loading `node:http` takes a while, and few requests need
 * it.
 */
function rawRequestClass(): RawRequest {
  if (rawRequest) return rawRequest;
  const { ClientRequest: Base } = process.getBuiltinModule('node:http') as NodeHttp;
  const storeHeader = (Base.prototype as unknown as { _storeHeader: StoreHeader })._storeHeader;
  // The base's constructor writes the head, before a field of ours could be set.
  let method = 'GET';
  let version = '1.1';
  class Raw extends (Base as unknown as new (options: ClientRequestArgs) => ClientRequest) {
    constructor(options: ClientRequestArgs, httpVersion: string) {
      method = options.method!;
      version = httpVersion;
      super(options);
    }

    _storeHeader(firstLine: string, headers: unknown): void {
      const line = firstLine.replace(/^\S+/, () => method).replace(/1\.1\r\n$/, `${version}\r\n`);
      storeHeader.call(this, line, headers);
    }
  }
  return rawRequest = Raw;
}

/**
 * Sends one request over the tap with `node:http`'s `ClientRequest`: order, case and duplicates of
 * fields stay, nothing is added, `Expect`, `Transfer-Encoding`, `Upgrade` and `Connection` work.
 * `onFree` is called when the connection may take the next request.
 */
export function sendWithNodeHttp(
  tap: Tap, request: OutgoingRequest, observer: Http1Observer, sink: Sink, onFree: () => void,
): Transmission {
  const transmission = new NodeTransmission(tap, request, observer, sink, onFree);
  transmission.start();
  return transmission;
}

class NodeTransmission implements Transmission {
  readonly #tap: Tap;
  readonly #request: OutgoingRequest;
  readonly #sink: Sink;
  readonly #onFree: () => void;
  readonly #observer: Http1Observer;
  readonly #strangers: Map<string, Function[]>;
  #client: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #held: HeldBody | undefined;
  #over = false;

  constructor(tap: Tap, request: OutgoingRequest, observer: Http1Observer, sink: Sink, onFree: () => void) {
    this.#tap = tap;
    this.#request = request;
    this.#sink = sink;
    this.#onFree = onFree;
    this.#observer = observer;
    observer.observe(request, 'node:http', sink);
    this.#strangers = new Map(tapEvents.map((name) => [name, tap.listeners(name)]));
  }

  start(): void {
    try {
      this.#client = this.#open();
    } catch (error) {
      this.#fail(error as Error);
      return;
    }
    const client = this.#client;
    client.on('error', (error) => this.#fail(error));
    client.on('response', (response) => this.#responded(response));
    client.on('upgrade', (response, _socket, rest) => this.#upgraded(response, rest));
    client.on('close', () => this.#fail(new Error('socket hang up')));
    this.#tap.once('free', () => this.#freed());
    this.#write(client);
  }

  #open(): ClientRequest {
    const request = this.#request;
    const tap = this.#tap;
    const options = {
      agent: {
        keepAlive: true, defaultPort: 80, protocol: 'http:', options: {},
        addRequest: (client: ClientRequest) => client.onSocket(tap as never),
      },
      method: request.method,
      path: request.requestTarget,
      headers: flatHeaders(request),
      setDefaultHeaders: false,
      maxHeaderSize: trailerLimitOf(request.maxHeadSize),
    };
    const client = new (rawRequestClass())(options as unknown as ClientRequestArgs, request.httpVersion);
    client.maxHeadersCount = 0;
    return client;
  }

  /**
   * The head goes down at once; the body after it, or after `100 Continue` where that was asked
   * for.
   */
  #write(client: ClientRequest): void {
    const { body, trailers, continueTimeout } = this.#request;
    if (trailers) client.addTrailers(trailerOctets(trailers));
    if (!body || body.size === 0) {
      client.end();
      client.once('finish', this.#allQueued);
      return;
    }
    if (!expectsContinue(this.#request)) return this.#writeBody(client);
    client.flushHeaders();
    const held = new HeldBody(continueTimeout, this.#sink, () => this.#writeBody(client));
    this.#held = held;
    client.once('continue', () => held.goOn(this.#tap.lastReadAt!));
    client.once('close', () => held.drop());
  }

  #writeBody(client: ClientRequest): void {
    const body = this.#request.body!;
    if (body.bytes) {
      client.end(body.bytes);
      client.once('finish', this.#allQueued);
      return;
    }
    const source = body.open();
    source.on('error', (error) => this.#fail(error));
    client.once('close', () => source.destroy());
    source.pipe(client);
    client.once('finish', this.#allQueued);
  }

  readonly #allQueued = (): void => {
    if (!this.#over) this.#observer.allQueued();
  };

  #responded(response: IncomingMessage): void {
    if (this.#over) return void response.resume();
    this.#response = response;
    this.#held?.answered(this.#tap.lastReadAt!);
    this.#sink.head(this.#tap.lastReadAt!, this.#headOf(response));
    if (this.#over) return;
    response.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#sink.data(chunk)) response.pause();
    });
    response.on('end', () => {
      if (response.complete) this.#finish(response);
      else this.#fail(new Error('aborted'));
    });
    response.on('error', (error) => this.#fail(error));
  }

  #headOf(response: IncomingMessage) {
    return {
      httpVersion: this.#observer.responseVersion,
      statusCode: response.statusCode!,
      reasonPhrase: this.#observer.reasonPhrase,
      headers: this.#observer.linesOf(response.rawHeaders),
      headSize: this.#observer.responseHeadSize,
    };
  }

  /** RFC 9110 §15.2.2: after 101 the connection speaks another protocol, and is no longer ours. */
  #upgraded(response: IncomingMessage, rest: Buffer): void {
    if (this.#over) return;
    const at = this.#tap.lastReadAt!;
    this.#held?.drop();
    // RFC 9110 §7.8: only what was asked for; undici says it in the same words.
    if (!this.#request.typed.has('upgrade')) {
      return this.#fail(Object.assign(new Error('bad upgrade'), { code: 'UND_ERR_SOCKET' }));
    }
    this.#sink.head(at, this.#headOf(response));
    this.#over = true;
    this.#observer.detach();
    this.#sink.upgraded(at, this.#tap, rest);
  }

  #finish(response: IncomingMessage): void {
    if (this.#over) return;
    this.#over = true;
    this.#observer.detach();
    this.#sink.end(this.#tap.lastReadAt!, linesOf(response.rawTrailers));
    // An answer before the request was complete leaves a connection on which the rest would be out
    // of place; and after a wrong length nobody knows where the next request would begin.
    if (!this.#client?.writableFinished || this.#request.wrongLength) this.#tap.destroy();
  }

  /** `node:http` is done with the connection; what it left on the tap is taken off. */
  #freed(): void {
    for (const name of tapEvents) {
      const before = this.#strangers.get(name) ?? [];
      for (const listener of this.#tap.listeners(name)) {
        if (!before.includes(listener)) this.#tap.off(name, listener as () => void);
      }
    }
    if (this.#over && !this.#tap.destroyed) this.#onFree();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    // The parser's error overtakes what it had read before: this emits it as `data`.
    this.#response?.read();
    // RFC 9112 §6.3: what comes behind the message is not part of it.
    if (this.#response?.complete) {
      this.#finish(this.#response);
      this.#tap.destroy();
      return;
    }
    this.#observer.reportFirstByte();
    this.#over = true;
    this.#observer.detach();
    this.#tap.destroy();
    this.#sink.failed(error);
  }

  resume(): void {
    this.#response?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#held?.drop();
    this.#observer.detach();
    this.#client?.destroy();
    this.#tap.destroy();
  }
}

const tapEvents = ['data', 'end', 'close', 'error', 'drain', 'timeout', 'free', 'agentRemove'];

/** RFC 9110 §7.2: `Host` first, unless it was typed somewhere. */
function flatHeaders(request: OutgoingRequest): string[] {
  const flat = request.typed.has('host') ? [] : ['Host', request.authority];
  for (const [name, value] of request.headers) flat.push(name, value);
  return flat;
}
