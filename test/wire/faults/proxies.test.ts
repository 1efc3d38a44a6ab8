import type { Socket } from 'node:net';
import type { Failure } from '../../../src/trace/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { assertOutcome, cancelledAfter, wardForEach } from '../../support/suffering.ts';
import { assertFailure, onHead, sendOne } from '../http/support.ts';

describe('faults of proxies', () => {
  const ward = wardForEach();

  /** Through the proxy at `port` to an origin server that nobody looks for. */
  const spec = (scheme: string, port: number, more: RequestSpec['options'] = {}): RequestSpec => ({
    ...ward.spec(port, {
      options: { timeouts: { connect: 700, tls: 700 }, ...more, proxy: `${scheme}://127.0.0.1:${port}` },
    }), url: 'https://far.test/',
  });

  /** What a proxy does once the head of CONNECT has come. */
  const says = (text: string, then: 'open' | 'end' | 'reset' = 'open') => (socket: Socket): void => {
    if (then === 'end') socket.end(text);
    else socket.write(text, () => then === 'reset' && setTimeout(() => socket.resetAndDestroy(), 30));
  };
  const connects: readonly (readonly [string, Failure['phase'], Failure['code'], (socket: Socket) => void])[] = [
    ['nothing', 'proxy', 'connect-timeout', () => undefined],
    ['the end', 'proxy', 'connection-closed', says('', 'end')],
    ['a reset', 'proxy', 'connection-reset', (socket) => socket.resetAndDestroy()],
    ['half a head, and no more', 'proxy', 'connect-timeout', says('HTTP/1.1 200 OK\r\nX: ')],
    ['half a head, and the end', 'proxy', 'proxy-malformed', says('HTTP/1.1 200 OK\r\nX: ', 'end')],
    ['half a head, and a reset', 'proxy', 'connection-reset', says('HTTP/1.1 200 OK\r\nX: ', 'reset')],
    ['mail', 'proxy', 'proxy-malformed', says('220 mail.test ESMTP\r\n')],
    ['a refusal', 'proxy', 'proxy-refused', says('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno')],
    ['a refusal that does not end', 'proxy', 'proxy-refused', says('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\n\r\nno')],
    ['a wish for credentials', 'proxy', 'proxy-refused', says('HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n')],
    ['a head without end', 'proxy', 'response-head-too-large', says(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`)],
    ['a tunnel to nothing', 'tls', 'tls-timeout', says('HTTP/1.1 200 OK\r\n\r\n')],
    ['a tunnel that ends', 'tls', 'connection-closed', says('HTTP/1.1 200 OK\r\n\r\n', 'end')],
    ['a tunnel to mail', 'tls', 'tls-not-spoken', says('HTTP/1.1 200 OK\r\n\r\n220 mail.test ESMTP\r\n')],
  ];
  for (const [name, phase, code, talk] of connects) {
    it(`${name} in answer to CONNECT: ${code}`, async () => {
      const port = await ward.bench.raw((socket) => onHead(socket, () => talk(socket)));
      assertOutcome(await sendOne(ward.bench.client, spec('http', port)), { phase, code });
      await ward.assertUsable();
    });
  }

  /** What a SOCKS proxy says to the greeting, and to the request behind it (RFC 1928 §3 to §6). */
  const socks: readonly (readonly [
    string, Failure['phase'], Failure['code'], greeted: string | undefined, asked: string | undefined,
  ])[] = [
    ['nothing', 'proxy', 'connect-timeout', undefined, undefined],
    ['another version', 'proxy', 'proxy-malformed', '0400', undefined],
    ['no method', 'proxy', 'proxy-refused', '05ff', undefined],
    ['a method that was not offered', 'proxy', 'proxy-malformed', '0503', undefined],
    ['a refusal', 'proxy', 'proxy-refused', '0500', '05050001000000000000'],
    ['half a reply', 'proxy', 'connect-timeout', '0500', '050000'],
    ['a reply of another version', 'proxy', 'proxy-malformed', '0500', '04000001000000000000'],
    ['an address of no known kind', 'proxy', 'proxy-malformed', '0500', '05000009000000000000'],
  ];
  for (const [name, phase, code, ...answers] of socks) {
    it(`${name} in SOCKS: ${code}`, async () => {
      const port = await ward.bench.raw((socket) => {
        let at = 0;
        socket.on('data', () => {
          const answer = answers[at++];
          if (answer !== undefined) socket.write(Buffer.from(answer, 'hex'));
        });
      });
      assertOutcome(await sendOne(ward.bench.client, spec('socks5h', port)), { phase, code });
      await ward.assertUsable();
    });
  }

  for (const scheme of ['http', 'socks5h', 'https']) {
    it(`is cancelled at once while a proxy of ${scheme} says nothing`, async () => {
      const port = await ward.bench.raw((socket) => void socket.resume());
      const slow = { timeouts: { connect: 30_000, tls: 30_000 } };
      const exchange = await cancelledAfter(ward.bench.client, spec(scheme, port, slow), 'proxy-start');
      assertFailure(exchange, 'proxy', 'cancelled');
    });
  }
});
