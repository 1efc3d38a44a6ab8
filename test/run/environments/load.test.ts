import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { dotenvName, readDotenv } from '../../../src/run/environments/dotenv.ts';
import { entriesOf } from '../../../src/run/environments/environment.ts';
import type { Environment } from '../../../src/run/environments/environment.ts';
import { readSections } from '../../../src/run/environments/json.ts';
import { loadEnvironments } from '../../../src/run/environments/load.ts';
import type { Environments, LoadOptions } from '../../../src/run/environments/load.ts';

const roots: string[] = [];
after(() => roots.forEach((root) => rmSync(root, { recursive: true })));

/** A project of these files; what is not text is written as JSON. */
function project(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), 'environments-'));
  roots.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

function load(files: Readonly<Record<string, unknown>>, options: Partial<LoadOptions> = {}): Promise<Environments> {
  const root = project(files);
  return loadEnvironments({ root, ...options, directory: join(root, options.directory ?? '') });
}

/** What counts of a name, then what it shadows: `layer environment value`. */
function valuesOf(environment: Environment, name: string): string[] {
  return entriesOf(environment, name).map(({ layer, environment: of, value }) => `${layer} ${of} ${value}`);
}

function codesOf({ problems }: Environment): string[] {
  return problems.map(({ code, line }) => line === undefined ? code : `${code}:${line}`);
}

describe('environments', () => {
  it('are nothing where there are no files', async () => {
    const environments = await load({});
    assert.deepEqual(environments.names, []);
    assert.equal(environments.select('dev').name, undefined);
    assert.equal(environments.select().entries.size, 0);
    assert.deepEqual((await loadEnvironments({ directory: '' })).names, []);
  });

  it('count private, public, settings, shared, .env (C9, C10, C51)', async () => {
    const environments = await load({
      'http-client.env.json': { dev: { v: 'public' }, $shared: { v: 'shared' }, $kulalaShared: { k: '1' } },
      'http-client.private.env.json': { dev: { v: 'private' }, $shared: { v: 'private shared' } },
      'http-client.env.json.user': { dev: { v: 'user' }, mine: {} },
      '.httpyac.json': { environments: { dev: { v: 'yac' }, $default: { v: 'default' } } },
      '.env': 'v=plain', '.env.dev': 'v=dotted', 'env/dev.env': 'v=folder', '.env.example': 'v=never',
    }, { settings: { dev: { v: 'settings' }, $shared: { v: 'settings shared' }, other: {} } });
    assert.deepEqual(environments.names, ['dev', 'other', 'mine']);
    assert.deepEqual(valuesOf(environments.select('dev'), 'v'), [
      'private dev private', 'private dev user', 'public dev public', 'public dev yac', 'settings dev settings',
      'shared $shared private shared', 'shared $shared shared', 'shared $default default',
      'shared $shared settings shared',
      'dotenv dev dotted', 'dotenv dev folder', 'dotenv  plain',
    ]);
    assert.deepEqual(
      valuesOf(environments.select(), 'v').slice(-2), ['shared $shared settings shared', 'dotenv  plain'],
    );
    assert.deepEqual(valuesOf(environments.select(), 'k'), ['shared $kulalaShared 1']);
    assert.deepEqual(codesOf(environments.select('dev')), ['environment-private-wins:1']);
    assert.deepEqual(codesOf(environments.select('mine')), []);
  });

  it('take each file where it is nearest, no higher than the workspace', async () => {
    const files = {
      'http-client.env.json': { dev: { v: 'top' }, top: {} }, 'a/http-client.private.env.json': { dev: { w: 'middle' } },
      'a/b/http-client.env.json': { dev: { v: 'near' } }, 'a/.env': 'x=1',
    };
    const near = (await load(files, { directory: 'a/b' })).select('dev');
    assert.deepEqual(['v', 'w', 'x'].map((name) => entriesOf(near, name)[0]?.value), ['near', 'middle', '1']);
    const root = project(files);
    const bounded = await loadEnvironments({ directory: join(root, 'a/b'), root: join(root, 'a/b') });
    assert.deepEqual([...bounded.select('dev').entries.keys()], ['v']);
    const outside = await loadEnvironments({ directory: join(root, 'a'), root: join(root, 'a/b') });
    assert.deepEqual([...outside.select('dev').entries.keys()].sort(), ['w', 'x']);
  });

  it('know the file and the line of each value, and what is secret', async () => {
    const root = project({
      'http-client.env.json': '{\n  "dev": {\n    // where\n    "host": "h",\n    "list": [\n      { "name": "n" }\n    ]\n  },\n}',
      'http-client.private.env.json': '{"dev":{"token":"abc",\n"host2":"http://localhost:3000"}}',
      '.env': '\nKEY="x y"',
    });
    const environment = (await loadEnvironments({ directory: root })).select('dev');
    const facts = [...environment.entries].map(([name, [entry]]) =>
      `${name} ${relative(root, entry!.source)}:${entry!.line}${entry!.secret ? ' secret' : ''}`);
    assert.deepEqual(facts.sort(), [
      'KEY .env:2 secret', 'host http-client.env.json:4', 'host2 http-client.private.env.json:2',
      'list.0.name http-client.env.json:6', 'token http-client.private.env.json:1 secret',
    ]);
    for (const name of ['list[0].name', 'list.0.name', "list[0]['name']"]) assert.equal(
      entriesOf(environment, name)[0]?.value, 'n', name,
    );
  });

  it('tell whether certificates are to be verified (C34)', async () => {
    const environments = await load({
      'http-client.env.json': {
        off: { SSLConfiguration: { verifyHostCertificate: false } }, on: {}, $shared: { SSLConfiguration: { verifyHostCertificate: true } },
      },
    });
    assert.deepEqual(['off', 'on', undefined].map((name) => environments.select(name).verify), [false, true, true]);
  });

  it('tell what is wrong with files, at its place, and read what they can', async () => {
    const root = project({
      'http-client.env.json': '{\n"dev": { "a": 1, "b": \n }, "flat": "x",\n"$kulalaDefaultHeaders": {} }',
      'http-client.private.env.json': { dev: { Security: { Auth: {} }, key: { provider: 'AzureKeyVault', secretName: 's' } } },
      '.env': 'x'.repeat(1024 * 1024 + 1), 'httpyac.config.js': 'process.exit()', 'http-client.env.json.user': '',
    });
    mkdirSync(join(root, '.env.dev'));
    const environment = (await loadEnvironments({ directory: root })).select('dev');
    assert.deepEqual(codesOf(environment).sort(), [
      'environment-file-invalid:1', 'environment-file-invalid:3', 'environment-file-too-large',
      'environment-key-ignored:1', 'environment-key-ignored:4',
      'environment-not-object:3', 'environment-provider-unsupported:1', 'environment-script-not-run',
    ]);
    assert.equal(entriesOf(environment, 'a')[0]?.value, '1');
    assert.equal(entriesOf(environment, 'key')[0]?.fault?.code, 'environment-provider-unsupported');
  });

  it('take a file that is named, too', async () => {
    const root = project({
      'my.txt': 'v=1', 'http-client.env.json': { dev: { v: '2' } }, 'other.json': { stage: { v: '3' } },
    });
    const plain = await loadEnvironments({ directory: root, extraFile: join(root, 'my.txt') });
    assert.deepEqual(valuesOf(plain.select('dev'), 'v'), ['public dev 2', 'dotenv  1']);
    const json = await loadEnvironments({ directory: root, extraFile: join(root, 'other.json') });
    assert.deepEqual(json.names, ['dev', 'stage']);
    assert.deepEqual(valuesOf(json.select('stage'), 'v'), ['private stage 3']);
  });
});

