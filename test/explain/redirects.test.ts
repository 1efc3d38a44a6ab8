import assert from 'node:assert/strict';
import { explainArrival, explainRedirect } from '../../src/explain/redirects.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { exchangeOf, specOf, startedAt } from './support.ts';

function answered(method: string, statusCode: number, changes: string[] = []): Exchange {
  const events: ExchangeEvent[] = [
    { type: 'queued', at: 0, startedAt },
    { type: 'response-head', at: 5, httpVersion: '1.1', statusCode, reasonPhrase: 'Found', headers: [['Location', '/next']] },
    { type: 'body-end', at: 6, bodySize: 0, contentSize: 0, trailers: [], complete: true, storedIn: 'memory' },
    { type: 'redirected', at: 6, location: 'https://shop.test/next', exchangeId: 'e2', changes },
  ];
  return exchangeOf(specOf('https://shop.test/login', { method }), events);
}

const next: Exchange = { ...exchangeOf(specOf('https://shop.test/next'), [{ type: 'queued', at: 7, startedAt }]), id: 'e2' };

describe('what is said of redirects', () => {
  it('is not what becomes of POST, where there is none', () => {
    assert.deepEqual(explainRedirect(answered('GET', 302), 'en'), ['302 says that it is elsewhere for now; `GET` stays as it is (RFC 9110 §15.4.3).']);
    assert.match(explainRedirect(answered('POST', 302), 'en')[0] ?? '', /`POST` becomes `GET`/);
    assert.match(explainRedirect(answered('DELETE', 301), 'ko')[0] ?? '', /`DELETE` 메서드는 그대로/);
  });

  it('is why a request was sent, and what changed', () => {
    assert.deepEqual(explainArrival(next, answered('POST', 302, ['method POST GET']), 'en').toSpliced(1, 1), [
      'Sent because `POST https://shop.test/login` answered 302 Found with `Location: /next`.', 'The method: `POST` became `GET`.',
    ]);
    assert.equal(explainArrival(next, answered('GET', 302), 'en')[2], 'Nothing else of the request changed.');
  });

  it('is nothing of a request that no redirect asked for', () => {
    assert.deepEqual([explainArrival(next, undefined, 'en'), explainArrival({ ...next, id: 'e3' }, answered('GET', 302), 'en')], [[], []]);
  });
});
