import assert from 'node:assert/strict';
import { explainExchange } from '../../src/explain/summary.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { ExchangeEvent, Refusal } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import { record } from '../../src/trace/record.ts';
import { failedExchange, simple, waited } from './support.ts';

function fromHeadToResponse(server: string, [from, to]: [number, number]): ExchangeEvent[] {
  return [
    { type: 'server', server, at: from, event: { type: 'head-parsed', at: from, startAt: from, method: 'GET', target: '/', httpVersion: '1.1' } },
    { type: 'server', server, at: to, event: { type: 'response-started', at: to, statusCode: 200 } },
  ];
}

/** The exchange again, by way of a balancer. */
function balanced(exchange: Exchange, inside: [number, number]): Exchange {
  const events = exchange.events.concat(fromHeadToResponse('balancer', inside));
  return { ...record({ id: exchange.id, spec: exchange.spec, events }), connection: exchange.connection };
}

/** The exchange again, with the lab's side of it. */
function withServer(
  exchange: Exchange, session: [number, number], handler: [number, number], inside?: [number, number],
): Exchange {
  const events = exchange.events.concat(inside === undefined ? [] : fromHeadToResponse('lab', inside), [
    { type: 'server', server: 'lab', at: session[1], event: { type: 'session-loaded', at: session[1], startAt: session[0], outcome: 'found' } },
    { type: 'server', server: 'lab', at: handler[0], event: { type: 'handler-start', at: handler[0], handler: 'shop/login' } },
    { type: 'server', server: 'lab', at: handler[1], event: { type: 'handler-end', at: handler[1], handler: 'shop/login' } },
  ]);
  return { ...record({ id: exchange.id, spec: exchange.spec, events }), connection: exchange.connection };
}

/** The exchange as one whose length was wrong. */
function misframed(exchange: Exchange): Exchange {
  return { ...exchange, spec: { ...exchange.spec, wrongLength: true } };
}

const slowServer = simple({ dns: 8, tcp: 9, tls: 31, sent: 32, first: 126, end: 134 });

const table: [name: string, exchange: Exchange, strong: string, text: string][] = [
  ['a long wait', slowServer, 'Waiting for the response took most of the time:',
    '94.0 ms of 134 ms passed between the last byte of the request and the first byte of the response. Getting connected (31.0 ms) happens once; the next request on this connection skips it.'],
  ['a slow handler with its session', withServer(slowServer, [35, 96], [34, 122]), 'The server took most of the time:',
    '88.0 ms of 134 ms passed inside the `shop/login` handler, 61.0 ms of them loading the session. Getting connected (31.0 ms) happens once; the next request on this connection skips it.'],
  ['a session outside the handler', withServer(slowServer, [33, 34], [35, 122]), 'The server took most of the time:',
    '87.0 ms of 134 ms passed inside the `shop/login` handler. Getting connected (31.0 ms) happens once; the next request on this connection skips it.'],
  ['a slow network to a quick server', withServer(slowServer, [80, 80.5], [80, 81], [79.5, 82]), 'Waiting for the response took most of the time:',
    '94.0 ms of 134 ms passed between the last byte of the request and the first byte of the response, 2.5 ms of them inside the server. Getting connected (31.0 ms) happens once; the next request on this connection skips it.'],
  ['a slow balancer before a quick server', balanced(withServer(slowServer, [80, 80.5], [80, 81], [79.5, 82]), [35, 120]), 'Waiting for the response took most of the time:',
    '94.0 ms of 134 ms passed between the last byte of the request and the first byte of the response, 85.0 ms of them inside the server. Getting connected (31.0 ms) happens once; the next request on this connection skips it.'],
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
  ['a connection after a wrong length', misframed(simple({ dns: 1, tcp: 2, tls: 20, sent: 21, first: 24, end: 25 })), 'The TLS handshake took most of the time:',
    '18.0 ms of 25.0 ms to agree on keys and check the certificate. The connection closes after this response, so the next request pays for it again.'],
  ['a connection that closes', simple({ dns: 1, tcp: 2, tls: 20, sent: 21, first: 24, end: 25 }, { headers: [['Connection', 'Close']] }), 'The TLS handshake took most of the time:',
    '18.0 ms of 25.0 ms to agree on keys and check the certificate. The connection closes after this response, so the next request pays for it again.'],
  ['nothing that stands out', simple({ sent: 1, first: 5, end: 9 }, { reused: true }), 'No single phase stands out:',
    'of 9.0 ms, waiting for the response took 4.0 ms and the content download 4.0 ms. The connection was already open: no lookup and no handshake.'],
  ['a wait for a connection', waited({ for: 'connection', limit: 6, ahead: 2 }), 'Most of the time passed waiting for a connection:',
    '40.0 ms of 45.0 ms, since all 6 connections that may be open to this origin at once were in use. The connection was already open: no lookup and no handshake.'],
  ['a wait for a stream', waited({ for: 'stream', limit: 3, ahead: 2 }), 'Most of the time passed waiting for a stream:',
    '40.0 ms of 45.0 ms, since all 3 streams that the server allows at once were in use (RFC 9113 §5.1.2). The connection was already open: no lookup and no handshake.'],
  ['a wait for the version', waited({ for: 'version', limit: 6, ahead: 2 }), 'Most of the time passed waiting for a connection:',
    '40.0 ms of 45.0 ms, until the first connection had said whether it speaks HTTP/2 and can be shared. The connection was already open: no lookup and no handshake.'],
  ['one that still runs', simple({ dns: 1, tcp: 2, tls: 3, sent: 4 }), 'Running.', 'Now: waiting for the response.'],
];

