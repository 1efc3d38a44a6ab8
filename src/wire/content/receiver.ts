import type { ContentLimitMet } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import type { ContentLimits } from '../../trace/request.ts';
import type { CodedStream } from './codedStream.ts';
import { codingsOf, createDecoder } from './decoder.ts';
import type { ContentTaker, WriterOwner } from './writer.ts';

/** The ratio of a small content says little: it counts beyond so many bytes. */
const expansionFrom = 10 * 1024 * 1024;

/** Why a content cannot be taken: the members of {@link Failure} known here. */
export type ContentProblem = Pick<Failure, 'code' | 'confidence'> & Partial<Failure>;

export interface ReceiverCallbacks {
  /** More may be given after {@link ContentReceiver.write} said no. */
  onDrain(): void;
  /** Called with each piece of the decoded content, when it is wanted. It must not be kept or changed. */
  onContent?: ((piece: Buffer) => void) | undefined;
  /** A limit is met. True: somebody is asked, and nothing more is taken until {@link ContentReceiver.release}. */
  onLimit(met: ContentLimitMet): boolean;
  /** Nothing more is taken. Called once, never after the end. */
  onProblem(problem: ContentProblem): void;
}

/**
 * Undoes the content codings of one response, chunk by chunk, and hands the content to its writer.
 */
export class ContentReceiver implements WriterOwner {
  readonly #writer: ContentTaker;
  #limits: ContentLimits;
  readonly #callbacks: ReceiverCallbacks;
  readonly #codings: readonly string[];
  #decoders: CodedStream[] | undefined;
  #first: Buffer | undefined;
  #bodySize = 0;
  #over = false;
  /** What came since a limit was met that somebody is asked about. */
  #held: Buffer[] | undefined;
  #met: ContentLimitMet | undefined;
  #endedWhileHeld = false;
  #done: ((problem?: ContentProblem) => void) | undefined;

