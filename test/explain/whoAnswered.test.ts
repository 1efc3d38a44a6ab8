import assert from 'node:assert/strict';
import { explainStatus, explainWhoAnswered } from '../../src/explain/whoAnswered.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { FieldLine } from '../../src/trace/request.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';

interface Answered {
  readonly statusCode?: number;
  readonly headers?: readonly FieldLine[];
  readonly requestTarget?: string;
  readonly proxy?: string;
  /** What the proxy told. */
  readonly told?: readonly ServerEvent[];
}

const target = 'http://a.test/x';

function answered({
  statusCode = 403, headers = [], requestTarget = target, proxy = 'socks5://s.test:1, http://me:s3cret@p.test:8080', told,
}: Answered): Exchange {
  return {
    spec: { options: proxy === '' ? {} : { proxy } }, request: { requestTarget }, response: { statusCode, headers },
    ...(told ? { servers: [{ server: 'dns', events: [] }, { server: 'proxy', events: told }] } : {}),
  } as unknown as Exchange;
}

const parsed: ServerEvent = { type: 'head-parsed', startAt: 0, at: 1, method: 'GET', target, httpVersion: '1.1' };
const refused: ServerEvent = { type: 'refused', at: 2, reason: 'not-own', target: 'a.test' };
const forwarded: ServerEvent = { type: 'forwarded', startAt: 2, at: 3, to: 'a.test:80', reused: false };

describe('who answered', () => {
  it('is the proxy where it told that it passed nothing on, or got nothing back', () => {
    const said = 'The proxy `p.test:8080` answered this itself; it does not come from the server of the URL.';
    assert.equal(explainWhoAnswered(answered({ told: [parsed, refused] }), 'en'), said);
    assert.equal(explainStatus(answered({ told: [parsed, refused] }), 'en'),
      `${said} The proxy understood the request, and refuses to pass it on.`);
    assert.equal(explainStatus(answered({ told: [parsed, forwarded], statusCode: 502 }), 'en'),
      `${said} The proxy got no usable answer from the server.`);
    assert.equal(explainStatus(answered({ told: [parsed, refused], statusCode: 451 }), 'en'), `${said} Withheld for legal reasons.`);
    assert.match(explainStatus(answered({ told: [parsed, refused] }), 'ko'), /^`p\.test:8080` 프록시에서 직접 보낸 응답이며, .* 전달을 거부했습니다\.$/);
  });

  it('is the server where the proxy told that it passed on what came back', () => {
    const exchange = answered({ told: [parsed, { ...forwarded, statusCode: 403 }] });
    assert.equal(explainWhoAnswered(exchange, 'en'), undefined);
    assert.equal(explainStatus(exchange, 'en'), 'The server understood, and refuses.');
  });

  it('may be the proxy where nobody told, and it is not named in Via', () => {
    const text = explainStatus(answered({}), 'en');
    assert.match(text, /^The proxy `p\.test:8080` may have answered this itself: .* this response has none\. The server understood, and refuses\.$/);
    assert.match(explainStatus(answered({}), 'ko'), /직접 보낸 응답일 수 있습니다/);
    assert.equal(explainWhoAnswered(answered({ headers: [['vIA', '1.1 p']] }), 'en'), undefined);
  });

  it('is not asked where no proxy was to pass the request on, where it did as asked, and of 407', () => {
    for (const one of [
      { proxy: '' }, { requestTarget: '/x' }, { requestTarget: '*' }, { statusCode: 200 }, { statusCode: 301 },
      { statusCode: 407, told: [parsed, refused] },
    ]) assert.equal(explainWhoAnswered(answered(one), 'en'), undefined, JSON.stringify(one));
    assert.equal(explainStatus(answered({ statusCode: 407 }), 'en'), 'The proxy wants credentials.');
    assert.equal(explainWhoAnswered({ spec: { options: { proxy: 'http://p.test' } } } as Exchange, 'en'), undefined);
  });
});
