import assert from 'node:assert/strict';
import { ByteReader } from '../../../src/trace/tls/byteReader.ts';
import { distinguishedNames } from '../../../src/trace/tls/distinguishedName.ts';

function der(tag: number, ...parts: readonly (readonly number[])[]): number[] {
  const content = parts.flat();
  return [
    tag, ...(content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255]), ...content,
  ];
}

function part(oid: readonly number[], text: string, tag = 0x0c): number[] {
  return der(0x31, der(0x30, der(6, oid), der(tag, [...Buffer.from(text)])));
}

function listOf(...names: readonly (readonly number[])[]): ByteReader {
  return new ByteReader(Uint8Array.from(names.flatMap((name) => [name.length >> 8, name.length & 255, ...name])));
}

const [country, organisation, common] = [[0x55, 4, 6], [0x55, 4, 10], [0x55, 4, 3]];

describe('names of authorities', () => {
  const cases: [string, number[], string][] = [
    ['the last part first', der(0x30, part(country!, 'KR', 0x13), part(organisation!, 'Ünïcode, Inc.'), part(common!, 'Root')), 'CN=Root, O=Ünïcode\\, Inc., C=KR'],
    ['UTF-16', der(0x30, der(0x31, der(0x30, der(6, common!), der(0x1e, [0xd5, 0x5c, 0xae, 0])))), 'CN=한글'],
    ['a type that nobody knows', der(0x30, part([0x2a, 3], 'x')), '#2a03=x'],
    ['control characters left out', der(0x30, part(common!, 'a\u0007\nb')), 'CN=ab'],
    ['a long one, cut', der(0x30, part(common!, 'x'.repeat(500))), `CN=${'x'.repeat(200)}`],
    ['none', [], '?'],
    ['bytes that are no DER', [1, 2, 3], '?'],
    ['a length beyond the end', [0x30, 0x7f, 1], '?'],
    ['a part without a value', der(0x30, der(0x31, der(0x30, der(6, common!)))), '?'],
  ];
  for (const [what, name, expected] of cases) {
    it(what, () => assert.deepEqual(distinguishedNames(listOf(name)), [expected]));
  }

  it('one after another, and no more than two hundred', () => {
    const name = der(0x30, part(common!, 'A'));
    assert.deepEqual(distinguishedNames(listOf(name, name)), ['CN=A', 'CN=A']);
    assert.equal(distinguishedNames(listOf(...Array<number[]>(300).fill(name))).length, 200);
  });

  it('end with the bytes, wherever they are cut', () => {
    const name = der(0x30, part(common!, 'A'.repeat(190)));
    const whole = [name.length >> 8, name.length & 255, ...name];
    for (let length = 0; length < whole.length; length += 1) {
      assert.ok(distinguishedNames(new ByteReader(Uint8Array.from(whole.slice(0, length)))).length <= 1);
    }
  });
});
