import assert from 'node:assert/strict';
import { join } from 'node:path';
import { jsonLines, run } from '../support/commandLine.ts';
import { trustedOrigin } from '../wire/tls/support.ts';

describe('roundtrip send --verbose', function () {
  this.timeout(60_000);
  const served = trustedOrigin(
    (_request, response) => response.end('hello'), {}, ['localhost', '127.0.0.9', '*.site.test'],
  );

  const send = (words: readonly string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof run> =>
    run(['send', '-', '--cacert', join(served.files.directory, 'root.pem'), ...words], {
      input: `GET https://localhost:${served.port}/`, env,
    });

  it('lists each message of TLS once, with its time, direction and size', async () => {
    const { stdout, code, stderr } = await send(['-v']);
    assert.equal(code, 0, stderr);
    const listed = stdout.split('\n').map((line) =>
      /^ *(\S+ ms)  ([→←]) ([* ]) (\w+) +(\S+ k?B)/.exec(line)?.slice(1)).filter((one) => one !== undefined);
    assert.deepEqual(listed.slice(0, 9).map(([, arrow, star, name]) => `${arrow}${star}${name}`), [
      '→ ClientHello', '← ServerHello', '← ChangeCipherSpec', '←*EncryptedExtensions', '←*Certificate',
      '←*CertificateVerify', '←*Finished',
      '→ ChangeCipherSpec', '→*Finished',
    ]);
    assert.equal(listed[0]?.[0], '0 ms');
    assert.match(stdout, /^TLS localhost {2}round trips: 1$/m);
    assert.match(stdout, /\* encrypted on the wire/);
  });

  /** The lines of TLS below its messages, without digests, dates and the folder of the authority's file. */
  const told = (stdout: string): string[] =>
    (/\n {2}\* encrypted on the wire\n\n([^]*?)\n\n(?:Request|$)/.exec(stdout)?.[1] ?? stdout)
      .replace(/\b(?:[\da-f]{32}|t13d\d{4}h2_[\da-f]{12}_[\da-f]{12})$/gm, '#')
      .replace(/ · \d.* UTC to .* UTC · .* left$/gm, ' · # UTC to # UTC · # left')
      .replaceAll(served.files.directory, '').split('\n');

  it('says what was agreed and checked, and holds the chain as sent against the one verified', async () => {
    assert.deepEqual(told((await send(['-v'])).stdout), [
      '  Session             full handshake',
      '  JA4 of our hello    #',
      '  JA3 of our hello    #',
      '  Chain               ✓ leads to a trusted authority',
      '  Name                ✓ fits localhost',
      '  Trusted root        Test Root, from /root.pem',
      '  Status (OCSP)       none stapled',
      '  Transparency logs   no promise of a log',
      '  Client certificate  not asked for',
      '',
      '  Certificate chain  ✓ trusted for localhost',
      '    1  localhost  ✓ localhost · ✗ 127.0.0.9 · ✗ *.site.test',
      '                  EC P-256 · # UTC to # UTC · # left',
      '    2  Test Root  root · trusted from /root.pem · sent by the server',
      '                  EC P-256 · # UTC to # UTC · # left',
      '  As the server sent them',
      '    1  localhost  in its place',
      '    2  Test Root  the root, which need not be sent',
    ]);
  });

  it('says so too where the certificate is refused', async () => {
    const { stdout, code } = await run(['send', '-', '-v'], { input: `GET https://127.0.0.1:${served.port}/` });
    assert.equal(code, 1);
    const lines = told(stdout);
    const chain = lines.indexOf('  Certificate chain  ✗ not trusted');
    assert.deepEqual(lines.slice(chain - 6, chain + 2), [
      '  Chain               ✗ it leads to a root that is not trusted here · SELF_SIGNED_CERT_IN_CHAIN',
      '  Name                ✗ no name of the certificate fits 127.0.0.1',
      '  Status (OCSP)       none stapled',
      '  Transparency logs   no promise of a log',
      '  Client certificate  not asked for',
      '',
      '  Certificate chain  ✗ not trusted',
      '    1  localhost  ✗ localhost · ✗ 127.0.0.9 · ✗ *.site.test',
    ]);
  });

  it('does so in Korean, too', async () => {
    const { stdout } = await send(['--verbose'], { LC_ALL: 'ko_KR.UTF-8' });
    assert.match(stdout, /왕복 1회/);
    assert.match(stdout, /^ {2}인증서 체인 {2}✓ localhost 신뢰됨$/m);
  });

  it('is needed for that', async () => {
    assert.doesNotMatch((await send([])).stdout, /ClientHello/);
  });

  it('is not needed in JSON, which has every message', async () => {
    const [exchange] = jsonLines((await send(['--json'])).stdout);
    const { messages, seen } = exchange.connection.tls;
    assert.equal(messages[0].name, 'client_hello');
    assert.deepEqual(
      messages[0].extensions.find(({ name }: { name: string }) => name === 'server_name').values, ['localhost'],
    );
    assert.deepEqual([seen.roundTrips, seen.helloRetry], [1, false]);
    assert.match(seen.ja3Hash, /^[\da-f]{32}$/);
  });
});
