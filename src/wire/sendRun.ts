import type { Connection, Exchange } from '../trace/exchange.ts';
import { record } from '../trace/record.ts';
import { recordConnection } from '../trace/recordConnection.ts';
import type { RequestSpec } from '../trace/request.ts';
import type { Answer, Authenticator } from './http/authentication/authenticator.ts';
import { proxyChallenge } from './http/authentication/proxyChallenge.ts';
import { exchange } from './http/exchange.ts';
import { addGraphqlErrors } from './http/graphqlErrors.ts';
import { afterDelay, reconnectionOf } from './http/reconnect.ts';
import { redirectOf } from './http/redirect.ts';
import type { Sending, Sent, SentTo, Shared } from './http/sending.ts';
import type { ResponseHead } from './http/transmission.ts';
import { newId } from './id.ts';
import type { Listener } from './listener.ts';
import type { ConnectionRecord } from './pooled.ts';

/** RFC 9110 §15.4: a client should notice loops; so many redirects are followed. */
const defaultMaxRedirects = 20;

/**
 * One press of *Send*: the exchange of the request, and those that redirects, challenges and broken streams ask for.
 * One object instead of closures for each, which would cost as much as what they do.
 */
export class SendRun implements SentTo {
  readonly #shared: Shared;
  readonly #first: Sending;
  readonly #resolve: (exchanges: readonly Exchange[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #all: Sent[] = [];
  /** Followed since the request was sent, or sent again for its stream. */
  #redirects = 0;

  /** `resolve` is called with one exchange per request really sent; `reject` for an error of ours. */
  constructor(
    shared: Shared, spec: RequestSpec, listener: Listener, signal: AbortSignal | undefined,
    resolve: (exchanges: readonly Exchange[]) => void, reject: (error: unknown) => void,
  ) {
    this.#shared = shared;
    this.#first = { id: newId(), spec, listener, signal, resendOf: undefined };
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    this.#begin(this.#first);
  }

  #begin(sending: Sending): void {
    exchange(this.#shared, sending, this);
  }

