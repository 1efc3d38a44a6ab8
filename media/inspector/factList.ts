import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** A name and its value; rows without a value are left out. */
export type FactRow = readonly [name: string, value: TemplateResult | string | number | undefined];

/** Names and values in two columns. */
export function factList(rows: readonly FactRow[]): TemplateResult {
  return html`<dl class="facts-list">${rows.map(([name, value]) => value === undefined ? '' : html`
    <div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A name, address or code in the editor's font. */
export function mono(text: string | number): TemplateResult {
  return html`<span class="mono">${text}</span>`;
}
