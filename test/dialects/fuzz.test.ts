import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import { leastCpu } from './cost.ts';
import { mutatedInput } from './mutate.ts';
import { checkTree } from './roundTrip.ts';
import { fuzzSeeds } from './seeds.ts';
import { followsEdits, servicesOver } from './services.ts';

// ROUNDTRIP_FUZZ=200000 takes more inputs; ROUNDTRIP_FUZZ_SEED=123 only the one that a failure named.

const count = Number(process.env.ROUNDTRIP_FUZZ ?? 10_000);
const only = process.env.ROUNDTRIP_FUZZ_SEED;

/**
 * What a parse may cost. The constant covers a collection of garbage and code that is compiled just then; what is added
 * for each request and problem, texts of nothing but those: a megabyte of `curl a` holds a hundred thousand requests,
 * one of lines that are no header half a million problems.
 */
const msPerMegabyte = 50;
const constantMs = 10;
/** A request of two characters is still a request with all it holds; the processor's time counts the collector's. */
const msPerNode = 0.01;

/** CPU seconds for each test; a slow machine tries fewer inputs rather than holding up everybody. */
const budgetMs = only === undefined && count <= 10_000 ? 15_000 : Infinity;

type Check = (text: string, seed: number) => void | Promise<void>;

describe('request files nobody would write', function () {
  this.timeout(0);
  const seeds = fuzzSeeds();

  /** Runs a check over the inputs until the budget is spent; fails with the seed and the start of the input. */
  async function over(largest: number, share: number, check: Check): Promise<void> {
    const start = process.cpuUsage();
    const [from, to] = only === undefined ? [0, count] : [Number(only), Number(only) + 1];
    let tried = 0;
    for (let seed = from; seed < to; seed += share) {
      const text = mutatedInput(seed, seeds);
      if (text.length > largest) continue;
      tried++;
      await attempt(seed, text, check);
      if (tried % 100 === 0 && spent(start) > budgetMs) break;
    }
    assert.ok(tried > 0 && (budgetMs === Infinity || tried >= 500), `only ${tried} inputs could be tried`);
  }

  it(`parses each of ${count} within ${msPerMegabyte} ms a megabyte, and never throws`, async () => {
    await over(Infinity, 1, (text) => {
      const perByte = constantMs + msPerMegabyte * text.length / 1e6;
      const cost = leastCpu(() => parse(text), 6, perByte);
      const { requests, elements, variables, problems } = parse(text);
      const nodes = requests.length + elements.length + variables.length + problems.length;
      const limit = perByte + msPerNode * nodes;
      assert.ok(cost <= limit, `took ${cost.toFixed(1)} ms of CPU, more than ${limit.toFixed(1)}`);
    });
  });

  it('accounts in the tree for every character', async () => {
    await over(50_000, 1, (text) => checkTree(text, parse(text)));
  });

  it('answers the editor without an exception and with places inside the text', async () => {
    await over(8_000, 5, servicesOver);
  });

  it('follows edits as if the text were read anew', async () => {
    await over(8_000, 4, followsEdits);
  });
});

function spent(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function attempt(seed: number, text: string, check: Check): Promise<void> {
  try {
    await check(text, seed);
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error);
    const start = JSON.stringify(text.slice(0, 600));
    assert.fail(`ROUNDTRIP_FUZZ_SEED=${seed}, ${text.length} characters: ${start}\n${why}`);
  }
}
