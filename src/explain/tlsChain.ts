import type { CertificateFacts, TlsFacts } from '../trace/tls/facts.ts';
import type { TlsSeen } from '../trace/tls/message.ts';
import { formatMoment } from './format.ts';
import { commonName } from './names.ts';
import { certificateTexts } from './text/certificate.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';
import { weaknessOf } from './weakCertificate.ts';

/** What is known of a chain, also of one that was not judged. */
export type ChainFacts =
  Pick<TlsFacts, 'certificateChain' | 'resumed'> & Partial<Pick<TlsFacts, 'verified' | 'chainError' | 'ocsp'>>;

/**
 * The chain of a handshake that broke off before it was judged: of what the server sent, from its own certificate on to
 * each issuer. Undefined when none was read.
 */
export function unjudgedChain(seen: TlsSeen | undefined): ChainFacts | undefined {
  const left = [...seen?.otherCertificates ?? []];
  const path: CertificateFacts[] = [];
  for (let index = left.length > 0 ? 0 : -1; index !== -1;) {
    const [last] = left.splice(index, 1) as [CertificateFacts];
    path.push(last);
    index = last.selfSigned ? -1 : left.findIndex(({ subject }) => subject === last.issuer);
  }
  return path.length === 0 ? undefined : { certificateChain: path, resumed: false };
}

/** A certificate as the server sent it; `good` when it stands where it should. */
interface SentRow {
  readonly name: string;
  readonly note: string;
  readonly good: boolean;
}

/** What a server administrator should know of the chain. */
interface ChainRemark {
  readonly tone: 'bad' | 'warn';
  readonly text: string;
}

type Place = 'in-place' | 'root' | 'twice' | 'misplaced' | 'cross-signed' | 'superfluous';

/** The certificates in the order the server sent them; undefined when that was not seen. */
export function explainSentChain(
  facts: ChainFacts, seen: TlsSeen | undefined, language: Language,
): SentRow[] | undefined {
  return placesOf(facts, seen)?.map(({ certificate, place }) => ({
    name: certificate ? commonName(certificate.subject) : '?',
    note: say(certificateTexts, language, `sent-${place}`, { issuer: commonName(certificate?.issuer ?? '?') }),
    good: place === 'in-place' || place === 'root' || place === 'cross-signed',
  }));
}

function placesOf(
  { certificateChain, resumed }: ChainFacts, seen: TlsSeen | undefined,
): { readonly certificate: CertificateFacts | undefined; readonly place: Place }[] | undefined {
  if (!seen?.sentCertificates || resumed) return undefined;
  const known = new Map([...certificateChain, ...seen.otherCertificates ?? []].map((one) => [one.fingerprint256, one]));
  const path = certificateChain.map(({ fingerprint256 }) => fingerprint256);
  const authorities = new Set(certificateChain.slice(1).map(({ subject }) => subject));
  const before = new Set<string>();
  let last = -1;
  return seen.sentCertificates.map((fingerprint) => {
    const certificate = known.get(fingerprint);
    const index = path.indexOf(fingerprint);
    const isTwice = before.has(fingerprint);
    before.add(fingerprint);
    if (isTwice) return { certificate, place: 'twice' };
    if (index === -1) return { certificate, place: placeBeside(certificate, authorities) };
    if (index < last) return { certificate, place: 'misplaced' };
    last = index;
    const isRoot = index > 0 && index === path.length - 1 && certificate?.selfSigned === true;
    return { certificate, place: isRoot ? 'root' : 'in-place' };
  });
}

/** For other clients: another certificate of an authority of the path, by an older one, or that one's own. */
function placeBeside(certificate: CertificateFacts | undefined, authorities: Set<string>): Place {
  if (!certificate || !authorities.has(certificate.subject)) return 'superfluous';
  authorities.add(certificate.issuer);
  return certificate.selfSigned ? 'superfluous' : 'cross-signed';
}

