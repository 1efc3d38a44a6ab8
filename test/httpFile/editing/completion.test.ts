import assert from 'node:assert/strict';
import { completionsAt } from '../../../src/httpFile/editing/completion.ts';
import type { Completion, CompletionSources } from '../../../src/httpFile/editing/completion.ts';
import { requestFields } from '../../../src/httpFile/editing/fieldNames.ts';
import type { Definition } from '../../../src/httpFile/names/origin.ts';
import type { OuterNames } from '../../../src/httpFile/names/scope.ts';
import { marked } from './cursor.ts';

const token: Definition = {
  name: 'token', value: 's3cret', secret: true,
  origin: { kind: 'environment', layer: 'private', environment: 'dev', source: '/x/http-client.private.env.json', line: 3 },
};
const lab: Definition = {
  name: '$lab.http', origin: { kind: 'lab' }, value: { code: 'lab-not-running', places: {} }, secret: false,
};
const outer: OuterNames = {
  after: (name) => name === 'token' ? [token] : name === '$lab.http' ? [lab]
    : name.startsWith('$guid') ? [{ name, origin: { kind: 'dynamic' }, value: 'abc', secret: false }] : [],
  all: () => [token, lab],
  keys: (of) => of === 'process' ? ['HOME', 'PATH'] : ['API_KEY'],
};
const content = new TextEncoder().encode(JSON.stringify({
  token: 'abc', user: { id: 7, 'full name': 'Ada' }, items: [{ id: 1 }, { id: 2 }],
}));
const sources: CompletionSources = {
  outer,
  importedNames: ['shop.items'],
  latest: async (name) => name === 'login'
    ? {
      request: { headers: [['Accept', '*/*']] },
      response: { headers: [['Content-Type', 'application/json'], ['Set-Cookie', 'sid=1; Path=/'], ['set-cookie', 'theme=dark']], content },
    } : undefined,
  listFiles: async (folder) => folder === '' || folder === './'
    ? [{ name: 'a.json', isFolder: false }, { name: 'b.http', isFolder: false }, { name: 'bodies', isFolder: true }]
    : folder === 'bodies/' || folder === './bodies/' ? [{ name: 'c.json', isFolder: false }] : [],
};

async function at(text: string, trigger?: string): Promise<{ items: Completion[]; put(label: string): string }> {
  const { file, lines, position, text: whole } = marked(text);
  const found = await completionsAt(file, lines, position, sources, trigger);
  const items = found.items.toSorted((a, b) => a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0);
  const line = lines.lineAt(position.line);
  for (const { range, filter, label } of items) {
    assert.equal(range.start.line, position.line, label);
    assert.ok(
      range.start.character <= position.character && position.character <= range.end.character,
      `${label}: the cursor is in what is replaced`,
    );
    assert.ok((filter ?? label) !== '', label);
  }
  return {
    items,
    put: (label) => {
      const item = items.find((one) => one.label === label);
      assert.ok(item, `${label} in ${items.map((one) => one.label).join(' ')}`);
      const rows = whole.split('\n');
      rows[position.line] = line.slice(
        0, item.range.start.character,
      ) + item.insert + line.slice(item.range.end.character);
      return rows.join('\n');
    },
  };
}

async function labels(text: string, trigger?: string): Promise<string[]> {
  return (await at(text, trigger)).items.map(({ label }) => label);
}

const G = 'GET http://a.test\n';
const P = 'POST http://a.test\nContent-Type: multipart/form-data; boundary=b\n\n';

