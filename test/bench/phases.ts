// How far the phases are from the truth: servers delay the name server's answer, the ServerHello, the first
// byte and the last by known amounts. With the client in this process, and with the engine as a process of
// its own while this one, as an extension host may, is busy 25 of every 35 ms.
import { pathToFileURL } from 'node:url';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createClient } from '../../src/wire/client.ts';
import { printRows } from '../support/benchServing.ts';
import { buildEngine, startEngine } from '../support/engineProcess.ts';
import { measuredPhases, startTruthServer } from '../support/truth.ts';
import type { Errors, TruthServer } from '../support/truth.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

const rounds = 15;

/** Median errors, ms. */
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
      ...rowsOf('client in this process, idle', await errorsOf(truth, inProcess), 3),
      ...rowsOf('engine process, host idle', await errorsOf(truth, inEngine), 3),
      ...rowsOf('engine process, host busy 25 of 35 ms', await whileBusy(() => errorsOf(truth, inEngine)), 3),
      ...rowsOf('client in this process, busy 25 of 35 ms', await whileBusy(() => errorsOf(truth, inProcess))),
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

function rowsOf(name: string, errors: readonly Errors[], limit?: number): Row[] {
  const medians = measuredPhases.map((phase) => median(errors.map((one) => one[phase])));
  const sum = medians.reduce((total, value) => total + value, 0);
  return [
    ...measuredPhases.map((phase, index) => ({
      name: `${name}: ${phase}`, value: medians[index]!, unit: 'ms', ...(limit === undefined ? {} : { limit }),
    })),
    { name: `${name}: sum`, value: sum, unit: 'ms' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printRows(await bench());
