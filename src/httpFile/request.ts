import { endOf, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import { HeaderNode, RelatedProblem, spanOn, TextNode } from './nodes.ts';
import type { Block, ElementNode, IncludeNode, MetadataNode, ProblemNode } from './nodes.ts';
import { otherProtocols } from './requestLine.ts';
import type { RequestStart } from './requestLine.ts';
import { Span } from './span.ts';
import type {
  BodySegment, Element, HeaderField, HttpRequest, Metadata, Problem, Range,
} from './syntax.ts';

/** Of a request that has none; shared, and never changed. */
const nothing: readonly never[] = Object.freeze([]);

/** What few requests have, and what is made when it is asked for: in one place, so that the others are smaller. */
interface Rare {
  headers?: readonly HeaderNode[];
  segments?: readonly BodySegment[];
  elements?: readonly ElementNode[] | undefined;
  problems?: readonly ProblemNode[] | undefined;
  earlier?: RequestNode | undefined;
  duplicate?: RelatedProblem | undefined;
}

/**
 * A request in the tree. It keeps where its parts stand in the text that its block was read from; texts, ranges and
 * headers are made when asked for.
 */
export class RequestNode implements HttpRequest {
  readonly method: string;
  httpVersion: string | undefined;
  readonly block: Block;
  /** How many requests of its block stand before it. */
  readonly position: number;
  /** Lines of the block's text: the request's first, its request line, its last that is not blank. */
  private readonly firstLine: number;
  private readonly startLine: number;
  private lastLine: number;
  /** Offsets in the block's text. */
  private readonly urlFrom: number;
  private readonly urlEnd: number;
  /** Of a URL over several lines, in the table of the block's text; none when it stands on one. */
  private piecesFrom = 0;
  private piecesEnd = 0;
  private fieldsFrom = 0;
  private fieldsEnd = 0;
  /** A body that is nothing but these lines; 0 to -1 when there is none, or its segments are known. */
  private bodyFrom = 0;
  private bodyLast = -1;
  /** One alone stands for a list of one. */
  private metadataNodes: MetadataNode | readonly MetadataNode[] | undefined = undefined;
  private rare: Rare | undefined = undefined;

  /** `firstLine` is the separator's line or that of the request itself; `line` that of `start`. */
  constructor(block: Block, firstLine: number, line: number, start: RequestStart) {
    this.block = block;
    this.position = block.count++;
    this.firstLine = firstLine;
    this.startLine = line;
    this.lastLine = line;
    this.method = start.method;
    this.urlFrom = start.targetFrom;
    this.urlEnd = start.targetEnd;
    this.httpVersion = undefined;
  }

  get index(): number {
    return this.block.index + this.position;
  }

  get name(): string | undefined {
    return this.listOfMetadata().findLast((one) => one.key === 'name' && !one.isEmpty)?.value;
  }

  get title(): string | undefined {
    const { lines, separated, from } = this.block;
    return (separated && this.position === 0 ? titleOf(lines, from) : undefined)
      ?? this.listOfMetadata().find(({ key }) => key === 'title')?.value;
  }

  get range(): Range {
    const { lines, shift } = this.block;
    const last = this.lastLine;
    return new Span(this.firstLine + shift, 0, last + shift, endOf(lines, last) - lines.starts[last]!);
  }

  get requestLine(): Range {
    const { lines } = this.block;
    const line = this.startLine;
    return spanOn(this.block, line, lines.firsts[line]!, trimmedEndOf(lines, line));
  }

  get line(): number {
    return this.startLine + this.block.shift + 1;
  }

  get methodRange(): Range | undefined {
    const first = this.block.lines.firsts[this.startLine]!;
    if (this.urlFrom === first) return undefined;
    return spanOn(this.block, this.startLine, first, first + this.method.length);
  }

  get url(): string {
    const { text, firsts, urlPieces } = this.block.lines;
    let url = text.slice(this.urlFrom, this.urlEnd);
    for (let piece = this.piecesFrom; piece < this.piecesEnd; piece += 2) {
      url += text.slice(firsts[urlPieces.at(piece)], urlPieces.at(piece + 1));
    }
    return url;
  }

  get urlRange(): Range {
    return this.urlSpanInText.moved(this.block.shift);
  }

  get urlPieces(): readonly Range[] | undefined {
    if (this.piecesEnd === 0) return undefined;
    const { firsts, urlPieces } = this.block.lines;
    const pieces = [spanOn(this.block, this.startLine, this.urlFrom, this.urlEnd)];
    for (let piece = this.piecesFrom; piece < this.piecesEnd; piece += 2) {
      const line = urlPieces.at(piece);
      pieces.push(spanOn(this.block, line, firsts[line]!, urlPieces.at(piece + 1)));
    }
    return pieces;
  }

  get headers(): readonly HeaderField[] {
    if (this.fieldsEnd === this.fieldsFrom) return nothing;
    this.rare ??= {};
    this.rare.headers ??= Array.from({ length: this.fieldsEnd - this.fieldsFrom }, (_, at) =>
      new HeaderNode(this.block, this.fieldsFrom + at));
    return this.rare.headers;
  }

  get body(): readonly BodySegment[] | undefined {
    if (this.rare?.segments || this.bodyLast < 0) return this.rare?.segments;
    const { lines } = this.block;
    const { bodyFrom: from, bodyLast: last } = this;
    const span = new Span(from, 0, last, endOf(lines, last) - lines.starts[last]!);
    this.rare ??= {};
    this.rare.segments = [new TextNode(this.block, lines.text.slice(lines.starts[from], endOf(lines, last)), span)];
    return this.rare.segments;
  }

  get metadata(): readonly Metadata[] {
    return this.listOfMetadata();
  }

  get elements(): readonly Element[] {
    return this.rare?.elements ?? nothing;
  }

  get problems(): readonly Problem[] {
    const { problems = nothing, duplicate } = this.rare ?? {};
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
    const { lines } = this.block;
    const line = this.piecesEnd === 0 ? this.startLine : lines.urlPieces.at(this.piecesEnd - 2);
    const { startLine } = this;
    return new Span(startLine, this.urlFrom - lines.starts[startLine]!, line, this.urlEndOffset - lines.starts[line]!);
  }

  /** Whether it speaks another protocol than HTTP, by its method or its URL's scheme. */
  get isOtherProtocol(): boolean {
    const { text } = this.block.lines;
    if (otherProtocols.has(this.method)) return true;
    if (text.startsWith('http', this.urlFrom) || text.startsWith('{{', this.urlFrom)) return false;
    return /^(?:wss?|grpcs?|mqtts?|amqps?|rsocket):\/\//i.test(text.slice(this.urlFrom, this.urlFrom + 12));
  }

  /** The offset of the URL's last character so far, and one more. */
  get urlEndOffset(): number {
    return this.piecesEnd === 0 ? this.urlEnd : this.block.lines.urlPieces.at(this.piecesEnd - 1);
  }

  /** Whether nothing can be said of the URL: it starts as most do and has neither spaces nor rare characters. */
  get hasPlainUrl(): boolean {
    const { text, firsts, urlPieces } = this.block.lines;
    const from = this.urlFrom;
    const starting = text.startsWith('{{', from) || text.startsWith('https://', from)
      || text.startsWith('http://', from);
    if (!starting || !isVisibleAscii(text, from, this.urlEnd)) return false;
    for (let piece = this.piecesFrom; piece < this.piecesEnd; piece += 2) {
      if (!isVisibleAscii(text, firsts[urlPieces.at(piece)]!, urlPieces.at(piece + 1))) return false;
    }
    return true;
  }

  /** One more line of the URL, from its first character to `end`; both are those of the block's text. */
  addUrlPiece(line: number, end: number): void {
    const { urlPieces } = this.block.lines;
    if (this.piecesEnd === 0) this.piecesFrom = urlPieces.count;
    urlPieces.push(line);
    urlPieces.push(end);
    this.piecesEnd = urlPieces.count;
  }

  /** The fields of the block's table that are this request's. */
  setHeaders(from: number, end: number): void {
    this.fieldsFrom = from;
    this.fieldsEnd = end;
  }

  /** A body that is the text of these lines. */
  setPlainBody(from: number, last: number): void {
    this.bodyFrom = from;
    this.bodyLast = last;
  }

  /** A body with files in it, or with comments taken out. */
  setBody(segments: (TextNode | IncludeNode)[]): void {
    this.rare ??= {};
    this.rare.segments = segments;
  }

  /** What is known when all of the request has been read. */
  finish(
    lastLine: number, metadata: MetadataNode[] | undefined, elements: ElementNode[] | undefined,
    problems: ProblemNode[] | undefined,
  ): void {
    this.lastLine = lastLine;
    this.metadataNodes = metadata?.length === 1 ? metadata[0] : metadata;
    if (!elements && !problems) return;
    this.rare ??= {};
    this.rare.elements = elements;
    this.rare.problems = problems;
  }

  /** C58: the request of the same name before this one, if any; the one sent last is meant, which is easily missed. */
  setEarlier(earlier: RequestNode | undefined): void {
    if (earlier === this.rare?.earlier) return;
    this.rare ??= {};
    this.rare.earlier = earlier;
    this.rare.duplicate = earlier && new RelatedProblem('name-duplicate', () => this.requestLine, () =>
      ({ name: this.name ?? '', line: `${earlier.line}` }));
  }

  private listOfMetadata(): readonly MetadataNode[] {
    const nodes = this.metadataNodes;
    if (!nodes) return nothing;
    return Array.isArray(nodes) ? nodes as readonly MetadataNode[] : [nodes as MetadataNode];
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
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}

/** The text after a separator's hashes, if any; hashes at its end are decoration. */
export function titleOf(lines: Lines, line: number): string | undefined {
  const { text } = lines;
  let from = lines.firsts[line]!;
  let to = trimmedEndOf(lines, line);
  while (from < to && text.charCodeAt(from) === 0x23) from++;
  while (to > from && text.charCodeAt(to - 1) === 0x23) to--;
  const title = text.slice(from, to).trim();
  return title === '' ? undefined : title;
}
