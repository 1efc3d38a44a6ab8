import assert from 'node:assert/strict';
import { HpackDecoder } from '../../../src/trace/http2/hpack.ts';
import type { HpackField } from '../../../src/trace/http2/hpack.ts';

function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

type Known = readonly [line: string, representation: HpackField['representation'], index?: number];

function fieldsOf(decoder: HpackDecoder, hex: string): Known[] {
  const { fields, isBroken } = decoder.decode(octets(hex));
  assert.equal(isBroken, false);
  return fields.map(({ name, value, representation, index }) => (
    index === undefined ? [`${name}: ${value}`, representation] : [`${name}: ${value}`, representation, index]));
}

/** RFC 7541 Appendix C.2: single fields. */
const representations: readonly [hex: string, field: Known, tableSize: number][] = [
  ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key: custom-header', 'incremental'], 55],
  ['040c 2f73 616d 706c 652f 7061 7468', [':path: /sample/path', 'without-indexing', 4], 0],
  ['1008 7061 7373 776f 7264 0673 6563 7265 74', ['password: secret', 'never-indexed'], 0],
  ['82', [':method: GET', 'indexed', 2], 0],
];

const requests: readonly Known[][] = [
  [
    [':method: GET', 'indexed', 2], [':scheme: http', 'indexed', 6], [':path: /', 'indexed', 4],
    [':authority: www.example.com', 'incremental', 1],
  ],
  [
    [':method: GET', 'indexed', 2], [':scheme: http', 'indexed', 6], [':path: /', 'indexed', 4],
    [':authority: www.example.com', 'indexed', 62], ['cache-control: no-cache', 'incremental', 24],
  ],
  [
    [':method: GET', 'indexed', 2], [':scheme: https', 'indexed', 7], [':path: /index.html', 'indexed', 5],
    [':authority: www.example.com', 'indexed', 63], ['custom-key: custom-value', 'incremental'],
  ],
];

const responses: readonly Known[][] = [
  [
    [':status: 302', 'incremental', 8], ['cache-control: private', 'incremental', 24],
    ['date: Mon, 21 Oct 2013 20:13:21 GMT', 'incremental', 33], ['location: https://www.example.com', 'incremental', 46],
  ],
  [
    [':status: 307', 'incremental', 8], ['cache-control: private', 'indexed', 65],
    ['date: Mon, 21 Oct 2013 20:13:21 GMT', 'indexed', 64], ['location: https://www.example.com', 'indexed', 63],
  ],
  [
    [':status: 200', 'indexed', 8], ['cache-control: private', 'indexed', 65],
    ['date: Mon, 21 Oct 2013 20:13:22 GMT', 'incremental', 33], ['location: https://www.example.com', 'indexed', 64],
    ['content-encoding: gzip', 'incremental', 26],
    ['set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1', 'incremental', 55],
  ],
];

