import type { PoolWait } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { PhaseName } from '../trace/failure.ts';
import { durationOf, phasesOf, serverPhasesOf } from '../trace/phases.ts';
import type { Phase } from '../trace/phases.ts';
import { explainFailure } from './failure.ts';
import { formatDuration, formatEndpoint, formatRate, formatSize } from './format.ts';
import { ownTimeOf, sumOfStretches, uncovered } from './ownTime.ts';
import type { OwnTime } from './ownTime.ts';
import { explainGraphql } from './graphql.ts';
import { explainStream } from './streams.ts';
import { explainWebSocket } from './webSocket.ts';
import { phaseInSentence, phaseLabel, shortestRate, wasRetried } from './phases.ts';
import { serverEvent } from './serverPhases.ts';
import type { Language } from './text/language.ts';
import { summaryTexts } from './text/summary.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

/**
 * What an exchange comes down to: `strong` says it, `text` gives the figures. Names are between
 * backticks.
 */
export interface Summary {
  readonly strong: string;
  readonly text: string;
}

/** A phase dominates when it took more than this share of the whole. */
const most = 0.5;

/** Setting up is worth a remark from this share on. */
const remarkable = 0.1;

/** Roundtrip's own time is worth a remark from this share on, and from this many ms. */
const notable = { share: 0.2, least: 1 } as const;

const setupNames: readonly PhaseName[] = ['dns', 'tcp', 'proxy', 'tls'];

/** Where the time of an exchange went, from its events alone; for a failure, what failed. */
export function explainExchange(exchange: Exchange, language: Language): Summary {
  if (exchange.failure) {
    const { title, text } = explainFailure(exchange.failure, exchange, language);
    return { strong: title, text };
  }
  const total = durationOf(exchange);
  const stream = explainStream(exchange, total, language) ?? explainWebSocket(exchange, total, language);
  if (stream) return stream;
  if (total === undefined) return running(exchange, language);
  const own = ownTimeOf(exchange);
  const main = mainPart(exchange, own, total, language);
  const remarks = [
    main.text,
    main.tellsOwn ? '' : ownRemark(own, total, language),
    connectionRemark(exchange, main.kind, total, language),
  ];
  const time = { strong: main.strong, text: remarks.filter((part) => part !== '').join(' ') };
  const errors = explainGraphql(exchange, language);
  return errors ? { strong: errors.strong, text: `${errors.text} ${time.strong} ${time.text}` } : time;
}

type Part = Summary & {
  readonly kind: 'setup' | 'other';
  /** Says already what Roundtrip itself took. */
  readonly tellsOwn?: true;
};

/** What may have taken the time: a step on the network, or Roundtrip itself. */
interface Share {
  readonly name: PhaseName | 'own';
  readonly duration: number;
}

function running(exchange: Exchange, language: Language): Summary {
  const current = phasesOf(exchange).findLast((phase) => phase.duration === undefined);
  const phase = phaseInSentence(current?.name ?? 'blocked', language);
  return {
    strong: say(summaryTexts, language, 'running-strong'),
    text: say(summaryTexts, language, 'running', { phase }),
  };
}

function mainPart(exchange: Exchange, own: OwnTime, total: number, language: Language): Part {
  const isStep = exchange.reused || wasRetried(exchange) || exchange.waited !== undefined;
  const phases = phasesOf(exchange).filter(
    (phase) => phase.duration !== undefined && (phase.name !== 'blocked' || isStep),
  );
  const shares: Share[] = phases.map(({ name, duration = 0 }) => ({ name, duration }));
  const [first, second] = [...shares, { name: 'own' as const, duration: own.duration }]
    .filter((share) => share.duration > 0)
    .toSorted((a, b) => b.duration - a.duration);
  if (!first || total <= 0) {
    return { kind: 'other', strong: say(summaryTexts, language, 'done-strong'), text: '' };
  }
  const setup = sumOf(phases, setupNames);
  const dominates = first.duration > most * total;
  if (!dominates && setup > most * total) return setupPart(phases, setup, total, language);
  if (!dominates && second) return evenPart(first, second, total, language);
  const phase = phases.find(({ name }) => name === first.name);
  return phase ? dominantPart(exchange, phase, total, language) : ownPart(own, total, language);
}

function ownPart(own: OwnTime, total: number, language: Language): Part {
  const part = formatDuration(own.duration, language);
  const places = { part, total: formatDuration(total, language) };
  const text = own.before === undefined
    ? say(summaryTexts, language, 'own-after', places)
    : say(summaryTexts, language, 'own-before', {
      ...places, phase: phaseInSentence(own.before, language),
    });
  return { kind: 'other', tellsOwn: true, strong: say(summaryTexts, language, 'own-strong'), text };
}

function ownRemark(own: OwnTime, total: number, language: Language): string {
  if (own.duration < notable.least || own.duration < notable.share * total) return '';
  return say(summaryTexts, language, 'own-remark', { part: formatDuration(own.duration, language) });
}

function waitedText(
  { for: what, limit }: PoolWait, places: { readonly part: string; readonly total: string }, language: Language,
): string {
  return say(summaryTexts, language, what === 'version' ? 'waited-version' : 'waited', { ...places, limit });
}

