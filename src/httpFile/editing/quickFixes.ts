import type { TextChange } from '../textChange.ts';
import type { TextLines } from '../position.ts';
import type { ProblemCode } from '../problem.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, Range } from '../syntax.ts';
import { insertion, ordered, rangeOn, textIn } from './edits.ts';
import { fix, lineRemoval, metadataInsertion } from './fix.ts';
import type { Fix, FixContext, FixedProblem, Fixer } from './fix.ts';
import { nameFixes } from './quickFixNames.ts';
import { lastBefore } from './region.ts';

/** The fixes of a problem, the likeliest first. */
export function quickFixes(file: HttpFile, lines: TextLines, { code, range }: FixedProblem): Fix[] {
  const fixer = fixers[code as ProblemCode];
  if (!fixer || range.end.line >= lines.lineCount) return [];
  return fixer(contextOf(file, lines, range));
}

function contextOf(file: HttpFile, lines: TextLines, range: Range): FixContext {
  const { line } = range.start;
  const request = lastBefore(file.requests, line, (one) => one.range.start.line);
  const isInside = request !== undefined && line <= request.range.end.line;
  return { file, lines, range, line, text: textIn(lines, range), request: isInside ? request : undefined };
}

/** All safe fixes of a file at once, as far as they do not touch each other. */
export function fixAll(file: HttpFile, lines: TextLines): TextChange[] {
  return ordered(file.problems.flatMap(({ code, range }) => {
    const fixer = range.end.line < lines.lineCount ? safeFixers[code] : undefined;
    return fixer?.(contextOf(file, lines, range)).find(({ safe }) => safe)?.edits ?? [];
  }));
}

/** Those whose fixes may be made without looking at each. */
const safeFixers: Partial<Readonly<Record<ProblemCode, Fixer>>> = {
  'separator-missing': ({ lines, line }) => {
    const blank = line > 0 && lines.lineAt(line - 1).trim() !== '' ? '\n' : '';
    return [fix('insert-separator', [insertion(line, 0, `${blank}###\n`)], { safe: true, preferred: true })];
  },
  'url-quoted': ({ range, text }) => {
    const bare = text.replace(/^["'<]+/, '').replace(/(?<!["'>])["'>]+$/, '');
    return bare === '' ? [] : [fix('remove-quotes', [{ range, text: bare }], { safe: true, preferred: true })];
  },
  'space-before-colon': ({ lines, range: { end } }) => {
    const colon = lines.lineAt(end.line).indexOf(':', end.character);
    if (colon < 0) return [];
    const space = { range: rangeOn(end.line, end.character, colon), text: '' };
    return [fix('remove-space', [space], { safe: true, preferred: true })];
  },
  'blank-line-missing': ({ line }) =>
    [fix('insert-blank-line', [insertion(line, 0, '\n')], { safe: true, preferred: true })],
  'header-name-space': ({ lines, line }) => {
    const text = lines.lineAt(line);
    const from = text.length - text.trimStart().length;
    const name = text.slice(from, Math.max(from, text.indexOf(':'))).trimEnd();
    if (name === '') return [];
    const hyphenated = name.replace(/ +/g, '-');
    const edit = { range: rangeOn(line, from, from + name.length), text: hyphenated };
    return [fix('hyphenate', [edit], { places: { name: hyphenated }, safe: true, preferred: true })];
  },
};

