import assert from 'node:assert/strict';
import { join } from 'node:path';
import { jsonLines, run } from '../support/commandLine.ts';
import { trustedOrigin } from '../wire/tls/support.ts';

describe('roundtrip send --verbose', function () {
  this.timeout(60_000);
  const served = trustedOrigin((_request, response) => response.end('hello'));

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
    assert.match(stdout, /^TLS localhost {2}round trips: 1 · JA4 t13d\d{4}h2_[\da-f]{12}_[\da-f]{12}$/m);
    assert.match(stdout, /\* encrypted on the wire/);
  });

  it('does so in Korean, too', async () => {
    const { stdout } = await send(['--verbose'], { LC_ALL: 'ko_KR.UTF-8' });
    assert.match(stdout, /왕복 1회/);
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
