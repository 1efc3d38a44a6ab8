import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';
import type { ExchangeSource } from '../../src/trace/record.ts';
import type { RequestSpec } from '../../src/trace/request.ts';

// Event lists as the sender makes them, for tests of what is derived from them.

export const spec: RequestSpec = {
  id: 'spec-1', name: 'login', method: 'POST', url: 'https://shop.lab.test:8443/login?next=%2Fme',
  headers: [['Content-Type', 'application/json'], ['Authorization', 'Bearer abc.def']],
  body: [{ kind: 'bytes', bytes: new TextEncoder().encode('{"user":"ada"}') }],
  options: {},
};

/** A connection opened at 1000: DNS 8 ms, a refused and a winning attempt, TLS 22 ms. */
export const connectionEvents: readonly ConnectionEvent[] = [
  { type: 'opened', at: 1000.5, origin: 'https://shop.lab.test:8443', host: 'shop.lab.test', port: 8443 },
  { type: 'dns-start', at: 1001, name: 'shop.lab.test' },
  {
    type: 'dns-step', at: 1008.5,
    step: {
      at: 1008.5, startAt: 1001.5, source: 'name-server', server: '127.0.0.1:53', transport: 'udp',
      question: { name: 'shop.lab.test', type: 'A' }, outcome: 'answered', rcode: 'NOERROR',
      records: [{ section: 'answer', name: 'shop.lab.test', type: 'A', ttl: 60, value: '127.0.0.1' }],
    },
  },
  { type: 'dns-end', at: 1009, addresses: [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }] },
  { type: 'attempt-start', at: 1009, attempt: 0, address: '::1', family: 6, port: 8443 },
  { type: 'attempt-end', at: 1009.5, attempt: 0, outcome: 'failed', code: 'ECONNREFUSED' },
  { type: 'attempt-start', at: 1009.5, attempt: 1, address: '127.0.0.1', family: 4, port: 8443 },
  { type: 'attempt-end', at: 1010, attempt: 1, outcome: 'connected', localAddress: '127.0.0.1', localPort: 52114 },
  { type: 'tls-start', at: 1010, serverName: 'shop.lab.test', alpnOffered: ['h2', 'http/1.1'] },
  {
    type: 'tls-end', at: 1032,
    tls: {
      version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', alpnOffered: ['h2', 'http/1.1'], alpn: 'h2',
      resumed: false, verified: true, verificationOff: false, certificateChain: [],
    },
  },
  { type: 'connected', at: 1032, httpVersion: '2' },
];

export const exchangeEvents: readonly ExchangeEvent[] = [
  { type: 'queued', at: 1000, startedAt: 1_700_000_000_000 },
  { type: 'connection-assigned', at: 1000.5, connectionId: 'c1', reused: false },
  {
    type: 'request-start', at: 1032.5, method: 'POST', requestTarget: '/login?next=%2Fme',
    authority: 'shop.lab.test:8443', scheme: 'https', httpVersion: '2', client: 'node:http2', stream: 1,
    headers: [[':method', 'POST'], ['authorization', 'Bearer abc.def'], ['cookie', 'a=1; b=2']],
  },
  { type: 'request-sent', at: 1033, bodySize: 14 },
  { type: 'first-byte', at: 1127 },
  {
    type: 'response-head', at: 1127.5, httpVersion: '2', statusCode: 200, reasonPhrase: 'OK',
    headers: [['content-type', 'application/json'], ['set-cookie', 'sid=s3cret; HttpOnly; Path=/']],
  },
  { type: 'body-end', at: 1134, bodySize: 1200, contentSize: 3400, trailers: [], complete: true, storedIn: 'memory' },
];

export const source: ExchangeSource = {
  id: 'x1', spec, events: exchangeEvents, connection: { id: 'c1', events: connectionEvents },
};

/** Events as a server of the lab told them. */
export function fromServer(
  server: string, events: readonly ServerEvent[],
): Extract<ExchangeEvent, { type: 'server' }>[] {
  return events.map((event) => ({ type: 'server', at: event.at, server, event }));
}
