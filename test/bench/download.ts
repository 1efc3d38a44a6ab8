// 1 GiB by a client in a process of its own: to nothing against a raw socket that reads into one buffer, to disk
// against curl's, in the clear, over TLS and over HTTP/2, and the most memory it took over idle, also against 100 MiB.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createClient } from '../../src/wire/client.ts';
import type { ContentStore } from '../../src/wire/content/store.ts';
import type { WriterOwner } from '../../src/wire/content/writer.ts';
import { nobody } from '../../src/wire/listener.ts';
import { printRows, startServing } from '../support/benchServing.ts';
import type { Serving } from '../support/benchServing.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const rounds = 5;

/** What the child is to do. */
interface Job {
  readonly to: 'floor' | 'null' | 'file';
  readonly url: string;
  readonly size: number;
  readonly directory: string;
  readonly spec: Pick<RequestSpec, 'options' | 'httpVersion'>;
}

interface Download {
  readonly seconds: number;
  /** Of the processor, in all threads of the process. */
  readonly busy: number;
  /** Bytes of the process more than before, at the most. */
  readonly grown: number;
}

const ways = [
  'floor', 'null', 'file', 'file over TLS', 'file over HTTP/2', '100 MiB to a file', '100 MiB to a file over TLS', 'curl',
  'curl over TLS',
] as const;
type Way = (typeof ways)[number];

export async function bench(): Promise<Row[]> {
  const serving = await startServing();
  const directory = await mkdtemp(join(tmpdir(), 'download-bench-'));
  const all = new Map<Way, Download[]>(ways.map((way) => [way, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) {
        const one = await take(way, serving, directory);
        if (one) all.get(way)!.push(one);
      }
    }
  } finally {
    await serving.close();
    await rm(directory, { recursive: true });
  }
  return rowsOf(all);
}

/**
 * Writes a file and deletes it: a virtual machine gives memory that is free back to its host, within a second or so, and
 * what comes next would pay for getting it again. Hence just before the time is taken.
 */
function useMemory(directory: string): void {
  const path = join(directory, 'before');
  const piece = Buffer.alloc(256 * 1024, 'x');
  const file = openSync(path, 'w');
  for (let written = 0; written < 1.2 * gibibyte; written += piece.length) writeSync(file, piece);
  closeSync(file);
  unlinkSync(path);
}

function take(
  way: Way, { port, securePort, http2Port, authority }: Serving, directory: string,
): Promise<Download | undefined> {
  const url = (scheme: string, at: number, size = gibibyte): string => `${scheme}://127.0.0.1:${at}/bytes/${size}`;
  const job: Job = { to: 'file', url: url('http', port), size: gibibyte, directory, spec: { options: {} } };
  const trusted = { trustAnchors: [{ pem: authority, label: 'bench' }] };
  switch (way) {
    case 'floor': return download({ ...job, to: 'floor' });
    case 'null': return download({ ...job, to: 'null' });
    case 'file': return download(job);
    case 'file over TLS': return download({ ...job, url: url('https', securePort), spec: { options: trusted } });
    case 'file over HTTP/2':
      return download({ ...job, url: url('http', http2Port), spec: { options: {}, httpVersion: '2-prior-knowledge' } });
    case '100 MiB to a file over TLS':
      return download({ ...job, url: url('https', securePort, 100 * mebibyte), size: 100 * mebibyte, spec: { options: trusted } });
    case '100 MiB to a file': return download({ ...job, url: url('http', port, 100 * mebibyte), size: 100 * mebibyte });
    case 'curl': return curl(url('http', port), directory);
    case 'curl over TLS': return curl(url('https', securePort), directory);
  }
}

