import { EventEmitter } from 'node:events';
import type { Tap } from '../connection.ts';

const interimStart = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const emptyLine = Buffer.from('\r\n\r\n', 'latin1');
const forwarded = ['readable', 'end', 'error', 'close', 'drain'] as const;

/**
 * What undici sees of a tap. It does two things that undici cannot: it takes interim responses out
 * (undici breaks the connection at an unasked `100 Continue`, which RFC 9110 §15.2 says to parse;
 * they are recorded at the tap), and it can let go of the tap, so that `node:http` may use the same
 * connection afterwards.
 */
export class UndiciSocket extends EventEmitter {
  readonly #tap: Tap;
  readonly #listeners = new Map<string, (argument: unknown) => void>();
  #released = false;
  #passing = false;
  #held: Buffer | undefined;

  constructor(tap: Tap) {
    super();
    this.#tap = tap;
    for (const name of forwarded) {
      const listener = name === 'close' ? (): void => this.#closed()
        : (argument: unknown): void => void this.emit(name, argument);
      this.#listeners.set(name, listener);
      tap.on(name, listener);
    }
  }

  /**
   * undici makes an error of every close, also after the last response; a stack for it costs 10 µs
   * and is read by nobody.
   */
  #closed(): void {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      this.emit('close');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** Before each request: the next bytes are a head again. */
  expectHead(): void {
    this.#passing = false;
    this.#held = undefined;
  }

  /** Lets go: undici sees a closed socket, the connection stays open. */
  release(): void {
    this.#released = true;
    for (const [name, listener] of this.#listeners) this.#tap.off(name, listener);
    this.#closed();
  }

  read(): Buffer | null {
    const chunk = this.#tap.read() as Buffer | null;
    if (chunk === null || this.#passing) return chunk;
    // `HTTP/1.1 2…`, mostly.
    this.#passing = this.#held === undefined && chunk.length > 9 && chunk[9] !== 0x31;
    return this.#passing ? chunk : this.#withoutInterim(chunk);
  }

  #withoutInterim(chunk: Buffer): Buffer | null {
    let rest = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = undefined;
    while (rest.length > 0) {
      // Too short to tell, but still possibly one.
      if (rest.length < 12 && 'HTTP/1.1 1'.startsWith(rest.toString('latin1', 0, 10))) break;
      if (!interimStart.test(rest.toString('latin1', 0, 12))) {
        this.#passing = true;
        return rest;
      }
      const end = rest.indexOf(emptyLine);
      if (end === -1) break;
      rest = rest.subarray(end + emptyLine.length);
    }
    this.#held = rest.length > 0 ? rest : undefined;
    return null;
  }

  unshift(chunk: Buffer): void {
    this.#tap.unshift(chunk);
  }

  write(chunk: Buffer | string, encoding?: BufferEncoding): boolean {
    return this.#tap.write(chunk, encoding as BufferEncoding);
  }

  cork(): void {
    this.#tap.cork();
  }

  uncork(): void {
    this.#tap.uncork();
  }

  destroy(error?: Error): this {
    // undici ends a socket with errors of its own after the response; the connection's end is no
    // error then.
    if (!this.#released) this.#tap.destroy(error);
    return this;
  }

  get destroyed(): boolean {
    return this.#released || this.#tap.destroyed;
  }

  get errored(): Error | null {
    return this.#tap.errored;
  }

  get writableNeedDrain(): boolean {
    return this.#tap.writableNeedDrain;
  }

  get writableLength(): number {
    return this.#tap.writableLength;
  }

  /** undici takes for a stream what has `pipe`. */
  pipe(): never {
    throw new Error('not a stream to pipe');
  }
}
