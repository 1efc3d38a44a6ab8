import assert from 'node:assert/strict';
import { appendEvents } from '../../src/trace/appendEvents.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import { record } from '../../src/trace/record.ts';
import { exchangeEvents, spec } from './events.ts';

function progress(at: number): ExchangeEvent {
  return { type: 'body-progress', at, bodySize: at * 10, contentSize: at * 10 };
}

describe('appendEvents', () => {
  it('keeps all but progress, of which the first, the latest and some between stay', () => {
    const events: ExchangeEvent[] = [];
    const isProgress = ({ type }: ExchangeEvent): boolean => type === 'body-progress';
    for (let at = 1; at <= 36_000; at += 1) {
      appendEvents(events, at % 100 === 0 ? [progress(at), { type: 'first-byte', at }] : [progress(at)]);
      assert(events.filter(isProgress).length <= 240);
    }
    assert.equal(events.filter(({ type }) => type === 'first-byte').length, 360);
    const kept = events.filter(isProgress).map(({ at }) => at);
    assert.deepEqual(kept, kept.toSorted((a, b) => a - b));
    assert.deepEqual(kept.slice(-59), Array.from({ length: 59 }, (_, index) => 35_942 + index));
    assert(kept[0]! < 2000, `the first is at ${kept[0]}`);
  });

  it('adds few events as they are', () => {
    const events: ExchangeEvent[] = [];
    appendEvents(events, exchangeEvents);
    assert.deepEqual(events, exchangeEvents);
  });
});

describe('a content beyond a limit', () => {
  const held = { limit: 'size', allowed: 10, bodySize: 0, contentSize: 0, announced: 20 } as const;
  const upToHead = exchangeEvents.slice(0, 6);

  it('is held until somebody has answered', () => {
    const asked: ExchangeEvent[] = [...upToHead, { type: 'content-held', at: 1128, ...held }];
    assert.deepEqual(record({ id: 'x', spec, events: asked }).held, held);
    const answered: ExchangeEvent[] = [...asked, { type: 'content-released', at: 1500, goOn: true }];
    assert.equal(record({ id: 'x', spec, events: answered }).held, undefined);
  });

  it('is not held any more when the exchange has failed', () => {
    const failure = { phase: 'receive', code: 'cancelled', confidence: 'certain' } as const;
    const events: ExchangeEvent[] = [
      ...upToHead, { type: 'content-held', at: 1128, ...held }, { type: 'failed', at: 1200, failure },
    ];
    assert.equal(record({ id: 'x', spec, events }).held, undefined);
  });
});
