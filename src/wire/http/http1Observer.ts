import type { Tap } from '../connection.ts';
import type { FieldLine } from '../../trace/request.ts';
import { ChunkCounter } from './chunkCounter.ts';
import { linesOf } from './fields.ts';
import { fieldLinesOf, HeadScanner, statusLineOf } from './head.ts';
import type { Head } from './head.ts';
import { beginsWith, isMadeFrom, sourceOf, withoutOtherFields } from './knownHead.ts';
import type { KnownHead, KnownHeads } from './knownHead.ts';
import type { OutgoingRequest, RequestStart, Sink } from './transmission.ts';
import { isFolded, unfolded, Unfolder } from './unfold.ts';

/**
 * Watches the exchanges of an HTTP/1.1 connection at its tap, one after another: what really went
 * out, when the kernel took it, when the response's first byte came, and interim responses (RFC
 * 9110 §15.2), whichever client does the rest.
 */
export class Http1Observer {
  readonly #tap: Tap;
  readonly #known: KnownHeads;

  #sink: Sink | undefined;
  #client: RequestStart['client'] = 'undici';
  #request: OutgoingRequest | undefined;

  #outgoing: HeadScanner | undefined;
  #requestHeadSize: number | undefined;
  #queuedSize = 0;
  /** Of a body in chunks: so much of what is queued is its content. */
  #chunks: ChunkCounter | undefined;
  #allQueued = false;
  #sent = false;

  #incoming: HeadScanner | undefined;
  #unfolder: Unfolder | undefined;
  #headAwaited = true;
  #firstByteSeen = false;
  #interimCount = 0;
  #finalResponse: KnownHead | undefined;

  constructor(tap: Tap, known: KnownHeads) {
    this.#tap = tap;
    this.#known = known;
  }

  /** Begins with the next exchange, whose request `client` is about to write. */
  observe(request: OutgoingRequest, client: RequestStart['client'], sink: Sink): void {
    this.#request = request;
    this.#client = client;
    this.#sink = sink;
    this.#outgoing = undefined;
    this.#requestHeadSize = undefined;
    this.#queuedSize = 0;
    this.#chunks = request.typed.has('transfer-encoding') ? new ChunkCounter() : undefined;
    this.#allQueued = false;
    this.#sent = false;
    this.#incoming = undefined;
    this.#unfolder = undefined;
    this.#headAwaited = true;
    this.#firstByteSeen = false;
    this.#interimCount = 0;
    this.#finalResponse = undefined;
    this.#tap.onQueue = this.#queued;
    this.#tap.onWritten = this.#written;
    this.#tap.onRead = this.#read;
  }

