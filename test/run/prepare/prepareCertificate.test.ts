import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';
import { loadEnvironments } from '../../../src/run/environments/load.ts';
import type { Prompt } from '../../../src/run/prompts.ts';
import { certificateFor, certificatesByHost, certificatesIn } from '../../../src/run/prepare/hostCertificates.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { PrepareContext } from '../../../src/run/prepare/prepare.ts';
import { parseVersions } from '../../../src/run/prepare/prepareTls.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { createAuthority, type Issued } from '../../support/certificates.ts';
import { createFiles, type Files } from '../../wire/tls/support.ts';

describe('client certificates as requests, environments and settings name them', () => {
  let files: Files;
  let own: Issued;
  let encrypted: string;

  before(async () => {
    files = createFiles();
    own = await (await createAuthority()).issue({ names: ['me.test'] });
    encrypted = createPrivateKey(own.key).export({
      type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret',
    }) as string;
    mkdirSync(join(files.directory, 'my files'));
    const contents = {
      'me.pem': own.cert, 'me.key': own.key, 'both.pem': own.cert + own.key, 'locked.key': encrypted,
      'my files/me.pem': own.cert + own.key, 'me.p12': '0\u0082PKCS',
      'http-client.env.json': JSON.stringify({
        dev: { SSLConfiguration: { clientCertificate: 'me.pem', clientCertificateKey: { path: 'me.key', format: 'PEM' }, verifyHostCertificate: false } },
        asking: { SSLConfiguration: { clientCertificate: { path: 'me.p12', format: 'PKCS12' }, hasCertificatePassphrase: true } },
      }),
      '.httpyac.json': JSON.stringify({
        clientCertificates: { 'yac.test': { cert: 'me.pem', key: 'me.key' } }, environments: {},
      }),
    };
    for (const [name, content] of Object.entries(contents)) files.write(name, content);
  });
  after(() => files.remove());

  interface Outcome {
    readonly options?: RequestSpec['options'];
    readonly spec?: RequestSpec;
    readonly codes: readonly string[];
    readonly asked: readonly Prompt[];
  }

  async function prepared(
    lines: string, more: Partial<PrepareContext> = {}, url = 'https://shop.test/',
  ): Promise<Outcome> {
    const file = parse(`@folder = .\n@word = secret\n###\n${lines}\n`.replace('URL', `GET ${url}`));
    const asked: Prompt[] = [];
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: files.directory, options: {}, trusted: true, newId: () => 'id',
      ask: async (prompt) => { asked.push(prompt); return 'typed'; }, ...more,
    });
    const codes = result.problems.map(({ code }) => code);
    return result.ok ? { options: result.spec.options, spec: result.spec, codes, asked } : { codes, asked };
  }

  const p12 = Buffer.from('0\u0082PKCS').toString('base64');
  const named: [string, () => object][] = [
    ['# @client-cert me.pem me.key', () => ({ label: 'me.pem', from: 'request', cert: own.cert, key: own.key, keyLabel: 'me.key' })],
    ['# @client-cert {{folder}}/both.pem', () => ({ label: './both.pem', from: 'request', cert: own.cert + own.key })],
    ['# @client-cert "my files/me.pem"', () => ({ label: 'my files/me.pem', from: 'request', cert: own.cert + own.key })],
    ['# @clientCert me.pem locked.key {{word}}', () => ({ label: 'me.pem', from: 'request', cert: own.cert, key: encrypted, keyLabel: 'locked.key', passphrase: 'secret' })],
    ['# @client-cert me.p12 "two words"', () => ({ label: 'me.p12', from: 'request', pfx: p12, passphrase: 'two words' })],
    ['# @client-cert me.p12', () => ({ label: 'me.p12', from: 'request', pfx: p12 })],
    ['# @no-client-cert\n# @client-cert me.p12', () => ({ label: 'me.p12', from: 'request', pfx: p12 })],
  ];
  for (const [lines, expected] of named) {
    it(`reads ${lines}`, async () => {
      const { options, codes } = await prepared(`${lines}\nURL`);
      assert.deepEqual(codes, []);
      assert.deepEqual(options?.clientCertificate, expected());
    });
  }

  it("reads httpYac's X-ClientCert, which is not sent", async () => {
    const { spec, codes } = await prepared('URL\nX-ClientCert: pfx: ./me.p12, passphrase: foobar\nAccept: */*');
    assert.deepEqual(codes, []);
    assert.deepEqual(spec?.options.clientCertificate, {
      label: './me.p12', from: 'request', pfx: p12, passphrase: 'foobar',
    });
    assert.deepEqual(spec?.headers, [['Accept', '*/*']]);
  });

  it('asks for the passphrase of an encrypted key, once and unseen, and masks it', async () => {
    const { spec, asked } = await prepared('# @client-cert me.pem locked.key\nURL');
    assert.deepEqual(
      asked.map(({ name, secret, remembered }) => [name, secret, remembered]), [['Passphrase of me.pem', true, true]],
    );
    assert.equal(spec?.options.clientCertificate?.passphrase, 'typed');
    assert.deepEqual(spec?.secrets, ['typed']);
  });

  it('sends nothing where nobody can be asked for it', async () => {
    const { codes } = await prepared(
      '# @client-cert me.pem locked.key\nURL', { ask: undefined } as unknown as PrepareContext,
    );
    assert.deepEqual(codes, ['prompt-unanswered']);
  });

  const refused: [string, string][] = [
    ['# @client-cert gone.pem', 'client-cert-unreadable'],
    ['# @client-cert me.pem gone.key', 'client-cert-unreadable'],
    ['# @client-cert "my files"', 'client-cert-not-a-file'],
    ['# @client-cert {{nothing}}', 'variable-undefined'],
    ['# @client-cert ""', 'client-cert-missing'],
  ];
  for (const [line, code] of refused) {
    it(`sends nothing with ${line}`, async () => {
      const { options, codes } = await prepared(`${line}\nURL`);
      assert.equal(options, undefined);
      assert.deepEqual(codes, [code]);
    });
  }

  it('reads no file in a workspace that is not trusted, and says so', async () => {
    const { options, codes } = await prepared('# @client-cert gone.pem\nURL', { trusted: false });
    assert.deepEqual(codes, ['client-cert-ignored']);
    assert.equal(options?.clientCertificate, undefined);
    const settings = await prepared('URL', {
      trusted: false, certificates: certificatesIn([{ host: '*', cert: 'gone.pem' }], files.directory, 'settings'),
    });
    assert.deepEqual(settings.codes, []);
  });

  it('is not wanted for http:', async () => {
    const { options, codes } = await prepared('# @client-cert gone.pem\nURL', {}, 'http://shop.test/');
    assert.deepEqual([options?.clientCertificate, codes], [undefined, []]);
  });

  it('reads those of an environment, relative to its file, and asks for the passphrase as it says', async () => {
    const environments = await loadEnvironments({ directory: files.directory });
    const dev = await prepared('URL', { environment: environments.select('dev'), directory: '/' });
    assert.deepEqual(dev.options?.clientCertificate, {
      label: 'me.pem', from: 'environment', cert: own.cert, key: own.key, keyLabel: 'me.key',
    });
    assert.equal(dev.options?.verify, false);
    const asking = await prepared('URL', { environment: environments.select('asking'), directory: '/' });
    assert.deepEqual(asking.options?.clientCertificate, {
      label: 'me.p12', from: 'environment', pfx: p12, passphrase: 'typed',
    });
    assert.deepEqual(asking.asked.map(({ name }) => name), ['Passphrase of me.p12']);
    assert.deepEqual(environments.select('dev').problems, []);
  });

  it("reads httpYac's clientCertificates for their hosts", async () => {
    const { certificates } = await loadEnvironments({ directory: files.directory });
    const yac = await prepared('URL', { certificates }, 'https://yac.test/');
    assert.equal(yac.options?.clientCertificate?.cert, own.cert);
    assert.equal((await prepared('URL', { certificates })).options?.clientCertificate, undefined);
  });

  it("takes the request's own before the command line's before the environment's before the settings', and none with @no-client-cert", async () => {
    const certificates = certificatesIn([{ host: 'shop.test', cert: 'both.pem' }], files.directory, 'settings');
    const environment = (await loadEnvironments({ directory: files.directory })).select('dev');
    assert.equal((await prepared('URL', { certificates })).options?.clientCertificate?.from, 'settings');
    assert.equal(
      (await prepared('URL', { certificates, environment })).options?.clientCertificate?.from, 'environment',
    );
    assert.equal(
      (await prepared('# @client-cert me.p12\nURL', { certificates, environment })).options?.clientCertificate?.from,
      'request',
    );
    const typed = [
      ...certificates, ...certificatesIn([{ host: '*', cert: 'both.pem' }], files.directory, 'command-line'),
    ];
    assert.equal(
      (await prepared('URL', { certificates: typed, environment })).options?.clientCertificate?.from, 'command-line',
    );
    const none = await prepared('# @client-cert me.p12\n# @no-client-cert\nURL', { certificates, environment });
    assert.deepEqual([none.options?.clientCertificate, none.options?.noClientCertificate], [undefined, 'request']);
  });

  const hosts: [string, string | undefined][] = [
    ['https://a.test/', 'a.test'], ['https://A.TEST./', 'a.test'], ['https://a.test:8443/', 'a.test:8443'], ['https://a.test:9/', 'a.test'],
    ['https://b.a.test/', '*.a.test'], ['https://b.a.test:8443/', '*.a.test:8443'], ['https://[::1]:8/', '[::1]:8'],
    ['https://other.test/', '*'], ['wss://a.test/', 'a.test'], ['http://a.test/', undefined],
  ];
  for (const [url, expected] of hosts) {
    it(`chooses ${expected ?? 'none'} for ${url}`, () => {
      const list = [
        '*', '*.a.test', 'a.test', 'a.test:8443', '*.a.test:8443', '[::1]:8',
      ].map((host) => ({ host, cert: 'x' }));
      assert.equal(certificateFor(new URL(url), certificatesIn(list, '/', 'settings'))?.host, expected);
    });
  }

  it('leaves out what is no certificate in settings', () => {
    assert.deepEqual(
      certificatesIn(
        [null, 1, {}, { host: 'a' }, { cert: 'x' }, { host: '', cert: 'x' }, { host: 'a', cert: 1 }], '/', 'settings',
      ), [],
    );
    assert.deepEqual(certificatesIn('x', '/', 'settings'), []);
    assert.deepEqual(certificatesByHost({ 'a.test': { pfx: 'x', passphrase: 'p' }, b: 1 }, '/d', 'settings'),
      [{ host: 'a.test', pfx: 'x', passphrase: 'p', directory: '/d', from: 'settings' }]);
  });
});

