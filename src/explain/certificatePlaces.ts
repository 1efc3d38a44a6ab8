import type { Exchange } from '../trace/exchange.ts';
import type { TlsFacts } from '../trace/tls/facts.ts';
import { formatMoment } from './format.ts';
import { commonName, plainName } from './names.ts';
import { askedName, nearName } from './serverIdentity.ts';
import { failureTexts } from './text/failure.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { weaknessOf } from './weakCertificate.ts';

const day = 86_400_000;

/** What a failure's text may say of the certificate that was looked at last. */
export function certificatePlaces(
  exchange: Exchange,
  language: Language,
): Record<string, string | number | undefined> {
  const { tls, proxy } = exchange.connection ?? {};
  // The one that was looked at last.
  const facts = tls?.facts ?? proxy?.tls;
  const offered = exchange.connection?.tls?.alpnOffered.map((name) => `\`${name}\``).join(', ');
  const culprit = facts && culpritOf(facts, exchange.startedAt);
  if (!facts || !culprit) return { offered: offered || undefined };
  const last = facts.certificateChain.at(-1) ?? culprit;
  const left = Math.abs(culprit.validTo - exchange.startedAt) / day;
  return {
    offered: offered || undefined,
    subject: commonName(culprit.subject),
    issuer: commonName(last.issuer),
    lastSubject: commonName(last.subject),
    validFrom: formatMoment(culprit.validFrom, language),
    validTo: formatMoment(culprit.validTo, language),
    days: daysText(Math.floor(left), language),
    names: namesText(facts, language),
    sentCount: facts.certificateChain.filter((one) => one.sentByServer).length,
    ...weakPlaces(facts),
    ...facts.nameError === undefined || !tls?.facts ? {} : nearPlaces(exchange, facts, language),
  };
}

/** The name of the server's certificate that looks as if it fitted. */
function nearPlaces(
  { connection }: Exchange, { certificateChain: [leaf] }: TlsFacts, language: Language,
): Record<string, string | undefined> {
  const near = leaf && nearName(leaf, askedName(connection), language);
  return { nearName: near?.name, nearWhy: near?.note };
}

function weakPlaces(facts: TlsFacts): Record<string, string | number | undefined> {
  const { kind, certificate, algorithm, bits } = weaknessOf(facts) ?? {};
  if (!kind || !certificate) return {};
  const places = { weakSubject: commonName(certificate.subject), weakIssuer: commonName(certificate.issuer) };
  return kind === 'signature'
    ? { ...places, weakHash: algorithm } : { ...places, keyAlgorithm: algorithm, keyBits: bits };
}

/** The certificate of the chain that is out of its time, else the server's own. */
function culpritOf(facts: TlsFacts, now: number): TlsFacts['certificateChain'][number] | undefined {
  return facts.certificateChain.find((one) => one.validTo < now || one.validFrom > now)
    ?? facts.certificateChain[0];
}

function daysText(count: number, language: Language): string {
  return count === 1
    ? say(failureTexts, language, 'days-one')
    : say(failureTexts, language, 'days', { count });
}

/** At most three names of the server's certificate. */
function namesText(facts: TlsFacts, language: Language): string | undefined {
  const names =
    facts.certificateChain[0]?.subjectAltNames.map((name) => `\`${plainName(name)}\``) ?? [];
  if (names.length === 0) return undefined;
  if (names.length > 3) {
    return say(failureTexts, language, 'and-more', {
      names: names.slice(0, 3).join(', '),
      count: names.length - 3,
    });
  }
  return (
    names.slice(0, -1).join(', ')
    + (names.length > 1 ? say(failureTexts, language, 'and') : '')
    + names.at(-1)
  );
}
