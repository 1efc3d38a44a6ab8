import type { ConnectionEvent, ExchangeEvent, PoolWait } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { Failure, FailureCode, PhaseName } from '../../src/trace/failure.ts';
import { record } from '../../src/trace/record.ts';
import type { RequestSpec } from '../../src/trace/request.ts';

/** Saturday 14 March 2026, 09:26:53 UTC. */
export const startedAt = Date.UTC(2026, 2, 14, 9, 26, 53);

export function specOf(url = 'https://shop.test:8443/login', change: Partial<RequestSpec> = {}): RequestSpec {
  return { id: 's1', method: 'GET', url, headers: [], options: {}, ...change };
}

/** An exchange of these events; `connection` is what was seen of its connection. */
export function exchangeOf(
  spec: RequestSpec, events: readonly ExchangeEvent[], connection?: readonly ConnectionEvent[],
): Exchange {
  return record({ id: 'e1', spec, events, ...(connection ? { connection: { id: 'c1', events: connection } } : {}) });
}

/** Moments in ms after *Send* at which each step ended; a step that is left out did not happen. */
export interface Steps {
  readonly dns?: number;
  readonly tcp?: number;
  readonly tls?: number;
  readonly sent?: number;
  readonly first?: number;
  readonly end?: number;
}

/** A GET over HTTP/1.1 whose steps follow one another without gaps. */
export function simple(
  steps: Steps,
  more: { url?: string; headers?: [string, string][]; reused?: boolean; idle?: number; waited?: PoolWait; size?: number } = {},
): Exchange {
  const url = more.url ?? 'https://shop.test:8443/login';
  const { connection, readyAt } = connectionOf(steps, new URL(url));
  const events: ExchangeEvent[] = [
    { type: 'queued', at: 0, startedAt },
    { type: 'connection-assigned', at: 0, connectionId: 'c1', reused: more.reused ?? false, ...(more.idle === undefined ? {} : { idle: more.idle }), ...(more.waited ? { waited: more.waited } : {}) },
  ];
  const size = more.size ?? 1200;
  if (steps.sent !== undefined) {
    events.push(
      { type: 'request-start', at: readyAt, method: 'GET', requestTarget: '/login', authority: 'shop.test:8443', scheme: 'https', httpVersion: '1.1', headers: [], client: 'undici' },
      { type: 'request-sent', at: steps.sent, headSize: 200, bodySize: 0 });
  }
  if (steps.first !== undefined) {
    events.push({ type: 'first-byte', at: steps.first },
      { type: 'response-head', at: steps.first, httpVersion: '1.1', statusCode: 200, reasonPhrase: 'OK', headers: more.headers ?? [] });
  }
  if (steps.end !== undefined) {
    events.push({
      type: 'body-end', at: steps.end, bodySize: size, contentSize: size, trailers: [], complete: true, storedIn: 'memory',
    });
  }
  return exchangeOf(specOf(url), events, connection);
}

/** On a connection that it had to wait 40 ms for; the whole took 45. */
export function waited(wait: Omit<PoolWait, 'since'>): Exchange {
  const { spec, events } = simple({ sent: 40.2, first: 44, end: 45 }, { reused: true, waited: { since: 0, ...wait } });
  return exchangeOf(spec, events.map((event) => event.type === 'request-start' ? { ...event, at: 40 } : event));
}

function connectionOf(steps: Steps, url: URL): { connection: ConnectionEvent[]; readyAt: number } {
  const connection: ConnectionEvent[] = [
    { type: 'opened', at: 0, origin: url.origin, host: url.hostname, port: Number(url.port) },
  ];
  let at = 0;
  if (steps.dns !== undefined) {
    connection.push({ type: 'dns-start', at, name: url.hostname }, { type: 'dns-step', at: steps.dns, step: {
      at: steps.dns, startAt: at, source: 'name-server', server: '192.0.2.53:53', transport: 'udp', outcome: 'answered',
      rcode: 'NOERROR',
      question: { name: url.hostname, type: 'A' }, records: [{ section: 'answer', name: url.hostname, type: 'A', ttl: 300, value: '192.0.2.1' }] } },
    { type: 'dns-end', at: steps.dns, addresses: [{ address: '192.0.2.1', family: 4 }] });
    at = steps.dns;
  }
  if (steps.tcp !== undefined) {
    connection.push({ type: 'attempt-start', at, attempt: 0, address: '192.0.2.1', family: 4, port: Number(url.port) },
      { type: 'attempt-end', at: steps.tcp, attempt: 0, outcome: 'connected', localAddress: '192.0.2.9', localPort: 50000 });
    at = steps.tcp;
  }
  if (steps.tls !== undefined) {
    connection.push({
      type: 'tls-start', at, serverName: url.hostname, alpnOffered: ['h2', 'http/1.1'],
    }, { type: 'tls-end', at: steps.tls, tls: {
      version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpnOffered: ['h2', 'http/1.1'], resumed: false, verified: true, verificationOff: false, certificateChain: [] } });
    at = steps.tls;
  }
  return { connection, readyAt: at };
}

/** An exchange that failed at `at` ms and nothing else is known of. */
export function failedExchange(failure: Failure, spec = specOf(), at = 12.5): Exchange {
  return exchangeOf(spec, [{ type: 'queued', at: 0, startedAt }, { type: 'failed', at, failure }]);
}

/** Every code, with the phase it belongs to; the compiler holds it complete. */
export const failureCodes: Readonly<Record<FailureCode, PhaseName>> = {
  'invalid-request': 'blocked', 'body-file-unreadable': 'blocked', 'body-file-changed': 'send',
  'unsupported': 'blocked',
  'name-not-found': 'dns', 'name-without-address': 'dns', 'name-server-failed': 'dns', 'name-timeout': 'dns',
  'connection-refused': 'tcp', 'host-unreachable': 'tcp', 'network-unreachable': 'tcp', 'connect-timeout': 'tcp',
  'address-unavailable': 'tcp', 'permission-denied': 'tcp', 'proxy-refused': 'proxy', 'proxy-malformed': 'proxy',
  'certificate-expired': 'tls', 'certificate-not-yet-valid': 'tls', 'certificate-self-signed': 'tls',
  'certificate-untrusted': 'tls',
  'certificate-name-mismatch': 'tls', 'certificate-invalid': 'tls', 'client-certificate': 'blocked',
  'tls-not-spoken': 'tls', 'tls-alert': 'tls', 'tls-handshake': 'tls',
  'tls-timeout': 'tls', 'alpn-refused': 'tls', 'connection-reset': 'wait', 'connection-closed': 'wait',
  'malformed-response': 'wait',
  'response-head-too-large': 'wait', 'response-truncated': 'receive',
  'trailers-too-large': 'receive', 'head-timeout': 'wait', 'idle-timeout': 'receive',
  'stream-reset': 'wait',
  'web-socket-refused': 'receive', 'web-socket-handshake': 'receive', 'web-socket-protocol': 'receive',
  'web-socket-broken': 'receive',
  'goaway': 'wait', 'decoding-failed': 'receive', 'content-too-large': 'receive', 'content-not-stored': 'receive',
  'too-many-redirects': 'blocked', 'redirect-invalid': 'receive', 'total-timeout': 'wait', 'cancelled': 'wait',
  'engine-ended': 'wait', 'internal': 'blocked',
};
