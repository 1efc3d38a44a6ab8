import assert from 'node:assert/strict';
import { explainDnsStep } from '../../src/explain/nameStep.ts';
import { explainStepDetails } from '../../src/explain/stepDetails.ts';
import { nameStepTexts } from '../../src/explain/text/nameStep.ts';
import type { DnsRecord, DnsStep } from '../../src/trace/dnsStep.ts';

const soa: DnsRecord = { section: 'authority', name: 'test', type: 'SOA', ttl: 300, value: 'a. b. 1 2 3 4 45' };
const address: DnsRecord = { section: 'answer', name: 'a.test', type: 'A', ttl: 60, value: '192.0.2.1' };

function step(change: Partial<DnsStep>): DnsStep {
  return {
    at: 1, startAt: 0, source: 'name-server', server: '127.0.0.1:53', zone: 'test', purpose: 'name',
    question: { name: 'a.test', type: 'A' }, outcome: 'answered', ...change,
  };
}

describe('a sentence on a step of a name lookup', () => {
  const cases: [id: keyof typeof nameStepTexts, change: Partial<DnsStep>][] = [
    ['resolve', { source: 'resolve', zone: undefined }],
    ['referral', { outcome: 'referral', referral: { zone: 'a.test', servers: ['ns.a.test'], glue: [{ name: 'ns.a.test', address: '192.0.2.1' }] } }],
    ['referral-without-glue', { outcome: 'referral', referral: { zone: 'a.test', servers: ['ns.b.test'], glue: [] } }],
    ['minimised-passed', { purpose: 'minimised', outcome: 'no-data' }],
    ['minimised-passed', { purpose: 'minimised', outcome: 'answered', alias: 'b.test' }],
    ['minimised-failed', { purpose: 'minimised', outcome: 'name-error' }],
    ['alias', { alias: 'b.test' }],
    ['answer', { records: [address] }],
    ['answer', { purpose: 'alias', records: [address] }],
    ['server-address', { purpose: 'server-address', records: [address] }],
    ['service', { purpose: 'service', question: { name: 'a.test', type: 'HTTPS' }, records: [{ ...address, type: 'HTTPS', value: '1 . alpn=h2' }] }],
    ['service-none', { purpose: 'service', outcome: 'no-data' }],
    ['peer-name', { purpose: 'peer-name', question: { name: 'x', type: 'PTR' }, records: [{ ...address, type: 'PTR', value: 'a.test.' }] }],
    ['peer-name-none', { purpose: 'peer-name', outcome: 'name-error', records: [soa] }],
    ['no-data', { outcome: 'no-data' }],
    ['no-data-ttl', { outcome: 'no-data', records: [soa] }],
    ['name-error', { outcome: 'name-error' }],
    ['name-error-ttl', { outcome: 'name-error', records: [soa] }],
    ['lame', { outcome: 'lame' }],
    ['lame', { outcome: 'refused' }],
    ['lame', { outcome: 'refused', purpose: 'minimised' }],
    ['server-failure', { outcome: 'server-failure' }],
    ['timeout', { outcome: 'timeout' }],
    ['truncated', { truncated: true }],
    ['malformed', { outcome: 'malformed', message: 'cut short' }],
    ['error', { outcome: 'error', message: 'refused' }],
    ['service-address', { purpose: 'service-address', zone: undefined, records: [address] }],
    ['service-address-none', { purpose: 'service-address', outcome: 'no-data' }],
    ['cached', { source: 'cache', zone: undefined, purpose: undefined, ttlLeft: 37 }],
    ['reopened', { zone: undefined, connection: { reused: false, serverName: 'a', version: 'TLSv1.3', cipher: 'x', reopened: true } }],
    ['system', { source: 'getaddrinfo', zone: undefined, purpose: undefined, system: {
      call: { name: 'a', family: 'AF_UNSPEC', socketType: 'SOCK_STREAM' }, candidates: ['a'], search: [], ndots: 1, servers: [] } }],
  ];
  for (const [id, change] of cases) {
    for (const language of ['en', 'ko'] as const) {
      it(`${id} ${JSON.stringify(change).slice(0, 60)} in ${language}`, () => {
        const sentence = explainDnsStep(step(change), language) ?? '';
        const pattern = nameStepTexts[id][language].replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+');
        assert.match(sentence, new RegExp(`^${pattern}$`));
        assert.doesNotMatch(sentence, /\{\w+\}/);
      });
    }
  }

  it('says all that there is to say', () => {
    const joined = ['cached-walk', 'cached-here', 'forgotten', 'left-out', 'reason-aliases', 'reason-behind', 'reason-cancelled', 'reason-loop'];
    assert.deepEqual(new Set([...cases.map(([id]) => id), ...joined]), new Set(Object.keys(nameStepTexts)));
  });

  it('gives reasons of our own in the reader’s language, and only once', () => {
    const told = (message: string): string[] => {
      const failed = step({ outcome: 'error', message });
      return [explainDnsStep(failed, 'ko') ?? '', ...explainStepDetails(failed, 'ko')];
    };
    assert.deepEqual(told('cancelled'), ['이 서버에서 답을 얻지 못했습니다: 답이 오기 전에 요청이 중단됨.']);
    assert.deepEqual(told('a loop of CNAME records at a.test'), ['이 서버에서 답을 얻지 못했습니다: a.test에서 되풀이되는 별칭(CNAME).']);
    assert.deepEqual(
      told('more than 16 CNAME records'), ['이 서버에서 답을 얻지 못했습니다: 별칭(CNAME)이 한도(16개)보다 많음.'],
    );
    assert.deepEqual(
      told('closed behind a question without a whole answer'),
      ['이 서버에서 답을 얻지 못했습니다: HTTP/1.1에서 앞선 질의가 온전한 응답을 받지 못해 연결을 닫음.'],
    );
    assert.deepEqual(told('connect ECONNRESET'), ['이 서버에서 답을 얻지 못했습니다: connect ECONNRESET.']);
  });

  it('adds how long what an earlier walk has learnt may still be used', () => {
    const cached = step({ source: 'cache', outcome: 'no-data', ttlLeft: 37 });
    assert.equal(
      explainDnsStep(cached, 'en'),
      'The name is there but has no A record. Known from an earlier walk, cached: 37 s left.',
    );
    assert.equal(explainDnsStep(cached, 'ko'), '이름은 있지만 A 레코드가 없습니다. 이전 조회에서 알게 된 내용이며 캐시에 37초 남았습니다.');
  });

  it('tells what this walk has learnt from what earlier ones have', () => {
    const cached = step({ source: 'cache', outcome: 'no-data', ttlLeft: 37, learntHere: true });
    assert.equal(explainDnsStep(cached, 'en'), 'The name is there but has no A record. Known from a step above, cached: 37 s left.');
    assert.equal(explainDnsStep(cached, 'ko'), '이름은 있지만 A 레코드가 없습니다. 위의 단계에서 알게 된 내용이며 캐시에 37초 남았습니다.');
  });

  it('says how many name servers a limit leaves out', () => {
    const servers = ['ns1.a.test', 'ns2.a.test'];
    const referral = step({ outcome: 'referral', referral: { zone: 'a.test', servers, glue: [], leftOut: 11 } });
    assert.match(
      explainDnsStep(referral, 'en') ?? '', /looked up first\. It names 11 more, which are left out: the limit is 2 \(roundtrip\.dns\.maxNameServers/,
    );
    assert.match(explainDnsStep(referral, 'ko') ?? '', /11개가 있지만 한도\(2개\) 때문에/);
  });

  it('says why a zone is asked again whose servers had been known', () => {
    const again = step({ outcome: 'no-data', forgotten: 'shop.test' });
    assert.equal(
      explainDnsStep(again, 'en'), 'The servers of shop.test, known from an earlier walk, gave no answer, so the zone above'
        + ' is asked for them again. The name is there but has no A record.',
    );
    assert.match(explainDnsStep(again, 'ko') ?? '', /^이전 조회에서 알게 된 shop\.test 영역의 서버에서 답을 얻지 못해, 상위 영역에/);
    assert.equal(explainDnsStep({ ...again, source: 'cache' }, 'en')?.includes('again'), false);
  });

  it('says nothing on other sources', () => {
    assert.equal(explainDnsStep(step({ zone: undefined }), 'en'), undefined);
  });
});
