import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatNumber, shorten } from '../../src/explain/format.ts';
import { notLoaded } from './body.ts';
import { decodeText } from './contentKind.ts';
import { icon } from './icons.ts';
import { childrenAtOnce, firstOpen, jsonRows, parseJson } from './json.ts';
import type { JsonRow, ParsedJson } from './json.ts';
import { place } from './place.ts';
import type { View } from './state.ts';

/** Larger contents are shown as text: a tree of them would be slow, and nobody reads it. */
export const largestJson = 2 * 1024 * 1024;

let parsed: { readonly bytes: Uint8Array; readonly json: ParsedJson } | undefined;

/** The content as a tree (WAI-ARIA tree pattern), only the open part of which is drawn. */
export function jsonView(view: View): TemplateResult {
  const loaded = view.contents.prefix(view.exchange.id, largestJson);
  if (loaded.missing || loaded.size < (loaded.total ?? Infinity))
    return notLoaded(view, loaded.missing);
  const json = parse(view, loaded.bytes);
  if (!json.ok) {
    const text = decodeText(
      loaded.bytes.subarray(0, view.local.textLimit),
      view.exchange.response?.headers ?? [],
      true,
    );
    const { line, column } = json;
    return html`<p class="remark">${icon('warning')}${view.t('json-broken', { line, column })}</p>
      <pre class="content" role="region" tabindex="0" aria-label=${view.t('content-region')}>${text}</pre>`;
  }
  const open = view.local.openNodes ?? firstOpen(json.root);
  const rows = jsonRows(json.root, open, view.local.shownChildren);
  const active = Math.min(view.local.activeNode ?? 0, rows.length - 1);
  return html`<div class="tree mono" role="tree" aria-label=${view.t('json-tree')}
    @keydown=${(event: KeyboardEvent) => pressed(event, view, json, rows, open, active)}>
    ${rows.map((row, index) => rowOf(view, json.text, rows, row, index, open, index === active))}
  </div>`;
}

function parse(view: View, bytes: Uint8Array): ParsedJson {
  if (parsed?.bytes === bytes) return parsed.json;
  // RFC 8259 §8.1: JSON is UTF-8; a charset that was named all the same is believed.
  const json = parseJson(
    decodeText(bytes, view.exchange.response?.headers ?? [], false),
  );
  parsed = { bytes, json };
  return json;
}

function rowOf(
  view: View,
  text: string,
  rows: readonly JsonRow[],
  row: JsonRow,
  index: number,
  open: ReadonlySet<number>,
  active: boolean,
): TemplateResult {
  return html`<div role="treeitem" class="node"
    aria-level=${row.level} aria-posinset=${row.position} aria-setsize=${row.setSize}
    aria-expanded=${row.expandable ? (row.open ? 'true' : 'false') : nothing} aria-selected=${active ? 'true' : 'false'}
    tabindex=${active ? 0 : -1} ${place({ level: row.level })}
    @click=${() => {
      view.change({ activeNode: index });
      toggle(view, rows, index, open);
    }}>${
      row.rest === undefined
        ? html`<span class=${`twist${row.open ? ' open' : ''}`}>${
          row.expandable ? icon('chevron') : nothing}</span><span>${label(row)}${value(view, text, row)}</span>`
        : html`<span class="twist"></span><span class="more-nodes">${
          view.t('show-more', { count: Math.min(childrenAtOnce, row.rest), rest: row.rest })}</span>`
    }</div>`;
}

function label(row: JsonRow): TemplateResult | typeof nothing {
  if (row.name !== undefined)
    return html`<span class="token-name">${shorten(row.name, 200)}</span><span class="dim">: </span>`;
  return row.index === undefined ? nothing : html`<span class="dim">${row.index}: </span>`;
}

/** Characters of a string shown in the tree. */
const longestString = 1000;

const countWords = {
  object: ['json-member', 'json-members'],
  array: ['json-item', 'json-items'],
} as const;

function value({ t, language }: View, text: string, { node, open }: JsonRow): TemplateResult {
  const raw = text.slice(node.offset, node.offset + node.length);
  switch (node.type) {
    case 'object':
    case 'array': {
      const [opening, closing] = node.type === 'object' ? ['{', '}'] : ['[', ']'];
      const count = node.children?.length ?? 0;
      if (count === 0) return html`<span>${opening}${closing}</span>`;
      const words = t(countWords[node.type][count === 1 ? 0 : 1], {
        count: formatNumber(count, language),
      });
      return html`<span>${opening}${open ? '' : html`…${closing}`}</span> <span class="dim count">${words}</span>`;
    }
    case 'string':
      return raw.length <= longestString ? html`<span class="token-string">${raw}</span>`
        : html`<span class="token-string">${shorten(raw, longestString)}</span> <span class="dim">${
          t('string-cut', { count: formatNumber(String(node.value).length, language) })}</span>`;
    case 'number': return html`<span class="token-number">${raw}</span>`;
    default: return html`<span class="token-boolean">${raw}</span>`;
  }
}

function toggle(
  view: View,
  rows: readonly JsonRow[],
  index: number,
  open: ReadonlySet<number>,
  wanted?: boolean,
): void {
  const row = rows[index];
  if (!row) return;
  if (row.rest !== undefined) {
    const shownChildren = new Map(view.local.shownChildren);
    shownChildren.set(
      row.node.offset,
      (shownChildren.get(row.node.offset) ?? childrenAtOnce) + childrenAtOnce,
    );
    view.change({ shownChildren });
  } else if (row.expandable && row.open !== wanted) {
    const openNodes = new Set(open);
    if (!openNodes.delete(row.node.offset)) openNodes.add(row.node.offset);
    view.change({ openNodes });
  }
}

function pressed(
  event: KeyboardEvent,
  view: View,
  _json: ParsedJson,
  rows: readonly JsonRow[],
  open: ReadonlySet<number>,
  active: number,
): void {
  const row = rows[active];
  if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
  const tree = event.currentTarget as HTMLElement;
  const go = (index: number): void => {
    view.change({ activeNode: Math.max(0, Math.min(rows.length - 1, index)) });
    tree.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };
  switch (event.key) {
    case 'ArrowDown':
      go(active + 1);
      break;
    case 'ArrowUp':
      go(active - 1);
      break;
    case 'Home':
      go(0);
      break;
    case 'End':
      go(rows.length - 1);
      break;
    case 'ArrowRight':
      row.open ? go(active + 1) : toggle(view, rows, active, open, true);
      break;
    case 'ArrowLeft':
      row.open ? toggle(view, rows, active, open, false) : go(parentOf(rows, active));
      break;
    case 'Enter':
    case ' ': toggle(view, rows, active, open); break;
    default: return;
  }
  event.preventDefault();
}

function parentOf(rows: readonly JsonRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  const before = rows.slice(0, index).findLastIndex((row) => row.level < level);
  return before < 0 ? index : before;
}

