import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatNumber } from '../../src/explain/format.ts';
import { explainRepresentation, explainStalls, summarizeFrame } from '../../src/explain/frames.ts';
import { sinceStart } from '../../src/explain/wire.ts';
import { framesOf, omittedFrames, stallsOf } from '../../src/trace/http2/exchangeFrames.ts';
import type { FrameScope } from '../../src/trace/http2/exchangeFrames.ts';
import type { Http2Frame } from '../../src/trace/http2/frame.ts';
import { flagsOf, frameName, settingName } from '../../src/trace/http2/frameNames.ts';
import type { HpackField } from '../../src/trace/http2/hpack.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';
import { wireText } from './wire.ts';

const scopes: readonly FrameScope[] = ['stream', 'exchange', 'connection'];

/**
 * The frames of HTTP/2, both directions in the order they passed, each with what it says; a row opens to its fields.
 */
export function frameTable(view: View): TemplateResult {
  const { exchange } = view;
  const frames = shownFrames(view);
  if (frames.length === 0) return noFrames(view);
  const most = view.local.frameLimit;
  const left = frames.length - most;
  const omitted = omittedFrames(exchange);
  const stalls = explainStalls(stallsOf(frames), view.language);
  return html`${stalls.length === 0 ? nothing : html`<p class="remark">${icon('warning')}${stalls.join(' ')}</p>`}
    <div class="scroll"><table class="data frames" aria-label=${wireText(view, 'frames')}>
      <thead><tr><th scope="col" class="number">${wireText(view, 'column-time')}</th>
        <th scope="col"><span class="unseen">${wireText(view, 'column-direction')}</span></th>
        <th scope="col" class="number">${wireText(view, 'column-stream')}</th>
        <th scope="col">${wireText(view, 'column-type')}</th>
        <th scope="col">${wireText(view, 'column-flags')}</th>
        <th scope="col" class="number">${wireText(view, 'column-length')}</th>
        <th scope="col" class="frame-summary">${wireText(view, 'column-summary')}</th></tr></thead>
      <tbody>${frames.slice(0, most).map((frame, index) => rows(view, frame, index))}</tbody></table></div>
    ${left <= 0 ? nothing : html`<p class="more"><button type="button" class="link"
      @click=${() => view.change({ frameLimit: most + 200 })}>${
        wireText(view, 'more-segments', { count: formatNumber(left, view.language) })}</button></p>`}
    ${omitted === 0 ? nothing : html`<p class="remark">${
      wireText(view, 'omitted', { count: formatNumber(omitted, view.language) })}</p>`}`;
}

function shownFrames({ exchange, exchanges, saved }: View): Http2Frame[] {
  return framesOf(exchange, saved.frameScope ?? 'exchange', exchanges);
}

function noFrames(view: View): TemplateResult {
  const { spec, endAt } = view.exchange;
  if (spec.options.capture === 'none') return html`<p class="remark">${wireText(view, 'no-frames')}</p>`;
  return html`<p class="dim">${wireText(view, endAt === undefined ? 'no-frames-yet' : 'no-bytes')}</p>`;
}

/** Which frames are listed, and how many there are. */
export function scopeBar(view: View): TemplateResult {
  const scope = view.saved.frameScope ?? 'exchange';
  const count = shownFrames(view).length;
  const stream = view.exchange.request?.stream;
  const offered = stream === undefined ? scopes.filter((one) => one !== 'stream') : scopes;
  return html`<div class="segments" role="group" aria-label=${wireText(view, 'scopes')}>${offered.map((one) => html`
    <button type="button" aria-pressed=${one === scope ? 'true' : 'false'} @click=${() => choose(view, one)}>${
      wireText(view, `scope-${one}`, { stream: stream ?? '' })}</button>`)}</div>
    <span class="dim">${wireText(view, 'frame-count', { count: formatNumber(count, view.language) })}</span>`;
}

function choose(view: View, frameScope: FrameScope): void {
  view.change({ openFrames: new Set() });
  view.save({ frameScope });
}

function rows(view: View, frame: Http2Frame, index: number): TemplateResult {
  const { direction, at, stream, type, flags, length, problem } = frame;
  const key = `${direction}${frame.offset}`;
  const isOpen = view.local.openFrames.has(key);
  const name = frameName(type);
  const title = hasDetails(frame)
    ? html`<button type="button" class="frame-type" aria-expanded=${isOpen ? 'true' : 'false'}
      @click=${() => toggle(view, key)}
      title=${wireText(view, 'details', { index: index + 1, type: name })}><span class=${
        isOpen ? 'twist open' : 'twist'}>${icon('chevron')}</span>${name}</button>`
    : html`<span class="frame-type plain-type">${name}</span>`;
  const whose = stream === view.exchange.request?.stream ? '' : 'frame-other';
  return html`<tr class=${`frame ${direction} ${problem ? 'frame-bad' : ''} ${whose}`}>
      <td class="number">${sinceStart(view.exchange, at, view.language)}</td>
      <td class="frame-direction">${icon(direction)}<span class="unseen">${wireText(view, direction)}</span></td>
      <td class="number">${stream}</td><td class="mono">${title}</td>
      <td class="mono frame-flags">${flagsOf(type, flags).join(' ')}</td>
      <td class="number">${formatNumber(length, view.language)}</td>
      <td class="frame-summary">${summarizeFrame(frame, view.language)}</td></tr>
    ${isOpen ? html`<tr class="frame-details"><td colspan="7">${details(view, frame)}</td></tr>` : nothing}`;
}

function hasDetails({ fields = [], settings = [] }: Http2Frame): boolean {
  return fields.length > 0 || settings.length > 0;
}

function toggle(view: View, key: string): void {
  const openFrames = new Set(view.local.openFrames);
  if (!openFrames.delete(key)) openFrames.add(key);
  view.change({ openFrames });
}

function details(view: View, { fields = [], settings = [], omittedFields, tableSizes }: Http2Frame): TemplateResult {
  return html`
    ${tableSizes ? html`<p class="dim">${wireText(view, 'table-sizes', { sizes: tableSizes.join(', ') })}</p>`
      : nothing}
    ${fields.length === 0 ? nothing : fieldTable(view, fields)}
    ${omittedFields ? html`<p class="dim">${
      wireText(view, 'omitted-fields', { count: formatNumber(omittedFields, view.language) })}</p>` : nothing}
    ${settings.length === 0 ? nothing
      : html`<table class="data mono inner"><thead><tr><th scope="col">${wireText(view, 'setting-identifier')}</th>
      <th scope="col" class="number">${wireText(view, 'field-value')}</th></tr></thead>
      <tbody>${settings.map(([identifier, value]) => html`<tr><td>${settingName(identifier)}</td>
        <td class="number">${formatNumber(value, view.language)}</td></tr>`)}</tbody></table>`}`;
}

function fieldTable(view: View, fields: readonly HpackField[]): TemplateResult {
  return html`<table class="data inner"><thead><tr><th scope="col">${wireText(view, 'field-name')}</th>
    <th scope="col">${wireText(view, 'field-value')}</th>
    <th scope="col" class="number">${wireText(view, 'field-size')}</th>
    <th scope="col">${wireText(view, 'field-written')}</th></tr></thead>
    <tbody>${fields.map((field) => html`<tr><td class="mono field-name">${field.name}</td>
      <td class="mono value">${field.value}</td>
      <td class="number">${formatNumber(field.size, view.language)}</td>
      <td class="dim">${explainRepresentation(field, view.language)}</td></tr>`)}</tbody></table>`;
}
