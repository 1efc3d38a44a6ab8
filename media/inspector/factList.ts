import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Fact } from '../../src/explain/fact.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';

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

const marks = { good: icon('check'), bad: icon('cross'), warn: icon('warning'), dim: nothing };

/** What is explained elsewhere, too, as a row. */
export function factRow({ name, text, tone, note, below, code, whole }: Fact): FactRow {
  const value = code !== 'text' ? prose(text)
    : whole === undefined ? mono(text) : html`<span class="mono" title=${whole}>${text}</span>`;
  return [name, html`${tone === undefined ? value : html`<span class=${tone}>${marks[tone]}${value}</span>`}${
    note ? html` <span class=${code === 'note' ? 'mono dim' : 'dim'}>${note}</span>` : nothing}${
    below === undefined ? nothing : html`<div class="dim">${prose(below)}</div>`}`];
}
