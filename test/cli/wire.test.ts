import assert from 'node:assert/strict';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import type { Server, Socket } from 'node:net';
import { createAuthority } from '../support/certificates.ts';
import { jsonLines, run } from '../support/commandLine.ts';
import { createBench, onHead } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';

const response =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n5\r\nhe\x1blo\r\n0\r\nX-Sum: 1\r\n\r\n';

describe('what went over the wire, in the terminal', function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  async function raw(answer: string): Promise<string> {
    return `http://127.0.0.1:${await bench.serve(net.createServer((socket: Socket) => onHead(socket, () => socket.end(answer, 'latin1'))))}`;
  }

  it('is every line and chunk of both directions with --raw, with no control character left', async () => {
    const url = await raw(response);
    const { stdout, code } = await run(['send', '-', '--raw'], { input: `POST ${url}/a\nX-A: 1\n\nbody\n` });
    assert.equal(code, 0);
    assert.match(stdout, /→ sent {2}\+[\d.]+ ms {2}[\d,]+ bytes in 1 write\nPOST \/a HTTP\/1.1␍␊\n/);
    assert.match(
      stdout, /← received {2}\+[\d.]+ ms {2}[\d,]+ bytes in 1 read\nHTTP\/1.1 200 OK␍␊\nTransfer-Encoding: chunked␍␊\nX-A: b␍␊\n␍␊\n/,
    );
    assert.match(
      stdout, /\n5␍␊ {4}⟵ chunk of 5 bytes\nhe\\x1blo\n␍␊\n0␍␊ {4}⟵ last chunk\nX-Sum: 1␍␊ {4}⟵ trailer\n␍␊\n/,
    );
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f]/);
  });

  it('is marked where it is malformed', async () => {
    const url = await raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n');
    const { stdout, code } = await run(['send', '-', '--raw'], { input: `GET ${url}\n` });
    assert.equal(code, 1);
    assert.match(stdout, /xyz␍␊ {4}⟵ no chunk size \(RFC 9112 §7.1\)/);
  });

  it('is records where TLS came to nothing, with no verdict of HTTP/1.1', async () => {
    const authority = await createAuthority('Root');
    const server = https.createServer(await authority.issue({ names: ['other.test'] }), (_request, answer) =>
      answer.end());
    const { stdout, code } = await run(['send', '-', '--raw'], {
      input: `GET https://localhost:${await bench.serve(server)}/\n`,
    });
    assert.equal(code, 1);
    assert.match(stdout, /→ sent .* in 1 write\n {2}record handshake, [\d,]+ bytes\n0+ {2}16 03 01 /);
    assert.match(stdout, /← received .*\n {2}record handshake, [\d,]+ bytes\n/);
    assert.doesNotMatch(stdout, /start line of HTTP/);
  });

  it('is the frames of HTTP/2 with --frames, and in the JSON', async () => {
    const server = http2.createServer((_request, answer) => answer.end('hello'));
    const url = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
    const input = `# @http-version 2-prior-knowledge\nGET ${url}/a HTTP/2 (prior knowledge)\nX-Secret: abc\n`;
    const { stdout, stderr } = await run(['send', '-', '--frames', '--http2'], { input });
    assert.equal(stderr, '');
    assert.match(stdout, /→ +0 SETTINGS +\d+\n +ENABLE_PUSH = 0\n/);
    assert.match(
      stdout, /→ +1 HEADERS +\d+ END_STREAM END_HEADERS {2}GET \/a · fields: \d+, bytes: \d+ instead of \d+\n/,
    );
    assert.match(stdout, / +:path: \/a {4}⟵ literal, name 4 of the table\n/);
    assert.match(stdout, /← +1 HEADERS +\d+ END_HEADERS {2}200 · /);
    assert.match(stdout, /← +1 DATA +5 .*left\n/);
    const [line] = jsonLines((await run(['send', '-', '--json', '--http2'], { input })).stdout);
    assert.deepEqual(line.frames.told.map((frame: { type: number }) => frame.type).slice(0, 2), [1, 1]);
    assert.ok(line.connection.frames.told.some((frame: { settings?: unknown[] }) => frame.settings));
  });
});
