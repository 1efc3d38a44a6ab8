import type { InspectorAction } from '../protocol.ts';
import type { TlsFacts } from '../trace/event.ts';
import type { Attempt, Exchange } from '../trace/exchange.ts';
import type { Failure, FailureCode } from '../trace/failure.ts';
import { defaultTimeouts } from '../trace/request.ts';
import type { Timeouts } from '../trace/request.ts';
import { formatDuration, formatEndpoint, formatMoment, formatSize } from './format.ts';
import { commonName, plainName } from './names.ts';
import { failureTexts } from './text/failure.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

/** What to do next; `action` is what a button beside it would do. */
export interface FailureStep {
  readonly text: string;
  readonly action?: InspectorAction;
}

/** Why an exchange stopped, in words. Names and code are between backticks. */
export interface FailureExplanation {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly FailureStep[];
}

type Id = keyof typeof failureTexts;

/** The sentence of a code and its steps, as ids of the table; places come from {@link placesOf}. */
interface Plan {
  readonly texts: readonly Id[];
  readonly steps: readonly (Id | readonly [Id, InspectorAction])[];
}

interface Case {
  readonly failure: Failure;
  readonly exchange: Exchange;
  readonly places: Places;
}

/**
 * Why an exchange stopped: a title, sentences with this exchange's own names and figures, and numbered next
 * steps. Says only what was seen; a figure that is not known is left out.
 */
export function explainFailure(
  failure: Failure, exchange: Exchange, language: Language,
): FailureExplanation {
  const places = placesOf(failure, exchange, language);
  const plan = plans[failure.code]({ failure, exchange, places });
  const lab = offersLab(failure, exchange) ? [['start-lab', 'start-lab'] as const] : [];
  return {
    title: say(failureTexts, language, `title-${failure.code}`),
    text: plan.texts.map((id) => say(failureTexts, language, id, places)).join(' '),
    steps: [...lab, ...plan.steps]
      .filter((step) => isSayable(typeof step === 'string' ? step : step[0], places))
      .map((step) => stepOf(step, places, language)),
  };
}

/** Every name and figure the text needs is known; a text with a gap is not said. */
function isSayable(id: Id, places: Places): boolean {
  return Array.from(failureTexts[id].en.matchAll(/\{(\w+)\}/g)).every(([, name]) => Object.hasOwn(places, name ?? ''));
}

function stepOf(
  step: Id | readonly [Id, InspectorAction], places: Places, language: Language,
): FailureStep {
  if (typeof step === 'string') return { text: say(failureTexts, language, step, places) };
  const [id, action] = step;
  return { text: say(failureTexts, language, id, places), action };
}

/** The failure on one line, with the first next step, for a terminal. */
export function failureMessage(failure: Failure, exchange: Exchange, language: Language): string {
  const { title, text, steps } = explainFailure(failure, exchange, language);
  const next = steps[0] === undefined ? [] : [`→ ${steps[0].text}`];
  return [title, text, ...next].join(' ').replaceAll('`', '').replace(/\s+/g, ' ');
}

/** What stands where a status code would: "Failed in the TLS handshake". */
export function failureStatus(failure: Failure, language: Language): string {
  if (failure.code === 'cancelled') return say(failureTexts, language, 'cancelled-status');
  return say(failureTexts, language, `failed-${failure.phase}`);
}

/** How sure the classification is, when it is not certain. */
export function explainConfidence(failure: Failure, language: Language): string | undefined {
  if (failure.confidence === 'certain') return undefined;
  return say(failureTexts, language, `confidence-${failure.confidence}`);
}

/** The error underneath as the platform said it, for those who search for it. */
export function explainCause(failure: Failure, language: Language): string | undefined {
  if (!failure.cause) return undefined;
  const { code, message } = failure.cause;
  const cause = code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  return say(failureTexts, language, 'cause', { cause });
}

const unanswered: ReadonlySet<FailureCode> = new Set([
  'connection-refused', 'connect-timeout', 'name-not-found', 'name-server-failed', 'name-timeout',
  'name-without-address',
]);

/** Nobody was there, and the host is the lab's: it is not running, or no longer where it was. */
function offersLab(failure: Failure, exchange: Exchange): boolean {
  return unanswered.has(failure.code) && isLabRequest(exchange);
}

