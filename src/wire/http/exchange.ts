import type { CookieVerdict, ExchangeEvent } from '../../trace/event.ts';
import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';
import { defaultTimeouts } from '../../trace/request.ts';
import type { FieldLine, RequestSpec, Timeouts } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import { ContentReceiver } from '../content/receiver.ts';
import type { ContentLimits } from '../content/receiver.ts';
import type { ContentStore } from '../content/store.ts';
import type { ContentWriter } from '../content/writer.ts';
import type { CookieJar } from '../cookies/jar.ts';
import type { ConnectionRecord, Pool, PooledConnection, Wanted } from '../pool.ts';
import { Deadline } from './deadline.ts';
import type { DeadlineKind } from './deadline.ts';
import { failureOf } from './failure.ts';
import { fieldValue, fieldValues } from './fields.ts';
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

/** What an exchange needs from its client. */
export interface ExchangeContext {
  readonly id: string;
  readonly spec: RequestSpec;
  readonly pool: Pool;
  readonly store: ContentStore;
  readonly cookies: CookieJar;
  readonly contentLimits: ContentLimits;
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: ExchangeEvent) => void;
  readonly onConnection: Wanted['onConnectionEvent'];
}

/** How an exchange ended: the response's head, if one came, and whether something failed. */
export interface Outcome {
  readonly head: ResponseHead | undefined;
  readonly failure: Failure | undefined;
  /** The connection used last. */
  readonly connection: ConnectionRecord | undefined;
  /** When it ended, ms. */
  readonly at: number;
}

/** Sends one request and takes its response; every outcome is told as events, none rejects. */
export function exchange(context: ExchangeContext): Promise<Outcome> {
  return new Promise((resolve) => new ExchangeRun(context, resolve).start());
}

class ExchangeRun implements Sink {
  readonly #context: ExchangeContext;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #timeouts: Timeouts;
  readonly #deadline = new Deadline(monotonicNow, (kind, limit) => this.#timedOut(kind, limit));
  #totalTimer: NodeJS.Timeout | undefined;
  #settled = false;
  #phase: PhaseName = 'blocked';

  #plan: Plan | undefined;
  #body: RequestBody | undefined;
  #cookieHeader: string | undefined;
  #wanted: Wanted | undefined;
  #record: ConnectionRecord | undefined;
  #connection: PooledConnection | undefined;
  #reused = false;
  #retried = false;
  #transmission: Transmission | undefined;

  #head: ResponseHead | undefined;
  #writer: ContentWriter | undefined;
  #receiver: ContentReceiver | undefined;
  #bodySize = 0;
  #progressAt = 0;
  #storing: Promise<void> | undefined;

  constructor(context: ExchangeContext, resolve: (outcome: Outcome) => void) {
    this.#context = context;
    this.#resolve = resolve;
    this.#timeouts = timeoutsOf(context.spec);
  }

  start(): void {
    const { spec, signal, emit } = this.#context;
    emit({ type: 'queued', at: monotonicNow(), startedAt: Date.now() });
    if (signal?.aborted) return this.#fail('cancelled');
    signal?.addEventListener('abort', this.#cancel);
    const { total } = this.#timeouts;
    if (total < 2 ** 31) this.#totalTimer = setTimeout(() => this.#totalPassed(), total);
    const checked = checkedRequest(spec);
    if (!checked.ok) return this.#failWith(checked.failure);
    this.#plan = checked.plan;
    this.#openBody();
  }

  #openBody(): void {
    const parts = this.#context.spec.body ?? [];
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
    const { spec, cookies, emit, pool } = this.#context;
    const plan = this.#plan!;
    if (spec.options.useCookieJar !== false && !cookies.isEmpty) {
      const selected = cookies.select(plan.url, spec.headers);
      this.#cookieHeader = selected.header;
      emit({ type: 'cookies-selected', at: monotonicNow(), cookies: selected.verdicts });
    }
    this.#wanted = this.#newWanted(plan, spec.options.forceNewConnection ?? false);
    pool.acquire(this.#wanted);
  }

  #newWanted(plan: Plan, forceNew: boolean): Wanted {
    const { proxy, zoneServers, trustAnchors, verify } = this.#context.spec.options;
    const wanted: Wanted = {
      key: plan.key, target: plan.target, timeouts: this.#timeouts, verify: verify ?? true, forceNew,
      ...(proxy === undefined ? {} : { proxy }),
      ...(zoneServers ? { zoneServers } : {}),
      ...(trustAnchors ? { trustAnchors } : {}),
      onAssigned: (record, reused, idle) => this.#assigned(record, reused, idle),
      onConnectionEvent: this.#context.onConnection,
      onReady: (connection) => this.#ready(connection),
      onFailed: (failure) => this.#failWith(failure),
    };
    return wanted;
  }