/** The events of an exchange and its connection, all `by` ms later: they begin later than *Send*. */
function delayed(steps: Parameters<typeof simple>[0], by: number): Exchange {
  const exchange = simple(steps);
  const events = exchange.events.map((event) => (event.type === 'queued' ? event : { ...event, at: event.at + by }));
  const later = <T extends { startAt: number; endAt?: number }>(span: T): T =>
    ({ ...span, startAt: span.startAt + by, ...(span.endAt === undefined ? {} : { endAt: span.endAt + by }) });
  const { connection } = exchange;
  assert.ok(connection);
  return {
    ...record({ id: exchange.id, spec: exchange.spec, events }),
    connection: {
      ...connection, attempts: connection.attempts.map(later),
      ...(connection.lookup ? { lookup: { ...later(connection.lookup), steps: connection.lookup.steps.map((step) => ({ ...step, at: step.at + by, startAt: step.startAt + by })) } } : {}),
      ...(connection.tls ? { tls: later(connection.tls) } : {}),
    },
  };
}

/** The connection is ready at 1 ms, the request begins at `sendAt`. */
function slowToSend(sendAt: number, end: number): Exchange {
  const exchange = simple({ tcp: 1, sent: 1.2, first: end - 1, end });
  const events = exchange.events.map((event) =>
    (event.type === 'request-start' ? { ...event, at: sendAt } : event.type === 'request-sent' ? { ...event, at: sendAt + 0.2 } : event));
  return { ...record({ id: exchange.id, spec: exchange.spec, events }), connection: exchange.connection };
}

describe('time that belongs to no step', () => {
  it('is Roundtrip\'s own, before the first step', () => {
    const exchange = delayed({ dns: 1, tcp: 2, tls: 3, sent: 3.2, first: 4, end: 4.4 }, 13.5);
    assert.deepEqual(explainExchange(exchange, 'en'), {
      strong: 'Roundtrip itself took most of the time:',
      text: '13.5 ms of 17.9 ms passed outside the steps on the network, most of it before the DNS lookup. Getting connected (3.0 ms) happens once; the next request on this connection skips it.',
    });
    assert.match(explainExchange(exchange, 'ko').strong, /^Roundtrip 자체가/);
  });

  it('is Roundtrip\'s own, between two steps', () => {
    const { strong, text } = explainExchange(slowToSend(11, 17.9), 'en');
    assert.equal(strong, 'Roundtrip itself took most of the time:');
    assert.match(text, /^10\.0 ms of 17\.9 ms passed outside the steps on the network, most of it before sending the request\./);
  });

  it('is compared with the steps when nothing stands out, and mentioned when it is much', () => {
    assert.match(explainExchange(slowToSend(8, 18), 'en').text, /^of 18\.0 ms, waiting for the response took 8\.8 ms and Roundtrip itself 7\.0 ms\./);
    assert.match(explainExchange(slowToSend(6, 25), 'en').text, /Another 5\.0 ms passed between the steps, in Roundtrip itself\./);
    assert.doesNotMatch(explainExchange(slowToSend(2, 25), 'en').text, /Roundtrip/);
  });

  it('is never called a wait for a connection where one was open already', () => {
    const exchange = simple({ sent: 9, first: 9.5, end: 10 }, { reused: true });
    const events = exchange.events.map((event) => (event.type === 'request-start' ? { ...event, at: 8.8 } : event));
    const { strong, text } = explainExchange({ ...exchange, events }, 'en');
    assert.equal(strong, 'Most of the time passed before the request was sent:');
    assert.match(text, /^8\.8 ms of 10\.0 ms passed before the request began on the connection that was already open\./);
  });

  it('is not Roundtrip\'s own when a first try took it', () => {
    const exchange = delayed({ tcp: 1, sent: 1.2, first: 3, end: 4 }, 30);
    const events = exchange.events.toSpliced(1, 0, { type: 'connection-assigned', at: 0.1, connectionId: 'c0', reused: true });
    assert.equal(explainExchange({ ...exchange, events }, 'en').strong, 'A first try took most of the time:');
    const because = (reason: Refusal): string => {
      const told = events.map((event) => (event.type === 'connection-assigned' && event.at > 0.1 ? { ...event, because: reason } : event));
      return explainExchange({ ...exchange, events: told }, 'en').text;
    };
    assert.match(because('REFUSED_STREAM'), /the server said that it had not processed the first \(`REFUSED_STREAM`\)/);
    assert.match(because('HTTP_1_1_REQUIRED'), /the first was over HTTP\/2, and the server requires HTTP\/1\.1/);
  });

  it('is not given to the name server', () => {
    const exchange = simple({ dns: 40, tcp: 41, sent: 41.2, first: 43, end: 44 });
    const lookup = exchange.connection?.lookup;
    assert.ok(exchange.connection && lookup);
    const steps = lookup.steps.map((step) => ({ ...step, startAt: 30, at: 33 }));
    const { text } = explainExchange({ ...exchange, connection: { ...exchange.connection, lookup: { ...lookup, steps } } }, 'en');
    assert.match(text, /^40\.0 ms of 44\.0 ms until the addresses of `shop\.test` were known: 3\.0 ms for the slowest answer, from `192\.0\.2\.53:53`, and 37\.0 ms in Roundtrip itself\./);
  });
});

