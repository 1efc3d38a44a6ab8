import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createAuthority } from '../../src/lab/certificates/authority.ts';
import { encodeNameConstraints } from '../../src/lab/certificates/nameConstraints.ts';
import { requireDebian } from '../support/debian.ts';
import { curl, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

describe('lab certificates', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const openssl = (...args: string[]) => run(requireDebian('openssl', 'openssl'), args);
  const port = () => running.lab.addresses.https.port;
  const showCerts = async (...args: string[]) => {
    const { stdout } = await openssl('s_client', '-connect', `127.0.0.1:${port()}`, '-showcerts', ...args);
    return stdout.toString().match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/g) ?? [];
  };

  it('serve leaf and intermediate, which openssl verifies up to the root', async () => {
    const chain = await showCerts('-servername', 'shop.lab.test');
    assert.deepEqual(chain.map((pem) => new X509Certificate(pem).subject.split('\n')[0]),
      ['CN=lab.test', 'CN=Roundtrip Lab CA 1']);
    const file = join(running.directory, 'chain.pem');
    await writeFile(file, chain.join(''));
    const verify = (...name: string[]) => openssl('verify', '-x509_strict', '-purpose', 'sslserver',
      '-CAfile', running.rootFile, '-untrusted', file, ...name, file);
    for (const name of ['lab.test', 'shop.lab.test', 'localhost']) {
      const { code, stderr } = await verify('-verify_hostname', name);
      assert.equal(code, 0, `${name}: ${stderr}`);
    }
    for (const address of ['127.0.0.1', '::1']) assert.equal((await verify('-verify_ip', address)).code, 0);
    assert.notEqual((await verify('-verify_hostname', 'a.b.lab.test')).code, 0);
  });

  it('come from a root that can vouch for the lab only', async () => {
    const root = new X509Certificate(running.lab.addresses.certificateAuthority.pem);
    assert.equal(root.subject.split('\n')[0], 'CN=Roundtrip Lab Root');
    const days = (Date.parse(root.validTo) - Date.now()) / 86_400_000;
    assert.ok(days > 29 && days <= 30, `${days} days`);
    const now = Date.now();
    const authority = await createAuthority(['lab.test', '127.0.0.1'], now);
    const rootFile = join(running.directory, 'narrow.pem');
    await writeFile(rootFile, authority.rootPem);
    const verdict = async (name: string) => {
      // With a DNS name of its own, for else openssl takes the common name for one.
      const { chain } = await authority.issue({ names: ['lab.test', name], validFrom: now - 1000, validTo: now + 60_000 });
      const file = join(running.directory, 'issued.pem');
      await writeFile(file, chain);
      return openssl('verify', '-CAfile', rootFile, '-untrusted', file, file);
    };
    assert.equal((await verdict('a.lab.test')).code, 0);
    assert.equal((await verdict('127.0.0.1')).code, 0);
    for (const name of ['bank.example', 'notlab.test', '127.0.0.2', '::1']) {
      const { code, stderr } = await verdict(name);
      assert.notEqual(code, 0, name);
      assert.match(stderr, /permitted subtree violation/, name);
    }
  });

  it('encode name constraints as RFC 5280 says', () => {
    assert.equal(encodeNameConstraints(['a.b']).toString('hex'), '3009a00730058203612e62');
    assert.equal(encodeNameConstraints(['::1']).toString('hex'),
      `3026a02430228720${'0'.repeat(31)}1${'f'.repeat(32)}`);
    assert.equal(encodeNameConstraints(['1.2.3.4']).toString('hex'), '300ea00c300a870801020304ffffffff');
  });

  const bad = [
    ['expired.lab.test', 'CERT_HAS_EXPIRED', /expired/],
    ['notyet.lab.test', 'CERT_NOT_YET_VALID', /not yet valid/],
    ['selfsigned.lab.test', 'DEPTH_ZERO_SELF_SIGNED_CERT', /self.signed/],
    ['wrong.lab.test', 'ERR_TLS_CERT_ALTNAME_INVALID', /no alternative certificate subject name/],
  ] as const;
  for (const [name, code, message] of bad) {
    it(`${name} fails with ${code}, for node and for curl`, async () => {
      const failure = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
        const socket = connect({
          host: '127.0.0.1', port: port(), servername: name, ca: running.lab.addresses.certificateAuthority.pem,
        }, () => reject(new Error('trusted')));
        socket.on('error', (error) => {
          socket.destroy();
          resolve(error);
        });
      });
      assert.equal(failure.code, code);
      const { code: exit, stderr } = await curl(running, `https://${name}:${port()}/`);
      assert.equal(exit, 60);
      assert.match(stderr, message);
      const insecure = await curl(running, '-k', '-o', '/dev/null', '-w', '%{http_code}', `https://${name}:${port()}/`);
      assert.equal(insecure.stdout.toString(), '200');
    });
  }

  it('make the wrong name the only thing wrong', async () => {
    const failure = await new Promise<string>((resolve) => {
      const socket = connect({
        host: '127.0.0.1', port: port(), servername: 'wrong.lab.test', checkServerIdentity: () => undefined,
        ca: running.lab.addresses.certificateAuthority.pem,
      }, () => {
        resolve(socket.authorized ? 'chain trusted' : String(socket.authorizationError));
        socket.destroy();
      });
      socket.on('error', (error) => resolve(error.message));
    });
    assert.equal(failure, 'chain trusted');
  });

  it('negotiate h2, HTTP/1.1 or neither, and resume sessions', async () => {
    const facts = async (...args: string[]) =>
      (await openssl('s_client', '-connect', `127.0.0.1:${port()}`, '-servername', 'lab.test', ...args)).stdout.toString();
    assert.match(await facts('-alpn', 'h2,http/1.1'), /ALPN protocol: h2/);
    assert.match(await facts('-alpn', 'http/1.1'), /ALPN protocol: http\/1\.1/);
    assert.match(await facts(), /No ALPN negotiated/);
    assert.match(await facts('-tls1_2'), /Protocol *: TLSv1\.2/);
    assert.equal((await openssl('s_client', '-connect', `127.0.0.1:${port()}`, '-tls1_1', '-cipher', 'ALL@SECLEVEL=0')).code, 1);
    assert.match(await facts('-tls1_2', '-reconnect'), /Reused, TLSv1\.2/);
  });
});
