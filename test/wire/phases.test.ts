import assert from 'node:assert/strict';
import { createClient } from '../../src/wire/client.ts';
import { measuredPhases, startTruthServer } from '../support/truth.ts';

/** The bench holds each median to 3 ms; here, with whatever else the machine does, the least error must be small. */
const bound = 15;

describe('phases, against servers that delay by known amounts', () => {
  it('are the truth', async function () {
    this.timeout(60_000);
    const truth = await startTruthServer();
    const client = createClient();
    try {
      const all = [];
      for (let round = 0; round < 6; round++) {
        all.push(await truth.measure(async (spec) => (await client.send(spec, { onExchange: () => undefined, onConnection: () => undefined }))[0]!));
      }
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
