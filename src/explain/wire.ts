import type { Exchange } from '../trace/exchange.ts';
import type { Piece } from '../trace/http1/framing.ts';
import { frameHttp1 } from '../trace/http1/segments.ts';
import type { FramedPart } from '../trace/http1/segments.ts';
import { framesOf, omittedFrames, stallsOf } from '../trace/http2/exchangeFrames.ts';
import type { FrameScope } from '../trace/http2/exchangeFrames.ts';
import type { Http2Frame } from '../trace/http2/frame.ts';
import { flagsOf, frameName, settingName } from '../trace/http2/frameNames.ts';
import { longestHold } from '../trace/tls/held.ts';
import { beginsWithTls, recordTypeName, tlsRecords } from '../trace/tls/records.ts';
import type { TlsRecord } from '../trace/tls/records.ts';
import type { ShownWireRecord, WireSegment, WireStream } from '../trace/wireRecord.ts';
import { formatDuration, formatNumber } from './format.ts';
import { explainRepresentation, explainStalls, summarizeFrame } from './frames.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { wireTexts } from './text/wire.ts';
import { hexRows, visibleBytes } from './visibleBytes.ts';

/** What is noted beside a piece of HTTP/1.1: what a chunk's line says, and what is wrong. */
export function explainPiece(piece: Piece, language: Language): string | undefined {
  const notes = [
    piece.kind === 'chunk-size' && piece.chunkSize !== undefined
      ? say(wireTexts, language, 'piece-chunk', { size: formatNumber(piece.chunkSize, language) }) : undefined,
    piece.kind === 'last-chunk' ? say(wireTexts, language, 'piece-last-chunk') : undefined,
    piece.kind === 'trailer-line' ? say(wireTexts, language, 'piece-trailer') : undefined,
    piece.kind === 'switched' || piece.kind === 'excess' ? say(wireTexts, language, `piece-${piece.kind}`) : undefined,
    piece.problem ? say(wireTexts, language, `problem-${piece.problem}`) : undefined,
    piece.isCut ? say(wireTexts, language, 'cut') : undefined,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? undefined : notes.join(' · ');
}

/** `+12.3 ms`, from the beginning of the exchange. */
export function sinceStart({ startAt }: Exchange, at: number, language: Language): string {
  return `+${formatDuration(at - startAt, language)}`;
}

/** `1,448 bytes in 1 read`. */
export function segmentSize({ direction, bytes }: WireSegment, language: Language): string {
  if (bytes.length === 1) return say(wireTexts, language, direction === 'sent' ? 'single-write' : 'single-read');
  const id = direction === 'sent' ? 'one-write' : 'one-read';
  return say(wireTexts, language, id, { bytes: formatNumber(bytes.length, language) });
}

/** Where what was written above TLS was held back before it left, with the times; undefined where it was not. */
export function explainHold(exchange: Exchange, record: ShownWireRecord, language: Language): string | undefined {
  const held = longestHold(record);
  return held && say(wireTexts, language, 'held-in-tls', {
    bytes: formatNumber(held.bytes, language), at: sinceStart(exchange, held.at, language),
    leftAt: sinceStart(exchange, held.leftAt, language), time: formatDuration(held.leftAt - held.at, language),
  });
}

const arrows = { sent: '→', received: '←' } as const;

/**
 * Everything that passed as a text: of HTTP/1.1 its lines and chunks with each write and read, of HTTP/2 and of
 * another protocol, also of TLS that came to nothing, the octets in hex.
 */
export function wireText(exchange: Exchange, record: ShownWireRecord, language: Language): string {
  const stream = record.plain ?? record.transport;
  const isHttp1 = exchange.connection?.httpVersion !== '2' && !beginsWithTls(stream);
  const blocks = isHttp1 ? http1Blocks(exchange, stream, language) : hexBlocks(exchange, stream, language);
  const hold = explainHold(exchange, record, language);
  const all = hold === undefined ? blocks : [...blocks, `${hold}\n`];
  return blocks.length === 0 ? `${say(wireTexts, language, 'no-bytes')}\n` : all.join('\n');
}

function headOf(exchange: Exchange, segment: WireSegment, language: Language): string {
  const direction = say(wireTexts, language, segment.direction);
  const time = sinceStart(exchange, segment.at, language);
  return `${arrows[segment.direction]} ${direction}  ${time}  ${segmentSize(segment, language)}\n`;
}

function http1Blocks(exchange: Exchange, stream: WireStream, language: Language): string[] {
  return frameHttp1(stream).map(({ segment, parts, gap }) => {
    const missing = gap === undefined
      ? '' : `${say(wireTexts, language, 'gap', { bytes: formatNumber(gap, language) })}\n`;
    return `${missing}${headOf(exchange, segment, language)}${parts.map((part) => partText(part, language)).join('')}`;
  });
}

function partText({ bytes, piece, begins }: FramedPart, language: Language): string {
  const text = visibleBytes(bytes).map((run) => run.text).join('').replaceAll('␊', '␊\n');
  const note = piece && begins ? explainPiece(piece, language) : undefined;
  const noted = note === undefined ? text : text.replace(/(?=\n)|$/, `    ⟵ ${note}`);
  return noted.endsWith('\n') ? noted : `${noted}\n`;
}

/** The records of TLS that begin in a write or read. */
export function recordsIn(
  { direction, offset, bytes }: Omit<WireSegment, 'at'>, records: readonly TlsRecord[],
): TlsRecord[] {
  const end = offset + bytes.length;
  return records.filter((one) => one.direction === direction && one.offset >= offset && one.offset < end);
}

function hexBlocks(exchange: Exchange, stream: WireStream, language: Language): string[] {
  const records = beginsWithTls(stream) ? tlsRecords(stream) : [];
  return stream.segments.map((segment) => {
    const rows = hexRows(segment.bytes, segment.offset)
      .map(({ offset, hex, ascii }) => `${offset}  ${hex}  ${ascii}\n`);
    const begun = recordsIn(segment, records).map(({ type, length }) => `  ${say(wireTexts, language, 'record', {
      type: recordTypeName(type), bytes: formatNumber(length, language),
    })}\n`);
    return `${headOf(exchange, segment, language)}${begun.join('')}${rows.join('')}`;
  });
}

/** The frames of an exchange as a text, a line for each, and below it its fields or settings. */
export function framesText(exchange: Exchange, scope: FrameScope, language: Language): string {
  const frames = framesOf(exchange, scope);
  const lines = frames.map((frame) => frameLines(exchange, frame, language));
  const omitted = omittedFrames(exchange);
  return [
    ...lines,
    ...(omitted > 0 ? [`${say(wireTexts, language, 'omitted', { count: formatNumber(omitted, language) })}\n`] : []),
    ...explainStalls(stallsOf(frames), language).map((sentence) => `${sentence}\n`),
  ].join('');
}

function frameLines(exchange: Exchange, frame: Http2Frame, language: Language): string {
  const { direction, at, stream, type, flags, length, fields = [], settings = [] } = frame;
  const cells = [
    sinceStart(exchange, at, language).padStart(10), arrows[direction], String(stream).padStart(4),
    frameName(type).padEnd(13), formatNumber(length, language).padStart(9), flagsOf(type, flags).join(' '),
  ];
  const summary = settings.length > 1 ? '' : summarizeFrame(frame, language);
  const head = [cells.join(' ').trimEnd(), ...(summary ? [summary] : [])].join('  ');
  const below = [
    ...(settings.length > 1 ? settings.map(([identifier, value]) => `${settingName(identifier)} = ${value}`) : []),
    ...fields.map((field) => {
      const written = explainRepresentation(field, language);
      return `${visibleText(field.name)}: ${visibleText(field.value)}    ⟵ ${written}`;
    }),
  ];
  return `${head}\n${below.map((line) => `${' '.repeat(18)}${line}\n`).join('')}`;
}

/** A field's value may hold anything (RFC 9113 §8.2.1 forbids it, which is no protection). */
function visibleText(text: string): string {
  return visibleBytes(new TextEncoder().encode(text)).map((run) => run.text).join('');
}
