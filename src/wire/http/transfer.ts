import type { ContentLimitMet, CookieVerdict } from '../../trace/event.ts';
import { createEventStreamReader } from '../../trace/eventStream.ts';
import type { Failure } from '../../trace/failure.ts';
import type { Http2Frame } from '../../trace/http2/frame.ts';
import type { FieldLine } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import type { Tap } from '../connection.ts';
import type { ContentProblem, ReceiverCallbacks } from '../content/receiver.ts';
import { Ending } from './ending.ts';
import { failureOf } from './failure.ts';
import { headLimitsOf, trailerLimitOf } from './head.ts';
import { progressInterval } from './progress.ts';
import { Reception } from './reception.ts';
import { hasContent, isEventStream, isUntilClose, responseFacts } from './responseFacts.ts';
import type { ResponseFacts } from './responseFacts.ts';
import { listMembers } from './fields.ts';
import { Switched } from './switched.ts';
import type { RequestStart, ResponseHead, Sink } from './transmission.ts';
import { openWebSocket } from './webSocket/open.ts';
import type { Opening } from './webSocket/open.ts';
import type { SessionOwner, WebSocketSession } from './webSocket/session.ts';

/**
 * A request on its way out and its response on its way in: what the transmission and the content's
 * receiver tell.
 */
export abstract class Transfer extends Ending implements Sink, ReceiverCallbacks, SessionOwner {
  onContent: ((piece: Buffer) => void) | undefined;
  #webSocket: WebSocketSession | undefined;
  #startAt = 0;
  #progressAt = 0;
  #client: RequestStart['client'] | undefined;
  #hasLength = false;
  #isBorrowing = false;

  // --- the request -----------------------------------------------------------------------------------

  requestStarted(at: number, start: RequestStart): void {
    if (this.settled) return;
    this.letGo();
    this.phase = 'send';
    this.#startAt = at;
    this.#progressAt = at;
    this.#client = start.client;
    const { spec } = this.sending;
    const { requestTarget, authority, httpVersion, headers, client, stream } = start;
    const { scheme } = this.plan!.target;
    const started = {
      type: 'request-start', at, method: spec.method, requestTarget, authority,
      scheme: spec.webSocket ? webSocketSchemes[scheme] : scheme, httpVersion, headers, client,
    } as const;
    this.emit(stream === undefined ? started : { ...started, stream });
  }

  requestProgress(at: number, bodySize: number): void {
    if (this.settled || at - this.#progressAt < progressInterval(at - this.#startAt)) return;
    this.#progressAt = at;
    this.emit({ type: 'request-progress', at, bodySize });
  }

  requestSent(at: number, bodySize: number, headSize: number | undefined): void {
    if (this.settled) return;
    if (this.phase === 'send') this.phase = 'wait';
    if (!this.responseHead) this.deadline.set('head', this.timeouts.head, at);
    const { trailers } = this.sending.spec;
    const sent = { type: 'request-sent', at, headSize, bodySize } as const;
    this.emit(trailers ? { ...sent, trailers } : sent);
  }

  /** That wait has a limit of its own. */
  bodyHeld(): void {
    this.deadline.clear();
  }

  continueAwaited(startAt: number, at: number, outcome: 'continued' | 'timeout' | 'answered'): void {
    if (this.settled) return;
    this.deadline.set('send', this.timeouts.idle, at);
    this.emit({ type: 'continue-awaited', startAt, at, outcome });
  }

  frames(frames: readonly Http2Frame[], omitted: number): void {
    const at = Math.max(this.events.at(-1)!.at, frames.at(-1)?.endAt ?? 0);
    this.emit({ type: 'http2-frames', at, frames, omitted });
  }

  // --- the response's head ---------------------------------------------------------------------------

  interim(at: number, statusCode: number, headers: readonly FieldLine[], reasonPhrase?: string): void {
    if (this.settled) return;
    this.emit({ type: 'interim-response', at, statusCode, ...(reasonPhrase && { reasonPhrase }), headers });
  }

  firstByte(at: number): void {
    if (this.settled) return;
    this.phase = 'receive';
    this.emit({ type: 'first-byte', at });
  }

  head(at: number, head: ResponseHead): void {
    if (this.settled) return;
    const { headers } = head;
    this.responseHead = head;
    if (isEventStream(head)) this.#listen();
    else this.deadline.set('idle', this.timeouts.idle, at);
    const { httpVersion, statusCode, reasonPhrase, headSize } = head;
    this.emit({ type: 'response-head', at, httpVersion, statusCode, reasonPhrase, headers, headSize });
    const { fields: limit } = headLimitsOf(this.sending.spec.options);
    if (headers.length > limit) {
      const detail = { fields: headers.length, limit };
      return this.fail('response-head-too-large', 'receive', detail);
    }
    const facts = responseFacts(headers);
    if (facts.keepAlive !== undefined && this.pooled) this.pooled.keepAliveHint = facts.keepAlive;
    if (facts.setCookie.length > 0) this.#storeCookies(facts.setCookie);
    this.#receive(at, facts);
  }

  #receive(at: number, { contentEncoding, contentLength }: ResponseFacts): void {
    const { store, contentLimits } = this.shared;
    const { id, spec } = this.sending;
    const { contentLimits: asked } = spec.options;
    const limits = asked ? { ...contentLimits, ...asked } : contentLimits;
    this.reception = new Reception(at, contentEncoding, store.create(id, limits.memory), limits, this);
    this.#hasLength = contentLength !== undefined;
    if (contentLength !== undefined && hasContent(
      spec.method, this.responseHead!,
    )) this.reception.expect(contentLength);
  }

