import type { Block } from './block.ts';
import { endOf, rangeOfLines, textOfLines, titleAfter, trimmedEndOf } from '../parser/lines.ts';
import { isMetadataEmpty, metadataKeyAt, metadataValueAt, metadataWidth, rowOfKey } from '../parser/metadata.ts';
import { HeaderNode, MetadataNode, RelatedProblem, spanOn, TextNode } from './nodes.ts';
import type { ElementNode, IncludeNode, ProblemNode } from './nodes.ts';
import { otherProtocols, webSocketMethods } from '../parser/requestLine.ts';
import type { RequestStart } from '../parser/requestLine.ts';
import { column, columns } from './requestRow.ts';
import type { Column } from './requestRow.ts';
import { Span } from './span.ts';
import type {
  BodySegment, Element, HeaderField, HttpRequest, Metadata, Problem, Range,
} from '../syntax.ts';

/** Of a request that has none; shared, and never changed. */
const nothing: readonly never[] = Object.freeze([]);

/** What few requests have, and what is made when it is asked for: in one place, so that the others are smaller. */
class Rare {
  headers: readonly HeaderNode[] | undefined = undefined;
  metadata: readonly MetadataNode[] | undefined = undefined;
  segments: readonly BodySegment[] | undefined = undefined;
  elements: readonly ElementNode[] | undefined = undefined;
  problems: readonly ProblemNode[] | undefined = undefined;
  earlier: RequestNode | undefined = undefined;
  duplicate: RelatedProblem | undefined = undefined;
}

/**
 * A request in the tree. Where its parts stand in the text that its block was read from is kept in a row of numbers
 * beside that text, as they take far less memory there; texts, ranges and headers are made when asked for.
 */
export class RequestNode implements HttpRequest {
  readonly method: string;
  readonly block: Block;
  private readonly row: number;
  private rare: Rare | undefined = undefined;

  /** `firstLine` is the separator's line or that of the request itself; `line` that of `start`. */
  constructor(block: Block, firstLine: number, line: number, start: RequestStart) {
    const { requests } = block.lines;
    const row = requests.addRow(columns);
    requests.set(row + column.position, block.count++);
    requests.set(row + column.firstLine, firstLine);
    requests.set(row + column.startLine, line);
    requests.set(row + column.lastLine, line);
    requests.set(row + column.urlFrom, start.targetFrom);
    requests.set(row + column.urlEnd, start.targetEnd);
    this.block = block;
    this.row = row;
    this.method = start.method;
  }

  get index(): number {
    return this.block.index + this.position;
  }

  /** How many requests of its block stand before it: those after the first come from the same curl command. */
  get position(): number {
    return this.at(column.position);
  }

  get name(): string | undefined {
    if (this.position > 0) return undefined;
    const { lines } = this.block;
    const from = this.at(column.metadataFrom);
    for (let row = this.at(column.metadataEnd) - metadataWidth; row >= from; row -= metadataWidth) {
      if (metadataKeyAt(lines, row) === 'name' && !isMetadataEmpty(lines, row)) return metadataValueAt(lines, row);
    }
    return undefined;
  }

  get title(): string | undefined {
    const { lines, separated, from } = this.block;
    const title = separated && this.position === 0 ? titleAfter(lines, from) : undefined;
    if (title !== undefined) return title;
    const row = rowOfKey(lines, 'title', this.at(column.metadataFrom), this.at(column.metadataEnd));
    return row < 0 ? undefined : metadataValueAt(lines, row);
  }

  get httpVersion(): string | undefined {
    const end = this.at(column.versionEnd);
    return end === 0 ? undefined : this.block.lines.text.slice(this.at(column.versionFrom), end);
  }

  get range(): Range {
    const { lines, shift } = this.block;
    const last = this.at(column.lastLine);
    return new Span(this.at(column.firstLine) + shift, 0, last + shift, endOf(lines, last) - lines.starts[last]!);
  }

  get requestLine(): Range {
    const { lines } = this.block;
    const line = this.at(column.startLine);
    return spanOn(this.block, line, lines.firsts[line]!, trimmedEndOf(lines, line));
  }

  get line(): number {
    return this.at(column.startLine) + this.block.shift + 1;
  }

