import type { Block } from './block.ts';
import { fieldLine, fieldPlace, fieldValueAt } from '../parser/header.ts';
import { metadataKeyAt, metadataSpan, metadataValueAt } from '../parser/metadata.ts';
import { problemSeverities } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { Span } from './span.ts';
import type {
  Element, ElementKind, FileSegment, FileVariable, HeaderField, Metadata, Problem, Range, Severity,
  TextSegment,
} from '../syntax.ts';

// The nodes of the syntax tree. Each keeps the lines of the text that it was read from, and a reference to its block,
// which knows how many lines further down that text stands in the file now: so an edit above moves all nodes of a
// block by changing one number.

/** A field in the table of its block's text. */
export class HeaderNode implements HeaderField {
  private readonly block: Block;
  private readonly field: number;
  /** Offsets in the block's text. */
  private readonly nameEnd: number;
  private readonly valueFrom: number;
  private readonly end: number;

  constructor(block: Block, field: number) {
    const { nameEnd, valueFrom, end } = fieldPlace(block.lines, field);
    this.block = block;
    this.field = field;
    this.nameEnd = nameEnd;
    this.valueFrom = valueFrom;
    this.end = end;
  }

  get name(): string {
    const { text, firsts } = this.block.lines;
    return text.slice(firsts[this.line], this.nameEnd);
  }

  get value(): string {
    const { text, folds } = this.block.lines;
    return folds.size === 0 ? text.slice(this.valueFrom, this.end) : fieldValueAt(this.block.lines, this.field);
  }

  get range(): Range {
    return this.spanTo(this.block.lines.firsts[this.line]!, this.lastLine, this.end);
  }

  get nameRange(): Range {
    return this.spanTo(this.block.lines.firsts[this.line]!, this.line, this.nameEnd);
  }

  get valueRange(): Range {
    return this.spanTo(this.valueFrom, this.lastLine, this.end);
  }

  toJSON(): HeaderField {
    const { name, value, range, nameRange, valueRange } = this;
    return { name, value, range, nameRange, valueRange };
  }

  private get line(): number {
    return fieldLine(this.block.lines, this.field);
  }

  private get lastLine(): number {
    const { folds } = this.block.lines;
    return folds.size === 0 ? this.line : folds.get(this.field)?.line ?? this.line;
  }

  private spanTo(from: number, lastLine: number, to: number): Span {
    const { lines: { starts }, shift } = this.block;
    const { line } = this;
    return new Span(line + shift, from - starts[line]!, lastLine + shift, to - starts[lastLine]!);
  }
}

/** A row in the table of metadata of its block's text. */
export class MetadataNode implements Metadata {
  readonly key: string;
  private readonly block: Block;
  private readonly row: number;

  constructor(block: Block, row: number) {
    this.key = metadataKeyAt(block.lines, row);
    this.block = block;
    this.row = row;
  }

  get value(): string {
    return metadataValueAt(this.block.lines, this.row);
  }

  get range(): Range {
    return metadataSpan(this.block.lines, this.row).moved(this.block.shift);
  }

  toJSON(): Metadata {
    const { key, value, range } = this;
    return { key, value, range };
  }
}

export class VariableNode implements FileVariable {
  readonly name: string;
  readonly value: string;
  private readonly block: Block;
  private readonly line: number;
  private readonly valueFrom: number;
  private readonly end: number;

  /** `valueFrom` and `end` are offsets in the text of the block. */
  constructor(block: Block, name: string, line: number, valueFrom: number, end: number) {
    this.name = name;
    this.value = block.lines.text.slice(valueFrom, end);
    this.block = block;
    this.line = line;
    this.valueFrom = valueFrom;
    this.end = end;
  }

  get range(): Range {
    return spanOn(this.block, this.line, this.first(), this.end);
  }

  get nameRange(): Range {
    const from = this.first() + 1;
    return spanOn(this.block, this.line, from, from + this.name.length);
  }