describe('the time of a lookup', () => {
  const url = 'https://shop.test:8443/login';

  /** 40 of 44 ms. */
  function looked(steps: readonly Partial<DnsStep>[]): Exchange {
    const exchange = simple({ dns: 40, tcp: 41, sent: 41.2, first: 43, end: 44 }, { url });
    const lookup = exchange.connection?.lookup;
    const [told] = lookup?.steps ?? [];
    assert.ok(exchange.connection && lookup && told);
    const own: DnsStep[] = steps.map((step) => ({ ...told, ...step }));
    return { ...exchange, connection: { ...exchange.connection, lookup: { ...lookup, steps: own } } };
  }

  const hosts = { source: 'hosts', server: '/etc/hosts', outcome: 'not-listed' } as const;
  const cases: [name: string, steps: readonly Partial<DnsStep>[], text: string][] = [
    ['in a file', [{ ...hosts, startAt: 0, at: 24 }, { startAt: 25, at: 39 }],
      '40.0 ms of 44.0 ms until the addresses of `shop.test` were known: 14.0 ms for the slowest answer, from `192.0.2.53:53`, and 26.0 ms in Roundtrip itself. Reading `/etc/hosts` took 24.0 ms of that.'],
    ['at a server', [{ ...hosts, startAt: 0, at: 1 }, { startAt: 1, at: 39 }],
      '40.0 ms of 44.0 ms until the addresses of `shop.test` were known; the slowest answer came from `192.0.2.53:53` after 38.0 ms.'],
    ['in the operating system', [{ startAt: 0, at: 3 }, { source: 'getaddrinfo', server: undefined, startAt: 3, at: 39 }],
      '40.0 ms of 44.0 ms until the addresses of `shop.test` were known; the operating system answered after 36.0 ms.'],
    ['in the operating system and here', [{ source: 'getaddrinfo', server: undefined, startAt: 20, at: 40 }],
      '40.0 ms of 44.0 ms until the addresses of `shop.test` were known: 20.0 ms in the operating system, and 20.0 ms in Roundtrip itself.'],
    ['here alone', [{ ...hosts, startAt: 0, at: 30 }, { source: 'cache', server: undefined, startAt: 39, at: 40 }],
      '40.0 ms of 44.0 ms until the addresses of `shop.test` were known: nobody had to be asked, so it is Roundtrip itself that took it. Reading `/etc/hosts` took 30.0 ms of that.'],
  ];
  for (const [name, steps, text] of cases) {
    it(`is told of whoever took it: ${name}`, () => {
      const exchange = looked(steps);
      assert.equal(explainExchange(exchange, 'en').text.replace(/ This happens once.*$/, ''), text);
      assert.doesNotMatch(explainExchange(exchange, 'ko').text, /\{\w+\}/);
    });
  }

  it('is not said to happen once when nobody was asked', () => {
    assert.match(explainExchange(looked([{}]), 'en').text, /happens once/);
    assert.doesNotMatch(explainExchange(looked([{ source: 'cache', server: undefined }]), 'en').text, /happens once/);
  });
});

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
