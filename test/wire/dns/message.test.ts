import assert from 'node:assert/strict';
import { decode, encode } from 'dns-packet';
import { isIP } from 'node:net';
import { decodeAnswer, encodeQuery } from '../../../src/wire/dns/message.ts';
import type { Decoded, Message } from '../../../src/wire/dns/message.ts';
import { a, aaaa, buildReply, cname, rcodes, soa } from './nameServer.ts';
import type { Reply } from './nameServer.ts';

const query = encodeQuery({ name: 'Shop.lab.test', type: 'A' }, 0x1234, true);
const asked = { id: 0x1234, name: 'shop.lab.test', type: 'A' };

function read(reply: Reply): Decoded {
  return decodeAnswer(buildReply(asked, reply), query);
}

function message(decoded: Decoded): Message {
  assert.equal(decoded.kind, 'message', JSON.stringify(decoded));
  return (decoded as { message: Message }).message;
}

/**
 * A header (answer, one question) and the question, then whatever the test puts there as answers.
 */
function raw(answers: number, ...parts: (number[] | Buffer)[]): Buffer {
  const head = buildReply(asked, {});
  head.writeUInt16BE(answers, 6);
  return Buffer.concat([head, ...parts.map((part) => Buffer.from(part))]);
}

/** A record of the question's name (a pointer to offset 12). */
function record(type: number, data: number[], length = data.length): number[] {
  return [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, length >> 8, length & 0xff, ...data];
}

