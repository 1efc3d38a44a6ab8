import { deepEqual, equal } from 'node:assert/strict';
import { encode } from 'dns-packet';
import type { DecodedPacket } from 'dns-packet';
import { explainMessage } from '../../src/explain/dnsMessage.ts';
import { lookupWireText } from '../../src/explain/lookupWire.ts';
import { wireDocument } from '../../src/explain/wireDocument.ts';
import { placedMessage } from '../../src/trace/dnsMessage.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';

const step: DnsStep = {
  startAt: 0, at: 1, source: 'name-server', transport: 'udp', question: { name: 'www.lab.test', type: 'A' },
  outcome: 'answered', rcode: 'NOERROR',
};
const whole: Pick<DecodedPacket, 'id' | 'type' | 'flags' | 'questions' | 'answers' | 'authorities' | 'additionals'> = {
  id: 0x0102, type: 'response', flags: 0x0580, questions: [{ type: 'A', name: 'wWw.lab.test' }],
  answers: [
    { type: 'CNAME', name: 'www.lab.test', ttl: 60, data: 'a.lab.test' },
    { type: 'AAAA', name: 'a.lab.test', ttl: 60, data: '2001:db8::7' },
    { type: 'TXT', name: 'a.lab.test', ttl: 60, data: ['hi'] },
  ],
  authorities: [{ type: 'NS', name: 'lab.test', ttl: 300, data: 'ns1.lab.test' }],
  additionals: [
    { type: 'A', name: 'ns1.lab.test', ttl: 300, data: '192.0.2.53' },
    {
      type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0x8000, flag_do: true,
      options: [{ code: 12, type: 'PADDING', length: 4 }],
    },
  ],
};

function answered(bytes: Uint8Array, change: Partial<DnsStep> = {}): { parts: string[]; remarks: readonly string[] } {
  const told = explainMessage(
    { ...step, answerBytes: Buffer.from(bytes).toString('base64'), answerSize: bytes.length, ...change }, 'answer', 'en');
  return { parts: told?.parts.map(({ name, text }) => `${name}: ${text}`) ?? [], remarks: told?.remarks ?? [] };
}

describe('a DNS message', () => {
  const bytes = encode(whole);
  const header = ['ID: 0x0102 (258)', 'Flags: 0x8580: qr aa rd ra, QUERY, NOERROR'];
  const counted = 'Counts: QDCOUNT 1, ANCOUNT 3, NSCOUNT 1, ARCOUNT 2';
  const question = 'Question: wWw.lab.test. IN A';

  it('is told part by part, in the letters that it has', () => {
    deepEqual(answered(bytes), { remarks: [], parts: [
      ...header, counted, question, 'Answer: www.lab.test. 60 IN CNAME a.lab.test.',
      'Answer: a.lab.test. 60 IN AAAA 2001:db8::7', 'Answer: a.lab.test. 60 IN TXT \\# 3 026869',
      'Authority: lab.test. 300 IN NS ns1.lab.test.', 'Additional: ns1.lab.test. 300 IN A 192.0.2.53',
      'EDNS: version 0, UDP answers up to 1,232 octets, do, PADDING 00000000',
    ] });
  });

  it('has the values that were read from it, where they are those of all its records', () => {
    const records = (['answer', 'answer', 'answer', 'authority', 'additional'] as const).map((section, index) =>
      ({ section, name: 'x', type: 'X', value: `value ${index}` }));
    equal(answered(bytes, { records }).parts[6], 'Answer: a.lab.test. 60 IN TXT value 2');
    equal(answered(bytes, { records: records.slice(1) }).parts[6], 'Answer: a.lab.test. 60 IN TXT \\# 3 026869');
  });

  it('leaves no octet out, wherever it is cut', () => {
    for (let size = 12; size <= bytes.length; size += 1) {
      const cut = bytes.subarray(0, size);
      const told = explainMessage({ ...step, queryBytes: cut.toString('base64'), querySize: size }, 'query', 'en');
      let at = 0;
      for (const { start, end } of told?.parts ?? []) {
        equal(start, at);
        at = end;
      }
      equal(at, size);
      equal(told?.remarks.length, size === bytes.length ? 0 : 1);
    }
  });

  it('says what is wrong with it', () => {
    const loop = Buffer.from('000180000001000000000000c00c00010001', 'hex');
    deepEqual(answered(loop).remarks, ['A name in what begins at octet 12 is none, so nothing after it can be read.']);
    deepEqual(answered(bytes.subarray(0, 60)).remarks.length, 1);
    deepEqual(answered(Buffer.from('hello')), {
      parts: [], remarks: ['This is no DNS message: a header takes 12 octets.'],
    });
    deepEqual(answered(Buffer.concat([bytes, Buffer.alloc(3)])).parts.at(-1), 'Rest: 3 octets');
  });

  it('that was kept in part says so, and is not called broken', () => {
    deepEqual(answered(bytes.subarray(0, 60), { answerSize: bytes.length }).remarks, [
      `Its first 60 B are kept, of ${bytes.length} B.`,
    ]);
  });

  it('is not looked for in what came with another status over HTTPS', () => {
    deepEqual(answered(Buffer.from('404: nothing here'), { transport: 'https', outcome: 'error', rcode: undefined }), {
      parts: [], remarks: ['What the server sent over HTTPS is no DNS message.'],
    });
    equal(answered(bytes, { transport: 'https', outcome: 'error', rcode: 'FORMERR' }).parts.length, 10);
  });

  it('is there only where it was kept', () => equal(explainMessage(step, 'query', 'en'), undefined));

  it('stands in the text of the exchange that opened the connection, and of no other', () => {
    const exchange = scenarios.secureNames.exchanges[0]!;
    const text = lookupWireText(exchange, 'en');
    deepEqual(text.match(/^[→←] .*/gm), [
      '→ Query  +6.9 ms  46 B  A www.shop.lab.test  https://dns.test/dns-query over HTTPS',
      '← Answer  +7.4 ms  79 B  A www.shop.lab.test  https://dns.test/dns-query over HTTPS',
      '→ Query  +6.9 ms  46 B  AAAA www.shop.lab.test  https://dns.test/dns-query over HTTPS',
      '← Answer  +7.4 ms  116 B  AAAA www.shop.lab.test  https://dns.test/dns-query over HTTPS',
    ]);
    equal(wireDocument(exchange, 'not-kept', 'en').startsWith(text), true);
    equal(lookupWireText({ ...exchange, reused: true }, 'en'), '');
  });

  it('comes to an end whatever its octets are', () => {
    let seed = 7;
    for (let round = 0; round < 3000; round += 1) {
      const octets = Uint8Array.from({ length: 12 + (round % 90) }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return (seed >>> 16) % 3 === 0 ? 0xc0 : (seed >>> 8) % 16;
      });
      const { end = 0 } = placedMessage(octets) ?? {};
      equal(end >= 12 && end <= octets.length, true);
    }
  });
});
