import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';

describe('preparing what goes beyond one request and one response', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'live-'));
    await writeFile(join(directory, 'a.json'), '{"a": "{{name}}"}');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  async function specOf(text: string, wanted = 0): Promise<RequestSpec> {
    const file = parse(text);
    const result = await prepare(file.requests[wanted]!, {
      file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1',
    });
    assert(result.ok, JSON.stringify(result.problems));
    return result.spec;
  }

  const steps = ({ webSocket }: RequestSpec) => webSocket!.steps.map((step) => step.do === 'send'
    ? step.parts.map((part) => part.kind === 'bytes' ? Buffer.from(part.bytes).toString() : `< ${part.path.slice(directory.length)}`).join() : step.do);

  const webSockets: [what: string, text: string, url: string, steps: string[]][] = [
    ['WEBSOCKET', '@name = Ada\nWEBSOCKET ws://a.test/x\n\nhi {{name}}\n=== wait-for-server\n< a.json\n===\n<@ a.json\n===', 'ws://a.test/x', ['hi Ada', 'wait', '< /a.json', '{"a": "Ada"}', 'close']],
    ['WS with a host alone', 'WS a.test:81/x\n', 'ws://a.test:81/x', []],
    ['WSS with a host alone', 'WSS a.test/x\n', 'wss://a.test/x', []],
    ['a URL of HTTP', 'WEBSOCKET https://a.test/x\n\none', 'wss://a.test/x', ['one']],
    ['the scheme alone', 'wss://a.test\n', 'wss://a.test/', []],
    ['GET and a scheme that a variable holds', '@base = ws://a.test\nGET {{base}}/x\n\none\n===\ntwo\n', 'ws://a.test/x', ['one', 'two']],
  ];
  for (const [what, text, url, expected] of webSockets) {
    it(`a WebSocket: ${what}`, async () => {
      const spec = await specOf(text);
      assert.deepEqual([spec.method, spec.url, spec.body], ['GET', url, undefined]);
      assert.deepEqual(steps(spec), expected);
    });
  }

  it('a WebSocket whose URL and messages have names without a value says both', async () => {
    const file = parse('WEBSOCKET ws://a.test/{{room}}\n\nhi {{name}}\n');
    const result = await prepare(file.requests[0]!, {
      file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1',
    });
    assert.deepEqual(result.problems.map(({ places }) => places['name']), ['room', 'name']);
  });

  it('OPTIONS * asks the server that Host names', async () => {
    const spec = await specOf('OPTIONS *\nHost: a.test:8080\n');
    assert.deepEqual([spec.url, spec.requestTarget], ['http://a.test:8080/', '*']);
  });

  it('trailers, in their order, with variables in them', async () => {
    const spec = await specOf(
      '@sum = abc\n# @trailer Digest: {{sum}}\n# @trailer X: 1\n# @trailer X:\nPOST http://a.test\n\nbody',
    );
    assert.deepEqual(spec.trailers, [['Digest', 'abc'], ['X', '1'], ['X', '']]);
  });

  it('how long to wait for 100 Continue, and how often to reconnect', async () => {
    assert.equal(
      (await specOf(
        '# @continue-timeout 250 ms\nPOST http://a.test\nExpect: 100-continue\n\nx',
      )).options.continueTimeout, 250,
    );
    for (const [written, count] of [['', 10], [' 3', 3], [' 0', 0], [' often', 10], [' 5000', 10]] as const) {
      assert.equal((await specOf(`# @reconnect${written}\nSSE http://a.test`)).options.reconnect, count);
    }
  });

  it('what is GraphQL, whose response may hold errors', async () => {
    assert.equal((await specOf('GRAPHQL http://a.test\n\nquery { a }')).graphql, true);
    assert.equal((await specOf('POST http://a.test\n\n{"a": 1}')).graphql, undefined);
  });
});
