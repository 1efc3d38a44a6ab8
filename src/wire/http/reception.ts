import type { ExchangeEvent } from '../../trace/event.ts';
import type { ContentLimits, FieldLine } from '../../trace/request.ts';
import { ContentReceiver } from '../content/receiver.ts';
import type { ContentProblem, ReceiverCallbacks } from '../content/receiver.ts';
import type { ContentTaker } from '../content/writer.ts';
import { progressInterval } from './progress.ts';

/** A body that is longer, in bytes, is worth changing how it is read; the bytes kept for looking at are before it. */
const borrowedFrom = 4 * 1024 * 1024;

/** The body of one response on its way to where its content is kept. */
export class Reception {
  readonly #writer: ContentTaker;
  readonly #receiver: ContentReceiver;
  readonly #headAt: number;
  #progressAt: number;

  /** `headAt` is when the head had come, ms. */
  constructor(
    headAt: number, contentEncoding: readonly string[], writer: ContentTaker, limits: ContentLimits,
    callbacks: ReceiverCallbacks,
  ) {
    this.#headAt = headAt;
    this.#progressAt = headAt;
    this.#writer = writer;
    this.#receiver = new ContentReceiver(contentEncoding, writer, limits, callbacks);
  }

  /** The length in bytes that the head promises; beyond a limit it is a question at once. */
  expect(length: number | undefined): void {
    if (length !== undefined) this.#receiver.expect(length);
  }

  /** Whether somebody is asked about a limit. */
  get isHeld(): boolean {
    return this.#receiver.isHeld;
  }

  /** The answer to that. */
  release(goOn: boolean): void {
    this.#receiver.release(goOn);
  }

  /** Long already, and chunks are done with when {@link write} returns. */
  get mayBorrow(): boolean {
    return this.#receiver.bodySize > borrowedFrom && this.#receiver.keepsNothing;
  }

  /** Takes part of the body as framed. False: pause until `onDrain`. */
  write(chunk: Buffer): boolean {
    return this.#receiver.write(chunk);
  }

  /** An event when it is time for one. */
  progress(at: number): ExchangeEvent | undefined {
    if (at - this.#progressAt < progressInterval(at - this.#headAt)) return undefined;
    this.#progressAt = at;
    const { bodySize } = this.#receiver;
    return { type: 'body-progress', at, bodySize, contentSize: this.#writer.size };
  }

  /** The body is over, in order or not; `done` hears why the content is not whole, if it is not. */
  end(done: (problem?: ContentProblem) => void): void {
    this.#receiver.end(done);
  }

  abort(): void {
    this.#receiver.abort();
  }

  bodyEnd(at: number, trailers: readonly FieldLine[], complete: boolean): ExchangeEvent {
    const { size: contentSize, storedIn } = this.#writer;
    const { bodySize } = this.#receiver;
    return { type: 'body-end', at, bodySize, contentSize, trailers, complete, storedIn };
  }
}
