import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { FromEngine, ToEngine } from '../../src/protocol.ts';
import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { record } from '../../src/trace/record.ts';
import type { RequestSpec } from '../../src/trace/request.ts';

/** The engine as it ships: one bundled file, in a directory of its own. */
export interface BuiltEngine {
  readonly path: string;
  remove(): Promise<void>;
}

export async function buildEngine(): Promise<BuiltEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-test-'));
  const path = join(directory, 'engine.cjs');
  await build({
    entryPoints: [`${import.meta.dirname}/../../src/engine.ts`], outfile: path, bundle: true, minify: true,
    platform: 'node', format: 'cjs', target: 'node22', mainFields: ['module', 'main'], logLevel: 'warning',
  });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** The host's end of a forked engine. */
export interface EngineProcess {
  readonly child: ChildProcess;
  /** Every message, in the order they came. */
  readonly messages: FromEngine[];
  post(message: ToEngine): void;
  /** Waits for the message that `wanted` says is the one. */
  next<T extends FromEngine['type']>(type: T, wanted?: (message: Extract<FromEngine, { type: T }>) => boolean): Promise<Extract<FromEngine, { type: T }>>;
  /** Sends, and records the exchanges from the events that came. */
  send(spec: RequestSpec): Promise<Exchange[]>;
  /** Closes the channel and waits for the exit code. */
  end(): Promise<number | null>;
}

export function startEngine(path: string, args: readonly string[] = []): EngineProcess {
  const child = fork(path, [...args], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const messages: FromEngine[] = [];
  const waiting = new Set<(message: FromEngine) => void>();
  child.on('message', (message: FromEngine) => {
    messages.push(message);
    for (const look of waiting) look(message);
  });
  const post = (message: ToEngine): void => void child.send(message);
  const next: EngineProcess['next'] = (type, wanted = () => true) => new Promise((resolve) => {
    const look = (message: FromEngine): boolean => {
      if (message.type !== type || !wanted(message as never)) return false;
      waiting.delete(look);
      resolve(message as never);
      return true;
    };
    if (!messages.some(look)) waiting.add(look);
  });
  return {
    child, messages, post, next,
    async send(spec) {
      post({ type: 'send', spec });
      const { exchangeIds } = await next('sent', ({ specId }) => specId === spec.id);
      return exchangeIds.map((id) => exchangeFrom(messages, id, spec));
    },
    async end() {
      if (child.exitCode !== null) return child.exitCode;
      const exit = once(child, 'exit');
      child.disconnect();
      const [code] = await exit as [number | null];
      return code;
    },
  };
}

function exchangeFrom(messages: readonly FromEngine[], id: string, sent: RequestSpec): Exchange {
  const events: ExchangeEvent[] = [];
  const connections = new Map<string, ConnectionEvent[]>();
  let spec = sent;
  let resendOf: string | undefined;
  for (const message of messages) {
    if (message.type !== 'events') continue;
    spec = message.specs?.[id] ?? spec;
    for (const entry of message.batch) {
      if ('connectionId' in entry) {
        connections.set(entry.connectionId, [...connections.get(entry.connectionId) ?? [], ...entry.events]);
      } else if (entry.exchangeId === id) {
        events.push(...entry.events);
        resendOf = entry.resendOf;
      }
    }
  }
  const assigned = events.findLast((event) => event.type === 'connection-assigned');
  const connectionEvents = assigned && connections.get(assigned.connectionId);
  return record({
    id, spec, events, ...(resendOf === undefined ? {} : { resendOf }),
    ...(assigned && connectionEvents ? { connection: { id: assigned.connectionId, events: connectionEvents } } : {}),
  });
}
