import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accountsIn } from '../../../src/run/labAccounts.ts';
import type { Load, ToLoad, TurnDone } from './load.ts';
import type { ServerOptions, Serving, ToServer } from './server.ts';

/** An answer, or what a lab tells: FromLab. */
interface FromServer {
  readonly type: string;
  readonly value?: never;
  readonly numbers?: Float64Array;
  readonly texts?: readonly string[];
}

/** A server in a process of its own. */
export interface ServerProcess extends Serving {
  readonly name: string;
  readonly pid: number;
  /** Accounts it has told. */
  readonly accounts: () => number;
  /** µs of processor time so far. */
  cost(): Promise<number>;
  /** Bytes, after all that is garbage has gone. */
  memory(): Promise<NodeJS.MemoryUsage>;
  end(): void;
}

export async function startServer(
  name: string, options: ServerOptions = {}, execArgv: readonly string[] = [],
): Promise<ServerProcess> {
  const child = fork(`${import.meta.dirname}/server.ts`, [name, JSON.stringify(options)],
    { serialization: 'advanced', execArgv: [...execArgv] });
  let accounts = 0;
  const waiting = new Map<string, (value: never) => void>();
  child.on('message', (message: FromServer) => {
    if (message.type === 'events') accounts += 1;
    else if (message.type === 'accounts') accounts += accountsIn({ numbers: message.numbers!, texts: message.texts! }).length;
    else waiting.get(message.type)?.(message.value!);
  });
  const gone = failing(child, name);
  const heard = <T>(type: string): Promise<T> =>
    Promise.race([new Promise<T>((resolve) => waiting.set(type, resolve)), gone]);
  const ask = <T>(question: ToServer): Promise<T> => {
    const answer = heard<T>(question);
    child.send(question);
    return answer;
  };
  const serving = await heard<Serving>('serving');
  return {
    ...serving, name, pid: child.pid!, accounts: () => accounts, cost: () => ask('cost'), memory: () => ask('memory'),
    end: () => child.disconnect(),
  };
}

/**
 * Some requests: how many a second, what each cost the server in processor time, µs, and how many of the connections
 * had answers.
 */
export interface Turn {
  readonly rate: number;
  readonly cost: number;
  readonly answering: number;
}

/** A load on a server, whose connections stay open from turn to turn. */
export interface LoadProcess {
  readonly pid: number;
  /** Resolves with an answer, head and all. */
  open(load: Load): Promise<string>;
  turn(server: ServerProcess, requests: number): Promise<Turn>;
  close(): Promise<unknown>;
  end(): void;
}

export function startLoad(): LoadProcess {
  const child = fork(`${import.meta.dirname}/load.ts`);
  const gone = failing(child, 'the load');
  const ask = async (message: ToLoad): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send(message);
    return (await Promise.race([answer, gone]) as unknown[])[0];
  };
  return {
    pid: child.pid!,
    open: (load) => ask({ type: 'open', load }) as Promise<string>,
    async turn(server, requests) {
      const before = await server.cost();
      const { seconds, answering } = await ask({ type: 'turn', requests }) as TurnDone;
      return { rate: requests / seconds, cost: (await server.cost() - before) / requests, answering };
    },
    close: () => ask({ type: 'close' }),
    end: () => child.disconnect(),
  };
}

function failing(child: ChildProcess, name: string): Promise<never> {
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`${name} broke off`)));
  gone.catch(() => undefined);
  return gone;
}
