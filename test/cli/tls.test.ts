import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { tlsArguments } from '../../src/cli/tlsArguments.ts';
import { jsonLines, run } from '../support/commandLine.ts';
import { openssl, serveOpenssl, trustedOrigin } from '../wire/tls/support.ts';

// From the command line to the server's own view of the connection, and to files for other programs.

describe('roundtrip send over TLS', function () {
  this.timeout(60_000);
  const served = trustedOrigin((request, response) => {
    const socket = request.socket as TLSSocket;
    const client = socket.getPeerCertificate().subject?.CN ?? 'nobody';
    response.end(`${client} ${socket.getProtocol()} ${socket.isSessionReused()}`);
  }, { requestCert: true, rejectUnauthorized: false });

  before(async () => {
    const { authority, files } = served;
    const own = await authority.issue({ names: ['me.test'], commonName: 'Me' });
    files.write('me.pem', own.cert);
    files.write('me.key', own.key);
    files.write(
      'locked.key',
      createPrivateKey(own.key).export({
        type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse',
      }) as string,
    );
  });

  const file = (name: string): string => join(served.files.directory, name);

  async function send(words: readonly string[], text = 'GET URL'): Promise<{
    code: number | null; stderr: string; contents: string[]; exchanges: any[];
  }> {
    const input = text.replaceAll('URL', `https://localhost:${served.port}/`);
    const { code, stdout, stderr } = await run(
      ['send', '-', '--json', '--cacert', file('root.pem'), ...words], { input },
    );
    const exchanges = jsonLines(stdout);
    return { code, stderr, exchanges, contents: exchanges.map(({ response }) => response?.content) };
  }

  const sent: [readonly string[], string][] = [
    [[], 'nobody TLSv1.3 false'],
    [['--cert', 'me.pem', '--key', 'me.key'], 'Me TLSv1.3 false'],
    [['-E', 'me.pem:correct horse', '--key', 'locked.key', '--tls-max', '1.2'], 'Me TLSv1.2 false'],
    [['--cert', 'me.pem', '--key', 'locked.key', '--passphrase', 'correct horse', '--tlsv1.3'], 'Me TLSv1.3 false'],
  ];
  for (const [words, content] of sent) {
    it(words.join(' ') || 'with nothing asked for', async () => {
      const { code, contents, stderr } = await send(
        words.map((word) => /^(?:me|locked)\./.test(word) ? file(word) : word),
      );
      assert.equal(code, 0, stderr);
      assert.deepEqual(contents, [content]);
    });
  }

  it('keeps key and passphrase out of what it prints', async () => {
    const { exchanges } = await send([
      '--cert', file('me.pem'), '--key', file('locked.key'), '--passphrase', 'correct horse',
    ]);
    const said = JSON.stringify(exchanges);
    assert.ok(!said.includes('correct horse') && !said.includes('PRIVATE KEY'));
    assert.equal(exchanges[0].connection.tls.facts.clientCertificate.subject, 'CN=Me');
  });

  it('says what is wrong with a certificate, and ends with 1', async () => {
    const { code, stderr } = await send([
      '--cert', file('me.pem'), '--key', file('locked.key'), '--passphrase', 'guess',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /The passphrase does not open .*me\.pem.*named on the command line/);
  });

  openssl('shows what was chosen and sent by a server that breaks off, and judges none of it', async () => {
    const issued = await served.authority.issue({ names: ['*.test', 'localhost'], commonName: 'site.test' });
    served.files.write('site.pem', issued.cert);
    served.files.write('site.key', issued.key);
    const server = await serveOpenssl(served.files.directory, [
      '-cert', 'site.pem', '-key', 'site.key', '-Verify', '1', '-verify_return_error', '-CAfile', 'root.pem', '-tls1_2',
    ]);
    try {
      const { code, stdout } = await run(['send', '-', '--verbose', '--cacert', file('root.pem')], {
        input: `GET https://localhost:${server.port}/`,
      });
      assert.equal(code, 1);
      const text = stdout.replace(/\s+/g, ' ');
      for (const says of [
        /← ServerHello [\d.]+ B TLS 1\.2 · TLS_ECDHE_ECDSA_WITH_/,
        /The handshake broke off before these certificates were judged\. 1 site\.test ✓ localhost · ✗ \*\.test EC P-256/,
        /As the server sent them 1 site\.test in its place/,
      ]) assert.match(text, says);
      assert.doesNotMatch(text, /not trusted|trusted for/);
    } finally {
      await server.close();
    }
  });

  const wishes: [readonly string[], RegExp][] = [
    [['--ciphers', 'NONE-SUCH'], /None of the ciphers/],
    [['--key-log', '/nowhere/keys.txt'], /key log cannot be written: ENOENT/],
  ];
  for (const [words, says] of wishes) {
    it(`says what cannot be had: ${words.join(' ')}`, async () => {
      const { code, stderr } = await send(words);
      assert.equal(code, 1);
      assert.match(stderr, says);
    });
  }

  it('resumes sessions between requests, unless told not to', async () => {
    const twice =
      '# @tls-version 1.3\nGET URL\nConnection: close\n\n###\n# @tls-version 1.3\nGET URL\nConnection: close\n';
    assert.deepEqual((await send([], twice)).contents, ['nobody TLSv1.3 false', 'nobody TLSv1.3 true']);
    assert.deepEqual(
      (await send(['--no-tls-resumption'], twice)).contents, ['nobody TLSv1.3 false', 'nobody TLSv1.3 false'],
    );
  });

  it('adds secrets to a key log that only its owner may read, and only when told to', async () => {
    const path = file('keys.txt');
    const environment = file('environment.txt');
    const { code } = await run(['send', '-', '--cacert', file('root.pem'), '--key-log', path], {
      input: `GET https://localhost:${served.port}/`, env: { SSLKEYLOGFILE: environment },
    });
    assert.equal(code, 0);
    assert.match(readFileSync(path, 'latin1'), /^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{64,96}$/m);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.throws(() => statSync(environment), { code: 'ENOENT' });
  });

  it('writes packets that only their owner may read, and says that they are secret', async () => {
    const path = file('out.pcapng');
    const { code, stderr } = await send(['--pcapng', path]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /out\.pcapng holds everything that was sent and received/);
    const bytes = readFileSync(path);
    assert.equal(bytes.readUInt32LE(0), 0x0a0d0d0a);
    assert.ok(bytes.includes('CLIENT_TRAFFIC_SECRET_0'));
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('cannot write packets where it must not', async () => {
    const { code, stderr } = await send(['--pcapng', '/nowhere/out.pcapng']);
    assert.equal(code, 2);
    assert.match(stderr, /\/nowhere\/out\.pcapng/);
  });

  const contradictions: [Parameters<typeof tlsArguments>[0], string][] = [
    [{ cert: 'a', pfx: 'b' }, 'certificates-exclude'], [{ key: 'a' }, 'certificate-wanted'], [{ passphrase: 'a' }, 'certificate-wanted'],
    [{ 'tlsv1.3': true, 'tls-max': '1.2' }, 'tls-versions-exclude'], [{ 'tls-max': '2' }, 'bad-tls-version'],
  ];
  for (const [values, id] of contradictions) {
    it(`refuses ${JSON.stringify(values)}`, () => assert.throws(() => tlsArguments(values), { id }));
  }
});
