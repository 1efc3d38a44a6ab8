import type { ClientHttp2Stream } from 'node:http2';
import type { Failure, FailureCode } from '../../trace/failure.ts';
import type { Http2Frame } from '../../trace/http2/frame.ts';
import { errorName, frameFlag, frameType } from '../../trace/http2/frameNames.ts';
import type { RawFrame } from '../../trace/http2/frameReader.ts';
import type { FieldLine } from '../../trace/request.ts';
import type { Tap } from '../connection.ts';
import { linesOf } from './fields.ts';
import { expectsContinue, HeldBody } from './heldBody.ts';
import { sentFields, statusOf, withoutPseudo } from './http2Fields.ts';
import { trailersByName } from './trailers.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';

type NodeHttp2 = typeof import('node:http2');
type RawListener = (headers: unknown, flags: number, rawHeaders: string[]) => void;

/** What a server said when it closed the connection (RFC 9113 §6.8). */
export interface Goaway {
  readonly code: number;
  readonly lastStream: number;
}

interface FieldBlock {
  readonly startAt: number;
  at: number;
  size: number;
}

/** RFC 9113 §6.5.2: names and values uncompressed, and 32 octets for each field. */
function listSizeOf(raw: readonly string[]): number {
  return raw.reduce((size, text) => size + text.length + 16, 0);
}

/** One request on a stream of its own, and its response. */
export class Http2Transmission implements Transmission {
  readonly #request: OutgoingRequest;
  readonly #sink: Sink;
  readonly #tap: Tap;
  readonly #goaway: () => Goaway | undefined;
  readonly #onOver: (stream: number | undefined) => void;
  /** When the last frame of this stream went down; others of the connection do not count. */
  lastSentAt: number | undefined;

  #stream: ClientHttp2Stream | undefined;
  #held: HeldBody | undefined;
  #over = false;

  #headSize = 0;
  #headStartAt: number | undefined;
  #started = false;
  #sentTarget: number | undefined;
  #bodyQueued = 0;

  /** Field blocks in the order they came: interim responses, the final head, trailers. */
  readonly #blocks: FieldBlock[] = [];
  #endStreamAt: number | undefined;
  #resetReceived = false;
  #finalSeen = false;
  #interimCount = 0;
  #trailers: FieldLine[] = [];

  /** `onOver` is called before the sink hears how it ended. */
  constructor(
    request: OutgoingRequest, sink: Sink, tap: Tap, goaway: () => Goaway | undefined,
    onOver: (stream: number | undefined) => void,
  ) {
    this.#request = request;
    this.#sink = sink;
    this.#tap = tap;
    this.#goaway = goaway;
    this.#onOver = onOver;
  }

  framesSeen(frames: readonly Http2Frame[], omitted: number): void {
    this.#sink.frames(frames, omitted);
  }

