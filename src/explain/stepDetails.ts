import type { DnsStep } from '../trace/dnsStep.ts';
import type { SystemLookup } from '../trace/systemLookup.ts';
import { explainExtendedError } from './extendedError.ts';
import type { Fact } from './fact.ts';
import { formatDuration, formatLifetime, formatSize } from './format.ts';
import { explainDnsStep, isExtra, stepReason } from './nameStep.ts';
import { inspectorTexts } from './text/inspector.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** How a step is to be seen: what is only missing, or asked besides, is not bad. */
export function stepTone(step: DnsStep): 'good' | 'bad' | 'dim' {
  const { outcome } = step;
  if (outcome === 'answered' || outcome === 'referral') return 'good';
  return outcome === 'not-listed' || outcome === 'no-data' || isExtra(step) ? 'dim' : 'bad';
}

/** What else is known of a question: what for, flags, sizes, the connection to the name server, what went wrong. */
export function explainStepDetails(step: DnsStep, language: Language): string[] {
  const { purpose, flags, authoritative, truncated, querySize, answerSize, extendedErrors = [] } = step;
  const reason = stepReason(step, language);
  return [
    purpose === undefined || purpose === 'name' ? undefined : say(inspectorTexts, language, `purpose-${purpose}`),
    authoritative ? say(inspectorTexts, language, 'authoritative') : undefined,
    truncated ? say(inspectorTexts, language, 'truncated') : undefined,
    flags === undefined ? undefined : say(inspectorTexts, language, 'flags', { flags: flags.join(' ') }),
    querySize === undefined || answerSize === undefined ? undefined : say(inspectorTexts, language, 'sizes', {
      query: formatSize(querySize, language), answer: formatSize(answerSize, language),
    }),
    ...unreachedParts(step, language), ...connectionParts(step, language),
    ...extendedErrors.map((one) => explainExtendedError(one, language)),
    // The sentence on a step may hold it already.
    reason !== undefined && isSaid(reason, step, language) ? undefined : reason,
  ].filter((part) => part !== undefined);
}

function isSaid(reason: string, step: DnsStep, language: Language): boolean {
  return explainDnsStep(step, language)?.includes(reason) === true
    || step.unreached?.some(({ message }) => message === reason) === true;
}

/** The addresses of a server to which no connection came about. */
function unreachedParts({ unreached = [] }: DnsStep, language: Language): string[] {
  return unreached.map(({ server, message, time }) =>
    say(inspectorTexts, language, 'dns-not-connected', { server, message, time: formatDuration(time, language) }));
}

/** Of a question over TLS or HTTPS. */
function connectionParts({ connection }: DnsStep, language: Language): string[] {
  if (!connection) return [];
  const { reused, connectTime, tlsTime, serverName, version, cipher, alpn, statusCode, age } = connection;
  const { peerAddress: peer, localPort: port } = connection;
  const opened = connectTime === undefined || tlsTime === undefined ? [] : [
    say(inspectorTexts, language, 'dns-connected', {
      tcp: formatDuration(connectTime, language), tls: formatDuration(tlsTime, language),
    }),
  ];
  return [
    ...(reused ? [say(inspectorTexts, language, 'dns-reused')] : opened),
    ...(reused || peer === undefined || port === undefined ? []
      : [say(inspectorTexts, language, 'dns-peer', { peer, port: String(port) })]),
    say(inspectorTexts, language, 'dns-secured', { version, cipher, serverName }),
    ...(alpn === undefined ? [] : [`ALPN ${alpn}`]),
    ...(statusCode === undefined ? [] : [`HTTP ${statusCode}`]),
    ...(age === undefined || age === 0 ? []
      : [say(inspectorTexts, language, 'dns-age', { age: formatLifetime(age, language) })]),
  ];
}

/** What the operating system's resolver was asked, and what its files say it goes by. */
export function explainSystemLookup(system: SystemLookup, language: Language): Fact[] {
  const { call, candidates, search, ndots, servers, configuredIn, sources, stub } = system;
  const isConfigured = configuredIn !== undefined;
  const fact = (id: keyof typeof inspectorTexts, text: string): Fact =>
    ({ name: say(inspectorTexts, language, id), text, code: 'text' });
  const list = (id: keyof typeof inspectorTexts, values: readonly string[]): Fact => values.length > 0
    ? fact(id, values.join(', '))
    : { name: say(inspectorTexts, language, id), text: say(inspectorTexts, language, 'none') };
  return [
    fact('system-call', `getaddrinfo("${call.name}", ${call.family}, ${call.socketType})`),
    fact('system-candidates', candidates.join(' → ')),
    ...(isConfigured
      ? [list('system-search', search), fact('system-ndots', String(ndots)), list('system-servers', servers)] : []),
    ...(stub ? [list('system-stub', stub.upstream)] : []),
    ...(sources ? [fact('system-sources', sources.join(' '))] : []),
    ...(isConfigured
      ? [fact('system-file', [configuredIn, stub?.configuredIn].filter((file) => file !== undefined).join(', '))] : []),
  ];
}