describe('completion', () => {
  const first: [text: string, ...labels: string[]][] = [
    ['|', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'GET JSON', 'POST JSON'],
    ['###\nPO|', 'GET', 'POST'],
    ['PO| http://a.test', 'GET', 'POST', 'PUT'],
    [`${G}|`, 'Accept', 'Authorization', 'Content-Type'],
    [`${G}Accept: |`, 'application/json', '*/*'],
    [`${G}Accept: application/json, |`, '*/*', 'text/html'],
    [`${G}Content-Type: application/json; |`, 'charset=utf-8'],
    [`${G}Content-Type: multipart/form-data; b|`, 'boundary'],
    [`${G}Accept: text/html; |`, 'q=0.9'],
    [`${G}Accept: text/html;level=1; |`, 'q=0.9'],
    [`${G}Accept-Encoding: gzip, |`, 'br', 'zstd'],
    [`${G}Cache-Control: |`, 'no-cache', 'no-store', 'max-age'],
    [`${G}Authorization: |`, 'Bearer', 'Basic'],
    [`${G}Sec-Fetch-Site: |`, 'same-origin', 'same-site', 'cross-site', 'none'],
    [`${G}X-Request-Type: |`, 'GraphQL'],
    [`${G}X-Unknown: |`],
    [`# @|\n${G}`, 'name', 'title', 'description', 'no-redirect'],
    [`# @timeout |\n${G}`, '500 ms', '5 s'],
    ['# @ref |\nGET http://a.test\n###\n# @name login\nGET http://b.test', 'login', 'shop.items'],
    ['GET http://a.test |', 'HTTP/1.1', 'HTTP/2', 'HTTP/2 (Prior Knowledge)', 'HTTP/1.0'],
    ['GET http://a.test HT|', 'HTTP/1.1'],
    ['GET http://a.test/x\n\n###\nGET |', '{{$lab.http}}', 'http://a.test', 'https://'],
    ['@host = http://b.test\n\nGET |', '{{host}}', '{{$lab.http}}', 'https://'],
    ['POST http://a.test\n\n< |', 'a.json', 'b.http', 'bodies/'],
    ['POST http://a.test\n\n<@ ./bodies/|', 'c.json'],
    ['POST http://a.test\n\n< {{dir}}/|'],
    ['import |', 'b.http', 'bodies/'],
    ['###\n# @name a\nGET http://a.test\n\n###\nrun |', '#a', '#shop.items', 'b.http'],
    ['GET {{$processEnv |', 'HOME', 'PATH'], ['GET {{$processEnv H|}}', 'HOME', 'PATH'], ['GET {{$dotenv |}}', 'API_KEY'],
    [`${P}--b\nContent-Disp|`, 'Content-Disposition', 'Content-Type', 'Content-ID'],
    [`${P}--b\nContent-Disposition: form-data; name="a"\n|`, 'Content-Disposition', 'Content-Type'],
    [`${P}--b\nContent-Type: |`, 'application/json'], [`${P}--b\nA: b\n\nContent-Disp|`], [`${P}--b--\nCon|`],
    ['curl -|', '-X, --request', '-H, --header', '-d, --data'], ['curl http://a.test \\\n  --da|', '-X, --request'],
    // Nothing where nothing fits.
    ['# a comment |\nGET http://a.test'], ['POST http://a.test\n\n{ "a|": 1 }'], ['### ti|tle'], ['@na|me = 1'],
    ['GET http://a.test\n\n> {%\ncli|\n%}'], ['HTTP/1.1 200 OK\nSer|'], ['curl -X |'], ['curl http://a.test/|'],
  ];
  for (const [text, ...expected] of first) {
    it(`offers ${expected.join(', ') || 'nothing'} at ${JSON.stringify(text)}`, async () => {
      const found = await labels(text);
      assert.deepEqual(expected.length === 0 ? found : found.slice(0, expected.length), expected);
    });
  }

  const put: [text: string, label: string, result: string][] = [
    ['PO| http://a.test', 'PUT', 'PUT http://a.test'],
    ['PO|', 'PUT', 'PUT '],
    [`${G}Acc|ept: x`, 'Accept-Language', `${G}Accept-Language: x`],
    [`${G}Acc|`, 'Accept', `${G}Accept: `],
    [`${G}Accept: text/h|tml, a/b`, 'text/plain', `${G}Accept: text/plain, a/b`],
    [`${G}Accept: a/b, tex|`, 'text/plain', `${G}Accept: a/b, text/plain`],
    [`${G}Accept:|`, '*/*', `${G}Accept:*/*`],
    [`${G}Content-Type: text/plain; chars|et=x`, 'charset=utf-8', `${G}Content-Type: text/plain; charset=utf-8`],
    [`# @no-re|\n${G}`, 'no-redirect', `# @no-redirect\n${G}`],
    [`# @tim|eout 3\n${G}`, 'timeout', `# @timeout 3\n${G}`],
    [`# @tim|\n${G}`, 'timeout', `# @timeout \${1:5 s}\n${G}`],
    ['GET http://a.test HTT|', 'HTTP/2', 'GET http://a.test HTTP/2'],
    ['@host = http://b.test\n\nGET {{ho|', 'host', '@host = http://b.test\n\nGET {{host}}'],
    ['@host = http://b.test\n\nGET {{ho|}}/x', 'host', '@host = http://b.test\n\nGET {{host}}/x'],
    ['@host = http://b.test\n\nGET {{ho|}/x', 'host', '@host = http://b.test\n\nGET {{host}}/x'],
    ['@host = http://b.test\n\nGET {{ho|st}}/x', 'token', '@host = http://b.test\n\nGET {{token}}/x'],
    [`${G}X: {{%to|}}`, 'token', `${G}X: {{%token}}`],
    [`${G}X: {{$g|}}`, '$guid', `${G}X: {{$guid}}`],
    ['POST http://a.test\n\n< ./bodies/|x.json', 'c.json', 'POST http://a.test\n\n< ./bodies/c.json'],
    ['GET {{$dot|}}', '$dotenv', 'GET {{$dotenv }}'], ['GET {{$processEnv H|}}', 'HOME', 'GET {{$processEnv HOME}}'], ['GET {{$dotenv |', 'API_KEY', 'GET {{$dotenv API_KEY}}'],
    [`${P}--b\nCon|`, 'Content-Disposition', `${P}--b\nContent-Disposition: form-data; name="\${1:name}"`],
    ['curl -|', '-H, --header', "curl -H '${1:Name}: ${2:value}'"], ['curl --he|', '-H, --header', "curl --header '${1:Name}: ${2:value}'"],
    ['POST http://a.test\n\n< bo|', 'bodies/', 'POST http://a.test\n\n< ./bodies/'],
  ];
  for (const [text, label, result] of put) {
    it(`puts ${label} in ${JSON.stringify(text)}`, async () => assert.equal((await at(text)).put(label), result));
  }

  describe('of references', () => {
    const login = '# @name login\nGET http://a.test\n\n###\n';
    const cases: [inside: string, ...labels: string[]][] = [
      ['login.|', 'response', 'request'],
      ['login.re|', 'response', 'request'],
      ['login.response.|', 'body', 'headers', 'cookies', 'status'],
      ['login.request.|', 'body', 'headers'],
      ['login.response.body.|', '$', '*'],
      ['login.response.body.$.|', 'token', 'user', 'items'],
      ['login.response.body.$.user.|', 'id', 'full name'],
      ['login.response.body.$.items.|', '[0]', '[1]'],
      ['login.response.body.$.items[1].|', 'id'],
      ['login.response.headers.|', 'Content-Type', 'set-cookie'],
      ['login.response.cookies.|', 'sid', 'theme'],
      ['login.request.headers.|', 'Accept'],
      ['shop.items.response.|', 'body'],
      ['shop.items.response.body.$.|'],
      ['login.response.body.$.nothing.|'],
      ['login.elsewhere.|'],
    ];
    for (const [inside, ...expected] of cases) {
      it(`offers ${expected.join(', ') || 'nothing'} at {{${inside}`, async () => {
        const found = await labels(`${login}GET {{${inside}}}`);
        assert.deepEqual(expected.length === 0 ? found : found.slice(0, expected.length), expected);
      });
    }

    it('offers no names in escaped braces', async () => {
    assert.deepEqual(await labels(`@abc = 1\n${G}\n\\{\\{|`, '{'), []);
    assert.deepEqual(await labels(`@abc = 1\n${G}\n\\{\\{a|\\}\\}`), []);
  });

  it('puts brackets around what cannot follow a dot', async () => {
      assert.equal((await at(`${login}GET {{login.response.body.$.user.fu|}}`)).put('full name'),
        `${login}GET {{login.response.body.$.user['full name']}}`);
      assert.equal((await at(`${login}GET {{login.response.body.$.items.|`)).put('[0]'),
        `${login}GET {{login.response.body.$.items[0]`);
    });

    it('closes the braces behind the last step', async () => {
      assert.equal((await at(`${login}GET {{login.response.body.$.to|`)).put('token'),
        `${login}GET {{login.response.body.$.token}}`);
      assert.equal((await at(`${login}GET {{lo|`)).put('login'), `${login}GET {{login.`);
    });
  });

  it('offers whole requests in an empty block, to the origin the others have', async () => {
    const { items } = await at('GET http://a.test/x\n\n###\n|');
    const json = items.find(({ label }) => label === 'POST JSON');
    assert.match(json?.insert ?? '', /^POST http:\/\/a\.test\/\$\{1:path\}\nContent-Type: application\/json\n\n\{/);
    assert.ok(!(await labels('# @name x\n|\nGET http://a.test/')).includes('POST JSON'), 'a block has one request');
  });

  it('offers made-up addresses behind all others', async () => {
    const random: Definition = {
      name: '$random.image.url', origin: { kind: 'dynamic' }, value: 'https://pictures.test/1', secret: false,
    };
    const { file, lines, position } = marked('GET |\n\n###\nGET http://a.test/x\n');
    const { items } = await completionsAt(file, lines, position, {
      outer: { after: (name) => name === random.name ? [random] : [], all: () => [random] },
    });
    const inOrder = items.toSorted((a, b) => a.sort < b.sort ? -1 : 1).map(({ label }) => label);
    assert.deepEqual([inOrder[0], inOrder.at(-1)], ['http://a.test', '{{$random.image.url}}']);
    const whole = marked('|');
    const skeletons = await completionsAt(whole.file, whole.lines, whole.position, {
      outer: { after: () => [random], all: () => [random] },
    });
    assert.ok(!skeletons.items.some(({ insert }) => insert.includes('$random')));
  });

  it('offers variables with their definitions', async () => {
    const { items } = await at('@host = http://{{name}}\n@name = a.test\nGET {{|');
    const host = items.find(({ label }) => label === 'host')?.definition;
    assert.equal(host?.value, 'http://a.test');
    assert.equal(host.origin.kind, 'file');
    assert.equal(items.find(({ label }) => label === 'token')?.definition?.secret, true);
  });

  it('offers a field once, fields of responses never', async () => {
    const found = await labels(`${G}Accept: */*\n|`);
    assert.ok(!found.includes('Accept'));
    for (const name of ['Set-Cookie', 'Server', 'ETag', 'WWW-Authenticate', 'Location', 'Age', 'Vary']) {
      assert.ok(!found.includes(name), name);
    }
    assert.ok(found.length >= 90);
    assert.equal(new Set([...requestFields.keys()].map((name) => name.toLowerCase())).size, requestFields.size);
  });

  const triggers: [text: string, trigger: string, wanted: boolean][] = [
    ['GET {|', '{', false], ['GET {{|}}', '{', true], ['POST http://a.test\n\n{|', '{', false],
    ['GET |', ' ', true], ['GET http://a.test |', ' ', false], [`${G}Accept: |`, ' ', true], ['# some |', ' ', false],
    ['# @|', '@', true], ['@|', '@', false], ['POST http://a.test\n\n{"mail": "a@|"}', '@', false],
    ['GET {{$processEnv |}}', ' ', true], ['GET {{$guid |}}', ' ', false], ['curl -|', '-', true], [`${G}X-|`, '-', false], [`${G}Accept:|`, ':', true], ['GET http:|', ':', false], ['POST http://a.test\n\n{"a":|', ':', false],
    ['POST http://a.test\n\n< ./|', '/', true], [`${G}X-A: b/|`, '/', false], ['GET http://a.|', '.', false],
  ];
  for (const [text, trigger, wanted] of triggers) {
    it(`${wanted ? 'opens' : 'stays closed'} after ${JSON.stringify(trigger)} in ${JSON.stringify(text)}`, async () => {
      assert.equal((await labels(text, trigger)).length > 0, wanted);
    });
  }

  it('takes no longer in a large file', async () => {
    const block = '###\n# @name r\nGET http://a.test/x\nAccept: */*\n\n{"a": 1}\n\n';
    const { file, lines, position } = marked(`${block.repeat(20_000)}###\nGET http://a.test\nAcc|`);
    const before = process.cpuUsage();
    const found = await completionsAt(file, lines, position, { outer });
    const { user } = process.cpuUsage(before);
    assert.ok(found.items.some(({ label }) => label === 'Accept'));
    assert.ok(user < 500_000, `${user} µs`);
  });

  it('offers some of very many names, and others as more is typed', async () => {
    const all = Array.from({ length: 3000 }, (_, at) =>
      `@name${at} = ${at}\n\n### \n# @name request${at}\nGET http://a.test\n`).join('');
    const offered = async (typed: string) => {
      const { file, lines, position } = marked(`${all}###\nGET http://a.test/{{${typed}|`);
      const { items, isIncomplete } = await completionsAt(file, lines, position, { outer });
      return { labels: items.map(({ label }) => label), isIncomplete };
    };
    const first = await offered('');
    assert.ok(
      first.isIncomplete && first.labels.length < 600 && first.labels.includes('name0'), `${first.labels.length}`,
    );
    const later = await offered('name2987');
    assert.deepEqual(
      [later.isIncomplete, later.labels.filter((label) => /^(?:name|request)/.test(label))], [true, ['name2987']],
    );
    assert.ok((await offered('rq2987')).labels.includes('request2987'));
    assert.ok((await offered('request2987.')).labels.includes('response'));
  });
});
