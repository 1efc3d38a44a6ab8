import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatHttpVersion, formatSize, shorten } from '../../src/explain/format.ts';
import { say } from '../../src/explain/text/text.ts';
import { webSocketTexts } from '../../src/explain/text/webSocket.ts';
import type { SentRequest } from '../../src/trace/exchange.ts';
import type { BodyPart } from '../../src/trace/request.ts';
import { authorizationSection } from './authentication.ts';
import { fieldHeading, fieldLines } from './fieldLines.ts';
import type { View } from './state.ts';

/** What was really sent; before that, what the file asks for. */
export function requestPanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const sent = exchange.request;
  if (!sent) {
    const { method, url, headers } = exchange.spec;
    return html`
      ${exchange.failure ? html`<p class="remark">${t('not-sent-yet')}</p>` : nothing}
      <section class="block wide"><pre class="start-line">${method} ${url}</pre>
        ${fieldHeading(view, t('headers-in-order'))}${fieldLines(view, 'request', headers)}</section>
      ${bodySection(view)}`;
  }
  return html`
    <section class="block wide"><h2>${t('start-line')}</h2>${startLine(view, sent)}</section>
    <section class="block wide">${fieldHeading(view, t('headers-in-order'), headSize(view, sent.headSize))}
      ${fieldLines(view, 'request', sent.headers)}</section>
    ${authorizationSection(view)}
    ${bodySection(view)}${trailerSection(view, sent)}`;
}

function trailerSection(view: View, { trailers = [] }: SentRequest): TemplateResult | typeof nothing {
  if (trailers.length === 0) return nothing;
  const note = say(webSocketTexts, view.language, 'trailers-sent');
  return html`<section class="block wide">${
    fieldHeading(view, view.t('trailers'), note)}${fieldLines(view, 'request-trailers', trailers)}</section>`;
}

function headSize({ t, language }: View, size: number | undefined): string {
  return size === undefined ? '' : t('head-size', { size: formatSize(size, language) });
}

function startLine({ t }: View, sent: SentRequest): TemplateResult {
  if (sent.httpVersion !== '2') {
    return html`<pre class="start-line">${
      sent.method} ${sent.requestTarget} ${formatHttpVersion(sent.httpVersion)}</pre>`;
  }
  const lines = [
    [':method', sent.method],
    [':scheme', sent.scheme],
    [':authority', sent.authority],
    [':path', sent.requestTarget],
  ];
  return html`<pre class="start-line">${
    lines.map(([name, value]) => html`<span class="field-name">${name}</span>: ${value}\n`)}</pre>
    <p class="dim">${t('pseudo-headers')}</p>`;
}

function bodySection(view: View): TemplateResult {
  const parts = view.exchange.spec.body ?? [];
  return html`<section class="block wide"><h2>${view.t('request-body')}</h2>
    ${parts.length === 0 ? html`<p class="dim">${
      view.t('no-body')}</p>` : parts.map((part) => partOf(view, part))}</section>`;
}

/** Characters of a request body that are shown; the file holds all of it. */
const shownBody = 16_384;

function partOf({ t, language }: View, part: BodyPart): TemplateResult {
  if (part.kind === 'file') return html`<p>${t('body-file', { path: part.path })}</p>`;
  const bytes = part.bytes instanceof Uint8Array ? part.bytes : new Uint8Array();
  const text = new TextDecoder().decode(bytes.subarray(0, shownBody));
  return html`<p class="dim">${t('body-bytes', { size: formatSize(bytes.length, language) })}</p>
    <pre class="content">${bytes.length > shownBody ? shorten(`${text}…`, shownBody) : text}</pre>`;
}
