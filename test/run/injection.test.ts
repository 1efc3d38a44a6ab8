import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import type { Environment } from '../../src/run/environments/environment.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { PrepareContext, Prepared } from '../../src/run/prepare/prepare.ts';
import type { RequestSpec } from '../../src/trace/request.ts';

function prepared(input: string, context: Partial<PrepareContext> = {}, index = 0): Promise<Prepared> {
  const file = parse(input);
  return prepare(file.requests[index]!, {
    file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => 'id', ...context,
  });
}

async function spec(input: string, context?: Partial<PrepareContext>): Promise<RequestSpec> {
  const result = await prepared(input, context);
  assert.ok(result.ok, JSON.stringify(result.problems));
  return result.spec;
}

async function codes(input: string, context?: Partial<PrepareContext>): Promise<string[]> {
  const { ok, problems } = await prepared(input, context);
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  assert.equal(ok, errors.length === 0);
  return errors;
}

function bodyOf({ body = [] }: RequestSpec): string {
  return body.map((part) => part.kind === 'bytes' ? Buffer.from(part.bytes).toString() : part.path).join('');
}

/** Every way in which a value can come from outside the file, as a name and what gives it this value. */
function sourcesOf(value: string): [origin: string, name: string, context: Partial<PrepareContext>][] {
  const environment: Environment = {
    name: 'dev', problems: [],
    entries: new Map([['v', [{ value, layer: 'public', environment: 'dev', source: 'e.json', secret: false }]]]),
  };
  const response = {
    statusCode: 200, headers: [['Content-Type', 'application/json'] as const],
    content: Buffer.from(JSON.stringify({ v: value })),
  };
  const responses = {
    latest: async () => ({ request: { method: 'GET', url: 'http://a.test/', headers: [] }, response }),
  };
  return [
    ['a response', 'login.response.body.$.v', { responses }],
    ['a member of a response', 'login.v', { responses }],
    ['an environment', 'v', { environment }],
    ['the process', '$processEnv V', { processEnv: { V: value } }],
    ['a prompt in the text', '$input what', { ask: async () => value }],
    ['a prompt', 'asked', { ask: async () => value }],
    ['the command line', 'v', { arguments: new Map([['v', value]]) }],
    ['a dynamic variable', '$guid', { sources: { now: () => 0, random: () => 0, uuid: () => value } }],
  ];
}

/** A request of which `{{name}}` stands in some place; `login` exists so that it can be referred to. */
function request(text: string, name: string): string {
  return `${text.replaceAll('{{v}}', `{{${name}}}`).replaceAll('{{%v}}', `{{%${name}}}`)}\n\n### Log in\n# @name login\nGET http://a.test/login\n`
    .replace(/^/, '# @prompt asked\n');
}

