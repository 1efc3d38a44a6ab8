import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FromLab, LabAddresses } from '../../src/lab/messages.ts';
import { converse, newTrace } from './running.ts';

const entry = fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url));

describe('lab process', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  });

  function start(...args: string[]): ChildProcess {
    const child = fork(entry, args, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    return child;
  }

  async function message(child: ChildProcess): Promise<FromLab> {
    const [first] = await once(child, 'message') as [FromLab];
    return first;
  }

  async function addressesOf(child: ChildProcess): Promise<LabAddresses> {
    const first = await message(child);
    assert.ok(first.type === 'ready', JSON.stringify(first));
    return first.addresses;
  }

  it('lets in as many connections as it is told to', async () => {
    const { http } = await addressesOf(start('--max-connections=2'));
    const open = [connect(http.port, '127.0.0.1'), connect(http.port, '127.0.0.1')];
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const { text } = await converse(http.port, `GET / HTTP/1.1\r\nHost: lab.test:${http.port}\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 503 .*As many connections are open as there may be: 2\./s);
    for (const socket of open) socket.destroy();
  });

  it('keeps to the other limits that it is told', async () => {
    const { http } = await addressesOf(start('--head-timeout=200', '--request-timeout=400', '--max-body=3'));
    const post = (length: number, body: string): string =>
      `POST /echo HTTP/1.1\r\nHost: lab.test:${http.port}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
    assert.match((await converse(http.port, 'GET / HTTP/1.1\r\n')).text, /^HTTP\/1\.1 408 .*may take 200 ms/s);
    assert.match((await converse(http.port, post(3, 'a'))).text, /^HTTP\/1\.1 408 .*may take 400 ms/s);
    assert.match((await converse(http.port, post(4, 'four'))).text, /^HTTP\/1\.1 413 .*larger than 3 bytes/s);
    assert.match((await converse(http.port, post(3, 'abc'))).text, /^HTTP\/1\.1 200 /);
  });

  it('has as many workers as it is told', async () => {
    const child = start('--workers=3');
    await addressesOf(child);
    const done = message(child);
    child.send({ type: 'control', id: 1, action: { do: 'report' } });
    const told = await done;
    assert.ok(told.type === 'done');
    assert.equal(told.state.workers.length, 3);
  });

  it('says where it is, reports what it saw, and stops when told to', async () => {
    const child = start();
    const { http } = await addressesOf(child);
    const { traceId, field } = newTrace();
    const told = message(child);
    await converse(http.port, `GET /hello/x HTTP/1.1\r\nHost: lab.test:${http.port}\r\ntraceparent: ${field}\r\nConnection: close\r\n\r\n`);
    const events = await told;
    assert.ok(events.type === 'events');
    assert.ok('traceId' in events);
    assert.deepEqual([events.traceId, events.events.at(-1)?.type], [traceId, 'response-finished']);
    const exited = once(child, 'exit');
    child.send({ type: 'nonsense' });
    child.send({ type: 'stop' });
    assert.deepEqual(await exited, [0, null]);
  });

  it('ends with its parent', async () => {
    const child = start();
    await addressesOf(child);
    const exited = once(child, 'exit');
    child.disconnect();
    assert.deepEqual(await exited, [0, null]);
  });

  it('takes ports, and fails in words when one is taken', async () => {
    const { http } = await addressesOf(start());
    const second = start(`--http-port=${http.port}`);
    const exited = once(second, 'exit');
    const failure = await message(second);
    assert.ok(failure.type === 'failed');
    assert.match(failure.message, /EADDRINUSE/);
    assert.deepEqual(await exited, [1, null]);
    const third = start('--port=1');
    const thirdExit = once(third, 'exit');
    assert.deepEqual(await message(third), { type: 'failed', message: 'Unknown argument: --port=1' });
    assert.deepEqual(await thirdExit, [1, null]);
  });

  it('prints the same on its own, until it is interrupted', async () => {
    const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [chunk] = await once(child.stdout, 'data') as [Buffer];
    const first = JSON.parse(chunk.toString()) as FromLab;
    assert.equal(first.type, 'ready');
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    assert.deepEqual(await exited, [0, null]);
  });
});
