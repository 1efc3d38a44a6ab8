import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { jsonLines, run, start } from '../support/commandLine.ts';
import { createBench } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';

describe('a WebSocket in the terminal', function () {
  this.timeout(30_000);
  let bench: Bench;
  let directory: string;
  let sockets: WebSocketServer | undefined;
  beforeEach(async () => {
    bench = createBench();
    directory = await mkdtemp(join(tmpdir(), 'web-socket-'));
  });
  afterEach(async () => {
    for (const one of sockets?.clients ?? []) one.terminate();
    await bench.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Answers each message with the same in capitals. */
  async function serve(seen: string[] = []): Promise<string> {
    const server = http.createServer();
    sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data) => {
      seen.push(String(data));
      socket.send(String(data).toUpperCase());
    }));
    return `ws://127.0.0.1:${await bench.serve(server)}/`;
  }

  it('is printed line by line, closes where the file says so, and leaves 0', async () => {
    const url = await serve();
    const { code, stdout, stderr } = await run(['send', '-'], {
      input: `WEBSOCKET ${url}\n\none\n=== wait-for-server\n{"two": "\u001b[31m"}\n=== wait-for-server\n`,
    });
    assert.equal(code, 0, stderr);
    const lines = stdout.split('\n').slice(0, 6).map((line) => line.replace(/^ *\d+\.\d ms/, ''));
    assert.deepEqual(
      lines, [
        ' → one', ' ← ONE', ' → {"two": "\\x1b[31m"}', ' ← {"TWO": "\\x1b[31M"}', ' → close 1000', ' ← close 1000',
      ],
    );
    assert.match(stdout, /GET ws:\/\/127\.0\.0\.1:\d+\/ → 101 Switching Protocols/);
    assert.match(
      stdout, /A WebSocket\. In .*, sent: 2, received: 2\. You closed it with 1000\. Normal closure: all is said\./,
    );
  });

  it('takes lines of standard input with --interactive, and closes at its end', async () => {
    const seen: string[] = [];
    const file = join(directory, 'a.http');
    await writeFile(file, `WEBSOCKET ${await serve(seen)}\n\nfrom the file\n`);
    const { code, stdout, stderr } = await run(['send', file, '--interactive', '--json'], {
      input: 'typed one\ntyped two\n',
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(seen, ['from the file', 'typed one', 'typed two']);
    const [line] = jsonLines(stdout);
    assert.deepEqual(line.webSocket.counts, { sent: 3, received: 3, sentSize: 31, receivedSize: 31 });
    assert.deepEqual(line.webSocket.end, { by: 'client', code: 1000, reason: '', clean: true });
  });

  it('Ctrl+C ends it with a goodbye, and that is no failure', async () => {
    const file = join(directory, 'a.http');
    await writeFile(file, `WEBSOCKET ${await serve()}\n\nhello\n`);
    const { child, ended } = start(['send', file]);
    child.stdout!.on('data', (text: string) => { if (text.includes('HELLO')) child.kill('SIGINT'); });
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /You closed it with 1000/);
  });

  it('is in the HTTP Archive as browsers write it, without secrets', async () => {
    const file = join(directory, 'a.http');
    await writeFile(join(directory, 'http-client.private.env.json'), '{"dev": {"key": "7391-8842"}}');
    await writeFile(file, `WEBSOCKET ${await serve()}\n\nlogin {{key}}\n=== wait-for-server\n`);
    const har = join(directory, 'out.har');
    const { code, stdout, stderr } = await run(['send', file, '--env', 'dev', '--har', har]);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /7391-8842/);
    const [entry] = JSON.parse(await readFile(har, 'utf8')).log.entries;
    assert.equal(entry._resourceType, 'websocket');
    assert.deepEqual(entry._webSocketMessages.map((one: Record<string, unknown>) => [one.type, one.opcode, one.data]),
      [['send', 1, 'login •••'], ['receive', 1, 'LOGIN •••']]);
    assert(entry._webSocketMessages.every(({ time }: { time: number }) => Math.abs(time * 1000 - Date.now()) < 60_000));
  });

  it('a refused handshake leaves 1, with the reason', async () => {
    const port = await bench.serve(http.createServer((_, response) => response.writeHead(200).end('a page')));
    const { code, stderr } = await run(['send', '-'], { input: `WS ws://127.0.0.1:${port}/\n` });
    assert.equal(code, 1);
    assert.match(stderr, /No WebSocket was opened\. .* answered the opening handshake with 200 OK and not with 101/);
  });
});
