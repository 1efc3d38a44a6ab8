import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLab } from '../../src/lab/lab.ts';
import type { Lab, LabOptions } from '../../src/lab/lab.ts';
import type { RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';

/** A lab for a test file, with what it reported and its root certificate in a file. */
export interface RunningLab {
  readonly lab: Lab;
  readonly accounts: RequestAccount[];
  readonly rootFile: string;
  readonly directory: string;
  /** The account of a trace id; waits until it is reported. */
  account(traceId: string): Promise<readonly ServerEvent[]>;
  stop(): Promise<void>;
}

export async function runLab(options: LabOptions = {}): Promise<RunningLab> {
  const accounts: RequestAccount[] = [];
  const waiting = new Map<string, (events: readonly ServerEvent[]) => void>();
  const lab = await startLab({
    entry: fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url)),
    ...options,
    onEvents(account) {
      accounts.push(account);
      if ('traceId' in account) waiting.get(account.traceId)?.(account.events);
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'roundtrip-lab-'));
  const rootFile = join(directory, 'root.pem');
  await writeFile(rootFile, lab.addresses.certificateAuthority.pem);
  return {
    lab, accounts, rootFile, directory,
    account(traceId) {
      const known = accounts.find((account) => isOf(account, traceId));
      if (known) return Promise.resolve(known.events);
      return new Promise((resolve) => waiting.set(traceId, resolve));
    },
    async stop() {
      await lab.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Whether an account is one of the request with this trace id. */
export function isOf(account: RequestAccount, traceId: string): boolean {
  return 'traceId' in account && account.traceId === traceId;
}

let traces = 0;

/** A new `traceparent` and its trace id. */
export function newTrace(): { traceId: string; field: string } {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, '0');
  return { traceId, field: `00-${traceId}-00000000000000aa-01` };
}

export interface Run {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end, for at most 15 s; its input is empty. */
export function run(program: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { encoding: 'buffer', timeout: 15_000, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        resolve({ code, stdout, stderr: stderr.toString() });
      });
    child.stdin?.end();
  });
}

/** curl, told where the lab's names are and whom to trust. */
export function curl(running: RunningLab, ...args: string[]): Promise<Run> {
  const { http, https } = running.lab.addresses;
  return run(requireDebian('curl', 'curl'), [
    '-sS', '--max-time', '10', '--noproxy', '*', '--cacert', running.rootFile,
    '--connect-to', `::127.0.0.1:`, '--resolve', `*:${http.port}:127.0.0.1`,
    '--resolve', `*:${https.port}:127.0.0.1`, ...args,
  ]);
}

export interface Received {
  readonly text: string;
  readonly error: (Error & { code?: string }) | undefined;
}

/** Opens a TCP connection to a port of 127.0.0.1. */
export function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Everything that comes until the other side closes, or, with `until`, until that was seen. */
export function receive(socket: Socket, until?: RegExp): Promise<Received> {
  let text = '';
  return new Promise((resolve) => {
    const finish = (error?: Error) => {
      socket.off('data', onData);
      resolve({ text, error });
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until?.test(text)) finish();
    };
    if (socket.closed) return finish();
    socket.on('data', onData);
    socket.once('error', finish);
    socket.once('close', () => finish());
  });
}

/** Sends bytes on a connection of their own and gives what comes back until it is closed. */
export async function converse(port: number, bytes: string | Buffer): Promise<Received> {
  const socket = await dial(port);
  const received = receive(socket);
  socket.write(bytes);
  const result = await received;
  socket.destroy();
  return result;
}
