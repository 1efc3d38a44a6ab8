import type { Block } from '../tree/block.ts';
import type { BodyKind } from './body.ts';
import type { DialectOptions } from '../dialect.ts';
import { isDisabling } from '../disabled.ts';
import type { Lines } from './lines.ts';
import {
  endOf, firstCode, isBlank, lineKind, rangeOfLine, rangeOfLines, textOfLines, trimmedLine,
} from './lines.ts';
import {
  addMetadata, isEffective, isMetadataEmpty, isValueNeeded, metadataKeyAt, metadataKeys, metadataValueAt, parseTimeout,
  rowOfKey, unknownKeyOn,
} from './metadata.ts';
import { nearestWord } from './nearest.ts';
import type { NameTable } from '../tree/nameTable.ts';
import { ElementNode, ProblemNode } from '../tree/nodes.ts';
import type { VariableNode } from '../tree/nodes.ts';
import type { ProblemCode } from '../problem.ts';
import { requestLineOn } from './requestLine.ts';
import type { RequestNode } from '../tree/request.ts';
import type { Span } from '../tree/span.ts';
import type { ElementKind } from '../syntax.ts';
import { variableOn } from '../names/variables.ts';

/** Whatever is found in a text, in the order written. */
export interface Found {
  readonly blocks: Block[];
  readonly requests: RequestNode[];
  readonly variables: VariableNode[];
  /** Those that belong to no request. */
  readonly elements: ElementNode[];
  /** To tell requests of the same name of each other; absent when that is done elsewhere. */
  readonly names?: NameTable;
  /** What becomes of comment lines in bodies (C2). */
  readonly bodyComments?: DialectOptions['bodyComments'];
  /** The last content type met and what it means for bodies. */
  lastType?: { readonly contentType: string | undefined; readonly kind: BodyKind };
  /** The line of the separator met last, or the end of the text: the end of blocks that start before it. */
  separator?: number;
}

/** What has been read of one block: the stages of the machine hand it on. */
export class Reader {
  readonly lines: Lines;
  readonly found: Found;
  readonly block: Block;
  /** The line after the block's last. */
  end: number;
  /** The block's first row in the table of metadata; the others follow, up to the table's end. */
  readonly metadataFrom: number;
  // Most blocks have none of these; ten thousand empty arrays are a megabyte.
  elements: ElementNode[] | undefined = undefined;
  problems: ProblemNode[] | undefined = undefined;

  constructor(lines: Lines, found: Found, block: Block, end: number) {
    this.lines = lines;
    this.found = found;
    this.block = block;
    this.end = end;
    this.metadataFrom = lines.metadata.count;
  }
}

/** Adds a problem; the range is one in `reader.lines`. */
export function report(
  reader: Reader, code: ProblemCode, range: Span, places?: Record<string, string>,
): void {
  (reader.problems ??= []).push(new ProblemNode(reader.block, code, range, places));
}

/** Keeps a piece that is not sent, over these lines, and says that it has no effect; unless it has one. */
export function keepElement(reader: Reader, kind: ElementKind, first: number, last: number, hasEffect = false): void {
  const { text, span } = elementText(reader.lines, first, last);
  (reader.elements ??= []).push(new ElementNode(reader.block, kind, text, span));
  const code = hasEffect ? undefined : notRun[kind];
  if (code) report(reader, code, span);
}

/** The lines of an element, from the first to the last that is not blank. */
function elementText(lines: Lines, first: number, last: number): { text: string; span: Span } {
  let end = last;
  while (end > first && isBlank(lines, end)) end--;
  const span = first === end ? rangeOfLine(lines, first) : rangeOfLines(lines, first, end);
  return { text: textOfLines(lines, first, end + 1).trim(), span };
}

/** Keeps the variable that a line defines, if it does; says whether. */
export function keepVariable(reader: Reader, line: number): boolean {
  const variable = variableOn(reader.block, line);
  if (!variable) return false;
  reader.block.addVariable(variable);
  reader.found.variables.push(variable);
  return true;
}

const notRun: Readonly<Record<ElementKind, ProblemCode | undefined>> = {
  'pre-script': 'script-not-run', 'post-script': 'script-not-run', 'js-block': 'js-block-not-run',
  assert: 'assert-not-run', redirect: 'redirect-not-run', 'response-ref': 'response-ref-ignored',
  'example-response': undefined, import: undefined, run: 'run-not-run',
  spread: 'spread-not-supported', fragment: undefined, message: 'message-not-sent',
};

