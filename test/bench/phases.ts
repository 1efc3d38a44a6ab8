// How far the phases are from the truth: servers delay the name server's answer, the ServerHello, the first
// byte and the last by known amounts; and dumpcap sees the packets, where it may. With the client in this process, and
// with the engine as a process of its own while this one, as an extension host may, is busy 25 of every 35 ms.
import { pathToFileURL } from 'node:url';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createClient } from '../../src/wire/client.ts';
import { printRows } from '../support/benchServing.ts';
import { buildEngine, startEngine } from '../support/engineProcess.ts';
import { captureObstacle, startCapture } from '../support/packets.ts';
import { measuredPhases, startTruthServer } from '../support/truth.ts';
import type { Errors, TruthServer } from '../support/truth.ts';
import { compareWithPackets, witnessed } from '../support/witness.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

const rounds = 15;

/** For the middle of the errors and for nine tenths of them, ms. */
const limits = { median: 1.5, most: 2.5 } as const;
/** To the packet that begins or ends a phase, ms. */
const packetLimit = 1;

/** Errors, ms. */
export async function bench(): Promise<Row[]> {
  const truth = await startTruthServer();
  const built = await buildEngine();
  const engine = startEngine(built.path);
  const client = createClient();
  const silent = { onExchange: () => undefined, onConnection: () => undefined };
  const inProcess = async (spec: RequestSpec): Promise<Exchange> => (await client.send(spec, silent))[0]!;
  const inEngine = async (spec: RequestSpec): Promise<Exchange> => (await engine.send(spec))[0]!;
  try {
    await engine.next('ready');
    return [
      ...rowsOf('client in this process, idle', await errorsOf(truth, inProcess), limits),
      ...rowsOf('engine process, host idle', await errorsOf(truth, inEngine), limits),
      ...rowsOf('engine process, host busy 25 of 35 ms', await whileBusy(() => errorsOf(truth, inEngine)), limits),
      ...rowsOf('client in this process, busy 25 of 35 ms', await whileBusy(() => errorsOf(truth, inProcess))),
      ...await packetRows(truth, inEngine),
    ];
  } finally {
    await client.close();
    await engine.end();
    await built.remove();
    await truth.close();
  }
}

async function errorsOf(truth: TruthServer, send: (spec: RequestSpec) => Promise<Exchange>): Promise<Errors[]> {
  const all: Errors[] = [];
  for (let round = 0; round <= rounds; round++) {
    const errors = await truth.measure(send);
    // The first one warms up.
    if (round > 0) all.push(errors);
  }
  return all;
}

async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    const until = performance.now() + 25;
    while (performance.now() < until);
  }, 35);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function rowsOf(name: string, errors: readonly Errors[], limit?: typeof limits): Row[] {
  return measuredPhases.flatMap((phase) => {
    const all = errors.map((one) => one[phase]);
    return [
      { name: `${name}: ${phase}`, value: median(all), unit: 'ms', ...(limit ? { limit: limit.median } : {}) },
      { name: `${name}: ${phase}, 9 of 10`, value: ninth(all), unit: 'ms', ...(limit ? { limit: limit.most } : {}) },
    ];
  });
}

/** Nine of ten are no larger. */
function ninth(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.9) - 1]!;
}

async function packetRows(truth: TruthServer, send: (spec: RequestSpec) => Promise<Exchange>): Promise<Row[]> {
  const obstacle = await captureObstacle();
  if (obstacle !== undefined) {
    console.log(`packets cannot be captured here: ${obstacle}`);
    return [];
  }
  const exchanges: Exchange[] = [];
  const capture = await startCapture();
  await errorsOf(truth, async (spec) => {
    const exchange = await send(spec);
    exchanges.push(exchange);
    return exchange;
  });
  const packets = await capture.stop();
  const all = exchanges.slice(1).map((exchange) => compareWithPackets(exchange, packets, truth.nameServerPort, 40));
  return witnessed.map((name) => ({
    name: `engine process, packet of ${name}`, value: median(all.map((one) => one[name] ?? Infinity)), unit: 'ms',
    limit: packetLimit,
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printRows(await bench());
