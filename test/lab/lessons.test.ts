import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createLimitRoutes } from '../../src/lab/routes/limits.ts';
import { names, places } from '../../src/lab/routes/places.ts';
import { createRoutes } from '../../src/lab/routes/routes.ts';
import { topics } from '../../src/lab/routes/topics.ts';
import { specialNames } from '../../src/lab/certificates/serverNames.ts';
import { createWorkerRoutes } from '../../src/lab/cluster/workerRoutes.ts';
import { createSmallServer } from '../../src/lab/faults/smallServer.ts';
import { parts } from '../../src/lab/parts.ts';
import { curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

interface Guide {
  readonly language: string;
  readonly topics: readonly {
    readonly id: string; readonly title: string; readonly sentence: string;
    readonly servers: readonly { readonly id: string; readonly origin: string; readonly summary: string }[];
    readonly names: readonly { readonly name: string; readonly summary: string }[];
    readonly routes: readonly { readonly pattern: string; readonly summary: string }[];
  }[];
}

describe('the lab as a place to learn', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const http = () => running.lab.addresses.origins.http;
  const https = () => running.lab.addresses.origins.https;
  const get = async (...args: string[]) => {
    const { code, stdout, stderr } = await curl(running, '-w', '\n%{http_code}', ...args);
    assert.equal(code, 0, stderr);
    const [, content = '', status] = /^([^]*)\n(\d+)$/.exec(stdout.toString()) ?? [];
    return { status: Number(status), content };
  };
  const getJson = async <T>(...args: string[]): Promise<{ status: number; content: T }> => {
    const { status, content } = await get(...args);
    return { status, content: JSON.parse(content) as T };
  };

  it('lists every server with its address, in both languages', async () => {
    const { servers: states } = await running.lab.report();
    const expected = Object.fromEntries(states.map(({ id, origin }) => [id, origin]));
    assert.ok(states.length >= parts.length + 7);
    for (const [language, script] of [['en', /^[\x20-\x7e’“”]+$/], ['ko', /[가-힣]/]] as const) {
      const { content } = await getJson<Guide>(
        '-H', 'Accept: application/json', '-H', `Accept-Language: ${language}`, `${http()}/`);
      assert.equal(content.language, language);
      const servers = content.topics.flatMap((topic) => topic.servers);
      assert.deepEqual(Object.fromEntries(servers.map(({ id, origin }) => [id, origin])), expected);
      const texts = content.topics.flatMap((topic) => [
        topic.title, topic.sentence, ...topic.servers.map(({ summary }) => summary),
        ...topic.names.map(({ summary }) => summary), ...topic.routes.map(({ summary }) => summary),
      ]);
      for (const text of texts) assert.match(text.replace(/\b(?:REST|GraphQL)\b/g, ''), script, text);
    }
  });

  it('shows the same as a page, without anything from elsewhere', async () => {
    const { content } = await get('-H', 'Accept-Language: ko', `${http()}/`);
    for (const { id, title } of topics) assert.ok(content.includes(`<section id="${id}"><h2>${title.ko}</h2>`), id);
    for (const { origin } of Object.values(running.lab.addresses.parts)) assert.ok(content.includes(origin), origin);
    assert.doesNotMatch(content, /<script|undefined|src="https?:|href="https?:\/\/(?!lab\.test:)/);
    const { origin } = running.lab.addresses.parts.cluster!;
    const { port } = running.lab.addresses.http;
    const local = await get(`http://localhost:${port}/`);
    assert.ok(local.content.includes(`<a href="${origin.replace('lab.test', 'localhost')}/">`));
    assert.equal((await get(`${origin.replace('lab.test', 'localhost')}/json`)).status, 200);
  });

  it('describes every name whose TLS is special, and nothing for no topic', () => {
    assert.deepEqual(specialNames.filter((name) => !Object.hasOwn(names, name)), []);
    const ids = new Set(topics.map(({ id }) => id));
    for (const { topic } of [...Object.values(places), ...Object.values(names)]) assert.ok(ids.has(topic), topic);
  });

  it('describes every name that a sample or a record of its zone mentions', () => {
    const below = (text: string) => text.match(/(?<![\w.-])(?:[\w-]+\.)+lab\.test/g) ?? [];
    const folder = new URL('../../samples/', import.meta.url);
    const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.http'));
    const mentioned = new Set(samples.flatMap((name) => below(readFileSync(new URL(name, folder), 'utf8'))));
    assert.ok(mentioned.size > 30);
    for (const id of ['www', 'mail', 'ftp', '_ftp', 'alias', 'loop', 'big', 'long', 'moved', 'apex', 'hints']) mentioned.add(`${id}.lab.test`);
    const zones = ['slow', 'silent', 'lame', 'alert', 'moved'].map((id) => `.${id}.lab.test`);
    const isDescribed = (name: string) => Object.keys(names).some((known) => known === name
      || zones.some((zone) => (known.endsWith(zone) || known === zone.slice(1)) && `.${name}`.endsWith(zone)));
    assert.deepEqual([...mentioned].filter((name) => !isDescribed(name)), []);
  });

  it('has a sample for every route', () => {
    const nothing = () => Promise.reject(new Error('not asked for'));
    const routes = createRoutes({ issueClient: nothing }, [
      ...createLimitRoutes(createSmallServer(undefined, () => {})), ...createWorkerRoutes(1, () => {}),
    ]);
    const traces = new URL('../cases/samples/', import.meta.url);
    const seen = readdirSync(traces).map((name) => readFileSync(new URL(name, traces), 'utf8')).join('\n');
    assert.ok(routes.length > 90);
    assert.deepEqual(routes.map(({ pattern }) => pattern).filter((one) => !seen.includes(`routed ${one} {`)), []);
  });

  it('lets the most specific station win, and a host over all', async () => {
    const { http: { port } } = running.lab.addresses;
    const pattern = async (...args: string[]) => (await getJson<{ pattern: string }>(...args)).content.pattern;
    const at = (path: string, host = 'lab.test') => `http://${host}:${port}/routing/stations/${path}`;
    assert.equal(await pattern(at('busan')), 'GET /routing/stations/{name}');
    assert.equal(await pattern(at('seoul')), 'GET /routing/stations/seoul');
    assert.equal(await pattern(at('busan/3')), 'GET /routing/stations/');
    assert.equal(await pattern(at('seoul', 'shop.lab.test')), 'GET shop.lab.test/routing/stations/{name}');
    assert.equal(await pattern('-X', 'DELETE', at('busan')), 'DELETE /routing/stations/{name}');
    assert.match((await get('-i', '-X', 'PUT', at('busan'))).content, /405 .*\r\n[^]*\r\nAllow: DELETE, GET, HEAD\r\n/);
    assert.match((await get('-i', at('').slice(0, -1))).content, / 307 [^]*\r\nLocation: \/routing\/stations\/\r\n/);
  });

  it('tries patterns, and finds those that conflict and those that are none', async () => {
    const trial = (value: unknown) => getJson<Record<string, unknown>>(
      '-H', 'Content-Type: application/json', '-d', JSON.stringify(value), `${http()}/routing/try`);
    const patterns = ['GET /a', '/{x}', 'POST /b/'];
    const found = (await trial({ patterns, path: '/a' })).content;
    assert.deepEqual([found.outcome, found.pattern, (found.candidates as unknown[]).length], ['found', 'GET /a', 2]);
    assert.deepEqual((await trial({ patterns, path: '/z' })).content.parameters, { x: 'z' });
    const redirected = (await trial({ patterns: ['POST /b/'], path: '/b', method: 'POST' })).content;
    assert.deepEqual([redirected.outcome, redirected.path], ['redirect', '/b/']);
    const refused = (await trial({ patterns: ['GET /a'], path: '/a', method: 'PUT' })).content;
    assert.deepEqual([refused.outcome, refused.allow], ['method-not-allowed', ['GET', 'HEAD']]);
    assert.equal((await trial({ patterns: ['GET /a'], path: '/b' })).content.outcome, 'not-found');
    const conflict = await trial({ patterns: ['/{line}/last', '/circle/{station}'], path: '/' });
    assert.deepEqual([conflict.status, conflict.content.detail],
      [409, 'Pattern /circle/{station} conflicts with /{line}/last.']);
    assert.equal((await trial({ patterns: ['/a{b'], path: '/' })).status, 409);
    for (const bad of [
      null, [], { patterns: 'GET /a', path: '/' }, { patterns: ['/'], path: 'a' }, { patterns: [], path: '/', host: 1 },
      { patterns: Array.from({ length: 33 }, (_, index) => `/${index}`), path: '/' },
      { patterns: ['/'.repeat(201)], path: '/' },
    ]) {
      assert.equal((await trial(bad)).status, 422, JSON.stringify(bad)?.slice(0, 80));
    }
  });

  it('does not serve a host by the door of another that is shown another certificate', async () => {
    const { https: { port } } = running.lab.addresses;
    const told = async (host: string) =>
      getJson<{ host?: string; serverName?: string }>('-H', `Host: ${host}:${port}`, `${https()}/routing/host`);
    assert.deepEqual((await told('shop.lab.test')).content, { host: `shop.lab.test:${port}`, serverName: 'lab.test' });
    for (const version of ['--http1.1', '--http2']) {
      for (const host of specialNames) {
        const { status } = await get(version, '-H', `Host: ${host}:${port}`, `${https()}/routing/host`);
        assert.equal(status, 421, `${host} ${version}`);
      }
    }
  });
});