describe('TLS versions as a request says', () => {
  const cases: [string, object | undefined][] = [
    ['1.2', { minVersion: '1.2', maxVersion: '1.2' }], ['TLSv1.3', { minVersion: '1.3', maxVersion: '1.3' }],
    ['1.2..1.3', { minVersion: '1.2', maxVersion: '1.3' }], ['tls 1.0 .. tls 1.1', { minVersion: '1.0', maxVersion: '1.1' }],
    ['1.0..', { minVersion: '1.0' }], ['..1.2', { maxVersion: '1.2' }],
    ['', undefined], ['..', undefined], ['1.3..1.2', undefined], ['1.4', undefined], ['1', undefined], ['1.2...1.3', undefined], ['1.2..x', undefined],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(parseVersions(text), expected));
  }

  async function tlsOf(lines: string, trusted = true): Promise<[unknown, string[]]> {
    const file = parse(`@v = 1.2\n###\n${lines}\nGET https://a.test/\n`);
    const options = { tls: { minVersion: '1.3', ciphers: 'DEFAULT' } } as const;
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options, trusted, newId: () => 'id',
    });
    return [result.ok ? result.spec.options.tls : undefined, result.problems.map(({ code }) => code)];
  }

  it('stands in place of what the settings say', async () => {
    assert.deepEqual(await tlsOf('# @tls-version ..{{v}}\n# @tls-ciphers HIGH\n# @no-tls-resumption'),
      [{ maxVersion: '1.2', ciphers: 'HIGH', resumption: false }, []]);
    assert.deepEqual(await tlsOf(''), [{ minVersion: '1.3', ciphers: 'DEFAULT' }, []]);
  });

  it('is not sent with what is none', async () => {
    assert.deepEqual(await tlsOf('# @tls-version 2'), [undefined, ['tls-version-invalid']]);
  });

  it('is never weaker than the default in a workspace that is not trusted', async () => {
    const kept = { minVersion: '1.3', ciphers: 'DEFAULT' };
    assert.deepEqual(await tlsOf('# @tls-version 1.0..', false), [kept, ['tls-ignored']]);
    assert.deepEqual(await tlsOf('# @tls-version ..1.1', false), [kept, ['tls-ignored']]);
    assert.deepEqual(await tlsOf('# @tls-ciphers NULL', false), [kept, ['tls-ignored']]);
    assert.deepEqual(
      await tlsOf('# @tls-version 1.2', false), [{ minVersion: '1.2', maxVersion: '1.2', ciphers: 'DEFAULT' }, []],
    );
  });
});
