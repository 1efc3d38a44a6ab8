import type { HeaderField, Position, Range } from './syntax.ts';

/**
 * A range as four numbers. A file of 10,000 requests has half a million positions that are seldom asked for: as
 * objects of their own they cost more than the whole parse, so they are made when they are.
 */
export class Span implements Range {
  private readonly line: number;
  private readonly from: number;
  private readonly lastLine: number;
  private readonly to: number;

  constructor(line: number, from: number, lastLine: number, to: number) {
    this.line = line;
    this.from = from;
    this.lastLine = lastLine;
    this.to = to;
  }

  get start(): Position {
    return { line: this.line, character: this.from };
  }

  get end(): Position {
    return { line: this.lastLine, character: this.to };
  }

  /** So that a range reads the same in JSON as one made of positions. */
  toJSON(): Range {
    return { start: this.start, end: this.end };
  }
}

/** The range from one position to another. */
export function rangeBetween(start: Position, end: Position): Range {
  return new Span(start.line, start.character, end.line, end.character);
}

/** A header field that knows where its parts are and makes their ranges when asked, for the same reason. */
export class FieldSpan implements HeaderField {
  readonly name: string;
  value: string;
  private readonly line: number;
  private readonly from: number;
  private readonly valueFrom: number;
  private lastLine: number;
  private to: number;

  /** Line and characters as in a {@link Position}; the name starts at `from`. */
  constructor(
    name: string, value: string, line: number, from: number, valueFrom: number, to: number,
  ) {
    this.name = name;
    this.value = value;
    this.line = line;
    this.from = from;
    this.valueFrom = valueFrom;
    this.lastLine = line;
    this.to = to;
  }

  /** A folded line joins the value with one space (RFC 9112 §5.2, sent unfolded). */
  fold(more: string, end: Position): void {
    this.value = this.value === '' ? more : `${this.value} ${more}`;
    this.lastLine = end.line;
    this.to = end.character;
  }

  get range(): Range {
    return new Span(this.line, this.from, this.lastLine, this.to);
  }

  get nameRange(): Range {
    return new Span(this.line, this.from, this.line, this.from + this.name.length);
  }

  get valueRange(): Range {
    return new Span(this.line, this.valueFrom, this.lastLine, this.to);
  }

  toJSON(): HeaderField {
    const { name, value, range, nameRange, valueRange } = this;
    return { name, value, range, nameRange, valueRange };
  }
}
