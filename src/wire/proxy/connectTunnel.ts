import type { Socket } from 'node:net';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import type { FieldLine, HeadLimits } from '../../trace/request.ts';
import { socketFailure } from '../tcp/errno.ts';
import { userAgent } from '../http/requestFields.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';
import { converse } from './converse.ts';
import type { Dialogue, Heard } from './converse.ts';
import { authorizeToProxy, challengedByProxy } from './proxyDigest.ts';
import type { ProxyAuthorized } from './proxyDigest.ts';
import { createRefusalBodyReader } from './refusalBody.ts';
import type { RefusalBodyReader } from './refusalBody.ts';
import { createHeadReader } from './responseHead.ts';
import type { Proxy } from './proxyUrl.ts';

export interface TunnelOptions {
  readonly proxy: Proxy;
  /** The place of the proxy in its chain, from 0. */
  readonly hop: number;
  /** Where the tunnel is to lead; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** ms */
  readonly timeout: number;
  /** Of the proxy's answer. */
  readonly headLimits: HeadLimits;
  readonly signal?: AbortSignal;
  readonly emit: (event: ConnectionEvent) => void;
  readonly schedule?: Schedule;
}

/** How long what comes with a refusal is waited for, ms: the refusal itself is known. */
const bodyWait = 1000;

/**
 * Asks the proxy at the other end of `socket` for a tunnel (CONNECT, RFC 9110 §9.3.6). Gives undefined
 * when the tunnel stands, the socket paused and whatever came behind the head pushed back to it; else
 * the failure, the socket destroyed. A refusal is read with its body. Never rejects.
 */
export function connectTunnel(socket: Socket, options: TunnelOptions): Promise<Failure | undefined> {
  const { proxy, host, port } = options;
  const { authorization, isTyped } = proxy;
  const target = authorityOf(host, port);
  /** With Digest where the proxy has asked for it, else with Basic. */
  const ask = (): ProxyAuthorized | undefined => {
    const authorized = authorization === undefined || isTyped ? undefined
      : authorizeToProxy(proxy.origin, authorization, { method: 'CONNECT', uri: target });
    socket.write(requestFor(target, authorized?.value ?? authorization), 'latin1');
    return authorized;
  };
  const asking = createAsking(options, ask);
  return converse(socket, asking, asking.start, options);
}

interface Refusal {
  readonly statusCode: number;
  readonly headers: readonly FieldLine[];
  readonly body: RefusalBodyReader;
  readonly end: (closed: boolean) => Failure;
}

/** `ask` sends a request, and gives how its credentials were made. */
function createAsking(
  options: TunnelOptions, ask: () => ProxyAuthorized | undefined,
): Dialogue & { readonly start: () => void } {
  const { emit, hop, headLimits, schedule = systemSchedule } = options;
  let reader = createHeadReader(headLimits);
  let refusal: Refusal | undefined;
  let authorized: ProxyAuthorized | undefined;
  let answered = false;

  /** Read once for each refusal: it is remembered what the proxy asks for. */
  const isAnswerable = ({ statusCode, headers }: Refusal): boolean =>
    statusCode === 407 && isToBeAnswered(options.proxy, headers, answered);

  const refusedWith = (closed: boolean, answerable = isAnswerable(refusal!)): Failure => {
    const failure = refusal!.end(closed);
    return answerable ? { ...failure, detail: { ...failure.detail, answerable } } : failure;
  };

  /** The refusal is whole: the end, or a challenge that is answered on the same connection (RFC 9110 §11.7.1). */
  const refused = (): Heard => {
    const { headers, body } = refusal!;
    const answerable = isAnswerable(refusal!);
    if (!answerable || !staysOpen(headers) || !body.body(false).complete) {
      return { failure: refusedWith(false, answerable) };
    }
    emit({ type: 'proxy-step', at: schedule.now(), hop, step: 'authentication' });
    answered = true;
    refusal = undefined;
    reader = createHeadReader(headLimits);
    authorized = ask();
    return { within: options.timeout };
  };
  return {
    start() {
      authorized = ask();
    },
    read(chunk): Heard | undefined {
      if (refusal) return refusal.body.read(chunk) ? refused() : undefined;
      const head = reader.read(chunk);
      if (head.state === 'incomplete') return undefined;
      if (head.state === 'malformed') {
        return { failure: proxyFailure(head.code, options, head.detail) };
      }
      const { statusCode, reasonPhrase, headers, rest } = head;
      if (statusCode >= 200 && statusCode <= 299) {
        const made = authorized && { authorization: authorized.facts };
        emit({ type: 'proxy-end', at: schedule.now(), hop, statusCode, reasonPhrase, headers, ...made });
        return { rest };
      }
      const body = createRefusalBodyReader(statusCode, headers);
      refusal = {
        statusCode, headers, body,
        end: (closed) => {
          const said = { statusCode, reasonPhrase, headers, body: body.body(closed) };
          const made = authorized && { authorization: authorized.facts };
          emit({ type: 'proxy-end', at: schedule.now(), hop, ...said, ...made });
          return proxyFailure('proxy-refused', options, { statusCode, reason: reasonPhrase });
        },
      };
      return body.read(rest) ? refused() : { within: bodyWait };
    },
    ended(error) {
      if (refusal) return refusedWith(error === undefined);
      if (error) return { ...socketFailure(error, 'proxy', 'connection-closed'), ...where(options) };
      return proxyFailure(reader.started ? 'proxy-malformed' : 'connection-closed', options);
    },
    timedOut: (limit) => refusal ? refusedWith(false) : proxyFailure('connect-timeout', options, { limit }),
  };
}

function isToBeAnswered(
  { origin, authorization, isTyped }: Proxy, headers: readonly FieldLine[], answered: boolean,
): boolean {
  return authorization !== undefined && !isTyped
    && challengedByProxy(origin, authorization, headers, answered).outcome === 'answerable';
}

/** RFC 9112 §9.3; `Proxy-Connection` is what old proxies say instead. */
function staysOpen(headers: readonly FieldLine[]): boolean {
  return !headers.some(([name, value]) => /^(?:proxy-)?connection$/i.test(name) && /\bclose\b/i.test(value));
}

/** RFC 9112 §3.2.3: CONNECT takes host and port only, the port always there. */
export function authorityOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function requestFor(target: string, authorization: string | undefined): string {
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  // Some proxies let nobody through who does not name themselves.
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nUser-Agent: ${userAgent}\r\n${credentials}\r\n`;
}

function where({ proxy }: TunnelOptions): { host: string; port: number } {
  return { host: proxy.host, port: proxy.port };
}

/** A failure between us and a proxy, with whom it was and what was asked of it. */
export function proxyFailure(
  code: Failure['code'], options: TunnelOptions, detail: Failure['detail'] = {},
): Failure {
  const target = authorityOf(options.host, options.port);
  return {
    phase: 'proxy', code, confidence: 'certain', ...where(options),
    detail: { proxy: options.proxy.origin, target, hop: options.hop, ...detail },
  };
}
