import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Tap } from '../connection.ts';
import { FrameReader } from './frames.ts';
import type { Frame } from './frames.ts';
import { headLimits } from './head.ts';
import { fieldsFor, hasBody, Http2Transmission } from './http2Stream.ts';
import type { Goaway } from './http2Stream.ts';
import type { OutgoingRequest, Sink, Transmission } from './transmission.ts';

// HTTP/2 goes through `node:http2` and not through undici: undici hides the stream's id, the order
// of fields, interim responses' fields and the codes of RST_STREAM and GOAWAY, and takes a reset in
// mid-body for an end.

type NodeHttp2 = typeof import('node:http2');

const clientPreface = 24; // RFC 9113 §3.4
const windowSize = 1024 * 1024;

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