/** OpenSSL's ways to say that an issuer was not found. */
const missing = new Set([
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What is wrong with the chain as it was sent, and with the status stapled to it; `now` is epoch ms. */
export function explainChainRemarks(
  facts: ChainFacts, seen: TlsSeen | undefined, now: number, language: Language,
): ChainRemark[] {
  const places = placesOf(facts, seen)?.map(({ place }) => place) ?? [];
  const superfluous = places.filter((place) => place === 'superfluous' || place === 'twice').length;
  return [
    ...missingRemarks(facts, language),
    ...(places.includes('misplaced') ? [remarkOf('warn', 'chain-order', language)] : []),
    ...superfluousRemarks(superfluous, language),
    ...stapleRemarks(facts, now, language),
  ];
}

function remarkOf(
  tone: ChainRemark['tone'], id: keyof typeof certificateTexts, language: Language, places: Places = {},
): ChainRemark {
  return { tone, text: say(certificateTexts, language, id, places) };
}

function superfluousRemarks(count: number, language: Language): ChainRemark[] {
  if (count === 0) return [];
  const id = count === 1 ? 'chain-superfluous-one' : 'chain-superfluous';
  return [{ tone: 'warn', text: say(certificateTexts, language, id, { count }) }];
}

function missingRemarks({ certificateChain, chainError, resumed }: ChainFacts, language: Language): ChainRemark[] {
  const last = certificateChain.at(-1);
  if (!last || resumed) return [];
  if (chainError !== undefined && missing.has(chainError) && !last.selfSigned) {
    const url = last.issuerUrls?.[0];
    const names = { subject: commonName(last.subject), issuer: commonName(last.issuer) };
    const more = url === undefined ? '' : ` ${say(certificateTexts, language, 'chain-missing-url', { url })}`;
    return [{ tone: 'bad', text: `${say(certificateTexts, language, 'chain-missing', names)}${more}` }];
  }
  const unsent = certificateChain.find((one) => !one.sentByServer && !one.selfSigned);
  if (!unsent || unsent === last) return [];
  return [remarkOf('warn', 'chain-known-here', language, { subject: commonName(unsent.subject) })];
}

function stapleRemarks(
  { ocsp, certificateChain: [leaf], resumed, verified }: ChainFacts, now: number, language: Language,
): ChainRemark[] {
  if (ocsp?.isForAnother) return [remarkOf('warn', 'staple-other', language)];
  if (ocsp?.certificateStatus === 'revoked') {
    const date = ocsp.revokedAt === undefined ? '?' : formatMoment(ocsp.revokedAt, language);
    return [{ tone: 'bad', text: say(certificateTexts, language, 'staple-revoked', { date }) }];
  }
  if (ocsp?.nextUpdate !== undefined && ocsp.nextUpdate < now) {
    const date = formatMoment(ocsp.nextUpdate, language);
    return [{ tone: 'warn', text: say(certificateTexts, language, 'staple-old', { date }) }];
  }
  const isJudged = verified !== undefined && !resumed;
  if (!ocsp && leaf?.mustStaple && isJudged) return [remarkOf('bad', 'staple-missing', language)];
  return [];
}

const chainErrors: Readonly<Record<string, keyof typeof certificateTexts>> = {
  CERT_HAS_EXPIRED: 'error-expired',
  CERT_NOT_YET_VALID: 'error-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'error-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'error-unknown-root',
  UNABLE_TO_GET_ISSUER_CERT: 'error-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'error-unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'error-unknown-issuer',
  CERT_SIGNATURE_FAILURE: 'error-signature',
  INVALID_PURPOSE: 'error-purpose',
  INVALID_CA: 'error-purpose',
  CERT_REVOKED: 'error-revoked',
};

/** OpenSSL's reason not to trust a chain in words; what is too weak it does not name. */
export function explainChainError(facts: TlsFacts, language: Language): string {
  const weakness = weaknessOf(facts);
  if (weakness) return say(certificateTexts, language, `error-weak-${weakness.kind}`);
  return say(certificateTexts, language, chainErrors[facts.chainError ?? ''] ?? 'error-other');
}

/** What the lab calls its own authority. */
const labRoot = 'Roundtrip Lab Root';

/** The store that a root is trusted from. */
export function explainStore(source: string, language: Language): string {
  if (source === 'system') return say(certificateTexts, language, 'store-system');
  if (source === 'Mozilla (Node.js)') return say(certificateTexts, language, 'store-bundled');
  if (/^(SSL_CERT_|NODE_)[A-Z_]+$/.test(source)) {
    return say(certificateTexts, language, 'store-environment', { variable: source });
  }
  const setting = /^(roundtrip\.[\w.]+): (.*)$/s.exec(source);
  if (setting) return say(certificateTexts, language, 'store-setting', { setting: setting[1]!, file: setting[2]! });
  const name = commonName(source);
  return name === labRoot ? say(certificateTexts, language, 'store-lab') : name;
}
