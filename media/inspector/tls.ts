import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { askedName } from '../../src/explain/serverIdentity.ts';
import {
  explainAgreed, explainBreakOff, explainChecks, explainHello, explainStage,
} from '../../src/explain/tlsFacts.ts';
import type { CertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import type { TlsSeen } from '../../src/trace/tls/message.ts';
import type { TlsHandshake } from '../../src/trace/exchange.ts';
import { certificateDetails } from './certificateDetails.ts';
import { certificateChain, sentChain, unjudged } from './certificates.ts';
import { factList, factRow } from './factList.ts';
import type { View } from './state.ts';
import { tlsLadder, unreadMessages } from './tlsLadder.ts';

/** What both ends agreed on, what was checked, every message that passed, and every certificate. */
export function tlsPanel(view: View): TemplateResult {
  const { exchange, language, t } = view;
  const tls = exchange.connection?.tls;
  if (!tls) return html`<p class="dim">${t(exchange.spec.url.startsWith('http:') ? 'no-tls' : 'tls-not-reached')}</p>`;
  const { facts, seen } = tls;
  const brokeOff = explainBreakOff(tls, language);
  return html`
    <div class="pair">
      <section class="block"><h2>${explainStage(tls, language)}</h2>${
        factList([...explainAgreed(tls, language), ...explainHello(tls, language)].map(factRow))}${
        brokeOff === undefined ? nothing : html`<p class="dim">${brokeOff}</p>`}</section>
      ${facts ? html`<section class="block"><h2>${t('checked')}</h2>${
        factList(explainChecks(
          tls, { asked: askedName(exchange.connection), now: exchange.startedAt }, language,
        ).map(factRow))}</section>`
        : nothing}
    </div>
    ${handshake(view, tls)}
    ${facts ? chainSections(view, facts, seen) : html`${unjudged(view, seen)}${details(view, seen?.otherCertificates)}`}`;
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

function chainSections(view: View, facts: TlsFacts, seen: TlsSeen | undefined): TemplateResult {
  const { t } = view;
  const { certificateChain: chain, nameError } = facts;
  return html`
    ${chain.length === 0 ? nothing : certificateChain(view, facts)}
    ${sentChain(view, facts, seen)}
    ${nameError === undefined ? nothing
      : html`<section class="block wide"><h2>${t('why-name')}</h2><p class="dim">${t('why-name-text')}</p></section>`}
    ${details(view, [...chain, ...seen?.otherCertificates ?? []])}`;
}

function details(view: View, certificates: readonly CertificateFacts[] = []): TemplateResult {
  return html`<div class="certificate-details">${
    certificates.map((certificate, index) => certificateDetails(view, certificate, index))}</div>`;
}
