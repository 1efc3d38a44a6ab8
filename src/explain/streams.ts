import { streamLimits } from '../trace/eventStream.ts';
import type { Exchange } from '../trace/exchange.ts';
import { formatDuration } from './format.ts';
import type { Language } from './text/language.ts';
import { summaryTexts } from './text/summary.ts';
import { say } from './text/text.ts';

/**
 * How many events of a stream came and who ended it: it lasts as long as its listener wants, so that no phase of it
 * took "most of the time". `total` in ms, undefined while it goes on. Undefined when there is no stream, or when its
 * events are no longer counted one by one.
 */
export function explainStream(
  { stream }: Exchange, total: number | undefined, language: Language,
): { readonly strong: string; readonly text: string } | undefined {
  if (!stream || (stream.count === undefined && stream.events.length >= streamLimits.events)) return undefined;
  const end = total === undefined ? 'listening' : stream.ended ? 'stream-stopped' : 'stream-over';
  const places = {
    count: stream.count ?? stream.events.length, total: total === undefined ? '' : formatDuration(total, language),
  };
  return { strong: say(summaryTexts, language, 'stream-strong'), text: say(summaryTexts, language, end, places) };
}
