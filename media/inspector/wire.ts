import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatSize } from '../../src/explain/format.ts';
import { explainHold } from '../../src/explain/wire.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Places } from '../../src/explain/text/text.ts';
import { wireTexts } from '../../src/explain/text/wire.ts';
import type { ShownWireRecord } from '../../src/trace/wireRecord.ts';
import { beginsWithTls } from '../../src/trace/tls/records.ts';
import { frameTable, scopeBar } from './frameTable.ts';
import { icon, spinner } from './icons.ts';
import type { View, WireLayer, WireView } from './state.ts';
import { segmentList } from './wireSegments.ts';

export type WireText = keyof typeof wireTexts & string;

/** A text of the wire tab, in the language of the view. */
export function wireText(view: View, id: WireText, places?: Places): string {
  return say(wireTexts, view.language, id, places);
}

/** What really went over the wire: lines and chunks of HTTP/1.1, frames of HTTP/2, and every byte. */
export function wirePanel(view: View): TemplateResult {
  const { exchange } = view;
  const { connection } = exchange;
  if (!connection) return html`<p class="dim">${wireText(view, 'no-connection')}</p>`;
  const wire = view.wires.of(exchange);
  const offered = offeredViews(connection.httpVersion, wire?.record);
  const shown = offered.find((one) => one === view.saved.wireView) ?? offered[0]!;
  if (shown === 'frames') {
    const choice = bar(view, { offered, shown, layers: [], layer: 'plain' }, scopeBar(view));
    return html`${choice}${holdRemark(view, wire?.record)}${frameTable(view)}`;
  }
  const layers: readonly WireLayer[] = wire?.record?.plain ? ['plain', 'transport'] : [];
  const layer = layers.find((one) => one === view.saved.wireLayer) ?? 'plain';
  const drawn = layers.length > 0 && layer === 'transport' ? 'hex' : shown;
  return html`
    ${bar(view, { offered, shown: drawn, layers, layer }, totals(view, wire?.record, layer))}
    ${holdRemark(view, wire?.record)}
    ${wire?.record ? segmentList(view, wire.record, shown, layer) : absence(view, wire?.missing)}`;
}

/** What the phases call sending may have been our own process. */
function holdRemark(view: View, record: ShownWireRecord | undefined): TemplateResult | typeof nothing {
  const text = record && explainHold(view.exchange, record, view.language);
  return text === undefined ? nothing : html`<p class="remark">${text}</p>`;
}

/** Where TLS came to nothing, there is no line of HTTP: its records are in the octets. */
function offeredViews(httpVersion: string | undefined, record: ShownWireRecord | undefined): readonly WireView[] {
  if (httpVersion === '2') return ['frames', 'hex'];
  return record && beginsWithTls(record.plain ?? record.transport) ? ['hex'] : ['text', 'hex'];
}

function absence(view: View, missing: 'not-kept' | 'forgotten' | 'engine-ended' | undefined): TemplateResult {
  return missing === undefined
    ? html`<p class="dim">${spinner()}${wireText(view, 'loading')}</p>`
    : html`<p class="remark">${wireText(view, missing)}</p>`;
}

/** Without TLS there are two only where a proxy was told where to go first. */
function layerName({ exchange }: View, layer: WireLayer): WireText {
  if (exchange.connection?.tls || exchange.connection?.proxies?.some(({ tls }) => tls)) return `layer-${layer}`;
  return layer === 'plain' ? 'layer-inside' : 'layer-whole';
}

interface Choice {
  readonly offered: readonly WireView[];
  readonly shown: WireView;
  readonly layers: readonly WireLayer[];
  readonly layer: WireLayer;
}

function bar(
  view: View, { offered, shown, layers, layer }: Choice, about: TemplateResult | typeof nothing,
): TemplateResult {
  // What is encrypted has no lines.
  const views = layer === 'transport' ? offered.filter((one) => one === 'hex') : offered;
  return html`<div class="body-bar wire-bar">
    <div class="segments" role="group" aria-label=${wireText(view, 'views')}>${views.map((one) => html`
      <button type="button" aria-pressed=${one === shown ? 'true' : 'false'}
        @click=${() => view.save({ wireView: one })}>${wireText(view, `view-${one}`)}</button>`)}</div>
    ${layers.length === 0 ? nothing : html`<div class="segments" role="group"
      aria-label=${wireText(view, 'layers')}>${layers.map((one) => html`
      <button type="button" aria-pressed=${one === layer ? 'true' : 'false'}
        @click=${() => view.save({ wireLayer: one })}>${wireText(view, layerName(view, one))}</button>`)}</div>`}
    ${about}
    <button type="button" class="quiet"
      @click=${() => view.act('open-raw')}>${icon('editor')}<span>${view.t('open-raw')}</span></button>
  </div>`;
}

function totals(view: View, record: ShownWireRecord | undefined, layer: WireLayer): TemplateResult | typeof nothing {
  if (!record) return nothing;
  const { sentSize, receivedSize } = (layer === 'plain' ? record.plain : undefined) ?? record.transport;
  const places = { sent: formatSize(sentSize, view.language), received: formatSize(receivedSize, view.language) };
  return html`<span class="dim">${wireText(view, 'totals', places)}</span>`;
}
