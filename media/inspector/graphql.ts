import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { graphqlPlace } from '../../src/explain/graphql.ts';
import { say } from '../../src/explain/text/text.ts';
import { webSocketTexts } from '../../src/explain/text/webSocket.ts';
import type { View } from './state.ts';

/** The errors in a GraphQL response: what, at which path of the data, where in the query. */
export function graphqlErrors({ exchange: { graphql }, language }: View): TemplateResult | typeof nothing {
  if (!graphql) return nothing;
  const t = (id: keyof typeof webSocketTexts, places = {}): string => say(webSocketTexts, language, id, places);
  const { errors, count } = graphql;
  return html`<section class="block wide"><h2>${t('graphql-title')}</h2>
    <div class="scroll"><table class="data"><thead><tr><th scope="col">${t('graphql-message')}</th>
      <th scope="col">${t('graphql-path')}</th>
      <th scope="col">${t('graphql-location')}</th></tr></thead>
      <tbody>${errors.map((error) => html`<tr><td class="reason">${error.message}${error.code === undefined ? nothing
        : html` <span class="mono dim">${error.code}</span>`}</td>
        <td class="mono">${error.path ?? ''}</td><td>${graphqlPlace(error, language)}</td></tr>`)}</tbody></table></div>
    ${count > errors.length ? html`<p class="dim">${t('graphql-more', { shown: errors.length, count })}</p>`
      : nothing}</section>`;
}