  onSent(sent: Sent): void {
    try {
      this.#all.push(sent);
      const next = answered(sent, this.#shared.authenticator) ?? this.#followed(sent);
      // In the next turn the connection is free for it.
      if (next) setImmediate(() => this.#begin(next));
      else this.#conclude(sent);
    } catch (error) {
      this.#reject(error);
    }
  }

  #followed(sent: Sent): Sending | undefined {
    const next = followed(sent, this.#redirects, this.#all);
    if (next) this.#redirects += 1;
    return next;
  }

  /** What remains to be seen of the last one. */
  #conclude(sent: Sent): void {
    const { spec, signal } = sent.sending;
    const { live, store } = this.#shared;
    if (spec.webSocket) endWebSocket(sent, live);
    const again = spec.options.reconnect ? reconnectionOf(sent) : undefined;
    if (again) {
      this.#redirects = 0;
      afterDelay(again.delay, signal, () => this.#begin(again.next), () => this.#finish());
    } else if (spec.graphql) void addGraphqlErrors(sent, store).then(() => this.#finish()).catch(this.#reject);
    else this.#finish();
  }

  #finish(): void {
    this.#resolve(this.#all.map(exchangeOf));
  }
}

/** It takes no more messages; and an answer that opened none is a failure, its content there all the same. */
function endWebSocket(sent: Sent, live: Shared['live']): void {
  live.delete(sent.sending.id);
  const { responseHead, failure, endAt: at } = sent;
  if (failure || !responseHead || responseHead.statusCode === 101) return;
  const detail = { statusCode: responseHead.statusCode };
  const refused = { phase: 'receive', code: 'web-socket-refused', confidence: 'certain', detail } as const;
  sent.add({ type: 'failed', at, failure: refused });
}

/** The same request with credentials, if the response asks for them. */
function answered(sent: Sent, authenticator: Authenticator): Sending | undefined {
  const { sending, responseHead, failure, isAuthorized } = sent;
  const { spec, answersChallenge = false } = sending;
  const toProxy = proxyChallenge(sent);
  if (toProxy) return answerTo(sent, toProxy, { answersProxy: true });
  if (!responseHead || !spec.options.authentication) return undefined;
  if (isAuthorized) tellProof(sent, responseHead, authenticator);
  const answer = authenticator.receive(spec, responseHead, isAuthorized, answersChallenge);
  return !answer || failure ? undefined : answerTo(sent, answer, { answersChallenge: true });
}

/** What the credentials were made of is told once more, with what the server proved of itself. */
function tellProof(sent: Sent, head: ResponseHead, authenticator: Authenticator): void {
  const made = sent.events.findLast((event) => event.type === 'authorized' && event.authorization.scheme === 'digest'
    && event.authorization.to === undefined);
  if (made?.type !== 'authorized' || made.authorization.scheme !== 'digest') return;
  const mutual = authenticator.proof(sent.sending.spec, head, made.authorization);
  if (mutual) sent.add({ type: 'authorized', at: sent.endAt, authorization: { ...made.authorization, mutual } });
}

/** Tells what becomes of a challenge; gives the exchange that answers it, where one does. */
function answerTo(
  sent: Sent, answer: Answer, more: Pick<Sending, 'answersChallenge' | 'answersProxy'>,
): Sending | undefined {
  const { sending, endAt: at } = sent;
  if (answer.outcome !== 'answerable') {
    sent.add({ type: 'challenged', at, verdict: answer });
    return undefined;
  }
  const id = newId();
  sent.add({ type: 'challenged', at, verdict: { outcome: 'answered', exchangeId: id } });
  return { ...sending, ...more, id, resendOf: sending.id };
}

/**
 * The request that the response asks for, if it is to be followed; `count` redirects were so far; `all` exchanges tell
 * whether they go round in a circle.
 */
function followed(sent: Sent, count: number, all: readonly Sent[]): Sending | undefined {
  const { sending, responseHead, failure, endAt: at } = sent;
  const { spec } = sending;
  if (failure || !responseHead || spec.options.followRedirects === false) return undefined;
  const redirect = redirectOf(spec, responseHead.statusCode, responseHead.headers);
  if (redirect.kind === 'none') return undefined;
  const { location } = redirect;
  const limit = spec.options.maxRedirects ?? defaultMaxRedirects;
  if (redirect.kind === 'invalid' || count >= limit) {
    const code = redirect.kind === 'invalid' ? 'redirect-invalid' : 'too-many-redirects';
    const visits = all.filter(({ sending }) => sending.spec.url === location).length;
    const detail = { location, limit, ...(visits > 1 ? { visits } : {}) };
    sent.add({ type: 'failed', at, failure: { phase: 'receive', code, confidence: 'certain', detail } });
    return undefined;
  }
  const nextId = newId();
  sent.add({ type: 'redirected', at, location, exchangeId: nextId, changes: redirect.changes });
  // Elsewhere a challenge is a new one.
  const unanswered = { answersChallenge: false, answersProxy: false };
  return { ...sending, ...unanswered, id: nextId, spec: redirect.spec, resendOf: sending.id };
}

function exchangeOf({ sending: { id, spec, resendOf }, events, connection }: Sent): Exchange {
  const recorded: { -readonly [K in keyof Exchange]: Exchange[K] } = record(
    resendOf === undefined ? { id, spec, events } : { id, spec, events, resendOf });
  if (connection) recorded.connection = connectionOf(connection);
  return recorded;
}

/**
 * Connections are used many times, and their events seldom grow: recorded again only when they
 * have.
 */
function connectionOf(of: ConnectionRecord): Connection {
  const { id, events, known } = of;
  if (known && known.count === events.length) return known.connection;
  const connection = recordConnection(id, events);
  of.known = { count: events.length, connection };
  return connection;
}
