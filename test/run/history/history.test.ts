import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHistory } from '../../../src/run/history/history.ts';
import type { History } from '../../../src/run/history/history.ts';
import type { ExchangeEvent } from '../../../src/trace/event.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';

const origin = { uri: 'file:///a.http', key: 'Login' };

function spec(id: string, url = 'http://a.test/'): RequestSpec {
  return {
    id,
    method: 'POST',
    url,
    headers: [['Authorization', 'Bearer s3cret']],
    options: { timeouts: { total: Infinity } },
    body: [{ kind: 'bytes', bytes: new Uint8Array([0, 200, 255]) }],
  };
}

function events(startedAt = 1_000): ExchangeEvent[] {
  return [
    { type: 'queued', at: 10, startedAt },
    { type: 'connection-assigned', at: 11, connectionId: 'c1', reused: false },
    {
      type: 'request-start',
      at: 12,
      method: 'POST',
      requestTarget: '/',
      authority: 'a.test',
      scheme: 'http',
      httpVersion: '1.1',
      headers: [
        ['Authorization', 'Bearer s3cret'],
        ['Cookie', 'sid=s3cret'],
      ],
      client: 'undici',
    },
    { type: 'request-sent', at: 13, bodySize: 3 },
    { type: 'first-byte', at: 14 },
    {
      type: 'response-head',
      at: 15,
      httpVersion: '1.1',
      statusCode: 200,
      reasonPhrase: 'OK',
      headers: [['Set-Cookie', 'sid=s3cret; Path=/']],
    },
    {
      type: 'body-end',
      at: 20,
      bodySize: 5,
      contentSize: 5,
      trailers: [],
      complete: true,
      storedIn: 'memory',
    },
  ];
}

