import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatNumber } from '../../src/explain/format.ts';
import { hexRows, visibleBytes } from '../../src/explain/visibleBytes.ts';
import { explainPiece, recordsIn, segmentSize, sinceStart } from '../../src/explain/wire.ts';
import { frameHttp1 } from '../../src/trace/http1/segments.ts';
import type { FramedPart, FramedSegment } from '../../src/trace/http1/segments.ts';
import { beginsWithTls, recordTypeName, tlsRecords } from '../../src/trace/tls/records.ts';
import type { TlsRecord } from '../../src/trace/tls/records.ts';
import type { ShownWireRecord, WireSegment, WireStream } from '../../src/trace/wireRecord.ts';
import { narrowHex } from './hexView.ts';
import { icon } from './icons.ts';
import type { View, WireLayer, WireView } from './state.ts';
import { wireText } from './wire.ts';

/** Bytes drawn of one write or read until all are asked for, and of those then. */
const shownBytes = { text: 4096, hex: 2048, encrypted: 256, all: 256 * 1024 } as const;

/** Writes and reads in the order they passed, both directions, with when each one did. */
export function segmentList(view: View, record: ShownWireRecord, shown: WireView, layer: WireLayer): TemplateResult {
  const stream = record.plain !== undefined && layer === 'plain' ? record.plain : record.transport;
  const isEncrypted = record.plain !== undefined && layer === 'transport' || beginsWithTls(stream);
  if (stream.segments.length === 0) return html`<p class="dim">${wireText(view, 'no-bytes')}</p>`;
  const isText = shown === 'text' && !isEncrypted;
  const framed = isText ? frameHttp1(stream) : withGaps(stream);
  const records = isEncrypted ? tlsRecords(stream) : [];
  const most = view.local.segmentLimit;
  const left = framed.length - most;
  return html`<ol class="wire">${
    framed.slice(0, most).map((one, index) => oneSegment(view, one, index, isText, records))}</ol>
    ${left <= 0 ? nothing : html`<p class="more"><button type="button" class="link"
      @click=${() => view.change({ segmentLimit: most + 100 })}>${
        wireText(view, 'more-segments', { count: formatNumber(left, view.language) })}</button></p>`}
    ${isCut(framed, stream) ? html`<p class="remark">${wireText(view, 'rest-not-kept')}</p>` : nothing}`;
}

function withGaps({ segments }: WireStream): FramedSegment[] {
  const ends: Partial<Record<WireSegment['direction'], number>> = {};
  return segments.map((segment) => {
    const end = ends[segment.direction];
    ends[segment.direction] = segment.offset + segment.bytes.length;
    const gap = end === undefined ? 0 : segment.offset - end;
    return { segment, parts: [], ...(gap > 0 ? { gap } : {}) };
  });
}

/** The last piece of a direction goes on, and more of it passed than is kept. */
function isCut(framed: readonly FramedSegment[], { sentSize, receivedSize }: WireStream): boolean {
  const sizes = { sent: sentSize, received: receivedSize };
  return (['sent', 'received'] as const).some((direction) => {
    const last = framed.findLast(({ segment }) => segment.direction === direction);
    const end = last ? last.segment.offset + last.segment.bytes.length : 0;
    return last?.parts.at(-1)?.piece?.isCut === true && end < sizes[direction];
  });
}

function oneSegment(
  view: View, { segment, parts, gap }: FramedSegment, index: number, isText: boolean, records: readonly TlsRecord[],
): TemplateResult {
  const { direction, bytes } = segment;
  const isOpen = view.local.openSegments.has(index);
  const most = shownBytes[isOpen ? 'all' : isText ? 'text' : records.length > 0 ? 'encrypted' : 'hex'];
  return html`<li class=${`wire-segment ${direction}`}>
    ${gap === undefined ? nothing
      : html`<p class="wire-gap">${wireText(view, 'gap', { bytes: formatNumber(gap, view.language) })}</p>`}
    <p class="wire-head"><span class="wire-direction">${icon(direction)}${wireText(view, direction)}</span>
      <span class="wire-time">${sinceStart(view.exchange, segment.at, view.language)}</span>
      <span class="dim">${segmentSize(segment, view.language)}</span></p>
    ${isText ? lines(view, parts, most) : hex(view, segment, most, records)}
    ${bytes.length <= most || isOpen ? nothing : html`<p class="more"><button type="button" class="link"
      @click=${() => open(view, index)}>
      ${wireText(view, 'all-of-segment', { bytes: formatNumber(bytes.length, view.language) })}</button></p>`}
  </li>`;
}

function open(view: View, index: number): void {
  view.change({ openSegments: new Set([...view.local.openSegments, index]) });
}

function lines(view: View, parts: readonly FramedPart[], most: number): TemplateResult {
  let left = most;
  const drawn: TemplateResult[] = [];
  for (const part of parts) {
    if (left <= 0) break;
    drawn.push(onePart(view, part, left));
    left -= part.bytes.length;
  }
  return html`<pre class="wire-text">${drawn}</pre>`;
}

function onePart(view: View, { bytes, piece, begins, ends }: FramedPart, most: number): TemplateResult {
  const note = piece && begins ? explainPiece(piece, view.language) : undefined;
  const runs = visibleBytes(bytes.subarray(0, most));
  const broken = ends && most >= bytes.length ? nothing : html`<span class="wire-escape" aria-hidden="true">…</span>`;
  const kinds = `piece piece-${piece?.kind ?? 'unknown'} ${piece?.problem ? 'piece-bad' : ''}`;
  return html`<span class=${kinds}>${runs.map(({ text, isEscaped }, index) =>
    isEscaped ? escaped(text, index === runs.length - 1) : text)}${broken}${note === undefined ? nothing
    : html`<span class="piece-note">${piece?.problem ? icon('warning') : nothing}${note}</span>`}</span>`;
}

const lineEnds: Readonly<Record<string, string>> = { '␍': 'CR', '␊': 'LF', '␉': 'TAB' };

/** Not every font has pictures of controls: their names stand for them. A line of the content stays a line. */
function escaped(text: string, isLast: boolean): TemplateResult[] {
  return text.split(/([␍␊␉]+)/).filter((part) => part !== '').map((part, index, { length }) => (
    /^[␍␊␉]/.test(part)
      ? html`<span class="line-end">${part.replace(/[␍␊␉]/g, (control) => lineEnds[control]!)}</span>${
        part.endsWith('␊') && !(isLast && index === length - 1) ? '\n' : nothing}`
      : html`<span class="wire-escape">${part}</span>`));
}

function hex(
  view: View, { bytes, offset, direction }: WireSegment, most: number, records: readonly TlsRecord[],
): TemplateResult {
  const width = matchMedia(narrowHex).matches ? 8 : 16;
  const rows = hexRows(bytes.subarray(0, most), offset, width);
  const begun = recordsIn({ bytes, offset, direction }, records);
  const named = begun.map(({ type, length }) =>
    wireText(view, 'record', { type: recordTypeName(type), bytes: formatNumber(length, view.language) }));
  const label = `${wireText(view, direction)} ${offset}`;
  return html`${named.length === 0 ? nothing
    : html`<ul class="wire-records">${named.map((one) => html`<li>${one}</li>`)}</ul>`}
    <pre class="hex" role="region" tabindex="0" aria-label=${label}>${rows.map((row) =>
      html`<span class="offset">${row.offset}</span>  ${row.hex}  <span class="ascii">${row.ascii}</span>\n`)}</pre>`;
}
