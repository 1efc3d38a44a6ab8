import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import * as https from 'node:https';
import type * as net from 'node:net';
import * as tls from 'node:tls';
import type { ClientCertificate, SendOptions } from '../../../src/trace/request.ts';
import {
  identityId, identityOf, pemKeyIn, UnusableClientCertificate,
} from '../../../src/wire/tls/clientCertificate.ts';
import { createAuthority, issueSelfSigned, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { createFiles, createSender, openssl, tlsOf, type Files, type Sender } from './support.ts';

describe('client certificates', () => {
  let authority: TestAuthority;
  let server: Issued;
  let own: Issued;
  let files: Files;
  let sender: Sender;
  const servers: (https.Server | net.Server)[] = [];

  before(async () => {
    authority = await createAuthority();
    server = await authority.issue({ names: ['site.test', 'other.test'] });
    own = await authority.issue({ names: ['me.test'], commonName: 'Me' });
    files = createFiles();
    files.write('own.pem', own.cert);
    files.write('own.key', own.key);
    files.write('root.pem', authority.pem);
  });
  after(() => files.remove());
  beforeEach(() => { sender = createSender(); });
  afterEach(async () => {
    await sender.close();
    for (const one of servers.splice(0)) await new Promise((resolve) => { one.close(resolve); });
  });

  function optionsWith(certificate: Partial<ClientCertificate> | undefined, more: SendOptions = {}): SendOptions {
    return {
      trustAnchors: [{ pem: authority.pem, label: 'root' }], timeouts: { total: 5000 },
      ...(certificate ? { clientCertificate: { label: 'own.pem', from: 'request', ...certificate } } : {}), ...more,
    };
  }

  /** Tells whom it sees, and redirects `/to/…` there. */
  async function serve(options: tls.TlsOptions): Promise<number> {
    const one = https.createServer({ ...server, ca: authority.pem, ...options }, (request, response) => {
      const target = /^\/to\/(.*)/.exec(request.url ?? '')?.[1];
      if (target !== undefined) response.writeHead(302, { location: target }).end();
      else response.end((request.socket as tls.TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody');
    });
    one.on('tlsClientError', () => {});
    servers.push(one);
    await new Promise<void>((resolve) => { one.listen(0, '127.0.0.1', resolve); });
    return (one.address() as net.AddressInfo).port;
  }

  async function bodyOf(exchangeId: string): Promise<string> {
    const read = await sender.client.readContent(exchangeId, 0, 1000);
    return Buffer.from(read?.bytes ?? []).toString();
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const versions = { minVersion: version, maxVersion: version } as const;

    it(`are presented when asked for, in ${version}`, async () => {
      const port = await serve({ requestCert: true, rejectUnauthorized: true, ...versions });
      const exchange = await sender.send(`https://site.test:${port}/`, optionsWith(own));
      assert.equal(exchange.failure, undefined);
      assert.equal(await bodyOf(exchange.id), 'Me');
      const { clientCertificate: facts } = tlsOf(exchange);
      assert.deepEqual(
        [facts?.asked, facts?.presented, facts?.subject, facts?.label], [true, true, 'CN=Me', 'own.pem'],
      );
    });

    it(`are not presented when nobody asks, in ${version}`, async () => {
      const port = await serve(versions);
      const exchange = await sender.send(`https://site.test:${port}/`, optionsWith(own));
      assert.equal(await bodyOf(exchange.id), 'nobody');
      const { clientCertificate: facts } = tlsOf(exchange);
      assert.deepEqual([facts?.asked, facts?.presented], [false, false]);
    });

    it(`that are missing fail in the phase tls, in ${version}`, async () => {
      const port = await serve({ requestCert: true, rejectUnauthorized: true, ...versions });
      const exchange = await sender.send(`https://site.test:${port}/`, optionsWith(undefined));
      assert.equal(exchange.failure?.phase, 'tls');
      if (version === 'TLSv1.2') return;
      assert.deepEqual(
        [exchange.failure?.code, exchange.failure?.detail?.['alert']], ['tls-alert', 'certificate_required'],
      );
      assert.deepEqual(tlsOf(exchange).clientCertificate, { asked: true, presented: false, absent: 'none' });
    });

    it(`of another authority are refused in the phase tls, in ${version}`, async () => {
      const port = await serve({ requestCert: true, rejectUnauthorized: true, ...versions });
      const stranger = await issueSelfSigned({ names: ['me.test'] });
      const exchange = await sender.send(`https://site.test:${port}/`, optionsWith(stranger));
      // Node closes the connection without an alert, in TLS 1.3 after the handshake.
      assert.match(exchange.failure?.code ?? '', /^connection-(closed|reset)$/);
      if (version === 'TLSv1.3') assert.equal(tlsOf(exchange).clientCertificate?.presented, true);
    });
  }

  it('stop at another origin, and do not come back', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: false });
    const url = `https://site.test:${port}/to/https://other.test:${port}/to/https://site.test:${port}/`;
    const [first, second, third] = await sender.sendAll(url, optionsWith(own));
    assert.equal(tlsOf(first!).clientCertificate?.presented, true);
    assert.ok(first?.redirect?.changes.includes('certificate'));
    assert.deepEqual(tlsOf(second!).clientCertificate, { asked: true, presented: false, absent: 'other-origin' });
    assert.deepEqual(tlsOf(third!).clientCertificate, { asked: true, presented: false, absent: 'other-origin' });
    assert.equal(await bodyOf(third!.id), 'nobody');
    assert.notEqual(third!.connection?.id, first!.connection?.id);
  });

  it('stay for another path of the same origin', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: true });
    const last = await sender.send(`https://site.test:${port}/to//other`, optionsWith(own));
    assert.equal(await bodyOf(last.id), 'Me');
  });

  it('keep connections apart: with, without and with another one', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: false });
    const other = await authority.issue({ names: ['you.test'], commonName: 'You' });
    const told: string[] = [];
    for (const certificate of [own, undefined, other, own, undefined, other]) {
      told.push(await bodyOf((await sender.send(`https://site.test:${port}/`, optionsWith(certificate))).id));
    }
    assert.deepEqual(told, ['Me', 'nobody', 'You', 'Me', 'nobody', 'You']);
  });

  it('leave neither key nor passphrase in the exchange', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: true });
    const key = createPrivateKey(own.key).export({
      type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse',
    }) as string;
    const exchange = await sender.send(
      `https://site.test:${port}/`, optionsWith({ cert: own.cert, key, passphrase: 'correct horse' }),
    );
    assert.equal(await bodyOf(exchange.id), 'Me');
    const said = JSON.stringify(exchange);
    assert.ok(!said.includes('PRIVATE KEY') && !said.includes('correct horse'));
    assert.deepEqual(exchange.spec.options.clientCertificate, { label: 'own.pem', from: 'request' });
  });

  // --- files as OpenSSL makes them -------------------------------------------------------------------

  function pkcs12(passphrase: string, more: readonly string[] = []): string {
    const { stdout, stderr } = spawnSync('openssl', [
      'pkcs12', '-export', '-in', 'own.pem', '-inkey', 'own.key', '-passout', `pass:${passphrase}`, ...more,
    ], { cwd: files.directory });
    assert.ok(stdout.length > 0, String(stderr));
    return stdout.toString('base64');
  }

  function encrypted(style: readonly string[]): string {
    const { stdout, stderr } = spawnSync(
      'openssl', [...style, '-in', 'own.key', '-passout', 'pass:secret'], { cwd: files.directory },
    );
    assert.ok(stdout.length > 0, String(stderr));
    return stdout.toString();
  }

  openssl('are read from PKCS #12 with and without a passphrase', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: true });
    for (const passphrase of ['secret', '']) {
      const exchange = await sender.send(
        `https://site.test:${port}/`, optionsWith({ pfx: pkcs12(passphrase), passphrase }),
      );
      assert.equal(await bodyOf(exchange.id), 'Me', JSON.stringify(exchange.failure));
      assert.equal(tlsOf(exchange).clientCertificate?.subject, 'CN=Me');
    }
  });

  openssl('do not make trusted the authorities that come along in PKCS #12', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: false });
    const pfx = pkcs12('secret', ['-certfile', 'root.pem']);
    const exchange = await sender.send(
      `https://site.test:${port}/`, optionsWith({ pfx, passphrase: 'secret' }, { trustAnchors: [] }),
    );
    assert.equal(exchange.failure?.code, 'certificate-untrusted', JSON.stringify(tlsOf(exchange).verified));
    const trusting = await sender.send(`https://site.test:${port}/`, optionsWith({ pfx, passphrase: 'secret' }));
    assert.equal(await bodyOf(trusting.id), 'Me');
  });

  openssl('are read from keys encrypted as RFC 7468 and as RFC 1421 have it', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: true });
    const styles = [['pkcs8', '-topk8', '-v2', 'aes-256-cbc'], ['ec', '-aes128']];
    for (const style of styles) {
      const key = encrypted(style);
      assert.equal(pemKeyIn(key), 'encrypted', key);
      const exchange = await sender.send(
        `https://site.test:${port}/`, optionsWith({ cert: own.cert, key, passphrase: 'secret' }),
      );
      assert.equal(await bodyOf(exchange.id), 'Me', JSON.stringify(exchange.failure));
    }
  });

  it('may have their key in the same file', async () => {
    const port = await serve({ requestCert: true, rejectUnauthorized: true });
    for (const cert of [`${own.cert}\n${own.key}`, own.cert.trim() + own.key, own.key + own.cert]) {
      const exchange = await sender.send(`https://site.test:${port}/`, optionsWith({ cert }));
      assert.equal(await bodyOf(exchange.id), 'Me', JSON.stringify(exchange.failure));
    }
  });

  describe('that cannot be used', () => {
    const faults: [string, () => Promise<Partial<ClientCertificate>> | Partial<ClientCertificate>, string][] = [
      ['a key of another certificate', async () => ({ cert: own.cert, key: (await authority.issue({ names: ['x.test'] })).key }), 'key-mismatch'],
      ['no key', () => ({ cert: own.cert }), 'key-missing'],
      ['no certificate', () => ({ cert: own.key, key: own.key }), 'certificate-missing'],
      ['an encrypted key without a passphrase', () => ({ cert: own.cert, key: encryptedKey() }), 'passphrase-missing'],
      ['a wrong passphrase', () => ({ cert: own.cert, key: encryptedKey(), passphrase: 'guess' }), 'passphrase-wrong'],
      ['a damaged key', () => ({ cert: own.cert, key: own.key.replace(/\n[^\n]{8}/, '\nAAAAAAAA') }), 'unreadable'],
      ['a damaged certificate', () => ({ cert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', key: own.key }), 'unreadable'],
      ['bytes that are no PKCS #12', () => ({ pfx: Buffer.from('hello').toString('base64') }), 'unreadable'],
    ];
    for (const [what, make, problem] of faults) {
      it(`say so: ${what}`, async () => {
        const exchange = await sender.send('https://site.test:9/', optionsWith({ ...await make(), label: 'here.pem' }));
        const { phase, code, detail } = exchange.failure!;
        assert.deepEqual([phase, code, detail?.['problem'], detail?.['clientCertificate'], detail?.['from']],
          ['blocked', 'client-certificate', problem, 'here.pem', 'request'], JSON.stringify(exchange.failure));
        assert.equal(exchange.connection?.attempts.length, 0);
      });
    }

    openssl('say so: passphrases of PKCS #12', () => {
      const pfx = pkcs12('secret');
      assert.equal(problemOf({ pfx, passphrase: 'guess' }), 'passphrase-wrong');
      assert.equal(problemOf({ pfx }), 'passphrase-missing');
      assert.equal(problemOf({ pfx: pfx.slice(0, 800), passphrase: 'secret' }), 'unreadable');
    });
  });

  function encryptedKey(): string {
    return createPrivateKey(own.key).export({
      type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret',
    }) as string;
  }

  function problemOf(certificate: Partial<ClientCertificate>): string {
    try {
      identityOf({ label: 'x', from: 'request', ...certificate });
    } catch (error) {
      assert.ok(error instanceof UnusableClientCertificate, String(error));
      return error.problem;
    }
    return 'none';
  }

  it('are told apart by each of their parts', () => {
    const of = (parts: Partial<ClientCertificate>): string => identityId({ label: 'x', from: 'request', ...parts });
    const ids = [
      {}, { cert: 'ab' }, { cert: 'a', key: 'b' }, { key: 'ab' }, { pfx: 'ab' }, { cert: 'ab', passphrase: '' }, { cert: 'ab', passphrase: 'c' },
    ].map(of);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(of({ cert: 'ab' }), identityId({ label: 'y', from: 'settings', cert: 'ab' }));
  });
});
