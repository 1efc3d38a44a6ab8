import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainField } from '../../src/explain/fields.ts';
import type { FieldLine } from '../../src/trace/request.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/**
 * Field lines in the order of the wire; a name that is known opens what it means. `group` tells
 * lists apart.
 */
export function fieldLines(view: View, group: string, lines: readonly FieldLine[]): TemplateResult {
  if (lines.length === 0) return html`<p class="dim">${view.t('no-headers')}</p>`;
  return html`<dl class="fields">${
    lines.map(([name, value], index) => oneLine(view, `${group}-${index}`, name, value))}</dl>`;
}

function oneLine(view: View, key: string, name: string, value: string): TemplateResult {
  return explainedLine(view, key, name, value, explainField(name, view.language));
}

/** A name and its value; the name opens what it means, if that is known. `key` tells it from others of the page. */
export function explainedLine(
  view: View, key: string, name: string, value: TemplateResult | string, meaning: string | undefined,
): TemplateResult {
  if (meaning === undefined) {
    return html`<div class="field"><dt><span class="field-name">${name}</span></dt><dd>${value}</dd></div>`;
  }
  const open = view.saved.explain !== view.local.openFields.has(key);
  return html`<div class="field">
    <dt><button type="button" class="field-name" aria-expanded=${open ? 'true' : 'false'}
      title=${meaning.replaceAll('`', '')}
      @click=${() => toggle(view, key)}>${name}</button></dt>
    <dd>${value}${open ? html`<p class="meaning">${prose(meaning)}</p>` : nothing}</dd>
  </div>`;
}

/** A toggled line is the opposite of what is set for all. */
function toggle(view: View, key: string): void {
  const openFields = new Set(view.local.openFields);
  if (!openFields.delete(key)) openFields.add(key);
  view.change({ openFields });
}

/** A heading with the switch that explains every line below it. */
export function fieldHeading(view: View, text: string, extra = ''): TemplateResult {
  return html`<div class="heading"><h2>${text}${extra ? html` <span class="plain">${extra}</span>` : nothing}</h2>
    <button type="button" class="switch" aria-pressed=${view.saved.explain ? 'true' : 'false'}
      @click=${() => {
        view.change({ openFields: new Set() });
        view.save({ explain: !view.saved.explain });
      }}>${icon('help')}${view.t('explain-all')}</button></div>`;
}
