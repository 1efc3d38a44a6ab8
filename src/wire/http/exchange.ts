import type { ConnectionEvent, PoolWait, Refusal } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import type { ConnectionRecord, PooledConnection, Wanted } from '../pooled.ts';
import type { Authorized } from './authentication/authenticator.ts';
import { unreadableBody } from './failure.ts';
import { withImpliedFields } from './implied.ts';
import { outgoingRequest } from './outgoing.ts';
import { checkedRequest, overHttp1 } from './plan.ts';
import type { Plan } from './plan.ts';
import { bytesBody, openBody } from './requestBody.ts';
import { typedNames } from './requestFields.ts';
import { mayBeSentAgain, refusalOf } from './retry.ts';
import type { Sending, SentTo, Shared } from './sending.ts';
import { Transfer } from './transfer.ts';
import type { RequestBody } from './transmission.ts';

/**
 * Sends one request and takes its response. Every outcome is told as events, and `to` is told
 * once at the end: a promise for each would cost more than the work.
 */
export function exchange(shared: Shared, sending: Sending, to: SentTo): void {
  new ExchangeRun(shared, sending, to).start();
}

/**
 * The steps up to a request on a connection. One object is everything its parts call back, since
 * closures for each would cost more than the work: what the pool is asked with, and, as {@link
 * Transfer} and `Ending`, what the transmission tells, whom the deadline and the content's receiver
 * call.
 */
class ExchangeRun extends Transfer implements Wanted {
  forceNew: boolean;
  waited: PoolWait | undefined;

  /** With the fields that authentication, trailers and a WebSocket add. */
  #spec: RequestSpec;
  #body: RequestBody | undefined;
  #cookieHeader: string | undefined;
  #acquiring = false;
  #retried = false;
  /** Why it is sent anew, when the server said so. */
  #refusal: Refusal | undefined;

  constructor(shared: Shared, sending: Sending, to: SentTo) {
    super(shared, sending, to);
    this.#spec = withImpliedFields(sending.spec);
    // A WebSocket keeps its connection for itself, and does not count among those that exchanges share.
    this.forceNew = sending.spec.options.forceNewConnection ?? sending.spec.webSocket !== undefined;
  }

  start(): void {
    this.holdBack();
    this.#begin();
    // A request on its way tells of itself in a moment, and of this with it; over HTTP/2 it may have to wait.
    if (!this.transmission || this.pooled?.http.version === '2') this.letGo();
  }

