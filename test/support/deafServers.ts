import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A server of {@link deafServer.ts} in a process of its own. */
export interface DeafServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the server, which hears until it is told otherwise. Whoever starts it ends it. */
export async function forkDeafServer(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(`${import.meta.dirname}/deafServer.ts`, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message') as [{ port: number }];
  return { child, port };
}

/** A port of 127.0.0.1 whose SYNs the kernel drops, as a firewall would. Linux only. */
export async function startDeafServer(): Promise<DeafServer> {
  const { child, port } = await forkDeafServer();
  const fillers = await deafen(child, port, 60_000);
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Stops the server for so many ms and fills its backlog, until the kernel takes no more connections for it. */
export async function deafen(child: ChildProcess, port: number, deafFor: number): Promise<Socket[]> {
  const deaf = once(child, 'message');
  child.send({ deafFor });
  await deaf;
  const fillers: Socket[] = [];
  for (let count = 0; count < 6; count += 1) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    fillers.push(filler);
    const outcome = await Promise.race([
      once(filler, 'connect').then(() => 'taken'), new Promise((resolve) => { setTimeout(resolve, 30, 'full'); }),
    ]);
    if (outcome === 'full') break;
  }
  return fillers;
}
