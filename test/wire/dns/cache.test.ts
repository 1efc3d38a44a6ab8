import assert from 'node:assert/strict';
import { createCache, lifetime } from '../../../src/wire/dns/cache.ts';
import type { AnswerRecord, Message } from '../../../src/wire/dns/message.ts';

function message(records: AnswerRecord[], rcode = 'NOERROR'): Message {
  return { rcode, authoritative: false, truncated: false, records };
}

function record(
  type: string,
  ttl: number,
  value = 'x',
  section: AnswerRecord['section'] = 'answer',
): AnswerRecord {
  return { section, name: 'n.test', type, ttl, value };
}

const soa = (ttl: number, minimum: number): AnswerRecord =>
  record('SOA', ttl, `ns.test. admin.test. 1 2 3 4 ${minimum}`, 'authority');

describe('the cache', () => {
  const cases: [what: string, message: Message, seconds: number][] = [
    ['an address', message([record('A', 60)]), 60],
    ['an alias that expires first', message([record('CNAME', 10), record('A', 60)]), 10],
    ['an address with TTL 0', message([record('A', 0)]), 0],
    ['more than a day', message([record('A', 604_800)]), 86_400],
    ['NXDOMAIN by the minimum', message([soa(3600, 30)], 'NXDOMAIN'), 30],
    ['NXDOMAIN by the TTL of the SOA', message([soa(20, 30)], 'NXDOMAIN'), 20],
    ['no data', message([soa(3600, 45)]), 45],
    ['a negative answer of more than three hours', message([soa(99_999, 99_999)]), 10_800],
    ['no data at an alias', message([record('CNAME', 10), soa(3600, 45)]), 10],
    ['a negative answer without SOA', message([], 'NXDOMAIN'), 0],
    ['an alias left open', message([record('CNAME', 25)]), 25],
  ];
  for (const [what, content, seconds] of cases) {
    it(`keeps ${what} ${seconds} s`, () => assert.equal(lifetime(content), seconds));
  }

  it('counts TTLs down and forgets when they have run out', () => {
    let now = 1000;
    const cache = createCache(() => now);
    cache.set('key', message([record('A', 10), record('NS', 5, 'y', 'authority')]));
    now += 7500;
    assert.deepEqual(
      cache.get('key')?.records.map(({ ttl }) => ttl),
      [3, 0],
    );
    now += 2499;
    assert.notEqual(cache.get('key'), undefined);
    now += 1;
    assert.equal(cache.get('key'), undefined);
  });

  it('is bounded: the oldest goes first', () => {
    const cache = createCache(() => 0);
    for (let index = 0; index <= 1000; index += 1)
      cache.set(`key ${index}`, message([record('A', 10)]));
    assert.equal(cache.get('key 0'), undefined);
    assert.notEqual(cache.get('key 1'), undefined);
    assert.notEqual(cache.get('key 1000'), undefined);
  });
});
