import type { Exchange } from '../trace/exchange.ts';
import type { FieldLine } from '../trace/request.ts';
import { isForbiddenTrailer } from '../trace/trailers.ts';
import { formatDuration, formatNumber } from './format.ts';
import { explainDelays } from './frames.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { webSocketTexts } from './text/webSocket.ts';

/**
 * What happened beside the one request and its one response, each a sentence in the order it happened: a wait for
 * `100 Continue`, early hints, a switch to another protocol, trailers that do not count, a stream that is asked for
 * again, flow control that held the body back, errors that nobody looked for.
 */
export function explainExtras(exchange: Exchange, language: Language): string[] {
  return [
    ...continueSentences(exchange, language), ...hintSentences(exchange, language),
    ...upgradeSentences(exchange, language),
    ...trailerSentences(exchange, language), ...reconnectSentences(exchange, language),
    ...explainDelays(exchange, language), ...graphqlSentences(exchange, language),
  ];
}

function continueSentences({ request, response }: Exchange, language: Language): string[] {
  const { startAt, endAt, outcome } = request?.continueWait ?? {};
  if (startAt === undefined || endAt === undefined || !outcome) return [];
  const told = say(webSocketTexts, language, `continue-${outcome}`, {
    wait: formatDuration(endAt - startAt, language),
  });
  return response?.statusCode === 417 ? [told, say(webSocketTexts, language, 'expectation-failed')] : [told];
}

/** RFC 8297: the links of 103, each by its target and relation. */
function hintSentences({ response }: Exchange, language: Language): string[] {
  const hints = (response?.interimResponses ?? []).filter(({ statusCode }) => statusCode === 103);
  const links = hints.flatMap(({ headers }) => valuesOf(headers, 'link')).flatMap((value) =>
    [...value.matchAll(/<([^>]{1,500})>([^,<]{0,500})/g)]);
  if (links.length === 0) return [];
  const shown = links.slice(0, 5).map(([, target, parameters]) => {
    const relation = /;\s*rel="?([\w-]+)/i.exec(parameters ?? '')?.[1];
    return relation === undefined ? `\`${target}\`` : `\`${target}\` (${relation})`;
  });
  const all = links.length > shown.length ? `${shown.join(', ')} …` : shown.join(', ');
  return [say(webSocketTexts, language, 'early-hints', { links: all })];
}

/** What became of `Upgrade` in the request (RFC 9110 §7.8). */
function upgradeSentences({ spec, request, response, switchedTo }: Exchange, language: Language): string[] {
  if (switchedTo !== undefined) return [say(webSocketTexts, language, 'switched', { protocol: switchedTo })];
  const wanted = valuesOf(response?.headers ?? [], 'upgrade').join(', ');
  if (response?.statusCode === 426 && wanted !== '') return [
    say(webSocketTexts, language, 'upgrade-required', { protocol: wanted }),
  ];
  const typed = valuesOf(spec.headers, 'upgrade').join(', ');
  if (typed === '' || spec.webSocket || !response?.statusCode || response.statusCode === 101) return [];
  const isNamed = valuesOf(spec.headers, 'connection').some((value) => /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(value));
  const h2c = /\bh2c\b/i.test(typed) ? [say(webSocketTexts, language, 'upgrade-h2c')] : [];
  if (request?.httpVersion === '2') return [say(webSocketTexts, language, 'upgrade-http2')];
  if (!isNamed) return [say(webSocketTexts, language, 'upgrade-without-connection'), ...h2c];
  return [say(webSocketTexts, language, 'not-switched', { protocol: typed }), ...h2c];
}

function trailerSentences({ response }: Exchange, language: Language): string[] {
  const names = (response?.trailers ?? []).map(([name]) => name).filter(isForbiddenTrailer);
  if (names.length === 0) return [];
  return [
    say(webSocketTexts, language, 'trailer-ignored', {
      names: [...new Set(names)].map((name) => `\`${name}\``).join(', '),
    }),
  ];
}

function reconnectSentences({ reconnect }: Exchange, language: Language): string[] {
  if (!reconnect) return [];
  const { because, delay, lastEventId } = reconnect;
  const from = lastEventId === undefined ? '' : say(webSocketTexts, language, 'reconnect-from', { id: lastEventId });
  return [say(webSocketTexts, language, `reconnect-${because}`, { delay: formatDuration(delay, language), from })];
}

function graphqlSentences({ graphqlUnread }: Exchange, language: Language): string[] {
  if (!graphqlUnread) return [];
  const { size, limit } = graphqlUnread;
  return [say(webSocketTexts, language, 'graphql-unread', {
    size: formatNumber(size, language), limit: formatNumber(limit, language),
  })];
}

function valuesOf(lines: readonly FieldLine[], wanted: string): string[] {
  return lines.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}
