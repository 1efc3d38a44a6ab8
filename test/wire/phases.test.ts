import assert from 'node:assert/strict';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { phasesOf } from '../../src/trace/phases.ts';
import { createClient } from '../../src/wire/client.ts';
import type { Client } from '../../src/wire/client.ts';
import { nobody } from '../../src/wire/listener.ts';
import { startDeafServer } from '../support/deafServers.ts';
import { skipped } from '../support/debian.ts';
import { captureObstacle, startCapture } from '../support/packets.ts';
import { measuredPhases, startTruthServer } from '../support/truth.ts';
import { compareWithPackets, witnessed } from '../support/witness.ts';
import type { Distances } from '../support/witness.ts';

/** The bench holds each median to 1.5 ms; here, with whatever else the machine does, one of a few must be small. */
const bound = 15;

function sender(client: Client): (spec: RequestSpec) => Promise<Exchange> {
  return async (spec) => (await client.send(spec, nobody))[0]!;
}

describe('phases, against servers that delay by known amounts', () => {
  it('are the truth', async function () {
    this.timeout(60_000);
    const truth = await startTruthServer();
    const client = createClient();
    try {
      const all = [];
      for (let round = 0; round < 6; round++) all.push(await truth.measure(sender(client)));
      for (const phase of measuredPhases) {
        const errors = all.map((one) => one[phase]).sort((a, b) => a - b);
        assert(errors[2]! < bound, `${phase}: off by ${errors.map((error) => error.toFixed(1)).join(', ')} ms`);
      }
    } finally {
      await client.close();
      await truth.close();
    }
  });
});

describe('phases, against the packets on the wire (dumpcap and tshark)', () => {
  let client: Client;

  before(async function () {
    this.timeout(300_000);
    const obstacle = await captureObstacle();
    if (obstacle === undefined) return;
    skipped(this, `packets cannot be captured here (${obstacle})`);
  });
  beforeEach(() => { client = createClient(); });
  afterEach(() => client.close());

  it('begin and end with them', async function () {
    this.timeout(60_000);
    const truth = await startTruthServer();
    try {
      const exchanges: Exchange[] = [];
      const send = sender(client);
      await truth.measure(send);
      const capture = await startCapture();
      for (let round = 0; round < 6; round++) {
        await truth.measure(async (spec) => {
          const exchange = await send(spec);
          exchanges.push(exchange);
          return exchange;
        });
      }
      const packets = await capture.stop();
      const all = exchanges.map((exchange) => compareWithPackets(exchange, packets, truth.nameServerPort, 40));
      for (const name of witnessed) assertNear(name, all);
    } finally {
      await truth.close();
    }
  });

  it('begin with the SYN and end with the SYN-ACK where the first SYN is lost', async function () {
    this.timeout(60_000);
    const deaf = await startDeafServer();
    try {
      const capture = await startCapture();
      const sent = sender(client)({
        id: 'deaf', method: 'GET', url: `http://127.0.0.1:${deaf.port}/`, headers: [], options: {},
      });
      // The second SYN leaves a second after the first.
      setTimeout(() => deaf.hear(), 300);
      const exchange = await sent;
      const packets = await capture.stop();
      assert.equal(exchange.response?.statusCode, 200, JSON.stringify(exchange.failure));
      const tcp = phasesOf(exchange).find(({ name }) => name === 'tcp')!;
      assert(tcp.duration! > 400, `the first SYN was answered after ${tcp.duration} ms`);
      const distances = compareWithPackets(exchange, packets, 0, 0);
      assert(distances['tcp: SYN']! < bound, `SYN: ${distances['tcp: SYN']}`);
      assert(distances['tcp: SYN-ACK']! < bound, `SYN-ACK: ${distances['tcp: SYN-ACK']}`);
    } finally {
      await deaf.close();
    }
  });
});

/** The middle of a few is small, whatever else the machine does. */
function assertNear(name: (typeof witnessed)[number], all: readonly Distances[]): void {
  const sorted = all.map((one) => one[name] ?? Infinity).sort((a, b) => a - b);
  assert(sorted[2]! < bound, `${name}: off by ${sorted.map((one) => one.toFixed(2)).join(', ')} ms`);
}
