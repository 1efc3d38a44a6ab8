import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainValidity } from '../../src/explain/certificates.ts';
import { formatMoment, formatTlsVersion } from '../../src/explain/format.ts';
import { commonName, plainName } from '../../src/explain/names.ts';
import type { CertificateFacts, TlsFacts } from '../../src/trace/event.ts';
import type { TlsHandshake } from '../../src/trace/exchange.ts';
import { askedName, certificateChain } from './certificates.ts';
import { factList, mono } from './factList.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';

/** What both ends agreed on, what was checked, and every certificate of the chain. */
export function tlsPanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const tls = exchange.connection?.tls;
  if (!tls)
    return html`<p class="dim">${t(exchange.spec.url.startsWith('http:') ? 'no-tls' : 'tls-not-reached')}</p>`;
  return html`
    <section class="block wide"><h2>${t('agreed')}</h2>${agreed(view, tls)}</section>
    ${tls.facts ? chainSections(view, tls.facts) : html`<p class="dim">${t('tls-no-facts')}</p>`}`;
}

function agreed(view: View, tls: TlsHandshake): TemplateResult {
  const { t } = view;
  const { facts } = tls;
  return factList([
    [t('tls-version'), facts && formatTlsVersion(facts.version)],
    [t('cipher'), facts && mono(facts.cipher)],
    [t('group'), facts?.group === undefined ? undefined : mono(facts.group)],
    [t('server-name'), tls.serverName === undefined ? t('not-sent') : mono(tls.serverName)],
    [
      t('alpn-offered'),
      tls.alpnOffered.length === 0 ? t('alpn-none') : mono(tls.alpnOffered.join(', ')),
    ],
    [t('alpn-chosen'), facts && (facts.alpn === undefined ? t('alpn-none') : mono(facts.alpn))],
    [t('session'), facts && t(facts.resumed ? 'resumed' : 'full-handshake')],
    [t('chain-check'), facts && chainCheck(view, facts)],
    [t('name-check'), facts && nameCheck(view, facts)],
  ]);
}

function check(ok: boolean, text: string): TemplateResult {
  return html`<span class=${ok ? 'good' : 'bad'}>${icon(ok ? 'check' : 'cross')}${text}</span>`;
}

function chainCheck({ t }: View, facts: TlsFacts): TemplateResult {
  if (facts.chainError !== undefined) return check(false, facts.chainError);
  return facts.verificationOff
    ? html`<span class="warn">${icon('warning')}${t('check-off')}</span>`
    : check(true, t('check-good'));
}

function nameCheck(view: View, facts: TlsFacts): TemplateResult {
  if (facts.nameError !== undefined) return check(false, facts.nameError);
  if (facts.verificationOff)
    return html`<span class="warn">${icon('warning')}${view.t('check-off')}</span>`;
  return check(true, view.t('check-name-good', { host: askedName(view) }));
}

function chainSections(view: View, facts: TlsFacts): TemplateResult {
  return html`
    ${facts.nameError === undefined ? nothing : html`<section class="block wide"><h2>${view.t('why-name')}</h2><p class="dim">${view.t('why-name-text')}</p></section>`}
    ${facts.certificateChain.length === 0 ? nothing : certificateChain(view, facts)}
    <div class="certificate-details">${facts.certificateChain.map((certificate, index) => certificateDetails(view, certificate, index))}</div>`;
}

function certificateDetails(
  view: View,
  certificate: CertificateFacts,
  index: number,
): TemplateResult {
  const { t, language } = view;
  const now = view.exchange.startedAt;
  return html`<details class="block wide" ?open=${index === 0}>
    <summary>${icon('chevron')}<span>${t('certificate', { index: index + 1 })}</span> <strong>${commonName(certificate.subject)}</strong></summary>
    ${factList([
      [t('subject'), mono(oneLine(certificate.subject))],
      [t('issuer'), mono(oneLine(certificate.issuer))],
      [
        t('names'),
        certificate.subjectAltNames.length === 0
          ? undefined
          : mono(certificate.subjectAltNames.map(plainName).join(', ')),
      ],
      [
        t('valid'),
        html`${t('valid-span', { from: formatMoment(certificate.validFrom, language), to: formatMoment(certificate.validTo, language) })}
        <span class="dim">${explainValidity(certificate, now, language)}</span>`,
      ],
      [t('public-key'), certificate.publicKey],
      [t('signature'), certificate.signatureAlgorithm],
      [t('serial'), mono(certificate.serialNumber)],
      [t('fingerprint'), mono(certificate.fingerprint256)],
    ])}
    <button type="button" class="link" @click=${() => void copyPem(view, certificate, index)}>${icon('copy')}${t(view.local.copiedPem === index ? 'copied' : 'copy-pem')}</button>
  </details>`;
}

function oneLine(distinguishedName: string): string {
  return distinguishedName.split('\n').join(', ');
}

async function copyPem(view: View, certificate: CertificateFacts, index: number): Promise<void> {
  await navigator.clipboard.writeText(certificate.pem);
  view.change({ copiedPem: index });
}
