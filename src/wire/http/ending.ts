import type { EventStreamReader } from '../../trace/eventStream.ts';
import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';
import type { Timeouts } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import type { ConnectionRecord, PooledConnection } from '../pooled.ts';
import { phaseUnderWay } from './connectionPhase.ts';
import { Deadline } from './deadline.ts';
import type { DeadlineKind, DeadlineOwner } from './deadline.ts';
import type { Plan } from './plan.ts';
import type { Reception } from './reception.ts';
import type { Sending, Sent, SentTo, Shared } from './sending.ts';
import { Telling } from './telling.ts';
import { timeoutsOf } from './timeouts.ts';
import type { ResponseHead, Transmission } from './transmission.ts';

/**
 * How an exchange ends: by its limits, by being cancelled, by a failure of any step, or in order. Its
 * steps are in {@link Transfer} and `ExchangeRun`, of the same object.
 */
export abstract class Ending extends Telling implements Sent, DeadlineOwner {
  readonly timeouts: Timeouts;
  responseHead: ResponseHead | undefined;
  failure: Failure | undefined;
  connection: ConnectionRecord | undefined;
  eventStream: EventStreamReader | undefined;
  endAt = 0;
  isAuthorized = false;

  protected readonly shared: Shared;
  protected readonly deadline: Deadline;
  protected settled = false;
  protected phase: PhaseName = 'blocked';
  protected plan: Plan | undefined;
  protected pooled: PooledConnection | undefined;
  protected reused = false;
  protected transmission: Transmission | undefined;
  protected reception: Reception | undefined;

  readonly #to: SentTo;
  #totalTimer: NodeJS.Timeout | undefined;
  #cancel: (() => void) | undefined;

  constructor(shared: Shared, sending: Sending, to: SentTo) {
    super(sending);
    this.shared = shared;
    this.#to = to;
    this.deadline = new Deadline(shared.watch, this);
    this.timeouts = timeoutsOf(sending.spec);
  }

  /** From here on it may be cancelled, and the limit for the whole of it counts. */
  protected begin(): void {
    const { signal } = this.sending;
    if (signal) {
      this.#cancel = () => this.cancelled();
      signal.addEventListener('abort', this.#cancel);
    }
    const { total } = this.timeouts;
    if (total < 2 ** 31) this.#totalTimer = setTimeout(() => this.#totalPassed(), total);
  }

  /** The user wants no more of it. */
  protected cancelled(): void {
    this.fail('cancelled');
  }

  /** It has ended with a failure: whatever is still under way for it is given up. */
  protected abstract giveUp(): void;

  /** Reads go their usual way again. */
  protected abstract returnLoans(): void;

  #totalPassed(): void {
    this.#leaveSilent(this.timeouts.total);
    this.fail('total-timeout', undefined, { limit: this.timeouts.total });
  }

  onDeadline(kind: DeadlineKind, limit: number): void {
    if (this.settled) return;
    const tap = this.pooled?.tap;
    const writtenAt = kind === 'send' ? this.transmission?.lastSentAt ?? tap?.lastWrittenAt : undefined;
    if (writtenAt !== undefined && monotonicNow() - writtenAt < limit) {
      return this.deadline.set(kind, limit, writtenAt);
    }
    this.#leaveSilent(limit);
    if (kind === 'idle' && this.#isFramingOnly(limit)) return this.fail('malformed-response', 'receive');
    this.fail(kind === 'head' ? 'head-timeout' : 'idle-timeout', undefined, { limit });
  }

  /**
   * One of HTTP/2 is shared, and this stream's end leaves it open. Where nothing came for anybody, it may be dead: those
   * that come next are to have another.
   */
  #leaveSilent(limit: number): void {
    const { http, tap } = this.pooled ?? {};
    if (http?.version === '2' && !isRecent(tap?.lastReadAt, limit)) http.client.close();
  }

  /**
   * Bytes kept coming all the time, but none of them was content: a chunk extension or trailers without end. What
   * comes on a connection of HTTP/2 may be for other streams.
   */
  #isFramingOnly(limit: number): boolean {
    const { http, tap } = this.pooled ?? {};
    return http?.version === '1.1' && isRecent(tap?.lastReadAt, limit);
  }

  protected fail(code: FailureCode, phase: PhaseName = this.#phaseNow(), detail?: Failure['detail']): void {
    this.failWith(this.towardsHost({ phase, code, confidence: 'certain', ...(detail ? { detail } : {}) }));
  }

  /** Adds which host it was, so that the message can say so. */
  protected towardsHost(failure: Failure): Failure {
    const target = this.plan?.target;
    return target ? { host: target.host, port: target.port, ...failure } : failure;
  }

  #phaseNow(): PhaseName {
    const isConnecting = this.phase === 'blocked' && !this.reused && this.connection;
    return isConnecting ? phaseUnderWay(isConnecting.events) : this.phase;
  }

  protected failWith(failure: Failure): void {
    if (this.settled) return;
    const at = monotonicNow();
    this.reception?.abort();
    if (this.reception) this.emit(this.reception.bodyEnd(at, [], false));
    this.settleFailed(at, failure);
  }

  protected settleFailed(at: number, failure: Failure): void {
    this.transmission?.tellFrames?.();
    this.emit({ type: 'failed', at, failure });
    this.settle(at, failure);
  }

  /** What takes time to read of a new connection, once nothing is measured any more. */
  protected tellOfConnection(): void {
    if (!this.reused) this.connection?.capture?.tellAfterwards();
  }

  protected settle(at: number, failure: Failure | undefined): void {
    this.settled = true;
    this.returnLoans();
    if (this.reception?.isHeld) this.shared.held.delete(this.sending.id);
    this.deadline.clear();
    clearTimeout(this.#totalTimer);
    if (this.#cancel) this.sending.signal?.removeEventListener('abort', this.#cancel);
    this.transmission?.abort();
    if (failure) this.giveUp();
    this.failure = failure;
    this.endAt = at;
    this.tellOfConnection();
    this.tell();
    this.#to.onSent(this);
  }
}

/** Within the later half of a time that has passed, ms. */
function isRecent(at: number | undefined, passed: number): boolean {
  return at !== undefined && monotonicNow() - at < passed / 2;
}
