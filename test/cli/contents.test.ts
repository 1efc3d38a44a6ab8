import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, run } from '../support/commandLine.ts';

describe('contents, from the command line', () => {
  const large = Buffer.alloc(3_000_000, 'large ');
  const small = Buffer.alloc(20_000, 'small ');
  let server: Server;
  let url: string;
  let directory: string;
  before(async () => {
    server = http.createServer((request, response) => response.end(request.url === '/large' ? large : small));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    directory = mkdtempSync(join(tmpdir(), 'cli-contents-'));
  });
  after(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  it('beyond --max-size fail, where nobody can be asked, and say where the limit is set', async () => {
    const { code, stderr } = await run(['send', '-', '--max-size', '1MB'], { input: `GET ${url}/large\n` });
    assert.equal(code, 1);
    assert.match(stderr, /announces 3 MB; the limit is 1 MB/);
    assert.match(stderr, /--max-size/);
  });

  it('within it arrive; 0 is no limit', async () => {
    for (const size of ['3MB', '2.9MiB', '0']) {
      const { code, stdout } = await run(['send', '-', '--json', '--max-size', size], { input: `GET ${url}/large\n` });
      assert.equal(code, 0, size);
      assert.equal(jsonLines(stdout)[0].response.contentSize, large.length);
    }
  });

  it('take sizes with units, and nothing else', async () => {
    const { code, stderr } = await run(['send', '-', '--max-size', 'much'], { input: `GET ${url}/\n` });
    assert.equal(code, 2);
    assert.match(stderr, /--max-size takes a size such as 20MB or 4GiB, not “much”/);
  });

  it('go to a file with --output, byte for byte, the last one', async () => {
    const file = join(directory, 'out');
    const { code } = await run(['send', '-', '--output', file], { input: `GET ${url}/\n\n###\nGET ${url}/large\n` });
    assert.equal(code, 0);
    assert(large.equals(readFileSync(file)));
  });

  it('that cannot be written to a file are an error', async () => {
    const { code, stderr } = await run(
      ['send', '-', '-o', join(directory, 'missing', 'out')], { input: `GET ${url}/\n` },
    );
    assert.equal(code, 1);
    assert.match(stderr, /cannot be written: ENOENT/);
  });

  it('of 5,000 requests, 100 MB in all, do not add up', async function () {
    this.timeout(120_000);
    const input = Array.from({ length: 5000 }, (_, index) => `GET ${url}/${index}\n`).join('\n###\n');
    // A heap that would not hold them.
    const env = { NODE_OPTIONS: '--max-old-space-size=80' };
    const { code, stdout, stderr } = await run(['send', '-', '--json', '--max-content', '5'], { input, env });
    assert.equal(code, 0, stderr.slice(-500));
    assert.equal(jsonLines(stdout).length, 5000);
  });
});
