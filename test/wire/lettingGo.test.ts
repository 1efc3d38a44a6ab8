import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { Server } from 'node:net';
import type { FieldLine, RequestSpec } from '../../src/trace/request.ts';
import { createAuthority } from '../support/certificates.ts';
import { watchSockets } from '../support/heldSockets.ts';
import { createHttpProxy } from '../support/proxyServer.ts';
import { freePort } from '../support/sockets.ts';
import { assertComplete, createBench, sendOne, silent, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

describe('what an exchange lets go of', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const listen = (answer: http.RequestListener): Promise<number> => bench.serve(http.createServer(answer));
  const listen2 = (answer: (stream: http2.ServerHttp2Stream) => void): Promise<number> => {
    const server = http2.createServer();
    server.on('stream', answer);
    return bench.serve(server as unknown as Server);
  };

  const sends: Readonly<Record<string, () => Promise<Partial<RequestSpec> & { readonly url: string }>>> = {
    'an answer': async () => ({ url: `http://127.0.0.1:${await listen((_request, response) => response.end('ok'))}/` }),
    'an answer by node:http': async () => ({
      url: `http://127.0.0.1:${await listen((_request, response) => response.end('ok'))}/`, headers: [['Host', 'x']],
    }),
    'an answer over HTTP/2': async () => ({
      url: `http://127.0.0.1:${await listen2((stream) => void stream.end('ok'))}/`, httpVersion: '2-prior-knowledge',
    }),
    'an answer over TLS': async () => {
      const authority = await createAuthority();
      const issued = await authority.issue({ names: ['127.0.0.1'] });
      const server = https.createServer(issued, (_request, response) => response.end());
      const trustAnchors = [{ pem: authority.pem, label: 'test' }];
      return { url: `https://127.0.0.1:${await bench.serve(server)}/`, options: { trustAnchors } };
    },
    'a name': async () => ({ url: `http://localhost:${await listen((_request, response) => response.end('ok'))}/` }),
    'a handshake that fails': async () => ({ url: `https://127.0.0.1:${await listen(() => undefined)}/` }),
    'a refused connection': async () => ({ url: `http://127.0.0.1:${await freePort()}/` }),
    'a tunnel': async () => {
      const proxy = await bench.serve(createHttpProxy({ said: [] }));
      const origin = await listen((_request, response) => response.end('ok'));
      return { url: `https://127.0.0.1:${origin}/`, options: { proxy: `http://127.0.0.1:${proxy}` } };
    },
    'a limit of time': async () => ({
      url: `http://127.0.0.1:${await listen(() => undefined)}/`, options: { timeouts: { head: 50 } },
    }),
    'a redirect': async () => ({
      url: `http://127.0.0.1:${await listen(({ url }, response) =>
        url === '/' ? response.writeHead(302, { location: '/x' }).end() : response.end('ok'))}/`,
    }),
  };
  const failures: Readonly<Record<string, string>> = {
    'a handshake that fails': 'tls-not-spoken', 'a refused connection': 'connection-refused',
    'a tunnel': 'tls-not-spoken', 'a limit of time': 'head-timeout',
  };
  for (const [name, make] of Object.entries(sends)) {
    it(`the signal, which goes on: ${name}`, async () => {
      const { url, ...more } = await make();
      const { signal } = new AbortController();
      for (let round = 0; round < 2; round++) {
        const exchanges = await bench.client.send(specOf(url, more), silent, signal);
        assert.equal(exchanges.at(-1)!.failure?.code, failures[name]);
      }
      assert.deepEqual(getEventListeners(signal, 'abort'), []);
    });
  }

  const ways: readonly (readonly [string, '1.1' | '2-prior-knowledge', readonly FieldLine[]])[] = [
    ['HTTP/1.1', '1.1', []], ['node:http', '1.1', [['Host', 'x']]], ['HTTP/2', '2-prior-knowledge', []],
  ];
  for (const [name, httpVersion, headers] of ways) {
    it(`its connection, where all were to be closed meanwhile: ${name}`, async () => {
      let goOn: (() => void) | undefined;
      const begun = Promise.withResolvers<void>();
      const hold = (answer: () => void): void => {
        if (goOn) return answer();
        goOn = answer;
        begun.resolve();
      };
      const port = httpVersion === '1.1' ? await listen((_request, response) => hold(() => response.end('ok')))
        : await listen2((stream) => hold(() => void stream.end('ok')));
      const left = watchSockets(bench.held);
      const spec = (): RequestSpec => specOf(`http://127.0.0.1:${port}/`, { httpVersion, headers });
      const sending = sendOne(bench.client, spec());
      await begun.promise;
      bench.client.closeConnections();
      goOn!();
      assertComplete(await sending);
      assert.deepEqual(await left(), []);
      const next = await sendOne(bench.client, spec());
      assertComplete(next);
      assert.equal(next.reused, false);
    });
  }
});
