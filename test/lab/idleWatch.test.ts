import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { monotonicNow } from '../../src/lab/clock.ts';
import { dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

const keepAliveTimeout = 600;

describe('lab connections', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab({ limits: { headTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout } });
  });
  after(() => running.stop());

  const secure = (): Promise<Socket> => new Promise((resolve, reject) => {
    const { addresses: { https, certificateAuthority: { pem } } } = running.lab;
    const socket = connectTls({ port: https.port, host: '127.0.0.1', servername: 'lab.test', ca: pem }, () =>
      resolve(socket));
    socket.on('error', reject);
  });

  for (const [scheme, open] of [['http', () => dial(running.lab.addresses.http.port)], ['https', secure]] as const) {
    const request = (path: string, more = '') =>
      `GET ${path} HTTP/1.1\r\nHost: lab.test:${running.lab.addresses[scheme].port}\r\n${more}\r\n`;

    it(`over ${scheme} are closed when they have waited for a request, and not before`, async () => {
      const socket = await open();
      for (const name of ['a', 'b', 'c']) {
        const answer = receive(socket, new RegExp(`Hello, ${name}!`));
        socket.write(request(`/hello/${name}`));
        assert.match((await answer).text, /\r\nKeep-Alive: timeout=0\r\n/);
        await sleep(keepAliveTimeout / 10);
      }
      const { error } = await receive(socket);
      assert.equal(error, undefined);
      assert.ok(socket.closed);
    });

    it(`over ${scheme} are not closed while a handler or a head takes longer than that`, async () => {
      const socket = await open();
      const slow = receive(socket, /"delay": 1500/);
      socket.write(request('/delay/1500'));
      assert.equal((await slow).text.slice(0, 15), 'HTTP/1.1 200 OK');
      const { traceId, field } = newTrace();
      const bytes = request('/hello/d', `traceparent: ${field}\r\n`);
      const answer = receive(socket, /Hello, d!/);
      const begunAt = monotonicNow();
      socket.write(bytes.slice(0, 20));
      await sleep(2 * keepAliveTimeout);
      const endedAt = monotonicNow();
      socket.write(bytes.slice(20));
      assert.match((await answer).text, /Hello, d!/);
      // The first request of the connection of which anybody is told; its first byte was seen all the same.
      const head = (await running.account(traceId)).find(({ type }) => type === 'head-parsed');
      assert.ok(head && 'startAt' in head);
      assert.ok(head.startAt >= begunAt && head.startAt < endedAt && head.at >= endedAt);
      socket.destroy();
    });
  }
});