/** One send, from begin to finish, with one exchange `e-ID`. */
function send(history: History, id: string, how: { unlogged?: boolean } = {}): void {
  history.begin(spec(id), origin, how);
  history.onConnection({
    connectionId: 'c1',
    events: [
      { type: 'opened', at: 10.5, origin: 'http://a.test', host: 'a.test', port: 80 },
      { type: 'attempt-start', at: 10.6, attempt: 0, address: '127.0.0.1', family: 4, port: 80 },
      { type: 'attempt-end', at: 10.9, attempt: 0, outcome: 'connected' },
    ],
  });
  history.onExchange({ exchangeId: `e-${id}`, specId: id, spec: spec(id), events: events() });
  history.finish(id);
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('the history', () => {
  let directory: string;
  beforeEach(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), 'roundtrip-history-')), 'history');
  });
  afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

  it('holds what was seen, with the connection in whichever order its events come', () => {
    const history = createHistory({ limit: 10 });
    history.begin(spec('s'), origin);
    history.onExchange({ exchangeId: 'e', specId: 's', spec: spec('s'), events: events() });
    assert.equal(history.exchange('e')?.connection?.peerAddress, undefined);
    history.onConnection({
      connectionId: 'c1',
      events: [
        { type: 'opened', at: 10.5, origin: 'http://a.test', host: 'a.test', port: 80 },
        { type: 'attempt-start', at: 10.6, attempt: 0, address: '127.0.0.1', family: 4, port: 80 },
        { type: 'attempt-end', at: 10.9, attempt: 0, outcome: 'connected' },
      ],
    });
    const exchange = history.exchange('e');
    assert.equal(exchange?.connection?.peerAddress, '127.0.0.1');
    assert.equal(exchange?.response?.statusCode, 200);
    assert.deepEqual(exchange?.request?.headers[0], ['Authorization', 'Bearer s3cret']);
    assert.equal(history.latest(origin)?.running, true);
    history.finish('s');
    assert.equal(history.latest(origin)?.running, false);
  });

  it('links redirects to their send, in order', () => {
    const history = createHistory({ limit: 10 });
    history.begin(spec('s'));
    history.onExchange({ exchangeId: 'e1', specId: 's', spec: spec('s'), events: events() });
    history.onExchange({
      exchangeId: 'e2',
      specId: 's',
      resendOf: 'e1',
      spec: spec('s', 'http://a.test/next'),
      events: events(),
    });
    assert.deepEqual(
      history.exchangesOf('s').map(({ id, resendOf }) => [id, resendOf]),
      [
        ['e1', undefined],
        ['e2', 'e1'],
      ],
    );
    assert.equal(history.exchange('e2')?.spec.url, 'http://a.test/next');
  });

  it('tells of each change, and which of them is an outcome', () => {
    const history = createHistory({ limit: 10 });
    const seen: unknown[] = [];
    const stop = history.onChange((change) => seen.push(change));
    history.begin(spec('s'));
    history.onExchange({ exchangeId: 'e', specId: 's', spec: spec('s'), events: events() });
    history.finish('s');
    stop();
    history.append('e', []);
    assert.deepEqual(seen, [
      { specId: 's', outcome: true },
      { specId: 's', outcome: false },
      { specId: 's', outcome: true },
    ]);
  });

  it("takes the server's account after the end", () => {
    const history = createHistory({ limit: 10 });
    send(history, 's');
    history.append('e-s', [
      { type: 'server', server: 'lab', at: 21, event: { type: 'response-finished', at: 21, bodySize: 5 } },
    ]);
    assert.equal(history.exchange('e-s')?.servers?.[0]?.events.length, 1);
    assert.equal(history.exchange('e-s')?.endAt, 20);
  });

  it('ignores events of sends it does not know', () => {
    const history = createHistory({ limit: 10 });
    history.onExchange({ exchangeId: 'e', specId: 'other', spec: spec('other'), events: events() });
    assert.equal(history.exchange('e'), undefined);
  });

  it('keeps what a server tells long after the end', async () => {
    const first = createHistory({ directory, limit: 10 });
    send(first, 's');
    await first.flush();
    first.append('e-s', [{
      type: 'server', server: 'lab', at: 5021,
      event: { type: 'closed', at: 5021, by: 'server', reason: 'idle', requests: 1 },
    }]);
    await first.flush();
    const second = createHistory({ directory, limit: 10 });
    await second.load();
    assert.deepEqual(second.exchange('e-s')?.servers?.[0]?.events.map(({ type }) => type), ['closed']);
    assert.equal(second.sends().length, 1);
  });

  it('comes back in a later session, without credentials', async () => {
    const first = createHistory({ directory, limit: 10 });
    send(first, 's');
    first.append('e-s', [
      { type: 'server', server: 'lab', at: 21, event: { type: 'response-finished', at: 21, bodySize: 5 } },
    ]);
    await first.flush();
    assert.doesNotMatch(await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8'), /s3cret/);

    const second = createHistory({ directory, limit: 10 });
    await second.load();
    const restored = second.exchange('e-s');
    assert.equal(restored?.response?.statusCode, 200);
    assert.equal(restored?.connection?.peerAddress, '127.0.0.1');
    assert.equal(restored?.servers?.[0]?.events.length, 1);
    assert.deepEqual(restored?.request?.headers, [
      ['Authorization', 'Bearer •••'],
      ['Cookie', 'sid=•••'],
    ]);
    assert.deepEqual(restored?.spec.body, [
      { kind: 'bytes', bytes: new Uint8Array([0, 200, 255]) },
    ]);
    assert.equal(second.latest(origin)?.specId, 's');
    assert.equal(
      second.latest(origin)?.spec,
      undefined,
      'a masked request is not one to send again',
    );
  });

  it('writes nothing when switched off, and deletes what was there', async () => {
    const file = path.join(directory, 'exchanges.jsonl');
    const first = createHistory({ directory, limit: 10 });
    send(first, 's');
    await first.flush();
    assert.match(await readFile(file, 'utf8'), /e-s/);

    const second = createHistory({ directory, limit: 0 });
    await second.load();
    send(second, 't');
    await second.keepContent('e-t', chunks('content'));
    await second.flush();
    assert.ok(second.exchange('e-t'), 'in memory it is kept');
    assert.equal(second.exchange('e-s'), undefined);
    await assert.rejects(readdir(directory), { code: 'ENOENT' });
  });

  it('writes no credential of a URL', async () => {
    const first = createHistory({ directory, limit: 10 });
    const written = spec('s', 'http://ada:hunter22@a.test/?token=QUERYSECRET99&q=tea');
    first.begin(written, origin);
    first.onExchange({ exchangeId: 'e', specId: 's', spec: written, events: events() });
    first.finish('s');
    await first.flush();
    const text = await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8');
    assert.doesNotMatch(text, /QUERYSECRET99|hunter22/);
    assert.match(text, /q=tea/);
  });

  it('writes no value from a private file, wherever it stands', async () => {
    const first = createHistory({ directory, limit: 10 });
    const secret = 'hunter22 é';
    const written = { ...spec('s', 'http://a.test/hunter22%20%c3%a9'), secrets: [secret], body: [
      { kind: 'bytes' as const, bytes: new TextEncoder().encode(`k=${secret}`) },
    ] };
    first.begin(written, origin);
    first.onExchange({ exchangeId: 'e-s', specId: 's', spec: written, events: events() });
    first.finish('s');
    const chunks = [...Buffer.from(`you said ${secret}!`)].map((octet) => Uint8Array.of(octet));
    await first.keepContent('e-s', (async function* () { yield* chunks; })());
    await first.flush();
    const line = await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8');
    assert.doesNotMatch(line, /hunter22|"secrets"/);
    assert.ok(!line.includes(Buffer.from(`k=${secret}`).toString('base64')));
    const content = await first.readContent('e-s', 0, 100);
    assert.equal(Buffer.from(content!.bytes).toString(), 'you said ***********!');
    assert.equal(first.exchange('e-s')?.spec.url, written.url, 'the session itself keeps it, to send again');
  });

  it('keeps what earlier sessions left when it writes before it reads', async () => {
    const first = createHistory({ directory, limit: 2 });
    send(first, 'a');
    send(first, 'b');
    await first.flush();
    const second = createHistory({ directory, limit: 2 });
    send(second, 'c');
    await second.flush();
    await second.load();
    await second.flush();
    assert.deepEqual(
      second.sends().map(({ specId }) => specId),
      ['b', 'c'],
    );
    const third = createHistory({ directory, limit: 2 });
    await third.load();
    assert.deepEqual(
      third.sends().map(({ specId }) => specId),
      ['b', 'c'],
    );
  });

  it('leaves out a line that was cut by a crash', async () => {
    const first = createHistory({ directory, limit: 10 });
    send(first, 'a');
    await first.flush();
    const lines = path.join(directory, 'exchanges.jsonl');
    await appendFile(
      lines,
      '{"specId":"b","exchange":{"id":"e-b","events":[{"type":"que\n{"specId":1}\nnull\n',
    );
    const second = createHistory({ directory, limit: 10 });
    await second.load();
    assert.deepEqual(
      second.sends().map(({ specId }) => specId),
      ['a'],
    );
  });

  it('lets the oldest go, in memory, on disk and in the engine', async () => {
    const forgotten: string[] = [];
    const history = createHistory({
      directory,
      limit: 2,
      onForget: (ids) => forgotten.push(...ids),
    });
    for (const id of ['a', 'b']) send(history, id);
    await history.keepContent('e-a', chunks('hello'));
    send(history, 'c');
    await history.flush();
    assert.deepEqual(forgotten, ['e-a']);
    assert.deepEqual(
      history.sends().map(({ specId }) => specId),
      ['b', 'c'],
    );
    assert.doesNotMatch(await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8'), /"e-a"/);
    assert.deepEqual(await readdir(path.join(directory, 'contents')), []);
  });

  it('never lets a running send go', () => {
    const history = createHistory({ limit: 1 });
    history.begin(spec('running'));
    for (const id of ['a', 'b']) send(history, id);
    assert.ok(history.send('running')?.running);
  });

  it('writes an exchange anew without growing for ever', async () => {
    const history = createHistory({ directory, limit: 1 });
    send(history, 'a');
    for (let n = 0; n < 40; n += 1) {
      history.append('e-a', [
        { type: 'server', server: 'lab', at: 21 + n, event: { type: 'handler-start', at: 21 + n, handler: 'h' } },
      ]);
      await history.flush();
    }
    const lines = (await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    assert.ok(lines.length < 25, `${lines.length} lines`);
    const second = createHistory({ directory, limit: 1 });
    await second.load();
    assert.equal(second.exchange('e-a')?.servers?.[0]?.events.length, 40);
  });

  it('keeps contents beside, read in windows', async () => {
    const history = createHistory({ directory, limit: 10 });
    send(history, 's');
    await history.keepContent('e-s', chunks('hello ', 'world'));
    const second = createHistory({ directory, limit: 10 });
    await history.flush();
    await second.load();
    const text = async (offset: number, length: number) => {
      const content = await second.readContent('e-s', offset, length);
      return content && [Buffer.from(content.bytes).toString(), content.total];
    };
    assert.deepEqual(await text(0, 100), ['hello world', 11]);
    assert.deepEqual(await text(6, 3), ['wor', 11]);
    assert.deepEqual(await text(11, 3), ['', 11]);
    assert.deepEqual(await text(99, 3), ['', 11]);
    assert.equal(await second.readContent('../../etc/passwd', 0, 10), undefined);
  });

  it('writes nothing of a send that is not to be logged', async () => {
    const history = createHistory({ directory, limit: 10 });
    send(history, 'secret', { unlogged: true });
    send(history, 'b');
    await history.keepContent('e-secret', chunks('x'));
    await history.keepContent('e-b', chunks('x'));
    await history.flush();
    assert.equal(history.exchange('e-secret')?.response?.statusCode, 200);
    assert.doesNotMatch(await readFile(path.join(directory, 'exchanges.jsonl'), 'utf8'), /secret"/);
    assert.deepEqual(await readdir(path.join(directory, 'contents')), ['e-b.bin']);
  });

  it('is readable by its owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    const history = createHistory({ directory, limit: 10 });
    send(history, 's');
    await history.keepContent('e-s', chunks('x'));
    await history.flush();
    const modes = await Promise.all(
      ['', 'exchanges.jsonl', 'contents', 'contents/e-s.bin'].map(
        async (name) => (await stat(path.join(directory, name))).mode & 0o077,
      ),
    );
    assert.deepEqual(modes, [0, 0, 0, 0]);
  });

  it('is cleared everywhere', async () => {
    const history = createHistory({ directory, limit: 10 });
    send(history, 's');
    await history.flush();
    await history.clear();
    assert.deepEqual(history.sends(), []);
    assert.equal(history.exchange('e-s'), undefined);
    const second = createHistory({ directory, limit: 10 });
    await second.load();
    assert.deepEqual(second.sends(), []);
  });
});
