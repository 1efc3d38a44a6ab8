import { serveAsWorker } from './cluster/worker.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import type { FromLab } from './messages.ts';

// The lab as a process of its own. With a channel to a parent it speaks FromLab and ToLab; without
// one it prints the same messages, one line of JSON each, and runs until it is interrupted. The cluster's workers,
// which are other processes of the same file, are told which they are: `--worker=N`.

/** `--http-port=N`, `--https-port=N`, `--dns-port=N`; anything else is a mistake and said so. */
function readPorts(words: readonly string[]) {
  const ports: { httpPort?: number; httpsPort?: number; dnsPort?: number } = {};
  for (const word of words) {
    const match = /^--(http|https|dns)-port=(\d{1,5})$/.exec(word);
    if (!match || Number(match[2]) > 65_535) throw new Error(`Unknown argument: ${word}`);
    ports[`${match[1] as 'http' | 'https' | 'dns'}Port`] = Number(match[2]);
  }
  return ports;
}

function tell(message: FromLab): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
  else if (!process.send) process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function start(): Promise<void> {
  let lab: Lab | undefined;
  const stop = () => {
    void lab?.close();
    // What was told last must leave the process first.
    setImmediate(() => process.exit());
  };
  process.on('disconnect', stop);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('message', (message: { type?: unknown } | null) => {
    if (message?.type === 'stop') stop();
  });
  lab = await startLab({
    ...readPorts(process.argv.slice(2)), entry: process.argv[1],
    onEvents: (account) => tell({ type: 'events', ...account }),
  });
  tell({ type: 'ready', addresses: lab.addresses });
}

const worker = process.send && /^--worker=(\d{1,3})$/.exec(process.argv[2] ?? '')?.[1];
if (worker) serveAsWorker(Number(worker));
else start().catch((error: unknown) => {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
