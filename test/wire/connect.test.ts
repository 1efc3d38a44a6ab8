import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as tls from 'node:tls';
import type { ConnectionEvent } from '../../src/trace/event.ts';
import type { TlsFacts } from '../../src/trace/tls/facts.ts';
import type { Failure } from '../../src/trace/failure.ts';
import { recordConnection } from '../../src/trace/recordConnection.ts';
import { connect } from '../../src/wire/connect.ts';
import { createResolver } from '../../src/wire/dns/resolve.ts';
import type { Connected, ConnectOptions, ConnectTarget, Resolver, Tap } from '../../src/wire/connection.ts';
import { createAuthority, issueSelfSigned, type Issued, type TestAuthority } from '../support/certificates.ts';
import { createOpened } from '../support/sockets.ts';

const loopback: Resolver = {
  resolve: async (name) => name.endsWith('.test')
    ? { ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] }
    : { ok: false, failure: { phase: 'dns', code: 'name-not-found', confidence: 'certain' } },
};

const timeouts = { connect: 5000, tls: 5000, head: 5000, idle: 5000, total: Infinity };

interface Run {
  readonly connected: Connected;
  readonly events: ConnectionEvent[];
  readonly types: string[];
}

async function run(target: Partial<ConnectTarget>, options: Partial<ConnectOptions> = {}): Promise<Run> {
  const events: ConnectionEvent[] = [];
  const connected = await connect(
    { scheme: 'https', host: 'site.test', port: 1, alpn: ['h2', 'http/1.1'], ...target },
    { resolver: loopback, timeouts, verify: true, emit: (event) => events.push(event), ...options },
  );
  return { connected, events, types: events.map((event) => event.type) };
}

function failureOf({ connected, events }: Run): Failure {
  assert.equal(connected.ok, false);
  const last = events.at(-1);
  assert.ok(last?.type === 'failed');
  assert.deepEqual(last.failure, (connected as { failure: Failure }).failure);
  return last.failure;
}

function socketOf({ connected, events }: Run): Tap {
  assert.ok(connected.ok, JSON.stringify(events.at(-1)));
  return connected.socket;
}

function factsOf({ events }: Run): TlsFacts {
  const end = events.find((event) => event.type === 'tls-end');
  assert.ok(end);
  return end.tls;
}

