import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { explainCertificates, explainChain } from '../../src/explain/certificates.ts';
import type { TlsFacts } from '../../src/trace/event.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** The name the certificate had to fit. */
export function askedName(view: View): string {
  const connection = view.exchange.connection;
  return connection?.tls?.serverName ?? connection?.host ?? '';
}

/** The chain as cards, the server's own first, with the verdict in the heading; `asked` is the name it had to fit. */
export function certificateChain(view: View, facts: TlsFacts, asked = askedName(view)): TemplateResult {
  const now = view.exchange.startedAt;
  const verdict = explainChain(facts, asked, now, view.language);
  const cards = explainCertificates(facts, asked, now, view.language);
  const mark = { good: 'check', bad: 'cross', unverified: 'warning' } as const;
  return html`<section class="block wide">
    <h2>${view.t('certificate-chain')} <span class=${`verdict ${verdict.tone}`}>${icon(mark[verdict.tone])}${verdict.text}</span></h2>
    <ol class="certificates">${cards.map((card) => html`
      <li class=${card.bad ? 'certificate bad' : 'certificate'}>
        <strong>${card.bad ? icon('cross') : ''}${card.name}</strong>
        ${card.lines.map((line) => html`<span>${prose(line)}</span>`)}
      </li>`)}</ol>
  </section>`;
}
