import type { Exchange } from '../trace/exchange.ts';
import type { PhaseName } from '../trace/failure.ts';
import { durationOf, phasesOf } from '../trace/phases.ts';
import type { Phase } from '../trace/phases.ts';
import { explainFailure } from './failure.ts';
import { formatDuration } from './format.ts';
import { ownTimeOf } from './ownTime.ts';
import type { OwnTime } from './ownTime.ts';
import { explainGraphql } from './graphql.ts';
import { explainLongest, isAsked, most, notable, remarkable } from './longestPhase.ts';
import { explainSessionOutcome } from './session.ts';
import { explainStream } from './streams.ts';
import { explainWebSocket } from './webSocket.ts';
import { phaseInSentence, phaseLabel, wasRetried } from './phases.ts';
import type { Language } from './text/language.ts';
import { summaryTexts } from './text/summary.ts';
import { say } from './text/text.ts';

/**
 * What an exchange comes down to: `strong` says it, `text` gives the figures. Names are between
 * backticks.
 */
export interface Summary {
  readonly strong: string;
  readonly text: string;
}

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
  const errors = explainGraphql(exchange, language) ?? explainSessionOutcome(exchange, language);
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
  if (!phase) return ownPart(own, total, language);
  const kind = setupNames.includes(phase.name) ? 'setup' : 'other';
  return { kind, ...explainLongest(exchange, phase, total, language) };
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
  if (isRemembered(exchange, setup)) return '';
  if (kind === 'setup') return say(summaryTexts, language, 'once-short');
  return say(summaryTexts, language, 'once', { setup: formatDuration(setup, language) });
}

/** Getting connected came to little more than a name that was known already: there is nothing to be saved. */
function isRemembered(exchange: Exchange, setup: number): boolean {
  const { lookup } = exchange.connection ?? {};
  const dns = sumOf(phasesOf(exchange), ['dns']);
  return lookup !== undefined && dns > most * setup && !lookup.steps.some(isAsked);
}

/** RFC 9112 §9.3: HTTP/1.1 persists unless a side said `close`; HTTP/2 always does. After a wrong length we close. */
function keepsAlive(exchange: Exchange): boolean {
  const { request, response, spec: { wrongLength } } = exchange;
  if (!response || response.httpVersion === '2') return true;
  if (response.httpVersion === '1.0' || wrongLength) return false;
  const said = [...(request?.headers ?? []), ...response.headers]
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(',').map((token) => token.trim()));
  return !said.includes('close');
}

function sumOf(phases: readonly Phase[], names: readonly PhaseName[]): number {
  return phases.filter((phase) => names.includes(phase.name))
    .reduce((sum, phase) => sum + (phase.duration ?? 0), 0);
}
