import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { program } from './program.ts';

/** How a program ended; `stopped` says why it was stopped, if it was. Output is kept up to {@link bounds}. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly stopped?: 'too-late' | 'too-much' | 'unwanted';
}

export interface ProgramRun {
  readonly child: ChildProcess;
  /** Rejects when the process cannot be started. */
  readonly end: Promise<ProgramEnd>;
}

/** Of one run, in ms and bytes. */
export const bounds = { time: 5000, stdout: 1_048_576, stderr: 4096 } as const;

/** Starts the program with `variables` for its whole environment and `input` for its stdin; `signal` stops it. */
export function runProgram(
  variables: Readonly<Record<string, string>>, input: Buffer, signal: AbortSignal,
): ProgramRun {
  // The channel is there to be closed: by it the program notices that its parent has gone.
  const child = spawn(process.execPath, ['-e', program], {
    env: { ...needed(), ...variables }, stdio: ['pipe', 'pipe', 'pipe', 'ipc'], cwd: tmpdir(), windowsHide: true,
  });
  const end = new Promise<ProgramEnd>((resolve, reject) => {
    let stopped: ProgramEnd['stopped'];
    const stop = (reason: NonNullable<ProgramEnd['stopped']>): void => {
      stopped ??= reason;
      child.kill('SIGKILL');
    };
    const stdout = gather(child.stdout!, bounds.stdout, () => stop('too-much'));
    const stderr = gather(child.stderr!, bounds.stderr, () => {});
    const timer = setTimeout(() => stop('too-late'), bounds.time);
    const unwanted = (): void => stop('unwanted');
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', unwanted);
    };
    signal.addEventListener('abort', unwanted);
    child.on('error', (error) => {
      over();
      reject(error);
    });
    child.on('close', (code) => {
      over();
      resolve({ code, stdout: stdout(), stderr: stderr().toString('utf8'), ...(stopped ? { stopped } : {}) });
    });
    if (signal.aborted) unwanted();
  });
  child.stdin!.on('error', () => {});
  child.stdin!.end(input);
  return { child, end };
}

/** Nothing of the lab's own environment but what a process cannot start without. */
function needed(): Record<string, string> {
  const root = process.env['SystemRoot'];
  return {
    ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
    ...(root === undefined ? {} : { SystemRoot: root }),
  };
}

/** Keeps up to `limit` bytes, reads on and forgets the rest. */
function gather(stream: Readable, limit: number, onMore: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size > limit) onMore();
  });
  return () => Buffer.concat(chunks);
}
