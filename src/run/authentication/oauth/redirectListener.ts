import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came back from the browser: the parameters of the redirect (RFC 6749 §4.1.2). */
export interface RedirectListener {
  readonly redirectUri: string;
  /** Undefined when the wait is over before anything came. */
  readonly answer: Promise<URLSearchParams | undefined>;
  close(): void;
}

/** Shown in the browser; nothing of the request is repeated in it. */
const page = '<!doctype html><meta charset="utf-8"><title>Roundtrip</title><p>Signed in. You can close this page.</p>'
  + '<p lang="ko">로그인했습니다. 이 페이지를 닫아도 됩니다.</p>';

/**
 * Waits on loopback for the browser to come back (RFC 8252 §7.3), at the address of `redirectUrl` or a free port, for
 * at most `limit` ms. Only a request to the right path with the right `state` counts (RFC 6749 §10.12); others get 404.
 * Undefined when `redirectUrl` does not lead to loopback. Rejects when the port is taken.
 */
export async function listenForRedirect(
  redirectUrl: string | undefined, state: string, limit: number, signal?: AbortSignal,
): Promise<RedirectListener | undefined> {
  const wanted = new URL(redirectUrl ?? 'http://127.0.0.1/');
  const host = loopbackHost(wanted);
  if (host === undefined) return undefined;
  const { promise, resolve } = Promise.withResolvers<URLSearchParams | undefined>();
  const server = http.createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    const url = URL.parse(request.url ?? '', 'http://loopback');
    const isMeant = request.method === 'GET' && url?.pathname === wanted.pathname
      && url.searchParams.get('state') === state;
    const headers = {
      'Content-Type': 'text/html; charset=utf-8', 'Connection': 'close', 'Referrer-Policy': 'no-referrer',
    };
    if (!isMeant) return response.writeHead(404, headers).end();
    response.writeHead(200, headers).end(page);
    return response.once('close', () => resolve(url.searchParams));
  });
  server.maxConnections = 16;
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((ready, fail) => {
    server.once('error', fail);
    server.listen({ host, port: Number(wanted.port), exclusive: true }, ready);
  });
  const giveUp = (): void => resolve(undefined);
  const timer = setTimeout(giveUp, limit);
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) giveUp();
  const close = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    giveUp();
    server.close();
    server.closeAllConnections();
  };
  const redirectUri = new URL(wanted);
  if (wanted.port === '') redirectUri.port = String((server.address() as AddressInfo).port);
  return { redirectUri: redirectUri.href, answer: promise, close };
}

function loopbackHost({ protocol, hostname }: URL): string | undefined {
  if (protocol !== 'http:') return undefined;
  if (hostname === 'localhost' || hostname === '127.0.0.1') return '127.0.0.1';
  return hostname === '[::1]' ? '::1' : undefined;
}
