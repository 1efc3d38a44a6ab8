import type { Lines } from './lines.ts';
import { endOf, firstCode, lineKind, rangeOfLine, textOfLines, trimmedLine } from './lines.ts';
import { isEffective, isValueMissing, metadataOf, parseTimeout } from './metadata.ts';
import type { ProblemCode } from './problem.ts';
import { problem } from './problem.ts';
import { requestLineOn } from './requestLine.ts';
import type { Element, ElementKind, HttpFile, Metadata, Problem, Range } from './syntax.ts';

/** What has been read of one block: the stages of the machine hand it on. */
export interface Reader {
  readonly lines: Lines;
  readonly file: HttpFile;
  /** The separator's line, or the first of the file or of a request without separator. */
  readonly start: number;
  readonly title: string | undefined;
  /** The lines of the requests that have a name, in the whole file. */
  readonly names: Map<string, number>;
  /** The line after the block's last. */
  end: number;
  readonly metadata: Metadata[];
  readonly elements: Element[];
  readonly problems: Problem[];
}

export function report(
  reader: Reader, code: ProblemCode, range: Range, places?: Record<string, string>,
): void {
  reader.problems.push(problem(code, range, places));
}

/** Keeps a piece that is not sent, and says that it has no effect. */
export function keepElement(reader: Reader, element: Element): void {
  reader.elements.push(element);
  const code = notRun[element.kind];
  if (code) report(reader, code, element.range);
}

const notRun: Readonly<Record<ElementKind, ProblemCode | undefined>> = {
  'pre-script': 'script-not-run', 'post-script': 'script-not-run', 'js-block': 'js-block-not-run',
  assert: 'assert-not-run', redirect: 'redirect-not-run', 'response-ref': 'response-ref-ignored',
  'example-response': undefined, import: 'import-not-run', run: 'run-not-run',
  spread: 'spread-not-supported',
};

/** A comment line before the body: metadata, when it is some. */
export function readComment(reader: Reader, line: number): void {
  const metadata = metadataOf(reader.lines, line);
  if (!metadata) return;
  const { key, value, range } = metadata;
  reader.metadata.push(metadata);
  if (isValueMissing(metadata)) report(reader, 'metadata-no-value', range, { key });
  else if (!isEffective(key)) report(reader, 'metadata-ignored', range, { key });
  else if (key === 'timeout' || key === 'connection-timeout') checkTimeout(reader, metadata, value);
}

function checkTimeout(reader: Reader, { key, range }: Metadata, value: string): void {
  const timeout = parseTimeout(value);
  if (!timeout) report(reader, 'timeout-invalid', range, { key, value });
  // C14: httpYac's files mean milliseconds.
  else if (timeout.plain && timeout.ms >= 1_000_000) report(reader, 'timeout-large', range, { key, value });
}

/**
 * The line after a script that opens at `line` and ends with a line ending in `%}`; the block's end, and a problem,
 * when it never does.
 */
export function endOfScript(reader: Reader, line: number): number {
  const { lines } = reader;
  for (let at = line; at < reader.end; at++) {
    if (trimmedLine(lines, at).endsWith('%}')) return at + 1;
  }
  report(reader, 'script-not-closed', rangeOfLine(lines, line));
  return reader.end;
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
  const limit = endOf(lines, reader.end - 1);
  const text = textOfLines(lines, line, reader.end);
  const close = text.indexOf('*/', 2);
  if (close < 0) return undefined;
  let at = line;
  while (at < reader.end && endOf(lines, at) < Math.min(limit, lines.firsts[line]! + close)) at++;
  return at + 1;
}

/** C4: the separator that ends a block is in the first column, or indented before a strict request line. */
export function nextSeparator(lines: Lines, from: number): number {
  for (let line = from; line < lines.count; line++) if (isSeparator(lines, line)) return line;
  return lines.count;
}

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
