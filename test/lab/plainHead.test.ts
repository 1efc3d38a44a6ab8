import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commonFields, keepFor, writePlainHead } from '../../src/lab/http/plainHead.ts';
import { pairs } from '../../src/lab/http/requestHead.ts';
import { converse } from './running.ts';

const usual = [
  'Server', 'Roundtrip-Lab', 'Content-Type', 'text/plain; charset=utf-8', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2',
  'X-Any', 'caf\xe9', 'Content-Length', '5',
];
const common = commonFields(usual.slice(0, 2));
const own = (lines: readonly string[]) => pairs(lines.slice(2)).filter(([name]) => name !== 'Content-Length');
const unusual: readonly (readonly string[])[] = [
  [...usual, 'Connection', 'close'], [...usual, 'Trailer', 'X-Sum'],
  [...usual, 'Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
];

describe('lab response heads', () => {
  let server: Server;
  let lines: readonly string[] = usual;
  let isPlain: boolean | undefined;
  let failure: unknown;
  before(async () => {
    server = createServer({ keepAliveTimeout: 7000 }, (request, response) => {
      const statusCode = Number(request.headers['x-status'] ?? 200);
      keepFor(response, 7000);
      try {
        isPlain = request.headers['x-by'] === 'us'
          && writePlainHead(response, statusCode, common, own(lines), 5);
        if (!isPlain) response.writeHead(statusCode, [...lines]);
        response.end('hello');
      } catch (error) {
        failure = error;
        response.destroy();
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => void server.close());

  /** The head and body of an answer, the time of day left out; a second request ends the connection. */
  const ask = async (by: string, start: string, fields = ''): Promise<string> => {
    const { port } = server.address() as AddressInfo;
    const host = `Host: 127.0.0.1:${port}\r\n`;
    const { text } = await converse(port,
      `${start}\r\n${host}X-By: ${by}\r\n${fields}\r\nGET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    return text.slice(0, text.indexOf('HTTP/', 5)).replace(/Date: .* GMT/, 'Date: now');
  };

  it('are what Node writes', async () => {
    lines = usual;
    for (const start of ['GET / HTTP/1.1', 'HEAD / HTTP/1.1']) {
      for (const status of [200, 404, 599]) {
        const own = await ask('us', start, `X-Status: ${status}\r\n`);
        assert.equal(own, await ask('Node', start, `X-Status: ${status}\r\n`));
        assert.match(own, /\r\nConnection: keep-alive\r\nKeep-Alive: timeout=7\r\n\r\n/);
      }
    }
  });

  it('are left to Node where they say more than usual', async () => {
    const { port } = server.address() as AddressInfo;
    const request = (start: string, fields = ''): string => `${start}\r\nHost: 127.0.0.1\r\nX-By: us\r\n${fields}\r\n`;
    for (const bytes of [request('GET / HTTP/1.0'), request('GET / HTTP/1.1', 'Connection: close\r\n'),
      request('GET / HTTP/1.1', 'X-Status: 204\r\nConnection: close\r\n')]) {
      isPlain = undefined;
      lines = usual;
      await converse(port, bytes);
      assert.equal(isPlain, false, bytes);
    }
    for (const more of unusual) {
      lines = more;
      await ask('us', 'GET / HTTP/1.1');
      assert.equal(isPlain, false, more.join());
    }
  });

  it('carry no line that a value brings along', async () => {
    for (const bad of [['X-Any', 'a\r\nX-Other: b'], ['X-Any', '\u0100'], ['X\r\nY', 'a'], ['', 'a']]) {
      failure = undefined;
      lines = [...usual, ...bad];
      await ask('us', 'GET / HTTP/1.1');
      assert.ok(failure instanceof TypeError, bad.join());
    }
  });
});
