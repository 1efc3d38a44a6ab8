import type { ServerSide } from '../trace/exchange.ts';
import { assertNever } from '../trace/assertNever.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import { formatDuration, formatTlsVersion } from './format.ts';
import type { Language } from './text/language.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';

type Of<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

/** What a server tells of a connection and of those who may come in. */
type ConnectionNews =
  Of<'accept-failed' | 'turned-away' | 'accepted' | 'secured' | 'checked' | 'kept-alive' | 'closed'>;

/** A few words beside the row of a server's lane that tells of its connection. */
export function connectionNote(event: ConnectionNews, { events }: ServerSide, language: Language): string {
  switch (event.type) {
    case 'accept-failed':
      return failedNote(events.filter((one) => one.type === 'accept-failed'), language);
    case 'turned-away':
      return say(phaseTexts, language, 'turned-away-note', { open: event.openConnections, limit: event.limit });
    case 'accepted':
      return say(phaseTexts, language, 'accept-note', { connection: event.connection, request: event.request });
    case 'secured': {
      const { version, cipher, alpn, resumed } = event;
      const facts = [formatTlsVersion(version), cipher.replace(/^TLS_/, ''), ...alpn === undefined ? [] : [`ALPN ${alpn}`]];
      return say(phaseTexts, language, resumed ? 'secured-resumed' : 'secured-new', { facts: facts.join(', ') });
    }
    case 'checked':
      return checkedNote(event, events, language);
    case 'kept-alive':
      return say(phaseTexts, language, 'kept-alive-note', {
        time: formatDuration(event.timeout, language), count: event.requests,
      });
    case 'closed':
      return closedNote(event, events.find((one) => one.type === 'kept-alive'), language);
    default:
      return assertNever(event);
  }
}

/** How many of the waits are named; the doubling is clear by then. */
const namedDelays = 6;

function failedNote(all: readonly Of<'accept-failed'>[], language: Language): string {
  const delays = all.slice(0, namedDelays).map(({ delay }) => `${delay}`);
  const more = all.length > namedDelays ? ['…'] : [];
  return say(phaseTexts, language, 'accept-failed-note', {
    code: [...new Set(all.map(({ code }) => code))].join(', '), delays: [...delays, ...more].join(', '),
  });
}

/** Those that let a request pass are told together, a refusal by itself. */
function checkedNote(event: Of<'checked'>, events: readonly ServerEvent[], language: Language): string {
  const told = event.outcome === 'refused' ? [event]
    : events.filter((one) => one.type === 'checked').filter(({ outcome }) => outcome !== 'refused');
  return told.map(({ check, outcome, statusCode }) =>
    say(phaseTexts, language, `check-${check}-${outcome}`, { status: statusCode ?? '' })).join(', ');
}

function closedNote(event: Of<'closed'>, kept: Of<'kept-alive'> | undefined, language: Language): string {
  const plain = closedReason(event, language);
  const what = event.code === undefined ? plain
    : say(phaseTexts, language, 'closed-code', { what: plain, code: event.code });
  if (!kept) return what;
  const time = formatDuration(Math.max(0, event.at - kept.at), language);
  return say(phaseTexts, language, 'closed-after', { what, time });
}

function closedReason(event: Of<'closed'>, language: Language): string {
  if (event.pid !== undefined) return say(phaseTexts, language, 'closed-died-pid', { pid: event.pid });
  const alert = event.by === 'client' ? /_ALERT_(\w+)$/.exec(event.code ?? '')?.[1]?.toLowerCase() : undefined;
  return alert === undefined ? say(phaseTexts, language, reasonOf(event))
    : say(phaseTexts, language, 'closed-alert', { alert });
}

/** OpenSSL's names for what is wrong, most of it with a certificate of the client's. */
const tlsReasons: Readonly<Record<string, keyof typeof phaseTexts>> = {
  ERR_SSL_HTTP_REQUEST: 'closed-plain',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'closed-certificate-missing',
  CERT_HAS_EXPIRED: 'closed-certificate-expired',
  CERT_NOT_YET_VALID: 'closed-certificate-not-yet',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'closed-certificate-unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'closed-certificate-unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'closed-certificate-unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'closed-certificate-unknown',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'closed-certificate-unknown',
  // An authority of the same name, with another key.
  CERT_SIGNATURE_FAILURE: 'closed-certificate-unknown',
};

function reasonOf({ reason, code = '' }: Of<'closed'>): keyof typeof phaseTexts {
  if (reason !== 'tls' || code === '') return `closed-${reason}`;
  const known = Object.hasOwn(tlsReasons, code) ? tlsReasons[code] : undefined;
  // What begins with ERR_ went wrong on the way, and is not about a certificate.
  return known ?? (code.startsWith('ERR_') ? 'closed-tls' : 'closed-certificate');
}
