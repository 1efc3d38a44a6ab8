import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import { explainFailure, failureMessage, failureStatus } from '../../src/explain/failure.ts';
import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { Failure } from '../../src/trace/failure.ts';
import type { RequestSpec, SendOptions } from '../../src/trace/request.ts';
import type { Client } from '../../src/wire/client.ts';
import { monotonicNow } from '../../src/wire/clock.ts';
import { assertComplete, createBench, sendOne, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { watchSockets } from './heldSockets.ts';

// What every faulty server is tried with: the outcome, its words, and that nothing is left behind.

/** How a fault is to end. */
export type Outcome = Pick<Failure, 'phase' | 'code'>;

/** Limits that a stalled server meets soon, and others do not on a busy machine, ms. */
export const shortLimits: NonNullable<SendOptions['timeouts']> = { connect: 1_500, tls: 1_000, head: 1_000, idle: 1_000, total: 30_000 };

/** That it ended as it should; a failure says where, in both languages, and what is there is complete or not. */
export function assertOutcome(exchange: Exchange, outcome: Outcome): void {
  const { failure } = exchange;
  assert(failure, `no failure, but ${exchange.response?.statusCode}, complete: ${exchange.response?.complete}`);
  assert.deepEqual([failure.phase, failure.code], [outcome.phase, outcome.code], JSON.stringify(failure));
  assert.equal(exchange.events.filter(({ type }) => type === 'failed').length, 1);
  assert.notEqual(exchange.response?.complete, true, 'what failed is not complete');
  assert(failure.host !== undefined && failure.host !== '', 'it says which host');
  for (const language of ['en', 'ko'] as const) {
    const { title, text, steps } = explainFailure(failure, exchange, language);
    assert(title.length > 3 && text.length > 10 && steps.length > 0, `${language}: ${title} ${text}`);
    assert.doesNotMatch(`${title} ${text} ${steps.map((step) => step.text).join(' ')}`, /undefined|NaN|\{\w+\}/);
    assert(failureMessage(failure, exchange, language).length > 20 && failureStatus(failure, language).length > 3);
  }
}

/** A bench beside which a good server runs, to show that the client is as good as before. */
export interface Ward {
  readonly bench: Bench;
  /** Sends to a good server with the same client. */
  assertUsable(client?: Client): Promise<void>;
  /** A request to a port of loopback that meets its limits soon. */
  spec(port: number, more?: Partial<RequestSpec>): RequestSpec;
}

/**
 * One ward for each test of the suite. After it every origin that was sent to has room for a request more, no
 * connection is open once the client has closed what is idle, and without the client nothing is left at all.
 */
export function wardForEach(): Ward {
  let bench: Bench;
  let good: number;
  let known: Record<string, number>;
  let left: ReturnType<typeof watchSockets>;
  const tries: Try[] = [];
  beforeEach(async () => {
    known = await census();
    tries.length = 0;
    bench = watched(createBench(), tries);
    left = watchSockets(bench.held);
    good = await bench.serve(http.createServer((_request, response) => response.end('good')));
  });
  afterEach(async () => {
    try {
      await assertRoom(tries);
      for (const client of new Set(tries.map((one) => one.client))) client.closeConnections();
      assert.deepEqual(await left(), [], 'still open while the client lives');
    } finally {
      await bench.close();
    }
    await assertNothingLeft(known);
  });
  return {
    get bench() { return bench; },
    assertUsable: async (client = bench.client) => {
      assertComplete(await sendOne(client, specOf(`http://127.0.0.1:${good}/`)));
    },
    spec: (port, more = {}) => specOf(`http://127.0.0.1:${port}/`, {
      ...more, options: { ...more.options, timeouts: { ...shortLimits, ...more.options?.timeouts } },
    }),
  };
}

/** What was sent, and with which client. */
interface Try {
  readonly client: Client;
  readonly spec: RequestSpec;
}

/** The bench, whose clients note what they send. */
function watched(bench: Bench, tries: Try[]): Bench {
  let first: Client | undefined;
  const noting = (client: Client): Client => ({
    ...client,
    send: (spec, listener, signal) => {
      tries.push({ client, spec });
      return client.send(spec, listener, signal);
    },
  });
  return {
    ...bench,
    get client() { return first ??= noting(bench.client); },
    newClient: (options) => noting(bench.newClient(options)),
  };
}

/** Less than an idle connection is kept, ms: the end of one would make room. */
const roomWait = 2_000;

/** That each origin takes a request where it may have a single connection: none is counted that is not there. */
async function assertRoom(tries: readonly Try[]): Promise<void> {
  const origins = new Map(tries.map((one) => [`${one.spec.httpVersion} ${new URL(one.spec.url).origin}`, one]));
  for (const { client, spec } of origins.values()) {
    const controller = new AbortController();
    const options = { ...spec.options, maxConnections: 1, forceNewConnection: false };
    const [exchange] = await client.send({ ...spec, options, body: [] }, {
      onExchange: ({ events }) => {
        if (events.some(({ type }) => type === 'connection-assigned')) controller.abort();
      },
      onConnection: () => undefined,
    }, AbortSignal.any([controller.signal, AbortSignal.timeout(roomWait)]));
    const isAssigned = exchange!.events.some(({ type }) => type === 'connection-assigned');
    assert(isAssigned, `${spec.url} has no room left: ${JSON.stringify(exchange!.events)}`);
  }
}

/** Sends, and cancels a little after an event of that type was seen: of the exchange or of its connection. */
export async function cancelledAfter(
  client: Client, spec: RequestSpec, type: ExchangeEvent['type'] | ConnectionEvent['type'],
): Promise<Exchange> {
  const controller = new AbortController();
  let at = Infinity;
  const look = ({ events }: { readonly events: readonly { readonly type: string }[] }): void => {
    if (at === Infinity && events.some((event) => event.type === type)) {
      setTimeout(() => {
        at = monotonicNow();
        controller.abort();
      }, 20);
    }
  };
  const [exchange] = await client.send(spec, { onExchange: look, onConnection: look }, controller.signal);
  assert(exchange!.endAt! - at < 1_000, 'SAFETY: within a second');
  return exchange!;
}

/** What keeps this process alive by now: sockets, servers, timers, processes; counted by kind. */
async function census(): Promise<Record<string, number>> {
  // The test's own timer begins with its first turn.
  await new Promise(setImmediate);
  return handles();
}

function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const counted = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'UDPWrap', 'Timeout', 'PipeWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap'];

/** That nothing is left that was not there before; a handle takes some turns of the loop to close. */
async function assertNothingLeft(before: Record<string, number>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (counted.every((kind) => (handles()[kind] ?? 0) <= (before[kind] ?? 0))) return;
    await (turn < 50 ? new Promise(setImmediate) : fsTurn());
  }
  const now = handles();
  assert.fail(`left behind: ${counted.filter((kind) => (now[kind] ?? 0) > (before[kind] ?? 0)).map((kind) => `${kind} ${before[kind] ?? 0} → ${now[kind]}`).join(', ')}`);
}

/** A turn that waits for the system. */
function fsTurn(): Promise<unknown> {
  return readdir('/');
}