/** The request goes to the lab: a name of its zone, or one of its listeners. */
export function isLabRequest(exchange: Exchange): boolean {
  const url = urlOf(exchange);
  if (!url) return false;
  const host = url.hostname.toLowerCase();
  const known = ['lab.test', ...(exchange.spec.options.traceHosts ?? [])].map((name) => name.toLowerCase());
  return known.some((name) => host === name || host.endsWith(`.${name}`) || authorityOf(url) === name);
}

function urlOf(exchange: Exchange): URL | undefined {
  return URL.parse(exchange.spec.url) ?? undefined;
}

function authorityOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

// --- figures and names -----------------------------------------------------------------------------

/** Every name and figure a text may use; what is not known is absent. */
function placesOf(failure: Failure, exchange: Exchange, language: Language): Places {
  const groups: Record<string, string | number | undefined>[] = [
    addressPlaces(failure, exchange), dnsPlaces(exchange), proxyPlaces(exchange),
    certificatePlaces(exchange, language), responsePlaces(exchange, language),
    timePlaces(failure, exchange, language), detailPlaces(failure),
    { cause: failure.cause?.message.replace(/[.\s]+$/, '') },
  ];
  const known = groups.flatMap((group) => Object.entries(group)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Places;
}

/** The details that texts use as they are; all others are derived from the exchange. */
const usedDetails = ['alert', 'path', 'location', 'error', 'coding', 'proxy', 'target', 'interimResponses'];

function detailPlaces(failure: Failure): Record<string, string | number> {
  const given = Object.entries(failure.detail ?? {}).filter(([name]) => usedDetails.includes(name));
  return Object.fromEntries(given.map(([name, value]) =>
    [name, typeof value === 'number' ? value : String(value)]));
}

function addressPlaces(failure: Failure, exchange: Exchange): Record<string, string | number | undefined> {
  const url = urlOf(exchange);
  const connection = exchange.connection;
  const host = failure.host ?? (connection?.host || url?.hostname) ?? exchange.spec.url;
  const port = failure.port ?? (connection?.port || (url && portOf(url)));
  const last = triedAttempts(exchange).at(-1);
  const address = failure.address ?? connection?.peerAddress ?? last?.address;
  const tried = triedAttempts(exchange).map((attempt) => `\`${formatEndpoint(attempt.address)}\``);
  return {
    host, port, authority: url?.host ?? exchange.spec.url, url: exchange.spec.url,
    endpoint: formatEndpoint(address ?? host, port), ...(tried.length === 0 ? {} : { count: tried.length, endpoints: tried.join(', ') }),
  };
}

function triedAttempts(exchange: Exchange): Attempt[] {
  return exchange.connection?.attempts.filter((attempt) => attempt !== undefined) ?? [];
}

function dnsPlaces(exchange: Exchange): Record<string, string | undefined> {
  const asked = exchange.connection?.lookup?.steps.filter((step) => step.server !== undefined && step.source !== 'hosts') ?? [];
  const last = asked.at(-1);
  const silent = asked.filter((step) => step.outcome === 'timeout').map((step) => `\`${step.server}\``);
  return {
    server: last?.server, rcode: last?.rcode,
    servers: silent.length === 0 ? undefined : [...new Set(silent)].join(', '),
  };
}

function proxyPlaces(exchange: Exchange): Record<string, string | undefined> {
  const hop = exchange.connection?.proxy;
  const status = exchange.response ?? hop;
  return {
    proxy: hop?.proxy ?? exchange.spec.options.proxy?.replace(/\/\/[^@/]*@/, '//'),
    target: hop?.target ?? urlOf(exchange)?.host,
    status: status?.statusCode === undefined || status.statusCode === 0 ? undefined
      : `${status.statusCode} ${status.reasonPhrase ?? ''}`.trim(),
  };
}

const day = 86_400_000;

function certificatePlaces(exchange: Exchange, language: Language): Record<string, string | number | undefined> {
  const facts = exchange.connection?.tls?.facts;
  const offered = exchange.connection?.tls?.alpnOffered.map((name) => `\`${name}\``).join(', ');
  const culprit = facts && culpritOf(facts, exchange.startedAt);
  if (!facts || !culprit) return { offered: offered || undefined };
  const last = facts.certificateChain.at(-1) ?? culprit;
  const left = Math.abs(culprit.validTo - exchange.startedAt) / day;
  return {
    offered: offered || undefined, subject: commonName(culprit.subject),
    issuer: commonName(last.issuer), lastSubject: commonName(last.subject),
    validFrom: formatMoment(culprit.validFrom, language), validTo: formatMoment(culprit.validTo, language),
    days: daysText(Math.floor(left), language), names: namesText(facts, language),
    sentCount: facts.certificateChain.filter((one) => one.sentByServer).length,
  };
}

/** The certificate of the chain that is out of its time, else the server's own. */
function culpritOf(facts: TlsFacts, now: number): TlsFacts['certificateChain'][number] | undefined {
  return facts.certificateChain.find((one) => one.validTo < now || one.validFrom > now)
    ?? facts.certificateChain[0];
}

function daysText(count: number, language: Language): string {
  return count === 1 ? say(failureTexts, language, 'days-one') : say(failureTexts, language, 'days', { count });
}

/** At most three names of the server's certificate. */
function namesText(facts: TlsFacts, language: Language): string | undefined {
  const names = facts.certificateChain[0]?.subjectAltNames.map((name) => `\`${plainName(name)}\``) ?? [];
  if (names.length === 0) return undefined;
  if (names.length > 3) {
    return say(failureTexts, language, 'and-more', { names: names.slice(0, 3).join(', '), count: names.length - 3 });
  }
  return names.slice(0, -1).join(', ') + (names.length > 1 ? say(failureTexts, language, 'and') : '') + names.at(-1);
}

function responsePlaces(exchange: Exchange, language: Language): Record<string, string | undefined> {
  const response = exchange.response;
  const field = (wanted: string): string | undefined =>
    response?.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const promised = field('content-length');
  return {
    received: formatSize(response?.bodySize ?? 0, language),
    content: formatSize(response?.contentSize ?? 0, language),
    ...(promised !== undefined && /^\d{1,15}$/.test(promised) ? { promised: formatSize(Number(promised), language) } : {}),
    ...(field('content-encoding') === undefined ? {} : { coding: field('content-encoding') }),
    ...(field('location') === undefined ? {} : { location: field('location') }),
    headLimit: '64 KiB', fieldLimit: '256',
  };
}

const limitOf: Partial<Record<FailureCode, keyof Timeouts>> = {
  'connect-timeout': 'connect', 'tls-timeout': 'tls', 'head-timeout': 'head', 'idle-timeout': 'idle',
  'total-timeout': 'total',
};

function timePlaces(failure: Failure, exchange: Exchange, language: Language): Record<string, string | number | undefined> {
  const kind = limitOf[failure.code];
  const told = failure.detail?.['limit'];
  const set = kind && (typeof told === 'number' ? told : exchange.spec.options.timeouts?.[kind]);
  const limit = kind && (set || defaultTimeouts[kind]);
  const end = exchange.endAt ?? exchange.events.at(-1)?.at ?? exchange.startAt;
  return {
    elapsed: formatDuration(end - exchange.startAt, language),
    limit: limit === undefined || !Number.isFinite(limit) ? undefined : formatDuration(limit, language),
    now: formatMoment(exchange.startedAt, language, 'medium'),
    idle: exchange.idle === undefined ? undefined : formatDuration(exchange.idle, language),
    during: say(failureTexts, language, `during-${failure.phase}`),
    maximum: (failure.detail?.['maximum'] as number | undefined) ?? exchange.spec.options.maxRedirects ?? 20,
  };
}

// --- one plan a code -------------------------------------------------------------------------------

const resend: readonly [Id, InspectorAction] = ['send-again', 'resend'];
const certificate: readonly [Id, InspectorAction] = ['show-certificate', 'show-certificate'];
const source: readonly [Id, InspectorAction] = ['fix-request', 'show-source'];

/** The first of the texts whose names and figures are all known, else the plain one. */
function variant(c: Case, plain: Id, ...richer: readonly Id[]): Id[] {
  return [richer.find((id) => isSayable(id, c.places)) ?? plain];
}

const certificateSteps: Plan['steps'] = [certificate, 'without-verification'];

const plans: Readonly<Record<FailureCode, (c: Case) => Plan>> = {
  'invalid-request': (c) => ({
    texts: variant(c, 'text-invalid-request', 'text-invalid-request-cause'), steps: [source],
  }),
  'body-file-unreadable': (c) => ({
    texts: variant(c, 'text-body-file-unreadable', 'text-body-file-unreadable-path'),
    steps: [['check-file', 'show-source']],
  }),
  'unsupported': (c) => ({
    texts: variant(c, 'text-unsupported', 'text-unsupported-cause'),
    steps: [['write-otherwise', 'show-source']],
  }),
  'name-not-found': (c) => ({
    texts: variant(c, 'text-name-not-found', 'text-name-not-found-server'),
    steps: [['check-name', 'show-source'], 'check-hosts'],
  }),
  'name-without-address': () => ({
    texts: ['text-name-without-address'], steps: ['check-records', ['check-name', 'show-source']],
  }),
  'name-server-failed': (c) => ({
    texts: variant(c, 'text-name-server-failed', 'text-name-server-failed-server'),
    steps: [['send-again-later', 'resend'], 'check-network'],
  }),
  'name-timeout': (c) => ({
    texts: variant(c, 'text-name-timeout', 'text-name-timeout-server'),
    steps: [['check-network', 'resend'], ['check-name', 'show-source']],
  }),
  'connection-refused': (c) => ({
    texts: [triedAttempts(c.exchange).length > 1 ? 'text-connection-refused-all' : 'text-connection-refused'],
    steps: ['start-server', ['check-port', 'show-source'], ...isLoopback(c) ? [] : ['check-listen-address' as const]],
  }),
  'host-unreachable': () => ({
    texts: ['text-host-unreachable'], steps: [['check-network', 'resend'], ['check-name', 'show-source']],
  }),
  'network-unreachable': () => ({
    texts: ['text-network-unreachable'], steps: [['check-network', 'resend']],
  }),
  'connect-timeout': () => ({
    texts: ['text-connect-timeout'], steps: ['check-firewall', ['check-port', 'show-source'], 'raise-connect-limit'],
  }),
  'address-unavailable': () => ({
    texts: ['text-address-unavailable'], steps: [['check-port', 'show-source'], resend],
  }),
  'permission-denied': () => ({ texts: ['text-permission-denied'], steps: ['check-sandbox', resend] }),
  'proxy-refused': (c) => ({
    texts: variant(c, 'text-proxy-refused', 'text-proxy-refused-status', 'text-proxy-refused-name'),
    steps: [c.exchange.connection?.proxy?.statusCode === 407 ? 'proxy-credentials' : 'proxy-allow', 'check-proxy'],
  }),
  'proxy-malformed': (c) => ({
    texts: variant(c, 'text-proxy-malformed', 'text-proxy-malformed-name'), steps: ['check-proxy', resend],
  }),
  'certificate-expired': (c) => ({
    texts: variant(c, 'text-certificate-expired', 'text-certificate-expired-date'),
    steps: ['renew', 'check-clock', ...certificateSteps],
  }),
  'certificate-not-yet-valid': (c) => ({
    texts: variant(c, 'text-certificate-not-yet-valid', 'text-certificate-not-yet-valid-date'),
    steps: ['check-clock', ...certificateSteps],
  }),
  'certificate-self-signed': (c) => ({
    texts: [isChain(c) ? 'text-certificate-self-signed-chain' : 'text-certificate-self-signed'],
    steps: ['trust-authority', ...certificateSteps],
  }),
  'certificate-untrusted': (c) => ({
    texts: variant(c, 'text-certificate-untrusted', 'text-certificate-untrusted-issuer'),
    steps: ['send-intermediates', 'trust-authority', ...certificateSteps],
  }),
  'certificate-name-mismatch': (c) => ({
    texts: [
      ...variant(c, 'text-certificate-name-mismatch', 'text-certificate-name-mismatch-names'),
      ...isOtherwiseSound(c) ? ['name-mismatch-rest' as const] : [],
    ],
    steps: [['name-likely', 'show-certificate'], 'add-san', 'without-verification'],
  }),
  'certificate-invalid': (c) => ({
    texts: variant(c, 'text-certificate-invalid', 'text-certificate-invalid-cause'),
    steps: certificateSteps,
  }),
  'tls-not-spoken': () => ({
    texts: ['text-tls-not-spoken'], steps: [['use-http', 'show-source'], ['check-port', 'show-source']],
  }),
  'tls-alert': (c) => ({
    texts: variant(c, 'text-tls-alert', 'text-tls-alert-name'),
    steps: ['tls-client-certificate', 'tls-versions'],
  }),
  'tls-handshake': (c) => ({
    texts: variant(c, 'text-tls-handshake', 'text-tls-handshake-cause'), steps: ['tls-versions', resend],
  }),
  'tls-timeout': () => ({ texts: ['text-tls-timeout'], steps: ['check-server-load', resend] }),
  'alpn-refused': (c) => ({
    texts: variant(c, 'text-alpn-refused', 'text-alpn-refused-offered'),
    steps: [['use-http11', 'show-source']],
  }),
  'connection-reset': (c) => ({
    texts: ['text-connection-reset', ...idleRemark(c)],
    steps: [c.exchange.reused ? ['send-again-new', 'resend'] : resend, 'check-server-log'],
  }),
  'connection-closed': (c) => ({
    texts: ['text-connection-closed', ...idleRemark(c)],
    steps: [c.exchange.reused ? ['send-again-new', 'resend'] : resend, 'check-server-log'],
  }),
  'malformed-response': (c) => ({
    texts: variant(c, 'text-malformed-response', 'text-malformed-response-cause'),
    steps: ['look-at-bytes', 'check-server-log'],
  }),
  'response-head-too-large': (c) => ({
    texts: variant(c, 'text-response-head-too-large', 'text-response-head-too-large-interim'),
    steps: ['fewer-headers'],
  }),
  'response-truncated': (c) => ({
    texts: variant(c, 'text-response-truncated', 'text-response-truncated-promised'),
    steps: ['look-at-partial', resend, 'check-server-log'],
  }),
  'head-timeout': () => ({
    texts: ['text-head-timeout'], steps: ['check-server-load', resend, 'raise-limit'],
  }),
  'idle-timeout': () => ({
    texts: ['text-idle-timeout'], steps: ['look-at-partial', resend, 'raise-limit'],
  }),
  'stream-reset': (c) => ({
    texts: variant(c, 'text-stream-reset', 'text-stream-reset-code'), steps: [resend, 'check-server-log'],
  }),
  'goaway': (c) => ({
    texts: variant(c, 'text-goaway', 'text-goaway-code'), steps: [['send-again-new', 'resend']],
  }),
  'decoding-failed': (c) => ({
    texts: variant(c, 'text-decoding-failed', 'text-decoding-failed-coding'),
    steps: [['check-coding', 'show-source'], 'check-server-log'],
  }),
  'content-too-large': () => ({
    texts: ['text-content-too-large'], steps: [['range', 'show-source'], 'look-at-partial'],
  }),
  'content-not-stored': (c) => ({
    texts: variant(c, 'text-content-not-stored', 'text-content-not-stored-cause'),
    steps: [['free-space', 'resend']],
  }),
  'too-many-redirects': () => ({ texts: ['text-too-many-redirects'], steps: ['check-chain', 'stop-following'] }),
  'redirect-invalid': (c) => ({
    texts: variant(c, 'text-redirect-invalid', 'text-redirect-invalid-location', 'text-redirect-invalid-status'),
    steps: ['check-location', 'stop-following'],
  }),
  'total-timeout': (c) => ({
    texts: variant(c, 'text-total-timeout', 'text-total-timeout-limit'), steps: [resend, 'raise-total-limit'],
  }),
  'cancelled': () => ({ texts: ['text-cancelled'], steps: [resend] }),
  'engine-ended': () => ({ texts: ['text-engine-ended'], steps: [resend, ['report', 'export-har']] }),
  'internal': (c) => ({
    texts: variant(c, 'text-internal', 'text-internal-cause'), steps: [['report', 'export-har'], resend],
  }),
};

function isLoopback(c: Case): boolean {
  const address = c.failure.address ?? triedAttempts(c.exchange).at(-1)?.address ?? '';
  return address.startsWith('127.') || address === '::1';
}

function isChain(c: Case): boolean {
  return (c.exchange.connection?.tls?.facts?.certificateChain.length ?? 0) > 1;
}

function isOtherwiseSound(c: Case): boolean {
  const facts = c.exchange.connection?.tls?.facts;
  const leaf = facts?.certificateChain[0];
  return leaf !== undefined && facts?.chainError === undefined
    && leaf.validTo > c.exchange.startedAt && leaf.validFrom < c.exchange.startedAt;
}

function idleRemark(c: Case): Id[] {
  return c.exchange.reused && c.exchange.idle !== undefined ? ['reused-connection'] : [];
}
