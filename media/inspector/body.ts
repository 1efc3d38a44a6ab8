import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatSize } from '../../src/explain/format.ts';
import { charsetBar } from './charsetBar.ts';
import { decodeText, kindOf, mediaTypeOf, readText } from './contentKind.ts';
import { eventList } from './eventList.ts';
import { hexView } from './hexView.ts';
import { icon, spinner } from './icons.ts';
import { imageView } from './imageView.ts';
import { jsonView, largestJson } from './jsonTree.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { BodyView, View } from './state.ts';
import { webSocketPanel } from './webSocket.ts';

/** An editor takes a file whole: the extension gives it contents up to this many bytes. */
const largestInEditor = 256 * 1024 * 1024;

/** The content of the response, looked at in one of several ways. */
export function bodyPanel(view: View): TemplateResult {
  const { exchange, t, language } = view;
  const response = exchange.response;
  if (isWebSocket(exchange)) return webSocketPanel(view);
  if (!response?.statusCode)
    return html`<p class="dim">${t(exchange.endAt === undefined ? 'response-awaited' : 'no-response')}</p>`;
  const size = formatSize(response.contentSize, language);
  const events = eventList(view);
  if (exchange.endAt === undefined)
    return html`<p class="remark">${spinner()}${t('receiving', { size })}</p>${events ?? nothing}`;
  if (response.contentSize === 0) return html`<p class="dim">${emptyText(view)}</p>`;
  const offered = offeredViews(view);
  const chosen = offered.find((one) => one === view.saved.bodyView) ?? offered[0] ?? 'hex';
  const isLarge = response.contentSize > largestInEditor;
  return html`
    ${events ?? nothing}
    ${response.complete || exchange.stream?.ended ? nothing
      : html`<p class="remark bad">${icon('warning')}${t('body-incomplete', { size })}</p>`}
    <div class="body-bar">
      <div class="segments" role="group" aria-label=${t('body-views')}>${offered.map(
        (one) => html`
        <button type="button" aria-pressed=${one === chosen ? 'true' : 'false'}
          @click=${() => view.save({ bodyView: one })}>${t(`view-${one}`)}</button>`,
      )}</div>
      <span class="dim">${mediaTypeOf(response.headers) ?? ''} · ${size}</span>
      <span class="body-actions">
        <button type="button" class="quiet"
          @click=${() => view.act('save-body')}>${icon('export')}<span>${t('save-body')}</span></button>
        <button type="button" class="quiet" ?disabled=${isLarge} title=${isLarge ? t('open-content-large') : ''}
          @click=${() => view.act('open-content')}>${icon('editor')}<span>${t('open-content')}</span></button></span>
    </div>
    ${drawings[chosen](view)}`;
}

/** No content; or none that could be decoded of what came. */
function emptyText({ exchange: { response, spec }, t, language }: View): string {
  const received = response?.bodySize ?? 0;
  if (received === 0 || response?.complete) return t('no-content');
  const id = spec.options.capture === 'none' ? 'nothing-decoded' : 'nothing-decoded-wire';
  return t(id, { size: formatSize(received, language) });
}

/** It is open or was, or the answer that opens it is awaited; a refused one has a content like others. */
function isWebSocket({ webSocket, spec, response, endAt }: Exchange): boolean {
  return webSocket !== undefined || (spec.webSocket !== undefined && !response?.statusCode && endAt === undefined);
}

const drawings: Readonly<Record<BodyView, (view: View) => TemplateResult>> = {
  json: jsonView, text: textView, image: imageView, preview: previewView, hex: hexView,
};

/** The views that make sense for the content's type; the first is the one to begin with. */
function offeredViews(view: View): BodyView[] {
  const { response } = view.exchange;
  const kind = kindOf(response?.headers ?? []);
  const small = (response?.contentSize ?? 0) <= largestJson;
  switch (kind) {
    case 'json': return small ? ['json', 'text', 'hex'] : ['text', 'hex'];
    case 'html': return ['text', 'preview', 'hex'];
    case 'svg': return ['image', 'text', 'hex'];
    case 'image': return ['image', 'hex'];
    case 'text': return ['text', 'hex'];
    case 'binary': return ['hex', 'text'];
  }
}

/** Shown while nothing has arrived, or when there is nothing any more. */
export function notLoaded(view: View, missing: boolean): TemplateResult {
  return missing
    ? html`<p class="remark">${view.t('content-gone')}</p>`
    : html`<p class="dim">${spinner()}${view.t('loading')}</p>`;
}

const moreText = 256 * 1024;

function textView(view: View): TemplateResult {
  const { exchange, local, t, language } = view;
  const loaded = view.contents.prefix(exchange.id, local.textLimit);
  if (loaded.size === 0) return notLoaded(view, loaded.missing);
  const total = loaded.total ?? loaded.bytes.length;
  const shown = loaded.bytes.subarray(0, local.textLimit);
  const decoded = readText(shown, exchange.response?.headers ?? [], shown.length < total, local.charset);
  const { text } = decoded;
  return html`${charsetBar(view, decoded)}<pre class="content" role="region" tabindex="0"
    aria-label=${t('content-region')}>${text}</pre>
    ${
      shown.length >= total
        ? nothing
        : html`<p class="more"><span class="dim">${
          t('shown-part', { shown: formatSize(shown.length, language), total: formatSize(total, language) })}</span>
      <button type="button" class="link"
        @click=${() => view.change({ textLimit: local.textLimit + moreText })}>${t('load-more')}</button></p>`
    }`;
}

/** Characters of a page that are drawn as a preview. */
const largestPreview = 512 * 1024;

/**
 * A frame without scripts, forms or an origin of its own; it inherits this page's policy, which
 * lets nothing be loaded.
 */
function previewView(view: View): TemplateResult {
  const loaded = view.contents.prefix(view.exchange.id, largestPreview);
  const wanted = Math.min(largestPreview, loaded.total ?? Infinity);
  if (loaded.missing || loaded.size < wanted) return notLoaded(view, loaded.missing);
  const text = decodeText(loaded.bytes, view.exchange.response?.headers ?? [], true, view.local.charset);
  return html`<p class="dim">${view.t('preview-note')}</p>
    <iframe class="preview" sandbox="" referrerpolicy="no-referrer" title=${view.t('preview-title')}
      srcdoc=${text}></iframe>`;
}
