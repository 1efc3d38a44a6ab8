import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Exchange } from '../../src/trace/exchange.ts';
import { phasesOf } from '../../src/trace/phases.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import type { Truth, TruthReady } from './truthServer.ts';

export const measuredPhases = ['dns', 'tcp', 'tls', 'wait', 'receive'] as const;

/** How far each phase is from the truth, in ms. */
export type Errors = Record<(typeof measuredPhases)[number], number>;

export interface TruthServer {
  /** Sends with `send` on a new connection, and compares. */
  measure(send: (spec: RequestSpec) => Promise<Exchange>): Promise<Errors>;
  readonly nameServerPort: number;
  close(): Promise<void>;
}

/** Starts the servers that know the truth, in a process of their own. */
export async function startTruthServer(): Promise<TruthServer> {
  const child = fork(`${import.meta.dirname}/truthServer.ts`, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [ready] = await once(child, 'message') as [TruthReady];
  let count = 0;
  return {
    nameServerPort: ready.nameServerPort,
    async measure(send) {
      count += 1;
      const told = once(child, 'message') as Promise<[Truth]>;
      const exchange = await send({
        id: `truth-${count}`, method: 'GET', url: `https://truth.test:${ready.port}/`, headers: [],
        options: {
          // All stay open: a goodbye of TLS would be the last packet of an exchange.
          forceNewConnection: true, maxConnections: 1000,
          trustAnchors: [{ pem: ready.authority, label: 'truth' }],
          zoneServers: [{ zone: 'truth.test', servers: [{ address: '127.0.0.1', port: ready.nameServerPort }] }],
        },
      });
      if (exchange.failure) throw new Error(JSON.stringify(exchange.failure));
      const [truth] = await told;
      return errorsOf(exchange, truth);
    },
    async close() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

/** On loopback a connection takes no time: what is measured for it is the error. */
function errorsOf(exchange: Exchange, truth: Truth): Errors {
  const phases = phasesOf(exchange);
  const errors = measuredPhases.map((name) => {
    const phase = phases.find((one) => one.name === name);
    const expected = name === 'tcp' ? 0 : truth[name];
    return [name, Math.abs((phase?.duration ?? Infinity) - expected)] as const;
  });
  return Object.fromEntries(errors) as Errors;
}