  onLimit(met: ContentLimitMet): boolean {
    const { id, spec } = this.sending;
    if (this.settled || !spec.options.asksBeyondLimits) return false;
    this.deadline.clear();
    this.emit({ type: 'content-held', at: monotonicNow(), ...met });
    this.shared.held.set(id, (goOn) => this.#answered(goOn));
    return true;
  }

  #answered(goOn: boolean): void {
    this.shared.held.delete(this.sending.id);
    if (this.settled) return;
    const at = monotonicNow();
    this.emit({ type: 'content-released', at, goOn });
    if (this.transmission && !this.eventStream) this.deadline.set('idle', this.timeouts.idle, at);
    this.reception!.release(goOn);
  }

  #storeCookies(values: readonly string[]): void {
    const { useCookieJar, cookieLimits } = this.sending.spec.options;
    if (useCookieJar === false) return;
    const cookies: CookieVerdict[] = this.shared.cookies.receive(this.plan!.url, values, cookieLimits);
    this.emit({ type: 'cookies-received', at: monotonicNow(), cookies });
  }

  // --- the response's body ---------------------------------------------------------------------------

  data(chunk: Buffer): boolean {
    if (this.settled) return true;
    const at = this.pooled!.tap.lastReadAt!;
    const more = this.reception!.write(chunk);
    // While we are the one who pauses, the server is not idle.
    if (this.eventStream) this.deadline.clear();
    else if (more) this.deadline.touch(at);
    else this.deadline.clear();
    const progress = this.settled ? undefined : this.reception!.progress(at);
    if (progress) this.emit(progress);
    if (!this.#isBorrowing && this.#client === 'undici' && this.#hasLength && !this.settled && this.reception!.mayBorrow) {
      this.#borrow(true);
    }
    return more;
  }

  /** Only undici with a known length uses up each chunk at once: trailers and heads would be kept in pieces. */
  #borrow(isOn: boolean): void {
    this.#isBorrowing = isOn;
    this.pooled?.tap.borrow(isOn);
  }

  protected override returnLoans(): void {
    if (this.#isBorrowing) this.#borrow(false);
  }

  onDrain(): void {
    if (!this.transmission) return;
    const isAsking = this.reception?.isHeld === true;
    if (!this.eventStream && !isAsking) this.deadline.set('idle', this.timeouts.idle, monotonicNow());
    this.transmission.resume();
  }

  onProblem(problem: ContentProblem): void {
    this.failWith(this.towardsHost({ phase: 'receive', ...problem }));
  }

  end(at: number, trailers: readonly FieldLine[]): void {
    if (this.settled) return;
    const wasCut = this.pooled!.tap.wasCut && isUntilClose(this.responseHead!);
    this.transmission = undefined;
    this.returnLoans();
    this.pooled = undefined;
    this.deadline.clear();
    const reception = this.reception!;
    reception.end((undecoded) => {
      if (this.settled) return;
      const problem = undecoded ?? (wasCut ? cutByClose : undefined);
      const complete = problem === undefined;
      if (this.eventStream && complete) this.emit({
        type: 'stream-ended', at, count: this.eventStream.count, by: 'server',
      });
      this.emit(reception.bodyEnd(at, trailers, complete));
      if (complete) return this.settle(at, undefined);
      this.settleFailed(Math.max(at, monotonicNow()), this.towardsHost({ phase: 'receive', ...problem }));
    });
  }

  failed(error: Error, known?: Partial<Failure>): void {
    if (this.settled) return;
    const trailerLimit = trailerLimitOf(headLimitsOf(this.sending.spec.options).size);
    const failure = { ...failureOf(error, this.phase, this.responseHead !== undefined, trailerLimit), ...known };
    if (this.sentAgain(failure)) return;
    this.transmission?.abort();
    this.transmission = undefined;
    this.deadline.clear();
    if (!this.reception || this.reception.isHeld) return this.failWith(this.towardsHost(failure));
    // What has arrived is decoded as far as it goes.
    this.reception.end(() => this.failWith(this.towardsHost(failure)));
  }

  /** Sends the request once more if it may be, and says whether it does. */
  protected abstract sentAgain(failure: Failure): boolean;

  // --- a stream of events ----------------------------------------------------------------------------

  /** Each event is told as it arrives. Nobody promised when the next one comes, so there is no deadline for it. */
  #listen(): void {
    const stream = createEventStreamReader();
    this.eventStream = stream;
    this.deadline.clear();
    this.tellOfConnection();
    this.onContent = (piece) => {
      const at = this.pooled?.tap.lastReadAt ?? monotonicNow();
      for (const event of stream.read(piece)) this.emit({ type: 'stream-event', at, event });
    };
  }

  // --- another protocol ------------------------------------------------------------------------------

  upgraded(at: number, tap: Tap, rest: Buffer): void {
    if (this.settled) return void tap.destroy();
    this.deadline.clear();
    this.tellOfConnection();
    const received = this.responseHead!.headers;
    const { webSocket } = this.sending.spec;
    if (webSocket) return this.#openWebSocket({ at, tap, rest, received, steps: webSocket.steps });
    this.emit({ type: 'switched', at, protocol: listMembers(received, 'upgrade').join(', ') });
    const switched = new Switched(tap, this);
    this.transmission = switched;
    switched.start(rest);
  }

  #openWebSocket(opening: Omit<Opening, 'sent'>): void {
    const sent = this.events.findLast((event) => event.type === 'request-start')?.headers ?? [];
    const opened = openWebSocket({ ...opening, sent }, this);
    if ('failure' in opened) {
      opening.tap.destroy();
      return this.failWith(this.towardsHost(opened.failure));
    }
    if (this.settled) return opened.session.abort();
    this.transmission = opened.session;
    this.#webSocket = opened.session;
    this.shared.live.set(this.sending.id, opened.session);
  }

  closed(at: number): void {
    this.end(at, []);
  }

  broken(failure: Failure): void {
    this.failWith(this.towardsHost(failure));
  }

  /** To stop listening is how a stream ends, and no failure; a WebSocket says goodbye first. */
  protected override cancelled(): void {
    if (this.#webSocket && !this.settled) return this.#webSocket.cancel();
    const stream = this.eventStream;
    if (!stream) return super.cancelled();
    if (this.settled) return;
    const at = monotonicNow();
    this.reception?.abort();
    this.emit({ type: 'stream-ended', at, count: stream.count, by: 'listener' });
    if (this.reception) this.emit(this.reception.bodyEnd(at, [], false));
    this.settle(at, undefined);
  }
}

const cutByClose: ContentProblem = {
  code: 'response-truncated', confidence: 'certain', detail: { where: 'close-notify' },
};

/** RFC 6455 §3. */
const webSocketSchemes = { http: 'ws', https: 'wss' } as const;
