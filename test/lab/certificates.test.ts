import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { connect } from 'node:tls';
import { createAuthority } from '../../src/lab/certificates/authority.ts';
import { encodeNameConstraints } from '../../src/lab/certificates/nameConstraints.ts';
import { readGreeting } from '../../src/lab/tls/clientHello.ts';
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

  it('incomplete.lab.test comes without its intermediate, which is all that is missing', async () => {
    const chain = await showCerts('-servername', 'incomplete.lab.test');
    assert.equal(chain.length, 1);
    assert.match((await curl(running, `https://incomplete.lab.test:${port()}/`)).stderr, /unable to get local issuer/);
    const [, intermediate = ''] = await showCerts('-servername', 'lab.test');
    const files = [join(running.directory, 'leaf.pem'), join(running.directory, 'missing.pem')] as const;
    await writeFile(files[0], chain.join(''));
    await writeFile(files[1], intermediate);
    assert.equal((await openssl('verify', '-CAfile', running.rootFile, '-untrusted', files[1], files[0])).code, 0);
  });

  it('disorder.lab.test sends the root before the intermediate, and is trusted all the same', async () => {
    const chain = await showCerts('-servername', 'disorder.lab.test');
    assert.deepEqual(chain.map((pem) => new X509Certificate(pem).subject.split('\n')[0]),
      ['CN=disorder.lab.test', 'CN=Roundtrip Lab Root', 'CN=Roundtrip Lab CA 1']);
    assert.equal((await curl(running, `https://disorder.lab.test:${port()}/`)).code, 0);
  });

  it('weak.lab.test has a key that OpenSSL takes at the lowest level only', async () => {
    const connectTo = (...args: string[]) => openssl('s_client', '-connect', `127.0.0.1:${port()}`,
      '-servername', 'weak.lab.test', '-CAfile', running.rootFile, '-verify_return_error', ...args);
    assert.match((await connectTo()).stderr, /key too (?:small|weak)/);
    const { stdout } = await connectTo('-cipher', 'DEFAULT@SECLEVEL=0');
    assert.match(stdout.toString(), /Server public key is 1024 bit/);
  });

  it('client.lab.test wants a certificate of the lab from its clients', async () => {
    const url = `https://client.lab.test:${port()}/`;
    assert.match((await curl(running, url)).stderr, /certificate required/);
    const authority = await createAuthority(['lab.test'], Date.now());
    const files = async (name: string, { chain, key }: { chain: string; key: string }) => {
      const paths = [join(running.directory, `${name}.pem`), join(running.directory, `${name}.key`)] as const;
      await Promise.all([writeFile(paths[0], chain), writeFile(paths[1], key)]);
      return ['--cert', paths[0], '--key', paths[1]];
    };
    const foreign = await curl(running, ...await files('foreign', await authority.issueClient('Eve')), url);
    // Node looks at it after the handshake and closes without an alert.
    assert.notEqual(foreign.code, 0);
    const { stdout } = await curl(running, `https://lab.test:${port()}/client-certificate`);
    const [key = ''] = /-----BEGIN PRIVATE KEY[^]*?-----END PRIVATE KEY-----\n/.exec(stdout.toString()) ?? [];
    const own = await curl(running, ...await files('own', { chain: stdout.toString(), key }), url);
    assert.equal(own.code, 0, own.stderr);
  });

  it('tls12.lab.test knows TLS 1.2 and nothing newer', async () => {
    const connectTo = (...args: string[]) =>
      openssl('s_client', '-connect', `127.0.0.1:${port()}`, '-servername', 'tls12.lab.test', ...args);
    assert.match((await connectTo()).stdout.toString(), /Protocol *: TLSv1\.2/);
    assert.match((await connectTo('-tls1_3')).stderr, /protocol version/);
  });

  it('stapled.lab.test brings a word of its authority along, which openssl verifies', async () => {
    const { stdout } = await openssl('s_client', '-connect', `127.0.0.1:${port()}`, '-servername', 'stapled.lab.test',
      '-status', '-CAfile', running.rootFile, '-showcerts');
    assert.match(stdout.toString(), /OCSP Response Status: successful/);
    assert.match(stdout.toString(), /Cert Status: good/);
    const response = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({
        host: '127.0.0.1', port: port(), servername: 'stapled.lab.test', requestOCSP: true,
        ca: running.lab.addresses.certificateAuthority.pem,
      });
      socket.on('OCSPResponse', (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
      });
      socket.on('error', reject);
    });
    const [leaf = '', intermediate = ''] = stdout.toString().match(/-----BEGIN CERTIFICATE[^]*?-----END CERTIFICATE-----\n/g) ?? [];
    const at = (name: string) => join(running.directory, name);
    await Promise.all([
      writeFile(at('staple.der'), response), writeFile(at('leaf.pem'), leaf), writeFile(at('issuer.pem'), intermediate)]);
    const verdict = await openssl('ocsp', '-respin', at('staple.der'), '-issuer', at('issuer.pem'), '-cert', at('leaf.pem'),
      '-CAfile', running.rootFile, '-verify_other', at('issuer.pem'), '-no_nonce');
    assert.match(verdict.stderr, /Response verify OK/);
    assert.match(verdict.stdout.toString(), /leaf\.pem: good/);
  });

  it('are chosen at every split of the first bytes', async () => {
    const hello = await new Promise<Buffer>((resolve) => {
      const through = new PassThrough();
      through.once('data', resolve);
      const tls = connect({ socket: Duplex.from({ writable: through, readable: new PassThrough() }), servername: 'TLS12.lab.test' });
      tls.on('error', () => undefined);
    });
    assert.deepEqual(readGreeting(hello), { complete: true, serverName: 'TLS12.lab.test' });
    for (let size = 0; size < hello.length; size += 1) assert.equal(readGreeting(hello.subarray(0, size)).complete, false, `${size}`);
    for (let seed = 0; seed < 5000; seed += 1) {
      const bytes = Buffer.from(hello);
      for (let change = 0; change < 3; change += 1) bytes[(seed * 31 + change * 97) % bytes.length] = (seed >> change) & 255;
      readGreeting(bytes);
    }
    assert.deepEqual(readGreeting(Buffer.from('GET / HTTP/1.1\r\n')), { complete: true });
  });

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
