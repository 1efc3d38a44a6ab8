import type { ConnectionEvent, CookieVerdict } from '../../trace/event.ts';
import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';
import type { FieldLine, RequestSpec, Timeouts } from '../../trace/request.ts';
import { createEventStreamReader } from '../../trace/eventStream.ts';
import type { EventStreamReader } from '../../trace/eventStream.ts';
import { monotonicNow } from '../clock.ts';
import type { ContentProblem, ReceiverCallbacks } from '../content/receiver.ts';
import type { ConnectionRecord, PooledConnection, Wanted } from '../pool.ts';
import type { Authorized } from './authentication/authenticator.ts';
import { phaseUnderWay } from './connectionPhase.ts';
import { Deadline } from './deadline.ts';
import type { DeadlineKind, DeadlineOwner } from './deadline.ts';
import { failureOf, unreadableBody } from './failure.ts';
import { headLimits } from './head.ts';
import { outgoingRequest } from './outgoing.ts';
import { checkedRequest } from './plan.ts';
import type { Plan } from './plan.ts';
import { Reception } from './reception.ts';
import { bytesBody, openBody } from './requestBody.ts';
import { typedNames } from './requestFields.ts';
import { isEventStream, responseFacts } from './responseFacts.ts';
import { mayBeSentAgain } from './retry.ts';
import type { Sending, Sent, Shared } from './sending.ts';
import { Telling } from './telling.ts';
import { timeoutsOf } from './timeouts.ts';
import type { RequestBody, RequestStart, ResponseHead, Sink, Transmission } from './transmission.ts';

/**
 * Sends one request and takes its response. Every outcome is told as events, and `done` is called
 * once at the end: a callback, since a promise for each would cost more than the work.
 */
export function exchange(shared: Shared, sending: Sending, done: (sent: Sent) => void): void {
  new ExchangeRun(shared, sending, done).start();
}

/**
 * One object is everything its parts call back, since closures for each would cost more than the
 * work: what the pool is asked with, what the transmission tells, whom the deadline and the
 * content's receiver call.
 */
class ExchangeRun extends Telling implements Sent, Wanted, Sink, DeadlineOwner, ReceiverCallbacks {
  readonly timeouts: Timeouts;
  forceNew: boolean;
  responseHead: ResponseHead | undefined;
  failure: Failure | undefined;
  connection: ConnectionRecord | undefined;
  endAt = 0;
  onContent: ((piece: Buffer) => void) | undefined;
  isAuthorized = false;

  readonly #shared: Shared;
  readonly #done: (sent: Sent) => void;
  readonly #deadline: Deadline;
  #totalTimer: NodeJS.Timeout | undefined;
  #cancel: (() => void) | undefined;
  #settled = false;
  #phase: PhaseName = 'blocked';

  /** With the fields that authentication adds. */
  #spec: RequestSpec;
  #plan: Plan | undefined;
  #body: RequestBody | undefined;
  #cookieHeader: string | undefined;
  #acquiring = false;
  #pooled: PooledConnection | undefined;
  #reused = false;
  #retried = false;
  #transmission: Transmission | undefined;
  #reception: Reception | undefined;
  #stream: EventStreamReader | undefined;

  constructor(shared: Shared, sending: Sending, done: (sent: Sent) => void) {
    super(sending);
    this.#shared = shared;
    this.#done = done;
    this.#deadline = new Deadline(shared.watch, this);
    this.#spec = sending.spec;
    this.timeouts = timeoutsOf(sending.spec);
    this.forceNew = sending.spec.options.forceNewConnection ?? false;
  }

