import type { TlsHandshake } from '../trace/exchange.ts';
import type { TlsFacts } from '../trace/tls/facts.ts';
import type { OcspStaple } from '../trace/tls/message.ts';
import type { Fact } from './fact.ts';
import { formatMoment, formatTlsVersion } from './format.ts';
import { commonName } from './names.ts';
import { fittingName, nearName } from './serverIdentity.ts';
import { inspectorTexts } from './text/inspector.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';
import { explainClientCertificate, explainSession, explainVersions } from './tlsAsked.ts';
import { explainChainError, explainStore } from './tlsChain.ts';
import { choiceIn } from './tlsMessages.ts';

type Sayer = (id: keyof typeof inspectorTexts, places?: Places) => string;

const sayer = (language: Language): Sayer => (id, places) => say(inspectorTexts, language, id, places);

/** How far the two ends came, as a heading. */
export function explainStage({ facts, messages }: TlsHandshake, language: Language): string {
  return sayer(language)(facts ? 'agreed' : choiceIn(messages) ? 'offered-chosen' : 'offered');
}

/** Of a handshake that broke off: how far it came; undefined for one that is under way or was completed. */
export function explainBreakOff({ facts, endAt, messages }: TlsHandshake, language: Language): string | undefined {
  if (facts || endAt === undefined) return undefined;
  return sayer(language)(!messages ? 'tls-broke-off' : choiceIn(messages) ? 'tls-chosen-only' : 'tls-no-facts');
}

/** What both ends agreed on, or what was offered and chosen: all of it stands in the messages, too. */
export function explainAgreed(tls: TlsHandshake, language: Language): Fact[] {
  const t = sayer(language);
  const { facts, seen, serverName, alpnOffered, versionsOffered, messages } = tls;
  const { version, cipher, alpn } = facts
    ? { ...facts, version: formatTlsVersion(facts.version), alpn: facts.alpn === undefined ? [] : [facts.alpn] }
    : { ...choiceIn(messages) };
  const plain = (name: Parameters<Sayer>[0], text: string | undefined): Fact[] =>
    text === undefined ? [] : [{ name: t(name), text }];
  const code = (name: Parameters<Sayer>[0], text: string | undefined): Fact[] =>
    text === undefined ? [] : [{ name: t(name), text, code: 'text' }];
  return [
    ...plain('tls-version', version),
    ...plain('offered-versions', versionsOffered && explainVersions(versionsOffered, language)),
    ...code('cipher', cipher),
    ...code('group', facts?.group ?? seen?.group),
    ...code('tls-signature', seen?.signatureScheme),
    ...serverName === undefined ? plain('server-name', t('not-sent')) : code('server-name', serverName),
    ...alpnOffered.length === 0 ? plain('alpn-offered', t('alpn-none')) : code('alpn-offered', alpnOffered.join(', ')),
    ...alpn?.length === 0 ? plain('alpn-chosen', t('alpn-none')) : code('alpn-chosen', alpn?.[0]),
  ];
}

/** What the messages come to: full or resumed, and the fingerprints of our hello. */
export function explainHello(tls: TlsHandshake, language: Language): Fact[] {
  const t = sayer(language);
  const { facts, seen } = tls;
  const [session, resumption] = [explainSession(tls, language), resumptionText(tls, t)];
  return [
    ...session === undefined ? [] : [{ name: t('session'), text: session }],
    ...resumption === undefined ? [] : [{ name: t('resumption'), text: resumption }],
    ...facts ? [] : ownCertificate(tls, language),
    ...seen?.ja4 === undefined ? [] : [{ name: t('hello-ja4'), text: seen.ja4, code: 'text' as const }],
    ...seen?.ja3Hash === undefined
      ? [] : [{ name: t('hello-ja3'), text: seen.ja3Hash, code: 'text' as const, whole: seen.ja3 ?? '' }],
  ];
}

/** As the bytes show it. */
function resumptionText({ facts, seen }: TlsHandshake, t: Sayer): string | undefined {
  if (seen?.resumption !== undefined) return t(`resumed-${seen.resumption}`);
  return facts && seen?.resumptionOffered ? t('resumption-refused') : undefined;
}

/** What a certificate is held against: the name asked for, and when (epoch ms). */
export interface Held {
  readonly asked: string;
  readonly now: number;
}

/** What was checked of the server, and what it wanted to know of us; none where the handshake did not come so far. */
export function explainChecks(tls: TlsHandshake, { asked, now }: Held, language: Language): Fact[] {
  const { facts } = tls;
  if (!facts) return [];
  const t = sayer(language);
  const isNew = facts.certificateChain.length > 0 && !facts.resumed;
  return [
    chainCheck(facts, language), nameCheck(facts, asked, language), ...trustedRoot(facts, language),
    ...isNew ? [stapleFact(facts.ocsp, now, language), timestampsFact(tls, facts, t)] : [],
    ...ownCertificate(tls, language),
  ];
}