function rowsOf(all: ReadonlyMap<Way, readonly Download[]>): Row[] {
  const middle = (way: Way, of: (one: Download) => number): number => median(all.get(way)!.map(of));
  const rate = (way: Way): number => 1024 / middle(way, ({ seconds }) => seconds);
  // Pairs of the same round: a slow moment of the machine hits both.
  const ratio = (way: Way, other: Way): number =>
    median(
      all.get(way)!.flatMap(({ seconds }, round) =>
        all.get(other)![round] ? [all.get(other)![round]!.seconds / seconds] : []),
    );
  const memory = (way: Way, more: Partial<Row>): Row => (
    { name: `1 GiB to ${way}: most memory over idle`, value: middle(way, ({ grown }) => grown / mebibyte), unit: 'MiB', ...more });
  const timed = ways.filter((way) => !way.startsWith('100 MiB') && all.get(way)!.length > 0);
  const growth = (way: 'file' | 'file over TLS', shorter: Way): Row => ({
    name: `1 GiB to ${way}: memory ÷ that of 100 MiB`,
    value: middle(way, ({ grown }) => grown) / middle(shorter, ({ grown }) => grown), unit: '×', limit: 1.2,
  });
  const hasCurl = all.get('curl')!.length > 0;
  return [
    ...timed.map((way) => ({ name: `1 GiB to ${way}`, value: rate(way), unit: 'MiB/s' })),
    ...timed.filter((way) => !way.startsWith('curl')).map((way) => (
      { name: `1 GiB to ${way}: processor`, value: middle(way, ({ busy }) => busy), unit: 's' })),
    { name: '1 GiB to null ÷ floor', value: ratio('null', 'floor'), unit: '×', atLeast: 0.6 },
    ...hasCurl ? [
      { name: '1 GiB to file ÷ curl', value: ratio('file', 'curl'), unit: '×', atLeast: 1.2 },
      { name: '1 GiB to file over TLS ÷ curl', value: ratio('file over TLS', 'curl over TLS'), unit: '×' },
    ] : [],
    memory('file', { limit: 130 }), memory('file over TLS', { limit: 130 }), memory('file over HTTP/2', { limit: 130 }),
    growth('file', '100 MiB to a file'), growth('file over TLS', '100 MiB to a file over TLS'),
  ];
}

async function download(job: Job): Promise<Download> {
  const child = fork(import.meta.filename, [JSON.stringify(job)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [result] = await once(child, 'message') as [Download];
  if (child.exitCode === null) await once(child, 'exit');
  return result;
}

/** Undefined where there is no curl. */
async function curl(url: string, directory: string): Promise<Download | undefined> {
  const path = join(directory, 'curl');
  useMemory(directory);
  const startedAt = performance.now();
  try {
    await promisify(execFile)('curl', ['--silent', '--insecure', '--output', path, url]);
  } catch {
    return undefined;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await rm(path);
  return { seconds, busy: 0, grown: 0 };
}

// --- in the child ----------------------------------------------------------------------------------

/** The work, and what it took while memory was looked at. */
async function measured(work: () => Promise<void>): Promise<Download> {
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()); }, 20);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(timer);
  return { seconds, busy: (user + system) / 1e6, grown: peak - idle };
}

/** A request to warm up, then the large one. */
async function receive({ to, url, size, directory, spec: { options, httpVersion } }: Job): Promise<Download> {
  const client = createClient({ contentDirectory: directory, ...(to === 'null' ? { store: nowhere } : {}) });
  const spec: RequestSpec = {
    id: 'download', method: 'GET', url, headers: [], options, ...(httpVersion ? { httpVersion } : {}),
  };
  await client.send({ ...spec, url: new URL('/', url).href }, nobody);
  useMemory(directory);
  const result = await measured(async () => {
    const [exchange] = await client.send(spec, nobody);
    if (exchange?.response?.contentSize !== size) throw new Error(JSON.stringify(exchange?.failure));
    if (to === 'null') return;
    const window = await client.readContent(exchange.id, size - 1, 10);
    if (window?.bytes.length !== 1 || exchange.response.storedIn !== 'file') throw new Error('the file is not whole');
  });
  await client.close();
  return result;
}

/** Counts, and keeps nothing. */
const nowhere: ContentStore = {
  create: () => {
    let size = 0;
    return {
      set owner(_owner: WriterOwner) {},
      get size() { return size; },
      storedIn: 'file',
      append: (chunk) => { size += chunk.length; return true; },
      end: (done) => done(),
    };
  },
  read: () => Promise.resolve(undefined), save: () => Promise.resolve(undefined), forget: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** The least that Node can do: read into one buffer and count. */
function floor({ url, size }: Job): Promise<Download> {
  const { hostname, port, pathname } = new URL(url);
  return measured(() => new Promise((resolve, reject) => {
    let received = 0;
    const callback = (count: number): boolean => {
      received += count;
      if (received < size) return true;
      socket.destroy();
      resolve();
      return false;
    };
    const socket = new Socket({ onread: { buffer: Buffer.allocUnsafeSlow(64 * 1024), callback } } as object);
    socket.on('error', reject);
    socket.connect(Number(port), hostname, () => socket.write(`GET ${pathname} HTTP/1.1\r\nhost: bench\r\n\r\n`));
  }));
}

const [, script, words] = process.argv;
if (import.meta.url === pathToFileURL(script ?? '').href) {
  if (process.send && words) {
    const job = JSON.parse(words) as Job;
    const result = await (job.to === 'floor' ? floor(job) : receive(job));
    process.send(result, undefined, undefined, () => process.disconnect());
  } else {
    printRows(await bench());
  }
}
