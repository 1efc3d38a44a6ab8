// Requests per second of a traced send, against the clients others use and a raw socket, all in one run.
import { pathToFileURL } from 'node:url';
import { printRows, startServing } from '../support/benchServing.ts';
import type { Serving } from '../support/benchServing.ts';
import { median, spread } from './row.ts';
import type { Row } from './row.ts';
import type { Origin, Setting } from './senders/sender.ts';
import { startSender } from './senders/turn.ts';
import type { SenderProcess, Turn } from './senders/turn.ts';
import { pin } from './serving/pinning.ts';

const settings: readonly Setting[] = (['http', 'https'] as const).flatMap((scheme) => [
  { name: `${scheme} kept-alive, one by one`, scheme, fresh: false, atOnce: 1 },
  { name: `${scheme} fresh, one by one`, scheme, fresh: true, atOnce: 1 },
  { name: `${scheme} kept-alive, 50 at once`, scheme, fresh: false, atOnce: 50 },
  { name: `${scheme} fresh, 50 at once`, scheme, fresh: true, atOnce: 50 },
]);

const peers = ['fetch', 'got', 'axios', 'httpYac'] as const;
const names = ['traced', 'undici', 'bare', ...peers, 'raw'] as const;

/**
 * What the compiler makes of the same code differs from process to process by as much as what is measured: each sender
 * is several processes, one after another.
 */
const casts = 3;
/** Of each cast. */
const rounds = 7;
/** The peers that are slower by far take part in some of them. */
const peersEvery = 3;
/**
 * A turn of one sender in a round takes about so long, ms: short ones meet the same weather, but much shorter ones only
 * show how cold the caches are after another process.
 */
const turnTime = 150;

/** To keep all bytes of a connection, and to have them ready to be read, may take so many times the processor time. */
const bytesCost = 1.25;

/** In each round all take turns, so that a slow moment of the machine hits all; the ratios are those of a round. */
export async function bench(wanted: readonly Setting[] = settings, among: readonly string[] = names): Promise<Row[]> {
  const serving = await startServing();
  pin(serving.pid, 'server');
  const rows: Row[] = [];
  try {
    for (const setting of wanted) rows.push(...await compare(setting, serving, among));
  } finally {
    await serving.close();
  }
  return rows;
}

async function compare(setting: Setting, serving: Serving, among: readonly string[]): Promise<Row[]> {
  const turns = new Map<string, (Turn | undefined)[]>(among.map((name) => [name, []]));
  for (let cast = 0; cast < casts; cast++) {
    const senders = new Map(among.map((name) => [name, startSender(name)]));
    try {
      const own = await takeTurns(setting, serving, senders);
      for (const [name, some] of own) turns.get(name)!.push(...some);
    } finally {
      for (const sender of senders.values()) sender.end();
    }
  }
  return rowsOf(setting.name, turns);
}

/** The turns of each sender by round; undefined where it took no part. */
async function takeTurns(
  setting: Setting, serving: Serving, senders: ReadonlyMap<string, SenderProcess>,
): Promise<ReadonlyMap<string, (Turn | undefined)[]>> {
  const counts = new Map<string, number>();
  for (const [name, sender] of senders) {
    pin(sender.pid, 'asking');
    await sender.open(originOf(setting, serving), setting);
    counts.set(name, await warmedUp(sender, setting, isPeer(name) ? 300 : 4000));
  }
  const turns = new Map([...senders.keys()].map((name) => [name, new Array<Turn | undefined>(rounds).fill(undefined)]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, sender] of rotated([...senders], round)) {
      if (round % peersEvery === 0 || !isPeer(name)) turns.get(name)![round] = await sender.turn(counts.get(name)!);
    }
  }
  for (const sender of senders.values()) await sender.close();
  return turns;
}

function originOf({ scheme }: Setting, { port: plain, securePort, authority }: Serving): Origin {
  const port = scheme === 'https' ? securePort : plain;
  return { port, url: `${scheme}://127.0.0.1:${port}/`, authority };
}

/**
 * How many requests a turn takes, once the code is warm: it is compiled in the background, for which the fast ones need
 * tens of thousands of requests.
 */
async function warmedUp(sender: SenderProcess, { atOnce, fresh }: Setting, longest: number): Promise<number> {
  const until = performance.now() + longest;
  let count = atOnce;
  for (let sent = 0; sent < (fresh ? 10_000 : 30_000) && performance.now() < until; sent += count) {
    const { rate } = await sender.turn(count);
    count = Math.max(atOnce, Math.ceil(rate * turnTime / 1000));
  }
  return count;
}

/** Nobody always comes after the same one. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function isPeer(name: string): boolean {
  return (peers as readonly string[]).includes(name);
}

function rowsOf(setting: string, turns: ReadonlyMap<string, readonly (Turn | undefined)[]>): Row[] {
  const all = (name: string, figure: keyof Turn): number[] =>
    turns.get(name)?.flatMap((turn) => turn ? [turn[figure]] : []) ?? [];
  /** Of one to the other in each round that both took part in. */
  const row = (
    name: string, figure: keyof Turn, [above, below]: readonly [string, string], bound: Partial<Row> = {},
  ): Row[] => {
    const others = turns.get(below) ?? [];
    const ratios = (turns.get(above) ?? []).flatMap((turn, round) => {
      const other = others[round];
      return turn && other ? [turn[figure] / other[figure]] : [];
    });
    return ratios.length === 0 ? []
      : [{ name: `${setting}: ${name}`, value: median(ratios), unit: '×', spread: spread(ratios), ...bound }];
  };
  return [
    ...[...turns.keys()].map((name) => {
      const rates = all(name, 'rate');
      return { name: `${setting}: ${name}`, value: median(rates), unit: 'requests/s', spread: spread(rates) };
    }),
    ...row('traced, no bytes kept ÷ undici', 'rate', ['bare', 'undici'], { atLeast: 1 }),
    // What the processor time that is allowed for them leaves.
    ...row('traced, bytes kept ÷ undici', 'rate', ['traced', 'undici'], { atLeast: 1 / bytesCost }),
    ...peers.flatMap((peer) => row(`traced ÷ ${peer}`, 'rate', ['traced', peer], { atLeast: 1 })),
    ...row('traced ÷ raw', 'rate', ['traced', 'raw']),
    ...row('processor time, traced ÷ undici', 'cost', ['traced', 'undici']),
    ...row('processor time, no bytes kept ÷ undici', 'cost', ['bare', 'undici']),
    ...row('processor time, bytes kept ÷ not', 'cost', ['traced', 'bare'], { limit: bytesCost }),
  ];
}

// By itself: `node test/bench/send.ts [part of a setting's name] [names of senders, between commas]`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [only = '', among] = process.argv.slice(2);
  printRows(await bench(settings.filter(({ name }) => name.includes(only)), among?.split(',')));
}