  constructor(
    contentEncoding: readonly string[], writer: ContentTaker, limits: ContentLimits,
    callbacks: ReceiverCallbacks,
  ) {
    this.#writer = writer;
    this.#limits = limits;
    this.#callbacks = callbacks;
    const codings = codingsOf(contentEncoding);
    this.#codings = codings.undone;
    writer.owner = this;
    if (codings.count > limits.codings) {
      // Before a decoder says that it cannot.
      process.nextTick(() => this.#problem({
        code: 'decoding-failed', confidence: 'certain', detail: { codings: codings.count, limit: limits.codings },
      }));
    }
  }

  /** Bytes as framed, so far. */
  get bodySize(): number {
    return this.#bodySize;
  }

  /** Bytes after decoding, so far. */
  get contentSize(): number {
    return this.#writer.size;
  }

  /** The length in bytes that the response's head promises: without codings it is the content's. */
  expect(length: number): void {
    const { size } = this.#limits;
    if (this.#over || this.#codings.length > 0 || length <= size) return;
    this.#meet({ limit: 'size', allowed: size, bodySize: 0, contentSize: 0, announced: length });
  }

  /** Whether an answer is awaited. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** The answer: the limit that was met does not count any more, or this is the end. */
  release(goOn: boolean): void {
    const held = this.#held;
    if (!held || this.#over) return;
    const met = this.#met!;
    this.#held = undefined;
    if (!goOn) return this.#problem(tooLarge(met, true));
    this.#limits = { ...this.#limits, [met.limit]: Infinity };
    let more = true;
    for (const chunk of held) more = this.#append(chunk);
    if (this.isHeld || this.#over) return;
    if (this.#endedWhileHeld) this.#finish();
    else if (more) this.onDrain();
  }

  /** Chunks are done with when {@link write} returns. */
  get keepsNothing(): boolean {
    return this.#codings.length === 0 && this.#writer.storedIn === 'file';
  }

  /** Takes part of the body as framed. False: pause until {@link ReceiverCallbacks.onDrain}. */
  write(chunk: Buffer): boolean {
    if (this.#over) return true;
    this.#bodySize += chunk.length;
    if (this.#codings.length === 0) return this.#append(chunk);
    if (!this.#decoders) return this.#start(chunk);
    return this.#decoders[0]!.write(chunk);
  }

  /**
   * The body is over, in order or not. What is still being decoded is awaited; `done` hears what is wrong when the
   * codings did not end where the body did. It is called at once when there is nothing to wait for, and not at all
   * after {@link ReceiverCallbacks.onProblem}.
   */
  end(done: (problem?: ContentProblem) => void): void {
    if (this.#over) return;
    this.#done = done;
    if (this.#first && !this.#decoders) this.#open(this.#first);
    if (this.#decoders) this.#decoders[0]!.end();
    else this.#finish();
  }

  /** Stops now; what has arrived is kept. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    for (const decoder of this.#decoders ?? []) decoder.destroy();
    this.#writer.end(ignore);
  }

  /** Two bytes tell the two kinds of `deflate` apart. */
  #start(chunk: Buffer): boolean {
    const first = this.#first ? Buffer.concat([this.#first, chunk]) : chunk;
    this.#first = first;
    if (first.length < 2) return true;
    return this.#open(first);
  }

  #open(first: Buffer): boolean {
    const decoders = this.#codings.map(
      (coding, index) => createDecoder(coding, index === 0 ? first : zlibHead));
    this.#decoders = decoders;
    for (const [index, decoder] of decoders.entries()) {
      decoder.on('error', (error) => this.#decodingFailed(error));
      if (index > 0) decoders[index - 1]!.pipe(decoder);
    }
    const last = decoders.at(-1)!;
    last.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#append(chunk)) last.pause();
    });
    last.on('end', () => this.#finish());
    decoders[0]!.on('drain', () => this.#callbacks.onDrain());
    return decoders[0]!.write(first);
  }

  #append(chunk: Buffer): boolean {
    if (this.#held) {
      this.#held.push(Buffer.from(chunk));
      return false;
    }
    const met = this.#limitMet(this.#writer.size + chunk.length);
    if (met) {
      this.#meet(met);
      return this.#held === undefined || this.#append(chunk);
    }
    this.#callbacks.onContent?.(chunk);
    return this.#writer.append(chunk);
  }

  #limitMet(size: number): ContentLimitMet | undefined {
    const { size: largest, expansion } = this.#limits;
    const sizes = { bodySize: this.#bodySize, contentSize: size };
    if (size > largest) return { limit: 'size', allowed: largest, ...sizes };
    if (!this.#decoders || size <= expansionFrom || size <= expansion * this.#bodySize) return undefined;
    return { limit: 'expansion', allowed: expansion, ...sizes };
  }

  #meet(met: ContentLimitMet): void {
    this.#met = met;
    this.#held = [];
    if (this.#callbacks.onLimit(met)) return;
    this.#held = undefined;
    this.#problem(tooLarge(met, false));
  }

  onError(error: Error): void {
    this.#problem(notStored(error));
  }

  onDrain(): void {
    if (this.#over) return;
    if (!this.#decoders) this.#callbacks.onDrain();
    else this.#decoders.at(-1)!.resume();
  }

  /** Data that ends too early is no broken coding but a truncated one. */
  #decodingFailed(error: Error & { code?: string }): void {
    if (this.#over) return;
    const truncated = error.code === 'Z_BUF_ERROR' || /unexpected end/i.test(error.message);
    if (truncated && this.#done) return this.#finish(true);
    this.#problem({
      code: 'decoding-failed', confidence: 'certain', cause: causeOf(error),
      detail: { codings: [...this.#codings] },
    });
  }

  #finish(isCut = false): void {
    if (this.#over) return;
    if (this.#held && !isCut) {
      this.#endedWhileHeld = true;
      return;
    }
    this.#over = true;
    const done = this.#done!;
    this.#writer.end((error) => {
      if (error) this.#callbacks.onProblem(notStored(error));
      else done(isCut ? endedEarly : this.#excess());
    });
  }

  /** What follows the end of the outermost coding that ended before its input did. */
  #excess(): ContentProblem | undefined {
    const excess = this.#decoders?.find((decoder) => decoder.excess > 0)?.excess;
    if (excess === undefined) return undefined;
    return { code: 'decoding-failed', confidence: 'certain', detail: { codings: [...this.#codings], excess } };
  }

  #problem(problem: ContentProblem): void {
    if (this.#over) return;
    this.#over = true;
    for (const decoder of this.#decoders ?? []) decoder.destroy();
    this.#writer.end(ignore);
    this.#callbacks.onProblem(problem);
  }
}

const endedEarly: ContentProblem = {
  code: 'response-truncated', confidence: 'certain', detail: { where: 'content-coding' },
};

const zlibHead = Buffer.from([0x78, 0x9c]);

function tooLarge({ limit, allowed, announced, ...sizes }: ContentLimitMet, asked: boolean): ContentProblem {
  const detail = {
    [limit === 'size' ? 'limit' : 'expansion']: allowed, ...sizes,
    ...(announced === undefined ? {} : { announced }), ...(asked ? { asked } : {}),
  };
  return { code: 'content-too-large', confidence: 'certain', detail };
}

function notStored(error: Error): ContentProblem {
  return { code: 'content-not-stored', confidence: 'certain', cause: causeOf(error) };
}

function causeOf(error: Error & { code?: string }): { code?: string; message: string } {
  return { ...(error.code === undefined ? {} : { code: error.code }), message: error.message };
}

function ignore(): void {}