  /**
   * The octets of a text about to be written: the last head's, if it is the same. The text is joined from its parts
   * only when it is looked at, so it is told by what it was made of.
   */
  octetsOf(text: string): Buffer {
    const { sent } = this.#known;
    const isHead = this.#requestHeadSize === undefined && text.length === sent.text.length;
    if (isHead && this.#request && isMadeFrom(sent.source, this.#request)) return sent.bytes;
    if (isHead && text === sent.text) return sent.bytes;
    return Buffer.from(text, 'latin1');
  }

  /** Of the final response; known once its head has passed. */
  get responseVersion(): '1.0' | '1.1' {
    return this.#finalResponse?.version ?? '1.1';
  }

  /** undici keeps only the last piece of one that came in several. */
  get reasonPhrase(): string {
    return this.#finalResponse?.reasonPhrase ?? '';
  }

  get responseHeadSize(): number | undefined {
    return this.#finalResponse?.bytes.length;
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
    if (this.#requestHeadSize === undefined) return;
    const bodySize = this.#queuedSize - this.#requestHeadSize;
    if (this.#chunks) this.#chunks.feed(chunk.subarray(Math.max(0, chunk.length - bodySize)));
    else this.#allQueued ||= bodySize >= (this.#request!.body?.size ?? 0);
  };

  #lookForHead(chunk: Buffer, at: number): void {
    const last = this.#known.sent;
    if (!this.#outgoing && beginsWith(chunk, 0, last)) return this.#requestHead(last, at);
    const found = (this.#outgoing ??= new HeadScanner()).feed(chunk, 0, at);
    if (!found) return;
    const { text, startAt } = found.head;
    const version = text.startsWith('HTTP/1.0', text.indexOf('\r\n') - 8) ? '1.0' : '1.1';
    const made = { bytes: Buffer.from(text, 'latin1'), text, version, lines: fieldLinesOf(text) } as const;
    this.#known.sent = this.#client === 'undici' ? { ...made, source: sourceOf(this.#request!) } : made;
    this.#requestHead(this.#known.sent, startAt);
  }

  #requestHead({ bytes, lines, version }: KnownHead, startAt: number): void {
    this.#requestHeadSize = bytes.length;
    this.#sink!.requestStarted(startAt, {
      requestTarget: this.#request!.requestTarget, authority: this.#request!.authority,
      httpVersion: version, headers: lines!, client: this.#client,
    });
  }

  readonly #written = (at: number): void => {
    if (this.#sent || this.#requestHeadSize === undefined) return;
    // Everything handed down so far is gone: so much of a body that is streamed.
    if (!this.#allQueued) {
      return this.#sink!.requestProgress(at, this.#chunks?.size ?? this.#queuedSize - this.#requestHeadSize);
    }
    this.#sent = true;
    this.#sink!.requestSent(at, this.#request!.body?.size ?? 0, this.#requestHeadSize);
  };

  /**
   * Gives what the client is to read instead, where a line of the head is folded or may be, and where undici has parsed
   * the same head before.
   */
  readonly #read = (chunk: Buffer, at: number): Buffer | undefined => {
    if (!this.#headAwaited) return undefined;
    const last = this.#known.received;
    if (!this.#incoming && beginsWith(chunk, 0, last)) {
      this.#finalHead(last, at);
      const isKnown = last.lines && this.#client === 'undici' && this.#request!.method !== 'HEAD';
      return isKnown ? withoutOtherFields(chunk, last) : undefined;
    }
    this.#incoming ??= new HeadScanner();
    let instead: Buffer[] | undefined;
    let offset = 0;
    while (this.#headAwaited && offset < chunk.length) {
      const found = this.#incoming.feed(chunk, offset, at);
      const end = found?.offset ?? chunk.length;
      if (this.#unfolder || !found || isFolded(found.head.text)) {
        this.#unfolder ??= new Unfolder();
        instead ??= [chunk.subarray(0, offset)];
        instead.push(this.#unfolder.pass(chunk.subarray(offset, end), found !== undefined));
      }
      offset = end;
      if (found) this.#headPassed(found.head, at);
      else this.#checkPending(this.#incoming);
    }
    return instead && Buffer.concat([...instead, chunk.subarray(offset)]);
  };

  #headPassed(head: Head, at: number): void {
    const status = statusLineOf(head.text);
    if (status && status.statusCode < 100) return this.#malformed(head.startAt, { statusCode: status.statusCode });
    // RFC 9110 §15.2: any number of interim responses before the final one; 101 is final.
    if (status && status.statusCode >= 100 && status.statusCode < 200 && status.statusCode !== 101) {
      this.#interimCount += 1;
      if (this.#interimCount > this.#request!.maxInterimResponses) return this.#tooManyInterim();
      const text = isFolded(head.text) ? unfolded(head.text) : head.text;
      return this.#sink!.interim(at, status.statusCode, fieldLinesOf(text), status.reasonPhrase);
    }
    const bytes = Buffer.from(head.text, 'latin1');
    const { version = '1.1', reasonPhrase = '' } = status ?? {};
    const passed: KnownHead = { bytes, text: head.text, version, reasonPhrase, lines: undefined, framing: undefined };
    // One that is known goes to its client as it is.
    if (!isFolded(head.text)) this.#known.received = passed;
    this.#finalHead(passed, head.startAt);
    if (head.size > this.#maxHeadSize) this.#headTooLarge(head.size);
  }

  #finalHead(head: KnownHead, startAt: number): void {
    this.#headAwaited = false;
    this.#finalResponse = head;
    if (!this.#firstByteSeen) this.#sink!.firstByte(startAt);
    this.#firstByteSeen = true;
  }

  /** The lines of the final head; `raw` as the client's parser has them, unless they are known. */
  linesOf(raw: readonly (Buffer | string)[]): readonly FieldLine[] {
    if (!this.#finalResponse) return linesOf(raw);
    return this.#finalResponse.lines ??= linesOf(raw);
  }

  /** An incomplete head: the wait is over once it cannot be an interim response any more. */
  #checkPending(scanner: HeadScanner): void {
    if (scanner.pending > this.#maxHeadSize) return this.#headTooLarge(scanner.pending);
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

  get #maxHeadSize(): number {
    return this.#request!.maxHeadSize;
  }

  #headTooLarge(size: number): void {
    this.reportFirstByte();
    this.#sink!.failed(new Error('response head too large'), {
      code: 'response-head-too-large', confidence: 'certain', detail: { size, limit: this.#maxHeadSize },
    });
  }

  /** RFC 9110 §15: there is no status below 100; not every client looks. */
  #malformed(startAt: number, detail: Record<string, number>): void {
    if (!this.#firstByteSeen) this.#sink!.firstByte(startAt);
    this.#firstByteSeen = true;
    this.#headAwaited = false;
    this.#sink!.failed(new Error('the status code is below 100'), {
      code: 'malformed-response', confidence: 'certain', detail,
    });
  }

  #tooManyInterim(): void {
    this.#headAwaited = false;
    this.#sink!.failed(new Error('too many interim responses'), {
      code: 'malformed-response', confidence: 'certain',
      detail: { interimResponses: this.#interimCount, limit: this.#request!.maxInterimResponses },
    });
  }
}
