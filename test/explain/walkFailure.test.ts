import assert from 'node:assert/strict';
import { explainFailure, failureMessage } from '../../src/explain/failure.ts';
import { dnsNote } from '../../src/explain/lookups.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';

function failedAfter(steps: readonly Partial<DnsStep>[]): Exchange {
  const exchange: Exchange = scenarios.walk.exchanges[0]!;
  const all = steps.map((step): DnsStep => ({
    at: 1, startAt: 0, source: 'name-server', server: '192.0.2.1:53', zone: 'test', purpose: 'name',
    question: { name: 'a.test', type: 'A' }, outcome: 'answered', rcode: 'NOERROR', ...step,
  }));
  const { connection } = exchange;
  return {
    ...exchange, spec: { ...exchange.spec, url: 'http://a.test/' }, failure: { phase: 'dns', code: 'name-server-failed', confidence: 'certain', host: 'a.test' },
    connection: { ...connection!, lookup: { ...connection!.lookup!, steps: all, addresses: [] } },
  };
}

describe('a walk that failed', () => {
  it('does not blame a server that answered well', () => {
    const exchange = failedAfter([{ alias: 'b.test' }]);
    assert.match(failureMessage(exchange.failure!, exchange, 'en'), /got no usable answer/);
  });

  it('names the server that refused, and not what was asked besides', () => {
    const exchange = failedAfter([
      { outcome: 'refused', rcode: 'REFUSED' }, { purpose: 'service', server: '192.0.2.2:53', rcode: 'SERVFAIL' },
    ]);
    assert.match(failureMessage(exchange.failure!, exchange, 'en'), /192\.0\.2\.1:53.*REFUSED/);
  });

  it('names the zone of a lame delegation, whose owner it is for, and not the network', () => {
    const referral: Partial<DnsStep> = { outcome: 'referral', purpose: 'minimised', referral: { zone: 'a.test', servers: ['ns.b.test'], glue: [] } };
    const lame: Partial<DnsStep> = { outcome: 'lame', zone: 'a.test', serverName: 'ns.b.test' };
    for (const last of [lame, { ...lame, outcome: 'refused', rcode: 'REFUSED', purpose: 'minimised' } as const]) {
      const exchange = failedAfter([referral, last, { purpose: 'service', outcome: 'name-error' }]);
      const { text, steps } = explainFailure(exchange.failure!, exchange, 'en');
      assert.equal(text, 'A lame delegation: the servers of `test` say that `ns.b.test` serves the zone `a.test`, but it does not, so it is not known whether `a.test` exists.');
      assert.match(steps[0]?.text ?? '', /^The owner of the zone `a\.test` has to mend this/);
      assert.doesNotMatch(steps.map((step) => step.text).join(' '), /VPN|moment/);
      assert.match(failureMessage(exchange.failure!, exchange, 'ko'), /a\.test 영역의 소유자/);
    }
    const silent = failedAfter([referral, lame, { outcome: 'server-failure', zone: 'a.test', rcode: 'SERVFAIL' }]);
    assert.match(explainFailure(silent.failure!, silent, 'en').steps[0]?.text ?? '', /^Send again in a moment/);
  });

  it('names the alias at which a chain comes back, and not the network', () => {
    const exchange = failedAfter([{ alias: 'b.test' }]);
    const failure = { ...exchange.failure!, detail: { reason: 'a loop of CNAME records at b.test' } };
    const { text, steps } = explainFailure(failure, exchange, 'en');
    assert.match(text, /go round in a circle: `a\.test` leads back to `b\.test`/);
    assert.match(steps[0]?.text ?? '', /make `b\.test` lead to a name that has an address/);
    assert.doesNotMatch(steps.map((step) => step.text).join(' '), /VPN|moment/);
  });

  it('leaves what was asked besides out of the note', () => {
    assert.match(dnsNote(scenarios.walk.exchanges[0]!, 'en') ?? '', /^127\.0\.0\.1 from 127\.0\.0\.4:5300/);
  });
});
