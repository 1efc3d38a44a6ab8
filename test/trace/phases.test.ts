import { deepEqual, equal } from 'node:assert/strict';

import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import type { TlsMessage } from '../../src/trace/tls/message.ts';
import { addServerEvents, record } from '../../src/trace/record.ts';
import { durationOf, phasesOf, serverPhasesOf } from '../../src/trace/phases.ts';
import { connectionEvents, exchangeEvents, fromServer, source, spec } from './events.ts';

describe('phasesOf', () => {
  it('gives every phase in HAR order from the events alone', () => {
    deepEqual(phasesOf(record(source)), [
      { name: 'blocked', start: 0, duration: 1 },
      { name: 'dns', start: 1, duration: 8 },
      { name: 'tcp', start: 9, duration: 1 },
      { name: 'tls', start: 10, duration: 22 },
      { name: 'send', start: 32.5, duration: 0.5 },
      { name: 'wait', start: 33, duration: 94 },
      { name: 'receive', start: 127, duration: 7 },
    ]);
    equal(durationOf(record(source)), 134);
  });

  it('begins and ends TLS with the first and the last message of the handshake, where they were seen', () => {
    const message = (at: number, direction: 'sent' | 'received', name: TlsMessage['name']): TlsMessage =>
      ({ at, direction, name, size: 100, encrypted: false, fields: [] });
    const messages = [
      message(1011.5, 'sent', 'client_hello'), message(1030, 'received', 'finished'),
      message(1032.25, 'sent', 'finished'),
      message(1040, 'received', 'new_session_ticket'),
    ];
    const seen = { roundTrips: 1, helloRetry: false, resumptionOffered: false, clientCertificateAsked: false };
    const events: ConnectionEvent[] = [...connectionEvents, { type: 'tls-messages', at: 1100, messages, seen }];
    const tls = phasesOf(record({ ...source, connection: { id: 'c1', events } })).find(({ name }) => name === 'tls');
    deepEqual(tls, { name: 'tls', start: 11.5, duration: 20.75 });
  });

  it('has no dns, tcp and tls for an exchange on a reused connection', () => {
    const events = exchangeEvents.map((event): ExchangeEvent =>
      event.type === 'connection-assigned' ? { ...event, reused: true } : event);
    deepEqual(
      phasesOf(record({ ...source, events })).map((phase) => phase.name),
      ['blocked', 'send', 'wait', 'receive']);
  });

  it('makes a failed step as long as it took to fail', () => {
    const failure = { phase: 'tls', code: 'certificate-expired', confidence: 'certain' } as const;
    const failed: ConnectionEvent = { type: 'failed', at: 1031, failure };
    const exchange = record({
      id: 'x', spec,
      events: [...exchangeEvents.slice(0, 2), { type: 'failed', at: 1031.5, failure }],
      connection: { id: 'c1', events: [...connectionEvents.slice(0, 9), failed] },
    });
    deepEqual(phasesOf(exchange).at(-1), { name: 'tls', start: 10, duration: 21, failed: true });
  });

  it('leaves the end open where it was not seen', () => {
    const exchange = record({ ...source, events: exchangeEvents.slice(0, 4) });
    deepEqual(phasesOf(exchange).at(-1), { name: 'wait', start: 33 });
    equal(durationOf(exchange), undefined);
  });

  it('has nothing to wait for when the response began before the request was sent', () => {
    const events = exchangeEvents.map((event): ExchangeEvent =>
      event.type === 'request-sent' ? { ...event, at: 1130 } : event);
    const names = phasesOf(record({ ...source, events })).map((phase) => phase.name);
    deepEqual(names.slice(-2), ['send', 'receive']);
  });

  it('ends tcp with the last attempt when none won', () => {
    const events = connectionEvents.slice(0, 7).concat(
      { type: 'attempt-end', at: 1015, attempt: 1, outcome: 'failed', code: 'ECONNREFUSED' });
    const failure = { phase: 'tcp', code: 'connection-refused', confidence: 'certain' } as const;
    const exchange = record({
      id: 'x', spec,
      events: [...exchangeEvents.slice(0, 2), { type: 'failed', at: 1015, failure }],
      connection: { id: 'c1', events },
    });
    deepEqual(phasesOf(exchange).at(-1), { name: 'tcp', start: 9, duration: 6, failed: true });
  });
});

describe('serverPhasesOf', () => {
  it('lays the lab’s events on the client’s axis', () => {
    const exchange = addServerEvents(record(source), fromServer('lab', [
      { type: 'head-parsed', at: 1034, startAt: 1033.5, method: 'POST', target: '/login', httpVersion: '2' },
      { type: 'handler-start', at: 1035, handler: 'login' },
      { type: 'handler-end', at: 1125, handler: 'login' },
    ]));
    deepEqual(
      serverPhasesOf(exchange, exchange.servers![0]!).map(({ name, start, duration }) => ({ name, start, duration })),
      [{ name: 'accept', start: 33.5, duration: 0.5 }, { name: 'handler', start: 35, duration: 90 }]);
  });

  it('gives each of two handlers its own end', () => {
    const exchange = addServerEvents(record(source), fromServer('resourceGateway', [
      { type: 'handler-start', at: 1035, handler: '/cgi/redirect' },
      { type: 'handler-end', at: 1045, handler: '/cgi/redirect' },
      { type: 'handler-start', at: 1046, handler: '/cgi/greeting' },
      { type: 'handler-end', at: 1066, handler: '/cgi/greeting' },
    ]));
    deepEqual(serverPhasesOf(exchange, exchange.servers![0]!).map(({ start, duration }) => [start, duration]),
      [[35, 10], [46, 20]]);
  });
});
