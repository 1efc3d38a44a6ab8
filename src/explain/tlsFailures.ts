import type { VersionsOffered } from '../trace/tls/facts.ts';
import type { Exchange, TlsHandshake } from '../trace/exchange.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { formatTlsVersion, shorten } from './format.ts';
import { choiceIn } from './tlsMessages.ts';

type Steps = Plan['steps'];

/** Alerts about a certificate of ours, RFC 8446 §6.2. */
const aboutCertificates: ReadonlySet<unknown> = new Set([
  'bad_certificate', 'unsupported_certificate', 'certificate_revoked', 'certificate_expired', 'certificate_unknown',
  'unknown_ca', 'access_denied', 'decrypt_error', 'certificate_required', 'no_certificate',
]);

/** What is said of an alert: the versions and our own certificate are what it is most often about. */
export function alertPlan({ failure, exchange, places }: Case): Plan {
  const alert = failure.detail?.['alert'];
  const presented = exchange.spec.options.clientCertificate !== undefined;
  const ofVersions = versionSteps(exchange);
  if (alert === 'protocol_version' && Object.hasOwn(places, 'versions')) {
    return { texts: ['text-alert-versions'], steps: ofVersions };
  }
  if (aboutCertificates.has(alert)) {
    const text: Id = presented ? 'text-alert-client-certificate-refused' : 'text-alert-client-certificate-missing';
    const accepted: Id[] = Object.hasOwn(places, 'issuersAccepted') ? ['text-issuers-accepted'] : [];
    const steps: Steps = presented ? ['check-client-certificate'] : noneSteps(exchange.spec.options);
    return { texts: [text, ...accepted], steps };
  }
  if (alert === 'unrecognized_name') return { texts: ['text-alert-unrecognized-name'], steps: ['check-server-name'] };
  const text: Id = alert === undefined ? 'text-tls-alert' : 'text-tls-alert-name';
  const steps: Steps = presented ? ['tls-client-certificate'] : ['add-client-certificate'];
  return { texts: [text], steps: [...steps, ...ofVersions] };
}

/** A certificate may have been left behind on purpose. */
function noneSteps({ noClientCertificate }: Case['exchange']['spec']['options']): Steps {
  if (noClientCertificate === 'other-origin') return ['client-certificate-stopped', 'add-client-certificate-host'];
  if (noClientCertificate === 'request') return [['client-certificate-unwanted', 'show-source']];
  return ['add-client-certificate'];
}

/** What is said where both ends could not agree. */
export function handshakePlan(c: Case): Plan {
  const { failure, exchange } = c;
  const text: Id = Object.hasOwn(c.places, 'serverVersion') ? 'text-tls-handshake-version'
    : failure.cause ? 'text-tls-handshake-cause' : 'text-tls-handshake';
  return { texts: [text], steps: [...versionSteps(exchange), ['send-again', 'resend']] };
}

function versionSteps({ connection }: Exchange): Steps {
  return [connection?.tls?.versionsOffered?.chosen ? 'tls-versions-chosen' : 'tls-versions'];
}

type Problem =
  | 'passphrase-missing' | 'passphrase-wrong' | 'key-mismatch' | 'key-missing' | 'certificate-missing' | 'unreadable';

const stepsOf: Readonly<Record<Problem, Id>> = {
  'passphrase-missing': 'give-passphrase', 'passphrase-wrong': 'check-passphrase', 'key-mismatch': 'match-key',
  'key-missing': 'name-key', 'certificate-missing': 'check-certificate-file', 'unreadable': 'check-certificate-file',
};

/** What is said of a certificate of ours that cannot be used. */
export function clientCertificatePlan({ failure: { detail, cause } }: Case): Plan {
  const problem = detail?.['problem'] as Problem | undefined;
  if (!problem || !Object.hasOwn(stepsOf, problem)) {
    return { texts: ['text-client-certificate'], steps: ['check-certificate-file'] };
  }
  const text: Id = problem === 'unreadable' && cause ? 'text-client-certificate-unreadable-cause'
    : `text-client-certificate-${problem}`;
  const from = detail?.['from'] as 'request' | 'environment' | 'settings' | 'command-line' | undefined;
  return { texts: [text, ...from ? [`named-by-${from}` as const] : []], steps: [stepsOf[problem]] };
}

