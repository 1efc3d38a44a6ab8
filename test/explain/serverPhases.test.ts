import assert from 'node:assert/strict';
import { serverPhaseLabel, serverPhaseNote } from '../../src/explain/serverPhases.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { Language } from '../../src/explain/text/language.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { serverPhasesOf } from '../../src/trace/phases.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';

/** What is said of the last of these events. */
function noteOf(language: Language, ...events: readonly ServerEvent[]): string {
  const event = events.at(-1)!;
  return serverPhaseNote({ name: 'handler', start: 0, event }, { server: 'lab', events }, language);
}

describe('the notes of the server’s lane', () => {
  it('say that a tunnel is open, and nothing of a response, for CONNECT', () => {
    const forwarded: ServerEvent = { type: 'forwarded', startAt: 1, at: 2, to: 'lab.test:80', reused: false };
    const asked = (method: string): ServerEvent =>
      ({ type: 'head-parsed', startAt: 0, at: 1, method, target: 'lab.test:80', httpVersion: '1.1' });
    assert.equal(noteOf('en', asked('CONNECT'), forwarded), 'lab.test:80: connected, a tunnel from here on');
    assert.equal(noteOf('ko', asked('CONNECT'), forwarded), 'lab.test:80: 연결됨, 이후로는 터널');
    assert.equal(noteOf('en', asked('GET'), forwarded), 'lab.test:80: no response');
    assert.equal(noteOf('en', asked('GET'), { ...forwarded, statusCode: 200 }), 'lab.test:80, new connection: 200');
  });

  it('name what a SOCKS proxy read: the greeting, then the request', () => {
    const events: ServerEvent[] = [
      { type: 'accepted', at: 0, server: 'socks', connection: 3, openConnections: 1, peerPort: 4711, request: 1 },
      { type: 'greeted', startAt: 1, at: 2, version: 'SOCKS5', offered: [0, 2], chosen: 2, accepted: true },
      { type: 'head-parsed', startAt: 3, at: 4, method: 'CONNECT', target: 'lab.test:80', httpVersion: 'SOCKS5' },
    ];
    const side = { server: 'socks', events };
    const rows = (language: Language): string[][] => serverPhasesOf({ startAt: 0 } as Exchange, side)
      .map((phase) => [serverPhaseLabel(phase, language), serverPhaseNote(phase, side, language)]);
    assert.deepEqual(rows('en'), [
      ['Accepted', 'connection 3, request 1'],
      ['Greeting read', 'SOCKS5, way to sign in: user name and password (RFC 1929), which were right; '
        + 'offered: none, user name and password (RFC 1929)'],
      ['Request read', 'CONNECT lab.test:80'],
    ]);
    assert.deepEqual(rows('ko').map(([label]) => label), ['수락', 'SOCKS 인사 읽기', 'SOCKS 요청 읽기']);
    const wrong: ServerEvent = { type: 'greeted', startAt: 1, at: 2, version: 'SOCKS5', offered: [2], chosen: 2, accepted: false };
    assert.match(noteOf('en', wrong), /\(RFC 1929\), which were wrong; offered: user name/);
    assert.match(noteOf('ko', wrong), /, 인증 실패, 제안된 방식: /);
    const none: ServerEvent = { type: 'greeted', startAt: 1, at: 2, version: 'SOCKS5', offered: [1, 3, 4, 5, 6, 7, 8, 9, 10], chosen: 255 };
    assert.equal(noteOf('en', none), 'SOCKS5, way to sign in: none acceptable; offered: 1, 3, 4, 5, 6, 7, 8, 9, …');
  });

  it('say in the reader’s language how a handler ended', () => {
    const handler = 'slow/delay';
    const ended = (language: Language, error: string): string => {
      const end: ServerEvent = { type: 'handler-end', at: 2, handler, error };
      const start: ServerEvent = { type: 'handler-start', at: 1, handler };
      return serverPhaseNote({ name: 'handler', start: 0, event: start }, { server: 'lab', events: [start, end] }, language);
    };
    assert.equal(ended('en', 'client-left'), 'slow/delay: the client left before it was done');
    assert.equal(ended('ko', 'program-late'), 'slow/delay: 프로그램이 너무 오래 걸려 중단함');
    for (const language of languages) assert.equal(ended(language, 'x is undefined'), 'slow/delay: x is undefined');
  });
});
