import type { Block } from './block.ts';
import { endOf, rangeOfLines, textOfLines, titleAfter, trimmedEndOf } from '../parser/lines.ts';
import { isMetadataEmpty, metadataKeyAt, metadataValueAt, metadataWidth, rowOfKey } from '../parser/metadata.ts';
import { HeaderNode, MetadataNode, RelatedProblem, spanOn, TextNode } from './nodes.ts';
import type { ElementNode, IncludeNode, ProblemNode } from './nodes.ts';
import type { RequestStart } from '../parser/requestLine.ts';
import { column, RequestRow } from './requestRow.ts';
import { isOtherProtocol, isPlainUrl, isWebSocket, urlAt, urlPieceSpans, urlSpan } from './requestUrl.ts';
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

/** A request in the tree: its texts, ranges and headers are made from its row when they are asked for. */
export class RequestNode extends RequestRow implements HttpRequest {
  readonly method: string;
  private rare: Rare | undefined = undefined;

  /** `firstLine` is the separator's line or that of the request itself; `line` that of `start`. */
  constructor(block: Block, firstLine: number, line: number, start: RequestStart) {
    super(block, firstLine, line, start);
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
    return urlAt(this.block.lines, this.row);
  }

  get urlRange(): Range {
    return this.urlSpanInText.moved(this.block.shift);
  }

  get urlPieces(): readonly Range[] | undefined {
    return urlPieceSpans(this.block, this.row);
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
    return urlSpan(this.block.lines, this.row);
  }

  /** Whether nothing can be said of the URL: it starts as most do and has neither spaces nor rare characters. */
  get hasPlainUrl(): boolean {
    return isPlainUrl(this.block.lines, this.row);
  }

  /** Whether it speaks another protocol than HTTP, by its method or its URL's scheme. */
  get isOtherProtocol(): boolean {
    return isOtherProtocol(this.block.lines, this.row, this.method);
  }

  /** Whether it opens a WebSocket, by its method or its URL's scheme: what stands below the head are messages. */
  get isWebSocket(): boolean {
    return isWebSocket(this.block.lines, this.row, this.method);
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
