import type { Tap } from '../connection.ts';
import type { FieldLine } from '../../trace/request.ts';
import { fieldLinesOf, headLimits, HeadScanner, statusLineOf } from './head.ts';
import type { Head } from './head.ts';
import type { OutgoingRequest, RequestStart, Sink } from './transmission.ts';

/** The head sent last on a connection and its lines: most heads of a connection are the same. */
export interface SentHead {
  text: string;
  lines: readonly FieldLine[];
}

/**
 * Watches one exchange of HTTP/1.1 at the tap: what really went out, when the kernel took it, when the
 * response's first byte came, and interim responses (RFC 9110 §15.2), whichever client does the rest.
 */
export class Http1Observer {
  readonly #tap: Tap;
  readonly #sink: Sink;
  readonly #client: RequestStart['client'];
  readonly #request: OutgoingRequest;
  readonly #lastSent: SentHead;

  readonly #outgoing = new HeadScanner();
  #requestHeadSize: number | undefined;
  #allQueued = false;
  #sent = false;

  #incoming: HeadScanner | undefined = new HeadScanner();
  #firstByteSeen = false;
  #interimCount = 0;
  #responseVersion: '1.0' | '1.1' = '1.1';
  #responseHeadSize: number | undefined;

  constructor(tap: Tap, request: OutgoingRequest, client: RequestStart['client'], lastSent: SentHead, sink: Sink) {
    this.#tap = tap;
    this.#request = request;
    this.#client = client;
    this.#lastSent = lastSent;
    this.#sink = sink;
    tap.onQueue = this.#queued;
    tap.onWritten = this.#written;
    tap.onRead = this.#read;
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

  /** Ends watching; the tap's callbacks are free for the next. */
  detach(): void {
    this.#tap.onQueue = undefined;
    this.#tap.onWritten = undefined;
    this.#tap.onRead = undefined;
  }

  readonly #queued = (chunk: Buffer, at: number): void => {
    if (this.#requestHeadSize !== undefined) return;
    const found = this.#outgoing.feed(chunk, 0, at);
    if (!found) return;
    this.#requestHeadSize = found.head.size;
    this.#sink.requestStarted(found.head.startAt, this.#startOf(found.head));
  };

  #startOf(head: Head): RequestStart {
    const last = this.#lastSent;
    if (head.text !== last.text) {
      last.lines = fieldLinesOf(head.text);
      last.text = head.text;
    }
    const lineEnd = head.text.indexOf('\r\n');
    return {
      requestTarget: this.#request.requestTarget,
      authority: this.#request.authority,
      httpVersion: head.text.startsWith('HTTP/1.0', lineEnd - 8) ? '1.0' : '1.1',
      headers: last.lines,
      client: this.#client,
    };
  }

  readonly #written = (at: number): void => {
    if (!this.#allQueued || this.#sent || this.#requestHeadSize === undefined) return;
    this.#sent = true;
    this.#sink.requestSent(at, this.#request.body?.size ?? 0, this.#requestHeadSize);
  };

  readonly #read = (chunk: Buffer, at: number): void => {
    if (!this.#incoming) return;
    let offset = 0;
    while (this.#incoming && offset < chunk.length) {
      const found = this.#incoming.feed(chunk, offset, at);
      if (!found) return this.#checkPending();
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
      return this.#sink.interim(at, status.statusCode, fieldLinesOf(head.text));
    }
    this.#incoming = undefined;
    this.#responseVersion = status?.version ?? '1.1';
    this.#responseHeadSize = head.size;
    if (!this.#firstByteSeen) this.#sink.firstByte(head.startAt);
    this.#firstByteSeen = true;
    if (head.size > headLimits.size) this.#headTooLarge(head.size);
  }

  /** An incomplete head: the wait is over once it cannot be an interim response any more. */
  #checkPending(): void {
    const scanner = this.#incoming!;
    if (scanner.pending > headLimits.size) return this.#headTooLarge(scanner.pending);
    const start = scanner.start();
    if (start.length >= 12 && (start[9] !== '1' || start.slice(9) === '101')) this.reportFirstByte();
  }

  /** The response began but its head never ended: say at least when it began. */
  reportFirstByte(): void {
    if (this.#incoming && this.#incoming.pending > 0 && !this.#firstByteSeen) {
      this.#firstByteSeen = true;
      this.#sink.firstByte(this.#incoming.startAt);
    }
  }

  #headTooLarge(size: number): void {
    this.reportFirstByte();
    this.#sink.failed(new Error('response head too large'), {
      code: 'response-head-too-large', confidence: 'certain', detail: { size, limit: headLimits.size },
    });
  }

  #tooManyInterim(): void {
    this.#sink.failed(new Error('too many interim responses'), {
      code: 'malformed-response', confidence: 'certain',
      detail: { interimResponses: this.#interimCount, limit: headLimits.interimResponses },
    });
  }
}
