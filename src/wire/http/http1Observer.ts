import type { Tap } from '../connection.ts';
import type { FieldLine } from '../../trace/request.ts';
import { linesOf } from './fields.ts';
import { fieldLinesOf, headLimits, HeadScanner, statusLineOf } from './head.ts';
import type { Head } from './head.ts';
import type { OutgoingRequest, RequestStart, Sink } from './transmission.ts';

/** A head seen before on a connection, and its lines: many heads of a connection are the same. */
interface KnownHead {
  bytes: Buffer;
  lines: readonly FieldLine[] | undefined;
  version: '1.0' | '1.1';
}

function noHead(): KnownHead {
  return { bytes: Buffer.alloc(0), lines: undefined, version: '1.1' };
}

function beginsWith(chunk: Buffer, offset: number, { bytes }: KnownHead): boolean {
  const { length } = bytes;
  return length > 0 && chunk.length >= offset + length
    && bytes.compare(chunk, offset, offset + length) === 0;
}

/**
 * Watches the exchanges of an HTTP/1.1 connection at its tap, one after another: what really went out, when the kernel took it, when the
 * response's first byte came, and interim responses (RFC 9110 §15.2), whichever client does the rest.
 */
export class Http1Observer {
  readonly #tap: Tap;
  readonly #lastSent = noHead();
  readonly #lastReceived = noHead();

  #sink: Sink | undefined;
  #client: RequestStart['client'] = 'undici';
  #request: OutgoingRequest | undefined;

  #outgoing: HeadScanner | undefined;
  #requestHeadSize: number | undefined;
  #queuedSize = 0;
  #isChunked = false;
  #allQueued = false;
  #sent = false;

  #incoming: HeadScanner | undefined;
  #headAwaited = true;
  #firstByteSeen = false;
  #interimCount = 0;
  #responseVersion: '1.0' | '1.1' = '1.1';
  #responseHeadSize: number | undefined;

  constructor(tap: Tap) {
    this.#tap = tap;
  }

  /** Begins with the next exchange, whose request `client` is about to write. */
  observe(request: OutgoingRequest, client: RequestStart['client'], sink: Sink): void {
    this.#request = request;
    this.#client = client;
    this.#sink = sink;
    this.#outgoing = undefined;
    this.#requestHeadSize = undefined;
    this.#queuedSize = 0;
    this.#isChunked = request.typed.has('transfer-encoding');
    this.#allQueued = false;
    this.#sent = false;
    this.#incoming = undefined;
    this.#headAwaited = true;
    this.#firstByteSeen = false;
    this.#interimCount = 0;
    this.#tap.onQueue = this.#queued;
    this.#tap.onWritten = this.#written;
    this.#tap.onRead = this.#read;
  }

  /** Of the final response; known once its head has passed. */
  get responseVersion(): '1.0' | '1.1' {
    return this.#responseVersion;
  }

  get responseHeadSize(): number | undefined {
    return this.#responseHeadSize;
  }

  /** The client has handed down everything: what is queued now is the whole request. */
  allQueued(): void {
    this.#allQueued = true;
    const { bytesWritten, bytesQueued, lastWrittenAt } = this.#tap;
    if (bytesWritten === bytesQueued && lastWrittenAt !== undefined) this.#written(lastWrittenAt);
  }

  /** Ends watching; the tap's callbacks are free. */
  detach(): void {
    this.#sink = undefined;
    this.#request = undefined;
    this.#tap.onQueue = undefined;
    this.#tap.onWritten = undefined;
    this.#tap.onRead = undefined;
  }

  readonly #queued = (chunk: Buffer, at: number): void => {
    this.#queuedSize += chunk.length;
    if (this.#requestHeadSize === undefined) this.#lookForHead(chunk, at);
    // The client may say so only after an answer has come already: better counted here.
    if (this.#requestHeadSize !== undefined && !this.#isChunked) {
      const size = this.#requestHeadSize + (this.#request!.body?.size ?? 0);
      this.#allQueued ||= this.#queuedSize >= size;
    }
  };

