import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from '../../src/httpFile/parse.ts';
import { leastCpu } from './cost.ts';
import { pathological } from './pathological.ts';

describe('the growth of a parse with the text', function () {
  this.timeout(120_000);
  let counts: Record<string, [number, number]>;

  before(() => {
    const script = join(import.meta.dirname, 'countWork.ts');
    counts = JSON.parse(execFileSync(process.execPath, [script, '6000'], { encoding: 'utf8' })) as typeof counts;
  });

  for (const [name, make] of Object.entries(pathological)) {
    it(`is in proportion: ${name}`, () => {
      const [single, double] = counts[name]!;
      // Twice the steps, some for what is done once and for sorting; the square would be four times.
      assert.ok(single > 0 && double <= 2.4 * single + 100, `steps: ${single}, and ${double} for twice the text`);
      inProportion(make, 50_000);
    });
  }
});

/** What is done inside regular expressions and searches is no step of ours: it shows in the CPU time only. */
function inProportion(make: (size: number) => string, size: number): void {
  let last = '';
  for (let attempt = 0; attempt < 4; attempt++) {
    const [single, double] = [size, 2 * size].map((length) => {
      const text = make(length);
      return leastCpu(() => parse(text), 6, 1);
    }) as [number, number];
    if (double <= 2.6 * single + 2) return;
    last = `${single.toFixed(1)} ms, and ${double.toFixed(1)} ms for twice the text`;
  }
  assert.fail(`CPU: ${last}`);
}
