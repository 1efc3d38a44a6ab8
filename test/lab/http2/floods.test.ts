import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FromLab, ServerEvent } from '../../../src/lab/messages.ts';
import { accountsIn } from '../../../src/run/labAccounts.ts';
import { converse, dial, newTrace } from '../running.ts';
import { block, flag, frame, preface, settings, type, uint32 } from './frames.ts';

// Clients that keep to the grammar of HTTP/2 and ask for more work than a request is worth. The lab is another process
// here, so that what it needs can be seen.

const { endHeaders, endStream } = flag;

describe('floods of HTTP/2 frames', function () {
  this.timeout(30_000);
  let child: ChildProcess;
  let port = 0;
  let traceId = '';
  const closings: { readonly key: string | number; readonly event: Extract<ServerEvent, { type: 'closed' }> }[] = [];
  before(async () => {
    child = fork(fileURLToPath(new URL('../../../src/lab/main.ts', import.meta.url)), [],
      { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [first] = await once(child, 'message') as [FromLab];
    assert.ok(first.type === 'ready');
    ({ port } = first.addresses.http);
    const hear = (message: FromLab): void => {
      if (message.type === 'accounts') {
        accountsIn(message).forEach(hear);
      }
      if (message.type !== 'events' || 'queryId' in message) return;
      const event = message.events.find((one) => one.type === 'closed');
      if (event) closings.push({ key: 'traceId' in message ? message.traceId : message.clientPort, event });
    };
    child.on('message', hear);
  });
  after(() => child.kill('SIGKILL'));

  const head = (path = '/json') => block([':method', 'GET'], [':scheme', 'http'], [':path', path], [':authority', `lab.test:${port}`],
    ['traceparent', `00-${traceId}-00000000000000aa-01`]);
  const request = (stream: number, path?: string) => frame(type.headers, endHeaders | endStream, stream, head(path));

  /**
   * Writes what `make` gives until the server has closed or `count` were written. A client that is cut off while it
   * writes does not get to read why: the server's own account tells.
   */
  async function flood(count: number, make: (index: number) => Buffer): Promise<string> {
    traceId = newTrace().traceId;
    const known = closings.length;
    const socket = await dial(port);
    const own = socket.localPort;
    let isClosed = false;
    socket.on('error', () => {}).on('close', () => { isClosed = true; }).resume();
    socket.write(Buffer.concat([preface, settings()]));
    const perWrite = 100;
    for (let index = 0; index < count && !isClosed; index += perWrite) {
      const bytes = Buffer.concat(Array.from({ length: Math.min(perWrite, count - index) }, (_, one) => make(index + one)));
      if (!socket.write(bytes)) await drained(socket);
    }
    // The server may still be reading. Who is not ended by it is told apart: by then the client has gone.
    for (let waited = 0; !isClosed && waited < 5000; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
    socket.end();
    socket.destroySoon();
    for (;;) {
      const closing = closings.slice(known).find(({ key }) => key === own || key === traceId);
      if (closing) return `${closing.event.by} ${closing.event.reason} ${closing.event.code ?? ''}`.trim();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  function drained(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        socket.off('drain', done).off('close', done);
        resolve();
      };
      const timer = setTimeout(done, 500);
      socket.on('drain', done).on('close', done);
    });
  }

  /** MiB; undefined where the system does not tell. */
  function memory(): number | undefined {
    try {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1];
      return Number(kilobytes) / 1024;
    } catch {
      return undefined;
    }
  }

  const floods: readonly (readonly [name: string, count: number, make: (index: number) => Buffer])[] = [
    ['requests that are reset at once (CVE-2023-44487)', 20_000, (index) => Buffer.concat([
      request(index * 2 + 1, '/delay/5000'), frame(type.rstStream, 0, index * 2 + 1, uint32(8))])],
    ['CONTINUATION without END_HEADERS (CVE-2024-27316)', 5000, (index) => index === 0
      ? frame(type.headers, endStream, 1, head()) : frame(type.continuation, 0, 1, block([`x-${index}`, 'x'.repeat(100)]))],
    ['empty CONTINUATION', 20_000, (index) => index === 0
      ? frame(type.headers, endStream, 1, head()) : frame(type.continuation, 0, 1)],
    ['PING (CVE-2019-9512)', 50_000, () => frame(type.ping, 0, 0, 'are-you?')],
    ['SETTINGS (CVE-2019-9515)', 50_000, () => settings([3, 100])],
    ['empty DATA (CVE-2019-9518)', 50_000, (index) => index === 0
      ? frame(type.headers, endHeaders, 1, Buffer.concat([block([':method', 'POST']), head('/echo').subarray(14)])) : frame(type.data, 0, 1)],
    ['requests that make the server reset them (CVE-2025-8671)', 20_000, (index) => Buffer.concat([
      request(index * 2 + 1, '/delay/5000'), frame(type.windowUpdate, 0, index * 2 + 1, uint32(0x7fffffff))])],
    ['requests whose windows stay shut', 3000, (index) => index === 0 ? settings([4, 0]) : request(index * 2 + 1, '/json')],
    ['frames of an unknown type', 50_000, () => frame(0x42, 0, 0, 'nothing')],
  ];
  for (const [name, count, make] of floods) {
    it(`are ended by the server: ${name}`, async () => {
      const before = memory();
      assert.match(await flood(count, make), /^server malformed ERR_HTTP2_/);
      if (before !== undefined) assert.ok((memory() ?? Infinity) - before < 64, `${before} MiB, then ${memory()} MiB`);
      const { text } = await converse(port, `GET /json HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
      assert.equal(child.exitCode, null);
    });
  }
});
