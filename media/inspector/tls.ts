import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatMoment, formatTlsVersion } from '../../src/explain/format.ts';
import { commonName } from '../../src/explain/names.ts';
import { explainClientCertificate, explainSession, explainVersions } from '../../src/explain/tlsAsked.ts';
import { explainChainError, explainStore } from '../../src/explain/tlsChain.ts';
import type { TlsFacts } from '../../src/trace/tls/facts.ts';
import type { TlsHandshake } from '../../src/trace/exchange.ts';
import type { OcspStaple, SignedCertificateTimestamp } from '../../src/trace/tls/message.ts';
import { certificateDetails } from './certificateDetails.ts';
import { askedName, certificateChain, sentChain } from './certificates.ts';
import { factList, mono } from './factList.ts';
import type { FactRow } from './factList.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';
import { tlsLadder, unreadMessages } from './tlsLadder.ts';

/** What both ends agreed on, what was checked, every message that passed, and every certificate. */
export function tlsPanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const tls = exchange.connection?.tls;
  if (!tls) return html`<p class="dim">${t(exchange.spec.url.startsWith('http:') ? 'no-tls' : 'tls-not-reached')}</p>`;
  const { facts } = tls;
  return html`
    <div class="pair">
      <section class="block"><h2>${t(facts ? 'agreed' : 'offered')}</h2>${factList(agreed(view, tls))}${facts ? nothing
        : html`<p class="dim">${t('tls-no-facts')}</p>`}</section>
      ${facts ? html`<section class="block"><h2>${t('checked')}</h2>${factList(checked(view, tls, facts))}</section>`
        : nothing}
    </div>
    ${handshake(view, tls)}
    ${facts ? chainSections(view, tls, facts) : nothing}`;
}

function handshake(
  view: View, { messages, seen, startAt, endAt, unread }: TlsHandshake,
): TemplateResult | typeof nothing {
  const waits = unread ? unreadMessages(view) : nothing;
  if (messages) return html`${tlsLadder(view, { messages, seen, startAt, endAt, key: 'tls' })}${waits}`;
  if (unread) return waits;
  // They are read after the exchange.
  return view.exchange.endAt === undefined ? nothing : html`<p class="dim block wide">${view.t('tls-seen-none')}</p>`;
}

function agreed(view: View, tls: TlsHandshake): FactRow[] {
  const { t, language } = view;
  const { facts, seen } = tls;
  const group = facts?.group ?? seen?.group;
  return [
    [t('tls-version'), facts && formatTlsVersion(facts.version)],
    [t('offered-versions'), tls.versionsOffered && explainVersions(tls.versionsOffered, language)],
    [t('cipher'), facts && mono(facts.cipher)],
    [t('group'), group === undefined ? undefined : mono(group)],
    [t('tls-signature'), seen?.signatureScheme === undefined ? undefined : mono(seen.signatureScheme)],
    [t('server-name'), tls.serverName === undefined ? t('not-sent') : mono(tls.serverName)],
    [t('alpn-offered'), tls.alpnOffered.length === 0 ? t('alpn-none') : mono(tls.alpnOffered.join(', '))],
    [t('alpn-chosen'), facts && (facts.alpn === undefined ? t('alpn-none') : mono(facts.alpn))],
    [t('session'), explainSession(tls, language)],
    [t('resumption'), resumption(view, tls)],
    ...(facts ? [] : [[t('client-certificate'), ownCertificate(view, tls)] as const]),
    [t('hello-ja4'), seen?.ja4 === undefined ? undefined : mono(seen.ja4)],
    [
      t('hello-ja3'),
      seen?.ja3Hash === undefined ? undefined : html`<span class="mono" title=${seen.ja3 ?? ''}>${seen.ja3Hash}</span>`,
    ],
  ];
}

/** As the bytes show it. */
function resumption({ t }: View, { facts, seen }: TlsHandshake): string | undefined {
  if (seen?.resumption !== undefined) return t(`resumed-${seen.resumption}`);
  return facts && seen?.resumptionOffered ? t('resumption-refused') : undefined;
}

function checked(view: View, tls: TlsHandshake, facts: TlsFacts): FactRow[] {
  const { t } = view;
  const { seen } = tls;
  const [leaf] = facts.certificateChain;
  const timestamps = [...leaf?.timestamps ?? [], ...seen?.timestamps ?? [], ...facts.ocsp?.timestamps ?? []];
  return [
    [t('chain-check'), chainCheck(view, facts)],
    [t('name-check'), nameCheck(view, facts)],
    [t('trust-store'), storeText(view, facts)],
    [t('ocsp'), leaf && !facts.resumed ? staple(view, facts.ocsp) : undefined],
    [t('transparency'), leaf && !facts.resumed ? timestampsText(view, timestamps, seen !== undefined) : undefined],
    [t('client-certificate'), ownCertificate(view, tls)],
  ];
}

