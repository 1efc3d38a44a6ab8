import type { BodyKind } from './body.ts';
import {
  firstCode, isIndented, lineKind, rangeOfLine, textOfLines, trimmedEndOf, trimmedLine,
} from './lines.ts';
import { report } from './reader.ts';
import type { Reader } from './reader.ts';
import type { RequestNode } from '../tree/request.ts';

/** Hints on what will be sent differently from what one may expect. */
export function remark(
  reader: Reader, request: RequestNode, first: number, last: number, removed: readonly number[],
  kind: BodyKind,
): void {
  const { lines } = reader;
  const code = firstCode(lines, first);
  const isData = code === 0x7b || code === 0x5b || kind.isData;
  const stripped = removed.find((line) =>
    lines.kinds[line] === lineKind.comment || lines.kinds[line] === lineKind.indentedSeparator);
  if (!isData && stripped !== undefined) {
    report(reader, 'comment-stripped', rangeOfLine(lines, stripped));
  }
  const isBodiless = request.method === 'GET' || request.method === 'HEAD';
  if (isBodiless && /^[A-Z][\w-]{0,60}:\s/i.test(trimmedLine(lines, first))) {
    report(reader, 'header-after-blank-line', rangeOfLine(lines, first));
  }
  if (code === 0x7b || code === 0x5b) remarkTrailingComment(reader, first, last);
  remarkIndentedInclude(reader, first, last);
}

/** Of JSON with comments behind its values, which are sent like the rest; told once, at the first. */
export function remarkTrailingComment(reader: Reader, first: number, last: number): void {
  const { lines } = reader;
  const body = textOfLines(lines, first, last + 1);
  if (!body.includes(' //') && !body.includes('/*')) return;
  for (let line = first; line <= last; line++) {
    const start = lines.firsts[line]!;
    const text = lines.text.slice(start, trimmedEndOf(lines, line));
    if (text.startsWith('//') || !(text.includes(' //') || text.includes('/*'))) continue;
    const mark = commentIn(text);
    if (!mark) continue;
    report(reader, mark === '//' ? 'trailing-comment-sent' : 'block-comment-sent', rangeOfLine(lines, line));
    return;
  }
}

/** The comment that a line of JSON has outside its strings. */
function commentIn(text: string): '//' | '/*' | undefined {
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (inString || character !== '/') continue;
    else if (text[at + 1] === '*') return '/*';
    else if (text[at + 1] === '/' && text[at - 1] === ' ') return '//';
  }
  return undefined;
}

/** C19: ` < ./file` is text; only the first column makes it a file. */
function remarkIndentedInclude(reader: Reader, first: number, last: number): void {
  const { lines } = reader;
  for (let line = first; line <= last; line++) {
    if (firstCode(lines, line) !== 0x3c || !isIndented(lines, line)) continue;
    if (!/^<(?:@[\w-]{0,40})?\s+\.{0,2}[/\\]\S/.test(trimmedLine(lines, line))) continue;
    report(reader, 'indented-include', rangeOfLine(lines, line));
  }
}