  get valueRange(): Range {
    return spanOn(this.block, this.line, this.valueFrom, this.end);
  }

  toJSON(): FileVariable {
    const { name, value, range, nameRange, valueRange } = this;
    return { name, value, range, nameRange, valueRange };
  }

  private first(): number {
    return this.block.lines.firsts[this.line]!;
  }
}

/** A range inside one line of a block, from offsets in its text. */
export function spanOn({ lines, shift }: Block, line: number, from: number, to: number): Span {
  const start = lines.starts[line]!;
  return new Span(line + shift, from - start, line + shift, to - start);
}

/** A node that is rare enough to keep its range as it was when read. */
abstract class PlacedNode {
  protected readonly block: Block;
  protected readonly span: Span;

  /** The lines of the span are those of the block's text. */
  constructor(block: Block, span: Span) {
    this.block = block;
    this.span = span;
  }

  get range(): Range {
    return this.span.moved(this.block.shift);
  }
}

export class ElementNode extends PlacedNode implements Element {
  readonly kind: ElementKind;
  readonly text: string;

  constructor(block: Block, kind: ElementKind, text: string, span: Span) {
    super(block, span);
    this.kind = kind;
    this.text = text;
  }

  toJSON(): Element {
    const { kind, text, range } = this;
    return { kind, text, range };
  }
}

export class TextNode extends PlacedNode implements TextSegment {
  readonly kind = 'text';
  readonly text: string;
  private readonly gone: readonly number[] | undefined;

  /** The lines of `gone` are those of the block's text. */
  constructor(block: Block, text: string, span: Span, gone?: readonly number[]) {
    super(block, span);
    this.text = text;
    this.gone = gone;
  }

  get removed(): number[] | undefined {
    return this.gone?.map((line) => line + this.block.shift);
  }

  toJSON(): TextSegment {
    const { kind, text, range, removed } = this;
    return removed ? { kind, text, range, removed } : { kind, text, range };
  }
}

export class IncludeNode extends PlacedNode implements FileSegment {
  readonly kind = 'file';
  readonly path: string;
  readonly substitute: boolean;
  readonly encoding?: string;
  readonly operation?: string;

  constructor(
    block: Block, path: string, substitute: boolean, encoding: string | undefined, span: Span, operation?: string,
  ) {
    super(block, span);
    this.path = path;
    this.substitute = substitute;
    if (encoding) this.encoding = encoding;
    if (operation !== undefined) this.operation = operation;
  }

  toJSON(): FileSegment {
    const { kind, path, substitute, range, encoding, operation } = this;
    const more = { ...(encoding ? { encoding } : {}), ...(operation === undefined ? {} : { operation }) };
    return { kind, path, substitute, range, ...more };
  }
}

export class ProblemNode extends PlacedNode implements Problem {
  readonly code: ProblemCode;
  readonly places: Record<string, string>;

  constructor(block: Block, code: ProblemCode, span: Span, places: Record<string, string> = {}) {
    super(block, span);
    this.code = code;
    this.places = places;
  }

  get severity(): Severity {
    return problemSeverities[this.code];
  }

  toJSON(): Problem {
    const { code, severity, range, places } = this;
    return { code, severity, range, places };
  }
}

/** A problem between two nodes: both may move, so its range and what it says are made when asked for. */
export class RelatedProblem implements Problem {
  readonly code: ProblemCode;
  private readonly rangeOf: () => Range;
  private readonly placesOf: () => Record<string, string>;

  constructor(code: ProblemCode, rangeOf: () => Range, placesOf: () => Record<string, string>) {
    this.code = code;
    this.rangeOf = rangeOf;
    this.placesOf = placesOf;
  }

  get severity(): Severity {
    return problemSeverities[this.code];
  }

  get range(): Range {
    return this.rangeOf();
  }

  get places(): Record<string, string> {
    return this.placesOf();
  }

  toJSON(): Problem {
    const { code, severity, range, places } = this;
    return { code, severity, range, places };
  }
}
