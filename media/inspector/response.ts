import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatHttpVersion, formatSize } from '../../src/explain/format.ts';
import { explainRedirect, explainRedirectChange, isWorrying } from '../../src/explain/redirects.ts';
import { explainStatusCode } from '../../src/explain/statusCodes.ts';
import { explainStatus } from '../../src/explain/whoAnswered.ts';
import type { Response } from '../../src/trace/exchange.ts';
import { challengeSection } from './authentication.ts';
import { fieldHeading, fieldLines } from './fieldLines.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';
import { statusText } from './status.ts';

/** Interim responses, the start line and headers as they came, and trailers. */
export function responsePanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const response = exchange.response;
  if (!response)
    return html`<p class="dim">${t(exchange.endAt === undefined ? 'response-awaited' : 'no-response')}</p>`;
  return html`
    ${response.interimResponses.length === 0 ? nothing : interim(view, response)}
    ${response.statusCode === 0 ? html`<p class="dim">${
      t(exchange.endAt === undefined ? 'response-awaited' : 'no-response')}</p>` : head(view, response)}
    ${response.trailers.length === 0 ? nothing
      : html`<section class="block wide">${
        fieldHeading(view, t('trailers'))}${fieldLines(view, 'trailers', response.trailers)}</section>`}
    ${redirectSection(view)}`;
}

function head(view: View, response: Response): TemplateResult {
  const { t, language } = view;
  const start =
    response.httpVersion === '2'
      ? `:status: ${response.statusCode}`
      : `${formatHttpVersion(response.httpVersion)} ${response.statusCode} ${response.reasonPhrase}`;
  const size =
    response.headSize === undefined
      ? ''
      : t('head-size', { size: formatSize(response.headSize, language) });
  return html`
    <section class="block wide"><h2>${t('start-line')}</h2><pre class="start-line">${start}</pre>
      <p class="dim">${prose(explainStatus(view.exchange, language))}</p>${challengeSection(view)}</section>
    <section class="block wide">${fieldHeading(view, t('headers-in-order'), size)}${
      fieldLines(view, 'response', response.headers)}</section>`;
}

function interim(view: View, response: Response): TemplateResult {
  return html`<section class="block wide"><h2>${view.t('interim')}</h2>
    ${response.interimResponses.map(({ statusCode, reasonPhrase, headers }, index) => html`
      <p><strong>${statusText(statusCode, reasonPhrase)}</strong> <span class="dim">${
        prose(explainStatusCode(statusCode, view.language))}</span></p>
      ${headers.length === 0 ? nothing : fieldLines(view, `interim-${index}`, headers)}`,
    )}</section>`;
}

/** What a 3xx asked for, where that led, and what changed on the way. */
function redirectSection(view: View): TemplateResult | typeof nothing {
  const { exchange, language, t } = view;
  const sentences = explainRedirect(exchange, language);
  const { location = '', changes = [], exchangeId = '' } = exchange.redirect ?? {};
  if (sentences.length === 0 && !exchange.redirect) return nothing;
  const known = view.exchanges.some(({ id }) => id === exchangeId);
  const text = t('followed-to', { url: location });
  return html`<section class="block wide"><h2>${t('redirect')}</h2>
    ${sentences.map((sentence) => html`<p>${prose(sentence)}</p>`)}
    ${!exchange.redirect ? nothing : html`<p>${known
      ? html`<button type="button" class="link" @click=${() => view.select(exchangeId)}>${text}</button>` : text}</p>`}
  </section>
  ${changes.length === 0 ? nothing : html`<section class="block wide"><h2>${t('redirect-changes')}</h2>
    <ul class="changes">${changes.map((change) => html`<li>
      ${isWorrying(change) ? html`<span class="warn">${icon('warning')}</span> `
        : nothing}${prose(explainRedirectChange(change, language))}</li>`)}</ul>
  </section>`}`;
}
