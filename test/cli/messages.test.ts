import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import { createAuthority } from '../support/certificates.ts';
import { run } from '../support/commandLine.ts';
import { createOpened } from '../support/sockets.ts';

describe('the messages of an exchange, in the terminal', function () {
  this.timeout(60_000);
  const opened = createOpened();
  after(() => opened.close());

  const hint = '</style.css>; rel=preload';

  async function plain(): Promise<string> {
    return `http://127.0.0.1:${await opened.serve(http.createServer((_request, response) => {
      response.writeContinue();
      response.writeEarlyHints({ link: hint, 'x-hint': 'a' }, () => {
        response.writeHead(200, 'Fine', { trailer: 'x-sum' });
        response.addTrailers({ 'x-sum': 'b\tc' });
        response.end('the content');
      });
    }))}/`;
  }

  async function encrypted(): Promise<string> {
    const authority = await createAuthority();
    const server = http2.createSecureServer(await authority.issue({ names: ['127.0.0.1'] }));
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.additionalHeaders({ ':status': 103, link: hint, 'x-hint': 'a' });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'b\tc' }));
      stream.end('the content');
    });
    return `https://127.0.0.1:${await opened.serve(server)}/`;
  }

  async function send(url: string, words: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
    const input = `# @trailer X-Digest: 1\nPOST ${url}\nX-A: 2\n\nbody\n`;
    const { code, stdout, stderr } = await run(['send', '-', '-k', ...words], { input, env });
    equal(code, 0, stderr);
    return stdout.split('\n');
  }

  /** The lines from the one that begins so up to the next empty one. */
  function part(lines: readonly string[], start: string): string[] {
    const from = lines.findIndex((line) => line.startsWith(start));
    return from === -1 ? [] : lines.slice(from, lines.indexOf('', from));
  }

  it('are whole with --verbose: what was sent, interim responses, and what comes behind a body', async () => {
    const lines = await send(await plain(), ['-v']);
    const request = part(lines, 'Request  head ');
    equal(request[1], 'POST / HTTP/1.1');
    deepEqual(request.filter((line) => /^X-A|^Trailer/i.test(line)), ['X-A: 2', 'Trailer: X-Digest']);
    deepEqual(part(lines, 'Trailers  Sent after the body'), [
      'Trailers  Sent after the body (RFC 9110 §6.5)', 'X-Digest: 1',
    ]);
    match(part(lines, '100 Continue').join('\n'), /^100 Continue {2}The server read the head/);
    deepEqual(part(lines, '103 Early Hints').slice(1), [`Link: ${hint}`, 'x-hint: a']);
    equal(part(lines, 'Response  head ')[1], 'HTTP/1.1 200 Fine');
    deepEqual(lines.slice(lines.indexOf('the content')).slice(0, 4), ['the content', '', 'Trailers', 'x-sum: b\tc']);
  });

  it('are so over HTTP/2 as well', async () => {
    const url = await encrypted();
    const lines = await send(url, ['-v', '--http2']);
    deepEqual(part(lines, 'Request  head ').slice(1, 5), [
      ':method: POST', ':scheme: https', `:authority: ${URL.parse(url)?.host}`, ':path: /',
    ]);
    match(part(lines, 'Trailers  Sent')[1]!, /^x-digest: 1$/i);
    deepEqual(part(lines, '103 (Early Hints)').slice(1), [`link: ${hint}`, 'x-hint: a']);
    equal(part(lines, 'Response  head ')[1], ':status: 200');
    deepEqual(lines.slice(lines.indexOf('the content')).slice(2, 4), ['Trailers', 'x-sum: b\tc']);
  });

  it('are the response alone without it, with its trailers', async () => {
    const lines = await send(await plain());
    doesNotMatch(lines.join('\n'), /^(?:Request|Response|103 |x-hint|X-Digest)/m);
    deepEqual(part(lines, 'Trailers'), ['Trailers', 'x-sum: b\tc']);
  });

  it('have Korean titles, too', async () => {
    const lines = await send(await plain(), ['-v'], { LC_ALL: 'ko_KR.UTF-8' });
    deepEqual(part(lines, '트레일러  본문 뒤에 보냄').slice(1), ['X-Digest: 1']);
    match(part(lines, '100 Continue')[0]!, /\p{Script=Hangul}/u);
  });
});
