import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import type { Environment } from '../../src/run/environments/environment.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';

const environment: Environment = {
  name: 'dev', problems: [],
  entries: new Map([
    ['host', [{ value: 'a.test', layer: 'private', environment: 'dev', source: 'e.json', secret: true }]],
  ]),
};

async function tried(input: string, trusted: boolean): Promise<string[]> {
  const file = parse(input);
  const result = await prepare(file.requests[0]!, {
    file, uri: 'file:///a.http', directory: '/', options: {}, newId: () => 'id', trusted, environment,
    processEnv: { HOST: 'b.test' }, ask: async () => 'c.test',
    responses: { latest: async () => ({ request: { method: 'GET', url: '', headers: [] }, response: { statusCode: 200, headers: [], content: Buffer.from('"d.test"') } }) },
  });
  return result.ok ? [result.spec.url] : result.problems.map(({ code }) => code);
}

describe('headers of REST Client’s settings', () => {
  const sent = async (text: string, trusted: boolean, defaultHeaders: Record<string, string>) => {
    const file = parse(text);
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, newId: () => 'id', trusted, defaultHeaders,
    });
    return result.ok ? result.spec.headers : result.problems.map(({ code }) => code);
  };

  it('go with requests that have none of that name, in a workspace that is trusted', async () => {
    const text = 'GET http://me:pass@a.test/\nx-a: own\n';
    const headers = { 'X-A': 'default', 'X-B': '{{b}} ', Authorization: 'none' };
    const own = [['x-a', 'own'], ['Authorization', `Basic ${btoa('me:pass')}`]];
    assert.deepEqual(await sent(text, true, headers), [...own, ['X-B', '{{b}}']]);
    assert.deepEqual(await sent(text, false, headers), own);
    assert.deepEqual(await sent(text, true, { 'X-C': 'a\r\nX-D: b' }), ['header-line-break']);
  });
});

describe('names in a workspace that is not trusted', () => {
  const cases: [string, string, string[], string[]][] = [
    ['an environment', 'GET http://{{host}}/', ['http://a.test/'], ['variable-undefined-untrusted']],
    ['an environment, inside a variable', '@h = {{host}}\nGET http://{{h}}/', ['http://a.test/'], ['variable-undefined-untrusted']],
    ['the process', 'GET http://{{$processEnv HOST}}/', ['http://b.test/'], ['environment-untrusted']],
    ['the process, in another spelling', 'GET http://{{process.env.HOST}}/', ['http://b.test/'], ['environment-untrusted']],
    ['a .env file', 'GET http://{{$dotenv HOST}}/', ['dotenv-variable-undefined'], ['environment-untrusted']],
    ['a question', '# @prompt h\nGET http://{{h}}/', ['http://c.test/'], ['http://c.test/']],
    ['an earlier response', 'GET http://{{x.response.body.$}}/\n\n###\n# @name x\nGET http://x.test/', ['http://d.test/'], ['http://d.test/']],
  ];
  for (const [origin, input, trusted, untrusted] of cases) {
    it(`from ${origin}`, async () => {
      assert.deepEqual(await tried(input, true), trusted);
      assert.deepEqual(await tried(input, false), untrusted);
    });
  }
});
