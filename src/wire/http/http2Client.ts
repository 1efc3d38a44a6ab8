import type { ClientHttp2Session, ClientHttp2Stream, ClientSessionRequestOptions } from 'node:http2';
import type { HeadLimits } from '../../trace/request.ts';
import type { Tap } from '../connection.ts';
import { frameType } from '../../trace/http2/frameNames.ts';
import { clientPreface, FrameReader } from '../../trace/http2/frameReader.ts';
import type { RawFrame } from '../../trace/http2/frameReader.ts';
import { FrameTelling } from './frameTelling.ts';
import type { TellFrames } from './frameTelling.ts';
import { fieldsFor } from './http2Fields.ts';
import { Http2Transmission } from './http2Stream.ts';
import type { Goaway } from './http2Stream.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';

// HTTP/2 goes through `node:http2` and not through undici: undici hides the stream's id, the order
// of fields, interim responses' fields and the codes of RST_STREAM and GOAWAY, and takes a reset in
// mid-body for an end.

type NodeHttp2 = typeof import('node:http2');

const windowSize = 1024 * 1024;

/** How long the goodbye may take to leave, ms. */
const goodbyeWait = 500;

/** One HTTP/2 connection over a tap, shared by its streams. */
export class Http2Client {
  readonly #tap: Tap;
  readonly #session: ClientHttp2Session;
  readonly #telling: FrameTelling | undefined;
  readonly #outgoing: FrameReader;
  readonly #incoming: FrameReader;
  readonly #streams = new Map<number, Http2Transmission>();
  readonly #unsent = new Set<Http2Transmission>();
  /** Those whose body is on its way. */
  readonly #uploads = new Set<Http2Transmission>();
  readonly #onChange: () => void;
  #queued = 0;
  /** Until the server has said how many (RFC 9113 §6.5.2 recommends no fewer). */
  #maxStreams = 100;
  #hasSettings = false;
  #goodbye: NodeJS.Timeout | undefined;
  goaway: Goaway | undefined;

  /**
   * `onChange` is called when a stream ends or the server's limits change. With `onFrames`, frames are decoded: those
   * of a stream are told to its sink, the others here.
   */
  constructor(tap: Tap, authority: string, limits: HeadLimits, onChange: () => void, onFrames?: TellFrames) {
    this.#tap = tap;
    this.#onChange = onChange;
    this.#telling = onFrames && new FrameTelling(onFrames);
    const decodes = onFrames !== undefined;
    this.#outgoing = new FrameReader(clientPreface, (frame, at) => this.#frameSent(frame, at), decodes);
    this.#incoming = new FrameReader(0, (frame, at) => this.#frameReceived(frame, at), decodes);
    tap.onQueue = (chunk, at) => {
      this.#queued += chunk.length;
      this.#outgoing.feed(chunk, at);
    };
    tap.onRead = (chunk, at) => void this.#incoming.feed(chunk, at);
    tap.onWritten = (at) => this.#written(at);
    // Behind its goodbye the session awaits the peer's end, which need not come.
    tap.once('finish', () => tap.destroy());
    this.#session = this.#open(authority, limits);
  }

  #open(authority: string, { size, fields }: HeadLimits): ClientHttp2Session {
    const { connect } = process.getBuiltinModule('node:http2') as NodeHttp2;
    // What is typed twice is sent twice: how the server takes that may be the question.
    const asTyped = { strictSingleValueFields: false };
    const session = connect(`http://${authority}`, {
      ...asTyped,
      createConnection: () => this.#tap,
      settings: { enablePush: false, initialWindowSize: windowSize, maxHeaderListSize: size },
      maxHeaderListPairs: 4 * fields,
      maxSessionMemory: 64,
    });
    session.on('error', () => this.#onChange());
    session.on('close', () => {
      clearTimeout(this.#goodbye);
      this.#telling?.end();
      this.#onChange();
    });
    session.on('remoteSettings', (settings) => {
      this.#hasSettings = true;
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

  /** How many streams the server allows at once; undefined before it has said so. */
  get streamsAllowed(): number | undefined {
    return this.#hasSettings ? this.#maxStreams : undefined;
  }

  /** Whether another stream may be opened now. */
  get hasRoom(): boolean {
    return this.isOpen && this.#streams.size < this.#maxStreams;
  }

  /** Whether streams may be opened at all. */
  get isOpen(): boolean {
    // RFC 9113 §6.5.2: a server may allow no streams for now; without one under way nobody can wait for another.
    if (this.#maxStreams === 0 && this.#streams.size === 0) return false;
    return !this.#session.closed && !this.#session.destroyed && !this.goaway && !this.#tap.destroyed;
  }

  send(request: OutgoingRequest, sink: Sink): Transmission {
    const transmission = new Http2Transmission(
      request, sink, this.#tap, () => this.goaway, (stream) => {
        this.#telling?.close(stream);
        this.#expectClose();
      });
    const waitForTrailers = request.trailers !== undefined;
    const endStream = !hasBody(request) && !waitForTrailers;
    const stream = this.#request(fieldsFor(request), { endStream, waitForTrailers });
    transmission.begin(stream);
    if (stream.id === undefined) stream.once('ready', () => this.#register(stream, transmission));
    else this.#register(stream, transmission);
    return transmission;
  }

  #request(fields: string[], options: ClientSessionRequestOptions): ClientHttp2Stream {
    try {
      return this.#session.request(fields as never, options);
    } catch (error) {
      // It was lent for nothing.
      this.#onChange();
      throw error;
    }
  }

  #register(stream: ClientHttp2Stream, transmission: Http2Transmission): void {
    const id = stream.id!;
    this.#streams.set(id, transmission);
    this.#telling?.open(id, (frames, omitted) => transmission.framesSeen(frames, omitted));
    stream.once('close', () => {
      this.#streams.delete(id);
      this.#telling?.close(id);
      this.#unsent.delete(transmission);
      this.#uploads.delete(transmission);
      this.#onChange();
    });
  }

  /** Takes no more streams; says goodbye with GOAWAY and closes when those under way are over. */
  close(): void {
    if (this.#session.destroyed) return;
    this.#session.close();
    this.#expectClose();
  }

  /** The server may take nothing any more, neither the goodbye nor what resets a stream: then none of them closes. */
  #expectClose(): void {
    if (!this.#session.closed || this.#session.destroyed) return;
    for (const { isOver } of this.#streams.values()) if (!isOver) return;
    this.#goodbye ??= setTimeout(() => this.#tap.destroy(), goodbyeWait).unref();
  }

  #frameSent(frame: RawFrame, at: number): void {
    this.#telling?.add('sent', frame, at);
    const transmission = this.#streams.get(frame.stream);
    if (!transmission) return;
    transmission.frameSent(frame, this.#queued, at);
    if (transmission.allQueued) {
      this.#unsent.add(transmission);
      this.#uploads.delete(transmission);
    } else if (frame.type === frameType.data) {
      this.#uploads.add(transmission);
    }
  }

  #frameReceived(frame: RawFrame, at: number): void {
    this.#telling?.add('received', frame, at);
    this.#streams.get(frame.stream)?.frameReceived(frame, at);
  }

  #written(at: number): void {
    for (const transmission of this.#uploads) transmission.progressed(at);
    for (const transmission of this.#unsent) {
      if (!transmission.written(at, this.#tap.bytesWritten)) continue;
      this.#unsent.delete(transmission);
    }
  }
}

function hasBody(request: OutgoingRequest): boolean {
  return request.body !== undefined && request.body.size > 0;
}