/** Sequences of RFC 7541 Appendix C, with the table's size after each block. */
const sequences: readonly { section: string; blocks: string[]; fields: readonly Known[][]; sizes: number[] }[] = [
  {
    section: 'C.3, requests', fields: requests, sizes: [57, 110, 164],
    blocks: [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d', '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
  },
  {
    section: 'C.4, requests in Huffman code', fields: requests, sizes: [57, 110, 164],
    blocks: [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
  },
  {
    section: 'C.5, responses, with eviction', fields: responses, sizes: [222, 222, 215],
    blocks: [
      `3fe1 01 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120
       474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`.replaceAll('\n', ''),
      '4803 3330 37c1 c0bf',
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d
       4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572
       7369 6f6e 3d31`.replaceAll('\n', ''),
    ],
  },
  {
    section: 'C.6, responses in Huffman code', fields: responses, sizes: [222, 222, 215],
    blocks: [
      `3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
       63c7 8f0b 97c8 e9ae 82ae 43d3`.replaceAll('\n', ''),
      '4883 640e ffc1 c0bf',
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
       cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`.replaceAll('\n', ''),
    ],
  },
];

/** Blocks that break the decoding of all that follows (RFC 7541). */
const broken: readonly [why: string, hex: string][] = [
  ['index 0 (§6.1)', '80'],
  ['an index beyond both tables (§2.3.3)', 'be'],
  ['an integer that does not end (§5.1)', 'ff ff ff ff ff ff ff ff 7f'],
  ['an integer that the block cuts off', 'ff ff'],
  ['a name that the block cuts off', '40 0a 63'],
  ['a value that the block cuts off', '41 0f 77'],
  ['no value', '41'],
  ['EOS in Huffman code (§5.2)', '41 84 ff ff ff ff'],
  ['padding longer than 7 bits (§5.2)', '41 82 1f ff'],
  ['padding that is not EOS\'s beginning (§5.2)', '41 81 00'],
  ['a table beyond all limits (§6.3)', '3f ff ff 7f'],
];

describe('HPACK', () => {
  for (const [hex, [line, representation, index], size] of representations) {
    it(`reads ${line} (RFC 7541 C.2)`, () => {
      const decoder = new HpackDecoder();
      assert.deepEqual(
        fieldsOf(decoder, hex), [index === undefined ? [line, representation] : [line, representation, index]],
      );
      assert.equal(decoder.tableSize.size, size);
    });
  }

  for (const { section, blocks, fields, sizes } of sequences) {
    it(`reads a sequence of blocks (RFC 7541 ${section})`, () => {
      const decoder = new HpackDecoder();
      for (const [index, block] of blocks.entries()) {
        assert.deepEqual(fieldsOf(decoder, block), fields[index]);
        assert.equal(decoder.tableSize.size, sizes[index]);
      }
    });
  }

  it('reads integers (RFC 7541 C.1) and tells the table\'s new sizes (§6.3)', () => {
    const decoder = new HpackDecoder();
    const { tableSizes, tableSizesSize, fields } = decoder.decode(octets('2a 3f9a0a 82'));
    assert.deepEqual(tableSizes, [10, 1337]);
    assert.equal(tableSizesSize, 4);
    assert.deepEqual(fields.map(({ size }) => size), [1]);
    assert.equal(decoder.tableSize.capacity, 1337);
  });

  it('tells how many octets each field took, and what was in Huffman code', () => {
    const { fields } = new HpackDecoder().decode(
      octets('8287 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf 040c 2f73 616d 706c 652f 7061 7468'),
    );
    assert.deepEqual(
      fields.map(({ size, huffman }) => [size, huffman]),
      [[1, undefined], [1, undefined], [20, 'both'], [14, undefined]],
    );
  });

  for (const [why, hex] of broken) {
    it(`is broken for good by ${why}`, () => {
      const decoder = new HpackDecoder();
      assert.equal(decoder.decode(octets(hex)).isBroken, true);
      assert.deepEqual(decoder.decode(octets('82')), {
        fields: [], omitted: 0, tableSizes: [], tableSizesSize: 0, isBroken: true,
      });
    });
  }

  it('keeps the fields before a break', () => {
    const { fields, isBroken } = new HpackDecoder().decode(octets('82 80'));
    assert.deepEqual([fields.length, isBroken], [1, true]);
  });

  it('empties the table for an entry that does not fit into it (§4.4)', () => {
    const decoder = new HpackDecoder();
    decoder.decode(octets('3f 09 41 01 61'));
    assert.deepEqual(decoder.tableSize, { size: 0, capacity: 40 });
    assert.equal(decoder.decode(octets('be')).isBroken, true);
  });

  it('does not grow with a block of few octets that stand for much', () => {
    const decoder = new HpackDecoder();
    const value = Buffer.alloc(4000, 'x');
    decoder.decode(Buffer.concat([octets('41 7f a1 1e'), value]));
    const { fields, omitted, isBroken } = decoder.decode(new Uint8Array(60_000).fill(0xbe));
    assert.equal(isBroken, false);
    assert.equal(fields.length + omitted, 60_000);
    assert.ok(fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0) <= 256 * 1024);
  });

  it('survives any octets', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
    for (let round = 0; round < 20_000; round++) {
      const decoder = new HpackDecoder();
      const block = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      const { fields } = decoder.decode(block);
      assert.ok(fields.length <= block.length);
      assert.ok(decoder.tableSize.size <= decoder.tableSize.capacity);
    }
  });
});
