import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Failure } from '../../trace/failure.ts';
import type { FieldLine } from '../../trace/request.ts';
import type { Tap } from '../connection.ts';
import { linesOf, listMembers } from './fields.ts';
import { endHeaders, endStream, errorName, FrameReader, frameType } from './frames.ts';
import type { Frame } from './frames.ts';
import { headLimits } from './head.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';

// HTTP/2 goes through `node:http2` and not through undici: undici hides the stream's id, the order of fields,
// interim responses' fields and the codes of RST_STREAM and GOAWAY, and takes a reset in mid-body for an end.

type NodeHttp2 = typeof import('node:http2');
type RawListener = (headers: unknown, flags: number, rawHeaders: string[]) => void;

const clientPreface = 24; // RFC 9113 §3.4
const windowSize = 1024 * 1024;

/** What a server said when it closed the connection (RFC 9113 §6.8). */
export interface Goaway {
  readonly code: number;
  readonly lastStream: number;
}

/** One HTTP/2 connection over a tap, shared by its streams. */
export class Http2Client {
  readonly #tap: Tap;
  readonly #session: ClientHttp2Session;
  readonly #outgoing = new FrameReader(clientPreface, (frame) => this.#frameSent(frame));
  readonly #incoming = new FrameReader(0, (frame, at) => this.#frameReceived(frame, at));
  readonly #streams = new Map<number, Http2Transmission>();
  readonly #unsent = new Set<Http2Transmission>();
  readonly #onChange: () => void;
  #queued = 0;
  #maxStreams = 100;
  goaway: Goaway | undefined;

  /** `onChange` is called when a stream ends or the server's limits change. */
  constructor(tap: Tap, authority: string, onChange: () => void) {
    this.#tap = tap;
    this.#onChange = onChange;
    tap.onQueue = (chunk, at) => {
      this.#queued += chunk.length;
      this.#outgoing.feed(chunk, at);
    };
    tap.onRead = (chunk, at) => this.#incoming.feed(chunk, at);
    tap.onWritten = (at) => this.#written(at);
    this.#session = this.#open(authority);
  }