  #begin(): void {
    const { signal } = this.sending;
    this.emit({ type: 'queued', at: monotonicNow(), startedAt: Date.now() });
    if (signal?.aborted) return this.fail('cancelled');
    this.begin();
    const checked = checkedRequest(this.#spec);
    if (!checked.ok) return this.failWith(checked.failure);
    this.plan = checked.plan;
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
      if (this.settled) return;
      if (!opened.ok) return this.failWith(unreadableBody(opened.path, opened.error));
      this.#body = opened.body;
      this.#authorize();
    }).catch((error: Error) => this.failed(error));
  }

  /** Credentials may be computed from the whole request, its body included. */
  #authorize(): void {
    const { spec, signal, answersChallenge = false } = this.sending;
    if (!spec.options.authentication) return this.#connect();
    const { url, authority } = this.plan!;
    const outgoing = { spec, url, authority, body: this.#body, signal };
    this.shared.authenticator.authorize(outgoing, answersChallenge).then((authorized) => {
      if (this.settled) return;
      if (authorized) this.#addFields(authorized);
      this.#connect();
    }).catch((error: Error) => this.failed(error));
  }

  #addFields({ fields, facts }: Authorized): void {
    const spec = this.#spec;
    this.isAuthorized = true;
    this.#spec = { ...spec, headers: [...spec.headers, ...fields] };
    this.plan = { ...this.plan!, typed: typedNames(this.#spec) };
    this.emit({ type: 'authorized', at: monotonicNow(), authorization: facts });
  }

  #connect(): void {
    const { spec } = this.sending;
    const { cookies, pool } = this.shared;
    const plan = this.plan!;
    if (spec.options.useCookieJar !== false && !cookies.isEmpty) {
      const selected = cookies.select(plan.url, spec.headers);
      this.#cookieHeader = selected.header;
      const { verdicts, others, unlisted } = selected;
      this.emit({
        type: 'cookies-selected', at: monotonicNow(), cookies: verdicts,
        ...(others > 0 ? { others } : {}), ...(unlisted > 0 ? { unlisted } : {}),
      });
    }
    this.#acquiring = true;
    pool.acquire(this);
  }

  // --- what the pool asks and tells ----------------------------------------------------------------

  get key(): string {
    return this.plan!.key;
  }

  get target(): Plan['target'] {
    return this.plan!.target;
  }

  get options(): RequestSpec['options'] {
    return this.sending.spec.options;
  }

  get typedProxyAuthorization(): string | undefined {
    return this.plan!.proxyAuthorization;
  }

  onAssigned(record: ConnectionRecord, reused: boolean, idle: number | undefined): void {
    this.connection = record;
    this.reused = reused;
    const assigned = { type: 'connection-assigned', at: monotonicNow(), connectionId: record.id, reused } as const;
    const because = this.#refusal;
    const known = idle === undefined ? assigned : { ...assigned, idle };
    if (because) return this.emit({ ...known, ...(this.waited && { waited: this.waited }), because });
    this.emit(this.waited ? { ...known, waited: this.waited } : known);
  }

  onConnectionEvent(record: ConnectionRecord, event: ConnectionEvent): void {
    this.sending.listener.onConnection({ connectionId: record.id, events: [event] });
  }

  onFailed(failure: Failure): void {
    this.failWith(failure);
  }

  onReady(connection: PooledConnection): void {
    this.pooled = connection;
    const plan = this.plan!;
    if (plan.wanted === '2' && connection.http.version !== '2') {
      connection.tap.destroy();
      return this.fail('alpn-refused', 'tls');
    }
    this.#send(connection, plan);
  }

  #send(connection: PooledConnection, plan: Plan): void {
    this.deadline.set('send', this.timeouts.idle, monotonicNow());
    try {
      const request = outgoingRequest(this.#spec, plan, connection, this.#body, this.#cookieHeader);
      if (request.toProxy) this.emit({ type: 'authorized', at: monotonicNow(), authorization: request.toProxy });
      const transmission = connection.http.client.send(request, this);
      // It may have failed before it was known here.
      if (this.settled || this.pooled !== connection) transmission.abort();
      else this.transmission = transmission;
    } catch (error) {
      this.failed(error as Error);
      // One of HTTP/2 is shared with others.
      if (connection.http.version === '1.1') connection.tap.destroy();
    }
  }

  // --- ends ----------------------------------------------------------------------------------------

  /**
   * Still the same exchange: it gets a second `connection-assigned`, and its request starts anew.
   */
  protected override sentAgain(failure: Failure): boolean {
    if (this.phase === 'receive' || this.responseHead) return false;
    const refusal = refusalOf(failure);
    const other = refusal === 'HTTP_1_1_REQUIRED' ? overHttp1(this.plan!, this.options) : undefined;
    if (!other && !this.#mayTryAgain(failure, refusal)) return false;
    if (other) this.plan = other;
    else this.#retried = true;
    this.#refusal = refusal;
    this.letGo();
    this.transmission = undefined;
    this.pooled = undefined;
    this.phase = 'blocked';
    this.deadline.clear();
    // A kept one of HTTP/1.1 is not the one that failed.
    if (!other) this.forceNew = true;
    this.waited = undefined;
    this.shared.pool.acquire(this);
    return true;
  }

  #mayTryAgain(failure: Failure, refusal: Refusal | undefined): boolean {
    if (this.#retried || refusal === 'HTTP_1_1_REQUIRED') return false;
    return refusal !== undefined || (this.reused && mayBeSentAgain(failure, this.sending.spec.method));
  }

  protected override giveUp(): void {
    if (this.#acquiring && !this.pooled) this.shared.pool.cancel(this);
  }
}