  begin(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    stream.on('headers', ((_headers, _flags, raw) => this.#interim(raw)) as RawListener);
    stream.on('response', ((_headers, _flags, raw) => this.#head(raw)) as RawListener);
    stream.on('trailers', ((_headers, _flags, raw) => this.#takeTrailers(raw)) as RawListener);
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => this.#closed());
    const { trailers, continueTimeout } = this.#request;
    if (trailers) stream.on('wantTrailers', () => this.#sendTrailers(stream, trailers));
    if (!expectsContinue(this.#request)) return this.#writeBody(stream);
    this.#held = new HeldBody(continueTimeout, this.#sink, () => this.#writeBody(stream));
  }

  #sendTrailers(stream: ClientHttp2Stream, trailers: readonly FieldLine[]): void {
    try {
      stream.sendTrailers(trailersByName(trailers));
    } catch (error) {
      this.#fail(error as Error, { code: 'unsupported', confidence: 'certain', detail: { part: 'trailer' } });
    }
  }

  #writeBody(stream: ClientHttp2Stream): void {
    const { body } = this.#request;
    if (!body || body.size === 0) {
      if (this.#request.trailers) stream.end();
      return;
    }
    if (body.bytes) {
      stream.end(body.bytes);
      return;
    }
    const source = body.open();
    source.on('error', (error) => this.#fail(error));
    stream.once('close', () => source.destroy());
    source.pipe(stream);
  }

  /** The sink has heard how it ended, or wants to hear no more. */
  get isOver(): boolean {
    return this.#over;
  }

  get allQueued(): boolean {
    return this.#sentTarget !== undefined;
  }

  frameSent(frame: RawFrame, queued: number, at: number): void {
    this.lastSentAt = at;
    if (frame.type === frameType.headers || frame.type === frameType.continuation) {
      // Those behind the body are trailers.
      if (!this.#started) this.#headSize += frame.length + 9;
      this.#headStartAt ??= frame.startAt;
      if (frame.flags & frameFlag.endHeaders) this.#start(frame, this.#headStartAt);
    }
    if (frame.type === frameType.data) this.#bodyQueued += frame.length;
    const ends = frame.type === frameType.headers || frame.type === frameType.data;
    if (ends && frame.flags & frameFlag.endStream) this.#sentTarget = queued;
  }

  /** The kernel has taken everything that was queued. */
  progressed(at: number): void {
    if (!this.#over) this.#sink.requestProgress(at, this.#bodyQueued);
  }

  #start(frame: RawFrame, at: number): void {
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

  frameReceived(frame: RawFrame, at: number): void {
    if (frame.type === frameType.headers) this.#blocks.push({ startAt: frame.startAt, at, size: 0 });
    const block = this.#blocks.at(-1);
    if (block && (frame.type === frameType.headers || frame.type === frameType.continuation)) {
      block.at = at;
      block.size += frame.length + 9;
    }
    if (frame.type === frameType.resetStream) this.#resetReceived = true;
    const ends = frame.type === frameType.headers || frame.type === frameType.data;
    if (ends && frame.flags & frameFlag.endStream) this.#endStreamAt = at;
  }

  #interim(raw: string[]): void {
    if (this.#over) return;
    this.#interimCount += 1;
    const at = this.#blocks.shift()?.at ?? this.#tap.lastReadAt!;
    const { maxInterimResponses: limit } = this.#request;
    if (this.#interimCount > limit) {
      const detail = { interimResponses: this.#interimCount, limit };
      const known = { code: 'malformed-response', confidence: 'certain', detail } as const;
      this.#fail(new Error('too many interim responses'), known);
      return;
    }
    this.#sink.interim(at, statusOf(raw), linesOf(withoutPseudo(raw)));
    if (statusOf(raw) === 100) this.#held?.goOn(at);
  }

  #head(raw: string[]): void {
    if (this.#over) return;
    this.#finalSeen = true;
    const block = this.#blocks.shift();
    const at = block?.at ?? this.#tap.lastReadAt!;
    this.#held?.answered(at);
    this.#sink.firstByte(block?.startAt ?? at);
    if (this.#isTooLarge(raw, 'response-head-too-large')) return;
    this.#sink.head(at, {
      httpVersion: '2', statusCode: statusOf(raw), reasonPhrase: '', headers: linesOf(withoutPseudo(raw)),
      headSize: block?.size,
    });
    this.#readBody();
  }

  #takeTrailers(raw: string[]): void {
    if (!this.#over && !this.#isTooLarge(raw, 'trailers-too-large')) this.#trailers = linesOf(raw);
  }

  /** The session's own limit holds only once the server has acknowledged it. */
  #isTooLarge(raw: string[], code: FailureCode): boolean {
    const { maxHeadSize: limit } = this.#request;
    const size = listSizeOf(raw);
    if (size <= limit) return false;
    this.#fail(new Error('field section too large'), { code, confidence: 'certain', detail: { size, limit } });
    return true;
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
    // A body that nobody wanted is not sent any more (RFC 9113 §8.1).
    if (!this.#stream!.writableEnded) this.#stream!.close();
    this.#onOver(this.#stream?.id);
    this.#sink.end(this.#endStreamAt, this.#trailers);
  }

  #closed(): void {
    this.#ended();
    if (!this.#over) this.#fail(new Error('the stream was closed'));
  }

  #fail(error: Error, known?: Partial<Failure>): void {
    if (this.#over) return;
    this.#over = true;
    this.#held?.drop();
    this.#stream?.destroy();
    const reason = known ?? this.#reason();
    this.#onOver(this.#stream?.id);
    this.#sink.failed(error, reason);
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
    // We reset a stream whose head is beyond our own SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113
    // §10.5.1).
    if (errorName(code) === 'ENHANCE_YOUR_CALM') {
      const what = this.#finalSeen ? 'trailers-too-large' : 'response-head-too-large';
      return { code: what, confidence: 'likely', detail: { limit: this.#request.maxHeadSize } };
    }
    if (errorName(code) === 'PROTOCOL_ERROR') return { code: 'malformed-response', confidence: 'likely' };
    const closed = this.#tap.readableEnded || this.#tap.destroyed;
    if (!closed || this.#tap.errored) return undefined;
    return { code: this.#finalSeen ? 'response-truncated' : 'connection-closed', confidence: 'likely' };
  }

  resume(): void {
    this.#stream?.resume();
  }

  tellFrames(): void {
    this.#onOver(this.#stream?.id);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#held?.drop();
    this.#onOver(this.#stream?.id);
    const { constants } = process.getBuiltinModule('node:http2') as NodeHttp2;
    this.#stream?.close(constants.NGHTTP2_CANCEL);
    // `close` waits for what is unread; nobody reads it any more.
    this.#stream?.resume();
  }
}
