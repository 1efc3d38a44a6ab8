import assert from 'node:assert/strict';
import { canonicalName, isWithin, nameProblem } from '../../../src/wire/dns/name.ts';

describe('names', () => {
  const label63 = 'a'.repeat(63);
  // 3 × 64 + 61 = 253 characters, 255 octets on the wire.
  const longest = `${label63}.${label63}.${label63}.${'b'.repeat(61)}`;
  const cases: [name: string, problem: string | undefined][] = [
    ['shop.lab.test', undefined],
    ['shop.lab.test.', undefined],
    ['xn--bcher-kva.example', undefined],
    ['_dmarc.example', undefined],
    [`${label63}.test`, undefined],
    [longest, undefined],
    [`${longest}.`, undefined],
    ['', 'empty'],
    ['.', 'empty'],
    ['a..b', 'empty-label'],
    ['.a', 'empty-label'],
    ['a..', 'empty-label'],
    [`${label63}a.test`, 'label-too-long'],
    [`${longest}c`, 'name-too-long'],
    ['www\\.victim.test', 'forbidden-character'],
    ['bücher.example', 'forbidden-character'],
    ['a b.test', 'forbidden-character'],
    ['a\0b.test', 'forbidden-character'],
  ];
  for (const [name, problem] of cases) {
    it(`${JSON.stringify(name.slice(0, 40))}: ${problem ?? 'may be asked'}`, () => {
      assert.equal(nameProblem(name), problem);
    });
  }

  it('compares names without case and trailing dot, and zones at label boundaries', () => {
    assert.equal(canonicalName('Shop.LAB.test.'), 'shop.lab.test');
    assert.ok(isWithin('shop.lab.test', 'lab.test'));
    assert.ok(isWithin('lab.test', 'lab.test'));
    assert.ok(isWithin('anything.example', ''));
    assert.ok(!isWithin('collab.test', 'lab.test'));
  });
});
