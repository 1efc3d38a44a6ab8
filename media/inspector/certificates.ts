import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainCertificates, explainChain } from '../../src/explain/certificates.ts';
import { askedName } from '../../src/explain/serverIdentity.ts';
import { explainChainRemarks, explainSentChain, unjudgedChain } from '../../src/explain/tlsChain.ts';
import type { ChainFacts } from '../../src/explain/tlsChain.ts';
import type { TlsFacts } from '../../src/trace/tls/facts.ts';
import type { TlsSeen } from '../../src/trace/tls/message.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** The chain as cards, the server's own first, with the verdict in the heading; `asked` is the name it had to fit. */
export function certificateChain(
  view: View, facts: TlsFacts, asked = askedName(view.exchange.connection),
): TemplateResult {
  const now = view.exchange.startedAt;
  const verdict = explainChain(facts, asked, now, view.language);
  const cards = explainCertificates(facts, asked, now, view.language);
  const mark = { good: 'check', bad: 'cross', unverified: 'warning' } as const;
  return html`<section class="block wide">
    <h2>${view.t('certificate-chain')} <span class=${`verdict ${verdict.tone}`}>${
      icon(mark[verdict.tone])}${verdict.text}</span></h2>
    <ol class="certificates">${cards.map((card) => html`
      <li class=${card.bad ? 'certificate bad' : 'certificate'}>
        <strong>${card.bad ? icon('cross') : ''}${card.name}</strong>
        ${card.lines.map((line) => html`<span>${prose(line)}</span>`)}
      </li>`)}</ol>
  </section>`;
}

/** The certificates in the order the server sent them, and what is wrong with it. */
export function sentChain(view: View, facts: ChainFacts, seen: TlsSeen | undefined): TemplateResult | typeof nothing {
  const { language, t } = view;
  const rows = explainSentChain(facts, seen, language);
  const remarks = explainChainRemarks(facts, seen, view.exchange.startedAt, language);
  if (!rows && remarks.length === 0) return nothing;
  return html`<section class="block wide"><h2>${t('as-sent')}</h2>
    ${facts.verified === undefined ? html`<p class="dim">${t('sent-unjudged')}</p>` : nothing}
    ${remarks.map(({ tone, text }) => html`<p class=${`remark ${tone}`}>${
      icon(tone === 'bad' ? 'cross' : 'warning')}${prose(text)}</p>`)}
    ${rows ? html`<ol class="sent-chain">${rows.map(({ name, note, good }) => html`
      <li><span>${name}</span> <span class=${good ? 'dim' : 'warn'}>${good
        ? nothing : icon('warning')}${note}</span></li>`)}</ol>` : nothing}
  </section>`;
}

/** The same where the handshake broke off before they were judged. */
export function unjudged(view: View, seen: TlsSeen | undefined): TemplateResult | typeof nothing {
  const facts = unjudgedChain(seen);
  return facts ? sentChain(view, facts, seen) : nothing;
}