  get methodRange(): Range | undefined {
    const line = this.at(column.startLine);
    const first = this.block.lines.firsts[line]!;
    if (this.at(column.urlFrom) === first) return undefined;
    return spanOn(this.block, line, first, first + this.method.length);
  }

  get url(): string {
    const { text, firsts, urlPieces } = this.block.lines;
    let url = text.slice(this.at(column.urlFrom), this.at(column.urlEnd));
    const end = this.at(column.piecesEnd);
    for (let piece = this.at(column.piecesFrom); piece < end; piece += 2) {
      url += text.slice(firsts[urlPieces.at(piece)], urlPieces.at(piece + 1));
    }
    return url;
  }

  get urlRange(): Range {
    return this.urlSpanInText.moved(this.block.shift);
  }

  get urlPieces(): readonly Range[] | undefined {
    const end = this.at(column.piecesEnd);
    if (end === 0) return undefined;
    const { firsts, urlPieces } = this.block.lines;
    const pieces = [spanOn(this.block, this.at(column.startLine), this.at(column.urlFrom), this.at(column.urlEnd))];
    for (let piece = this.at(column.piecesFrom); piece < end; piece += 2) {
      const line = urlPieces.at(piece);
      pieces.push(spanOn(this.block, line, firsts[line]!, urlPieces.at(piece + 1)));
    }
    return pieces;
  }

  get headers(): readonly HeaderField[] {
    const from = this.at(column.fieldsFrom);
    const end = this.at(column.fieldsEnd);
    if (end === from) return nothing;
    this.rare ??= new Rare();
    if (!this.rare.headers) {
      // An array that grows from none takes room for seventeen.
      const headers = new Array<HeaderNode>(end - from);
      for (let at = 0; at < headers.length; at++) headers[at] = new HeaderNode(this.block, from + at);
      this.rare.headers = headers;
    }
    return this.rare.headers;
  }

  get body(): readonly BodySegment[] | undefined {
    const end = this.at(column.bodyEnd);
    if (this.rare?.segments || end === 0) return this.rare?.segments;
    const { lines } = this.block;
    const from = this.at(column.bodyFrom);
    this.rare ??= new Rare();
    this.rare.segments = [new TextNode(this.block, textOfLines(lines, from, end), rangeOfLines(lines, from, end - 1))];
    return this.rare.segments;
  }

  get metadata(): readonly Metadata[] {
    const from = this.at(column.metadataFrom);
    const end = this.at(column.metadataEnd);
    if (end === from) return nothing;
    this.rare ??= new Rare();
    if (!this.rare.metadata) {
      const metadata = new Array<MetadataNode>((end - from) / metadataWidth);
      for (let at = 0; at < metadata.length; at++) metadata[at] = new MetadataNode(
        this.block, from + at * metadataWidth,
      );
      this.rare.metadata = this.position === 0 ? metadata : metadata.filter(({ key }) => key !== 'name');
    }
    return this.rare.metadata;
  }

  get elements(): readonly Element[] {
    return this.rare?.elements ?? nothing;
  }

  get problems(): readonly Problem[] {
    if (!this.rare) return nothing;
    const { problems = nothing, duplicate } = this.rare;
    return duplicate ? [...problems, duplicate] : problems;
  }

  /** Whether {@link problems} has any, without making them. */
  get hasProblems(): boolean {
    return this.rare?.problems !== undefined || this.rare?.duplicate !== undefined;
  }

  /** Whether it has problems that are not about other requests. */
  get hasOwnProblems(): boolean {
    return this.rare?.problems !== undefined;
  }

  /** The range of the URL in the text of the block. */
  get urlSpanInText(): Span {
    const { starts, urlPieces } = this.block.lines;
    const pieces = this.at(column.piecesEnd);
    const first = this.at(column.startLine);
    const last = pieces === 0 ? first : urlPieces.at(pieces - 2);
    return new Span(first, this.at(column.urlFrom) - starts[first]!, last, this.urlEndOffset - starts[last]!);
  }

  /** Whether it speaks another protocol than HTTP, by its method or its URL's scheme. */
  get isOtherProtocol(): boolean {
    const { text } = this.block.lines;
    if (otherProtocols.has(this.method)) return true;
    const from = this.at(column.urlFrom);
    if (text.startsWith('http', from) || text.startsWith('{{', from)) return false;
    return /^(?:wss?|grpcs?|mqtts?|amqps?|rsocket):\/\//i.test(text.slice(from, from + 12));
  }

