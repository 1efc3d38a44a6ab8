import type { ConnectionEvent, CookieVerdict, ExchangeEvent } from '../../trace/event.ts';
import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';
import { defaultTimeouts } from '../../trace/request.ts';
import type { BodyPart, FieldLine, RequestSpec, Timeouts } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import { ContentReceiver } from '../content/receiver.ts';
import type { ContentLimits, ContentProblem, ReceiverCallbacks } from '../content/receiver.ts';
import type { ContentStore } from '../content/store.ts';
import type { ContentWriter } from '../content/writer.ts';
import type { CookieJar } from '../cookies/jar.ts';
import type { Listener } from '../listener.ts';
import type { ConnectionRecord, Pool, PooledConnection, Wanted } from '../pool.ts';
import { Deadline } from './deadline.ts';
import type { DeadlineKind, DeadlineOwner, Watch } from './deadline.ts';
import { failureOf } from './failure.ts';
import { responseFacts } from './responseFacts.ts';
import { headLimits } from './head.ts';
import { checkedRequest } from './plan.ts';
import type { Plan } from './plan.ts';
import { bytesBody, openBody } from './requestBody.ts';
import { fieldsToSend, isTraced, newTraceparent } from './requestFields.ts';
import type { OutgoingRequest, RequestBody, RequestStart, ResponseHead, Sink, Transmission } from './transmission.ts';
import { isForUndici, isUndiciLoaded, loadUndici } from './undiciClient.ts';

/** Progress of a body is told at most this often, ms. */
const progressInterval = 50;

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);

/** What all exchanges of a client share. */
export interface Shared {
  readonly pool: Pool;
  readonly store: ContentStore;
  readonly cookies: CookieJar;
  readonly contentLimits: ContentLimits;
  readonly watch: Watch;
}

/** What is to be sent, and who is told. */
export interface Sending {
  readonly id: string;
  readonly spec: RequestSpec;
  readonly resendOf: string | undefined;
  readonly listener: Listener;
  readonly signal: AbortSignal | undefined;
}

/** An exchange that is over: as events, and what a redirect is decided by. */
export interface Sent {
  readonly sending: Sending;
  readonly events: readonly ExchangeEvent[];
  /** The response's head, if one came. */
  readonly responseHead: ResponseHead | undefined;
  readonly failure: Failure | undefined;
  /** The connection used last. */
  readonly connection: ConnectionRecord | undefined;
  /** When it ended, ms. */
  readonly endAt: number;
  /** Adds what was decided afterwards, and tells it at once. */
  add(event: ExchangeEvent): void;
}

/**
 * Sends one request and takes its response. Every outcome is told as events, and `done` is called once at
 * the end of each: a callback, since a promise for each would cost more than the work.
 */
export function exchange(shared: Shared, sending: Sending, done: (sent: Sent) => void): void {
  new ExchangeRun(shared, sending, done).start();
}

/** Those with news in this turn of the event loop. */
let withNews: ExchangeRun[] = [];

function tellNews(): void {
  const runs = withNews;
  withNews = [];
  for (const run of runs) run.tell();
}

/** One object is everything its parts call back: closures for each would cost more than the work. */
class ExchangeRun implements Sent, Sink, Wanted, DeadlineOwner, ReceiverCallbacks {
  readonly timeouts: Timeouts;
  readonly verify: boolean;
  readonly proxy: string | undefined;
  readonly zoneServers: RequestSpec['options']['zoneServers'];
  readonly trustAnchors: RequestSpec['options']['trustAnchors'];
  forceNew: boolean;
  readonly sending: Sending;
  readonly events: ExchangeEvent[] = [];
  responseHead: ResponseHead | undefined;
  failure: Failure | undefined;
  connection: ConnectionRecord | undefined;
  endAt = 0;

  readonly #shared: Shared;
  readonly #done: (sent: Sent) => void;
  #told = 0;
  readonly #deadline: Deadline;
  #totalTimer: NodeJS.Timeout | undefined;
  #settled = false;
  #phase: PhaseName = 'blocked';

  #plan: Plan | undefined;
  #body: RequestBody | undefined;
  #cookieHeader: string | undefined;
  #acquiring = false;
  #pooled: PooledConnection | undefined;
  #reused = false;
  #retried = false;
  #transmission: Transmission | undefined;

