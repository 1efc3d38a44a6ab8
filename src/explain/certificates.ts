import type { CertificateFacts, TlsFacts } from '../trace/tls/facts.ts';
import { commonName, plainName } from './names.ts';
import { fittingName, nearName } from './serverIdentity.ts';
import { certificateTexts } from './text/certificate.ts';
import type { Language } from './text/language.ts';
import { explainStore } from './tlsChain.ts';
import { say } from './text/text.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** Whether a chain was accepted for a host, in a few words. */
interface ChainVerdict {
  readonly tone: 'good' | 'bad' | 'unverified';
  readonly text: string;
}

/** The verdict on a chain; `now` is the epoch ms of the exchange. */
export function explainChain(
  tls: TlsFacts,
  host: string,
  now: number,
  language: Language,
): ChainVerdict {
  const wrong = tls.chainError !== undefined || tls.nameError !== undefined;
  if (tls.verificationOff) {
    return {
      tone: 'unverified',
      text: say(certificateTexts, language, wrong ? 'verification-off-bad' : 'verification-off'),
    };
  }
  if (!wrong) return { tone: 'good', text: say(certificateTexts, language, 'trusted', { host }) };
  return { tone: 'bad', text: say(certificateTexts, language, problemOf(tls, now), { host }) };
}

function problemOf(tls: TlsFacts, now: number): keyof typeof certificateTexts {
  if (tls.certificateChain.some((one) => one.validTo < now)) return 'expired-chain';
  if (tls.certificateChain.some((one) => one.validFrom > now)) return 'not-yet-valid-chain';
  if (tls.chainError === undefined) return 'not-for';
  return tls.certificateChain[0]?.selfSigned ? 'self-signed-chain' : 'untrusted';
}

/**
 * A certificate of a chain as a card: its name and a few lines; `bad` when it is the reason of a
 * refusal.
 */
interface CertificateCard {
  readonly name: string;
  readonly lines: readonly string[];
  readonly bad: boolean;
}

/** The cards of a chain, the server's own first; `now` is the epoch ms of the exchange. */
export function explainCertificates(
  tls: TlsFacts,
  host: string,
  now: number,
  language: Language,
): CertificateCard[] {
  return tls.certificateChain.map((certificate, index) => {
    const outOfTime = certificate.validTo < now || certificate.validFrom > now;
    return {
      name: commonName(certificate.subject),
      bad: outOfTime || (index === 0 && tls.nameError !== undefined),
      lines:
        index === 0
          ? [
              `${certificate.publicKey} · ${explainValidity(certificate, now, language)}`,
              nameLine(certificate, tls.nameError !== undefined, host, language),
            ]
          : [
              explainPlace(certificate, language),
              `${certificate.publicKey} · ${explainValidity(certificate, now, language)}`,
            ],
    };
  });
}

function nameLine(
  certificate: CertificateFacts,
  wrong: boolean,
  host: string,
  language: Language,
): string {
  const fitting = wrong ? undefined : fittingName(certificate, host, language);
  if (fitting) {
    const matches = say(certificateTexts, language, 'name-matches', { name: fitting.name });
    return [matches, ...(fitting.note === undefined ? [] : [fitting.note])].join(' · ');
  }
  const names = certificate.subjectAltNames
    .slice(0, 3)
    .map((name) => `\`${plainName(name)}\``)
    .join(', ');
  const line = say(certificateTexts, language, wrong ? 'name-differs' : 'names-are', {
    names: names || '–',
    host,
  });
  const near = wrong ? nearName(certificate, host, language) : undefined;
  return near ? `${line} · \`${near.name}\`: ${near.note}` : line;
}

/** What an authority of the chain is, what it is trusted from, and whether the server sent it. */
export function explainPlace(certificate: CertificateFacts, language: Language): string {
  const role = say(certificateTexts, language, certificate.selfSigned ? 'root' : 'intermediate');
  const from =
    certificate.trustedFrom === undefined
      ? []
      : [
          say(certificateTexts, language, 'trusted-from', {
            store: explainStore(certificate.trustedFrom, language),
          }),
        ];
  const sent = say(certificateTexts, language, certificate.sentByServer ? 'sent' : 'not-sent');
  return [role, ...from, sent].join(' · ');
}

/** `89 days left`, `expired 3 days ago`, counted at `now` (epoch ms). */
export function explainValidity(
  certificate: CertificateFacts,
  now: number,
  language: Language,
): string {
  if (certificate.validFrom > now) {
    const count = Math.ceil((certificate.validFrom - now) / day);
    return say(certificateTexts, language, count === 1 ? 'starts-day' : 'starts', { count });
  }
  const left = certificate.validTo - now;
  if (left < 0) {
    const count = Math.floor(-left / day);
    const id = count === 0 ? 'expired-today' : count === 1 ? 'expired-day' : 'expired';
    return say(certificateTexts, language, id, { count });
  }
  if (left < day)
    return say(certificateTexts, language, 'hours-left', { count: Math.floor(left / hour) });
  const count = Math.floor(left / day);
  return count === 1
    ? say(certificateTexts, language, 'day-left')
    : say(certificateTexts, language, 'days-left', { count });
}