const fixers: Partial<Readonly<Record<ProblemCode, Fixer>>> = {
  ...safeFixers,

  // blocks
  'no-request-line': uncomment,
  'not-a-request': commentOut,
  'loose-request-line': commentOut,
  'comment-not-closed': ({ lines, line }) =>
    [fix('close-comment', [insertion(line, lines.lineAt(line).trimEnd().length, ' */')], { preferred: true })],
  'script-not-closed': closeScript,
  'js-block-not-closed': closeBlock,

  'curl-quote-not-closed': ({ lines, line, text }) => {
    const end = lines.lineAt(line).replace(/(?<!\s)\s{0,200}[\\^`]?\s{0,200}$/, '').length;
    return /^["']$/.test(text) ? [fix('close-quote', [insertion(line, end, text)], { preferred: true })] : [];
  },

  // the request line
  'url-space': ({ range, text }) => [fix('encode-spaces', [{ range, text: withoutSpaces(text) }])],
  'scheme-missing': ({ range: { start } }) => ['https://', 'http://'].map((scheme) =>
    fix('add-scheme', [insertion(start.line, start.character, scheme)], { places: { scheme } })),
  'http-version-unknown': ({ range, lines }) => [
    fix('remove-version', [{ range: withSpaceBefore(lines, range), text: '' }], { preferred: true }),
    ...['HTTP/1.1', 'HTTP/2'].map((version) => fix('set-version', [{ range, text: version }], { places: { version } })),
  ],
  'http-3-unsupported': ({ range, lines }) => [
    fix('set-version', [{ range, text: 'HTTP/2' }], { places: { version: 'HTTP/2' } }),
    fix('remove-version', [{ range: withSpaceBefore(lines, range), text: '' }]),
  ],
  'query-after-header': ({ lines, line, text, request }) => request ? [fix('move-query', [
    insertion(request.line - 1, lines.lineAt(request.line - 1).length, `\n  ${text}`), lineRemoval(lines, line),
  ], { preferred: true })] : [],

  // headers
  'header-without-colon': (context) => {
    const { end } = context.range;
    return [fix('add-colon', [insertion(end.line, end.character, ': ')], { preferred: true }), ...commentOut(context)];
  },
  'header-after-blank-line': ({ lines, line }) => {
    let first = line;
    while (first > 0 && lines.lineAt(first - 1).trim() === '') first--;
    const range = rangeBetween({ line: first, character: 0 }, { line, character: 0 });
    return first === line ? [] : [fix('remove-blank-line', [{ range, text: '' }], { preferred: true })];
  },
  'header-pseudo': ({ lines, line }) => [fix('remove-header', [lineRemoval(lines, line)])],
  'content-length-recomputed': ({ lines, line }) => [fix('remove-header', [lineRemoval(lines, line)])],
  'content-length-forced': ({ lines, line }) => [fix('remove-header', [lineRemoval(lines, line)])],
  'content-length-dropped': ({ lines, line }) => [fix('remove-header', [lineRemoval(lines, line)])],

  // bodies
  'comment-stripped': ({ request, lines }) => request
    ? [fix('keep-comments', [metadataInsertion(request, lines, '# @raw-body')])] : [],
  'trailing-comment-sent': moveComment,
  'indented-include': ({ lines, line }) => {
    const indent = lines.lineAt(line).search(/\S/);
    return [fix('unindent', [{ range: rangeOn(line, 0, Math.max(0, indent)), text: '' }], { preferred: true })];
  },

  // variables
  'variable-name-space': (context) => {
    const { line, text } = context;
    const [, name = ''] = /^@([^=]{1,200})=/.exec(text) ?? [];
    const joined = name.trim().replace(/:$/, '').trim().replace(/\s+/g, '_');
    const from = context.range.start.character + 1 + name.length - name.trimStart().length;
    const edit = { range: rangeOn(line, from, from + name.trim().replace(/\s{0,9}:$/, '').length), text: joined };
    return joined === '' ? [] : [fix('change-name', [edit], { places: { name: joined }, preferred: true })];
  },
  'variable-equals-missing': (context) => {
    const name = /^@[^\s=]{1,200}/.exec(context.text)?.[0];
    if (name === undefined) return commentOut(context);
    const at = context.range.start.character + name.length;
    return [fix('add-equals', [insertion(context.line, at, ' =')], { preferred: true }), ...commentOut(context)];
  },

  // metadata
  'metadata-ignored': ({ lines, line }) => [fix('remove-line', [lineRemoval(lines, line)])],
  'metadata-no-value': ({ lines, line }) => [fix('remove-line', [lineRemoval(lines, line)])],
  'metadata-without-request': ({ lines, line }) => [fix('remove-line', [lineRemoval(lines, line)])],
  'timeout-large': ({ range, text }) => {
    const number = /\d[\d.]{0,40}\s{0,40}$/.exec(text)?.[0].trim();
    return number === undefined ? [] : [`${number} ms`, `${number} s`].map((value, index) => {
      const edit = { range: atEnd(range, number.length), text: value };
      return fix('set-timeout', [edit], { places: { value }, preferred: index === 0 });
    });
  },
  'timeout-invalid': ({ range, text }) => {
    const found = /(\d{1,9}(?:\.\d{1,6})?)\s{0,8}([a-z]{1,20})\s*$/i.exec(text);
    const unit = found && timeUnit(found[2]!);
    if (!found || !unit) return [];
    const value = `${found[1]} ${unit}`;
    const edit = { range: atEnd(range, found[0].length), text: value };
    return [fix('set-timeout', [edit], { places: { value }, preferred: true })];
  },
  'body-eol-unknown': ({ lines, line }) => ['crlf', 'lf'].map((value) => {
    const end = lines.lineAt(line).trimEnd().length;
    const from = lines.lineAt(line).trimEnd().search(/(?<![^\s=])[^\s=]*$/);
    return fix('set-value', [{ range: rangeOn(line, from, end), text: value }], { places: { value } });
  }),
  'insecure-ignored': ({ lines, line }) => [fix('remove-line', [lineRemoval(lines, line)])],

  ...nameFixes,
};

// --- blocks ----------------------------------------------------------------------------------------

function commentOut({ line }: FixContext): Fix[] {
  return [fix('comment-out', [insertion(line, 0, '# ')])];
}

/** C47: the request line above was made a comment, and its headers were left. */
function uncomment({ lines, line }: FixContext): Fix[] {
  for (let at = line - 1; at >= 0 && /^\s{0,200}(?:#|\/\/)/.test(lines.lineAt(at)); at--) {
    const mark = /^\s{0,200}(?:#{1,2}|\/\/)\s{0,200}(?=[A-Z]{3,20}\s+\S)/.exec(lines.lineAt(at))?.[0];
    if (mark !== undefined) {
      return [fix('uncomment', [{ range: rangeOn(at, 0, mark.length), text: '' }], { preferred: true })];
    }
  }
  return [];
}

/** `%}` after the last line that is not blank before the next separator. */
function closeScript({ lines, line }: FixContext): Fix[] {
  let end = line;
  while (end + 1 < lines.lineCount && !lines.lineAt(end + 1).startsWith('###')) end++;
  while (end > line && lines.lineAt(end).trim() === '') end--;
  return [fix('close-script', [insertion(end, lines.lineAt(end).length, '\n%}')], { preferred: true })];
}

/** `}}` before the next request line after a blank line, or at the end of the block. */
function closeBlock({ lines, line, file }: FixContext): Fix[] {
  let end = line;
  const following = new Set(file.requests.map((request) => request.line - 1));
  while (end + 1 < lines.lineCount && !lines.lineAt(end + 1).startsWith('###') && !following.has(end + 1)) end++;
  while (end > line && lines.lineAt(end).trim() === '') end--;
  return [fix('close-block', [insertion(end, lines.lineAt(end).length, '\n}}')], { preferred: true })];
}

// --- parts of lines --------------------------------------------------------------------------------

/** The last characters of a range on one line. */
function atEnd({ end }: Range, length: number): Range {
  return rangeOn(end.line, end.character - length, end.character);
}

function withSpaceBefore(lines: TextLines, { start, end }: Range): Range {
  const before = lines.lineAt(start.line).slice(0, start.character).trimEnd();
  return rangeOn(start.line, before.length, end.character);
}

/** Spaces outside of `{{…}}` as `%20`. */
function withoutSpaces(text: string): string {
  return text.split(/(\{\{[^{}]{0,200}\}\})/).map((piece) =>
    piece.startsWith('{{') ? piece : piece.replaceAll(' ', '%20')).join('');
}

function timeUnit(written: string): string | undefined {
  const unit = written.toLowerCase();
  if (/^(?:milli|msec|ms)/.test(unit)) return 'ms';
  if (/^(?:sec|s$)/.test(unit)) return 's';
  return /^(?:min|m$)/.test(unit) ? 'm' : undefined;
}

/** A comment after JSON goes to a line of its own above, where it is not sent. */
function moveComment({ lines, line }: FixContext): Fix[] {
  const text = lines.lineAt(line);
  const from = commentStart(text);
  if (from < 0) return [];
  const indent = text.slice(0, text.search(/\S/));
  const kept = text.slice(0, from).trimEnd().length;
  return [fix('move-comment', [
    insertion(line, 0, `${indent}${text.slice(from).trim()}\n`),
    { range: rangeOn(line, kept, text.length), text: '' },
  ], { preferred: true })];
}

/** Where `//` starts outside of a JSON string, or -1. */
function commentStart(text: string): number {
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (!inString && character === '/' && text[at + 1] === '/') return at;
  }
  return -1;
}
