import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { formatNumber } from '../../src/explain/format.ts';
import { notLoaded } from './body.ts';
import type { View } from './state.ts';

/** As wide as 16 bytes a line fit beside their characters; below, 8. */
export const narrowHex = '(max-width: 640px)';
const windowLength = 2048;

/** The content byte by byte: offset, hex and ASCII, one window at a time however large it is. */
export function hexView(view: View): TemplateResult {
  const { exchange, local, t } = view;
  const window = view.contents.window(exchange.id, local.hexOffset, windowLength);
  if (!window) return notLoaded(view, false);
  if (window.bytes.length === 0) return notLoaded(view, true);
  const rowLength = matchMedia(narrowHex).matches ? 8 : 16;
  const rows = rowsOf(window.bytes, rowLength, window.offset);
  return html`${navigation(view, window.bytes.length, window.total)}
    <pre class="hex" role="region" tabindex="0" aria-label=${t('content-region')}>${rows}</pre>`;
}

/** Bytes that are all here, as the same rows. */
export function bytesView(bytes: Uint8Array): TemplateResult {
  const rowLength = matchMedia(narrowHex).matches ? 8 : 16;
  return html`<pre class="hex">${rowsOf(bytes.subarray(0, windowLength), rowLength)}</pre>`;
}

/**
 * All bytes of something small, in short rows: there is something beside them. Those of `marked` stand out. There may be
 * many on a page, so it is no landmark.
 */
export function markedBytes(bytes: Uint8Array, label: string, marked: Range | undefined): TemplateResult {
  return html`<pre class="hex" role="group" tabindex="0" aria-label=${label}>${rowsOf(bytes, 8, 0, marked)}</pre>`;
}

/** From `start` to before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

function rowsOf(bytes: Uint8Array, rowLength: number, offset = 0, marked?: Range): TemplateResult[] {
  return Array.from({ length: Math.ceil(bytes.length / rowLength) }, (_, index) => rowOf(
    bytes.subarray(index * rowLength, (index + 1) * rowLength), offset + index * rowLength, rowLength, marked));
}

function rowOf(bytes: Uint8Array, offset: number, rowLength: number, marked?: Range): TemplateResult {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const left = hex.slice(0, 8).join(' ');
  const right = hex.slice(8).join(' ');
  const ascii = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
  ).join('');
  const octets = (rowLength > 8 ? `${left}  ${right}` : left).padEnd(rowLength * 3);
  const from = Math.max(0, (marked?.start ?? 0) - offset);
  const to = Math.min(bytes.length, (marked?.end ?? 0) - offset);
  const place = (index: number): number => index * 3 + (index < 8 ? 0 : 1);
  const isMarked = from < to;
  return html`<span class="offset">${offset.toString(16).padStart(8, '0')}</span>  ${
    isMarked ? markedText(octets, place(from), place(to - 1) + 2) : octets}  <span class="ascii">${
    isMarked ? markedText(ascii, from, to) : ascii}</span>\n`;
}

function markedText(text: string, from: number, to: number): TemplateResult {
  return html`${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}`;
}

function navigation(view: View, shown: number, total: number): TemplateResult {
  const { t, language, local } = view;
  const last = Math.max(0, Math.floor((total - 1) / windowLength) * windowLength);
  const at = local.hexOffset;
  const go = (text: string, offset: number, possible: boolean): TemplateResult => html`
    <button type="button" class="quiet" ?disabled=${!possible}
      @click=${() => view.change({ hexOffset: offset })}>${text}</button>`;
  return html`<div class="body-bar"><span class="dim">${t('hex-window', {
    from: formatNumber(at, language),
    to: formatNumber(at + shown - 1, language),
    total: formatNumber(total, language),
  })}</span>
    ${
      total <= windowLength
        ? ''
        : html`<div class="segments plain-segments">${go(t('first'), 0, at > 0)}${
          go(t('previous'), Math.max(0, at - windowLength), at > 0)}
      ${go(t('next'), at + windowLength, at < last)}${go(t('last'), last, at < last)}</div>
      <label class="go-to">${t('go-to-byte')} <input type="text" size="12" spellcheck="false"
        placeholder="0x100000, 50%"
        @change=${(event: Event) => goTo(view, event.target as HTMLInputElement, total)}></label>`
    }</div>`;
}

/** What is typed stays marked as wrong until it names a place. */
function goTo(view: View, input: HTMLInputElement, total: number): void {
  const offset = offsetOf(input.value, total);
  input.setAttribute('aria-invalid', offset === undefined ? 'true' : 'false');
  if (offset !== undefined) view.change({ hexOffset: offset });
}

/**
 * The place that `1048576`, `0x100000` or `50%` means, rounded down to a row and within the content; undefined for
 * anything else.
 */
function offsetOf(text: string, total: number): number | undefined {
  const word = text.replace(/[\s,._]/g, '');
  const isShare = /^\d+%$/.test(word);
  if (!isShare && !/^(?:0x[\da-f]+|\d+)$/i.test(word)) return undefined;
  const wanted = isShare ? Math.floor((total * Number(word.slice(0, -1))) / 100) : Number(word);
  const within = Math.min(wanted, Math.max(0, total - 1));
  return within - (within % 16);
}
