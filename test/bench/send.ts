// Requests per second of a traced send, against undici's `request` and a raw socket, all in one run.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import { Agent, request } from 'undici';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createClient } from '../../src/wire/client.ts';
import type { Client } from '../../src/wire/client.ts';
import { printRows, startServing } from '../support/benchServing.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

/** One way of sending: `send` resolves when the response has been read. */
interface Sender {
  send(): Promise<void>;
  close(): Promise<void>;
}

interface Setting {
  readonly name: string;
  readonly fresh: boolean;
  readonly atOnce: number;
  readonly requests: number;
}

const settings: readonly Setting[] = [
  { name: 'kept-alive, one after another', fresh: false, atOnce: 1, requests: 2500 },
  { name: 'fresh, one after another', fresh: true, atOnce: 1, requests: 800 },
  { name: 'kept-alive, 50 at once', fresh: false, atOnce: 50, requests: 10_000 },
  { name: 'fresh, 50 at once', fresh: true, atOnce: 50, requests: 1500 },
];

const rounds = 7;

/** Medians over rounds in which all take turns, so that a slow moment of the machine hits all. */
export async function bench(): Promise<Row[]> {
  const serving = await startServing();
  const rows: Row[] = [];
  try {
    for (const setting of settings) rows.push(...await compare(setting, serving.port));
  } finally {
    await serving.close();
  }
  return rows;
}

async function compare(setting: Setting, port: number): Promise<Row[]> {
  const senders = { 'traced send': traced(port, setting), 'undici request': undici(port, setting), 'raw socket': raw(port, setting) };
  const rates = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, sender] of Object.entries(senders)) {
      const rate = await measure(sender, setting, round === 0 ? setting.requests / 2 : setting.requests);
      // The first round warms up.
      if (round > 0) rates.set(name, [...rates.get(name) ?? [], rate]);
    }
  }
  for (const sender of Object.values(senders)) await sender.close();
  const rate = (name: string): number => median(rates.get(name)!);
  const ratios = rates.get('traced send')!.map((value, round) => value / rates.get('undici request')![round]!);
  return [
    ...[...rates.keys()].map((name) => ({ name: `${setting.name}: ${name}`, value: rate(name), unit: 'requests/s' })),
    { name: `${setting.name}: traced send ÷ undici request`, value: median(ratios), unit: '×', atLeast: 0.9 },
    { name: `${setting.name}: traced send ÷ raw socket`, value: rate('traced send') / rate('raw socket'), unit: '×' },
  ];
}

async function measure(sender: Sender, { atOnce }: Setting, requests: number): Promise<number> {
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await sender.send();
  };
  const startedAt = process.hrtime.bigint();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return requests / (Number(process.hrtime.bigint() - startedAt) / 1e9);
}

function traced(port: number, { fresh, atOnce }: Setting): Sender {
  const client: Client = createClient({ maxConnections: Math.max(atOnce, 6) });
  // What a listener has to do at least: keep the events.
  let events = 0;
  const listener = {
    onExchange: (update: { events: readonly unknown[] }): void => { events += update.events.length; },
    onConnection: (update: { events: readonly unknown[] }): void => { events += update.events.length; },
  };
  const spec: RequestSpec = {
    id: 'bench', method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [], options: { forceNewConnection: fresh },
  };
  const done: string[] = [];
  return {
    async send() {
      const [exchange] = await client.send(spec, listener);
      if (exchange?.response?.contentSize !== 19) throw new Error(JSON.stringify(exchange?.failure));
      done.push(exchange.id);
      // A kept connection is closed when it has been idle for a while, many at a time.
      if (fresh && done.length % 50 === 0) client.closeConnections();
      if (done.length >= 500) await client.forget(done.splice(0));
    },
    async close() {
      if (events === 0) throw new Error('nothing was traced');
      await client.close();
    },
  };
}

/** What our own send adds: the peer and the floor send the same request. */
const sameFields = { 'user-agent': 'roundtrip/0.0.0', accept: '*/*', 'accept-encoding': 'gzip, deflate, br, zstd' };

function undici(port: number, { fresh, atOnce }: Setting): Sender {
  const agent = new Agent({ connections: atOnce, ...(fresh ? { pipelining: 0 } : {}) });
  return {
    async send() {
      const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher: agent, headers: sameFields });
      if ((await body.arrayBuffer()).byteLength !== 19) throw new Error('not the body');
    },
    close: () => agent.close(),
  };
}

/** The floor: a request written, bytes counted. */
function raw(port: number, { fresh }: Setting): Sender {
  const fields = Object.entries(sameFields).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const text = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: ${fresh ? 'close' : 'keep-alive'}\r\n${fields}\r\n`;
  const idle: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  };
  return {
    async send() {
      const socket = idle.pop() ?? await open();
      await new Promise<void>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          if (!chunk.includes('"hello"}')) return;
          socket.off('data', read).off('error', reject);
          resolve();
        };
        socket.on('data', read).on('error', reject);
        socket.write(text);
      });
      if (fresh) socket.destroy();
      else idle.push(socket);
    },
    async close() {
      for (const socket of idle) socket.destroy();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printRows(await bench());
