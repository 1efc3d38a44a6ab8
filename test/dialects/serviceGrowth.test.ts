import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { services, texts } from './serviceWork.ts';

describe('the growth of answers to the editor with the text', function () {
  this.timeout(240_000);
  let counts: Record<string, Record<string, [number, number]>>;

  before(() => {
    const script = join(import.meta.dirname, 'countServiceWork.ts');
    const printed = execFileSync(process.execPath, [script, '3000'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
    counts = JSON.parse(printed) as typeof counts;
  });

  for (const name of Object.keys(texts)) {
    it(`is in proportion: ${name}`, () => {
      const steep = Object.keys(services).flatMap((service) => {
        const [single, fourfold] = counts[name]![service]!;
        assert.ok(fourfold > 0, `${service} does something`);
        // Four times the steps, some more for halving and sorting, and blocks that are counted with those around them
        // in one of the two only; the square would be sixteen times.
        return fourfold <= 9 * single + 600 ? [] : [`${service}: ${single}, and ${fourfold} for four times the text`];
      });
      assert.deepEqual(steep, []);
    });
  }
});
