import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ToSender } from './process.ts';
import type { Origin, Setting } from './sender.ts';

/** Some requests, one setting: how many a second, and the processor time of each, µs. */
export interface Turn {
  readonly rate: number;
  readonly cost: number;
}

/** A way of sending, in a process of its own. */
export interface SenderProcess {
  readonly pid: number;
  open(origin: Origin, setting: Setting): Promise<unknown>;
  turn(requests: number): Promise<Turn>;
  close(): Promise<unknown>;
  end(): void;
}

export function startSender(name: string): SenderProcess {
  const child = fork(`${import.meta.dirname}/process.ts`, [name], { serialization: 'advanced' });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`${name} broke off`)));
  gone.catch(() => undefined);
  const ask = async (message: ToSender): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send(message);
    const [value] = await Promise.race([answer, gone]) as unknown[];
    return value;
  };
  return {
    pid: child.pid!,
    open: (origin, setting) => ask({ type: 'open', origin, setting }),
    turn: (requests) => ask({ type: 'turn', requests }) as Promise<Turn>,
    close: () => ask({ type: 'close' }),
    end: () => child.disconnect(),
  };
}
