import { createAccountPost } from './accountPost.ts';
import { serveAsWorker } from './cluster/worker.ts';
import { createWatch } from './control/watch.ts';
import type { Watch } from './control/watch.ts';
import { serveSmall } from './faults/serveSmall.ts';
import { LabStartError, startLab } from './lab.ts';
import type { Lab, LabOptions } from './lab.ts';
import { limitIn } from './limits.ts';
import type { FromLab, LabAction, LabServerId, ToLab } from './messages.ts';
import { parts } from './parts.ts';
import { parseStoreSetting } from './shop/storeSetting.ts';
import type { StoreSetting } from './shop/storeSetting.ts';

// The lab as a process of its own. With a channel to a parent it speaks FromLab and ToLab; without
// one it prints the same messages, one line of JSON each, and runs until it is interrupted. The cluster's workers,
// which are other processes of the same file, are told which they are: `--worker=N`; so is the small server: `--small`.

const named: readonly LabServerId[] = ['http', 'https', 'dns', 'topDns', 'rootDns', 'slowDns', 'silentDns'];
const serverIds = new Set<string>([...named, ...parts.map(({ id }) => id)]);

/**
 * `--http-port=N`, `--relay-port=N` and so on by the ids of servers, and limits such as `--max-connections=N`; anything
 * else is a mistake and said so.
 */
function readArguments(words: readonly string[]): Pick<LabOptions, 'ports' | 'limits'> {
  const ports: Partial<Record<LabServerId, number>> = {};
  let limits: LabOptions['limits'] = {};
  for (const word of words) {
    const [, id = '', digits] = /^--(\w+)-port=(\d{1,5})$/.exec(word) ?? [];
    const limit = limitIn(word);
    if (limit) limits = { ...limits, ...limit };
    else if (serverIds.has(id) && Number(digits) <= 65_535) ports[id as LabServerId] = Number(digits);
    else throw new Error(`Unknown argument: ${word}`);
  }
  return { ports, limits };
}

/** Not among the arguments, which everybody on the machine can read; nor for the programs that the lab starts. */
function readStore(): StoreSetting {
  const { ROUNDTRIP_LAB_SESSION_STORE: text = 'memory' } = process.env;
  delete process.env.ROUNDTRIP_LAB_SESSION_STORE;
  const setting = parseStoreSetting(text);
  if (!setting) throw new Error('The session store must be memory, shared, or a URL such as redis://127.0.0.1:6379.');
  return setting;
}

function tell(message: FromLab): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
  else if (!process.send) process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function start(): Promise<void> {
  let lab: Lab | undefined;
  const post = createAccountPost(tell, process.send !== undefined);
  const stop = () => {
    void lab?.close();
    post.flush();
    // What was told last must leave the process first.
    setImmediate(() => process.exit());
  };
  process.on('disconnect', stop);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let watch: Watch | undefined;
  process.on('message', (message: ToLab | null) => {
    switch (message?.type) {
      case 'stop': return stop();
      case 'control': return void (lab && obey(lab, message.id, message.action));
      case 'watch': return watch?.set(message.isWatched);
    }
  });
  const started = await startLab({
    ...readArguments(process.argv.slice(2)), entry: process.argv[1], sessionStore: readStore(),
    onEvents: (account) => post.add(account),
  });
  lab = started;
  watch = createWatch(() => started.report(), (state) => tell({ type: 'state', state }));
  tell({ type: 'ready', addresses: lab.addresses });
}

/** Does what is asked, and says that it is done; before that, where the servers are if that has changed. */
async function obey(lab: Lab, id: number, action: LabAction): Promise<void> {
  const before = JSON.stringify(lab.addresses);
  const problem = await lab.act(action);
  const { addresses } = lab;
  if (JSON.stringify(addresses) !== before) tell({ type: 'addresses', addresses });
  tell({ type: 'done', id, state: await lab.report(), ...(problem ? { problem } : {}) });
}

const worker = process.send && /^--worker=(\d{1,3})$/.exec(process.argv[2] ?? '')?.[1];
if (worker) serveAsWorker(Number(worker));
else if (process.send && process.argv[2] === '--small') serveSmall();
else start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const where = error instanceof LabStartError ? { server: error.server, problem: error.problem } : {};
  tell({ type: 'failed', message, ...where });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
