import assert from 'node:assert/strict';
import http from 'node:http';
import { jsonLines, run, start } from '../support/commandLine.ts';
import { createBench } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';

describe('a stream of events in the terminal', function () {
  this.timeout(30_000);
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** Sends two events and nothing more, or ends then; what the client accepts is kept. */
  async function serve(accepted: (string | undefined)[], ends = false): Promise<string> {
    return `http://127.0.0.1:${await bench.serve(http.createServer((request, response) => {
      accepted.push(request.headers.accept);
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: first\n\nevent: tick\nid: 2\ndata: \u001b[31mred\n\n');
      if (ends) response.end();
    }))}`;
  }

  it('is printed line by line, and Ctrl+C ends it without a failure', async () => {
    const accepted: (string | undefined)[] = [];
    const { child, ended } = start(['send', '-'], { input: `SSE ${await serve(accepted)}/\n` });
    child.stdout!.on('data', (text: string) => { if (text.includes('red')) child.kill('SIGINT'); });
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(accepted, ['text/event-stream']);
    const lines = stdout.split('\n');
    assert.match(lines[0]!, /^ +\d+\.\d ms first$/);
    assert.match(lines[1]!, /^ +\d+\.\d ms tick #2 \\x1b\[31mred$/);
    assert.match(stdout, /→ 200 OK/);
    assert.match(stdout, /stopped listening/);
    assert.match(stdout, /A stream of events\. Received in .*: 2\. You stopped listening\./);
    assert.doesNotMatch(stdout, /incomplete/);
  });

  it('is in the JSON', async () => {
    const { code, stdout } = await run(['send', '-', '--json'], {
      input: `GET ${await serve([], true)}/\nAccept: text/event-stream\n`,
    });
    assert.equal(code, 0);
    const [line] = jsonLines(stdout);
    assert.deepEqual(
      line.stream.events.map(({ name, data }: { name: string; data: string }) => [name, data]),
      [['message', 'first'], ['tick', '\u001b[31mred']],
    );
    assert.equal(line.stream.ended, false);
  });
});
