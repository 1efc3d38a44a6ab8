import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FromLab, LabAddresses, LabState } from '../../src/lab/messages.ts';
import { dial, receive } from './running.ts';
import { call, workerOf } from './workers.ts';

// What the system itself says of every socket of the lab's processes.

type Table = 'tcp' | 'tcp6' | 'udp' | 'udp6';

interface Bound {
  readonly table: Table;
  readonly address: string;
  readonly port: number;
  readonly isListening: boolean;
  readonly pid: number;
}

/** As the kernel writes them: each 32 bits in the order of the machine's bytes. */
const loopback: readonly string[] = [
  '0100007F', '00000000000000000000000001000000', '0000000000000000FFFF00000100007F',
];

/** The process and those that it has started. */
function family(pid: number): number[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      // The second field is the program's name, in parentheses.
      const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return [[Number(name), Number(parent)] as const];
    } catch {
      return [];
    }
  });
  const found = [pid];
  for (const one of found) found.push(...parents.filter(([, parent]) => parent === one).map(([child]) => child));
  return found;
}

function socketsOf(pid: number): Bound[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  }));
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1).flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (!inodes.has(inode)) return [];
      return [{ table, address, port: Number.parseInt(port, 16), isListening: state === '0A' || table.startsWith('udp'), pid }];
    }));
}

describe('every socket of the lab', () => {
  let lab: ChildProcess;
  let addresses: LabAddresses;
  let state: LabState;
  let control: Socket;
  let dataPort = 0;
  let smallPort = 0;
  let sockets: readonly Bound[] = [];

  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    lab = fork(fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url)), ['--workers=3'],
      { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [ready] = await once(lab, 'message') as [FromLab];
    assert.ok(ready.type === 'ready');
    ({ addresses } = ready);
    for (let worker = 1; worker <= 3; worker += 1) await workerOf(addresses.parts.cluster!.port);
    const full = await call(addresses.http.port, '/faults/connection-limit?ms=3000');
    smallPort = Number(new URL(String(full.headers.location)).port);
    dataPort = await passive();
    state = await report();
    sockets = family(lab.pid!).flatMap(socketsOf);
  });
  after(async () => {
    control?.destroy();
    if (!lab) return;
    const gone = once(lab, 'exit');
    lab.kill();
    await gone;
  });

  /** RFC 2428 §3: the server waits there for the connection of a transfer. */
  async function passive(): Promise<number> {
    control = await dial(addresses.parts.ftp!.port);
    let said = '';
    for (const [command, answer] of [['', /^220 /], ['USER anonymous\r\n', /^331 /m], ['PASS x\r\n', /^230 /m], ['EPSV\r\n', /^229 /m]] as const) {
      const reply = receive(control, answer);
      control.write(command);
      said = (await reply).text;
    }
    return Number(/\|\|\|(\d+)\|/.exec(said)?.[1]);
  }

  async function report(): Promise<LabState> {
    const answered = new Promise<LabState>((resolve) => lab.on('message', (message: FromLab) => {
      if (message.type === 'done') resolve(message.state);
    }));
    lab.send({ type: 'control', id: 1, action: { do: 'report' } });
    return answered;
  }

  const listeners = (port: number, kind: 'tcp' | 'udp'): readonly Bound[] =>
    sockets.filter((one) => one.port === port && one.isListening && one.table.startsWith(kind));

  it('is bound to loopback, and to nothing else', () => {
    assert.deepEqual(sockets.filter(({ address }) => !loopback.includes(address)), []);
    assert.ok(sockets.filter(({ isListening }) => isListening).length >= 21);
  });

  it('that a server listens on is among those, of all servers', () => {
    assert.equal(state.servers.length, 21);
    for (const { id, port, state: is } of state.servers) {
      assert.equal(is, 'running', id);
      if (id !== 'silentDns') assert.ok(listeners(port!, 'tcp').length > 0, `${id} over TCP`);
      if (/dns$/i.test(id)) assert.ok(listeners(port!, 'udp').length > 0, `${id} over UDP`);
    }
  });

  it('that a worker listens on by itself is, too, and so are an FTP data port and the server without room', () => {
    for (const { number, pid } of state.workers) {
      assert.ok(sockets.some((one) => one.pid === pid && one.isListening), `worker ${number}`);
    }
    assert.equal(new Set(state.workers.map(({ pid }) => pid)).size, 3);
    assert.equal(listeners(dataPort, 'tcp').length, 1);
    const [small] = listeners(smallPort, 'tcp');
    assert.ok(small && small.pid !== lab.pid);
  });
});
