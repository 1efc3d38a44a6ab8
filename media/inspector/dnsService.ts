import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainService, explainServiceReason, serviceVerdict } from '../../src/explain/service.ts';
import { serviceTexts } from '../../src/explain/text/service.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Connection } from '../../src/trace/exchange.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** What was made of the name's HTTPS records: each one, used or why not. */
export function serviceSection(view: View, connection: Connection): TemplateResult | typeof nothing {
  const { language, t } = view;
  const considered = connection.service?.considered ?? [];
  if (considered.length === 0) return nothing;
  return html`<section class="block wide">
    <h2>${say(serviceTexts, language, 'title')}</h2>
    ${explainService(connection, language).map((sentence) => html`<p>${prose(sentence)}</p>`)}
    <div class="scroll"><table class="data">
      <thead><tr><th scope="col">${t('record-name')}</th><th scope="col">${t('record-value')}</th>
      <th scope="col">${t('record-verdict')}</th></tr></thead>
      <tbody>${considered.map((one) => html`<tr>
        <td class="mono">${one.owner}</td><td class="mono value">${one.value}</td>
        <td class="reason"><span class=${one.used ? 'good' : 'dim'}>${
          icon(one.used ? 'check' : 'dots')}${serviceVerdict(one, language)}</span>${
          one.used ? nothing
            : html`<span class="dim">: ${explainServiceReason(one, language)}</span>`}</td></tr>`)}</tbody>
    </table></div>
  </section>`;
}