/** The names and figures of these texts. */
export function tlsPlaces(
  { connection, spec }: Exchange,
): Record<string, string | undefined> {
  const { tls } = connection ?? {};
  const offered = tls?.versionsOffered;
  const accepted = tls && issuersAccepted(tls)?.slice(0, 3).map((name) => `\`${name}\``).join(', ');
  return {
    clientCertificate: spec.options.clientCertificate?.label,
    versions: offered && formatVersions(offered),
    serverVersion: tls && offered && strangeVersion(tls, offered),
    issuersAccepted: accepted || undefined,
    strange: tls && strangeWords(tls),
  };
}

/** What came from a server that speaks no TLS, as far as its first line goes. */
function strangeWords({ messages = [] }: TlsHandshake): string | undefined {
  const [text = ''] = messages.find(({ name, direction }) =>
    name === 'not_tls' && direction === 'received')?.fields[0]?.values ?? [];
  const [line = ''] = text.replaceAll('`', "'").split(/\\x0[ad]/);
  return line === '' ? undefined : shorten(line, 80);
}

/** What is said of a port where another protocol is spoken: with what came back, if that was seen. */
export function notSpokenPlan({ places }: Case): Plan {
  return {
    texts: ['text-tls-not-spoken', ...(Object.hasOwn(places, 'strange') ? ['text-tls-not-spoken-bytes' as const] : [])],
    steps: [['use-http', 'show-source'], ['check-port', 'show-source']],
  };
}

/** The version that the server chose although it was not offered. */
function strangeVersion({ messages }: TlsHandshake, { min, max }: VersionsOffered): string | undefined {
  const chosen = choiceIn(messages)?.version;
  if (chosen === undefined || (chosen >= formatTlsVersion(min) && chosen <= formatTlsVersion(max))) return undefined;
  return chosen;
}

/**
 * The authorities whose certificates the server said it accepts (RFC 8446 §4.2.4, RFC 5246 §7.4.4); undefined when it
 * did not ask, or the message was not kept, and empty when it named none.
 */
export function issuersAccepted({ messages = [] }: TlsHandshake): readonly string[] | undefined {
  const request = messages.find(({ name }) => name === 'certificate_request');
  if (!request) return undefined;
  return request.extensions?.find(({ name }) => name === 'certificate_authorities')?.values
    ?? request.fields.find(({ name }) => name === 'certificate_authorities')?.values ?? [];
}

/** `TLS 1.2 – TLS 1.3`. */
export function formatVersions({ min, max }: VersionsOffered): string {
  const [first, last] = [formatTlsVersion(min), formatTlsVersion(max)];
  return first === last ? first : `${first} – ${last}`;
}

/** Servers that close the connection where others send an alert (RFC 8446 §4.4.2.4): right after they asked. */
export function certificateRemark({ exchange: { connection, reused, response }, places }: Case): Id[] {
  const own = connection?.tls?.facts?.clientCertificate;
  const asked = own?.asked ?? connection?.tls?.seen?.clientCertificateAsked;
  if (!asked || reused || response) return [];
  const isNamed = own?.presented && Object.hasOwn(places, 'clientCertificate');
  return [isNamed ? 'text-presented-certificate' : 'text-asked-for-certificate'];
}

const wishes: Readonly<Record<string, Id>> = {
  'ciphers': 'text-wish-ciphers', 'tls-versions': 'text-wish-tls-versions', 'key-log': 'text-wish-key-log',
};

/** What is asked of TLS, and cannot be had; undefined for what HTTP does not allow. */
export function wishPlan({ failure: { detail, cause } }: Case): Plan | undefined {
  if (!cause) return undefined;
  if (detail?.['trustAnchor'] !== undefined) return { texts: ['text-wish-anchor'], steps: ['fix-wish'] };
  const text = wishes[String(detail?.['part'])];
  return text && { texts: [text], steps: ['fix-wish'] };
}
