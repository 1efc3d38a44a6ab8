import type { DnsStep } from '../trace/dnsStep.ts';
import type { PoolWait } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { serverPhasesOf } from '../trace/phases.ts';
import type { Phase } from '../trace/phases.ts';
import { formatDuration, formatEndpoint, formatRate, formatSize } from './format.ts';
import { coursePlaces, handshakeOf } from './handshake.ts';
import { sumOfStretches, uncovered } from './ownTime.ts';
import { refusalOf, shortestRate, wasRetried } from './phases.ts';
import { eventOf, serverEvent } from './serverPhases.ts';
import type { Summary } from './summary.ts';
import type { Language } from './text/language.ts';
import { summaryTexts } from './text/summary.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

/** A phase dominates when it took more than this share of the whole. */
export const most = 0.5;

/** Setting up, and a session within a handler, are worth a remark from this share on. */
export const remarkable = 0.1;

/** Roundtrip's own time is worth a remark from this share on, and from this many ms. */
export const notable = { share: 0.2, least: 1 } as const;

/** What is said of the phase that took most of an exchange, which took `total` ms. */
export function explainLongest(exchange: Exchange, phase: Phase, total: number, language: Language): Summary {
  const places = {
    part: formatDuration(phase.duration ?? 0, language),
    total: formatDuration(total, language),
  };
  const part = (strong: keyof typeof summaryTexts, text: string): Summary => ({
    strong: say(summaryTexts, language, strong), text,
  });
  switch (phase.name) {
    case 'blocked': {
      const { waited } = exchange;
      if (waited && !wasRetried(exchange)) return part(
        waited.for === 'stream' ? 'waited-stream-strong' : 'waited-strong', waitedText(waited, places, language),
      );
      if (serverEvent(exchange, 'ignored')) return part(
        'ignored-strong', say(summaryTexts, language, 'ignored', places),
      );
      if (wasRetried(exchange)) return part('retried-strong', retriedText(exchange, places, language));
      return part('blocked-strong', say(summaryTexts, language, 'blocked', places));
    }
    case 'dns': return part('dns-strong', dnsText(exchange, phase, places, language));
    case 'tcp': return part('tcp-strong', tcpText(exchange, places, language));
    case 'proxy': return part('proxy-strong', proxyText(exchange, places, language));
    case 'tls': return part('tls-strong', say(summaryTexts, language, 'tls', places));
    case 'send': return part('send-strong', sendText(exchange, phase, places, language));
    case 'wait': {
      const handler = handlerText(exchange, total, places, language);
      return handler === undefined
        ? part('wait-strong', waitText(exchange, phase, places, language))
        : part('server-strong', handler);
    }
    case 'receive': return part('receive-strong', receiveText(exchange, phase, places, language));
  }
}

function retriedText(exchange: Exchange, places: Places, language: Language): string {
  const reason = refusalOf(exchange);
  if (reason === undefined) return say(summaryTexts, language, 'retried', places);
  const id = reason === 'HTTP_1_1_REQUIRED' ? 'retried-http1' : 'retried-refused';
  return say(summaryTexts, language, id, { ...places, reason });
}

function waitedText(
  { for: what, limit }: PoolWait, places: { readonly part: string; readonly total: string }, language: Language,
): string {
  return say(summaryTexts, language, what === 'connection' ? 'waited' : `waited-${what}`, { ...places, limit });
}

/** Who took the time: whoever was asked, and Roundtrip itself with what it read and remembered. */
function dnsText(exchange: Exchange, phase: Phase, places: Places, language: Language): string {
  const { connection } = exchange;
  const lookup = connection?.lookup;
  const named = { ...places, host: lookup?.name ?? connection?.host ?? '' };
  if (!lookup) return say(summaryTexts, language, 'dns', named);
  // Nobody waits for answers that come too late.
  const steps = lookup.steps.filter((step) => lookup.endAt === undefined || step.at <= lookup.endAt);
  const duration = phase.duration ?? 0;
  const asked = steps.filter(isAsked);
  const stretches = asked.map((step) => ({ start: step.startAt, duration: step.at - step.startAt }));
  const own = sumOfStretches(uncovered(stretches, lookup.startAt, lookup.startAt + duration));
  const isOwn = own >= notable.share * duration;
  const file = isOwn ? fileText(steps, duration, language) : '';
  return `${answerText(slowestOf(asked), isOwn ? own : undefined, named, language)}${file}`;
}

function answerText(
  slowest: DnsStep | undefined, own: number | undefined, named: Places, language: Language,
): string {
  if (!slowest) return say(summaryTexts, language, own === undefined ? 'dns' : 'dns-unasked', named);
  const { server, outcome } = slowest;
  const places = {
    ...named, server: server ?? '', slowest: formatDuration(lengthOf(slowest), language),
    ...(own !== undefined && { own: formatDuration(own, language) }),
  };
  const isSystem = server === undefined;
  if (own !== undefined) return say(summaryTexts, language, isSystem ? 'dns-own-system' : 'dns-own', places);
  if (isSystem) return say(summaryTexts, language, 'dns-system', places);
  return say(summaryTexts, language, outcome === 'timeout' ? 'dns-timeout' : 'dns-slowest', places);
}

