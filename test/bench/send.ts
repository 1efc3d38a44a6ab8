// Requests per second of a traced send, against the clients others use and a raw socket, all in one run.
import { pathToFileURL } from 'node:url';
import { printRows, startServing } from '../support/benchServing.ts';
import type { Serving } from '../support/benchServing.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';
import type { Origin, Setting } from './senders/sender.ts';
import { startSender } from './senders/turn.ts';
import type { SenderProcess, Turn } from './senders/turn.ts';

const settings: readonly Setting[] = (['http', 'https'] as const).flatMap((scheme) => [
  { name: `${scheme} kept-alive, one by one`, scheme, fresh: false, atOnce: 1 },
  { name: `${scheme} fresh, one by one`, scheme, fresh: true, atOnce: 1 },
  { name: `${scheme} kept-alive, 50 at once`, scheme, fresh: false, atOnce: 50 },
  { name: `${scheme} fresh, 50 at once`, scheme, fresh: true, atOnce: 50 },
]);

const peers = ['fetch', 'got', 'axios', 'httpYac'] as const;
const names = ['traced', 'undici', 'bare', ...peers, 'raw'] as const;

const rounds = 11;
/** A turn of one sender in a round takes about so long, ms: short ones meet the same weather. */
const turnTime = 40;

/** In each round all take turns, so that a slow moment of the machine hits all; the ratios are those of a round. */
export async function bench(wanted: readonly Setting[] = settings, among: readonly string[] = names): Promise<Row[]> {
  const serving = await startServing();
  const senders = new Map(among.map((name) => [name, startSender(name)]));
  const rows: Row[] = [];
  try {
    for (const setting of wanted) rows.push(...await compare(setting, serving, senders));
  } finally {
    for (const sender of senders.values()) sender.end();
    await serving.close();
  }
  return rows;
}

async function compare(
  setting: Setting, serving: Serving, senders: ReadonlyMap<string, SenderProcess>,
): Promise<Row[]> {
  const counts = new Map<string, number>();
  for (const [name, sender] of senders) {
    await sender.open(originOf(setting, serving), setting);
    counts.set(name, await warmedUp(sender, setting));
  }
  const turns = new Map<string, Turn[]>([...senders.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, sender] of senders) turns.get(name)!.push(await sender.turn(counts.get(name)!));
  }
  for (const sender of senders.values()) await sender.close();
  return rowsOf(setting.name, turns);
}

function originOf({ scheme }: Setting, { port: plain, securePort, authority }: Serving): Origin {
  const port = scheme === 'https' ? securePort : plain;
  return { port, url: `${scheme}://127.0.0.1:${port}/`, authority };
}

/** How many requests a turn takes, once the code is warm. */
async function warmedUp(sender: SenderProcess, { atOnce }: Setting): Promise<number> {
  let count = atOnce;
  for (const share of [2, 5, 5, 1]) {
    const { rate } = await sender.turn(count);
    count = Math.max(atOnce, Math.ceil(rate * share * turnTime / 1000));
  }
  return count;
}

function rowsOf(setting: string, turns: ReadonlyMap<string, readonly Turn[]>): Row[] {
  const ratio = (figure: keyof Turn, a: string, b: string): number | undefined => {
    const [above, below] = [turns.get(a), turns.get(b)];
    return above && below && median(above.map((turn, at) => turn[figure] / below[at]![figure]));
  };
  const row = (name: string, value: number | undefined, bound: Partial<Row> = {}): Row[] =>
    value === undefined ? [] : [{ name: `${setting}: ${name}`, value, unit: '×', ...bound }];
  return [
    ...[...turns].map(([name, all]) => ({
      name: `${setting}: ${name}`, value: median(all.map(({ rate }) => rate)), unit: 'requests/s',
    })),
    ...row('traced ÷ undici', ratio('rate', 'traced', 'undici'), { atLeast: 1 }),
    ...row('traced, no bytes kept ÷ undici', ratio('rate', 'bare', 'undici'), { atLeast: 1 }),
    ...peers.flatMap((peer) => row(`traced ÷ ${peer}`, ratio('rate', 'traced', peer), { atLeast: 1 })),
    ...row('traced ÷ raw', ratio('rate', 'traced', 'raw')),
    ...row('processor time, traced ÷ undici', ratio('cost', 'traced', 'undici')),
    ...row('processor time, bytes kept ÷ not', ratio('cost', 'traced', 'bare'), { limit: 1.25 }),
  ];
}

// By itself: `node test/bench/send.ts [part of a setting's name] [names of senders, between commas]`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [only = '', among] = process.argv.slice(2);
  printRows(await bench(settings.filter(({ name }) => name.includes(only)), among?.split(',')));
}
