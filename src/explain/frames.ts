import type { Exchange } from '../trace/exchange.ts';
import type { Http2Frame } from '../trace/http2/frame.ts';
import { framesOf, stallsOf } from '../trace/http2/exchangeFrames.ts';
import type { Stall } from '../trace/http2/exchangeFrames.ts';
import { errorName, frameFlag, frameType, settingName } from '../trace/http2/frameNames.ts';
import type { HpackField } from '../trace/http2/hpack.ts';
import { formatDuration, formatNumber } from './format.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { wireTexts } from './text/wire.ts';

type Say = (id: keyof typeof wireTexts & string, places?: Record<string, string | number>) => string;

/** What a frame says, on one line: its own words stay as the RFC has them. */
export function summarizeFrame(frame: Http2Frame, language: Language): string {
  const t: Say = (id, places) => say(wireTexts, language, id, places);
  const n = (value: number): string => formatNumber(value, language);
  const parts = [
    ...partsOf(frame, t, n),
    ...(frame.padding ? [t('padding', { size: n(frame.padding) })] : []),
    ...(frame.problem ? [t(`frame-${frame.problem}`)] : []),
  ];
  return parts.join(' · ');
}

function partsOf(frame: Http2Frame, t: Say, n: (value: number) => string): string[] {
  const { type, count = 1, increment = 0, text, origins = [], opaque } = frame;
  switch (type) {
    case frameType.data:
      return [...(count > 1 ? [t('frame-count', { count: n(count) })] : []), ...windowsIn(frame, t, n, 'window-left')];
    case frameType.headers:
    case frameType.pushPromise:
      return [
        ...(frame.promisedStream === undefined ? [] : [t('promised', { stream: frame.promisedStream })]),
        ...fieldParts(frame.fields ?? [], t, n),
      ];
    case frameType.continuation:
      return [...(count > 1 ? [t('frame-count', { count: n(count) })] : []), t('goes-on')];
    case frameType.priority: {
      const { dependency = 0, weight = 0, isExclusive } = frame.priority ?? {};
      return [t('depends', { stream: dependency, weight }), ...(isExclusive ? [t('exclusive')] : [])];
    }
    case frameType.resetStream:
      return [errorName(frame.errorCode ?? 0)];
    case frameType.settings:
      return settingParts(frame, t);
    case frameType.ping:
      return [...(frame.flags & frameFlag.ack ? [t('acknowledged')] : []), opaque ?? ''];
    case frameType.goaway:
      return [
        errorName(frame.errorCode ?? 0), t('last-stream', { stream: frame.lastStream ?? 0 }),
        ...(text ? [JSON.stringify(text)] : []),
      ];
    case frameType.windowUpdate:
      return windowsIn(frame, t, n, 'window-now', { increment: n(increment) });
    case frameType.priorityUpdate:
      return [t('about-stream', { stream: frame.promisedStream ?? 0 }), text ?? ''];
    default:
      return [...origins, ...(text ? [text] : []), ...(opaque ? [opaque] : [])];
  }
}

function settingParts({ flags, settings = [] }: Http2Frame, t: Say): string[] {
  if (flags & frameFlag.ack) return [t('acknowledged')];
  if (settings.length === 0) return [t('no-settings')];
  return [settings.map(([identifier, value]) => `${settingName(identifier)} ${value}`).join(', ')];
}

function windowsIn(
  { window: left }: Http2Frame, t: Say, n: (value: number) => string,
  id: 'window-left' | 'window-now', places: { increment?: string } = {},
): string[] {
  const sizes = [
    ...(left?.stream === undefined ? [] : [t('window-stream', { size: n(left.stream) })]),
    ...(left ? [t('window-connection', { size: n(left.connection) })] : []),
  ];
  if (sizes.length === 0) return places.increment === undefined ? [] : [`+${places.increment}`];
  return [t(id, { ...places, windows: sizes.join(', ') })];
}

/** `GET /a`, `200`, or the names of trailers; and what the compression made of them. */
function fieldParts(fields: readonly HpackField[], t: Say, n: (value: number) => string): string[] {
  if (fields.length === 0) return [];
  const of = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;
  const words = [of(':method'), of(':path'), of(':status')].filter((word) => word !== undefined);
  const what = words.length > 0 ? words.join(' ') : fields.map(({ name }) => name).join(', ');
  const size = fields.reduce((sum, field) => sum + field.size, 0);
  const full = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return [what, t('fields-in', { count: fields.length, size: n(size), full: n(full) })];
}

/** How a field was written (RFC 7541 §6). */
export function explainRepresentation({ representation, index, huffman }: HpackField, language: Language): string {
  const t: Say = (id, places) => say(wireTexts, language, id, places);
  if (representation === 'indexed') return t('written-indexed', { index: index ?? 0 });
  return [
    t(`written-${representation}`),
    ...(index === undefined ? [] : [t('written-name', { index })]),
    ...(huffman ? [t(`huffman-${huffman}`)] : []),
  ].join(', ');
}

/** Waits for flow control count as a delay of an exchange from this part of its time on, and from so many ms. */
const delay = { part: 0.1, time: 5 } as const;

/** Where flow control held a body back for long enough to matter. */
export function explainDelays(exchange: Exchange, language: Language): string[] {
  const { frames, startAt, endAt } = exchange;
  if (!frames || endAt === undefined) return [];
  const stalls = stallsOf(framesOf(exchange, 'exchange'));
  const waited = stalls.reduce((sum, stall) => sum + (stall.endAt === undefined ? 0 : stall.endAt - stall.startAt), 0);
  return waited >= delay.time && waited >= delay.part * (endAt - startAt) ? explainStalls(stalls, language) : [];
}

/** A wait that is shorter, in ms, is how flow control works and no delay. */
const shortestStall = 1;

/** Sentences about where flow control held DATA back: the longest wait, and the others together. */
export function explainStalls(stalls: readonly Stall[], language: Language): string[] {
  const t: Say = (id, places) => say(wireTexts, language, id, places);
  const time = ({ startAt, endAt }: Stall): number => endAt === undefined ? Infinity : endAt - startAt;
  const [longest, ...rest] = stalls.filter((stall) => time(stall) >= shortestStall).sort((a, b) => time(b) - time(a));
  const sentences = (longest ? [longest] : []).map((stall) => {
    const who = stall.direction === 'sent' ? 'we' : 'server';
    const places = { window: t(`stall-${stall.window}`) };
    return stall.endAt === undefined
      ? t(`stall-open-${who}`, places) : t(`stall-${who}`, { ...places, time: formatDuration(time(stall), language) });
  });
  const total = rest.reduce((sum, stall) => sum + (stall.endAt === undefined ? 0 : time(stall)), 0);
  return rest.length === 0
    ? sentences : [...sentences, t('stalls-more', { count: rest.length, time: formatDuration(total, language) })];
}