/** A sentence of its own on a file that Roundtrip read for long. */
function fileText(steps: readonly DnsStep[], duration: number, language: Language): string {
  const read = slowestOf(steps.filter(({ source }) => source === 'hosts'));
  if (!read?.server || lengthOf(read) < notable.share * duration) return '';
  const places = { file: read.server, time: formatDuration(lengthOf(read), language) };
  return ` ${say(summaryTexts, language, 'dns-file', places)}`;
}

/** Whether somebody else was asked: all other sources are Roundtrip's own. */
export function isAsked({ source }: DnsStep): boolean {
  return source === 'name-server' || source === 'getaddrinfo' || source === 'getnameinfo';
}

function slowestOf(steps: readonly DnsStep[]): DnsStep | undefined {
  return steps.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
}

function lengthOf({ startAt, at }: DnsStep): number {
  return at - startAt;
}

function tcpText(exchange: Exchange, places: Places, language: Language): string {
  const connection = exchange.connection;
  const address = formatEndpoint(connection?.peerAddress ?? '', connection?.peerPort);
  const failed = (connection?.attempts ?? [])
    .filter((attempt) => attempt && attempt.outcome !== 'connected')
    .map((attempt) => `\`${formatEndpoint(attempt.address)}\``);
  if (failed.length === 0) {
    const course = connection && handshakeOf(connection, 0)?.course;
    if (!course || course.kind === 'once') return say(summaryTexts, language, 'tcp', { ...places, address });
    return say(summaryTexts, language, `tcp-${course.kind}`, { ...places, address, ...coursePlaces(course, language) });
  }
  return say(summaryTexts, language, 'tcp-attempts', {
    ...places,
    address,
    failed: failed.join(', '),
  });
}

function proxyText(exchange: Exchange, places: Places, language: Language): string {
  const { proxies = [], proxy: last } = exchange.connection ?? {};
  const { proxy = '', target = '' } = last ?? {};
  if (proxies.length > 1) {
    const names = proxies.map((hop) => `\`${hop.proxy}\``).join(' → ');
    return say(summaryTexts, language, 'proxy-chain', { ...places, proxies: names });
  }
  // It is handed the request itself, and asked nothing before.
  const isTlsOnly = last?.statusCode === undefined && last?.socks === undefined;
  return say(summaryTexts, language, isTlsOnly ? 'proxy-tls' : 'proxy', { ...places, proxy, target });
}

function sendText(exchange: Exchange, phase: Phase, places: Places, language: Language): string {
  const size = (exchange.request?.headSize ?? 0) + (exchange.request?.bodySize ?? 0);
  return transferText('send', size, phase, places, language);
}

function receiveText(exchange: Exchange, phase: Phase, places: Places, language: Language): string {
  return transferText('receive', exchange.response?.bodySize ?? 0, phase, places, language);
}

function transferText(
  name: 'send' | 'receive', bytes: number, phase: Phase, places: Places, language: Language,
): string {
  const size = formatSize(bytes, language);
  const duration = phase.duration ?? 0;
  if (duration < shortestRate)
    return say(summaryTexts, language, `${name}-short`, { ...places, size });
  return say(summaryTexts, language, name, {
    ...places,
    size,
    rate: formatRate(bytes, duration, language),
  });
}

/**
 * What the server's own account says of the wait: from the head it read to the response it began. Of servers behind
 * each other, the time of the first holds that of all others.
 */
function waitText(exchange: Exchange, wait: Phase, places: Places, language: Language): string {
  const spans = (exchange.servers ?? []).flatMap((side) => {
    const from = eventOf(side, 'head-parsed')?.startAt;
    const to = eventOf(side, 'response-started')?.at;
    return from === undefined || to === undefined ? [] : [to - from];
  });
  const inside = spans.length === 0 ? undefined : Math.max(...spans);
  if (inside === undefined || inside > (wait.duration ?? 0))
    return say(summaryTexts, language, 'wait', places);
  return say(summaryTexts, language, 'wait-server', {
    ...places,
    server: formatDuration(inside, language),
  });
}

/**
 * When the server says that its handler took most of the time: how much, and the session within it.
 */
function handlerText(
  exchange: Exchange,
  total: number,
  places: Places,
  language: Language,
): string | undefined {
  const side = exchange.servers?.at(-1);
  const lanes = side ? serverPhasesOf(exchange, side) : [];
  const handler = lanes.find((phase) => phase.name === 'handler');
  const name = serverEvent(exchange, 'handler-start')?.handler;
  if (handler?.duration === undefined || name === undefined || handler.duration < total * most)
    return undefined;
  const part = formatDuration(handler.duration, language);
  const session = lanes.find((phase) => phase.name === 'session');
  const inside = session?.duration !== undefined && session.start >= handler.start
    && session.start + session.duration <= handler.start + handler.duration
    && session.duration > remarkable * handler.duration;
  if (!inside) return say(summaryTexts, language, 'handler', { ...places, part, handler: name });
  return say(summaryTexts, language, 'handler-session', {
    ...places, part, handler: name, session: formatDuration(session.duration ?? 0, language),
  });
}
