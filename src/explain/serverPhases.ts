import { assertNever } from '../trace/assertNever.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import type { Exchange, ServerSide } from '../trace/exchange.ts';
import { handlerEndOf } from '../trace/phases.ts';
import type { ServerPhase } from '../trace/phases.ts';
import { formatSize } from './format.ts';
import { explainSocksMethod } from './proxies.ts';
import { questionNote, unreadableNote } from './questions.ts';
import { connectionNote } from './serverConnections.ts';
import { serverName } from './serverName.ts';
import { faultTexts } from './text/fault.ts';
import type { Language } from './text/language.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';

/** What the reader calls a step of the server's lane. */
export function serverPhaseLabel(phase: ServerPhase, language: Language): string {
  return say(phaseTexts, language, `server-${phase.name}`);
}

type Of<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

/** The event of one kind that the server furthest away reported, which is the one that answered. */
export function serverEvent<T extends ServerEvent['type']>(
  exchange: Exchange,
  type: T,
): Of<T> | undefined {
  const side = exchange.servers?.findLast(({ events }) => events.some((event) => event.type === type));
  return side && eventOf(side, type);
}

/** The first event of one kind that this server reported. */
export function eventOf<T extends ServerEvent['type']>({ events }: ServerSide, type: T): Of<T> | undefined {
  return events.find((event): event is Of<T> => event.type === type);
}

/** A few words beside a bar of the server's lane. */
export function serverPhaseNote(
  phase: ServerPhase,
  side: ServerSide,
  language: Language,
): string {
  const event = phase.event;
  switch (event.type) {
    case 'accept-failed':
    case 'turned-away':
    case 'accepted':
    case 'secured':
    case 'checked':
    case 'kept-alive':
    case 'closed':
      return connectionNote(event, side, language);
    case 'head-parsed':
      if (phase.name !== 'accept') return `${event.method} ${event.target}`;
      return acceptNote(eventOf(side, 'accepted'), language);
    case 'greeted':
      return greetingNote(event, language);
    case 'body-read':
      return say(phaseTexts, language, 'body-note', { size: formatSize(event.size, language) });
    case 'routed':
      return routeNote(event, language);
    case 'session-loaded':
      return sessionNote(event, language);
    case 'handler-start':
      return handlerNote(event.handler, handlerEndOf(side.events, event)?.error, language);
    case 'response-started':
      return responseNote(event, eventOf(side, 'response-finished'), language);
    case 'forwarded':
      return forwardNote(event, eventOf(side, 'head-parsed')?.method === 'CONNECT', language);
    case 'start-awaited':
      return say(phaseTexts, language, event.ready ? 'start-note' : 'start-failed', { of: serverName(event.of, language) });
    case 'balanced':
      return balanceNote(event, language);
    case 'tunnelled':
      return say(phaseTexts, language, 'tunnel-note', {
        to: event.to, sent: formatSize(event.sentSize, language), received: formatSize(event.receivedSize, language),
      });
    case 'refused':
      return say(phaseTexts, language, `refused-${event.reason}`, { target: event.target });
    case 'dialogue':
      return say(phaseTexts, language, 'dialogue-note', {
        protocol: event.protocol, sent: event.sent, received: event.received,
      });
    case 'question':
      return questionNote(event, language);
    case 'unreadable':
      return unreadableNote(event, language);
    case 'ignored':
      return say(phaseTexts, language, 'ignored-note', { size: formatSize(event.size, language) });
    case 'broken':
      return faultNote(event.fault, language);
    case 'listening':
    case 'first-byte':
    case 'handler-end':
    case 'response-finished':
      return '';
    default:
      return assertNever(event);
  }
}

/** What a fault of the lab's is; one that is not known here has its name alone. */
function faultNote(fault: string, language: Language): string {
  return Object.hasOwn(faultTexts, fault) ? say(faultTexts, language, fault as keyof typeof faultTexts) : fault;
}

/** Who asks for a tunnel (RFC 9110 §9.3.6, RFC 1928 §4) gets a connection, and no response from there. */
function forwardNote({ to, reused, statusCode }: Of<'forwarded'>, isTunnel: boolean, language: Language): string {
  if (isTunnel) return say(phaseTexts, language, 'forward-tunnel', { to });
  if (statusCode === undefined) return say(phaseTexts, language, 'forward-silent', { to });
  return say(phaseTexts, language, reused ? 'forward-reused' : 'forward-note', { to, status: statusCode });
}

