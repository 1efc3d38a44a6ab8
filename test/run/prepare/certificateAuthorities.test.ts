import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { explainStore } from '../../../src/explain/tlsChain.ts';
import { languages } from '../../../src/explain/text/language.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import { certificatesIn, readAuthorities } from '../../../src/run/prepare/certificateAuthorities.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import { createAuthority, type TestAuthority } from '../../support/certificates.ts';
import { assertComplete, createBench, sendOne, specOf } from '../../wire/http/support.ts';
import { createFiles, type Files } from '../../wire/tls/support.ts';

describe('certificate authorities that the settings name', () => {
  let files: Files;
  let first: TestAuthority;
  let second: TestAuthority;

  before(async () => {
    files = createFiles();
    [first, second] = [await createAuthority('First'), await createAuthority('Second')];
    files.write('first.pem', `# A comment\r\n${first.pem}`);
    files.write('both.pem', first.pem + second.pem);
    writeFileSync(join(files.directory, 'second.der'), new X509Certificate(second.pem).raw);
    files.write('none.pem', 'nothing of the kind');
    files.write('damaged.pem', `${first.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`);
    mkdirSync(join(files.directory, 'folder'));
  });
  after(() => files.remove());

  const subjectsOf = (pem: string): string[] =>
    certificatesIn(Buffer.from(pem))!.map((one) => new X509Certificate(one).subject);

  it('are read from PEM, from bundles and from DER, with the file they are from', async () => {
    const { anchors, unread } = await readAuthorities(['first.pem', './both.pem', 'second.der'], files.directory);
    assert.deepEqual(unread, []);
    assert.deepEqual(anchors.map(({ label }) => label), ['first.pem', './both.pem', 'second.der']
      .map((name) => `roundtrip.tls.certificateAuthorities: ${name}`));
    const [one, two] = [first, second].map(({ pem }) => new X509Certificate(pem).subject);
    assert.deepEqual(anchors.map(({ pem }) => subjectsOf(pem)), [[one], [one, two], [two]]);
  });

  it('are told by their path where a file cannot be read or holds none', async () => {
    const names = ['missing.pem', 'none.pem', 'damaged.pem', 'folder', '', 7];
    const { anchors, unread } = await readAuthorities(names, files.directory);
    assert.deepEqual(anchors, []);
    assert.deepEqual(unread.map(({ absolute, reason }) => [absolute, reason]), [
      [join(files.directory, 'missing.pem'), 'ENOENT'], [join(files.directory, 'none.pem'), undefined],
      [join(files.directory, 'damaged.pem'), undefined],
      [join(files.directory, 'folder'), 'no file of at most 1 MiB'],
    ]);
  });

  it('are read by absolute paths only where the folder is not trusted', async () => {
    const absolute = join(files.directory, 'first.pem');
    const { anchors, unread } = await readAuthorities(['first.pem', '../first.pem', absolute], undefined);
    assert.deepEqual([anchors.length, unread], [1, []]);
  });

  it('keep a request over TLS back when they cannot be read, and let others go', async () => {
    const { unread } = await readAuthorities(['missing.pem', 'none.pem'], files.directory);
    for (const [url, ok, severity] of [
      ['https://a.test/', false, 'error'], ['wss://a.test/', false, 'error'], ['http://a.test/', true, 'warning'],
    ] as const) {
      const file = parse(`GET ${url}\n`);
      const { problems, ...result } = await prepare(file.requests[0]!, {
        file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => 'id',
        unreadAuthorities: unread,
      });
      assert.equal(result.ok, ok, url);
      assert.deepEqual(problems.map((one) => [one.code, one.severity, one.places['absolute']]), [
        ['authorities-unreadable', severity, join(files.directory, 'missing.pem')],
        ['authorities-empty', severity, join(files.directory, 'none.pem')],
      ]);
    }
  });

  it('are trusted from the next send on when the file changes, and shown as the user\'s', async () => {
    const bench = createBench();
    try {
      const port = await bench.serve(createServer(
        await second.issue({ names: ['localhost'] }), (_, response) => void response.end()));
      const send = async () => {
        const { anchors } = await readAuthorities(['changing.pem'], files.directory);
        return sendOne(bench.client, specOf(`https://localhost:${port}/`, { options: { trustAnchors: anchors } }));
      };
      files.write('changing.pem', first.pem);
      assert.match((await send()).failure?.code ?? '', /^certificate-/);
      files.write('changing.pem', second.pem);
      const exchange = await send();
      assertComplete(exchange);
      const chain = exchange.connection!.tls!.facts!.certificateChain;
      const store = chain.find(({ trustedFrom }) => trustedFrom !== undefined)!.trustedFrom!;
      assert.equal(
        explainStore(store, 'en'), 'changing.pem, which your setting roundtrip.tls.certificateAuthorities names');
      for (const language of languages) assert.match(explainStore(store, language), /changing\.pem/);
    } finally {
      await bench.close();
    }
  });
});
