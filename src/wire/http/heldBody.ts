import { monotonicNow } from '../clock.ts';
import { listMembers } from './fields.ts';
import type { OutgoingRequest, Sink } from './transmission.ts';

/** RFC 9110 §10.1.1: the request says that its body waits for `100 Continue`; HTTP/1.0 does not know it. */
export function expectsContinue({ httpVersion, headers, typed, body }: OutgoingRequest): boolean {
  if (!typed.has('expect') || httpVersion === '1.0' || !body || body.size === 0) return false;
  return listMembers(headers, 'expect').includes('100-continue');
}

/** A body held back until the server says to go on, gives its final answer, or says nothing for a while. */
export class HeldBody {
  readonly #sink: Sink;
  readonly #release: () => void;
  readonly #startAt = monotonicNow();
  readonly #timer: NodeJS.Timeout;
  #isHeld = true;

  /**
   * After `wait` ms without an answer `release` is called all the same: RFC 9110 §10.1.1 has no client wait for ever.
   */
  constructor(wait: number, sink: Sink, release: () => void) {
    this.#sink = sink;
    this.#release = release;
    sink.bodyHeld();
    this.#timer = setTimeout(() => this.#over('timeout', monotonicNow()), wait);
  }

  /** `100 Continue` came, at `at` ms. */
  goOn(at: number): void {
    this.#over('continued', at);
  }

  /** The final response came: the body is not wanted any more. */
  answered(at: number): void {
    this.#over('answered', at);
  }

  /** It is all over; nobody is told. */
  drop(): void {
    this.#isHeld = false;
    clearTimeout(this.#timer);
  }

  #over(outcome: 'continued' | 'timeout' | 'answered', at: number): void {
    if (!this.#isHeld) return;
    this.drop();
    this.#sink.continueAwaited(this.#startAt, at, outcome);
    if (outcome !== 'answered') this.#release();
  }
}
