import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanEnvironment, startChild } from '../../src/run/childProcess.ts';
import type { Child, ChildExit } from '../../src/run/childProcess.ts';

describe('a child process', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-child-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** Runs a script; `until` decides on each message whether that was all. */
  async function run(
    script: string,
    started: (child: Child) => void,
    options: { execPath?: string } = {},
  ): Promise<{ messages: unknown[]; exit: ChildExit }> {
    const modulePath = path.join(directory, `${Math.random().toString(36).slice(2)}.cjs`);
    await writeFile(modulePath, script);
    const messages: unknown[] = [];
    return new Promise((resolve) => {
      const child = startChild({
        modulePath,
        ...options,
        onMessage: (message) => messages.push(message),
        onExit: (exit) => resolve({ messages, exit }),
      });
      started(child);
    });
  }

  it('gets messages sent before it listens, and bytes as bytes', async () => {
    const { messages, exit } = await run(
      `process.on('message', (m) => { process.send(m); process.disconnect(); });`,
      (child) => child.send({ type: 'echo', bytes: new Uint8Array([0, 255]) }),
    );
    const [message] = messages as [{ bytes: unknown }];
    assert.ok(message.bytes instanceof Uint8Array);
    assert.deepEqual([...message.bytes], [0, 255]);
    assert.equal(exit.expected, false);
  });

  it('is heard to its last message before its end is told', async () => {
    const { messages, exit } = await run(
      `for (let i = 0; i < 2000; i += 1) process.send({ i, text: 'x'.repeat(200) });
      process.send('last', () => process.disconnect());`,
      () => {},
    );
    assert.equal(messages.length, 2001);
    assert.equal(exit.message, 'exit code 0');
  });

  it('that breaks says why', async () => {
    const { exit } = await run(`throw new Error('no cable');`, () => {});
    assert.equal(exit.expected, false);
    assert.match(exit.message, /^exit code 1: .*no cable/);
  });

  it('that cannot be started says why', async () => {
    const { exit } = await run('', () => {}, { execPath: path.join(directory, 'nowhere') });
    assert.equal(exit.expected, false);
    assert.match(exit.message, /ENOENT/);
  });

  it('ends when its channel is closed', async () => {
    const { exit } = await run(
      `process.on('disconnect', () => process.exit(3)); process.on('message', () => {});`,
      (child) => void child.end(5_000),
    );
    assert.equal(exit.expected, true);
  });

  it('is killed when it does not end', async () => {
    let ended: Promise<void> | undefined;
    const { exit } = await run(
      `process.on('disconnect', () => {}); process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);`,
      (child) => {
        ended = child.end(300);
      },
    );
    await ended;
    assert.deepEqual(exit, { expected: true, message: 'ended by SIGKILL' });
  });

  it('takes no message after its end', async () => {
    let child: Child | undefined;
    await run('', (started) => {
      child = started;
    });
    assert.equal(child?.send({ type: 'late' }), false);
  });

  it("has an environment without the editor's", () => {
    assert.deepEqual(
      cleanEnvironment({
        PATH: '/bin',
        VSCODE_PID: '1',
        ELECTRON_NO_ASAR: '1',
        NODE_OPTIONS: '--inspect',
        HTTP_PROXY: 'x',
      }),
      { PATH: '/bin', HTTP_PROXY: 'x', ELECTRON_RUN_AS_NODE: '1' },
    );
  });
});
