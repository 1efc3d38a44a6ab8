import { deepEqual, equal } from 'node:assert/strict';

import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import { addServerEvents, record } from '../../src/trace/record.ts';
import { recordConnection } from '../../src/trace/recordConnection.ts';
import { connectionEvents, exchangeEvents, fromServer, source, spec } from './events.ts';

describe('record', () => {
  it('gives what was sent, what came back and how', () => {
    const exchange = record(source);
    equal(exchange.startedAt, 1_700_000_000_000);
    equal(exchange.startAt, 1000);
    equal(exchange.endAt, 1134);
    equal(exchange.request?.url, 'https://shop.lab.test:8443/login?next=%2Fme');
    equal(exchange.request?.bodySize, 14);
    equal(exchange.response?.statusCode, 200);
    equal(exchange.response?.complete, true);
    equal(exchange.reused, false);
    equal(exchange.connection?.peerAddress, '127.0.0.1');
    equal(exchange.connection?.localPort, 52114);
    deepEqual(exchange.connection?.attempts.map((attempt) => attempt.outcome), ['failed', 'connected']);
    equal(exchange.connection?.lookup?.steps.length, 1);
    equal(exchange.connection?.tls?.facts?.alpn, 'h2');
  });

  it('gives the exchange as far as it had got for every prefix of its events', () => {
    for (let length = 0; length <= exchangeEvents.length; length++) {
      const exchange = record({ ...source, events: exchangeEvents.slice(0, length) });
      equal(exchange.endAt, length === exchangeEvents.length ? 1134 : undefined);
      equal(exchange.response !== undefined, length >= 6);
    }
    for (let length = 0; length <= connectionEvents.length; length++) {
      const connection = recordConnection('c1', connectionEvents.slice(0, length));
      equal(connection.httpVersion, length === connectionEvents.length ? '2' : undefined);
    }
  });

  it('ends the steps that were running when the connection failed', () => {
    const failed: ConnectionEvent = {
      type: 'failed', at: 1020,
      failure: { phase: 'tls', code: 'tls-timeout', confidence: 'certain' },
    };
    const connection = recordConnection('c1', [...connectionEvents.slice(0, 9), failed]);
    equal(connection.tls?.endAt, 1020);
    equal(connection.endAt, 1020);
    equal(connection.failure?.code, 'tls-timeout');
  });

  it('keeps interim responses in front of the final one', () => {
    const interim: ExchangeEvent = { type: 'interim-response', at: 1040, statusCode: 103, headers: [['link', '</a>']] };
    const exchange = record({
      ...source, events: [...exchangeEvents.slice(0, 4), interim, ...exchangeEvents.slice(4)],
    });
    equal(exchange.response?.statusCode, 200);
    deepEqual(exchange.response?.interimResponses, [{ statusCode: 103, headers: [['link', '</a>']] }]);
  });

  it('builds the URL of a request in absolute form once (RFC 9112 §3.2.2)', () => {
    const start = exchangeEvents[2] as Extract<ExchangeEvent, { type: 'request-start' }>;
    const exchange = record({
      id: 'x', spec,
      events: [{ ...start, scheme: 'http', authority: 'a.test', requestTarget: 'http://a.test/x?y' }],
    });
    equal(exchange.request?.url, 'http://a.test/x?y');
  });

  it('adds the server’s account in the order of time, whenever it arrives', () => {
    const exchange = addServerEvents(record(source), fromServer('lab', [
      { type: 'handler-end', at: 1120, handler: 'login' },
      { type: 'accepted', at: 1010, server: 'lab', connection: 3, openConnections: 1, peerPort: 52114, request: 1 },
    ]));
    equal(exchange.servers?.[0]?.server, 'lab');
    deepEqual(exchange.servers?.[0]?.events.map((event) => event.type), ['accepted', 'handler-end']);
    const later = addServerEvents(exchange, fromServer('lab', [{ type: 'handler-start', at: 1050, handler: 'login' }]));
    deepEqual(later.servers?.[0]?.events.map((event) => event.type), ['accepted', 'handler-start', 'handler-end']);
  });

  it('keeps the accounts of several servers apart, in the order in which the request came to them', () => {
    const inner = addServerEvents(
      record(source), fromServer('lab', [{ type: 'handler-start', at: 1050, handler: 'login' }]),
    );
    const both = addServerEvents(inner, fromServer('relay', [
      { type: 'head-parsed', at: 1034, startAt: 1033.5, method: 'POST', target: '/login', httpVersion: '1.1' },
    ]));
    deepEqual(both.servers?.map(({ server, events }) => [server, events.length]), [['relay', 1], ['lab', 1]]);
  });
});