describe('connect', () => {
  const opened = createOpened();
  let authority: TestAuthority;
  let good: Issued;
  before(async () => {
    authority = await createAuthority();
    good = await authority.issue({ names: ['site.test', '127.0.0.1'] });
  });
  afterEach(() => opened.close());

  const trusting = (): Partial<ConnectOptions> =>
    ({ trustAnchors: [{ pem: authority.pem, label: 'the test root', zones: ['test', '127.0.0.1'] }] });

  function serveTls(issued: Issued, options: tls.TlsOptions = {}): Promise<number> {
    const server = tls.createServer({ ...issued, ...options }, (socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    server.on('tlsClientError', () => {});
    return opened.serve(server);
  }

  describe('over TCP', () => {
    it('emits each step in order and closes with the totals', async () => {
      const port = await opened.serve(createServer((socket) => void socket.pipe(socket)));
      const result = await run({ scheme: 'http', port, alpn: ['http/1.1'] });
      assert.deepEqual(result.types, ['opened', 'dns-start', 'dns-end', 'attempt-start', 'attempt-end', 'connected']);
      const tap = socketOf(result);
      tap.end('hello');
      assert.equal((await buffer(tap)).toString(), 'hello');
      while (result.events.at(-1)?.type !== 'closed') await new Promise(setImmediate);
      const closed = result.events.at(-1);
      assert.ok(closed?.type === 'closed');
      assert.deepEqual([closed.bytesRead, closed.bytesWritten], [5, 5]);
      const connection = recordConnection('c', result.events);
      assert.equal(connection.peerPort, port);
      assert.equal(connection.origin, `http://site.test:${port}`);
      const times = result.events.map((event) => event.at);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    });

    it('asks no name server for an address', async () => {
      const port = await opened.serve(createServer(), '::1');
      const result = await run({ scheme: 'http', host: '::1', port, alpn: ['http/1.1'] });
      assert.deepEqual(result.types, ['opened', 'attempt-start', 'attempt-end', 'connected']);
      assert.equal((result.events[0] as { origin: string }).origin, `http://[::1]:${port}`);
      socketOf(result).destroy();
    });

    it('speaks HTTP/2 by prior knowledge', async () => {
      const port = await opened.serve(http2.createServer((request, response) => request.pipe(response)));
      const result = await run({ scheme: 'http', port, alpn: ['h2'] });
      assert.ok(result.connected.ok && result.connected.httpVersion === '2');
      assert.equal((result.connected.socket as { alpnProtocol?: unknown }).alpnProtocol, 'h2');
      result.connected.socket.destroy();
    });

    it('says that nobody listens, at which address', async () => {
      const server = createServer();
      const port = await opened.serve(server);
      await opened.close();
      const failure = failureOf(await run({ scheme: 'http', port, alpn: ['http/1.1'] }));
      assert.deepEqual(
        [failure.phase, failure.code, failure.confidence, failure.host, failure.address, failure.port, failure.cause?.code],
        ['tcp', 'connection-refused', 'certain', 'site.test', '127.0.0.1', port, 'ECONNREFUSED'],
      );
    });

    it('passes on why a name was not found', async () => {
      const result = await run({ host: 'nowhere.invalid' });
      assert.deepEqual(result.types, ['opened', 'dns-start', 'failed']);
      const failure = failureOf(result);
      assert.deepEqual([failure.phase, failure.code, failure.host], ['dns', 'name-not-found', 'nowhere.invalid']);
    });

    it('is stopped at once, also by a resolver that does not stop', async () => {
      const controller = new AbortController();
      const resolver: Resolver = {
        resolve: () => { queueMicrotask(() => controller.abort()); return new Promise(() => {}); },
      };
      const failure = failureOf(await run({}, { resolver, signal: controller.signal }));
      assert.deepEqual([failure.phase, failure.code], ['dns', 'cancelled']);
    });

    it('tells of a question that was under way when it was stopped, with the port that it came from', async () => {
      const silent = createSocket('udp4').bind(0, '127.0.0.1');
      await once(silent, 'listening');
      const controller = new AbortController();
      const heard = once(silent, 'message').then((message) => {
        controller.abort();
        const [query, from] = message as [Buffer, { port: number }];
        return [from.port, query.readUInt16BE(0)];
      });
      const { port, address } = silent.address();
      const resolver = createResolver({ servers: [{ address, port }], hostsFile: '/nowhere', tries: 1 });
      const { events } = await run({}, { resolver, signal: controller.signal });
      // After the failure itself, which waits for nothing.
      await new Promise(setImmediate);
      silent.close();
      const steps = events.flatMap((event) => event.type === 'dns-step' ? event.step : []);
      const told = steps.filter(({ localPort }) => localPort !== undefined).map(({ localPort, queryId }) => [localPort, queryId]);
      const first = await heard;
      assert.ok(told.some(([from, id]) => from === first[0] && id === first[1]), JSON.stringify({ told, first }));
    });

    it('does nothing when it is stopped beforehand', async () => {
      const result = await run({}, { signal: AbortSignal.abort() });
      assert.deepEqual(result.types, ['opened', 'failed']);
      assert.equal(failureOf(result).code, 'cancelled');
    });
  });

  describe('over TLS', () => {
    it('reads the facts and carries plaintext through the tap', async () => {
      const port = await serveTls(good, { ALPNProtocols: ['http/1.1'] });
      const result = await run({ port }, trusting());
      assert.deepEqual(
        result.types,
        ['opened', 'dns-start', 'dns-end', 'attempt-start', 'attempt-end', 'tls-start', 'tls-end', 'connected'],
      );
      const facts = factsOf(result);
      assert.equal(facts.version, 'TLSv1.3');
      assert.match(facts.cipher, /^TLS_(AES|CHACHA20)/);
      assert.equal(facts.group, 'X25519MLKEM768');
      assert.deepEqual(
        [facts.serverName, facts.alpnOffered, facts.alpn, facts.resumed, facts.verified, facts.verificationOff],
        ['site.test', ['h2', 'http/1.1'], 'http/1.1', false, true, false],
      );
      assert.deepEqual(
        facts.certificateChain.map(({ subject, selfSigned, sentByServer, trustedFrom }) =>
          ({ subject, selfSigned, sentByServer, trustedFrom })),
        [
          { subject: 'CN=site.test', selfSigned: false, sentByServer: true, trustedFrom: undefined },
          { subject: authority.subject, selfSigned: true, sentByServer: false, trustedFrom: 'the test root' },
        ],
      );
      const [leaf] = facts.certificateChain;
      assert.deepEqual(
        [leaf?.subjectAltNames, leaf?.publicKey, leaf?.isAuthority], [['DNS:site.test', 'IP Address:127.0.0.1'], 'EC P-256', false],
      );
      const tap = socketOf(result);
      tap.end('plain');
      assert.equal((await buffer(tap)).toString(), 'plain');
      assert.equal(tap.bytesRead, 5);
    });

    it('carries HTTP/2', async () => {
      const server = http2.createSecureServer(good, (request, response) => request.pipe(response));
      const port = await opened.serve(server as unknown as Server);
      const result = await run({ port }, trusting());
      assert.ok(result.connected.ok && result.connected.httpVersion === '2');
      const tap = result.connected.socket;
      const session = http2.connect(`https://site.test:${port}`, { createConnection: () => tap });
      const stream = session.request({ ':method': 'POST' });
      stream.end('two');
      assert.equal((await buffer(stream)).toString(), 'two');
      session.close();
      await once(session, 'close');
    });

    it('sends no server name for an address, and checks the address', async () => {
      let name: unknown = 'unset';
      const server = tls.createServer(good, (socket) => { name = socket.servername; socket.end(); });
      const port = await opened.serve(server);
      const result = await run({ host: '127.0.0.1', port }, trusting());
      await buffer(socketOf(result));
      assert.equal(name, false);
      assert.equal(factsOf(result).serverName, undefined);
    });

    it('shows the intermediate that was sent', async () => {
      const below = await authority.issueAuthority('Test Intermediate');
      const port = await serveTls(await below.issue({ names: ['site.test'], key: 'rsa' }));
      const result = await run({ port }, trusting());
      assert.deepEqual(
        factsOf(result).certificateChain.map(({ subject, sentByServer, publicKey }) =>
          [subject, sentByServer, publicKey]),
        [['CN=site.test', true, 'RSA 2048'], [below.subject, true, 'EC P-256'], [authority.subject, false, 'EC P-256']],
      );
      socketOf(result).destroy();
    });

    const bad: [string, () => Promise<Issued>, Partial<Failure>, Record<string, unknown>][] = [
      ['expired', () => authority.issue({ names: ['site.test'], fromDay: -40, toDay: -10.5 }),
        { code: 'certificate-expired' }, { daysAgo: 10, names: ['DNS:site.test'], chainError: 'CERT_HAS_EXPIRED' }],
      ['not yet valid', () => authority.issue({ names: ['site.test'], fromDay: 2.5 }),
        { code: 'certificate-not-yet-valid' }, { daysAhead: 3 }],
      ['for another name', () => authority.issue({ names: ['other.test', '*.other.test'] }),
        { code: 'certificate-name-mismatch' }, { names: ['DNS:other.test', 'DNS:*.other.test'], serverName: 'site.test' }],
      ['self-signed', () => issueSelfSigned({ names: ['site.test'] }),
        { code: 'certificate-self-signed' }, { subject: 'CN=site.test', issuer: 'CN=site.test' }],
      ['self-signed, expired and for another name', () => issueSelfSigned({ names: ['b.test'], fromDay: -9, toDay: -2.5 }),
        { code: 'certificate-expired' },
        { daysAgo: 2, problems: ['certificate-expired', 'certificate-self-signed', 'certificate-name-mismatch'] }],
      ['of an unknown authority', async () => (await createAuthority('Somebody')).issue({ names: ['site.test'] }),
        { code: 'certificate-untrusted' }, { issuer: 'CN=Somebody, O=Roundtrip Tests' }],
      ['of an expired intermediate', async () =>
        (await authority.issueAuthority('Old', { fromDay: -9, toDay: -1.5 })).issue({ names: ['site.test'] }),
        { code: 'certificate-expired' }, { subject: 'CN=Old, O=Roundtrip Tests', depth: 1, daysAgo: 1 }],
    ];
    for (const [what, issue, expected, detail] of bad) {
      it(`refuses a certificate that is ${what}, and shows it`, async () => {
        const port = await serveTls(await issue());
        const result = await run({ port }, trusting());
        assert.deepEqual(result.types.slice(-3), ['tls-start', 'tls-end', 'failed']);
        const failure = failureOf(result);
        assert.deepEqual([failure.phase, failure.code, failure.confidence], ['tls', expected.code, 'certain']);
        for (const [name, value] of Object.entries(detail)) assert.deepEqual(failure.detail?.[name], value, name);
        assert.equal(factsOf(result).verified, false);
        assert.ok(factsOf(result).certificateChain.length > 0);
      });

      it(`connects to one that is ${what} when verification is off, and says so`, async () => {
        const port = await serveTls(await issue());
        const result = await run({ port }, { ...trusting(), verify: false });
        const { verificationOff, verified, chainError, nameError } = factsOf(result);
        assert.deepEqual([verificationOff, verified], [true, false]);
        assert.ok(chainError ?? nameError);
        const tap = socketOf(result);
        tap.end('on');
        assert.equal((await buffer(tap)).toString(), 'on');
      });
    }

    it('trusts an anchor for its zones only', async () => {
      const port = await serveTls(good);
      const anchor = { pem: authority.pem, label: 'zoned' };
      const codeFor = async (zones: string[]): Promise<string> => {
        const result = await run({ port }, { trustAnchors: [{ ...anchor, zones }] });
        if (result.connected.ok) result.connected.socket.destroy();
        return result.connected.ok ? 'trusted' : result.connected.failure.code;
      };
      assert.deepEqual(
        [await codeFor(['site.test']), await codeFor(['test']), await codeFor(['ite.test']), await codeFor(['a.site.test']), await codeFor([])],
        ['trusted', 'trusted', 'certificate-untrusted', 'certificate-untrusted', 'certificate-untrusted'],
      );
    });

    it('names an anchor that cannot be read', async () => {
      const failure = failureOf(await run({}, { trustAnchors: [{ pem: 'nothing', label: 'my.pem' }] }));
      assert.deepEqual([failure.code, failure.detail?.['trustAnchor']], ['invalid-request', 'my.pem']);
    });

    it('agrees with a server that only speaks TLS 1.2', async () => {
      const port = await serveTls(good, {
        maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', ecdhCurve: 'P-256',
      });
      const result = await run({ port, alpn: ['http/1.1'] }, trusting());
      const { version, cipher, group } = factsOf(result);
      assert.deepEqual([version, cipher, group], ['TLSv1.2', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'prime256v1']);
      socketOf(result).destroy();
    });

    it('says that a port speaks plain HTTP', async () => {
      const port = await opened.serve(http.createServer());
      const failure = failureOf(await run({ port }, trusting()));
      assert.deepEqual([failure.phase, failure.code], ['tls', 'tls-not-spoken']);
    });

    it('names the alert of a server that shares no version', async () => {
      const port = await serveTls(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
      const failure = failureOf(await run({ port }, trusting()));
      assert.deepEqual(
        [failure.code, failure.detail?.['alert'], failure.detail?.['alertNumber']], ['tls-alert', 'protocol_version', 70],
      );
    });

    it('says that none of the versions of HTTP offered was taken', async () => {
      const port = await serveTls(good, { ALPNProtocols: ['http/1.1'] });
      const refused = failureOf(await run({ port, alpn: ['h2'] }, trusting()));
      assert.deepEqual([refused.code, refused.phase], ['alpn-refused', 'tls']);
      const silent = await run({ port: await serveTls(good), alpn: ['h2'] }, trusting());
      assert.equal(failureOf(silent).code, 'alpn-refused');
      assert.equal(factsOf(silent).alpn, undefined);
    });

    it('names the alert of a server that wants a client certificate', async () => {
      const options = { requestCert: true, rejectUnauthorized: true, ca: authority.pem };
      const port = await serveTls(good, { ...options, maxVersion: 'TLSv1.2' });
      const failure = failureOf(await run({ port }, trusting()));
      assert.deepEqual(
        [failure.phase, failure.code, failure.detail?.['alert']], ['tls', 'tls-alert', 'handshake_failure'],
      );
    });

    it('tells a reset in the handshake from an end', async () => {
      const withReset = createServer((socket) => void socket.once('data', () => socket.resetAndDestroy()));
      const reset = failureOf(await run({ port: await opened.serve(withReset) }, trusting()));
      assert.deepEqual([reset.phase, reset.code], ['tls', 'connection-reset']);
      const withEnd = createServer((socket) => void socket.once('data', () => socket.end()));
      const end = failureOf(await run({ port: await opened.serve(withEnd) }, trusting()));
      assert.deepEqual([end.phase, end.code], ['tls', 'connection-closed']);
    });

    it('gives up a handshake that stalls', async () => {
      const port = await opened.serve(createServer((socket) => void socket.resume()));
      const failure = failureOf(await run({ port }, { ...trusting(), timeouts: { ...timeouts, tls: 20 } }));
      assert.deepEqual([failure.phase, failure.code, failure.detail?.['limit']], ['tls', 'tls-timeout', 20]);
    });

    it('is stopped in the handshake, the socket destroyed', async () => {
      const controller = new AbortController();
      let closed: Promise<unknown> | undefined;
      const port = await opened.serve(createServer((socket) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
        socket.once('data', () => controller.abort());
      }));
      const failure = failureOf(await run({ port }, { ...trusting(), signal: controller.signal }));
      assert.deepEqual([failure.phase, failure.code], ['tls', 'cancelled']);
      await closed;
    });

    it('destroys the socket of a server it refuses', async () => {
      let closed: Promise<unknown> | undefined;
      const server = tls.createServer(await issueSelfSigned({ names: ['site.test'] }));
      server.on('connection', (socket: Socket) => { closed = new Promise((resolve) => socket.once('close', resolve)); });
      failureOf(await run({ port: await opened.serve(server) }));
      await closed;
    });
  });
});