describe('messages', () => {
  it('asks with recursion desired and EDNS of 1232 bytes, or without EDNS', () => {
    const decoded = decode(query.bytes);
    assert.equal(decoded.id, 0x1234);
    assert.ok(decoded.flag_rd);
    assert.deepEqual(decoded.questions, [{ name: 'Shop.lab.test', type: 'A', class: 'IN' }]);
    const [option] = decoded.additionals ?? [];
    assert.equal(option?.type === 'OPT' && option.udpPayloadSize, 1232);
    const plain = encodeQuery({ name: 'shop.lab.test', type: 'AAAA' }, 1, false);
    assert.deepEqual(decode(plain.bytes).additionals, []);
  });

  it('does not encode a name that would become another', () => {
    for (const name of ['a..b', 'x'.repeat(64), 'www\\.victim.test', '']) {
      assert.throws(() => encodeQuery({ name, type: 'A' }, 1, true), RangeError);
    }
  });

  it('reads records with their sections, TTLs and values', () => {
    const { rcode, authoritative, truncated, records } = message(
      read({
        answers: [cname('shop.lab.test', 'Origin.lab.test'), a('origin.lab.test', '192.0.2.7', 30)],
        authorities: [soa('lab.test', 5)],
        additionals: [aaaa('origin.lab.test', '2001:db8:0:0:0:0:0:7')],
      }),
    );
    assert.deepEqual(
      { rcode, authoritative, truncated },
      { rcode: 'NOERROR', authoritative: true, truncated: false },
    );
    assert.deepEqual(records, [
      {
        section: 'answer',
        name: 'shop.lab.test',
        type: 'CNAME',
        ttl: 60,
        value: 'origin.lab.test.',
      },
      { section: 'answer', name: 'origin.lab.test', type: 'A', ttl: 30, value: '192.0.2.7' },
      {
        section: 'authority',
        name: 'lab.test',
        type: 'SOA',
        ttl: 3600,
        value: 'ns.lab.test. admin.lab.test. 7 1 2 3 5',
      },
      {
        section: 'additional',
        name: 'origin.lab.test',
        type: 'AAAA',
        ttl: 60,
        value: '2001:db8::7',
      },
    ]);
  });

  it('writes types it does not know as RFC 3597 does', () => {
    const { records } = message(decodeAnswer(raw(1, record(120, [0, 1, 0])), query));
    assert.deepEqual(
      records.map(({ type, value }) => [type, value]),
      [['TYPE120', '\\# 3 000100']],
    );
  });

  it('completes the rcode from EDNS', () => {
    const option = encode({
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 512,
          extendedRcode: 1,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    }).subarray(12);
    const bytes = Buffer.concat([buildReply(asked, {}), option]);
    bytes.writeUInt16BE(1, 10);
    assert.equal(message(decodeAnswer(bytes, query)).rcode, 'BADVERS');
  });

  it('takes a TTL with the highest bit set as zero, and no other class than IN', () => {
    assert.equal(
      message(read({ answers: [a('shop.lab.test', '192.0.2.7', 0x80000000)] })).records[0]?.ttl,
      0,
    );
    assert.deepEqual(
      message(read({ answers: [{ ...a('shop.lab.test', '192.0.2.7'), class: 'CH' } as never] }))
        .records,
      [],
    );
  });

  it('tells a dot in a label from a dot between labels', () => {
    const forged = [
      11,
      ...Buffer.from('shop.lab.te'),
      0,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      4,
      192,
      0,
      2,
      7,
    ];
    const { records } = message(decodeAnswer(raw(1, forged), query));
    assert.equal(records[0]?.name, 'shop\\.lab\\.te');
  });

  const foreign: [string, Buffer][] = [
    ['another id', buildReply(asked, { id: 0x4321 })],
    ['a query', query.bytes],
    ['another name', buildReply(asked, { question: { name: 'other.lab.test', type: 'A' } })],
    ['another type', buildReply(asked, { question: { name: 'shop.lab.test', type: 'AAAA' } })],
    ['no question in a good answer', buildReply(asked, { withoutQuestion: true })],
    ['three bytes', Buffer.from([0x12, 0x34, 0x80])],
    ['nothing', Buffer.alloc(0)],
  ];
  for (const [what, bytes] of foreign) {
    it(`does not take ${what} for the answer`, () =>
      assert.equal(decodeAnswer(bytes, query).kind, 'foreign'));
  }

  it('takes an error without the question', () => {
    const { rcode } = message(read({ withoutQuestion: true, rcode: rcodes.formerr }));
    assert.equal(rcode, 'FORMERR');
  });

  const malformed: [string, Buffer][] = [
    ['an A record of 3 octets', raw(1, record(1, [127, 0, 0]))],
    ['an A record of 5 octets', raw(1, record(1, [127, 0, 0, 1, 9]))],
    ['an AAAA record of 4 octets', raw(1, record(28, [127, 0, 0, 1]))],
    ['data beyond the end', raw(1, record(1, [127, 0, 0, 1], 400))],
    ['a record that is not there', raw(2, record(1, [127, 0, 0, 1]))],
    ['a CNAME with octets after its name', raw(1, record(5, [1, 0x61, 0, 0xff]))],
    ['a CNAME that points at itself', raw(1, record(5, [0xc0, 43]))],
    ['a CNAME that points ahead', raw(1, record(5, [0xc0, 200]))],
    ['a CNAME that points into the header', raw(1, record(5, [0xc0, 4]))],
    ['a label of a reserved kind', raw(1, record(5, [0x41, 0x61, 0]))],
    ['an SOA of 3 octets', raw(1, record(6, [0, 0, 0]))],
    ['a name cut short', raw(1, [9, 0x61])],
  ];
  for (const [what, bytes] of malformed) {
    it(`finds ${what} malformed`, () => assert.equal(decodeAnswer(bytes, query).kind, 'malformed'));
  }

  it('follows many pointers only so far', () => {
    // Each pointer leads to the one before, which is allowed, but thousands of them are not.
    const pointers = Array.from(
      { length: 3000 },
      (_, index) => 0xc000 | (index === 0 ? 12 : 43 + 2 * (index - 1)),
    );
    const data = pointers.flatMap((pointer) => [pointer >> 8, pointer & 0xff]);
    const last = 0xc000 | (43 + 2 * 2999);
    const bytes = raw(2, record(65, data), [
      last >> 8,
      last & 0xff,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      4,
      1,
      2,
      3,
      4,
    ]);
    const decoded = decodeAnswer(bytes, query);
    assert.deepEqual(decoded, {
      kind: 'malformed',
      reason: 'too many compression pointers in a name',
    });
  });

  it('does not use what is in a truncated answer that ends in the middle', () => {
    const bytes = buildReply(asked, {
      truncated: true,
      answers: [a('shop.lab.test', '192.0.2.7')],
    });
    const { truncated, records } = message(
      decodeAnswer(bytes.subarray(0, bytes.length - 3), query),
    );
    assert.deepEqual({ truncated, records }, { truncated: true, records: [] });
  });

  it('survives 20,000 mutated answers, and gives only real addresses', () => {
    const seed = buildReply(asked, {
      answers: [
        cname('shop.lab.test', 'origin.lab.test'),
        a('origin.lab.test', '192.0.2.7'),
        aaaa('origin.lab.test', '::1'),
        { type: 'TXT', name: 'shop.lab.test', data: ['x', 'y'] },
        { type: 'MX', name: 'lab.test', data: { exchange: 'm.lab.test' } },
      ],
      authorities: [soa('lab.test', 5)],
      additionals: [
        {
          type: 'NSEC',
          name: 'lab.test',
          data: { nextDomain: 'a.lab.test', rrtypes: ['A', 'TXT'] },
        },
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 1232,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [{ code: 12, data: Buffer.alloc(4) }],
        } as never,
      ],
    });
    const random = generator(20_250_101);
    const kinds = new Set<string>();
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = mutate(seed, random);
      const decoded = decodeAnswer(bytes, query);
      kinds.add(decoded.kind);
      if (decoded.kind === 'message') checkValues(decoded.message, bytes);
    }
    assert.deepEqual([...kinds].sort(), ['foreign', 'malformed', 'message']);
  });
});

function checkValues({ records }: Message, bytes: Buffer): void {
  for (const { type, value, ttl } of records) {
    const family = { A: 4, AAAA: 6 }[type];
    if (family !== undefined) assert.equal(isIP(value), family, bytes.toString('hex'));
    assert.ok(Number.isInteger(ttl) && ttl >= 0);
  }
}

/** Changes up to six octets after the header's id, and sometimes the length. */
function mutate(seed: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(seed);
  for (let left = 1 + random(6); left > 0; left -= 1)
    bytes[2 + random(bytes.length - 2)] = random(256);
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

/** A linear congruential generator: the same mutations in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
