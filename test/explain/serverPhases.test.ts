import assert from 'node:assert/strict';
import { serverPhaseNote } from '../../src/explain/serverPhases.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { Language } from '../../src/explain/text/language.ts';
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
