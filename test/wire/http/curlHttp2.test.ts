import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http2 from 'node:http2';
import type { Server } from 'node:net';
import { promisify } from 'node:util';
import type { FieldLine, RequestSpec } from '../../../src/trace/request.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { assertComplete, bytes, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

/** A request as it came: pseudo-header fields by name, the others in their order. */
interface Came {
  readonly pseudo: readonly FieldLine[];
  readonly fields: readonly FieldLine[];
  readonly body: string;
}

describe('requests over HTTP/2, beside curl', () => {
  let bench: Bench;
  let curl: string;
  let came: Came[];
  let origin: string;

  before(function () { curl = debianOrSkip(this, 'curl', 'curl'); });
  beforeEach(async () => {
    bench = createBench();
    came = [];
    const server = http2.createServer();
    server.on('stream', (stream, _headers, _flags, raw: string[]) => {
      const all = raw.flatMap((name, at): FieldLine[] => at % 2 ? [] : [[name, raw[at + 1]!]]);
      const isPseudo = ([name]: FieldLine): boolean => name.startsWith(':');
      let body = '';
      stream.on('data', (chunk: Buffer) => { body += chunk.toString('latin1'); });
      stream.on('end', () => {
        came.push({ pseudo: all.filter(isPseudo).toSorted(), fields: all.filter((one) => !isPseudo(one)), body });
        stream.respond({ ':status': 200 });
        stream.end();
      });
    });
    origin = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
  });
  afterEach(() => bench.close());

  const requests: readonly (readonly [title: string, path: string, more: Partial<RequestSpec>, words?: string[]])[] = [
    ['GET', '/', {}],
    ['a path and a query', '/a/b;c=d/%ED%95%9C?x=1&y=%20&x=2&empty=&z', {}],
    ['HEAD', '/', { method: 'HEAD' }, ['--head']],
    ['POST', '/', { method: 'POST', body: [bytes('a=1&b=2')] }],
    ['POST of nothing', '/', { method: 'POST', body: [] }, ['--data-binary', '', '-H', 'Content-Type:']],
    ['octets that are no text', '/', { method: 'PUT', body: [bytes('\u0001\u007f\r\n')] }],
    ['a method of no name', '/', { method: 'MEOW' }],
    ['OPTIONS *', '/', { method: 'OPTIONS', requestTarget: '*' }, ['-X', 'OPTIONS', '--request-target', '*']],
    ['names in upper case', '/', { headers: [['X-UPPER', 'A'], ['x-lower', 'B']] }],
    ['the same name twice', '/', { headers: [['X-A', '1'], ['X-B', '2'], ['X-A', '3']] }],
    ['an empty value', '/', { headers: [['X-A', '']] }],
    ['octets above ASCII', '/', { headers: [['X-A', 'ä']] }],
    ['Host', '/', { headers: [['Host', 'other.test:81']] }],
    ['cookies', '/', { headers: [['Cookie', 'a=1; b=2']] }],
    ['credentials', '/', { headers: [['Authorization', 'Basic bWU6dG9w']] }],
    ['a range', '/', { headers: [['Range', 'bytes=0-9']] }],
    ['TE', '/', { headers: [['TE', 'trailers']] }],
    ['fields of a connection', '/', {
      headers: [['Keep-Alive', 'timeout=5'], ['Proxy-Connection', 'close'], ['X-A', '1']],
    }],
    ['a chunked body', '/', { method: 'POST', headers: [['Transfer-Encoding', 'chunked']], body: [bytes('abc')] }],
  ];

  for (const [title, path, more, words] of requests) {
    it(title, async () => {
      const { method = 'GET', body: [part] = [] } = more;
      const headers: FieldLine[] = [
        ['User-Agent', 'same'], ['Accept', '*/*'], ['Accept-Encoding', 'gzip'], ...more.headers ?? [],
      ];
      if (part) headers.push(['Content-Type', 'a/b']);
      const spec = specOf(origin + path, { ...more, headers, httpVersion: '2-prior-knowledge' });
      assertComplete(await sendOne(bench.client, spec));
      const content = part?.kind === 'bytes' ? ['--data-binary', Buffer.from(part.bytes).toString()] : [];
      await promisify(execFile)(curl, [
        '-s', '--http2-prior-knowledge', '--noproxy', '*', '--max-time', '5', ...words ?? ['-X', method], ...content,
        ...headers.flatMap(([name, value]) => ['-H', value === '' ? `${name};` : `${name}: ${value}`]), origin + path,
      ]);
      const [ours, theirs] = came;
      assert.deepEqual(ours, theirs);
    });
  }
});
