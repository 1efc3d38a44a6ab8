import type { PoolWait, Refusal } from '../trace/event.ts';
import type { Attempt, Exchange, ProxyHop } from '../trace/exchange.ts';
import type { FailureCode, PhaseName } from '../trace/failure.ts';
import { isNameServerSide } from '../trace/nameServerSide.ts';
import { phasesOf } from '../trace/phases.ts';
import type { Phase } from '../trace/phases.ts';
import { formatDuration, formatRate, formatSize, formatTlsVersion } from './format.ts';
import { dnsNote } from './lookups.ts';
import { explainProxyAnswer } from './proxies.ts';
import type { Language } from './text/language.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';
import { webSocketTexts } from './text/webSocket.ts';

/** What the reader calls a phase: "DNS lookup", "Waiting (TTFB)". */
export function phaseLabel(name: PhaseName, language: Language): string {
  return say(phaseTexts, language, name);
}

/** The same for one exchange: what a WebSocket receives is no content. */
export function phaseLabelOf({ webSocket }: Exchange, name: PhaseName, language: Language): string {
  return name === 'receive' && webSocket ? say(webSocketTexts, language, 'phase') : phaseLabel(name, language);
}

/** The same inside a sentence: "the TLS handshake". */
export function phaseInSentence(name: PhaseName, language: Language): string {
  return say(phaseTexts, language, `in-${name}`);
}

/**
 * A few words beside the bar of a phase, from what was seen; empty when there is nothing to say.
 */
export function phaseNote(phase: Phase, exchange: Exchange, language: Language): string {
  return noteOf(phase, exchange, language) ?? '';
}

function noteOf({ name, failed }: Phase, exchange: Exchange, language: Language): string | undefined {
  switch (name) {
    case 'blocked': return blockedNote(exchange, language);
    case 'dns': return dnsNote(exchange, language);
    case 'tcp': return tcpNote(exchange, language);
    case 'proxy': return proxyNote(exchange, language);
    case 'tls': return tlsNote(exchange, language);
    case 'send': return sendNote(exchange, language);
    case 'wait': return waitNote(exchange, failed === true, language);
    case 'receive': return receiveNote(exchange, language);
  }
}

function blockedNote(exchange: Exchange, language: Language): string {
  if (wasRetried(exchange)) return retriedNote(exchange, language);
  if (exchange.waited) return waitedNote(exchange.waited, language);
  return say(phaseTexts, language, exchange.reused ? 'blocked-reused' : 'blocked-note');
}

function retriedNote(exchange: Exchange, language: Language): string {
  const reason = refusalOf(exchange);
  if (reason === undefined) return say(phaseTexts, language, 'blocked-retried');
  return say(phaseTexts, language, reason === 'HTTP_1_1_REQUIRED' ? 'blocked-http1' : 'blocked-refused', { reason });
}

function waitedNote({ for: what, limit, ahead }: PoolWait, language: Language): string {
  if (what === 'version') return say(phaseTexts, language, 'blocked-version');
  const id = what === 'stream' ? 'blocked-stream' : 'blocked-waited';
  return say(phaseTexts, language, ahead === 0 ? id : `${id}-ahead`, { limit, ahead });
}

/**
 * The kept connection it was given first proved closed, or the server did not process it there, and it was sent anew:
 * phases count from the last try, so what went before them is not Roundtrip's preparation alone.
 */
export function wasRetried(exchange: Exchange): boolean {
  return exchange.events.filter((event) => event.type === 'connection-assigned').length > 1;
}

/** What the server said of the try before the last. */
export function refusalOf({ events }: Exchange): Refusal | undefined {
  return events.findLast((event) => event.type === 'connection-assigned')?.because;
}

function tcpNote(exchange: Exchange, language: Language): string | undefined {
  const attempts = exchange.connection?.attempts ?? [];
  const told = attempts.find((attempt) => attempt?.outcome === 'connected') ?? attempts.at(-1);
  return told && attemptNote(told, exchange, language);
}

function proxyNote(exchange: Exchange, language: Language): string | undefined {
  const hop = exchange.connection?.proxy;
  return hop && hopNote(hop, exchange, language);
}

/** What a proxy answered, beside its bar. */
export function hopNote(hop: ProxyHop, exchange: Exchange, language: Language): string {
  const status = explainProxyAnswer(hop, language);
  if (status !== undefined) return say(phaseTexts, language, 'proxy-note', { proxy: hop.proxy, status });
  // A proxy that takes the request itself is asked nothing before.
  const answered = hop.endAt !== undefined && exchange.connection?.httpVersion !== undefined;
  if (answered) return hop.proxy;
  return hop.endAt === undefined && exchange.endAt === undefined
    ? say(phaseTexts, language, 'running')
    : say(phaseTexts, language, 'proxy-no-answer', { proxy: hop.proxy });
}