/** How many of the ways to sign in are named that were offered; usual are one or two. */
const namedMethods = 8;

function greetingNote({ version, offered, chosen, accepted }: Of<'greeted'>, language: Language): string {
  const names = offered.slice(0, namedMethods).map((method) => explainSocksMethod(method, language));
  const more = offered.length > namedMethods ? ['…'] : [];
  return say(phaseTexts, language, accepted === undefined ? 'greeting-plain' : accepted ? 'greeting-right' : 'greeting-wrong', {
    version, offered: [...names, ...more].join(', ') || '–', chosen: explainSocksMethod(chosen, language),
  });
}

function balanceNote({ to, reason, backEnds }: Of<'balanced'>, language: Language): string {
  return say(phaseTexts, language, `balance-${reason}`, { to: serverName(to, language), count: backEnds });
}

function acceptNote(accepted: Of<'accepted'> | undefined, language: Language): string {
  if (!accepted) return '';
  const { connection, request } = accepted;
  return say(phaseTexts, language, 'accept-note', { connection, request });
}

function routeNote(event: Of<'routed'>, language: Language): string {
  const { pattern } = event;
  if (pattern === undefined) return say(phaseTexts, language, `route-${event.statusCode ?? 404}`);
  const parameters = Object.entries(event.parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
  if (parameters) return say(phaseTexts, language, 'route-parameters', { pattern, parameters });
  const other = event.candidates.find(
    (candidate) => candidate.pattern !== pattern && candidate.reason === 'less-specific',
  )?.pattern;
  if (other) return say(phaseTexts, language, 'route-beat', { pattern, other });
  return say(phaseTexts, language, 'route-note', { pattern });
}

/**
 * Why a route was chosen or passed over; a reason that is not known here stays as the server gave
 * it.
 */
export function explainRouteReason(reason: string, language: Language): string {
  const id = `reason-${reason}`;
  return Object.hasOwn(phaseTexts, id)
    ? say(phaseTexts, language, id as keyof typeof phaseTexts)
    : reason;
}

/** What the server made of the session cookie, with the user it stands for and, where it matters, where it is kept. */
export function sessionNote(event: Of<'session-loaded'>, language: Language): string {
  const code = event.code === undefined ? '' : ` (${event.code})`;
  const outcome = say(phaseTexts, language, sessionText(event), { code, worker: event.worker ?? '' });
  const note = event.user === undefined ? outcome
    : say(phaseTexts, language, 'session-user', { outcome, user: event.user });
  // Where nothing was found, the words say where it was looked for.
  const isKept = !['none', 'tampered', 'unknown', 'failed'].includes(event.outcome);
  if (event.store === undefined || !isKept) return note;
  const { worker } = event;
  if (event.store !== 'memory') return say(phaseTexts, language, `session-in-${event.store}`, { note });
  return worker === undefined ? note : say(phaseTexts, language, 'session-in-worker', { note, worker });
}

function sessionText({ outcome, store, worker, expiry, failure }: Of<'session-loaded'>): keyof typeof phaseTexts {
  if (outcome === 'unknown' && store === 'redis') return 'session-unknown-redis';
  // A worker's memory is its own.
  if (outcome === 'unknown' && store === 'memory' && worker !== undefined) return 'session-elsewhere';
  if (outcome === 'expired' && expiry) return `session-expired-${expiry}`;
  return outcome === 'failed' ? `session-failed-${failure ?? 'unreachable'}` : `session-${outcome}`;
}

/** An error that is not known here stays as the server gave it. */
function handlerNote(handler: string, code: string | undefined, language: Language): string {
  if (code === undefined) return handler;
  const id = `handler-${code}`;
  const error = Object.hasOwn(phaseTexts, id) ? say(phaseTexts, language, id as keyof typeof phaseTexts) : code;
  return say(phaseTexts, language, 'handler-error', { handler, error });
}

function responseNote(
  started: Of<'response-started'>,
  finished: Of<'response-finished'> | undefined,
  language: Language,
): string {
  const status = started.statusCode;
  return finished
    ? say(phaseTexts, language, 'response-size', {
        status,
        size: formatSize(finished.bodySize, language),
      })
    : say(phaseTexts, language, 'response-note', { status });
}
