import type { Block } from './block.ts';
import type { Lines } from '../parser/lines.ts';
import type { RequestStart } from '../parser/requestLine.ts';

/**
 * What is kept of a request in its row of the table of its block's text. Lines and offsets are those of that text;
 * `…From` and `…End` are indexes in its other tables, equal when there is nothing.
 */
export const column = {
  position: 0,
  /** Its first line, its request line, its last that is not blank. */
  firstLine: 1,
  startLine: 2,
  lastLine: 3,
  /** Offsets of the URL on the request line. */
  urlFrom: 4,
  urlEnd: 5,
  /** Of a URL over several lines: the others. */
  piecesFrom: 6,
  piecesEnd: 7,
  fieldsFrom: 8,
  fieldsEnd: 9,
  metadataFrom: 10,
  metadataEnd: 11,
  /** The lines of a body that is nothing but text; equal when there is none, or when it is kept as segments. */
  bodyFrom: 12,
  bodyEnd: 13,
  /** Offsets of the HTTP version; 0 when none is written. */
  versionFrom: 14,
  versionEnd: 15,
} as const;

/** How many numbers a row has. */
const columns = 16;

type Column = (typeof column)[keyof typeof column];

/**
 * Where the parts of a request stand in the text that its block was read from: a row of numbers beside that text, as
 * they take far less memory there than as fields of an object. It is filled in while the request is read.
 */
export abstract class RequestRow {
  readonly block: Block;
  protected readonly row: number;

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
  }

  /** The offset of the URL's last character so far, and one more. */
  get urlEndOffset(): number {
    return urlEndAt(this.block.lines, this.row);
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

  protected at(column: Column): number {
    return this.block.lines.requests.at(this.row + column);
  }

  protected set(column: Column, value: number): void {
    this.block.lines.requests.set(this.row + column, value);
  }
}

/** The offset of the last character of a row's URL, and one more. */
export function urlEndAt({ requests, urlPieces }: Lines, row: number): number {
  const pieces = requests.at(row + column.piecesEnd);
  return pieces === 0 ? requests.at(row + column.urlEnd) : urlPieces.at(pieces - 1);
}
