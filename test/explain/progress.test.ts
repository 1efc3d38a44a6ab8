import assert from 'node:assert/strict';
import { explainHeld } from '../../src/explain/held.ts';
import { formatProgress, formatProgressShortly, progressOf } from '../../src/explain/progress.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import { record } from '../../src/trace/record.ts';
import { exchangeEvents, spec } from '../trace/events.ts';

const head: ExchangeEvent = {
  type: 'response-head', at: 2000, httpVersion: '1.1', statusCode: 200, reasonPhrase: 'OK', headers: [
    ['Content-Length', '10000000'],
  ],
};
const before = exchangeEvents.slice(0, 5);

function received(at: number, bodySize: number): ExchangeEvent {
  return { type: 'body-progress', at, bodySize, contentSize: bodySize };
}

function progress(events: readonly ExchangeEvent[]) {
  return progressOf(record({ id: 'x', spec, events: [...before, ...events] }));
}

describe('progress of a body', () => {
  it('is nothing before anything was told, and when the exchange is over', () => {
    assert.equal(progress([]), undefined);
    assert.equal(progress([head]), undefined);
    assert.equal(progressOf(record({ id: 'x', spec, events: exchangeEvents })), undefined);
  });

  it('has the rate since the head, and of the last three seconds once there are more', () => {
    assert.deepEqual(progress([head, received(3000, 1_000_000)]), {
      direction: 'received', size: 1_000_000, total: 10_000_000, rate: 1_000_000, left: 9000,
    });
    const later = progress([head, received(3000, 100_000), received(5000, 200_000), received(8000, 3_200_000)]);
    assert.deepEqual(later, { direction: 'received', size: 3_200_000, total: 10_000_000, rate: 1_000_000, left: 6800 });
  });

  it('counts from the answer where it was held', () => {
    const held: ExchangeEvent = {
      type: 'content-held', at: 2000, limit: 'size', allowed: 1, bodySize: 0, contentSize: 0,
    };
    const all = [head, held, { type: 'content-released', at: 60_000, goOn: true } as const, received(60_500, 500_000)];
    assert.equal(progress(all)?.rate, 1_000_000);
  });

  it('knows nothing of the rest without a length, or with one that is passed', () => {
    assert.deepEqual(progress([{ ...head, headers: [] }, received(3000, 5)]), {
      direction: 'received', size: 5, rate: 5,
    });
    assert.deepEqual(progress([head, received(3000, 20_000_000)]), {
      direction: 'received', size: 20_000_000, rate: 20_000_000,
    });
  });

  it('is that of the request until it is sent', () => {
    const events = exchangeEvents.slice(0, 3);
    const sent: ExchangeEvent = { type: 'request-progress', at: 2032.5, bodySize: 500 };
    assert.deepEqual(progressOf(record({ id: 'x', spec, events: [...events, sent] })), {
      direction: 'sent', size: 500, rate: 500,
    });
  });

  it('is written with what is known', () => {
    const whole = { direction: 'received', size: 4_200_000, total: 10_000_000, rate: 1_000_000, left: 5800 } as const;
    assert.equal(formatProgress(whole, 'en'), '4.2 MB of 10 MB, 42 % · 1 MB/s · 6 s left');
    assert.equal(formatProgress(whole, 'ko'), '10 MB 중 4.2 MB, 42 % · 1 MB/s · 6 s 남음');
    assert.equal(formatProgress({ direction: 'sent', size: 5 }, 'en'), '5 B');
    assert.equal(
      formatProgress({ ...whole, size: 9_999_999, left: 0.001 }, 'en'), '10 MB of 10 MB, 99 % · 1 MB/s · 1 s left',
    );
    assert.equal(formatProgressShortly(whole, 'en'), '42 % · 1 MB/s');
    assert.equal(formatProgressShortly({ direction: 'received', size: 5, rate: 5 }, 'en'), '5 B · 5 B/s');
  });
});

describe('a content beyond a limit', () => {
  it('asks with its figures, and says where the limit is set', () => {
    const size = explainHeld({ limit: 'size', allowed: 1024 ** 3, bodySize: 0, contentSize: 0, announced: 3e9 }, 'en');
    assert.match(size.question, /announces 3 GB of content; the limit is 1\.1 GB/);
    assert.match(size.setting, /roundtrip\.content\.maxSize.*--max-size/);
    const passed = explainHeld({ limit: 'size', allowed: 1024 ** 3, bodySize: 9, contentSize: 9 }, 'en');
    assert.match(passed.question, /passed the limit of 1\.1 GB/);
    const bomb = explainHeld({ limit: 'expansion', allowed: 1000, bodySize: 10_000, contentSize: 11_000_000 }, 'en');
    assert.match(bomb.question, /10 kB of compressed body made 11 MB of content: more than 1,000 times/);
    assert.match(bomb.setting, /roundtrip\.content\.maxExpansion.*--max-expansion/);
  });
});