  #lookForHead(chunk: Buffer, at: number): void {
    const last = this.#lastSent;
    if (!this.#outgoing && beginsWith(chunk, 0, last)) return this.#requestHead(last, at);
    const found = (this.#outgoing ??= new HeadScanner()).feed(chunk, 0, at);
    if (!found) return;
    const { text, startAt } = found.head;
    last.bytes = Buffer.from(text, 'latin1');
    last.lines = fieldLinesOf(text);
    last.version = text.startsWith('HTTP/1.0', text.indexOf('\r\n') - 8) ? '1.0' : '1.1';
    this.#requestHead(last, startAt);
  }

  #requestHead({ bytes, lines, version }: KnownHead, startAt: number): void {
    this.#requestHeadSize = bytes.length;
    this.#sink!.requestStarted(startAt, {
      requestTarget: this.#request!.requestTarget, authority: this.#request!.authority,
      httpVersion: version, headers: lines!, client: this.#client,
    });
  }

  readonly #written = (at: number): void => {
    if (!this.#allQueued || this.#sent || this.#requestHeadSize === undefined) return;
    this.#sent = true;
    this.#sink!.requestSent(at, this.#request!.body?.size ?? 0, this.#requestHeadSize);
  };

  readonly #read = (chunk: Buffer, at: number): void => {
    if (!this.#headAwaited) return;
    const last = this.#lastReceived;
    if (!this.#incoming && beginsWith(chunk, 0, last)) return this.#finalHead(last.version, last.bytes.length, at);
    this.#incoming ??= new HeadScanner();
    for (let offset = 0; this.#headAwaited && offset < chunk.length;) {
      const found = this.#incoming.feed(chunk, offset, at);
      if (!found) return this.#checkPending(this.#incoming);
      offset = found.offset;
      this.#headPassed(found.head, at);
    }
  };

  #headPassed(head: Head, at: number): void {
    const status = statusLineOf(head.text);
    // RFC 9110 §15.2: any number of interim responses before the final one; 101 is final.
    if (status && status.statusCode >= 100 && status.statusCode < 200 && status.statusCode !== 101) {
      this.#interimCount += 1;
      if (this.#interimCount > headLimits.interimResponses) return this.#tooManyInterim();
      return this.#sink!.interim(at, status.statusCode, fieldLinesOf(head.text));
    }
    const received = this.#lastReceived;
    received.bytes = Buffer.from(head.text, 'latin1');
    received.version = status?.version ?? '1.1';
    received.lines = undefined;
    this.#finalHead(received.version, head.size, head.startAt);
    if (head.size > headLimits.size) this.#headTooLarge(head.size);
  }

  #finalHead(version: '1.0' | '1.1', size: number, startAt: number): void {
    this.#headAwaited = false;
    this.#responseVersion = version;
    this.#responseHeadSize = size;
    if (!this.#firstByteSeen) this.#sink!.firstByte(startAt);
    this.#firstByteSeen = true;
  }

  /** The lines of the final head; `raw` as the client's parser has them, unless they are known. */
  linesOf(raw: readonly (Buffer | string)[]): readonly FieldLine[] {
    return this.#lastReceived.lines ??= linesOf(raw);
  }

  /** An incomplete head: the wait is over once it cannot be an interim response any more. */
  #checkPending(scanner: HeadScanner): void {
    if (scanner.pending > headLimits.size) return this.#headTooLarge(scanner.pending);
    const start = scanner.start();
    if (start.length >= 12 && (start[9] !== '1' || start.slice(9) === '101')) this.reportFirstByte();
  }

  /** The response began but its head never ended: say at least when it began. */
  reportFirstByte(): void {
    if (this.#headAwaited && this.#incoming && this.#incoming.pending > 0 && !this.#firstByteSeen) {
      this.#firstByteSeen = true;
      this.#sink!.firstByte(this.#incoming.startAt);
    }
  }

  #headTooLarge(size: number): void {
    this.reportFirstByte();
    this.#sink!.failed(new Error('response head too large'), {
      code: 'response-head-too-large', confidence: 'certain', detail: { size, limit: headLimits.size },
    });
  }

  #tooManyInterim(): void {
    this.#sink!.failed(new Error('too many interim responses'), {
      code: 'malformed-response', confidence: 'certain',
      detail: { interimResponses: this.#interimCount, limit: headLimits.interimResponses },
    });
  }
}
