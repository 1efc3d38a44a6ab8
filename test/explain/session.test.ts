import assert from 'node:assert/strict';
import { sessionNote } from '../../src/explain/serverPhases.ts';
import { explainExchange } from '../../src/explain/summary.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { record } from '../../src/trace/record.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';
import { simple } from './support.ts';

type Loaded = Extract<ServerEvent, { type: 'session-loaded' }>;
type Seen = Omit<Loaded, 'type' | 'at' | 'startAt'>;

/** A response with this status code, of which the server says this. */
function answered(statusCode: number, ...seen: ServerEvent[]): Exchange {
  const exchange = simple({ sent: 1, first: 5, end: 9 }, { reused: true });
  const events = exchange.events.map((event): ExchangeEvent =>
    (event.type === 'response-head' ? { ...event, statusCode } : event));
  const told = seen.map((event): ExchangeEvent => ({ type: 'server', server: 'lab', at: event.at, event }));
  const again = record({ id: exchange.id, spec: exchange.spec, events: [...events, ...told] });
  return { ...again, connection: exchange.connection };
}

function loaded(seen: Seen): Loaded {
  return { type: 'session-loaded', startAt: 2, at: 3, ...seen };
}

const strong: readonly [statusCode: number, seen: Seen, strong: string | undefined][] = [
  [401, { outcome: 'none' }, undefined],
  [200, { outcome: 'found', user: 'ada' }, undefined],
  [204, { outcome: 'unknown' }, undefined],
  [401, { outcome: 'unknown', store: 'memory' }, 'The server does not know this session:'],
  [401, { outcome: 'unknown', store: 'redis' }, 'The server does not know this session:'],
  [401, { outcome: 'unknown', store: 'memory', worker: 2 }, 'Worker 2 does not know this session:'],
  [401, { outcome: 'tampered', store: 'memory' }, 'The session id is not genuine:'],
  [401, { outcome: 'expired', expiry: 'idle' }, 'The session has expired:'],
  [401, { outcome: 'expired' }, 'The session has expired:'],
  [200, { outcome: 'kept', user: 'ada' }, 'This login is open to session fixation:'],
  [503, { outcome: 'failed', store: 'redis', failure: 'unreachable' }, 'The session store could not be used:'],
];

const notes: readonly [seen: Seen, note: string][] = [
  [{ outcome: 'none', store: 'memory' }, 'no session'],
  [{ outcome: 'found', user: 'ada' }, 'found, user ada'],
  [{ outcome: 'found', user: 'ada', store: 'memory' }, 'found, user ada'],
  [{ outcome: 'found', user: 'ada', store: 'memory', worker: 2 }, 'found, user ada (memory of worker 2)'],
  [{ outcome: 'found', user: 'ada', store: 'shared' }, 'found, user ada (shared by all workers)'],
  [{ outcome: 'created', store: 'redis' }, 'new id (Redis)'],
  [{ outcome: 'failed', store: 'redis', failure: 'unreachable', code: 'ECONNREFUSED' },
    'Redis cannot be reached (ECONNREFUSED)'],
  [{ outcome: 'failed', store: 'redis', failure: 'not-set' }, 'no Redis is set'],
  [{ outcome: 'unknown', store: 'memory', worker: 2 }, 'worker 2 does not know the id'],
];

describe('what a session did', () => {
  for (const [statusCode, seen, expected] of strong) {
    it(`is told first where it matters: ${statusCode}, ${JSON.stringify(seen)}`, () => {
      const told = explainExchange(answered(statusCode, loaded(seen)), 'en');
      assert.equal(told.strong, expected ?? 'No single phase stands out:');
      if (expected) assert.match(told.text, /^[a-zR].*\. No single phase stands out: of 9\.0 ms/s);
    });
  }

  it('says what kept a form out', () => {
    for (const reason of ['foreign-origin', 'no-form-token', 'wrong-form-token'] as const) {
      const exchange = answered(403, loaded({ outcome: 'found', user: 'ada' }),
        { type: 'refused', at: 4, reason, target: 'http://guest.lab.test' });
      assert.equal(explainExchange(exchange, 'en').strong, 'The form was refused:');
      assert.match(explainExchange(exchange, 'en').text, /CSRF/);
    }
    const proxy = answered(403, { type: 'refused', at: 4, reason: 'not-own', target: 'evil.example' });
    assert.equal(explainExchange(proxy, 'en').strong, 'No single phase stands out:');
  });

  for (const [seen, note] of notes) {
    it(`stands beside its bar: ${note}`, () => assert.equal(sessionNote(loaded(seen), 'en'), note));
  }

  it('has words for every outcome in every language', () => {
    const failures = ['not-set', 'unreachable', 'timeout', 'refused'] as const;
    const all: Seen[] = [
      ...strong.map(([, seen]) => seen), { outcome: 'ended' }, { outcome: 'renewed' }, { outcome: 'failed' },
      { outcome: 'expired', expiry: 'absolute' }, ...failures.map((failure): Seen => ({ outcome: 'failed', failure })),
    ];
    for (const language of languages) for (const seen of all) {
      assert.doesNotMatch(sessionNote(loaded(seen), language), /[{}]|undefined/);
      const told = explainExchange(answered(503, loaded({ user: 'ada', ...seen })), language);
      assert.doesNotMatch(`${told.strong} ${told.text}`, /[{}]|undefined/);
    }
  });
});