describe('values from outside the file', () => {
  const breaks = ['\r\nX-Injected: 1', '\nX-Injected: 1', '\rX-Injected: 1'];
  const places: [string, string, string][] = [
    ['the URL', 'GET http://a.test/{{v}}', 'url-control-character'],
    ['a query', 'GET http://a.test/\n  ?a={{v}}', 'url-control-character'],
    ['a header', 'GET http://a.test/\nX: a{{v}}', 'header-line-break'],
    ['a header, through a file variable', '@w = a{{v}}\nGET http://a.test/\nX: {{w}}', 'header-line-break'],
    ['a header line, through a file variable', '@w = X: a{{v}}\nGET http://a.test/\n{{w}}', 'header-line-break'],
    ['a whole header line', 'GET http://a.test/\n{{v}}', 'header-from-value'],
    ['a whole header line, through a file variable', '@w = {{v}}\nGET http://a.test/\n{{w}}', 'header-from-value'],
    ['a header name', 'GET http://a.test/\n{{v}}: a', 'header-name-invalid'],
    ['a header of a part', 'POST http://a.test/\nContent-Type: multipart/form-data; boundary=b\n\n--b\nContent-Disposition: form-data; name="{{v}}"\n\n1\n--b--', 'multipart-line-break'],
    ['the boundary', 'POST http://a.test/\nContent-Type: multipart/form-data; boundary={{v}}\n\n--b\n\n1\n--b--', 'header-line-break'],
  ];
  for (const [place, text, code] of places) {
    for (const [at, written] of breaks.entries()) {
      for (const [origin, name, context] of sourcesOf(written)) {
        it(`cannot break the line of ${place} (${['CR LF', 'LF', 'CR'][at]}, from ${origin})`, async () =>
          assert.deepEqual([...new Set(await codes(request(text, name), context))], [code]));
      }
    }
  }

  it('cannot break the line of the method', async () => {
    for (const value of breaks) {
      for (const [, name, context] of sourcesOf(value)) {
        const found = await codes(request('{{v}} http://a.test/', name), context);
        assert.ok(found.includes('method-invalid') || found.includes('url-invalid'), name);
      }
    }
  });

  const part = 'POST http://a.test/\nContent-Type: multipart/form-data; boundary="b c"\n\n--b c\nContent-Disposition: form-data; name="a"\n\n{{v}}\n--b c--';
  for (const value of ['1\r\n--b c\r\nA: b\r\n\r\n2', '1\n--b c--', '--b c', '1\r--b c']) {
    for (const [origin, name, context] of sourcesOf(value)) {
      it(`cannot begin or end a part (${JSON.stringify(value)}, from ${origin})`, async () =>
        assert.deepEqual([...new Set(await codes(request(part, name), context))], ['multipart-boundary-injected']));
    }
  }
  it('may hold lines, hyphens and other boundaries in the content of a part', async () => {
    for (const [, name, context] of sourcesOf('1\n--b\n2')) {
      assert.equal(
        bodyOf(await spec(request(part, name), context)),
        '--b c\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n2\r\n--b c--\r\n',
      );
    }
  });

  it('cannot name a pseudo-header field', async () => {
    for (const [, name, context] of sourcesOf(':authority')) {
      assert.deepEqual(
        await codes(request('GET http://a.test/\n{{v}}: evil.test', name), context), ['header-name-invalid'],
      );
    }
  });

  it('are percent-encoded when asked for', async () => {
    for (const [, name, context] of sourcesOf('a b\r\nc')) {
      assert.equal((await spec(request('GET http://a.test/{{%v}}', name), context)).url, 'http://a.test/a%20b%0D%0Ac');
    }
  });

  it('are put in as they are everywhere else', async () => {
    for (const [, name, context] of sourcesOf('x y')) {
      const found = await spec(request('POST http://a.test/?q={{v}}\nA: {{v}}\n\n{{v}}', name), context);
      assert.deepEqual([found.url, found.headers, bodyOf(found)], ['http://a.test/?q=x%20y', [['A', 'x y']], 'x y']);
    }
  });

  it('are never read as names', async () => {
    for (const [origin, name, context] of sourcesOf('{{secret}}')) {
      if (origin === 'an environment') continue;
      const found = await spec(request('@secret = s\nPOST http://a.test/\n\n{{v}}', name), context);
      assert.equal(bodyOf(found), '{{secret}}', origin);
    }
  });
});

describe('header lines from variables of the file (C1)', () => {
  const cases: [string, [string, string][], string?][] = [
    ['@alice = Authorization: Basic alice\nGET http://a.test/\n{{alice}}\nB: 2', [['Authorization', 'Basic alice'], ['B', '2']]],
    ['@two = A: 1\\nB: 2\nGET http://a.test/\nC: 0\n{{two}}\nD: 3', [['C', '0'], ['A', '1'], ['B', '2'], ['D', '3']]],
    ['@two = A: 1\\r\\nB: 2\nGET http://a.test/\n{{two}}', [['A', '1'], ['B', '2']]],
    ['@in = A: {{v}}\n@v = 1\\nB: 2\nGET http://a.test/\n{{in}}', [['A', '1'], ['B', '2']]],
    ['@n = X-{{part}}\n@part = Name\nGET http://a.test/\n{{n}}: v', [['X-Name', 'v']]],
    ['@body = A: 1\\n\\n{"a":1}\nPOST http://a.test/\n{{body}}', [['A', '1']], '{"a":1}'],
    ['@body = A: 1\\n\\nfirst\nPOST http://a.test/\n{{body}}\nB: 2\n\nlast', [['A', '1']], 'first\nB: 2\n\nlast'],
    ['@body: = Content-Type: text/plain\\n\\n\nPOST http://a.test/\n{{body:}} {"a":\n1}', [['Content-Type', 'text/plain']], ' {"a":\n1}'],
    ['@host = A: http://x:1/\nGET http://a.test/\n{{host}}', [['A', 'http://x:1/']]],
  ];
  for (const [input, headers, body] of cases) {
    it(`sends ${JSON.stringify(input)}`, async () => {
      const found = await spec(input);
      assert.deepEqual(found.headers, headers);
      assert.equal(found.body && bodyOf(found), body);
    });
  }

  it('takes the method from a variable', async () =>
    assert.equal((await spec('@m = put\n{{m}} http://a.test/')).method, 'PUT'));
  it('says what is no header', async () =>
    assert.deepEqual(await codes('@x = nothing\nGET http://a.test/\n{{x}}'), ['header-name-invalid']));
});
