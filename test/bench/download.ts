// 1 GiB to disk by a client in a process of its own: speed against curl's, and the most memory it took over idle.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '../../src/wire/client.ts';
import { printRows, startServing } from '../support/benchServing.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

const size = 1024 ** 3;
const rounds = 3;

interface Download {
  readonly seconds: number;
  /** Bytes of the process: before, and the most while receiving. */
  readonly idle: number;
  readonly peak: number;
}

export async function bench(): Promise<Row[]> {
  const serving = await startServing();
  const directory = await mkdtemp(join(tmpdir(), 'download-bench-'));
  const url = `http://127.0.0.1:${serving.port}/bytes/${size}`;
  const ours: Download[] = [];
  const curls: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      ours.push(await download(url, directory));
      const seconds = await curl(url, join(directory, 'curl'));
      if (seconds !== undefined) curls.push(seconds);
    }
  } finally {
    await serving.close();
    await rm(directory, { recursive: true });
  }
  return rowsOf(ours, curls);
}

function rowsOf(ours: readonly Download[], curls: readonly number[]): Row[] {
  const rate = (seconds: number): number => size / 1024 ** 2 / seconds;
  const own = rate(median(ours.map(({ seconds }) => seconds)));
  const rows: Row[] = [
    { name: '1 GiB to a file', value: own, unit: 'MiB/s' },
    { name: '1 GiB to a file: most memory over idle', value: median(ours.map(({ idle, peak }) => (peak - idle) / 1024 ** 2)), unit: 'MiB', limit: 200 },
  ];
  if (curls.length === 0) return rows;
  const peer = rate(median(curls));
  return [...rows, { name: 'curl to a file', value: peer, unit: 'MiB/s' }, { name: '1 GiB to a file ÷ curl', value: own / peer, unit: '×' }];
}

async function download(url: string, directory: string): Promise<Download> {
  const child = fork(import.meta.filename, [url, directory], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [result] = await once(child, 'message') as [Download];
  if (child.exitCode === null) await once(child, 'exit');
  return result;
}

/** Seconds, or undefined where there is no curl. */
async function curl(url: string, path: string): Promise<number | undefined> {
  const startedAt = performance.now();
  try {
    await promisify(execFile)('curl', ['--silent', '--output', path, url]);
  } catch {
    return undefined;
  }
  return (performance.now() - startedAt) / 1000;
}

/** In the child: one request to warm up, then the large one while memory is looked at. */
async function receive(url: string, directory: string): Promise<Download> {
  const client = createClient({ contentDirectory: directory });
  const listener = { onExchange: () => undefined, onConnection: () => undefined };
  const spec = { id: 'download', method: 'GET', headers: [], options: {} };
  await client.send({ ...spec, url: new URL('/', url).href }, listener);
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()); }, 20);
  const startedAt = performance.now();
  const [exchange] = await client.send({ ...spec, url }, listener);
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(timer);
  if (exchange?.response?.contentSize !== size || exchange.response.storedIn !== 'file') throw new Error(JSON.stringify(exchange?.failure));
  const window = await client.readContent(exchange.id, size - 1, 10);
  if (window?.bytes.length !== 1) throw new Error('the file is not whole');
  await client.close();
  return { seconds, idle, peak };
}

const [, script, url, directory] = process.argv;
if (import.meta.url === pathToFileURL(script ?? '').href) {
  if (process.send && url && directory) {
    const result = await receive(url, directory);
    process.send(result, undefined, undefined, () => process.disconnect());
  } else {
    printRows(await bench());
  }
}