function tlsNote(exchange: Exchange, language: Language): string | undefined {
  const tls = exchange.connection?.tls;
  if (!tls) return undefined;
  if (exchange.failure?.phase === 'tls') {
    const { late, alert = '' } = exchange.failure.detail ?? {};
    if (late) return say(phaseTexts, language, 'tls-refused-late', { alert: String(alert) });
    return say(phaseTexts, language, tls.facts ? 'tls-stopped' : 'tls-failed');
  }
  if (!tls.facts)
    return say(phaseTexts, language, exchange.endAt === undefined ? 'running' : 'tls-failed');
  const { version, group, alpn, resumed, resumedFrom, clientCertificate, verificationOff } = tls.facts;
  const before = resumedFrom && formatDuration(resumedFrom.handshakeTime, language);
  const parts = [
    formatTlsVersion(version), group, alpn === undefined ? undefined : `ALPN ${alpn}`,
    !resumed ? undefined : before === undefined ? say(phaseTexts, language, 'tls-resumed')
      : say(phaseTexts, language, 'tls-resumed-before', { before }),
    clientCertificate?.presented ? say(phaseTexts, language, 'tls-presented') : undefined,
    verificationOff ? say(phaseTexts, language, 'tls-unverified') : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function sendNote(exchange: Exchange, language: Language): string | undefined {
  const { headSize, bodySize } = exchange.request ?? {};
  const wait = exchange.request?.continueWait;
  if (wait?.outcome === 'timeout' && wait.endAt !== undefined) {
    return say(webSocketTexts, language, 'continue-note', {
      wait: formatDuration(wait.endAt - wait.startAt, language),
    });
  }
  if (bodySize === undefined) return undefined;
  const body = formatSize(bodySize, language);
  if (headSize === undefined) {
    return bodySize === 0 ? undefined : say(phaseTexts, language, 'send-body-only', { body });
  }
  const total = formatSize(headSize + bodySize, language);
  if (bodySize === 0) return say(phaseTexts, language, 'send-note', { total });
  return say(phaseTexts, language, 'send-body', {
    total,
    body,
    head: formatSize(headSize, language),
  });
}

function waitNote(exchange: Exchange, failed: boolean, language: Language): string {
  const interim = exchange.response?.interimResponses ?? [];
  if (interim.length > 0) {
    const codes = counted(interim.map((response) => response.statusCode)).join(', ');
    return say(phaseTexts, language, 'wait-interim', { codes });
  }
  if (failed) return say(phaseTexts, language, 'wait-none');
  const hasServer = exchange.servers?.some((side) => !isNameServerSide(side)) ?? false;
  return say(phaseTexts, language, hasServer ? 'wait-server' : 'wait-plain');
}

/** Of each run of the same status one, with how many there were. */
function counted(statusCodes: readonly number[]): string[] {
  const runs: { readonly statusCode: number; count: number }[] = [];
  for (const statusCode of statusCodes) {
    const last = runs.at(-1);
    if (last?.statusCode === statusCode) last.count += 1;
    else runs.push({ statusCode, count: 1 });
  }
  return runs.map(({ statusCode, count }) => count === 1 ? `${statusCode}` : `${count} × ${statusCode}`);
}

/** Below this duration in ms a transfer rate says more about buffers than about the network. */
export const shortestRate = 50;

const unreadable: ReadonlySet<FailureCode> = new Set(['malformed-response', 'response-head-too-large']);

function receiveNote(exchange: Exchange, language: Language): string | undefined {
  const { failure, response, webSocket } = exchange;
  if (failure && unreadable.has(failure.code) && !response?.statusCode) {
    return say(phaseTexts, language, 'receive-unreadable');
  }
  if (!response) return undefined;
  if (webSocket) return say(webSocketTexts, language, 'receive-note', {
    sent: webSocket.counts.sent, received: webSocket.counts.received,
  });
  const size = formatSize(response.bodySize, language);
  if (exchange.failure && !response.complete)
    return say(phaseTexts, language, 'receive-cut', { size });
  if (response.bodySize === 0) {
    return exchange.endAt === undefined ? undefined : say(phaseTexts, language, 'receive-empty');
  }
  const duration = phasesOf(exchange).find((phase) => phase.name === 'receive')?.duration ?? 0;
  if (duration >= shortestRate) {
    return say(phaseTexts, language, 'receive-rate', {
      size,
      rate: formatRate(response.bodySize, duration, language),
    });
  }
  if (response.contentSize === response.bodySize)
    return say(phaseTexts, language, 'receive-note', { size });
  return say(phaseTexts, language, 'receive-decoded', {
    size,
    content: formatSize(response.contentSize, language),
  });
}

/** One line on what became of one attempt to connect. */
export function attemptNote(attempt: Attempt, exchange: Exchange, language: Language): string {
  const connection = exchange.connection;
  switch (attempt.outcome) {
    case undefined:
      return say(phaseTexts, language, exchange.endAt === undefined ? 'running' : 'tcp-no-answer');
    case 'connected':
      return connection?.localPort === undefined ? say(phaseTexts, language, 'tcp-connected-plain')
        : say(phaseTexts, language, 'tcp-connected', { port: connection.localPort });
    case 'abandoned':
      return say(phaseTexts, language, connection?.peerAddress ? 'tcp-abandoned' : 'tcp-no-answer');
    case 'failed':
      return failedAttemptNote(attempt, connection?.attempts ?? [], language);
  }
}

function failedAttemptNote(attempt: Attempt, all: readonly Attempt[], language: Language): string {
  const isLast = all.at(-1) === attempt;
  switch (attempt.code) {
    case 'ECONNREFUSED':
      return say(phaseTexts, language, isLast ? 'tcp-refused' : 'tcp-refused-next');
    case 'ETIMEDOUT':
    case 'connect-timeout':
      return say(phaseTexts, language, 'tcp-no-answer');
    case 'EHOSTUNREACH':
      return say(phaseTexts, language, 'tcp-unreachable');
    case 'ENETUNREACH':
      return say(phaseTexts, language, 'tcp-network-unreachable');
    default:
      return say(phaseTexts, language, 'tcp-failed', {
        code: attempt.code ?? attempt.message ?? '?',
      });
  }
}
