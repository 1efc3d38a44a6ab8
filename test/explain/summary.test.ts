import assert from 'node:assert/strict';
import { explainExchange } from '../../src/explain/summary.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { record } from '../../src/trace/record.ts';
import { failedExchange, simple } from './support.ts';

/** The exchange again, with the lab's side of it. */
function withServer(
  exchange: Exchange, session: [number, number], handler: [number, number], inside?: [number, number],
): Exchange {
  const around: ExchangeEvent[] = inside === undefined ? [] : [
    { type: 'server', at: inside[0], event: { type: 'head-parsed', at: inside[0], startAt: inside[0], method: 'GET', target: '/', httpVersion: '1.1' } },
    { type: 'server', at: inside[1], event: { type: 'response-started', at: inside[1], statusCode: 200 } },
  ];
  const events = exchange.events.concat(around, [
    { type: 'server', at: session[1], event: { type: 'session-loaded', at: session[1], startAt: session[0], outcome: 'found' } },
    { type: 'server', at: handler[0], event: { type: 'handler-start', at: handler[0], handler: 'shop/login' } },
    { type: 'server', at: handler[1], event: { type: 'handler-end', at: handler[1], handler: 'shop/login' } },
  ]);
  return { ...record({ id: exchange.id, spec: exchange.spec, events }), connection: exchange.connection };
}

const slowServer = simple({ dns: 8, tcp: 9, tls: 31, sent: 32, first: 126, end: 134 });

const table: [name: string, exchange: Exchange, strong: string, text: string][] = [
  ['a long wait', slowServer, 'Waiting for the response took most of the time:',
    '94.0 ms of 134 ms passed between the last byte of the request and the first byte of the response. The lookup and handshakes (31.0 ms) happen once; the next request on this connection skips them.'],
  ['a slow handler with its session', withServer(slowServer, [35, 96], [34, 122]), 'The server took most of the time:',
    '88.0 ms of 134 ms passed inside the `shop/login` handler, 61.0 ms of them loading the session. The lookup and handshakes (31.0 ms) happen once; the next request on this connection skips them.'],
  ['a session outside the handler', withServer(slowServer, [33, 34], [35, 122]), 'The server took most of the time:',
    '87.0 ms of 134 ms passed inside the `shop/login` handler. The lookup and handshakes (31.0 ms) happen once; the next request on this connection skips them.'],
  ['a slow network to a quick server', withServer(slowServer, [80, 80.5], [80, 81], [79.5, 82]), 'Waiting for the response took most of the time:',
    '94.0 ms of 134 ms passed between the last byte of the request and the first byte of the response, 2.5 ms of them inside the server. The lookup and handshakes (31.0 ms) happen once; the next request on this connection skips them.'],
  ['a short upload', simple({ sent: 1.4, first: 1.9, end: 2 }, { reused: true }), 'Sending the request took most of the time:',
    '200 B left in 1.4 ms of 2.0 ms. The connection was already open: no lookup and no handshake.'],
  ['a slow lookup', simple({ dns: 120, tcp: 121, tls: 140, sent: 141, first: 150, end: 151 }), 'The DNS lookup took most of the time:',
    '120 ms of 151 ms until the addresses of `shop.test` were known; the slowest answer came from `192.0.2.53:53` after 120 ms. This happens once; the next request on this connection skips it.'],
  ['slow handshakes together', simple({ dns: 10, tcp: 30, tls: 55, sent: 56, first: 90, end: 92 }), 'Getting connected took most of the time:',
    '55.0 ms of 92.0 ms passed before the request could be sent (DNS lookup 10.0 ms, TCP connect 20.0 ms, TLS handshake 25.0 ms). This happens once; the next request on this connection skips it.'],
  ['a long download', simple({ dns: 1, tcp: 2, tls: 3, sent: 4, first: 10, end: 1010 }, { size: 5_000_000 }), 'The download took most of the time:',
    '5 MB arrived in 1.00 s of 1.01 s, 5 MB/s.'],
  ['a reused connection', simple({ sent: 0.2, first: 9, end: 9.2 }, { reused: true, idle: 40 }), 'Waiting for the response took most of the time:',
    '8.8 ms of 9.2 ms passed between the last byte of the request and the first byte of the response. The connection was already open: no lookup and no handshake.'],
  ['a connection that closes', simple({ dns: 1, tcp: 2, tls: 20, sent: 21, first: 24, end: 25 }, { headers: [['Connection', 'Close']] }), 'The TLS handshake took most of the time:',
    '18.0 ms of 25.0 ms to agree on keys and check the certificate. The connection closes after this response, so the next request pays for it again.'],
  ['nothing that stands out', simple({ sent: 1, first: 5, end: 9 }, { reused: true }), 'No single phase stands out:',
    'of 9.0 ms, waiting for the response took 4.0 ms and the content download 4.0 ms. The connection was already open: no lookup and no handshake.'],
  ['one that still runs', simple({ dns: 1, tcp: 2, tls: 3, sent: 4 }), 'Running.', 'Now: waiting for the response.'],
];

describe('explainExchange', () => {
  for (const [name, exchange, strong, text] of table) {
    it(`says where the time went: ${name}`, () => {
      assert.deepEqual(explainExchange(exchange, 'en'), { strong, text });
      const korean = explainExchange(exchange, 'ko');
      assert.match(korean.strong, /[가-힣].*(니다|다)\.$/);
      assert.doesNotMatch(korean.text, /\{\w+\}|[A-Z][a-z]+ing /);
    });
  }

  it('says what failed', () => {
    const exchange = failedExchange({ phase: 'tcp', code: 'connection-refused', confidence: 'certain', address: '127.0.0.1', port: 1 });
    for (const language of languages) assert.match(explainExchange(exchange, language).text, /127\.0\.0\.1:1/);
  });
});