  start(): void {
    const { spec, signal } = this.sending;
    this.emit({ type: 'queued', at: monotonicNow(), startedAt: Date.now() });
    if (signal?.aborted) return this.#fail('cancelled');
    if (signal) {
      this.#cancel = () => this.#stream ? this.#endStream(this.#stream) : this.#fail('cancelled');
      signal.addEventListener('abort', this.#cancel);
    }
    const { total } = this.timeouts;
    if (total < 2 ** 31) this.#totalTimer = setTimeout(() => this.#totalPassed(), total);
    const checked = checkedRequest(spec);
    if (!checked.ok) return this.#failWith(checked.failure);
    this.#plan = checked.plan;
    this.#openBody();
  }

  #openBody(): void {
    const parts = this.sending.spec.body;
    if (!parts) return this.#authorize();
    if (parts.every((part) => part.kind === 'bytes')) {
      this.#body = bytesBody(parts);
      return this.#authorize();
    }
    openBody(parts).then((opened) => {
      if (this.#settled) return;
      if (!opened.ok) return this.#failWith(unreadableBody(opened.path, opened.error));
      this.#body = opened.body;
      this.#authorize();
    }).catch((error: Error) => this.failed(error));
  }

  /** Credentials may be computed from the whole request, its body included. */
  #authorize(): void {
    const { spec, signal, answersChallenge = false } = this.sending;
    if (!spec.options.authentication) return this.#connect();
    const { url, authority } = this.#plan!;
    const outgoing = { spec, url, authority, body: this.#body, signal };
    this.#shared.authenticator.authorize(outgoing, answersChallenge).then((authorized) => {
      if (this.#settled) return;
      if (authorized) this.#addFields(authorized);
      this.#connect();
    }).catch((error: Error) => this.failed(error));
  }

