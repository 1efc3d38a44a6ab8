import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration } from '../../src/explain/format.ts';
import type { TimedStreamEvent } from '../../src/trace/exchange.ts';
import { streamLimits } from '../../src/trace/eventStream.ts';
import type { View } from './state.ts';

/** The events of a stream in the order they came, each with when; undefined when the content is no stream. */
export function eventList(view: View): TemplateResult | undefined {
  const { exchange, t } = view;
  const { stream } = exchange;
  if (!stream) return undefined;
  const isCut = stream.count === undefined
    ? stream.events.length >= streamLimits.events : stream.count > stream.events.length;
  const left = isCut
    ? html`<p class="remark">${t('stream-limit', { count: stream.events.length })}</p>` : nothing;
  return html`<section class="block wide"><h2>${
    t('stream-events', { count: stream.count ?? stream.events.length })}</h2>
    ${stream.ended ? html`<p class="dim">${t('stream-ended')}</p>` : nothing}
    <div class="scroll"><table class="data stream-events"><thead><tr><th scope="col">${t('stream-time')}</th>
      <th scope="col">${t('stream-name')}</th>
      <th scope="col">${t('stream-id')}</th><th scope="col">${t('stream-data')}</th></tr></thead>
      <tbody>${stream.events.map((event) => row(view, event))}</tbody></table></div>${left}</section>`;
}

function row({ exchange, language }: View, { at, name, id = '', data, cut }: TimedStreamEvent): TemplateResult {
  return html`<tr><td>${formatDuration(at - exchange.startAt, language)}</td><td class="mono">${name}</td>
    <td class="mono">${id}</td><td class="mono stream-data">${data}${cut ? '…' : ''}</td></tr>`;
}
