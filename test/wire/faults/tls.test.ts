import assert from 'node:assert/strict';
import net from 'node:net';
import tls from 'node:tls';
import type { Failure } from '../../../src/trace/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { Issued, TestAuthority } from '../../support/certificates.ts';
import { assertOutcome, cancelledAfter, wardForEach } from '../../support/suffering.ts';
import { alert, alerts, record, tlsFaults } from '../../support/tlsFaults.ts';
import { assertComplete, assertFailure, contentOf, onHead, sendOne } from '../http/support.ts';

describe('faults of TLS', () => {
  const ward = wardForEach();

  const spec = (port: number, more: Partial<RequestSpec> = {}): RequestSpec => ({ ...ward.spec(port, more), url: `https://127.0.0.1:${port}/` });
  const onHello = (talk: (socket: net.Socket) => void): Promise<number> =>
    ward.bench.raw((socket) => void socket.once('data', () => talk(socket)));

  const outcomes: readonly (readonly [keyof typeof tlsFaults, Failure['code']])[] = [
    ['an end after the ClientHello', 'connection-closed'],
    ['a reset after the ClientHello', 'connection-reset'],
    ['nothing', 'tls-timeout'],
    ['a record that stops', 'tls-timeout'],
    ['an end within a record', 'connection-closed'],
    ['a ServerHello and no more', 'tls-timeout'],
    ['an end after the ServerHello', 'connection-closed'],
    ['a record in drips', 'tls-timeout'],
    ['plain HTTP', 'tls-not-spoken'],
    ['mail', 'tls-not-spoken'],
    ['a shell', 'tls-not-spoken'],
    ['HTTP/2 without TLS', 'tls-not-spoken'],
    ['noise', 'tls-not-spoken'],
    ['a record longer than allowed', 'tls-handshake'],
    ['a message longer than its record can be', 'tls-handshake'],
    ['an empty handshake record, again and again', 'tls-handshake'],
    ['warnings without end', 'tls-handshake'],
    ['application data before the handshake is over', 'tls-handshake'],
    ['a record of no known kind', 'tls-handshake'],
    ['a message of no known kind', 'tls-handshake'],
    ['a ServerHello of SSL 3.0', 'tls-handshake'],
    ['a ServerHello of TLS 9.9', 'tls-handshake'],
    ['a cipher that was not offered', 'tls-handshake'],
    ['a second ClientHello in answer', 'tls-handshake'],
    ['close_notify', 'connection-closed'],
  ];
  for (const [name, code] of outcomes) {
    it(`${name}: ${code}`, async () => {
      const port = await onHello(tlsFaults[name]);
      const exchange = await sendOne(ward.bench.client, spec(port));
      assertOutcome(exchange, { phase: 'tls', code });
      assert.equal(exchange.failure!.port, port);
      await ward.assertUsable();
    });
  }

  for (const [number, name] of alerts) {
    it(`alert ${name}`, async () => {
      const port = await onHello((socket) => void socket.end(alert(number)));
      const exchange = await sendOne(ward.bench.client, spec(port));
      assertOutcome(exchange, { phase: 'tls', code: name === 'no_application_protocol' ? 'alpn-refused' : 'tls-alert' });
      assert.deepEqual([exchange.failure!.detail!['alert'], exchange.failure!.detail!['alertNumber']], [name, number]);
    });
  }

  it('mail that greets first: tls-not-spoken', async () => {
    const port = await ward.bench.raw((socket) => void socket.write('220 mail.test ESMTP\r\n'));
    assertOutcome(await sendOne(ward.bench.client, spec(port)), { phase: 'tls', code: 'tls-not-spoken' });
  });

  for (const name of ['nothing', 'a record in drips', 'a ServerHello and no more'] as const) {
    it(`is cancelled at once after ${name}`, async () => {
      const port = await onHello(tlsFaults[name]);
      const cancelled = await cancelledAfter(ward.bench.client, spec(port, { options: { timeouts: { tls: 30_000 } } }), 'tls-start');
      assertFailure(cancelled, 'tls', 'cancelled');
    });
  }

  describe('behind a handshake in order', () => {
    let authority: TestAuthority;
    let issued: Issued;
    before(async () => {
      authority = await createAuthority();
      issued = await authority.issue({ names: ['127.0.0.1'] });
    });

    /** `talk` gets the encrypted socket, and the one below it. */
    async function serve(talk: (socket: tls.TLSSocket, below: net.Socket) => void, options: tls.SecureContextOptions = {}): Promise<number> {
      const secureContext = tls.createSecureContext({ ...issued, ...options });
      return ward.bench.raw((below) => {
        below.on('error', () => {});
        const socket = new tls.TLSSocket(below, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
        socket.on('error', () => {});
        onHead(socket, () => talk(socket, below));
      });
    }

    const trusting = (port: number): RequestSpec =>
      spec(port, { options: { trustAnchors: [{ pem: authority.pem, label: 'test' }] } });
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';

    const behind: readonly (readonly [string, Failure['phase'], Failure['code'], (socket: tls.TLSSocket, below: net.Socket) => void])[] = [
      ['an end of TCP within the body, without close_notify', 'receive', 'response-truncated', (socket, below) => void socket.write(half, () => below.end())],
      ['close_notify within the body', 'receive', 'response-truncated', (socket) => void socket.end(half)],
      ['a reset within the body', 'receive', 'connection-reset', (socket, below) => void socket.write(half, () => setTimeout(() => below.resetAndDestroy(), 30))],
      ['an end of TCP without close_notify, where only the end ends the body', 'receive', 'response-truncated', (socket, below) => void socket.write('HTTP/1.1 200 OK\r\n\r\nall?', () => below.end())],
      ['an end of TCP before the head', 'wait', 'connection-closed', (_socket, below) => void below.end()],
      ['bytes that nobody encrypted, within the body', 'receive', 'tls-handshake', (socket, below) => void socket.write(half, () => below.write('plain text in the middle'))],
      ['a record that was changed on the way', 'receive', 'tls-handshake', (socket, below) => void socket.write(half, () => below.write(record(23, Buffer.alloc(60, 1))))],
      ['a record that was changed, before the head', 'wait', 'tls-handshake', (_socket, below) => void below.write(record(23, Buffer.alloc(60, 1)))],
      ['a body that stops', 'receive', 'idle-timeout', (socket) => void socket.write(half)],
      ['nothing more', 'wait', 'head-timeout', () => undefined],
    ];
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      for (const [name, phase, code, talk] of behind) {
        it(`${name}: ${code} (${version})`, async () => {
          const port = await serve(talk, { maxVersion: version, minVersion: version });
          const exchange = await sendOne(ward.bench.client, trusting(port));
          assertOutcome(exchange, { phase, code });
          assert.equal(exchange.connection!.tls!.facts!.version, version);
          await ward.assertUsable();
        });
      }
    }

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`close_notify, where only the end ends the body: whole (${version})`, async () => {
        for (const content of ['all', 'x'.repeat(5_000_000)]) {
          const port = await serve((socket) => void socket.end(`HTTP/1.1 200 OK\r\n\r\n${content}`), { maxVersion: version, minVersion: version });
          const exchange = await sendOne(ward.bench.client, trusting(port));
          assertComplete(exchange);
          assert.equal(exchange.response!.contentSize, content.length);
        }
      });
    }

    it('a renegotiation within the response (RFC 5246 §7.4.1.1): taken', async () => {
      const port = await serve((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok');
        socket.renegotiate({}, () => socket.write('ok'));
      }, { maxVersion: 'TLSv1.2' });
      const exchange = await sendOne(ward.bench.client, trusting(port));
      assertComplete(exchange);
      assert.equal(await contentOf(ward.bench.client, exchange), 'okok');
    });
  });
});
