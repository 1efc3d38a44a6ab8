import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainValidity } from '../../src/explain/certificates.ts';
import { formatMoment } from '../../src/explain/format.ts';
import { commonName, plainName } from '../../src/explain/names.ts';
import { askedName, heldNames } from '../../src/explain/serverIdentity.ts';
import type { CertificateFacts } from '../../src/trace/tls/facts.ts';
import type { SignedCertificateTimestamp } from '../../src/trace/tls/message.ts';
import { factList, mono } from './factList.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';

/** Everything a certificate says; the first one is the server's own, whose names are held against the one asked for. */
export function certificateDetails(view: View, certificate: CertificateFacts, index: number): TemplateResult {
  const { t, language } = view;
  const now = view.exchange.startedAt;
  const { timestamps = [], issuerUrls = [], ocspUrls = [], validFrom, validTo } = certificate;
  const span = { from: formatMoment(validFrom, language), to: formatMoment(validTo, language) };
  return html`<details class="block wide" ?open=${index === 0}>
    <summary>${icon('chevron')}<span>${t('certificate', { index: index + 1 })}</span> <strong>${
      commonName(certificate.subject)}</strong></summary>
    ${factList([
      [t('subject'), mono(oneLine(certificate.subject))],
      [t('issuer'), mono(oneLine(certificate.issuer))],
      [t('names'), names(view, certificate, index === 0)],
      [
        t('valid'),
        html`${t('valid-span', span)} <span class="dim">${explainValidity(certificate, now, language)}</span>`,
      ],
      [t('public-key'), certificate.publicKey],
      [t('signature'), certificate.signatureAlgorithm],
      [t('transparency'), timestamps.length === 0 ? undefined : logs(view, timestamps)],
      [t('issuer-url'), issuerUrls.length === 0 ? undefined : mono(issuerUrls.join(' '))],
      [t('ocsp-url'), ocspUrls.length === 0 ? undefined : mono(ocspUrls.join(' '))],
      [t('serial'), mono(certificate.serialNumber)],
      [t('fingerprint'), mono(certificate.fingerprint256)],
    ])}
    <button type="button" class="link"
      @click=${() => void copyPem(view, certificate, index)}>${
        icon('copy')}${t(view.local.copiedPem === index ? 'copied' : 'copy-pem')}</button>
  </details>`;
}

function names(view: View, certificate: CertificateFacts, isServers: boolean): TemplateResult | undefined {
  const { subjectAltNames } = certificate;
  if (!isServers) return subjectAltNames.length === 0 ? undefined : mono(subjectAltNames.map(plainName).join(', '));
  const { names: held, left } = heldNames(certificate, askedName(view.exchange.connection), view.language);
  if (held.length === 0) return undefined;
  return html`<ul class="held-names">${held.map(({ name, fits, note }) => html`
    <li class=${!fits ? 'dim' : note === undefined ? 'good' : 'warn'}>${
      icon(!fits ? 'cross' : note === undefined ? 'check' : 'warning')}<span class="mono">${
      name}</span><span class="unseen"> ${view.t(fits ? 'name-fits' : 'name-fits-not')}</span>${
      note === undefined ? nothing : html` <span class="dim">${note}</span>`}</li>`)}
    ${left > 0 ? html`<li class="dim">${view.t('more-names', { count: left })}</li>` : nothing}</ul>`;
}

function logs({ t, language }: View, timestamps: readonly SignedCertificateTimestamp[]): TemplateResult {
  return html`<ul>${timestamps.map(({ source, logId, loggedAt }) => html`
    <li>${formatMoment(loggedAt, language)} <span class="mono dim">${logId}</span> <span class="dim">${
      t(`sct-${source}`)}</span></li>`)}</ul>`;
}

function oneLine(distinguishedName: string): string {
  return distinguishedName.split('\n').join(', ');
}

async function copyPem(view: View, certificate: CertificateFacts, index: number): Promise<void> {
  await navigator.clipboard.writeText(certificate.pem);
  view.change({ copiedPem: index });
}