describe('a file of environments', () => {
  const valuesIn = (text: string) => Object.fromEntries((readSections(text, 's').sections.get('e')?.values ?? [])
    .map(({ name, value }) => [name, value]));

  it('holds texts, numbers as written, switches, objects and arrays; null is no value (C55)', () => {
    assert.deepEqual(valuesIn(
      '{"e":{"s":"a\\nb","n":1.50,"big":12345678901234567890,"t":true,"z":null,"o":{"p":{"q":"r"}},"l":[1,[2]]}}',
    ), {
      s: 'a\nb', n: '1.50', big: '12345678901234567890', t: 'true', 'o.p.q': 'r', 'l.0': '1', 'l.1.0': '2',
    });
  });

  it('is read however it is written, in bounded time', () => {
    const before = process.cpuUsage();
    const texts = ['[', '{"e":', '{"e":{"a":[', '"', '{"e":{"a":1},', '//', '/*', '{"e":{"__proto__":{"a":"1"}}}'];
    for (const text of texts) readSections(text.repeat(50_000), 's');
    assert.ok(process.cpuUsage(before).user < 5000_000);
    assert.deepEqual(
      valuesIn('{"e":{"__proto__":{"a":"1"},"constructor":"2"}}'),
      Object.fromEntries([['__proto__.a', '1'], ['constructor', '2']]),
    );
  });
});

describe('a .env file', () => {
  it('holds names and values with their lines', () => {
    assert.deepEqual(readDotenv(
      '# note\nexport A=1 # one\r\nB=\'x # y\'\nC="l1\nl2"\nA=2\nD: yaml',
    ).map(({ name, value, line }) => `${name}=${value}@${line}`),
      ['A=2@6', 'B=x # y@3', 'C=l1\nl2@4', 'D=yaml@7']);
  });

  it('is read in bounded time', () => {
    const before = process.cpuUsage();
    for (const text of ['\n', ' \n', "A='x\n", 'A="x ', 'A', 'export ', 'A=`']) readDotenv(
      text.repeat(1024 * 1024 / text.length),
    );
    assert.ok(process.cpuUsage(before).user < 5000_000);
  });

  const names: [string, string | undefined][] = [
    ['.env', ''], ['.env.dev', 'dev'], ['dev.env', 'dev'], ['.env.local.test', 'local.test'], ['.env.example', undefined],
    ['.env.', undefined], ['.envrc', undefined], ['env', undefined], ['a.env.json', undefined], ['..env', undefined],
  ];
  for (const [name, expected] of names) {
    it(`${name} ${expected === undefined ? 'is none' : `is that of “${expected}”`}`, () =>
      assert.equal(dotenvName(name), expected));
  }
});
