import type { Socket } from 'node:net';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { socketFailure } from '../tcp/errno.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';
import { createHeadReader } from './responseHead.ts';
import type { Proxy } from './proxyUrl.ts';

export interface TunnelOptions {
  readonly proxy: Proxy;
  /** Where the tunnel is to lead; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** ms */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly emit: (event: ConnectionEvent) => void;
  readonly schedule?: Schedule;
}

/**
 * Asks the proxy at the other end of `socket` for a tunnel (CONNECT, RFC 9110 §9.3.6). Gives undefined
 * when the tunnel stands, the socket paused and whatever came behind the head pushed back to it; else
 * the failure, the socket destroyed. Never rejects.
 */
export function connectTunnel(socket: Socket, options: TunnelOptions): Promise<Failure | undefined> {
  const { proxy, host, port, timeout, signal, emit, schedule = systemSchedule } = options;
  const target = authorityOf(host, port);
  return new Promise((resolve) => {
    const reader = createHeadReader();
    const finish = (failure?: Failure): void => {
      stopTimeout();
      signal?.removeEventListener('abort', cancel);
      socket.off('data', read).off('end', ended).off('close', ended).off('error', failed);
      if (failure) socket.on('error', () => {}).destroy();
      resolve(failure);
    };
    const read = (chunk: Buffer): void => {
      const result = reader.read(chunk);
      if (result.state === 'incomplete') return;
      if (result.state === 'malformed') {
        return finish(proxyFailure(result.code, options, { reason: result.reason }));
      }
      const { statusCode, reasonPhrase, headers, rest } = result;
      emit({ type: 'proxy-end', at: schedule.now(), statusCode, reasonPhrase, headers });
      if (statusCode < 200 || statusCode > 299) {
        return finish(proxyFailure('proxy-refused', options, { statusCode, reason: reasonPhrase }));
      }
      socket.pause();
      finish();
      if (rest.length > 0) socket.unshift(rest);
    };
    const ended = (): void =>
      finish(proxyFailure(reader.started ? 'proxy-malformed' : 'connection-closed', options));
    const failed = (error: Error): void =>
      finish({ ...socketFailure(error, 'proxy', 'connection-closed'), ...where(options) });
    const cancel = (): void => finish({ phase: 'proxy', code: 'cancelled', confidence: 'certain' });
    const stopTimeout = schedule.after(timeout, () =>
      finish(proxyFailure('connect-timeout', options, { limit: timeout })));
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    socket.on('data', read).on('end', ended).on('close', ended).on('error', failed);
    emit({ type: 'proxy-start', at: schedule.now(), proxy: proxy.origin, target });
    socket.write(requestFor(target, proxy));
  });
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

function proxyFailure(
  code: Failure['code'], options: TunnelOptions, detail: Failure['detail'] = {},
): Failure {
  const target = authorityOf(options.host, options.port);
  return {
    phase: 'proxy', code, confidence: 'certain', ...where(options),
    detail: { proxy: options.proxy.origin, target, ...detail },
  };
}
