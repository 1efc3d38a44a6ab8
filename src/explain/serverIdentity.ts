import type { Connection } from '../trace/exchange.ts';
import type { CertificateFacts } from '../trace/tls/facts.ts';
import { plainName } from './names.ts';
import { certificateTexts } from './text/certificate.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** The name that the server's certificate had to fit (RFC 9525 §6). */
export function askedName(connection: Connection | undefined): string {
  return connection?.tls?.serverName ?? connection?.host ?? '';
}

/** A name that a certificate holds against the one asked for. */
interface HeldName {
  readonly name: string;
  readonly fits: boolean;
  /** Why it does not although it looks as if it did, or why others would not say that it does. */
  readonly note?: string;
}

/** By Node's rules (`tls.checkServerIdentity`), which decide. */
interface Verdict {
  readonly fits: boolean;
  readonly why?: Reason;
}

type Reason =
  | 'other-kind' | 'address-as-name' | 'malformed' | 'wildcard-place' | 'wildcard-wide' | 'wildcard-label'
  | 'wildcard-partial' | 'common-name' | 'common-name-ignored' | 'common-name-address';

const no: Verdict = { fits: false };
const yes: Verdict = { fits: true };
const noBecause = (why: Reason): Verdict => ({ fits: false, why });

/** Whether one subject alternative name (`DNS:shop.test`, `IP Address:192.0.2.7`) fits the name asked for. */
function verdictOn(presented: string, asked: string): Verdict {
  const host = hostOf(asked);
  const name = plainName(presented);
  const kind = kindOf(presented);
  if (kind !== 'DNS' && kind !== 'IP Address') return noBecause('other-kind');
  if (!isAddress(host)) return kind === 'DNS' ? verdictOnDns(name, host) : no;
  if (name.toLowerCase() !== plainName(host)) return no;
  return kind === 'DNS' ? noBecause('address-as-name') : yes;
}

/** RFC 9525 §6.3, but for a wildcard that is only a part of its label: Node lets that pass. */
function verdictOnDns(presented: string, host: string): Verdict {
  const [labels, asked] = [labelsOf(presented), labelsOf(host)];
  if (labels.includes('') || labels.some((label) => /[^!-\u007f]/.test(label))) return noBecause('malformed');
  const [first = '', ...rest] = labels;
  const isTailSame = labels.length === asked.length && rest.every((label, index) => label === asked[index + 1]);
  const [start = '', end, ...more] = first.split('*');
  if (end === undefined || first.includes('xn--')) {
    return isTailSame && first === asked[0] ? yes : nearWildcard(labels, host);
  }
  if (!isTailSame || more.length > 0 || labels.length <= 2) return nearWildcard(labels, host);
  const label = asked[0] ?? '';
  if (start.length + end.length > label.length || !label.startsWith(start) || !label.endsWith(end)) return no;
  return first === '*' ? yes : { fits: true, why: 'wildcard-partial' };
}

/** Which rule a wildcard breaks, if a reader might take it to fit. */
function nearWildcard(labels: readonly string[], host: string): Verdict {
  const presented = labels.join('.');
  const [start, end] = [presented.indexOf('*'), presented.lastIndexOf('*')];
  if (start === -1) return no;
  const [before, after] = [presented.slice(0, start), presented.slice(end + 1)];
  const isNear = after === `.${host}`
    || (host.length >= before.length + after.length && host.startsWith(before) && host.endsWith(after));
  if (!isNear) return no;
  if (start !== end || !labels[0]?.includes('*') || labels[0].includes('xn--')) return noBecause('wildcard-place');
  return noBecause(labels.length <= 2 ? 'wildcard-wide' : 'wildcard-label');
}

function labelsOf(name: string): string[] {
  return name.toLowerCase().replace(/\.$/, '').split('.');
}

function hostOf(asked: string): string {
  return asked.toLowerCase().replace(/\.$/, '').replace(/^\[|\]$/g, '');
}

