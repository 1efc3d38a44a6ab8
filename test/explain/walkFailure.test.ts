import assert from 'node:assert/strict';
import { failureMessage } from '../../src/explain/failure.ts';
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
    ...exchange, failure: { phase: 'dns', code: 'name-server-failed', confidence: 'certain', host: 'a.test' },
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

  it('leaves what was asked besides out of the note', () => {
    assert.match(dnsNote(scenarios.walk.exchanges[0]!, 'en') ?? '', /^127\.0\.0\.1 from 127\.0\.0\.4:5300/);
  });
});
