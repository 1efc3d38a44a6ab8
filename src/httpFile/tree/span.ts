import type { Position, Range } from '../syntax.ts';

/**
 * A range as four numbers. A file of 10,000 requests has half a million positions that are seldom asked for: as
 * objects of their own they cost more than the whole parse, so they are made when they are.
 */
export class Span implements Range {
  readonly line: number;
  readonly from: number;
  readonly lastLine: number;
  readonly to: number;

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

  /** The same range so many lines further down. */
  moved(lines: number): Span {
    if (lines === 0) return this;
    return new Span(this.line + lines, this.from, this.lastLine + lines, this.to);
  }

  /** So that a range reads the same in JSON as one made of positions. */
  toJSON(): Range {
    return { start: this.start, end: this.end };
  }
}

/** The range from one position to another. */
export function rangeBetween(start: Position, end: Position): Span {
  return new Span(start.line, start.character, end.line, end.character);
}