  #assigned(record: ConnectionRecord, reused: boolean, idle: number | undefined): void {
    this.#record = record;
    this.#reused = reused;
    this.#context.emit({
      type: 'connection-assigned', at: monotonicNow(), connectionId: record.id, reused,
      ...(idle === undefined ? {} : { idle }),
    });
  }

  #ready(connection: PooledConnection): void {
    this.#connection = connection;
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
    this.#deadline.set('send', this.#timeouts.idle, monotonicNow());
    try {
      const transmission = connection.http.client.send(request, this);
      // It may have failed before it was known here.
      if (this.#settled || this.#connection !== connection) transmission.abort();
      else this.#transmission = transmission;
    } catch (error) {
      this.failed(error as Error);
      connection.tap.destroy();
    }
  }

  #outgoing(connection: PooledConnection, plan: Plan): OutgoingRequest {
    const { spec } = this.#context;
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
    const { spec, emit } = this.#context;
    emit({ type: 'request-start', at, method: spec.method, scheme: this.#plan!.target.scheme, ...start });
  }

  requestSent(at: number, bodySize: number, headSize: number | undefined): void {
    if (this.#settled) return;
    if (this.#phase === 'send') this.#phase = 'wait';
    if (!this.#head) this.#deadline.set('head', this.#timeouts.head, at);
    this.#context.emit({
      type: 'request-sent', at, bodySize, ...(headSize === undefined ? {} : { headSize }),
    });
  }

  interim(at: number, statusCode: number, headers: readonly FieldLine[]): void {
    if (!this.#settled) this.#context.emit({ type: 'interim-response', at, statusCode, headers });
  }

  firstByte(at: number): void {
    if (this.#settled) return;
    this.#phase = 'receive';
    this.#context.emit({ type: 'first-byte', at });
  }

  head(at: number, head: ResponseHead): void {
    if (this.#settled) return;
    const { headers } = head;
    this.#head = head;
    this.#progressAt = at;
    this.#deadline.set('idle', this.#timeouts.idle, at);
    this.#context.emit({ type: 'response-head', at, ...head });
    if (headers.length > headLimits.fields) {
      return this.#fail('response-head-too-large', 'receive', { fields: headers.length, limit: headLimits.fields });
    }
    this.#noteKeepAlive(headers);
    this.#storeCookies(headers);
    this.#writer = this.#context.store.create(this.#context.id);
    this.#receiver = new ContentReceiver(
      fieldValues(headers, 'content-encoding'), this.#writer, this.#context.contentLimits,
      {
        onDrain: () => this.#transmission?.resume(),
        onProblem: (problem) => this.#failWith({ phase: 'receive', ...problem }),
      },
    );
  }

  #noteKeepAlive(headers: readonly FieldLine[]): void {
    const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(fieldValue(headers, 'keep-alive') ?? '')?.[1];
    if (seconds !== undefined && this.#connection) this.#connection.keepAliveHint = Number(seconds) * 1000;
  }

  #storeCookies(headers: readonly FieldLine[]): void {
    const { spec, cookies, emit } = this.#context;
    const values = spec.options.useCookieJar === false ? [] : fieldValues(headers, 'set-cookie');
    if (values.length === 0) return;
    const tell = (verdicts: readonly CookieVerdict[]): void =>
      emit({ type: 'cookies-received', at: monotonicNow(), cookies: verdicts });
    if (cookies.isLoaded) return tell(cookies.receive(this.#plan!.url, values));
    this.#storing = cookies.load().then(() => tell(cookies.receive(this.#plan!.url, values)));
  }

  data(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#bodySize += chunk.length;
    const at = this.#connection!.tap.lastReadAt!;
    this.#deadline.touch(at);
    const more = this.#receiver!.write(chunk);
    if (at - this.#progressAt >= progressInterval && !this.#settled) {
      this.#progressAt = at;
      this.#context.emit({ type: 'body-progress', at, bodySize: this.#bodySize, contentSize: this.#writer!.size });
    }
    return more;
  }

  end(at: number, trailers: readonly FieldLine[]): void {
    if (this.#settled) return;
    this.#transmission = undefined;
    this.#connection = undefined;
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
    const failure = { ...failureOf(error, this.#phase, this.#head !== undefined), ...known };
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
    if (!this.#reused || this.#retried || this.#phase === 'receive' || this.#head) return false;
    const refused = failure.detail?.code === 'REFUSED_STREAM';
    const unprocessed = failure.code === 'goaway'
      && Number(failure.detail?.lastStream) < Number(failure.detail?.stream);
    if (refused || unprocessed) return true;
    const closed = failure.code === 'connection-closed' || failure.code === 'connection-reset' || failure.code === 'goaway';
    return closed && idempotent.has(this.#context.spec.method);
  }

  #retry(): void {
    this.#retried = true;
    this.#transmission = undefined;
    this.#connection = undefined;
    this.#phase = 'blocked';
    this.#deadline.clear();
    this.#wanted = this.#newWanted(this.#plan!, true);
    this.#context.pool.acquire(this.#wanted);
  }

  readonly #cancel = (): void => this.#fail('cancelled');

  #totalPassed(): void {
    this.#fail('total-timeout', undefined, { limit: this.#timeouts.total });
  }

  #timedOut(kind: DeadlineKind, limit: number): void {
    if (this.#settled) return;
    const tap = this.#connection?.tap;
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
    if (this.#phase !== 'blocked' || this.#reused || !this.#record) return this.#phase;
    for (const { type } of this.#record.events.toReversed()) {
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
    if (this.#head) this.#emitBodyEnd(at, [], false);
    this.#settleFailed(at, failure);
  }

  #emitBodyEnd(at: number, trailers: readonly FieldLine[], complete: boolean): void {
    this.#context.emit({
      type: 'body-end', at, bodySize: this.#bodySize, contentSize: this.#writer?.size ?? 0, trailers, complete,
      storedIn: this.#writer?.storedIn ?? 'memory',
    });
  }

  #settleFailed(at: number, failure: Failure): void {
    this.#context.emit({ type: 'failed', at, failure });
    this.#settle(at, failure);
  }

  #settle(at: number, failure: Failure | undefined): void {
    this.#settled = true;
    this.#deadline.clear();
    clearTimeout(this.#totalTimer);
    this.#context.signal?.removeEventListener('abort', this.#cancel);
    this.#transmission?.abort();
    if (failure && this.#wanted && !this.#connection) this.#context.pool.cancel(this.#wanted);
    const outcome = { head: this.#head, failure, connection: this.#record, at };
    if (this.#storing) void this.#storing.then(() => this.#resolve(outcome), () => this.#resolve(outcome));
    else this.#resolve(outcome);
  }
}

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
