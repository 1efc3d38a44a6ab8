import type { Block } from './block.ts';
import type { Lines } from '../parser/lines.ts';
import { spanOn } from './nodes.ts';
import { otherProtocols, webSocketMethods } from '../parser/requestLine.ts';
import { column, urlEndAt } from './requestRow.ts';
import { Span } from './span.ts';

// The URL of a request, by the request's row in the table of its block's text. It may go on over several lines.

/** The URL in one piece. */
export function urlAt({ text, firsts, requests, urlPieces }: Lines, row: number): string {
  let url = text.slice(requests.at(row + column.urlFrom), requests.at(row + column.urlEnd));
  const end = requests.at(row + column.piecesEnd);
  for (let piece = requests.at(row + column.piecesFrom); piece < end; piece += 2) {
    url += text.slice(firsts[urlPieces.at(piece)], urlPieces.at(piece + 1));
  }
  return url;
}

/** The range of the URL in the text of its block. */
export function urlSpan(lines: Lines, row: number): Span {
  const { starts, requests, urlPieces } = lines;
  const pieces = requests.at(row + column.piecesEnd);
  const first = requests.at(row + column.startLine);
  const last = pieces === 0 ? first : urlPieces.at(pieces - 2);
  const from = requests.at(row + column.urlFrom) - starts[first]!;
  return new Span(first, from, last, urlEndAt(lines, row) - starts[last]!);
}

/** Where the pieces of a URL over several lines stand in the file; undefined for one on one line. */
export function urlPieceSpans(block: Block, row: number): Span[] | undefined {
  const { firsts, requests, urlPieces } = block.lines;
  const end = requests.at(row + column.piecesEnd);
  if (end === 0) return undefined;
  const line = requests.at(row + column.startLine);
  const pieces = [spanOn(block, line, requests.at(row + column.urlFrom), requests.at(row + column.urlEnd))];
  for (let piece = requests.at(row + column.piecesFrom); piece < end; piece += 2) {
    const line = urlPieces.at(piece);
    pieces.push(spanOn(block, line, firsts[line]!, urlPieces.at(piece + 1)));
  }
  return pieces;
}

/** Whether nothing can be said of the URL: it starts as most do and has neither spaces nor rare characters. */
export function isPlainUrl({ text, firsts, requests, urlPieces }: Lines, row: number): boolean {
  const from = requests.at(row + column.urlFrom);
  const starting = text.startsWith('{{', from) || text.startsWith('https://', from)
    || text.startsWith('http://', from);
  if (!starting || !isVisibleAscii(text, from, requests.at(row + column.urlEnd))) return false;
  const end = requests.at(row + column.piecesEnd);
  for (let piece = requests.at(row + column.piecesFrom); piece < end; piece += 2) {
    if (!isVisibleAscii(text, firsts[urlPieces.at(piece)]!, urlPieces.at(piece + 1))) return false;
  }
  return true;
}

/** Whether a request speaks another protocol than HTTP, by its method or the scheme of its URL. */
export function isOtherProtocol({ text, requests }: Lines, row: number, method: string): boolean {
  if (otherProtocols.has(method)) return true;
  const from = requests.at(row + column.urlFrom);
  if (text.startsWith('http', from) || text.startsWith('{{', from)) return false;
  return /^(?:wss?|grpcs?|mqtts?|amqps?|rsocket):\/\//i.test(text.slice(from, from + 12));
}

/** Whether a request opens a WebSocket, by its method or the scheme of its URL (RFC 6455 §3). */
export function isWebSocket({ text, requests }: Lines, row: number, method: string): boolean {
  const from = requests.at(row + column.urlFrom);
  return webSocketMethods.has(method) || /^wss?:\/\//i.test(text.slice(from, from + 6));
}

/** Without spaces, and with every brace closed. */
function isVisibleAscii(text: string, from: number, to: number): boolean {
  let open = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
    if (code === 0x7b) open++;
    else if (code === 0x7d) open--;
  }
  return open === 0;
}
