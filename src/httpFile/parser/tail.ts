import { firstCode, isBlank, isIndented, lineKind, trimmedEndOf, trimmedLine } from './lines.ts';
import type { Lines } from './lines.ts';
import type { ElementKind } from '../syntax.ts';
import { isVariable } from '../names/variables.ts';

/** An element over whole lines, `last` included. */
interface TailElement {
  readonly kind: ElementKind;
  readonly first: number;
  readonly last: number;
}

/** What stands after a body and is not part of it: scripts, asserts, redirections, variables, comments. */
export interface Tail {
  /** The line after the last one of the body. */
  readonly bodyEnd: number;
  readonly elements: readonly TailElement[];
  /** The lines of variables. */
  readonly variables: readonly number[];
}

/**
 * Peels complete tail elements off the end of lines `from` to `end`. Going backwards means that a `>` or `??`
 * line with ordinary text after it stays body. `keepComments`: a body that is nothing but comment lines is text;
 * `raw`: comments are, wherever they stand. In a `prose` body `>> more` is text unless a path follows.
 */
export function peelTail(
  lines: Lines, from: number, end: number, keepComments: boolean, raw = false, prose = false,
): Tail {
  const elements: TailElement[] = [];
  const variables: number[] = [];
  let bodyEnd = end;
  for (;;) {
    while (bodyEnd > from && isBlank(lines, bodyEnd - 1)) bodyEnd--;
    if (bodyEnd === from) break;
    const element = elementEndingAt(lines, from, bodyEnd - 1, prose);
    if (element) {
      elements.push(element);
      bodyEnd = element.first;
      continue;
    }
    const start = declarationsBefore(lines, from, bodyEnd, keepComments, raw);
    if (start === bodyEnd) break;
    for (let line = bodyEnd - 1; line >= start; line--) {
      if (isVariable(lines, line)) variables.push(line);
    }
    bodyEnd = start;
  }
  return { bodyEnd, elements: elements.reverse(), variables: variables.reverse() };
}

/** The element whose last line this is. */
function elementEndingAt(lines: Lines, from: number, line: number, prose: boolean): TailElement | undefined {
  const kind = singleLineElement(lines, line);
  if (kind === 'redirect' && prose && !namesFile(trimmedLine(lines, line))) return undefined;
  if (kind) return { kind, first: line, last: line };
  const end = trimmedEndOf(lines, line);
  if (lines.text.charCodeAt(end - 1) !== 0x7d) return undefined;
  if (lines.text.endsWith('%}', end) && end - lines.firsts[line]! >= 2) {
    const start = searchBack(lines, from, line, (text) => text.startsWith('> {%'));
    return start === undefined ? undefined : { kind: 'post-script', first: start, last: line };
  }
  if (trimmedLine(lines, line) !== '}}') return undefined;
  const start = searchBack(lines, from, line, (text) => isJsBlockStart(text));
  return start === undefined ? undefined : { kind: 'js-block', first: start, last: line };
}

/** Whether a path stands behind `>>`: words without a dot or a slash are text, and so is what has another `>`. */
function namesFile(redirect: string): boolean {
  const path = redirect.slice(2);
  return /[./\\]/.test(path) && !path.includes('>');
}

function searchBack(
  lines: Lines, from: number, line: number, fits: (text: string) => boolean,
): number | undefined {
  for (let at = line - 1; at >= from; at--) {
    const code = firstCode(lines, at);
    if ((code === 0x3e || code === 0x7b) && fits(trimmedLine(lines, at))) return at;
  }
  return undefined;
}

/** `{{`, `{{+` or `{{@response` alone on a line opens a block of JavaScript that ends with `}}`. */
export function isJsBlockStart(text: string): boolean {
  return /^\{\{\+?(?:@\w{1,40})?\+?$/.test(text);
}

/** A tail element that is complete on one line, or undefined. */
export function singleLineElement(lines: Lines, line: number): ElementKind | undefined {
  const code = firstCode(lines, line);
  if (code !== 0x3e && code !== 0x3f && code !== 0x3c && code !== 0x7b) return undefined;
  if (isIndented(lines, line)) return undefined;
  const text = trimmedLine(lines, line);
  if (/^>\s{0,20}\{%/.test(text)) return text.endsWith('%}') ? 'post-script' : undefined;
  if (/^>\s[^\s]/.test(text)) return /\.(?:js|ts|mjs|cjs|lua)$/i.test(text) ? 'post-script' : undefined;
  if (/^>>!?\s/.test(text)) return 'redirect';
  if (/^<>\s/.test(text)) return 'response-ref';
  if (/^\?\?\s/.test(text)) return 'assert';
  return /^\{\{[+@]/.test(text) && text.endsWith('}}') ? 'js-block' : undefined;
}

/**
 * Start of the last paragraph when it holds only `@name = value` lines, comments and blanks and follows a blank
 * line or is all there is (C21); `end` when it does not.
 */
function declarationsBefore(
  lines: Lines, from: number, end: number, keepComments: boolean, raw: boolean,
): number {
  let start = end;
  let variables = 0;
  while (start > from && !isBlank(lines, start - 1)) {
    const defines = isVariable(lines, start - 1);
    if (!defines && lines.kinds[start - 1] !== lineKind.comment) return end;
    if (defines) variables++;
    start--;
  }
  return variables === 0 && (raw || (start === from && keepComments)) ? end : start;
}
