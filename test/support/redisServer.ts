import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianOrSkip } from './debian.ts';
import { freePort } from './sockets.ts';

/** Debian's redis-server on loopback, with everything it is told on the disk before it answers. */
export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** As if the machine had lost it: killed. */
  kill(): Promise<void>;
  /** Again, on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where there is none and none can be installed, the test is skipped, and says why. */
export async function startRedis(test: Mocha.Context, password: string): Promise<RedisServer> {
  const program = debianOrSkip(test, 'redis-server', 'redis-server');
  const directory = await mkdtemp(join(tmpdir(), 'roundtrip-redis-'));
  const port = await freePort();
  const args = [
    '--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes', '--appendfsync', 'always',
    '--save', '', '--requirepass', password,
  ];
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    child = undefined;
  };
  const restart = async (): Promise<void> => {
    child = spawn(program, args, { stdio: 'ignore' });
    while (!await answers(port)) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await sleep(20);
    }
  };
  await restart();
  return {
    port, kill, restart,
    get pid() { return child?.pid ?? 0; },
    async stop() {
      await kill();
      await rm(directory, { recursive: true });
    },
  };
}

/** It has read its data and speaks: to PING it says PONG, or that it wants a password first. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (chunk) => {
      socket.destroy();
      resolve(/PONG|NOAUTH/.test(chunk.toString()));
    });
    socket.on('error', () => resolve(false));
  });
}
