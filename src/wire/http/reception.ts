import type { ExchangeEvent } from '../../trace/event.ts';
import type { FieldLine } from '../../trace/request.ts';
import { ContentReceiver } from '../content/receiver.ts';
import type { ContentLimits, ReceiverCallbacks } from '../content/receiver.ts';
import type { ContentWriter } from '../content/writer.ts';

/** Progress of a body is told at most this often, ms. */
const progressInterval = 50;

/** The body of one response on its way to where its content is kept. */
export class Reception {
  readonly #writer: ContentWriter;
  readonly #receiver: ContentReceiver;
  #progressAt: number;

  /** `headAt` is when the head had come, ms. */
  constructor(
    headAt: number, contentEncoding: readonly string[], writer: ContentWriter, limits: ContentLimits,
    callbacks: ReceiverCallbacks,
  ) {
    this.#progressAt = headAt;
    this.#writer = writer;
    this.#receiver = new ContentReceiver(contentEncoding, writer, limits, callbacks);
  }

  /** Takes part of the body as framed. False: pause until `onDrain`. */
  write(chunk: Buffer): boolean {
    return this.#receiver.write(chunk);
  }

  /** An event when it is time for one. */
  progress(at: number): ExchangeEvent | undefined {
    if (at - this.#progressAt < progressInterval) return undefined;
    this.#progressAt = at;
    const { bodySize } = this.#receiver;
    return { type: 'body-progress', at, bodySize, contentSize: this.#writer.size };
  }

  /** The body is over, in order or not; `done` hears whether the content is whole. */
  end(done: (complete: boolean) => void): void {
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