  /** Whether it opens a WebSocket, by its method or its URL's scheme: what stands below the head are messages. */
  get isWebSocket(): boolean {
    const from = this.at(column.urlFrom);
    return webSocketMethods.has(this.method) || /^wss?:\/\//i.test(this.block.lines.text.slice(from, from + 6));
  }

  /** The offset of the URL's last character so far, and one more. */
  get urlEndOffset(): number {
    const pieces = this.at(column.piecesEnd);
    return pieces === 0 ? this.at(column.urlEnd) : this.block.lines.urlPieces.at(pieces - 1);
  }

  /** Whether nothing can be said of the URL: it starts as most do and has neither spaces nor rare characters. */
  get hasPlainUrl(): boolean {
    const { text, firsts, urlPieces } = this.block.lines;
    const from = this.at(column.urlFrom);
    const starting = text.startsWith('{{', from) || text.startsWith('https://', from)
      || text.startsWith('http://', from);
    if (!starting || !isVisibleAscii(text, from, this.at(column.urlEnd))) return false;
    const end = this.at(column.piecesEnd);
    for (let piece = this.at(column.piecesFrom); piece < end; piece += 2) {
      if (!isVisibleAscii(text, firsts[urlPieces.at(piece)]!, urlPieces.at(piece + 1))) return false;
    }
    return true;
  }

  /** Whether the URL goes on after the request line. */
  get hasUrlPieces(): boolean {
    return this.at(column.piecesEnd) !== 0;
  }

  /** One more line of the URL, from its first character to `end`; both are those of the block's text. */
  addUrlPiece(line: number, end: number): void {
    const { urlPieces } = this.block.lines;
    if (this.at(column.piecesEnd) === 0) this.set(column.piecesFrom, urlPieces.count);
    urlPieces.push(line);
    urlPieces.push(end);
    this.set(column.piecesEnd, urlPieces.count);
  }

  /** The HTTP version, from one offset to another. */
  setVersion(from: number, end: number): void {
    this.set(column.versionFrom, from);
    this.set(column.versionEnd, end);
  }

  /** The fields of the block's table that are this request's. */
  setHeaders(from: number, end: number): void {
    this.set(column.fieldsFrom, from);
    this.set(column.fieldsEnd, end);
  }

  /** A body that is the text of these lines. */
  setPlainBody(from: number, last: number): void {
    this.set(column.bodyFrom, from);
    this.set(column.bodyEnd, last + 1);
  }

  /** A body with files in it, or with comments taken out. */
  setBody(segments: (TextNode | IncludeNode)[]): void {
    this.rare ??= new Rare();
    this.rare.segments = segments;
  }

  /** What is known when all of the request has been read. */
  finish(
    lastLine: number, metadataFrom: number, elements: ElementNode[] | undefined, problems: ProblemNode[] | undefined,
  ): void {
    this.set(column.lastLine, lastLine);
    this.set(column.metadataFrom, metadataFrom);
    this.set(column.metadataEnd, this.block.lines.metadata.count);
    if (!elements && !problems) return;
    this.rare ??= new Rare();
    this.rare.elements = elements;
    this.rare.problems = problems;
  }

  /** C58: the request of the same name before this one, if any; the one sent last is meant, which is easily missed. */
  setEarlier(earlier: RequestNode | undefined): void {
    if (earlier === this.rare?.earlier) return;
    this.rare ??= new Rare();
    this.rare.earlier = earlier;
    this.rare.duplicate = earlier && new RelatedProblem('name-duplicate', () => this.requestLine, () =>
      ({ name: this.name ?? '', line: `${earlier.line}` }));
  }

  private at(column: Column): number {
    return this.block.lines.requests.at(this.row + column);
  }

  private set(column: Column, value: number): void {
    this.block.lines.requests.set(this.row + column, value);
  }

  toJSON(): HttpRequest {
    const {
      index, name, title, range, requestLine, line, method, methodRange, url, urlRange, urlPieces, httpVersion,
      headers, body, metadata, elements, problems,
    } = this;
    return {
      index, name, title, range, requestLine, line, method, methodRange, url, urlRange, urlPieces, httpVersion,
      headers, body, metadata, elements, problems,
    };
  }
}

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
