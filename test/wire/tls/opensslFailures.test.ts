import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as net from 'node:net';
import { explainFailure } from '../../../src/explain/failure.ts';
import { explainChainRemarks, explainSentChain, unjudgedChain } from '../../../src/explain/tlsChain.ts';
import { explainAgreed, explainBreakOff } from '../../../src/explain/tlsFacts.ts';
import type { TlsHandshake } from '../../../src/trace/exchange.ts';
import type { ClientCertificate, SendOptions } from '../../../src/trace/request.ts';
import { createAuthority, issueSelfSigned, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import {
  createFiles, createSender, serveOpenssl, type Files, type Sender, type Server,
} from './support.ts';

// Every way in which `openssl s_server` can end a handshake, or be refused: what is said of it, what is known, and that
// nothing is left.

interface Mode {
  readonly what: string;
  /** Words of s_server, or what a plain server does with the ClientHello. */
  readonly server: readonly string[] | ((socket: net.Socket) => void);
  readonly options?: () => SendOptions;
  readonly host?: string;
  readonly code: string;
  readonly phase?: string;
  readonly alert?: string;
  readonly chainError?: string;
  /** Certificates that were judged; absent where the handshake did not come so far. */
  readonly chain?: number;
  /** What the server had chosen and sent where it did not. */
  readonly chosen?: RegExp;
  readonly sent?: readonly string[];
  /** In the words that a reader gets, in English. */
  readonly says: RegExp;
}

describe('openssl s_server in every failure', function () {
  this.timeout(30_000);
  let files: Files;
  let authority: TestAuthority;
  let own: Issued;
  let stranger: Issued;
  let expired: Issued;
  let sender: Sender;

  before(async function () {
    debianOrSkip(this, 'openssl', 'openssl');
    files = createFiles();
    authority = await createAuthority();
    const other = await createAuthority('Other Root');
    const middle = await authority.issueAuthority('Middle');
    const lapsed = await authority.issueAuthority('Lapsed', { fromDay: -30, toDay: -2 });
    own = await authority.issue({ names: ['me.test'] });
    stranger = await other.issue({ names: ['me.test'] });
    expired = await authority.issue({ names: ['me.test'], fromDay: -30, toDay: -1 });
    const certificates: Record<string, Issued> = {
      good: await authority.issue({ names: ['site.test'] }),
      middle: await middle.issue({ names: ['site.test'] }),
      expired: await authority.issue({ names: ['site.test'], fromDay: -30, toDay: -3 }),
      future: await authority.issue({ names: ['site.test'], fromDay: 2 }),
      lapsed: await lapsed.issue({ names: ['site.test'] }),
      self: await issueSelfSigned({ names: ['site.test'] }),
      unknown: await other.issue({ names: ['site.test'] }),
      both: await issueSelfSigned({ names: ['elsewhere.test'], fromDay: -30, toDay: -3 }),
    };
    files.write('root.pem', authority.pem);
    for (const [name, { cert, key }] of Object.entries(certificates)) {
      files.write(`${name}.pem`, cert);
      files.write(`${name}.key`, key);
    }
    const made = spawnSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'client.key', '-out',
      'client.pem', '-days', '2',
      '-subj', '/CN=site.test', '-addext', 'subjectAltName=DNS:site.test', '-addext', 'extendedKeyUsage=clientAuth',
    ], { cwd: files.directory, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
  });
  after(() => files?.remove());
  beforeEach(() => { sender = createSender(); });
  afterEach(() => sender.close());

  const certificate = (name: string, chain = true): string[] =>
    ['-cert', `${name}.pem`, '-key', `${name}.key`, ...(chain ? ['-cert_chain', `${name}.pem`] : [])];
  const good = certificate('good');
  const presenting = (issued: Issued): SendOptions => {
    const clientCertificate: ClientCertificate = { label: 'me.pem', from: 'request', ...issued };
    return { clientCertificate };
  };
  const wanting = ['-Verify', '2', '-verify_return_error', '-CAfile', 'root.pem'];

  const modes: Mode[] = [
    // --- certificates that we refuse
    { what: 'an expired certificate', server: certificate('expired'), code: 'certificate-expired', chainError: 'CERT_HAS_EXPIRED', chain: 2, says: /was valid until/ },
    { what: 'one that is not valid yet', server: certificate('future'), code: 'certificate-not-yet-valid', chainError: 'CERT_NOT_YET_VALID', chain: 2, says: /is valid from/ },
    { what: 'an expired intermediate', server: certificate('lapsed'), code: 'certificate-expired', chainError: 'CERT_HAS_EXPIRED', chain: 3, says: /Lapsed.*was valid until/ },
    { what: 'another host', server: good, host: 'other.test', code: 'certificate-name-mismatch', chain: 2, says: /valid for `site\.test` only/ },
    { what: 'an address that it does not name', server: good, host: '127.0.0.1', code: 'certificate-name-mismatch', chain: 2, says: /You asked for `127\.0\.0\.1`/ },
    { what: 'a self-signed certificate', server: certificate('self'), code: 'certificate-self-signed', chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT', chain: 1, says: /vouches for itself/ },
    { what: 'an unknown authority', server: certificate('unknown'), code: 'certificate-untrusted', chain: 1, says: /Other Root/ },
    { what: 'a missing intermediate', server: certificate('middle', false), code: 'certificate-untrusted', chain: 1, says: /Middle/ },
    { what: 'everything wrong at once', server: certificate('both'), code: 'certificate-expired', chain: 1, says: /was valid until/ },
    { what: 'a certificate for clients only', server: certificate('client'), options: () => ({ trustAnchors: [{ label: 'pinned', pem: readPem('client.pem') }] }), code: 'certificate-invalid', chain: 1, says: /breaks a rule/ },
    // --- nothing in common
    { what: 'TLS 1.2 only, where 1.3 is wanted', server: [...good, '-tls1_2'], options: () => ({ tls: { minVersion: '1.3' } }), code: 'tls-alert', alert: 'protocol_version', says: /none of the TLS versions that were offered: TLS 1\.3/ },
    { what: 'TLS 1.3 only, where 1.2 is the most', server: [...good, '-tls1_3'], options: () => ({ tls: { maxVersion: '1.2' } }), code: 'tls-alert', alert: 'protocol_version', says: /offered: TLS 1\.2/ },
    { what: 'TLS 1.1 only', server: [...good, '-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0'], code: 'tls-alert', alert: 'protocol_version', says: /TLS 1\.2 – TLS 1\.3/ },
    { what: 'no shared cipher of TLS 1.2', server: [...good, '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'], options: () => ({ tls: { maxVersion: '1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } }), code: 'tls-alert', alert: 'handshake_failure', says: /handshake_failure/ },
    { what: 'no shared cipher of TLS 1.3', server: [...good, '-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256'], code: 'tls-alert', alert: 'handshake_failure', says: /handshake_failure/ },
    { what: 'no shared kind of certificate', server: [...good, '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'], options: () => ({ tls: { maxVersion: '1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } }), code: 'tls-alert', alert: 'handshake_failure', says: /handshake_failure/ },
    { what: 'no shared version of HTTP', server: [...good, '-alpn', 'h3'], code: 'alpn-refused', alert: 'no_application_protocol', says: /We offered `h2`, `http\/1\.1` by ALPN/ },
    { what: 'a name that it does not serve', server: [...good, '-servername', 'else.test', '-cert2', 'good.pem', '-key2', 'good.key', '-servername_fatal'], code: 'tls-alert', alert: 'unrecognized_name', says: /unrecognized_name/ },
    // --- certificates of ours
    { what: 'none of ours, in TLS 1.2', server: [...good, ...wanting, '-tls1_2'], code: 'tls-alert', alert: 'handshake_failure', chosen: /^TLS 1\.2 TLS_ECDHE_ECDSA_.* none$/, sent: ['site.test: in its place', 'site.test: sent before already'], says: /handshake_failure/ },
    { what: 'none of ours, in TLS 1.3', server: [...good, ...wanting, '-tls1_3'], code: 'tls-alert', alert: 'certificate_required', chain: 2, says: /wants a client certificate, and none was presented.*accepts certificates of `CN=Test Root/ },
    { what: "a stranger's, in TLS 1.2", server: [...good, ...wanting, '-tls1_2'], options: () => presenting(stranger), code: 'tls-alert', alert: 'unknown_ca', chosen: /^TLS 1\.2 TLS_ECDHE_ECDSA_.* none$/, sent: ['site.test: in its place', 'site.test: sent before already'], says: /did not accept the client certificate `me\.pem`/ },
    { what: "a stranger's, in TLS 1.3", server: [...good, ...wanting, '-tls1_3'], options: () => presenting(stranger), code: 'tls-alert', alert: 'unknown_ca', chain: 2, says: /did not accept the client certificate `me\.pem`.*accepts certificates of `CN=Test Root/ },
    { what: 'an expired one of ours', server: [...good, ...wanting, '-tls1_3'], options: () => presenting(expired), code: 'tls-alert', alert: 'certificate_expired', chain: 2, says: /did not accept the client certificate/ },
    // --- bytes that are no handshake
    { what: 'plain HTTP', server: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), code: 'tls-not-spoken', says: /what came back is not TLS/ },
    { what: 'bytes of something else', server: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), code: 'tls-not-spoken', says: /what came back is not TLS/ },
    { what: 'an alert in place of a hello', server: (socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 80])), code: 'tls-alert', alert: 'internal_error', says: /internal_error/ },
    { what: 'an alert after its hello', server: (socket) => socket.end(Buffer.concat([hello, Buffer.from([21, 3, 3, 0, 2, 2, 40])])), code: 'tls-alert', alert: 'handshake_failure', chosen: /^TLS 1\.\d TLS_\w+/, says: /handshake_failure/ },
    { what: 'half a record, then the end', server: (socket) => socket.end(hello.subarray(0, 20)), code: 'connection-closed', says: /closed/ },
    { what: 'the end', server: (socket) => socket.end(), code: 'connection-closed', says: /closed/ },
    { what: 'a reset', server: (socket) => socket.resetAndDestroy(), code: 'connection-reset', says: /./ },
    { what: 'silence', server: () => {}, options: () => ({ timeouts: { tls: 150 } }), code: 'tls-timeout', says: /not complete after/ },
    { what: 'a hello with a cipher that nobody offered', server: (socket) => socket.end(Buffer.concat([hello.subarray(0, 44), Buffer.from([0, 5]), hello.subarray(46)])), code: 'tls-handshake', chosen: /RC4/, says: /could not agree/ },
  ];

  /** What is shown of a handshake that broke off: all that its messages tell, and no more. */
  function assertUnjudged(tls: TlsHandshake, { chain, chosen, sent = [] }: Mode): void {
    if (chain !== undefined) return assert.equal(explainBreakOff(tls, 'en'), undefined);
    const agreed = Object.fromEntries(explainAgreed(tls, 'en').map(({ name, text }) => [name, text]));
    const told = ['Version', 'Cipher', 'ALPN chosen'].map((name) => agreed[name]).filter((text) => text !== undefined);
    assert.match(told.join(' '), chosen ?? /^$/);
    assert.equal(explainBreakOff(tls, 'en'), chosen
      ? 'The handshake was not completed. This is what the server had chosen until then.'
      : 'The handshake did not get far enough to agree on anything.');
    const facts = unjudgedChain(tls.seen);
    const rows = facts ? explainSentChain(facts, tls.seen, 'en') ?? [] : [];
    assert.deepEqual(rows.map(({ name, note }) => `${name}: ${note}`), sent);
    if (facts) assert.match(explainChainRemarks(facts, tls.seen, Date.now(), 'en')[0]?.text ?? '', /^One of .* not needed/);
  }

  function readPem(name: string): string {
    return spawnSync('cat', [name], { cwd: files.directory, encoding: 'utf8' }).stdout;
  }

  for (const mode of modes) {
    it(mode.what, async () => {
      const before = openSockets();
      const server = await start(mode.server);
      try {
        const given: SendOptions = { trustAnchors: [{ pem: authority.pem, label: 'root' }], ...mode.options?.() };
        const exchange = await sender.send(`https://${mode.host ?? 'site.test'}:${server.port}/`, given);
        const { failure, connection } = exchange;
        const shown = JSON.stringify(failure);
        assert.deepEqual(
          [failure?.phase, failure?.code, failure?.detail?.['alert']], [mode.phase ?? 'tls', mode.code, mode.alert], shown,
        );
        assert.ok(failure?.confidence && failure.host && failure.port === server.port, shown);
        assert.equal(
          connection?.tls?.facts?.certificateChain.length, mode.chain,
          JSON.stringify(connection?.tls?.facts?.certificateChain.map(({ subject }) => subject)),
        );
        assertUnjudged(connection!.tls!, mode);
        if (mode.chainError !== undefined) assert.equal(connection?.tls?.facts?.chainError, mode.chainError);
        assert.ok(connection?.tls?.endAt !== undefined, 'the phase has an end');
        assert.equal(exchange.response, undefined);
        for (const language of ['en', 'ko'] as const) {
          const { title, text, steps } = explainFailure(failure, exchange, language);
          assert.doesNotMatch(`${title} ${text} ${steps.map((step) => step.text).join(' ')}`, /\{\w+\}|undefined/);
          assert.ok(steps.length > 0);
        }
        assert.match(explainFailure(failure, exchange, 'en').text, mode.says);
      } finally {
        await server.close();
      }
      await sender.close();
      await settled(() => openSockets() <= before);
    });
  }

  it('and none at all with what it asks for', async () => {
    const server = await serveOpenssl(files.directory, [...good, ...wanting, '-www']);
    try {
      const exchange = await sender.send(`https://site.test:${server.port}/`, {
        trustAnchors: [{ pem: authority.pem, label: 'root' }], ...presenting(own),
      });
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      assert.equal(exchange.response?.statusCode, 200);
      assert.equal(exchange.connection?.tls?.facts?.clientCertificate?.presented, true);
    } finally {
      await server.close();
    }
  });

  async function start(server: Mode['server']): Promise<Server> {
    if (typeof server !== 'function') return serveOpenssl(files.directory, server);
    const sockets = new Set<net.Socket>();
    const listening = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).once('data', () => server(socket));
    });
    await new Promise<void>((resolve) => { listening.listen(0, '127.0.0.1', resolve); });
    return {
      port: (listening.address() as net.AddressInfo).port, said: () => '',
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => { listening.close(resolve); });
      },
    };
  }
});

/**
 * A ServerHello of TLS 1.2 with the cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 and secure renegotiation (RFC 5746
 * §3.4).
 */
const hello = Buffer.from([
  22, 3, 3, 0, 49, 2, 0, 0, 45, 3, 3, ...Array<number>(32).fill(7), 0, 0xc0, 0x2f, 0, 0, 5, 0xff, 1, 0, 1, 0,
]);

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TLSWrap').length;
}

async function settled(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn += 1) await new Promise((resolve) => { setTimeout(resolve, 10); });
  assert.ok(isSo(), `left: ${process.getActiveResourcesInfo().join(', ')}`);
}
