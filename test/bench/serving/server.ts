// One server in a process of its own: its parent hears of the port, and asks for processor time and memory.
import { fileURLToPath } from 'node:url';
import { createAccountPost } from '../../../src/lab/accountPost.ts';
import type { LabOptions } from '../../../src/lab/lab.ts';
import type { FixedAnswer } from './peers.ts';

export type ToServer = 'cost' | 'memory';

export interface Serving {
  readonly port: number;
  /** Of the lab's cluster. */
  readonly clusterPort?: number;
}

/** What a server is started with. */
export type ServerOptions = Pick<LabOptions, 'limits'> & { readonly answer?: FixedAnswer };

/** Only what is asked for is loaded. */
const ways: Readonly<Record<string, (options: ServerOptions) => Promise<Serving>>> = {
  bare: async ({ answer }) => (await import('./peers.ts')).bare(answer!),
  express: async () => (await import('./peers.ts')).express(),
  expressSession: async () => (await import('./peers.ts')).expressSession(),
  koa: async () => (await import('./peers.ts')).koa(),
  hono: async () => (await import('./peers.ts')).hono(),
  lab: startLab,
};

/** It tells its parent of accounts as the lab's own process does; the workers are those of the bundle. */
async function startLab({ limits = {} }: ServerOptions): Promise<Serving> {
  const { startLab: start } = await import('../../../src/lab/lab.ts');
  const post = createAccountPost((message) => process.send!(message, undefined, undefined, () => {}));
  const entry = fileURLToPath(new URL('../../../dist/lab.cjs', import.meta.url));
  const { addresses } = await start({ limits, entry, onEvents: (account) => post.add(account) });
  return { port: addresses.http.port, clusterPort: addresses.parts.cluster!.port };
}

process.on('message', (question: ToServer) => {
  if (question === 'memory') (globalThis as { gc?: () => void }).gc?.();
  const { user, system } = process.cpuUsage();
  process.send!({ type: question, value: question === 'cost' ? user + system : process.memoryUsage() });
});
process.on('disconnect', () => process.exit());
const [, , name = '', options = '{}'] = process.argv;
process.send!({ type: 'serving', value: await ways[name]!(JSON.parse(options) as ServerOptions) });
