import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';
import { createHistory } from '../../../src/run/history/history.ts';
import type { History } from '../../../src/run/history/history.ts';
import { historyResponses } from '../../../src/run/responses/historyResponses.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { PrepareContext, Prepared } from '../../../src/run/prepare/prepare.ts';

const uri = 'file:///a.http';

/** A send of a request of that name that got this content, in a history without a disk. */
function sent(
  history: History, contents: Map<string, string>, name: string, content: string | undefined, from = uri,
): void {
  const id = `${name}-${contents.size}-${history.sends().length}`;
  const spec = {
    id, name, source: { uri: from, line: 1 }, method: 'GET', url: 'http://a.test/', headers: [], options: {},
  };
  history.begin(spec, { uri: from, key: name });
  history.onExchange({
    exchangeId: id, specId: id, spec,
    events: content === undefined ? [{ type: 'queued', at: 1, startedAt: 1 }] : [
      { type: 'queued', at: 1, startedAt: 1 },
      { type: 'response-head', at: 2, httpVersion: '1.1', statusCode: 200, reasonPhrase: 'OK', headers: [['Set-Cookie', `sid=${name}`]] },
      { type: 'body-end', at: 3, bodySize: content.length, contentSize: content.length, trailers: [], complete: true, storedIn: 'memory' },
    ],
  });
  history.finish(id);
  contents.set(id, content ?? '');
}

describe('references to what was sent before', () => {
  let history: History;
  let contents: Map<string, string>;
  let reads: number;

  beforeEach(() => {
    history = createHistory({ limit: 100 });
    contents = new Map();
    reads = 0;
  });

  function prepared(input: string, context: Partial<PrepareContext> = {}): Promise<Prepared> {
    const file = parse(input);
    const read = async (id: string, offset: number, length: number) => {
      reads++;
      return { bytes: Buffer.from(contents.get(id)!).subarray(offset, offset + Math.min(length, 5)) };
    };
    return prepare(file.requests[0]!, {
      file, uri, directory: '/', options: {}, trusted: true, newId: () => 'id',
      responses: historyResponses(history, read, [uri, ...(context.imported ?? []).map((one) => one.uri)]), ...context,
    });
  }

  async function urlOf(input: string, context?: Partial<PrepareContext>): Promise<string> {
    const result = await prepared(input, context);
    assert.ok(result.ok, JSON.stringify(result.problems));
    return result.spec.url.replace('http://x.test/', '');
  }

  async function faultOf(input: string): Promise<string[]> {
    const { ok, problems } = await prepared(input);
    assert.equal(ok, false);
    return problems.map(({ code, places, range }) =>
      `${code} ${places.request ?? places.name} ${range.start.line}:${range.start.character}`);
  }

  const tail = '\n\n###\n# @name log-in\nGET http://a.test/\n\n### Get all\nGET http://a.test/\n';

  it('find the request by any of its spellings, or its title (C15)', async () => {
    sent(history, contents, 'log-in', '{"token":"t"}');
    sent(history, contents, 'Get all', '[1]');
    for (const name of ['log-in', 'logIn', 'log_in']) {
      assert.equal(await urlOf(`GET http://x.test/{{${name}.response.body.$.token}}${tail}`), 't');
    }
    assert.equal(
      await urlOf(
        `GET http://x.test/{{logIn.token}}/{{logInResponse.statusCode}}/{{GetAll.response.body.$[0]}}${tail}`,
      ), 't/200/1',
    );
  });

  it('are found through variables, environments and files of the body', async () => {
    sent(history, contents, 'log-in', '{"token":"t"}');
    const folder = await mkdtemp(join(tmpdir(), 'roundtrip-gather-'));
    try {
      await writeFile(join(folder, 'body.txt'), '{{logIn.token}}{{w}}');
      const environment = {
        name: 'dev', problems: [],
        entries: new Map([
          ['w', [{ value: '{{log-in.response.cookies.sid}}', layer: 'public' as const, environment: 'dev', source: 'e.json', secret: false }]],
        ]),
      };
      const result = await prepared(`@v = {{w}}\nPOST http://x.test/{{v}}\n\n<@ ./body.txt${tail}`, {
        environment, directory: folder,
      });
      assert.ok(result.ok, JSON.stringify(result.problems));
      const [part] = result.spec.body!;
      assert.deepEqual(
        [result.spec.url, part!.kind === 'bytes' && Buffer.from(part!.bytes).toString()], ['http://x.test/log-in', 'tlog-in'],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('mean the last send, of the file itself before imported ones (C58)', async () => {
    const imported = [{ uri: 'file:///b.http', file: parse('# @name log-in\nGET http://a.test/') }];
    const input = `GET http://x.test/{{log-in.response.body.$}}${tail}`;
    sent(history, contents, 'log-in', '"b"', 'file:///b.http');
    assert.equal(await urlOf(input, { imported }), 'b');
    sent(history, contents, 'log-in', '"a1"');
    sent(history, contents, 'log-in', '"a2"');
    sent(history, contents, 'log-in', '"b2"', 'file:///b.http');
    assert.equal(await urlOf(input, { imported }), 'a2');
    assert.deepEqual(
      await faultOf(
        'GET http://x.test/{{other.response.body.$}}\n\n###\n# @name other\nGET http://a.test/',
      ), ['response-not-sent other 0:18'],
    );
  });

  it('read a content once for each place that needs it, in as many windows as it takes', async () => {
    sent(history, contents, 'log-in', '{"token":"0123456789"}');
    assert.equal(await urlOf(`GET http://x.test/{{logIn.token}}{{logIn.token}}${tail}`), '01234567890123456789');
    assert.equal(reads, 5);
  });

  it('say why there is no value, at their place', async () => {
    const input = (expression: string) => `GET http://x.test/?a={{${expression}}}${tail}`;
    assert.deepEqual(await faultOf(input('logIn.response.body.$.a')), ['response-not-sent log-in 0:21']);
    assert.deepEqual(await faultOf(input('nobody.response.body.$.a')), ['response-request-unknown nobody 0:21']);
    assert.deepEqual(await faultOf(input('nobody.a')), ['variable-undefined nobody.a 0:21']);
    sent(history, contents, 'log-in', undefined);
    assert.deepEqual(await faultOf(input('logIn.response.status')), ['response-none logIn 0:21']);
    sent(history, contents, 'log-in', 'no json');
    assert.deepEqual(await faultOf(input('logIn.response.body.$.a')), ['response-not-json logIn 0:21']);
    assert.deepEqual(
      await faultOf(`@v = {{logIn.response.body.$.a}}\n${input('v')}`), ['response-not-json logIn 1:21'],
    );
  });

  it('give way to variables of the same name', async () => {
    sent(history, contents, 'log-in', '{"token":"t"}');
    assert.equal(await urlOf(`@logIn.token = v\nGET http://x.test/{{logIn.token}}${tail}`), 'v');
  });
});