function check(ok: boolean, text: string, code?: string): TemplateResult {
  return html`<span class=${ok ? 'good' : 'bad'}>${icon(ok ? 'check' : 'cross')}${text}</span>${code === undefined
    ? nothing : html` <span class="mono dim">${code}</span>`}`;
}

function unchecked({ t }: View): TemplateResult {
  return html`<span class="warn">${icon('warning')}${t('check-off')}</span>`;
}

function chainCheck(view: View, facts: TlsFacts): TemplateResult {
  const { chainError, verificationOff } = facts;
  // OpenSSL's word for what it has no name for tells nothing.
  const code = chainError === 'UNSPECIFIED' ? undefined : chainError;
  if (chainError !== undefined) return check(false, explainChainError(facts, view.language), code);
  return verificationOff ? unchecked(view) : check(true, view.t('check-good'));
}

function nameCheck(view: View, { nameError, verificationOff }: TlsFacts): TemplateResult {
  if (nameError !== undefined) return check(false, nameError);
  return verificationOff ? unchecked(view) : check(true, view.t('check-name-good', { host: askedName(view) }));
}

function storeText({ t, language }: View, { certificateChain: chain }: TlsFacts): string | undefined {
  const root = chain.find(({ trustedFrom }) => trustedFrom !== undefined);
  if (!root) return undefined;
  const [name, store] = [commonName(root.subject), explainStore(root.trustedFrom!, language)];
  return name === store ? name : t('trust-from', { root: name, store });
}

function staple(view: View, ocsp: OcspStaple | undefined): TemplateResult {
  const { t, language } = view;
  if (!ocsp) return html`<span class="dim">${t('ocsp-none')}</span>`;
  if (ocsp.certificateStatus === undefined) return html`<span class="warn">${
    icon('warning')}${ocsp.responseStatus}</span>`;
  const more = [
    ocsp.nextUpdate === undefined ? '' : t('ocsp-until', { date: formatMoment(ocsp.nextUpdate, language) }),
    ocsp.responder === undefined ? '' : t('ocsp-by', { name: ocsp.responder }),
  ].filter((part) => part !== '').join(' · ');
  const status = check(ocsp.certificateStatus === 'good', t(`ocsp-${ocsp.certificateStatus}`));
  return html`${status} <span class="dim">${more}</span>`;
}

/** They may come in a message, which says nothing while it is unread. */
function timestampsText(
  { t }: View, timestamps: readonly SignedCertificateTimestamp[], isRead: boolean,
): TemplateResult {
  const count = timestamps.length;
  if (count === 0 && !isRead) return html`<span class="dim">${t('transparency-unread')}</span>`;
  if (count === 0) return html`<span class="dim">${t('transparency-none')}</span>`;
  const sources = [...new Set(timestamps.map(({ source }) => source))].map((source) => t(`sct-${source}`)).join(', ');
  const counted = count === 1 ? t('transparency-one') : t('transparency-count', { count });
  return html`${counted} <span class="dim">${sources}</span>`;
}

/** The server may have asked for one even where the handshake failed. */
function ownCertificate({ language }: View, tls: TlsHandshake): TemplateResult | undefined {
  const told = explainClientCertificate(tls, language);
  if (!told) return undefined;
  const { tone, text, accepts } = told;
  const mark = { presented: icon('check'), missing: icon('warning'), unasked: nothing }[tone];
  const style = { presented: 'good', missing: 'warn', unasked: 'dim' }[tone];
  return html`<span class=${style}>${mark}${prose(text)}</span>${
    accepts === undefined ? nothing : html`<div class="dim">${prose(accepts)}</div>`}`;
}

function chainSections(view: View, { seen }: TlsHandshake, facts: TlsFacts): TemplateResult {
  const { t } = view;
  const { certificateChain: chain, nameError } = facts;
  const others = seen?.otherCertificates ?? [];
  return html`
    ${chain.length === 0 ? nothing : certificateChain(view, facts)}
    ${sentChain(view, facts, seen)}
    ${nameError === undefined ? nothing
      : html`<section class="block wide"><h2>${t('why-name')}</h2><p class="dim">${t('why-name-text')}</p></section>`}
    <div class="certificate-details">${
      [...chain, ...others].map((certificate, index) => certificateDetails(view, certificate, index))}</div>`;
}