  #open(authority: string): ClientHttp2Session {
    const { connect } = process.getBuiltinModule('node:http2') as NodeHttp2;
    const session = connect(`http://${authority}`, {
      createConnection: () => this.#tap,
      settings: { enablePush: false, initialWindowSize: windowSize, maxHeaderListSize: headLimits.size },
      maxHeaderListPairs: 4 * headLimits.fields,
      maxSessionMemory: 64,
    });
    session.on('error', () => this.#onChange());
    session.on('close', () => this.#onChange());
    session.on('remoteSettings', (settings) => {
      this.#maxStreams = settings.maxConcurrentStreams ?? Infinity;
      this.#onChange();
    });
    session.on('goaway', (code, lastStream) => {
      this.goaway = { code, lastStream };
      this.#onChange();
    });
    session.once('connect', () => session.setLocalWindowSize(4 * windowSize));
    return session;
  }

  get activeStreams(): number {
    return this.#streams.size;
  }

  /** Whether another stream may be opened now. */
  get hasRoom(): boolean {
    return this.isOpen && this.#streams.size < this.#maxStreams;
  }

  /** Whether streams may be opened at all. */
  get isOpen(): boolean {
    return !this.#session.closed && !this.#session.destroyed && !this.goaway && !this.#tap.destroyed;
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    const transmission = new Http2Transmission(request, sink, this.#tap, () => this.goaway);
    const stream = this.#session.request(fieldsFor(request) as never, { endStream: !hasBody(request) });
    transmission.begin(stream);
    if (stream.id === undefined) stream.once('ready', () => this.#register(stream, transmission));
    else this.#register(stream, transmission);
    return transmission;
  }

  #register(stream: ClientHttp2Stream, transmission: Http2Transmission): void {
    const id = stream.id!;
    this.#streams.set(id, transmission);
    stream.once('close', () => {
      this.#streams.delete(id);
      this.#unsent.delete(transmission);
      this.#onChange();
    });
  }

  /** Says goodbye with GOAWAY and closes. */
  close(): void {
    if (!this.#session.destroyed) this.#session.close();
  }

  #frameSent(frame: Frame): void {
    const transmission = this.#streams.get(frame.stream);
    if (!transmission) return;
    transmission.frameSent(frame, this.#queued);
    if (transmission.allQueued) this.#unsent.add(transmission);
  }

  #frameReceived(frame: Frame, at: number): void {
    this.#streams.get(frame.stream)?.frameReceived(frame, at);
  }

  #written(at: number): void {
    for (const transmission of this.#unsent) {
      if (!transmission.written(at, this.#tap.bytesWritten)) continue;
      this.#unsent.delete(transmission);
    }
  }
}

function hasBody(request: OutgoingRequest): boolean {
  return request.body !== undefined && request.body.size > 0;
}

/**
 * The fields of a request as a flat list. RFC 9113 §8.3.1: pseudo-header fields first; §8.2: names in lower
 * case; §8.2.2: no connection-specific fields, and `TE` only as `trailers`.
 */
export function fieldsFor(request: OutgoingRequest): string[] {
  const flat = [
    ':method', request.method, ':scheme', request.scheme,
    ':authority', request.authority, ':path', request.requestTarget,
  ];
  for (const [name, value] of sentFields(request)) flat.push(name, value);
  return flat;
}

function sentFields(request: OutgoingRequest): FieldLine[] {
  const dropped = new Set([...connectionSpecific, ...listMembers(request.headers, 'connection')]);
  const lines: FieldLine[] = [];
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    if (lower === 'te' && value.trim().toLowerCase() !== 'trailers') continue;
    lines.push([lower, value]);
  }
  return lines;
}

/** `host` is in `:authority` (§8.3.1). */
const connectionSpecific = ['host', 'connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

interface FieldBlock {
  readonly startAt: number;
  at: number;
  size: number;
}

class Http2Transmission implements Transmission {
  readonly #request: OutgoingRequest;
  readonly #sink: Sink;
  readonly #tap: Tap;
  readonly #goaway: () => Goaway | undefined;
  #stream: ClientHttp2Stream | undefined;
  #over = false;

  #headSize = 0;
  #headStartAt: number | undefined;
  #started = false;
  #sentTarget: number | undefined;

  /** Field blocks in the order they came: interim responses, the final head, trailers. */
  readonly #blocks: FieldBlock[] = [];
  #endStreamAt: number | undefined;
  #resetReceived = false;
  #finalSeen = false;
  #interimCount = 0;
  #trailers: FieldLine[] = [];

  constructor(request: OutgoingRequest, sink: Sink, tap: Tap, goaway: () => Goaway | undefined) {
    this.#request = request;
    this.#sink = sink;
    this.#tap = tap;
    this.#goaway = goaway;
  }

  begin(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    stream.on('headers', ((_headers, _flags, raw) => this.#interim(raw)) as RawListener);
    stream.on('response', ((_headers, _flags, raw) => this.#head(raw)) as RawListener);
    stream.on('trailers', ((_headers, _flags, raw) => { this.#trailers = linesOf(raw); }) as RawListener);
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => this.#closed());
    this.#writeBody(stream);
  }

  #writeBody(stream: ClientHttp2Stream): void {
    const { body } = this.#request;
    if (!body || body.size === 0) return;
    if (body.bytes) {
      stream.end(body.bytes);
      return;
    }
    const source = body.open();
    source.on('error', (error) => this.#fail(error));
    stream.once('close', () => source.destroy());
    source.pipe(stream);
  }

  get allQueued(): boolean {
    return this.#sentTarget !== undefined;
  }

  frameSent(frame: Frame, queued: number): void {
    if (frame.type === frameType.headers || frame.type === frameType.continuation) {
      this.#headSize += frame.length + 9;
      this.#headStartAt ??= frame.startAt;
      if (frame.flags & endHeaders) this.#start(frame, this.#headStartAt);
    }
    const ends = frame.type === frameType.headers || frame.type === frameType.data;
    if (ends && frame.flags & endStream) this.#sentTarget = queued;
  }

  #start(frame: Frame, at: number): void {
    if (this.#started || this.#over) return;
    this.#started = true;
    this.#sink.requestStarted(at, {
      requestTarget: this.#request.requestTarget, authority: this.#request.authority, httpVersion: '2',
      headers: linesOf(sentFields(this.#request).flat()), stream: frame.stream, client: 'node:http2',
    });
  }

  /** True once the kernel has taken the frame that ends the stream. */
  written(at: number, bytesWritten: number): boolean {
    if (this.#sentTarget === undefined || bytesWritten < this.#sentTarget) return false;
    if (!this.#over) this.#sink.requestSent(at, this.#request.body?.size ?? 0, this.#headSize);
    return true;
  }

  frameReceived(frame: Frame, at: number): void {
    if (frame.type === frameType.headers) this.#blocks.push({ startAt: frame.startAt, at, size: 0 });
    const block = this.#blocks.at(-1);
    if (block && (frame.type === frameType.headers || frame.type === frameType.continuation)) {
      block.at = at;
      block.size += frame.length + 9;
    }
    if (frame.type === frameType.resetStream) this.#resetReceived = true;
    const ends = frame.type === frameType.headers || frame.type === frameType.data;
    if (ends && frame.flags & endStream) this.#endStreamAt = at;
  }

  #interim(raw: string[]): void {
    if (this.#over) return;
    this.#interimCount += 1;
    const at = this.#blocks.shift()?.at ?? this.#tap.lastReadAt!;
    if (this.#interimCount > headLimits.interimResponses) {
      this.#fail(new Error('too many interim responses'), { code: 'malformed-response', confidence: 'certain' });
      return;
    }
    this.#sink.interim(at, statusOf(raw), linesOf(withoutPseudo(raw)));
  }

  #head(raw: string[]): void {
    if (this.#over) return;
    this.#finalSeen = true;
    const block = this.#blocks.shift();
    const at = block?.at ?? this.#tap.lastReadAt!;
    this.#sink.firstByte(block?.startAt ?? at);
    this.#sink.head(at, {
      httpVersion: '2', statusCode: statusOf(raw), reasonPhrase: '', headers: linesOf(withoutPseudo(raw)),
      headSize: block?.size,
    });
    this.#readBody();
  }

  /** Not before the head: over a tap, `data` may be emitted in the tick before `response` is. */
  #readBody(): void {
    const stream = this.#stream!;
    stream.on('end', () => this.#ended());
    stream.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#sink.data(chunk)) stream.pause();
    });
  }

  /** All that came was read; END_STREAM tells whether that was all there is. */
  #ended(): void {
    if (this.#over || this.#endStreamAt === undefined || !this.#finalSeen) return;
    this.#over = true;
    this.#sink.end(this.#endStreamAt, this.#trailers);
  }

  #closed(): void {
    this.#ended();
    if (!this.#over) this.#fail(new Error('the stream was closed'));
  }

  #fail(error: Error, known?: Partial<Failure>): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream?.destroy();
    this.#sink.failed(error, known ?? this.#reason());
  }

  /** Why a stream ended early, from what was seen on the wire. */
  #reason(): Partial<Failure> | undefined {
    const code = this.#stream?.rstCode ?? 0;
    const stream = this.#stream?.id ?? 0;
    if (this.#resetReceived) {
      return { code: 'stream-reset', confidence: 'certain', detail: { code: errorName(code), stream } };
    }
    const goaway = this.#goaway();
    if (goaway) {
      const detail = { code: errorName(goaway.code), lastStream: goaway.lastStream, stream };
      return { code: 'goaway', confidence: 'certain', detail };
    }
    // We reset a stream whose head is beyond our own SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113 §10.5.1).
    if (errorName(code) === 'ENHANCE_YOUR_CALM') {
      return { code: 'response-head-too-large', confidence: 'likely', detail: { limit: headLimits.size } };
    }
    if (errorName(code) === 'PROTOCOL_ERROR') return { code: 'malformed-response', confidence: 'likely' };
    const closed = this.#tap.readableEnded || this.#tap.destroyed;
    return closed && !this.#tap.errored ? { code: 'connection-closed', confidence: 'likely' } : undefined;
  }

  resume(): void {
    this.#stream?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    const { constants } = process.getBuiltinModule('node:http2') as NodeHttp2;
    this.#stream?.close(constants.NGHTTP2_CANCEL);
    // `close` waits for what is unread; nobody reads it any more.
    this.#stream?.resume();
  }
}

function statusOf(raw: string[]): number {
  const index = raw.indexOf(':status');
  return Number(raw[index + 1]);
}

function withoutPseudo(raw: string[]): string[] {
  const flat: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    if (!raw[index]!.startsWith(':')) flat.push(raw[index]!, raw[index + 1]!);
  }
  return flat;
}
