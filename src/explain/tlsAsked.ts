import type { TlsFacts, VersionsOffered } from '../trace/tls/facts.ts';
import type { TlsHandshake } from '../trace/exchange.ts';
import { tlsSpan } from '../trace/phases.ts';
import { formatDuration, formatSize } from './format.ts';
import { commonName } from './names.ts';
import type { Language } from './text/language.ts';
import { tlsAskedTexts } from './text/tlsAsked.ts';
import { say } from './text/text.ts';
import { formatVersions, issuersAccepted } from './tlsFailures.ts';

/** Full or resumed, and then beside the full handshake it is from; its time is that of the phase. */
export function explainSession(handshake: TlsHandshake, language: Language): string | undefined {
  const { facts } = handshake;
  if (!facts) return undefined;
  if (!facts.resumed) return say(tlsAskedTexts, language, 'session-full');
  const { resumedFrom } = facts;
  const [startAt, endAt] = tlsSpan(handshake);
  if (!resumedFrom || startAt === undefined || endAt === undefined) return say(tlsAskedTexts, language, 'session-resumed-plain');
  return say(tlsAskedTexts, language, 'session-resumed', {
    age: formatDuration(resumedFrom.age, language), before: formatDuration(resumedFrom.handshakeTime, language),
    now: formatDuration(endAt - startAt, language), size: formatSize(resumedFrom.certificatesSize, language),
  });
}

/** The versions that were offered. */
export function explainVersions(offered: VersionsOffered, language: Language): string {
  const versions = formatVersions(offered);
  return offered.chosen ? say(tlsAskedTexts, language, 'versions-chosen', { versions }) : versions;
}

/** What became of a certificate of our own; `accepts` says of whom the server takes one, if it asked. */
interface ClientCertificateExplanation {
  /** `missing`: the server asked, and got none. */
  readonly tone: 'presented' | 'missing' | 'unasked';
  readonly text: string;
  readonly accepts?: string;
}

/** Undefined where nothing is known: the handshake did not come so far. */
export function explainClientCertificate(
  handshake: TlsHandshake, language: Language,
): ClientCertificateExplanation | undefined {
  const { facts, seen } = handshake;
  const own = facts?.clientCertificate;
  if (!own) {
    // TLS 1.2 asks before it is known how the handshake ends.
    if (!seen?.clientCertificateAsked) return undefined;
    return { tone: 'missing', text: say(tlsAskedTexts, language, 'absent-none'), ...acceptance(handshake, language) };
  }
  if (!own.asked) return { tone: 'unasked', text: unasked(facts, language) };
  const places = { name: commonName(own.subject ?? ''), label: own.label ?? '' };
  const text = own.presented ? say(tlsAskedTexts, language, 'presented', places)
    : say(tlsAskedTexts, language, `absent-${own.absent ?? 'none'}`);
  return { tone: own.presented ? 'presented' : 'missing', text, ...acceptance(handshake, language) };
}

function unasked({ resumed, clientCertificate }: TlsFacts, language: Language): string {
  const label = clientCertificate?.label;
  if (label === undefined) return say(tlsAskedTexts, language, 'not-asked-none');
  return say(tlsAskedTexts, language, resumed ? 'not-asked-again' : 'not-asked', { label });
}

function acceptance(handshake: TlsHandshake, language: Language): { readonly accepts?: string } {
  const issuers = issuersAccepted(handshake);
  if (!issuers) return {};
  if (issuers.length === 0) return { accepts: say(tlsAskedTexts, language, 'accepts-any') };
  const first = issuers.slice(0, 3).map((name) => `\`${name}\``).join(', ');
  const names = issuers.length > 3
    ? say(tlsAskedTexts, language, 'accepts-more', { names: first, count: issuers.length - 3 }) : first;
  return { accepts: say(tlsAskedTexts, language, 'accepts', { names }) };
}
