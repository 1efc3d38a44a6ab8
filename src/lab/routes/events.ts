import { setTimeout as sleep } from 'node:timers/promises';
import { problem } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { wholeNumber } from './numbers.ts';

const maxCount = 1000;
const maxInterval = 10_000;
const maxTime = 600_000;

interface Asked {
  /** Of the last event there is. */
  readonly count: number;
  /** ms between two events. */
  readonly interval: number;
  /** ms a client is to wait before it comes again. */
  readonly retry: number;
  /** The stream breaks off after so many events. */
  readonly cut: number;
}

function askedIn(query: URLSearchParams): Asked | undefined {
  const count = wholeNumber(query.get('count') ?? '5', 0, maxCount);
  const interval = wholeNumber(query.get('interval') ?? '100', 0, maxInterval);
  const retry = wholeNumber(query.get('retry') ?? '1000', 0, maxInterval);
  const cut = wholeNumber(query.get('cut') ?? `${maxCount}`, 1, maxCount);
  if (count === undefined || interval === undefined || retry === undefined || cut === undefined) return undefined;
  return count * interval > maxTime ? undefined : { count, interval, retry, cut };
}

/**
 * Events with ids from 1, each third one of another type; whoever comes again with `Last-Event-ID` gets what is left,
 * and 204 when that is nothing: it stops a client that would come again (HTML §9.2.3).
 */
const events: Handler = ({ head, signal }) => {
  const asked = askedIn(head.query);
  if (!asked) return problem(400, `count and cut go up to ${maxCount}, interval and retry up to ${maxInterval} ms.`);
  const last = wholeNumber(head.first('last-event-id'), 0, maxCount) ?? 0;
  if (last >= asked.count && last > 0) return { statusCode: 204, headers: [] };
  return {
    statusCode: 200,
    headers: [['Content-Type', 'text/event-stream'], ['Cache-Control', 'no-store']],
    body: eventsAfter(last, asked, signal),
  };
};

async function* eventsAfter(
  last: number, { count, interval, retry, cut }: Asked, signal: AbortSignal,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`retry: ${retry}\n: the events after ${last}\n\n`);
  for (let id = last + 1; id <= Math.min(count, last + cut); id += 1) {
    if (interval > 0 && id > last + 1 && !await sleep(interval, true, { signal }).catch(() => false)) return;
    const type = id % 3 === 0 ? 'event: third\n' : '';
    yield Buffer.from(`${type}id: ${id}\ndata: {"event": ${id},\ndata:  "of": ${count}}\n\n`);
  }
}

export const eventRoutes: readonly Route[] = [{
  pattern: 'GET /events', name: 'events/stream', handler: events, example: '/events?count=3&interval=200',
  summary: {
    en: 'Server-sent events: ?count=, ?interval= and ?retry= in ms, ?cut= to break off; goes on after Last-Event-ID.',
    ko: '서버 전송 이벤트입니다: ?count=, ?interval=과 ?retry=(밀리초), ?cut=개 뒤에 끊기, Last-Event-ID 다음부터 이어 보내기가 됩니다.',
  },
}];