  #addFields({ fields, facts }: Authorized): void {
    const { spec } = this.sending;
    this.isAuthorized = true;
    this.#spec = { ...spec, headers: [...spec.headers, ...fields] };
    this.#plan = { ...this.#plan!, typed: typedNames(this.#spec) };
    this.emit({ type: 'authorized', at: monotonicNow(), authorization: facts });
  }

  #connect(): void {
    const { spec } = this.sending;
    const { cookies, pool } = this.#shared;
    const plan = this.#plan!;
    if (spec.options.useCookieJar !== false && !cookies.isEmpty) {
      const selected = cookies.select(plan.url, spec.headers);
      this.#cookieHeader = selected.header;
      this.emit({ type: 'cookies-selected', at: monotonicNow(), cookies: selected.verdicts });
    }
    this.#acquiring = true;
    pool.acquire(this);
  }

  // --- what the pool asks and tells ----------------------------------------------------------------

  get key(): string {
    return this.#plan!.key;
  }

  get target(): Plan['target'] {
    return this.#plan!.target;
  }

  get options(): RequestSpec['options'] {
    return this.sending.spec.options;
  }

  onAssigned(record: ConnectionRecord, reused: boolean, idle: number | undefined): void {
    this.connection = record;
    this.#reused = reused;
    this.emit({
      type: 'connection-assigned', at: monotonicNow(), connectionId: record.id, reused,
      ...(idle === undefined ? {} : { idle }),
    });
  }

  onConnectionEvent(record: ConnectionRecord, event: ConnectionEvent): void {
    this.sending.listener.onConnection({ connectionId: record.id, events: [event] });
  }

  onFailed(failure: Failure): void {
    this.#failWith(failure);
  }

  onReady(connection: PooledConnection): void {
    this.#pooled = connection;
    const plan = this.#plan!;
    if (plan.wanted === '2' && connection.http.version !== '2') {
      connection.tap.destroy();
      return this.#fail('alpn-refused', 'tls');
    }
    this.#send(connection, plan);
  }

  #send(connection: PooledConnection, plan: Plan): void {
    this.#deadline.set('send', this.timeouts.idle, monotonicNow());
    try {
      const request = outgoingRequest(this.#spec, plan, connection, this.#body, this.#cookieHeader);
      const transmission = connection.http.client.send(request, this);
      // It may have failed before it was known here.
      if (this.#settled || this.#pooled !== connection) transmission.abort();
      else this.#transmission = transmission;
    } catch (error) {
      this.failed(error as Error);
      connection.tap.destroy();
    }
  }

  // --- what the transmission tells -----------------------------------------------------------------

  requestStarted(at: number, start: RequestStart): void {
    if (this.#settled) return;
    this.#phase = 'send';
    const { spec } = this.sending;
    const { requestTarget, authority, httpVersion, headers, client, stream } = start;
    this.emit({
      type: 'request-start', at, method: spec.method, requestTarget, authority,
      scheme: this.#plan!.target.scheme, httpVersion, headers, client, ...(stream === undefined ? {} : { stream }),
    });
  }

  requestSent(at: number, bodySize: number, headSize: number | undefined): void {
    if (this.#settled) return;
    if (this.#phase === 'send') this.#phase = 'wait';
    if (!this.responseHead) this.#deadline.set('head', this.timeouts.head, at);
    this.emit({ type: 'request-sent', at, headSize, bodySize });
  }

  interim(at: number, statusCode: number, headers: readonly FieldLine[]): void {
    if (!this.#settled) this.emit({ type: 'interim-response', at, statusCode, headers });
  }

  firstByte(at: number): void {
    if (this.#settled) return;
    this.#phase = 'receive';
    this.emit({ type: 'first-byte', at });
  }

  head(at: number, head: ResponseHead): void {
    if (this.#settled) return;
    const { headers } = head;
    this.responseHead = head;
    if (isEventStream(head)) this.#listen();
    else this.#deadline.set('idle', this.timeouts.idle, at);
    const { httpVersion, statusCode, reasonPhrase, headSize } = head;
    this.emit({ type: 'response-head', at, httpVersion, statusCode, reasonPhrase, headers, headSize });
    if (headers.length > headLimits.fields) {
      const detail = { fields: headers.length, limit: headLimits.fields };
      return this.#fail('response-head-too-large', 'receive', detail);
    }
    const facts = responseFacts(headers);
    if (facts.keepAlive !== undefined && this.#pooled) this.#pooled.keepAliveHint = facts.keepAlive;
    if (facts.setCookie.length > 0) this.#storeCookies(facts.setCookie);
    const { store, contentLimits } = this.#shared;
    const writer = store.create(this.sending.id);
    this.#reception = new Reception(at, facts.contentEncoding, writer, contentLimits, this);
  }

  /** Each event is told as it arrives. Nobody promised when the next one comes, so there is no deadline for it. */
  #listen(): void {
    const stream = createEventStreamReader();
    this.#stream = stream;
    this.#deadline.clear();
    this.onContent = (piece) => {
      const at = this.#pooled?.tap.lastReadAt ?? monotonicNow();
      for (const event of stream.read(piece)) this.emit({ type: 'stream-event', at, event });
    };
  }

  /** To stop listening is how a stream ends, and no failure. */
  #endStream({ count }: EventStreamReader): void {
    if (this.#settled) return;
    const at = monotonicNow();
    this.#reception?.abort();
    this.emit({ type: 'stream-ended', at, count, by: 'listener' });
    if (this.#reception) this.emit(this.#reception.bodyEnd(at, [], false));
    this.#settle(at, undefined);
  }

  #storeCookies(values: readonly string[]): void {
    if (this.options.useCookieJar === false) return;
    const cookies: CookieVerdict[] = this.#shared.cookies.receive(this.#plan!.url, values);
    this.emit({ type: 'cookies-received', at: monotonicNow(), cookies });
  }

  data(chunk: Buffer): boolean {
    if (this.#settled) return true;
    const at = this.#pooled!.tap.lastReadAt!;
    const more = this.#reception!.write(chunk);
    // While we are the one who pauses, the server is not idle.
    if (this.#stream) this.#deadline.clear();
    else if (more) this.#deadline.touch(at);
    else this.#deadline.clear();
    const progress = this.#settled ? undefined : this.#reception!.progress(at);
    if (progress) this.emit(progress);
    return more;
  }

  onDrain(): void {
    if (!this.#transmission) return;
    if (!this.#stream) this.#deadline.set('idle', this.timeouts.idle, monotonicNow());
    this.#transmission.resume();
  }

  onProblem(problem: ContentProblem): void {
    this.#failWith({ phase: 'receive', ...problem });
  }

  end(at: number, trailers: readonly FieldLine[]): void {
    if (this.#settled) return;
    this.#transmission = undefined;
    this.#pooled = undefined;
    this.#deadline.clear();
    const reception = this.#reception!;
    reception.end((complete) => {
      if (this.#settled) return;
      if (this.#stream && complete) this.emit({ type: 'stream-ended', at, count: this.#stream.count, by: 'server' });
      this.emit(reception.bodyEnd(at, trailers, complete));
      if (complete) return this.#settle(at, undefined);
      this.#settleFailed(Math.max(at, monotonicNow()), {
        phase: 'receive', code: 'response-truncated', confidence: 'certain',
        detail: { where: 'content-coding' },
      });
    });
  }

  failed(error: Error, known?: Partial<Failure>): void {
    if (this.#settled) return;
    const failure = { ...failureOf(error, this.#phase, this.responseHead !== undefined), ...known };
    if (this.#mayRetry(failure)) return this.#retry();
    this.#transmission?.abort();
    this.#transmission = undefined;
    this.#deadline.clear();
    if (!this.#reception) return this.#failWith(this.#at(failure));
    // What has arrived is decoded as far as it goes.
    this.#reception.end(() => this.#failWith(this.#at(failure)));
  }

  // --- ends ----------------------------------------------------------------------------------------

  #mayRetry(failure: Failure): boolean {
    if (!this.#reused || this.#retried || this.#phase === 'receive' || this.responseHead) return false;
    return mayBeSentAgain(failure, this.sending.spec.method);
  }

  /**
   * Still the same exchange: it gets a second `connection-assigned`, and its request starts anew.
   */
  #retry(): void {
    this.#retried = true;
    this.#transmission = undefined;
    this.#pooled = undefined;
    this.#phase = 'blocked';
    this.#deadline.clear();
    this.forceNew = true;
    this.#shared.pool.acquire(this);
  }

  #totalPassed(): void {
    this.#fail('total-timeout', undefined, { limit: this.timeouts.total });
  }

  onDeadline(kind: DeadlineKind, limit: number): void {
    if (this.#settled) return;
    const tap = this.#pooled?.tap;
    const lastByteAt = kind === 'send' ? tap?.lastWrittenAt : kind === 'idle' ? tap?.lastReadAt : undefined;
    const now = monotonicNow();
    if (lastByteAt !== undefined && now - lastByteAt < limit) {
      return this.#deadline.set(kind, limit, lastByteAt);
    }
    this.#fail(kind === 'head' ? 'head-timeout' : 'idle-timeout', undefined, { limit });
  }

  #fail(code: FailureCode, phase: PhaseName = this.#phaseNow(), detail?: Failure['detail']): void {
    this.#failWith(this.#at({ phase, code, confidence: 'certain', ...(detail ? { detail } : {}) }));
  }

  /** Adds which host it was, so that the message can say so. */
  #at(failure: Failure): Failure {
    const target = this.#plan?.target;
    return target ? { host: target.host, port: target.port, ...failure } : failure;
  }

  #phaseNow(): PhaseName {
    const isConnecting = this.#phase === 'blocked' && !this.#reused && this.connection;
    return isConnecting ? phaseUnderWay(isConnecting.events) : this.#phase;
  }

  #failWith(failure: Failure): void {
    if (this.#settled) return;
    const at = monotonicNow();
    this.#reception?.abort();
    if (this.#reception) this.emit(this.#reception.bodyEnd(at, [], false));
    this.#settleFailed(at, failure);
  }

  #settleFailed(at: number, failure: Failure): void {
    this.emit({ type: 'failed', at, failure });
    this.#settle(at, failure);
  }

  #settle(at: number, failure: Failure | undefined): void {
    this.#settled = true;
    this.#deadline.clear();
    clearTimeout(this.#totalTimer);
    if (this.#cancel) this.sending.signal?.removeEventListener('abort', this.#cancel);
    this.#transmission?.abort();
    if (failure && this.#acquiring && !this.#pooled) this.#shared.pool.cancel(this);
    this.failure = failure;
    this.endAt = at;
    this.tell();
    this.#done(this);
  }
}
