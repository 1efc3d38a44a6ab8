import assert from 'node:assert/strict';
import { connectionNote } from '../../src/explain/serverConnections.ts';
import { languages } from '../../src/explain/text/language.ts';
import { serverPhasesOf } from '../../src/trace/phases.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';

type ConnectionNews = Parameters<typeof connectionNote>[0];

const noteOf = (event: ConnectionNews, others: readonly ServerEvent[] = []): string =>
  connectionNote(event, { server: 'lab', events: [...others, event] }, 'en');

describe('what a server tells of its connections', () => {
  it('is said of each event', () => {
    const check = { type: 'checked', at: 1 } as const;
    const cases: readonly (readonly [ConnectionNews, string])[] = [
      [{ type: 'turned-away', at: 1, peerPort: 9, openConnections: 4, limit: 4 }, 'no room: 4 of 4 connections were open'],
      [{ type: 'accepted', at: 1, server: 'lab', connection: 3, openConnections: 1, peerPort: 9, request: 1 }, 'connection 3, request 1'],
      [{ type: 'secured', at: 2, startAt: 1, version: 'TLSv1.2', cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', resumed: true },
        'TLS 1.2, ECDHE_RSA_WITH_AES_128_GCM_SHA256, resumed'],
      [{ ...check, check: 'host', outcome: 'refused', statusCode: 421 }, 'this is not its host: 421'],
      [{ ...check, check: 'site', outcome: 'refused', statusCode: 403 }, 'another site had it sent: 403'],
      [{ ...check, check: 'size', outcome: 'refused', statusCode: 413 }, 'the body is too large: 413'],
      [{ type: 'kept-alive', at: 1, timeout: 5000, requests: 2 }, 'kept for up to 5.00 s, requests so far: 2'],
      [{ type: 'closed', at: 1, by: 'client', reason: 'ended', requests: 0 }, 'the client closed it (FIN)'],
      [{ type: 'closed', at: 1, by: 'server', reason: 'tls', requests: 0, code: 'ERR_SSL_NO_SHARED_CIPHER' },
        'the TLS handshake failed [ERR_SSL_NO_SHARED_CIPHER]'],
      [{ type: 'closed', at: 1, by: 'client', reason: 'tls', requests: 0, code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' },
        'the client ended TLS with the alert unknown_ca [ERR_SSL_TLSV1_ALERT_UNKNOWN_CA]'],
      [{ type: 'closed', at: 1, by: 'server', reason: 'tls', requests: 0, code: 'CERT_HAS_EXPIRED' },
        'client certificate refused: expired [CERT_HAS_EXPIRED]'],
      [{ type: 'closed', at: 1, by: 'server', reason: 'tls', requests: 0, code: 'INVALID_PURPOSE' },
        'client certificate refused [INVALID_PURPOSE]'],
      [{ type: 'closed', at: 1, by: 'server', reason: 'died', pid: 123, code: 'SIGKILL' },
        'the process that served it, 123, died [SIGKILL]'],
    ];
    for (const [event, note] of cases) assert.equal(noteOf(event), note);
  });

  it('names the waits after failed accepts, and how long a connection was kept', () => {
    const failures = [5, 10, 20, 40, 80, 160, 320].map((delay, at) =>
      ({ type: 'accept-failed', at, code: 'EMFILE', delay }) as const);
    assert.equal(noteOf(failures[0]!, failures.slice(1)).replace(/:.*/, ''), 'EMFILE');
    assert.equal(connectionNote(failures[0]!, { server: 'lab', events: failures }, 'en'),
      'EMFILE: connections were closed unread; looked for a free descriptor again after 5, 10, 20, 40, 80, 160, … ms');
    assert.equal(noteOf({ type: 'closed', at: 1500, by: 'client', reason: 'reset', requests: 1 },
      [{ type: 'kept-alive', at: 500, timeout: 5000, requests: 1 }]), 'the client reset it (RST), 1.00 s after its last response');
  });

  it('is said of every reason, in both languages', () => {
    const reasons = ['ended', 'reset', 'idle', 'silent', 'answered', 'slow', 'malformed', 'tls', 'fault', 'stopped', 'died', 'error'] as const;
    for (const language of languages) {
      const notes = reasons.map((reason) => {
        const event = { type: 'closed', at: 1, by: 'server', reason, requests: 1 } as const;
        return connectionNote(event, { server: 'lab', events: [event] }, language);
      });
      assert.equal(new Set(notes).size, reasons.length);
    }
  });

  it('has a row where there is no request to show', () => {
    const [exchange] = scenarios.login.exchanges;
    const events: readonly ServerEvent[] = [
      { type: 'listening', at: 1, address: '127.0.0.1', port: 80 },
      { type: 'accepted', at: 2, server: 'lab', connection: 3, openConnections: 1, peerPort: 9, request: 1 },
      { type: 'closed', at: 3, by: 'server', reason: 'slow', requests: 0 },
    ];
    assert.deepEqual(serverPhasesOf(exchange!, { server: 'lab', events }).map(({ name }) => name), ['connect', 'connection']);
    const refused = [...events, { type: 'checked', at: 3, check: 'host', outcome: 'passed' } as const,
      { type: 'checked', at: 3, check: 'site', outcome: 'passed' } as const,
      { type: 'checked', at: 3, check: 'size', outcome: 'refused', statusCode: 413 } as const];
    assert.equal(serverPhasesOf(exchange!, { server: 'lab', events: refused }).filter(({ name }) => name === 'check').length, 2);
  });
});