function chainCheck(facts: TlsFacts, language: Language): Fact {
  const t = sayer(language);
  const name = t('chain-check');
  const { chainError, verificationOff } = facts;
  if (chainError !== undefined) {
    // OpenSSL's word for what it has no name for tells nothing.
    const code = chainError === 'UNSPECIFIED' ? {} : { note: chainError, code: 'note' as const };
    return { name, text: explainChainError(facts, language), tone: 'bad', ...code };
  }
  return verificationOff
    ? { name, text: t('check-off'), tone: 'warn' } : { name, text: t('check-good'), tone: 'good' };
}

function nameCheck(facts: TlsFacts, asked: string, language: Language): Fact {
  const t = sayer(language);
  const name = t('name-check');
  const { nameError, verificationOff, certificateChain: [leaf] } = facts;
  const fitting = leaf && fittingName(leaf, asked, language);
  if (nameError !== undefined) {
    if (!leaf || fitting) return { name, text: nameError, tone: 'bad' };
    const near = nearName(leaf, asked, language);
    const note = near ? { note: `${near.name}: ${near.note}` } : {};
    return { name, text: t('check-name-bad', { host: asked }), tone: 'bad', ...note };
  }
  if (verificationOff) return { name, text: t('check-off'), tone: 'warn' };
  const text = t('check-name-good', { host: asked });
  return fitting?.note === undefined ? { name, text, tone: 'good' }
    : { name, text, tone: 'warn', note: `${fitting.name}: ${fitting.note}` };
}

function trustedRoot({ certificateChain: chain }: TlsFacts, language: Language): Fact[] {
  const t = sayer(language);
  const root = chain.find(({ trustedFrom }) => trustedFrom !== undefined);
  if (!root) return [];
  const [name, store] = [commonName(root.subject), explainStore(root.trustedFrom!, language)];
  return [{ name: t('trust-store'), text: name === store ? name : t('trust-from', { root: name, store }) }];
}

function stapleFact(ocsp: OcspStaple | undefined, now: number, language: Language): Fact {
  const t = sayer(language);
  const name = t('ocsp');
  if (!ocsp) return { name, text: t('ocsp-none'), tone: 'dim' };
  const { certificateStatus, responseStatus, nextUpdate, responder, isForAnother, serialNumber, signature } = ocsp;
  if (certificateStatus === undefined) return { name, text: responseStatus, tone: 'warn' };
  const isOld = nextUpdate !== undefined && nextUpdate < now;
  const date = nextUpdate === undefined ? '' : formatMoment(nextUpdate, language);
  const note = [
    isForAnother && serialNumber !== undefined ? t('ocsp-serial', { serial: serialNumber }) : '',
    date === '' ? '' : t(isOld ? 'ocsp-old' : 'ocsp-until', { date }),
    responder === undefined ? '' : t('ocsp-by', { name: responder }),
    t(`ocsp-signature-${signature ?? 'unchecked'}`),
  ].filter((part) => part !== '').join(' · ');
  if (isForAnother) return { name, text: t('ocsp-other'), tone: 'warn', note };
  const good = signature === 'invalid' ? 'bad' : isOld ? 'warn' : signature === 'valid' ? 'good' : 'dim';
  return { name, text: t(`ocsp-${certificateStatus}`), tone: certificateStatus === 'good' ? good : 'bad', note };
}

/** They may come in a message, which says nothing while it is unread. */
function timestampsFact({ seen }: TlsHandshake, { certificateChain: [leaf], ocsp }: TlsFacts, t: Sayer): Fact {
  const name = t('transparency');
  const timestamps = [...leaf?.timestamps ?? [], ...seen?.timestamps ?? [], ...ocsp?.timestamps ?? []];
  const count = timestamps.length;
  if (count === 0) return { name, text: t(seen ? 'transparency-none' : 'transparency-unread'), tone: 'dim' };
  const sources = [...new Set(timestamps.map(({ source }) => source))].map((source) => t(`sct-${source}`)).join(', ');
  const text = count === 1 ? t('transparency-one') : t('transparency-count', { count });
  return { name, text, note: `${sources} · ${t('sct-unchecked')}` };
}

/** The server may have asked for one even where the handshake failed. */
function ownCertificate(tls: TlsHandshake, language: Language): Fact[] {
  const told = explainClientCertificate(tls, language);
  if (!told) return [];
  const tone = ({ presented: 'good', missing: 'warn', unasked: 'dim' } as const)[told.tone];
  const below = told.accepts === undefined ? {} : { below: told.accepts };
  return [{ name: say(inspectorTexts, language, 'client-certificate'), text: told.text, tone, ...below }];
}