  #writer: ContentWriter | undefined;
  #receiver: ContentReceiver | undefined;
  #bodySize = 0;
  #progressAt = 0;
  #storing: Promise<void> | undefined;

  constructor(shared: Shared, sending: Sending, done: (sent: Sent) => void) {
    this.#shared = shared;
    this.sending = sending;
    this.#done = done;
    this.#deadline = new Deadline(shared.watch, this);
    const { options } = sending.spec;
    this.timeouts = timeoutsOf(sending.spec);
    this.verify = options.verify ?? true;
    this.proxy = options.proxy;
    this.zoneServers = options.zoneServers;
    this.trustAnchors = options.trustAnchors;
    this.forceNew = options.forceNewConnection ?? false;
  }

  /** Events of one turn are told together. */
  #emit(event: ExchangeEvent): void {
    if (this.events.push(event) === this.#told + 1 && withNews.push(this) === 1) queueMicrotask(tellNews);
  }

  tell(): void {
    if (this.#told === this.events.length) return;
    const { id, spec, resendOf, listener } = this.sending;
    const events = this.#told === 0 ? this.events.slice() : this.events.slice(this.#told);
    this.#told = this.events.length;
    listener.onExchange({ exchangeId: id, specId: spec.id, spec, resendOf, events });
  }

  add(event: ExchangeEvent): void {
    this.events.push(event);
    this.tell();
  }

  start(): void {
    const { spec, signal } = this.sending;
    this.#emit({ type: 'queued', at: monotonicNow(), startedAt: Date.now() });
    if (signal?.aborted) return this.#fail('cancelled');
    if (signal) {
      this.#cancel = () => this.#fail('cancelled');
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
    const parts = this.sending.spec.body ?? noParts;
    if (parts.every((part) => part.kind === 'bytes')) {
      this.#body = bytesBody(parts);
      return this.#connect();
    }
    void openBody(parts).then((opened) => {
      if (this.#settled) return;
      if (!opened.ok) return this.#failWith(unreadable(opened.path, opened.error));
      this.#body = opened.body;
      this.#connect();
    });
  }

  #connect(): void {
    const { spec } = this.sending;
    const { cookies, pool } = this.#shared;
    const plan = this.#plan!;
    if (spec.options.useCookieJar !== false && !cookies.isEmpty) {
      const selected = cookies.select(plan.url, spec.headers);
      this.#cookieHeader = selected.header;
      this.#emit({ type: 'cookies-selected', at: monotonicNow(), cookies: selected.verdicts });
    }
    this.#acquiring = true;
    pool.acquire(this);
  }

  get key(): string {
    return this.#plan!.key;
  }

  get target(): Plan['target'] {
    return this.#plan!.target;
  }

  onAssigned(record: ConnectionRecord, reused: boolean, idle: number | undefined): void {
    this.connection = record;
    this.#reused = reused;
    this.#emit({
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
    if (connection.http.version === '2' || isUndiciLoaded()) return this.#send(connection, plan);
    void loadUndici().then(() => {
      if (!this.#settled) return this.#send(connection, plan);
      connection.tap.destroy();
    }, (error: Error) => this.failed(error));
  }

  #send(connection: PooledConnection, plan: Plan): void {
    const request = this.#outgoing(connection, plan);
    this.#deadline.set('send', this.timeouts.idle, monotonicNow());
    try {
      const transmission = connection.http.client.send(request, this);
      // It may have failed before it was known here.
      if (this.#settled || this.#pooled !== connection) transmission.abort();
      else this.#transmission = transmission;
    } catch (error) {
      this.failed(error as Error);
      connection.tap.destroy();
    }
  }

  #outgoing(connection: PooledConnection, plan: Plan): OutgoingRequest {
    const { spec } = this.sending;
    const { url, typed } = plan;
    const path = `${url.pathname}${url.search}`;
    const httpVersion = connection.http.version === '2' ? '2' : plan.wanted === '1.0' ? '1.0' : '1.1';
    const requestTarget = connection.absoluteForm ? `${url.protocol}//${url.host}${path}` : path;
    const way = { httpVersion, typed, requestTarget } as const;
    const headers = fieldsToSend(spec, typed, {
      url, bodySize: this.#body?.size, cookies: this.#cookieHeader,
      traceparent: isTraced(url, spec.options.traceHosts) ? newTraceparent() : undefined,
      proxyAuthorization: connection.absoluteForm ? connection.proxyAuthorization : undefined,
      clientAddsLength: isForUndici(way),
    });
    return {
      ...way, headers, method: spec.method, scheme: plan.target.scheme,
      authority: plan.authority, ...(this.#body ? { body: this.#body } : {}),
    };
  }

  // --- what the transmission tells -----------------------------------------------------------------

  requestStarted(at: number, start: RequestStart): void {
    if (this.#settled) return;
    this.#phase = 'send';
    const { spec } = this.sending;
    const { requestTarget, authority, httpVersion, headers, client, stream } = start;
    this.#emit({
      type: 'request-start', at, method: spec.method, requestTarget, authority, scheme: this.#plan!.target.scheme,
      httpVersion, headers, client, ...(stream === undefined ? {} : { stream }),
    });
  }

  requestSent(at: number, bodySize: number, headSize: number | undefined): void {
    if (this.#settled) return;
    if (this.#phase === 'send') this.#phase = 'wait';
    if (!this.responseHead) this.#deadline.set('head', this.timeouts.head, at);
    this.#emit({
      type: 'request-sent', at, headSize, bodySize,
    });
  }

  interim(at: number, statusCode: number, headers: readonly FieldLine[]): void {
    if (!this.#settled) this.#emit({ type: 'interim-response', at, statusCode, headers });
  }

  firstByte(at: number): void {
    if (this.#settled) return;
    this.#phase = 'receive';
    this.#emit({ type: 'first-byte', at });
  }

  head(at: number, head: ResponseHead): void {
    if (this.#settled) return;
    const { headers } = head;
    this.responseHead = head;
    this.#progressAt = at;
    this.#deadline.set('idle', this.timeouts.idle, at);
    const { httpVersion, statusCode, reasonPhrase, headSize } = head;
    this.#emit({ type: 'response-head', at, httpVersion, statusCode, reasonPhrase, headers, headSize });
    if (headers.length > headLimits.fields) {
      return this.#fail('response-head-too-large', 'receive', { fields: headers.length, limit: headLimits.fields });
    }
    const facts = responseFacts(headers);
    if (facts.keepAlive !== undefined && this.#pooled) this.#pooled.keepAliveHint = facts.keepAlive;
    if (facts.setCookie.length > 0) this.#storeCookies(facts.setCookie);
    this.#writer = this.#shared.store.create(this.sending.id);
    this.#receiver = new ContentReceiver(
      facts.contentEncoding, this.#writer, this.#shared.contentLimits, this,
    );
  }

  onDrain(): void {
    this.#transmission?.resume();
  }

  onProblem(problem: ContentProblem): void {
    this.#failWith({ phase: 'receive', ...problem });
  }

  #storeCookies(values: readonly string[]): void {
    const { spec } = this.sending;
    const { cookies } = this.#shared;
    if (spec.options.useCookieJar === false) return;
    const tell = (verdicts: readonly CookieVerdict[]): void =>
      this.#emit({ type: 'cookies-received', at: monotonicNow(), cookies: verdicts });
    if (cookies.isLoaded) return tell(cookies.receive(this.#plan!.url, values));
    this.#storing = cookies.load().then(() => tell(cookies.receive(this.#plan!.url, values)));
  }

  data(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#bodySize += chunk.length;
    const at = this.#pooled!.tap.lastReadAt!;
    this.#deadline.touch(at);
    const more = this.#receiver!.write(chunk);
    if (at - this.#progressAt >= progressInterval && !this.#settled) {
      this.#progressAt = at;
      this.#emit({ type: 'body-progress', at, bodySize: this.#bodySize, contentSize: this.#writer!.size });
    }
    return more;
  }

  end(at: number, trailers: readonly FieldLine[]): void {
    if (this.#settled) return;
    this.#transmission = undefined;
    this.#pooled = undefined;
    this.#deadline.clear();
    this.#receiver!.end((complete) => {
      if (this.#settled) return;
      this.#emitBodyEnd(at, trailers, complete);
      if (complete) return this.#settle(at, undefined);
      this.#settleFailed(Math.max(at, monotonicNow()), {
        phase: 'receive', code: 'response-truncated', confidence: 'certain', detail: { where: 'content-coding', bodySize: this.#bodySize },
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
    if (!this.#receiver) return this.#failWith(this.#at(failure));
    // What has arrived is decoded as far as it goes.
    const received = this.#receiver;
    this.#receiver = undefined;
    received.end(() => {
      if (!this.#settled) this.#failWith(this.#at(failure));
    });
  }

  // --- ends ----------------------------------------------------------------------------------------

  /**
   * A kept connection may have been closed by the server just as it was used again. Then nothing of a
   * response has come, and an idempotent request (RFC 9110 §9.2.2), or one the server says it has not
   * processed (RFC 9113 §6.8, §8.7), is sent once more on a new connection. That is still the same
   * exchange: it gets a second `connection-assigned`, and its request starts anew.
   */
  #mayRetry(failure: Failure): boolean {
    if (!this.#reused || this.#retried || this.#phase === 'receive' || this.responseHead) return false;
    const refused = failure.detail?.code === 'REFUSED_STREAM';
    const unprocessed = failure.code === 'goaway'
      && Number(failure.detail?.lastStream) < Number(failure.detail?.stream);
    if (refused || unprocessed) return true;
    const closed = failure.code === 'connection-closed' || failure.code === 'connection-reset' || failure.code === 'goaway';
    return closed && idempotent.has(this.sending.spec.method);
  }

  #retry(): void {
    this.#retried = true;
    this.#transmission = undefined;
    this.#pooled = undefined;
    this.#phase = 'blocked';
    this.#deadline.clear();
    this.forceNew = true;
    this.#shared.pool.acquire(this);
  }

  #cancel: (() => void) | undefined;

  #totalPassed(): void {
    this.#fail('total-timeout', undefined, { limit: this.timeouts.total });
  }

  onDeadline(kind: DeadlineKind, limit: number): void {
    if (this.#settled) return;
    const tap = this.#pooled?.tap;
    const lastByteAt = kind === 'send' ? tap?.lastWrittenAt : kind === 'idle' ? tap?.lastReadAt : undefined;
    const now = monotonicNow();
    if (lastByteAt !== undefined && now - lastByteAt < limit) return this.#deadline.set(kind, limit, lastByteAt);
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

  /** While a connection is being made, the step that is under way there. */
  #phaseNow(): PhaseName {
    if (this.#phase !== 'blocked' || this.#reused || !this.connection) return this.#phase;
    for (const { type } of this.connection.events.toReversed()) {
      if (type === 'tls-start') return 'tls';
      if (type === 'proxy-start') return 'proxy';
      if (type === 'attempt-start') return 'tcp';
      if (type === 'dns-start') return 'dns';
      if (type === 'connected') return 'blocked';
    }
    return this.#phase;
  }

  #failWith(failure: Failure): void {
    if (this.#settled) return;
    const at = monotonicNow();
    this.#receiver?.abort();
    if (this.responseHead) this.#emitBodyEnd(at, [], false);
    this.#settleFailed(at, failure);
  }

  #emitBodyEnd(at: number, trailers: readonly FieldLine[], complete: boolean): void {
    this.#emit({
      type: 'body-end', at, bodySize: this.#bodySize, contentSize: this.#writer?.size ?? 0, trailers, complete,
      storedIn: this.#writer?.storedIn ?? 'memory',
    });
  }

  #settleFailed(at: number, failure: Failure): void {
    this.#emit({ type: 'failed', at, failure });
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
    if (this.#storing) void this.#storing.finally(() => this.#finish());
    else this.#finish();
  }

  #finish(): void {
    this.tell();
    this.#done(this);
  }
}

const noParts: readonly BodyPart[] = [];

function unreadable(path: string, error: Error & { code?: string }): Failure {
  const cause = { ...(error.code === undefined ? {} : { code: error.code }), message: error.message };
  return { phase: 'blocked', code: 'body-file-unreadable', confidence: 'certain', cause, detail: { path } };
}

/** 0 and absent take the default. */
function timeoutsOf({ options }: RequestSpec): Timeouts {
  const given = options.timeouts;
  if (!given) return defaultTimeouts;
  return {
    connect: given.connect || defaultTimeouts.connect,
    tls: given.tls || defaultTimeouts.tls,
    head: given.head || defaultTimeouts.head,
    idle: given.idle || defaultTimeouts.idle,
    total: given.total || defaultTimeouts.total,
  };
}