/** Of a name that comes without one: what it looks like. */
function kindOf(presented: string): string {
  if (isAddress(presented)) return 'IP Address';
  return /^([A-Za-z][A-Za-z ]*):/.exec(presented)?.[1] ?? 'DNS';
}

function isAddress(text: string): boolean {
  if (text.includes(':')) return URL.canParse(`http://[${text}]`);
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/.test(text) && !text.endsWith('.');
}

interface Judged extends Verdict {
  readonly name: string;
}

/** Each name of a certificate: those that decide, and the common name where it does, or seems to. */
function judge({ subject, subjectAltNames }: CertificateFacts, asked: string): Judged[] {
  const names = subjectAltNames.map((name) => ({ name: plainName(name), ...verdictOn(name, asked) }));
  const host = hostOf(asked);
  const hasDns = subjectAltNames.some((name) => kindOf(name) === 'DNS');
  const isFound = names.some(({ fits }) => fits);
  return [...names, ...commonNames(subject).flatMap((commonName) => {
    const verdict = verdictOnCommonName(commonName, host, hasDns);
    // Where it does not decide, it is worth a word only if a reader would wonder.
    const isSaid = verdict.fits || (!isFound && (verdict.why !== undefined || (!hasDns && !isAddress(host))));
    return isSaid ? [{ name: `CN=${commonName}`, ...verdict }] : [];
  })];
}

/** Node takes it where there is no DNS name; RFC 9525 (Appendix A) no longer does. */
function verdictOnCommonName(commonName: string, host: string, hasDns: boolean): Verdict {
  if (isAddress(host)) return commonName.toLowerCase() === host ? noBecause('common-name-address') : no;
  if (!verdictOnDns(commonName, host).fits) return no;
  return hasDns ? noBecause('common-name-ignored') : { fits: true, why: 'common-name' };
}

/** The common names of an RFC 4514 subject. */
function commonNames(subject: string): string[] {
  const attributes = subject.matchAll(/(?:^|[,+\n]\s*)CN=((?:\\.|[^,+\n\\])*)/gs);
  return Array.from(attributes, ([, value = '']) => value.replace(/\\(.)/gs, '$1'));
}

/** Names of a certificate shown at once; some have hundreds. */
const mostNames = 50;

/** The names of the server's certificate against the one asked for, those that fit first; `left` more are not told. */
export function heldNames(
  certificate: CertificateFacts, asked: string, language: Language,
): { readonly names: readonly HeldName[]; readonly left: number } {
  const rank = (one: Judged): number => one.fits ? 0 : isNear(one) ? 1 : 2;
  const held = judge(certificate, asked).toSorted((a, b) => rank(a) - rank(b));
  return {
    names: held.slice(0, mostNames).map((one) => toldName(one, language)), left: Math.max(0, held.length - mostNames),
  };
}

/** The name by which a certificate was accepted; with a note where others would not. */
export function fittingName(certificate: CertificateFacts, asked: string, language: Language): HeldName | undefined {
  const fitting = judge(certificate, asked).filter(({ fits }) => fits);
  const found = fitting.find(({ why }) => why === undefined) ?? fitting[0];
  return found && toldName(found, language);
}

/** The name of a refused certificate that looks as if it fitted, with why it does not. */
export function nearName(
  certificate: CertificateFacts, asked: string, language: Language,
): Required<HeldName> | undefined {
  const found = judge(certificate, asked).find(isNear);
  return found && { note: '', ...toldName(found, language) };
}

/** It looks as if it fitted. */
function isNear({ fits, why }: Judged): boolean {
  return !fits && why !== undefined && why !== 'other-kind' && why !== 'malformed';
}

function toldName({ name, fits, why }: Judged, language: Language): HeldName {
  return { name, fits, ...(why === undefined ? {} : { note: say(certificateTexts, language, `name-${why}`) }) };
}
