import { endOfBraces } from '../content/graphql.ts';
import { endOf, firstCode, isBlank, lineKind, rangeOfLine, trimmedLine } from './lines.ts';
import {
  endOfBlockComment, endOfJsBlock, endOfScript, keepElement, keepVariable, readComment, report,
} from './reader.ts';
import type { Reader } from './reader.ts';
import { isStatusLine, requestLineOn } from './requestLine.ts';
import type { ElementKind } from '../syntax.ts';
import { isJsBlockStart } from './tail.ts';

/**
 * Everything before the request line: metadata, comments, variables, scripts, imports. Gives the line of the request
 * line, or the block's end when there is none.
 */
export function readPreamble(reader: Reader, from: number): number {
  const { lines } = reader;
  let line = from;
  while (line < reader.end) {
    const kind = lines.kinds[line]!;
    if (kind === lineKind.blank) {
      line++;
    } else if (kind === lineKind.text) {
      const next = readText(reader, line);
      if (next === undefined) return line;
      line = next;
    } else {
      readComment(reader, line++);
    }
  }
  return reader.end;
}

/** Line after what starts here; undefined when it is the request line. */
function readText(reader: Reader, line: number): number | undefined {
  const { lines } = reader;
  switch (firstCode(lines, line)) {
    case 0x40: return readVariable(reader, line);
    case 0x2f: return readBlockComment(reader, line);
    case 0x3c: return readPreScript(reader, line);
    case 0x7b: return readJsBlock(reader, line);
    case 0x48: return readResponse(reader, line);
    case 0x66: return readFragment(reader, line);
    case 0x69: return readDirective(reader, line, 'import', /^import\s+\S/);
    case 0x72: return readDirective(reader, line, 'run', /^run\s+(?:#|\S*\.(?:http|rest)\b)/);
    default: return undefined;
  }
}

/** A line that starts with `@` is meant as a variable; one that defines none takes nothing with it. */
function readVariable(reader: Reader, line: number): number {
  if (!keepVariable(reader, line)) reportNoVariable(reader, line);
  return line + 1;
}

function reportNoVariable(reader: Reader, line: number): void {
  const { lines } = reader;
  const written = trimmedLine(lines, line).slice(1);
  const equals = written.indexOf('=');
  const name = (equals < 0 ? written : written.slice(0, equals)).replace(/:$/, '').trim();
  const [first = ''] = name.split(/\s/, 1);
  // `@host http://x/?a=b` has its `=` in the value.
  const isName = equals >= 0 && name !== '' && /^[\p{L}\p{N}_.$ \t-]+$/u.test(name);
  const range = rangeOfLine(lines, line);
  if (isName) report(reader, 'variable-name-space', range, { name, joined: name.replace(/\s+/g, '_') });
  else report(reader, 'variable-equals-missing', range, { name: first === '' || equals === 0 ? 'name' : first });
}

function readBlockComment(reader: Reader, line: number): number | undefined {
  const { lines } = reader;
  if (lines.text.charCodeAt(lines.firsts[line]! + 1) !== 0x2a) return undefined;
  const next = endOfBlockComment(reader, line);
  if (next === undefined) report(reader, 'comment-not-closed', rangeOfLine(lines, line));
  return next ?? reader.end;
}

function readPreScript(reader: Reader, line: number): number | undefined {
  const { lines } = reader;
  const text = trimmedLine(lines, line);
  const inline = /^<\s{0,20}\{%/.test(text);
  if (!inline && !/^<\s+\S/.test(text)) return undefined;
  const next = inline ? endOfScript(reader, line, reader.end) : line + 1;
  keepElement(reader, 'pre-script', line, next - 1);
  return next;
}

function readJsBlock(reader: Reader, line: number): number | undefined {
  if (!isJsBlockStart(trimmedLine(reader.lines, line))) return undefined;
  const closed = endOfJsBlock(reader, line);
  if (closed === undefined) report(reader, 'js-block-not-closed', rangeOfLine(reader.lines, line));
  const next = closed ?? requestLineAfter(reader, line);
  keepElement(reader, 'js-block', line, next - 1);
  return next;
}

/** Where the code of a block that is not closed gives way to a request line after a blank one; else the block's end. */
function requestLineAfter({ lines, end }: Reader, from: number): number {
  for (let line = from + 2; line < end; line++) {
    if (!isBlank(lines, line - 1) || lines.kinds[line] !== lineKind.text) continue;
    const found = requestLineOn(lines, line);
    if (found.kind === 'request' && found.strict && !isJsBlockStart(trimmedLine(lines, line))) return line;
  }
  return end;
}

/** A block that is a response holds nothing to send. */
function readResponse(reader: Reader, line: number): number | undefined {
  if (!isStatusLine(reader.lines, line)) return undefined;
  readExampleResponse(reader, line);
  return reader.end;
}

/** C50: a response pasted into the file is an example, up to the end of the block. */
export function readExampleResponse(reader: Reader, line: number): void {
  keepElement(reader, 'example-response', line, reader.end - 1);
}

/** A GraphQL fragment on its own (GraphQL §2.8): queries of the file may use it. */
function readFragment(reader: Reader, line: number): number | undefined {
  const { lines } = reader;
  if (!/^fragment\s{1,20}\w{1,200}\s{1,20}on\s{1,20}\w/.test(trimmedLine(lines, line))) return undefined;
  const text = lines.text.slice(lines.firsts[line], endOf(lines, reader.end - 1));
  const length = endOfBraces(text);
  if (length === undefined) return undefined;
  let last = line;
  while (endOf(lines, last) < lines.firsts[line]! + length) last++;
  keepElement(reader, 'fragment', line, last);
  return last + 1;
}

function readDirective(
  reader: Reader, line: number, kind: ElementKind, pattern: RegExp,
): number | undefined {
  if (!pattern.test(trimmedLine(reader.lines, line))) return undefined;
  keepElement(reader, kind, line, line);
  return line + 1;
}
