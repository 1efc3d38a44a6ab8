import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A server in a process of its own that is stopped. */
interface DeafServer {
  readonly port: number;
  /** Lets it go on: from now on it accepts. */
  hear(): void;
  close(): Promise<void>;
}

/** A port of 127.0.0.1 whose SYNs the kernel drops, as a firewall would. Linux only. */
export async function startDeafServer(): Promise<DeafServer> {
  const child = fork(`${import.meta.dirname}/deafServer.ts`, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message') as [{ port: number }];
  child.kill('SIGSTOP');
  const fillers = await fillBacklog(port);
  const emptyBacklog = (): void => {
    for (const filler of fillers) filler.destroy();
  };
  return {
    port,
    hear() {
      emptyBacklog();
      child.kill('SIGCONT');
    },
    async close() {
      emptyBacklog();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Connects until the kernel takes no more connections for the port. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  for (let count = 0; count < 20; count += 1) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    fillers.push(filler);
    await Promise.race([once(filler, 'connect'), new Promise((resolve) => { setTimeout(resolve, 30); })]);
    // After a pause of the process the timer comes before what has arrived meanwhile.
    await new Promise((resolve) => { setImmediate(resolve); });
    if (filler.connecting) return fillers;
  }
  throw new Error(`the backlog of port ${port} has no end`);
}
