// The lab against node:http, express, koa and hono, requests per second on 50 connections; its cluster; how soon it is
// there, and what it keeps. By itself: `node test/bench/lab.ts [parts, between commas] [requests for the memory]`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { printRows } from '../support/benchServing.ts';
import { median, spread } from './row.ts';
import type { Row } from './row.ts';
import { endSides, inTurns, rates, ratio, startSide } from './serving/comparison.ts';
import type { Side } from './serving/comparison.ts';
import type { Load } from './serving/load.ts';
import type { FixedAnswer } from './serving/peers.ts';
import { startLoad, startServer } from './serving/turns.ts';
import type { ServerProcess } from './serving/turns.ts';

const rounds = 15;
const connections = 50;
const peers = ['express', 'koa', 'hono'] as const;
const parts = { routes, sessions, workers, ready, memory, idle } as const;

export async function bench(
  wanted: readonly string[] = Object.keys(parts), requests = 1_000_000,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of wanted) rows.push(...await parts[name as keyof typeof parts](requests));
  return rows;
}

/** A route with a parameter: without a trace, with one in each request, and those of others. */
async function routes(): Promise<Row[]> {
  const sides: Side[] = [];
  const open = async (name: string, way: string, more: Partial<Load> = {}, answer?: FixedAnswer): Promise<Side> => {
    const server = await startServer(way, answer ? { answer } : {});
    const load = { port: server.port, target: '/hello/world', fields: [], connections, ...more };
    sides.push(await startSide(name, server, load));
    return sides.at(-1)!;
  };
  try {
    const lab = await open('the lab', 'lab');
    const traced = await open('the lab, traced', 'lab', { traced: true });
    const bare = await open('node:http', 'bare', {}, fixed(lab.answer));
    const others: Side[] = [];
    for (const peer of peers) others.push(await open(peer, peer));
    checkSame([lab, traced, bare]);
    await inTurns(sides, rounds);
    return [
      ...sides.flatMap(rates),
      ratio('the lab ÷ node:http', 'rate', lab, bare, { atLeast: 0.85 }),
      ratio('the lab, traced ÷ node:http', 'rate', traced, bare, { atLeast: 0.6 }),
      ...others.map((other) => ratio(`the lab ÷ ${other.name}`, 'rate', lab, other, { atLeast: 1 })),
      ratio('processor time, the lab ÷ node:http', 'cost', lab, bare),
      ratio('processor time, the lab, traced ÷ node:http', 'cost', traced, bare),
      ...others.map((other) => ratio(`processor time, the lab ÷ ${other.name}`, 'cost', lab, other)),
    ];
  } finally {
    endSides(sides);
  }
}

/** Whose session the cookie names, against a server that always says the same, and express-session. */
async function sessions(): Promise<Row[]> {
  const sides: Side[] = [];
  const open = async (name: string, way: string, cookie: (origin: string) => Promise<string>, answer?: FixedAnswer) => {
    const server = await startServer(way, answer ? { answer } : {});
    const fields = [`Cookie: ${await cookie(`http://127.0.0.1:${server.port}`)}`];
    sides.push(await startSide(name, server, { port: server.port, target: '/me', fields, connections }));
    return sides.at(-1)!;
  };
  try {
    const lab = await open('the lab with a session', 'lab', (origin) => cookieFrom(`${origin}/login`, {
      method: 'POST', body: new URLSearchParams({ user: 'ada', password: 'lovelace' }),
    }));
    const bare = await open('node:http, the same', 'bare', () => Promise.resolve(lab.load.fields[0]!.slice(8)),
      fixed(lab.answer));
    const peer = await open('express-session', 'expressSession', (origin) => cookieFrom(`${origin}/login`));
    checkSame([lab, bare]);
    await inTurns(sides, rounds);
    return [
      ...sides.flatMap(rates),
      ratio('the lab with a session ÷ node:http', 'rate', lab, bare, { atLeast: 0.75 }),
      ratio('the lab with a session ÷ express-session', 'rate', lab, peer, { atLeast: 4 }),
      ratio('processor time, with a session ÷ node:http', 'cost', lab, bare),
      ratio('processor time, with a session ÷ express-session', 'cost', lab, peer),
    ];
  } finally {
    endSides(sides);
  }
}

async function cookieFrom(url: string, options: RequestInit = {}): Promise<string> {
  const response = await fetch(url, options);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`${url} sets no cookie: ${response.status} ${await response.text()}`);
  return cookie;
}

