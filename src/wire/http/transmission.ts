import type { Readable } from 'node:stream';
import type { AuthorizationFacts } from '../../trace/authorization.ts';
import type { FieldLine } from '../../trace/request.ts';
import type { Failure } from '../../trace/failure.ts';
import type { Http2Frame } from '../../trace/http2/frame.ts';
import type { Tap } from '../connection.ts';

// Between an exchange and the client of one HTTP version: types only.

/**
 * A request body: its size in bytes, and either its bytes or a stream opened when it is time to
 * send.
 */
export interface RequestBody {
  readonly size: number;
  readonly bytes?: Buffer;
  open(): Readable;
}

/** A request, ready to be sent in any version of HTTP. */
export interface OutgoingRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Of the URL (RFC 3986 §3.2) without credentials, or the typed `Host`. */
  readonly authority: string;
  /** RFC 9112 §3.2: origin form, or absolute form for a proxy. */
  readonly requestTarget: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  /** All fields but `Host`; and `Host` too where it was typed. Values as octets. */
  readonly headers: readonly FieldLine[];
  /** Names typed in the file, in lower case. */
  readonly typed: ReadonlySet<string>;
  readonly body?: RequestBody;
  /** `Content-Length` is not that of the body. */
  readonly wrongLength?: true;
  /** How the credentials for the proxy were computed, where they were. */
  readonly toProxy?: AuthorizationFacts;
  /** Fields that follow the body; values as text. */
  readonly trailers?: readonly FieldLine[];
  /** The response's head may be so long, bytes. */
  readonly maxHeadSize: number;
  /** So many may come before the final one. */
  readonly maxInterimResponses: number;
  /** How long the body may be held back for `100 Continue`, ms. */
  readonly continueTimeout: number;
}

export interface RequestStart {
  readonly requestTarget: string;
  readonly authority: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly headers: readonly FieldLine[];
  readonly stream?: number;
  readonly client: 'undici' | 'node:http' | 'node:http2';
}

export interface ResponseHead {
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly headers: readonly FieldLine[];
  readonly headSize?: number;
}

/**
 * Told what happens to a request, in order; times on the monotonic axis, ms. After `end` or
 * `failed`, nothing more.
 */
export interface Sink {
  requestStarted(at: number, start: RequestStart): void;
  /** The kernel has taken so many bytes of the request's body. */
  requestProgress(at: number, bodySize: number): void;
  requestSent(at: number, bodySize: number, headSize: number | undefined): void;
  /** The body is held back for `100 Continue`, until {@link continueAwaited}. */
  bodyHeld(): void;
  /** The body was held back for `100 Continue` from `startAt` to `at`. */
  continueAwaited(startAt: number, at: number, outcome: 'continued' | 'timeout' | 'answered'): void;
  interim(at: number, statusCode: number, headers: readonly FieldLine[], reasonPhrase?: string): void;
  firstByte(at: number): void;
  head(at: number, head: ResponseHead): void;
  /** Frames of the stream, both directions, and how many more there were. Also after the end. */
  frames(frames: readonly Http2Frame[], omitted: number): void;
  /** Part of the body as framed. False asks for a pause until {@link Transmission.resume}. */
  data(chunk: Buffer): boolean;
  /** Every byte promised by the framing arrived; the last one at `at`. */
  end(at: number, trailers: readonly FieldLine[]): void;
  /**
   * After a head of 101: the connection speaks another protocol and is the sink's from here on. `rest` is what came
   * behind the head.
   */
  upgraded(at: number, tap: Tap, rest: Buffer): void;
  /** `kind` says what is known beyond the error; else the error itself is classified. */
  failed(error: Error, known?: Partial<Failure>): void;
}

/** A request on its way. */
export interface Transmission {
  /** When something of it was sent last, ms, where it shares its connection; else that of the tap counts. */
  readonly lastSentAt?: number | undefined;
  resume(): void;
  /** Tells the sink of the frames that it has not heard of. */
  tellFrames?(): void;
  /** Stops at once; the sink hears nothing more. */
  abort(): void;
}