/** A comment line before the body: metadata, when it is some. */
export function readComment(reader: Reader, line: number): void {
  const { lines } = reader;
  const row = addMetadata(lines, line);
  if (row < 0) return remarkUnknown(reader, line);
  const key = metadataKeyAt(lines, row);
  const isEmpty = isMetadataEmpty(lines, row);
  // Nearly all metadata is names, and there is nothing to say of them.
  if (key === 'name' && !isEmpty) return;
  if (isEmpty && isValueNeeded(key)) {
    report(reader, 'metadata-no-value', rangeOfLine(lines, line), { key });
  } else if (key === 'loop') {
    report(reader, 'loop-not-run', rangeOfLine(lines, line));
  } else if (key === 'disabled') {
    if (isDisabling(metadataValueAt(lines, row))) report(reader, 'request-disabled', rangeOfLine(lines, line));
  } else if (!isEffective(key)) {
    report(reader, 'metadata-ignored', rangeOfLine(lines, line), { key });
  } else if (key === 'timeout' || key === 'connection-timeout' || key === 'continue-timeout') {
    checkTimeout(reader, key, metadataValueAt(lines, row), rangeOfLine(lines, line));
  }
}

/** What looks like metadata and has no effect is told, as it may be misspelt. */
function remarkUnknown(reader: Reader, line: number): void {
  const found = unknownKeyOn(reader.lines, line);
  if (!found) return;
  const { key, span } = found;
  const nearest = nearestWord(key, metadataKeys);
  if (nearest !== undefined) report(reader, 'metadata-misspelt', span, { key, nearest });
  else report(reader, /^curl-/i.test(key) ? 'metadata-ignored' : 'metadata-unknown', span, { key });
}

/** Whether the comments of the block read so far hold metadata of this key. */
export function hasMetadata({ lines, metadataFrom }: Reader, key: string): boolean {
  return rowOfKey(lines, key, metadataFrom, lines.metadata.count) >= 0;
}

function checkTimeout(reader: Reader, key: string, value: string, range: Span): void {
  const timeout = parseTimeout(value);
  if (!timeout) report(reader, 'timeout-invalid', range, { key, value });
  // C14: httpYac's files mean milliseconds.
  else if (timeout.plain && timeout.ms >= 1_000_000) report(reader, 'timeout-large', range, { key, value });
}

/**
 * The line after a script that opens at `line` and ends with a line ending in `%}`; `end`, and a problem, when it does
 * not before that.
 */
export function endOfScript(reader: Reader, line: number, end: number): number {
  const closed = endOfClosedScript(reader.lines, line, end);
  if (closed === undefined) report(reader, 'script-not-closed', rangeOfLine(reader.lines, line));
  return closed ?? end;
}

/** The line after a script that opens at `line`; undefined when it does not end before `end`. */
export function endOfClosedScript(lines: Lines, line: number, end: number): number | undefined {
  for (let at = line; at < end; at++) {
    if (trimmedLine(lines, at).endsWith('%}')) return at + 1;
  }
  return undefined;
}

/** The line after the first one that is `}}`, or undefined. */
export function endOfJsBlock(reader: Reader, line: number): number | undefined {
  for (let at = line + 1; at < reader.end; at++) {
    if (firstCode(reader.lines, at) === 0x7d && trimmedLine(reader.lines, at) === '}}') return at + 1;
  }
  return undefined;
}

/** The line after a comment that opens with a slash and a star; undefined when it is not closed. */
export function endOfBlockComment(reader: Reader, line: number): number | undefined {
  const { lines } = reader;
  const first = lines.firsts[line]!;
  const within = lines.text.slice(first, endOf(lines, reader.end - 1)).indexOf('*/', 2);
  if (within < 0) return undefined;
  let at = line;
  while (endOf(lines, at) < first + within) at++;
  return at + 1;
}

/** C4: the separator that ends a block is in the first column, or indented before a strict request line. */
export function nextSeparator(lines: Lines, from: number): number {
  for (let line = from; line < lines.count; line++) if (isSeparator(lines, line)) return line;
  return lines.count;
}

/** Whether a block begins on this line: an indented `###` is a separator only before a request line. */
export function isSeparator(lines: Lines, line: number): boolean {
  const kind = lines.kinds[line];
  if (kind === lineKind.separator) return true;
  return kind === lineKind.indentedSeparator && isBeforeRequest(lines, line);
}

/** Whether the next line that is neither blank nor comment is a strict request line. */
export function isBeforeRequest(lines: Lines, line: number): boolean {
  for (let at = line + 1; at < lines.count; at++) {
    if (lines.kinds[at] === lineKind.separator || lines.kinds[at] === lineKind.indentedSeparator) {
      return false;
    }
    if (lines.kinds[at] !== lineKind.text) continue;
    const found = requestLineOn(lines, at);
    return found.kind === 'request' && found.strict;
  }
  return false;
}

/** `# @forceRegionDelimiter`: nothing but a separator begins another request. */
export function isForced(reader: Reader): boolean {
  return hasMetadata(reader, 'force-region-delimiter');
}