function dominantPart(exchange: Exchange, phase: Phase, total: number, language: Language): Part {
  const places = {
    part: formatDuration(phase.duration ?? 0, language),
    total: formatDuration(total, language),
  };
  const part = (strong: keyof typeof summaryTexts, text: string): Part => ({
    kind: setupNames.includes(phase.name) ? 'setup' : 'other',
    strong: say(summaryTexts, language, strong), text,
  });
  switch (phase.name) {
    case 'blocked': {
      const { waited } = exchange;
      if (waited && !wasRetried(exchange)) return part('waited-strong', waitedText(waited, places, language));
      if (serverEvent(exchange, 'ignored')) return part('ignored-strong', say(summaryTexts, language, 'ignored', places));
      const id = wasRetried(exchange) ? 'retried' : 'blocked';
      return part(`${id}-strong`, say(summaryTexts, language, id, places));
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

function dnsText(exchange: Exchange, phase: Phase, places: Places, language: Language): string {
  const lookup = exchange.connection?.lookup;
  const host = lookup?.name ?? exchange.connection?.host ?? '';
  // The name of the peer is looked up later, and nobody waits for it; nor for answers that come too late.
  const steps = (lookup?.steps ?? []).filter((step) =>
    step.purpose !== 'peer-name' && (lookup?.endAt === undefined || step.at <= lookup.endAt));
  const slowest = steps
    .filter((step) => step.source === 'name-server')
    .toSorted((a, b) => b.at - b.startAt - (a.at - a.startAt))[0];
  if (!lookup || !slowest?.server) return say(summaryTexts, language, 'dns', { ...places, host });
  const named = {
    ...places, host, server: slowest.server,
    slowest: formatDuration(slowest.at - slowest.startAt, language),
  };
  const duration = phase.duration ?? 0;
  const stretches = steps.map((step) => ({ start: step.startAt, duration: step.at - step.startAt }));
  const own = sumOfStretches(uncovered(stretches, lookup.startAt, lookup.startAt + duration));
  if (own >= notable.share * duration) {
    return say(summaryTexts, language, 'dns-own', { ...named, own: formatDuration(own, language) });
  }
  const id = slowest.outcome === 'timeout' ? 'dns-timeout' : 'dns-slowest';
  return say(summaryTexts, language, id, named);
}

function tcpText(exchange: Exchange, places: Places, language: Language): string {
  const connection = exchange.connection;
  const address = formatEndpoint(connection?.peerAddress ?? '', connection?.peerPort);
  const failed = (connection?.attempts ?? [])
    .filter((attempt) => attempt && attempt.outcome !== 'connected')
    .map((attempt) => `\`${formatEndpoint(attempt.address)}\``);
  if (failed.length === 0) return say(summaryTexts, language, 'tcp', { ...places, address });
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
 * What the server's own account says of the wait: from the head it read to the response it began.
 */
function waitText(exchange: Exchange, wait: Phase, places: Places, language: Language): string {
  const from = serverEvent(exchange, 'head-parsed')?.startAt;
  const to = serverEvent(exchange, 'response-started')?.at;
  const inside = from === undefined || to === undefined ? undefined : to - from;
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

function setupPart(
  phases: readonly Phase[],
  setup: number,
  total: number,
  language: Language,
): Part {
  const named = phases
    .filter((phase) => setupNames.includes(phase.name))
    .map(
      (phase) =>
        `${phaseLabel(phase.name, language)} ${formatDuration(phase.duration ?? 0, language)}`,
    );
  return {
    kind: 'setup', strong: say(summaryTexts, language, 'setup-strong'),
    text: say(summaryTexts, language, 'setup', {
      part: formatDuration(setup, language),
      total: formatDuration(total, language),
      phases: named.join(', '),
    }),
  };
}

function evenPart(first: Share, second: Share, total: number, language: Language): Part {
  const inSentence = (name: Share['name']): string =>
    name === 'own' ? say(summaryTexts, language, 'in-own') : phaseInSentence(name, language);
  return {
    kind: 'other', strong: say(summaryTexts, language, 'even-strong'),
    ...(first.name === 'own' || second.name === 'own' ? { tellsOwn: true as const } : {}),
    text: say(summaryTexts, language, 'even', {
      total: formatDuration(total, language),
      first: inSentence(first.name),
      firstTime: formatDuration(first.duration, language),
      second: inSentence(second.name),
      secondTime: formatDuration(second.duration, language),
    }),
  };
}

/** What the connection means for the next request, when it is worth a sentence. */
function connectionRemark(
  exchange: Exchange, kind: Part['kind'], total: number, language: Language,
): string {
  if (exchange.reused) return say(summaryTexts, language, 'reused');
  const setup = sumOf(phasesOf(exchange), setupNames);
  if (setup < remarkable * total) return '';
  if (!keepsAlive(exchange)) return say(summaryTexts, language, 'closing');
  if (kind === 'setup') return say(summaryTexts, language, 'once-short');
  return say(summaryTexts, language, 'once', { setup: formatDuration(setup, language) });
}

/** RFC 9112 §9.3: HTTP/1.1 persists unless a side said `close`; HTTP/2 always does. */
function keepsAlive(exchange: Exchange): boolean {
  const { request, response } = exchange;
  if (!response || response.httpVersion === '2') return true;
  if (response.httpVersion === '1.0') return false;
  const said = [...(request?.headers ?? []), ...response.headers]
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(',').map((token) => token.trim()));
  return !said.includes('close');
}

function sumOf(phases: readonly Phase[], names: readonly PhaseName[]): number {
  return phases.filter((phase) => names.includes(phase.name))
    .reduce((sum, phase) => sum + (phase.duration ?? 0), 0);
}
