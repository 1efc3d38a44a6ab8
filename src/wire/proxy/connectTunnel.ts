import type { Socket } from 'node:net';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { socketFailure } from '../tcp/errno.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';
import { converse } from './converse.ts';
import type { Dialogue, Heard } from './converse.ts';
import { createRefusalBodyReader } from './refusalBody.ts';
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
  const start = (): void => void socket.write(requestFor(authorityOf(host, port), proxy));
  return converse(socket, createAsking(options), start, options);
}

type Refusal = { readonly read: (chunk: Buffer) => boolean; readonly end: (closed: boolean) => Failure };

function createAsking(options: TunnelOptions): Dialogue {
  const { emit, hop, schedule = systemSchedule } = options;
  const reader = createHeadReader();
  let refusal: Refusal | undefined;
  return {
    read(chunk): Heard | undefined {
      if (refusal) return refusal.read(chunk) ? { failure: refusal.end(false) } : undefined;
      const head = reader.read(chunk);
      if (head.state === 'incomplete') return undefined;
      if (head.state === 'malformed') {
        return { failure: proxyFailure(head.code, options, { reason: head.reason }) };
      }
      const { statusCode, reasonPhrase, headers, rest } = head;
      if (statusCode >= 200 && statusCode <= 299) {
        emit({ type: 'proxy-end', at: schedule.now(), hop, statusCode, reasonPhrase, headers });
        return { rest };
      }
      const body = createRefusalBodyReader(statusCode, headers);
      refusal = {
        read: (more) => body.read(more),
        end: (closed) => {
          const answer = { statusCode, reasonPhrase, headers, body: body.body(closed) };
          emit({ type: 'proxy-end', at: schedule.now(), hop, ...answer });
          return proxyFailure('proxy-refused', options, { statusCode, reason: reasonPhrase });
        },
      };
      return refusal.read(rest) ? { failure: refusal.end(false) } : { within: bodyWait };
    },
    ended(error) {
      if (refusal) return refusal.end(error === undefined);
      if (error) return { ...socketFailure(error, 'proxy', 'connection-closed'), ...where(options) };
      return proxyFailure(reader.started ? 'proxy-malformed' : 'connection-closed', options);
    },
    timedOut: (limit) => refusal ? refusal.end(false) : proxyFailure('connect-timeout', options, { limit }),
  };
}

/** RFC 9112 §3.2.3: CONNECT takes host and port only, the port always there. */
export function authorityOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function requestFor(target: string, { authorization }: Proxy): string {
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`;
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