/** As many connections to one worker as to both, on a route that computes for 5 ms. */
async function workers(): Promise<Row[]> {
  const server = await startServer('lab');
  const sides: Side[] = [];
  try {
    const load: Load = { port: server.clusterPort!, target: '/compute/5', fields: [], connections: 8, varied: true };
    const one = await startSide('one worker', server, { ...load, only: 'Lab-Worker: 1\r\n' }, true);
    sides.push(one);
    const two = await startSide('two workers', server, load, true);
    sides.push(two);
    await inTurns(sides, rounds);
    const [first, second] = [one, two].map((side) => rates(side)[0]!);
    return [first!, second!, ratio('two workers ÷ one', 'rate', two, one, { atLeast: 1.6 })];
  } finally {
    endSides(sides);
  }
}

/** From the start of the process to where the lab says that it is ready, all parts included. */
async function ready(): Promise<Row[]> {
  const script = path.resolve(import.meta.dirname, '../../dist/lab.cjs');
  const times: number[] = [];
  for (let start = 0; start < 9; start += 1) {
    const startedAt = performance.now();
    const child = fork(script, [], { execArgv: [], serialization: 'advanced', silent: true });
    const [message] = await once(child, 'message') as [{ type: string }];
    times.push(performance.now() - startedAt);
    if (message.type !== 'ready') throw new Error(JSON.stringify(message));
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  }
  return [{ name: 'lab ready', value: median(times), unit: 'ms', spread: spread(times), limit: 400 }];
}

/** What is still there when all garbage has gone, after a tenth of the requests and after all; all are traced. */
async function memory(requests: number): Promise<Row[]> {
  const server = await startServer('lab', {}, ['--expose-gc']);
  const load = startLoad();
  try {
    const used: number[] = [];
    for (let tenth = 0; tenth < 10; tenth += 1) {
      await load.open({ port: server.port, target: '/hello/world', fields: [], connections, traced: true });
      await load.turn(server, requests / 10);
      await load.close();
      const { heapUsed, external } = await settled(server);
      used.push((heapUsed + external) / 1024);
    }
    const told = server.accounts();
    if (told < requests) throw new Error(`${told} accounts of ${requests} requests`);
    return [
      { name: `memory after ${requests / 10} requests`, value: used[0]!, unit: 'KiB' },
      { name: `growth until ${requests} requests`, value: used.at(-1)! - used[0]!, unit: 'KiB', limit: 1024 },
    ];
  } finally {
    load.end();
    server.end();
  }
}

/** What is still on its way to the parent is no garbage. */
async function settled(server: ServerProcess): Promise<NodeJS.MemoryUsage> {
  await server.memory();
  await sleep(500);
  return server.memory();
}

const idleConnections = 10_000;

/** Connections that have asked once, wait, and ask again. */
async function idle(): Promise<Row[]> {
  const longest = 120_000;
  const limits = {
    maxConnections: idleConnections + 10, headTimeout: longest, requestTimeout: longest, keepAliveTimeout: longest,
  };
  const server = await startServer('lab', { limits }, ['--expose-gc']);
  const load = startLoad();
  try {
    const before = await settled(server);
    await load.open({ port: server.port, target: '/hello/world', fields: [], connections: idleConnections });
    await sleep(3000);
    const during = await settled(server);
    const { rate, answering } = await load.turn(server, idleConnections);
    const perConnection = (figure: 'heapUsed' | 'rss'): number =>
      (during[figure] - before[figure]) / idleConnections / 1024;
    return [
      { name: 'idle connections that answer', value: answering, unit: '', atLeast: idleConnections },
      { name: 'an idle connection: heap', value: perConnection('heapUsed'), unit: 'KiB' },
      { name: 'an idle connection: resident memory', value: perConnection('rss'), unit: 'KiB' },
      { name: 'all idle connections, asked at once', value: rate, unit: 'requests/s' },
    ];
  } finally {
    load.end();
    server.end();
  }
}

/** What every answer of node:http has by itself. */
const ownFields = /^(?:date|connection|keep-alive)$/i;

/** An answer as a server that always gives the same has to give it. */
function fixed(answer: string): FixedAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const lines = answer.slice(0, end).split('\r\n').slice(1).map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  return { fields: lines.filter(([name]) => !ownFields.test(name)).flat(), text: answer.slice(end + 4) };
}

/** It would be no comparison if one sent more than another. */
function checkSame(sides: readonly Side[]): void {
  const [first, ...others] = sides.map(({ answer }) => answer.replace(/\r\nDate: [^\r]*/, '\r\nDate: now'));
  for (const other of others) if (other !== first) throw new Error(`Not the same:\n${first}\n${other}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [only, requests] = process.argv.slice(2);
  printRows(await bench(only?.split(','), requests === undefined ? undefined : Number(requests)));
}
