import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { RequestAccount } from '../messages.ts';

// A server of the lab that soon has no room left: a process of its own, for a limit of descriptors is a process's.

/** What there is too little of. */
export type Shortage = 'connections' | 'descriptors';

export type FromSmallServer =
  | { readonly type: 'ready'; readonly ports: Readonly<Record<Shortage, number>> }
  /** There is no room for another connection. */
  | { readonly type: 'full' }
  | { readonly type: 'account'; readonly account: RequestAccount };

export interface SmallServer {
  /**
   * Uses up all there is, by connections of the lab's own, for `time` ms; gives the port that is short of it. It is
   * started by the first call. Undefined: there is no such server, or no such limit on this system.
   */
  fill(shortage: Shortage, time: number): Promise<number | undefined>;
  /** Whether it listens there now. */
  isOpen(port: number): boolean;
  close(): void;
}

/** Connections that the server takes where these are limited. */
export const smallLimit = 4;

/** Descriptors of its process, of which Node itself takes some 25 and Electron more; and tries to use up the rest. */
const descriptors = { limit: 96, tries: 110 } as const;

/** ms to wait for the word that there is no room left. */
const patience = 3000;

/** @param entry the file whose `--small` makes such a server; without one there is none. */
export function createSmallServer(
  entry: string | undefined, report: (account: RequestAccount) => void,
): SmallServer {
  let child: ChildProcess | undefined;
  let ready: Promise<Readonly<Record<Shortage, number>> | undefined> | undefined;
  let open: readonly number[] = [];
  let isFull = Promise.withResolvers<void>();
  const held = new Set<Socket>();
  const full = new Set<Shortage>();
  const start = (file: string) => new Promise<Readonly<Record<Shortage, number>> | undefined>((resolve) => {
    child = launch(file);
    child.on('message', (message: FromSmallServer) => {
      switch (message.type) {
        case 'ready':
          open = Object.values(message.ports);
          return resolve(message.ports);
        case 'full': return isFull.resolve();
        case 'account': return report(message.account);
      }
    });
    child.on('error', () => resolve(undefined));
    child.on('exit', () => {
      child = ready = undefined;
      open = [];
      resolve(undefined);
    });
  });
  return {
    async fill(shortage, time) {
      if (entry === undefined || (shortage === 'descriptors' && process.platform === 'win32')) return undefined;
      const port = (await (ready ??= start(entry)))?.[shortage];
      if (port === undefined || time === 0 || full.has(shortage)) return port;
      full.add(shortage);
      isFull = Promise.withResolvers();
      const length = shortage === 'connections' ? smallLimit : descriptors.tries;
      const sockets = Array.from({ length }, () => connect(port, '127.0.0.1'));
      for (const socket of sockets) keep(held, socket);
      await Promise.race([isFull.promise, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
      setTimeout(() => {
        full.delete(shortage);
        for (const socket of sockets) socket.destroy();
      }, time).unref();
      return port;
    },
    isOpen: (port) => open.includes(port),
    close() {
      for (const socket of held) socket.destroy();
      child?.kill('SIGKILL');
    },
  };
}

/** A shell sets the limit, and becomes the server. */
function launch(entry: string): ChildProcess {
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  if (process.platform === 'win32') return spawn(process.execPath, [entry, '--small'], { stdio: [...stdio] });
  const command = `ulimit -n ${descriptors.limit} && exec "$0" "$@"`;
  return spawn('/bin/sh', ['-c', command, process.execPath, entry, '--small'], { stdio: [...stdio] });
}

function keep(held: Set<Socket>, socket: Socket): void {
  held.add(socket);
  socket.on('error', () => {});
  // What the server ends, there is no use in holding.
  socket.on('end', () => socket.destroy()).resume();
  socket.on('close', () => held.delete(socket));
}
