import type { Exchange } from '../trace/exchange.ts';
import { formatDuration, formatNumber, formatRate, formatSize } from './format.ts';
import type { Language } from './text/language.ts';
import { progressTexts } from './text/progress.ts';
import { say } from './text/text.ts';

/** How far a body has got; sizes in bytes as framed, `rate` in bytes a second, `left` in ms at that rate. */
export interface Progress {
  readonly direction: 'sent' | 'received';
  readonly size: number;
  /** The length the head promises. */
  readonly total?: number;
  readonly rate?: number;
  readonly left?: number;
}

/** The rate is that of the last so many ms: a slower or faster while before it says nothing of the rest. */
const rateWindow = 3000;

/**
 * The body that is under way, of the response once it has begun, else of the request. Undefined when nothing was told
 * of one yet, and when the exchange is over. Every figure is of events: while nothing arrives it does not move.
 */
export function progressOf(exchange: Exchange): Progress | undefined {
  const { events, response, request, endAt } = exchange;
  if (endAt !== undefined) return undefined;
  const received = events.filter((event) => event.type === 'body-progress');
  if (response?.statusCode && received.length > 0) {
    // While somebody was asked, nothing was to come.
    const startAt = events.findLast(({ type }) => type === 'content-released' || type === 'response-head')?.at;
    return progress('received', points(startAt ?? exchange.startAt, received), lengthOf(response.headers));
  }
  const sent = events.filter((event) => event.type === 'request-progress');
  const isSent = events.some((event) => event.type === 'request-sent');
  if (isSent || !request || sent.length === 0) return undefined;
  const startAt = events.find((event) => event.type === 'request-start')?.at ?? exchange.startAt;
  return progress('sent', points(startAt, sent), lengthOf(request.headers));
}

interface Point {
  readonly at: number;
  readonly bodySize: number;
}

function points(startAt: number, events: readonly Point[]): Point[] {
  const before = events.findLast(({ at }) => at < startAt);
  return [{ at: startAt, bodySize: before?.bodySize ?? 0 }, ...events.filter(({ at }) => at >= startAt)];
}

function progress(direction: Progress['direction'], all: readonly Point[], total: number | undefined): Progress {
  const last = all.at(-1)!;
  const first = all.findLast(({ at }) => last.at - at >= rateWindow) ?? all[0]!;
  const time = last.at - first.at;
  const rate = time > 0 ? ((last.bodySize - first.bodySize) * 1000) / time : undefined;
  const isKnown = total !== undefined && total >= last.bodySize;
  const left = isKnown && rate ? ((total - last.bodySize) * 1000) / rate : undefined;
  return {
    direction, size: last.bodySize,
    ...(isKnown ? { total } : {}), ...(rate === undefined ? {} : { rate }), ...(left === undefined ? {} : { left }),
  };
}

/** RFC 9110 §8.6, where it is one number. */
function lengthOf(headers: readonly (readonly [string, string])[]): number | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** `412 MB of 1.1 GB, 38 % · 520 MB/s · 1.3 s left`, as far as it is known. */
export function formatProgress({ size, total, rate, left }: Progress, language: Language): string {
  const sizes = total === undefined ? formatSize(size, language) : say(progressTexts, language, 'part', {
    size: formatSize(size, language), total: formatSize(total, language), percent: percentOf(size, total, language),
  });
  return [
    sizes, rate === undefined ? '' : formatRate(rate, 1000, language),
    left === undefined ? '' : say(progressTexts, language, 'left', { time: formatLeft(left, language) }),
  ].filter((part) => part !== '').join(' · ');
}

/** In short, for a status bar: `38 % · 520 MB/s`, or the size where no length is known. */
export function formatProgressShortly({ size, total, rate }: Progress, language: Language): string {
  const part = total === undefined ? formatSize(size, language) : `${percentOf(size, total, language)} %`;
  return rate === undefined ? part : `${part} · ${formatRate(rate, 1000, language)}`;
}

/** Only what is whole is 100. */
function percentOf(size: number, total: number, language: Language): string {
  return formatNumber(total === 0 ? 100 : Math.floor((size * 100) / total), language);
}

/** An estimate in whole seconds. */
function formatLeft(ms: number, language: Language): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : formatDuration(ms, language);
}
