import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import type { TlsFacts } from '../../../src/trace/tls/facts.ts';
import { connect } from '../../../src/wire/connect.ts';
import { tlsFailure } from '../../../src/wire/tls/failure.ts';
import { certificateFacts, subjectAltNames } from '../../../src/wire/tls/certificate.ts';
import { X509Certificate } from 'node:crypto';
import { createAuthority, issueSelfSigned, type TestAuthority } from '../../support/certificates.ts';
import { createOpened } from '../../support/sockets.ts';
import { openssl } from './support.ts';

const timeouts = { connect: 5000, tls: 5000, head: 5000, idle: 5000, total: Infinity };

describe('TLS facts against OpenSSL', function () {
  const opened = createOpened();
  let authority: TestAuthority;
  let directory: string;
  let server: ChildProcess | undefined;

  before(async () => {
    authority = await createAuthority();
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-tls-'));
    const { cert, key } = await (await authority.issueAuthority('Middle')).issue({
      names: ['site.test'], commonName: 'Ünïcode, Inc.',
    });
    writeFileSync(join(directory, 'cert.pem'), cert);
    writeFileSync(join(directory, 'key.pem'), key);
    writeFileSync(join(directory, 'root.pem'), authority.pem);
  });
  after(() => rmSync(directory, { recursive: true }));
  afterEach(async () => {
    await opened.close();
    if (!server) return;
    const gone = once(server, 'exit');
    server.kill();
    await gone;
    server = undefined;
  });

  async function factsOf(port: number): Promise<TlsFacts> {
    let facts: TlsFacts | undefined;
    const connected = await connect(
      { scheme: 'https', host: 'site.test', port, alpn: ['h2', 'http/1.1'] },
      {
        resolver: { resolve: async () => ({ ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] }) },
        timeouts, verify: true, trustAnchors: [{ pem: authority.pem, label: 'root' }],
        emit: (event) => { if (event.type === 'tls-end') facts = event.tls; },
      },
    );
    assert.ok(connected.ok, JSON.stringify(connected));
    connected.socket.destroy();
    return facts as TlsFacts;
  }

  /** `openssl s_server` on a port of its choosing, which it prints. */
  async function serveOpenssl(options: readonly string[]): Promise<number> {
    server = spawn('openssl', [
      's_server', '-accept', '127.0.0.1:0', '-cert', 'cert.pem', '-key', 'key.pem', '-cert_chain', 'cert.pem', '-alpn',
      'h2', ...options,
    ], { cwd: directory, stdio: ['pipe', 'pipe', 'ignore'] });
    let printed = '';
    for await (const chunk of server.stdout ?? []) {
      printed += chunk;
      const port = /ACCEPT [^\n]*:(\d+)\n/.exec(printed)?.[1];
      if (port) {
        server.stdout?.resume();
        return Number(port);
      }
    }
    throw new Error(`s_server ended: ${printed}`);
  }

  const cases: [string, string[], Partial<TlsFacts>][] = [
    ['TLS 1.3 with AES-128', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', '-groups', 'X25519'],
      { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'x25519', alpn: 'h2' }],
    ['TLS 1.3 after a HelloRetryRequest', ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', '-groups', 'P-384'],
      { version: 'TLSv1.3', cipher: 'TLS_CHACHA20_POLY1305_SHA256', group: 'secp384r1' }],
    ['TLS 1.2', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384', '-groups', 'P-256'],
      { version: 'TLSv1.2', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', group: 'prime256v1' }],
  ];
  for (const [what, options, expected] of cases) {
    openssl(`agree with s_server on ${what}`, async () => {
      const facts = await factsOf(await serveOpenssl(options));
      for (const [name, value] of Object.entries(expected)) assert.equal(facts[name as keyof TlsFacts], value, name);
      assert.equal(facts.verified, true);
      assert.equal(facts.certificateChain.length, 3);
    });
  }

  openssl('agree with what s_client sees at the same server', async () => {
    const { cert, key } = await authority.issue({ names: ['site.test'] });
    const port = await opened.serve(
      tls.createServer({ cert, key, ecdhCurve: 'X25519', ALPNProtocols: ['http/1.1'] }, (socket) =>
        void socket.on('error', () => {})),
    );
    const facts = await factsOf(port);
    const client = spawn('openssl', [
      's_client', '-connect', `127.0.0.1:${port}`, '-servername', 'site.test', '-alpn', 'h2,http/1.1', '-CAfile',
      'root.pem', '-showcerts',
    ], { cwd: directory, stdio: ['pipe', 'pipe', 'ignore'] });
    client.stdin?.end('Q\n');
    let said = '';
    for await (const chunk of client.stdout ?? []) said += chunk;
    assert.ok(said.includes(`${facts.version}, Cipher is ${facts.cipher}`), said);
    assert.ok(
      new RegExp(`(Server Temp Key|Negotiated TLS1.3 group): ${facts.group}`, 'i').test(said),
      said,
    );
    assert.ok(said.includes(`ALPN protocol: ${facts.alpn}`));
    assert.ok(said.includes(facts.certificateChain[0]?.pem.trim() ?? 'no certificate'));
    const shown = new Set(said.match(/-----BEGIN CERTIFICATE-----[^-]+-----END/g));
    assert.equal(facts.certificateChain.filter((each) => each.sentByServer).length, shown.size);
  });

  openssl('write a certificate as x509 does', async () => {
    const { cert } = await authority.issue({
      names: ['a.test', '*.b.test', '192.0.2.7', '2001:db8::1'], commonName: 'Ünïcode', key: 'rsa',
    });
    const leaf = new X509Certificate(cert);
    const facts = certificateFacts(leaf, true, undefined);
    const { stdout } = spawnSync(
      'openssl',
      ['x509', '-noout', '-serial', '-fingerprint', '-sha256', '-enddate', '-subject', '-nameopt', 'RFC2253,-esc_msb'], { input: cert, encoding: 'utf8' },
    );
    assert.ok(stdout.includes(`serial=${facts.serialNumber}\n`), stdout);
    assert.ok(stdout.includes(`=${facts.fingerprint256}\n`));
    assert.ok(stdout.includes(`subject=${facts.subject}\n`));
    assert.equal(Date.parse(/notAfter=(.*)\n/.exec(stdout)?.[1] ?? ''), facts.validTo);
    assert.deepEqual(facts.subjectAltNames, ['DNS:a.test', 'DNS:*.b.test', 'IP Address:192.0.2.7', 'IP Address:2001:DB8:0:0:0:0:0:1']);
    assert.equal(facts.publicKey, 'RSA 2048');
    assert.equal(facts.signatureAlgorithm, 'ecdsa-with-SHA256');
  });

  it('a client certificate that is missing is told after the handshake, as an alert', async () => {
    const issued = await authority.issue({ names: ['site.test'] });
    const port = await opened.serve(
      tls.createServer({ ...issued, requestCert: true, rejectUnauthorized: true, ca: authority.pem }),
    );
    const connected = await connect(
      { scheme: 'https', host: '127.0.0.1', port, alpn: ['http/1.1'] },
      { resolver: { resolve: () => Promise.reject(new Error('not asked')) }, timeouts, verify: false, emit: () => {} },
    );
    assert.ok(connected.ok);
    const [error] = await once(connected.socket.resume(), 'error') as [Error];
    const failure = tlsFailure(error, 'send');
    assert.deepEqual(
      [failure?.phase, failure?.code, failure?.detail], ['tls', 'tls-alert', { alert: 'certificate_required', alertNumber: 116, late: true }],
    );
  });

  it('a self-signed certificate that is its own anchor is trusted, from that anchor', async () => {
    const issued = await issueSelfSigned({ names: ['127.0.0.1'] });
    const port = await opened.serve(tls.createServer(issued, (socket) => void socket.on('error', () => {})));
    let facts: TlsFacts | undefined;
    const connected = await connect(
      { scheme: 'https', host: '127.0.0.1', port, alpn: ['http/1.1'] },
      {
        resolver: { resolve: () => Promise.reject(new Error('not asked')) }, timeouts, verify: true,
        trustAnchors: [{ pem: issued.cert, label: 'pinned' }],
        emit: (event) => { if (event.type === 'tls-end') facts = event.tls; },
      },
    );
    assert.ok(connected.ok, JSON.stringify(connected));
    assert.deepEqual(facts?.certificateChain.map((each) => each.trustedFrom), ['pinned']);
    connected.socket.destroy();
  });
});

describe('subject alternative names', () => {
  const cases: [string | undefined, string[]][] = [
    [undefined, []],
    ['DNS:a.test, DNS:*.b.test, IP Address:127.0.0.1', ['DNS:a.test', 'DNS:*.b.test', 'IP Address:127.0.0.1']],
    ['IP Address:0:0:0:0:0:0:0:1, email:me@a.test', ['IP Address:0:0:0:0:0:0:0:1', 'email:me@a.test']],
    // Node quotes what could be taken for two names (CVE-2021-44532).
    ['DNS:"evil.test, DNS:good.test", URI:http://a.test/', ['DNS:evil.test, DNS:good.test', 'URI:http://a.test/']],
  ];
  for (const [text, names] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(subjectAltNames(text), names));
  }
});
