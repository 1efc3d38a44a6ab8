import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LabAddresses } from '../../src/lab/messages.ts';
import { converse } from './running.ts';

// Nothing of the lab outlives whoever started it, however that ends: not the lab, nor the cluster's workers, nor the server
// that is short of descriptors.

const entry = fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url));

/** Starts a lab as the editor does, says where it is, and then does as it is told by its arguments. */
const parent = `
  import { fork } from 'node:child_process';
  const child = fork(${JSON.stringify(entry)}, [], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (message) => {
    if (message.type === 'ready') console.log(JSON.stringify({ pid: child.pid, addresses: message.addresses }));
  });
  process.stdin.on('data', (order) => {
    switch (String(order).trim()) {
      case 'disconnect': return child.disconnect();
      case 'exit': return process.exit(3);
      case 'throw': throw new Error('on purpose');
    }
  });
`;

describe('a lab that is left alone', () => {
  const parents: ChildProcess[] = [];
  afterEach(() => {
    for (const one of parents.splice(0)) one.kill('SIGKILL');
  });

  interface Family {
    readonly parent: ChildProcess;
    /** Of the lab and of all processes below it. */
    readonly pids: readonly number[];
  }

  /** A parent, its lab, two workers and the small server. */
  async function start(): Promise<Family> {
    const started = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['pipe', 'pipe', 'ignore'] });
    parents.push(started);
    const [line] = await once(createInterface(started.stdout), 'line') as [string];
    const { pid, addresses } = JSON.parse(line) as { pid: number; addresses: LabAddresses };
    const get = (port: number, path: string) =>
      converse(port, `GET ${path} HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
    const cluster = addresses.parts.cluster!.port;
    for (let worker = 0; worker < 2; worker += 1) assert.match((await get(cluster, '/worker')).text, /^HTTP\/1\.1 200 /);
    assert.match((await get(addresses.http.port, '/faults/connection-limit?ms=0')).text, /^HTTP\/1\.1 307 /);
    const below = childrenOf(pid);
    assert.equal(below.length, 3, 'two workers and the small server');
    return { parent: started, pids: [pid, ...below] };
  }

  async function allGone({ pids }: Family): Promise<void> {
    for (let tries = 0; pids.some(isAlive); tries += 1) {
      assert.ok(tries < 200, `still there: ${pids.filter(isAlive).join()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  const ways: Readonly<Record<string, (family: Family) => void>> = {
    'is killed': ({ parent: one }) => void one.kill('SIGKILL'),
    'is terminated': ({ parent: one }) => void one.kill('SIGTERM'),
    'exits': ({ parent: one }) => void one.stdin?.write('exit\n'),
    'crashes': ({ parent: one }) => void one.stdin?.write('throw\n'),
    'closes the channel': ({ parent: one }) => void one.stdin?.write('disconnect\n'),
    'kills the lab': ({ pids: [lab = 0] }) => void process.kill(lab, 'SIGKILL'),
  };
  for (const [way, end] of Object.entries(ways)) {
    it(`ends when its parent ${way}, with all that is below it`, async function () {
      if (process.platform !== 'linux') return this.skip();
      this.timeout(20_000);
      const family = await start();
      end(family);
      await allGone(family);
    });
  }
});

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
}

/** A zombie has ended, though nobody has asked how. */
function isAlive(pid: number): boolean {
  try {
    return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).trim());
  } catch {
    return false;
  }
}
