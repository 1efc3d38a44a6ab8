import { headerValue, isTokenCode } from '../parser/header.ts';
import { mediaTypeOf } from '../content/mediaType.ts';
import type { TextLines } from '../position.ts';
import type { Element, HttpFile, HttpRequest, Position } from '../syntax.ts';
import { commentPlace, curlPlace, directivePlace, requestLinePlace, targetPlace, variablePlace } from './linePlace.ts';
import { isInPartHead } from './partPlace.ts';
import { referencePlace } from './referencePlace.ts';
import { regionAt } from './region.ts';
import type { Region } from './region.ts';
import { emptyToken, restOfLine, skipSpaces, tokenOf, trimmedEnd } from './token.ts';
import type { Cursor, Token } from './token.ts';

export type { Token } from './token.ts';

/** What a file path is written for. */
export type PathUse = 'include' | 'script' | 'output' | 'response' | 'import' | 'run';

/** What stands at a position; for a place where something could stand, the token is empty. */
export type Place =
  /** `###` and the title after it. */
  | { readonly kind: 'separator'; readonly token: Token }
  | { readonly kind: 'comment' }
  /** After `# @`, without the `@`. */
  | { readonly kind: 'metadata-key'; readonly token: Token; readonly hasValue: boolean }
  /** `key` as written, in lower case. */
  | { readonly kind: 'metadata-value'; readonly key: string; readonly token: Token }
  /** After `@`, without it. */
  | { readonly kind: 'variable-name'; readonly token: Token }
  | { readonly kind: 'variable-value'; readonly name: string; readonly token: Token }
  /** Where a request could begin. `free`: the block has none yet, so a whole one may be put here. */
  | { readonly kind: 'request-start'; readonly token: Token; readonly free: boolean }
  /** `alone`: nothing follows on the line. */
  | { readonly kind: 'method'; readonly token: Token; readonly alone: boolean }
  /** The part of the URL on this line; `first` says that it begins here. */
  | { readonly kind: 'url'; readonly token: Token; readonly first: boolean }
  | { readonly kind: 'http-version'; readonly token: Token }
  /** `hasColon`: so only the name is missing. `pasted`: of a response, `ofPart`: of a multipart body's part. */
  | {
    readonly kind: 'header-name'; readonly token: Token; readonly hasColon: boolean; readonly pasted?: true;
    readonly ofPart?: true;
  }
  /** `name` as written. */
  | { readonly kind: 'header-value'; readonly name: string; readonly token: Token; readonly pasted?: true }
  | { readonly kind: 'path'; readonly use: PathUse; readonly token: Token }
  /**
   * Inside `{{…}}`, without the braces, the white space and a leading `%`. `closing` is what stands behind it: both
   * braces, one, or none yet.
   */
  | {
    readonly kind: 'reference'; readonly token: Token; readonly closing: '' | '}' | '}}';
    readonly region: Region['kind'];
  }
  | { readonly kind: 'status-code'; readonly token: Token }
  | { readonly kind: 'assert'; readonly token: Token }
  | { readonly kind: 'body'; readonly mediaType: string }
  | { readonly kind: 'script' }
  /** A curl command, there the word that begins with a hyphen, else nothing. */
  | { readonly kind: 'curl'; readonly token: Token };

export type Context = Place & {
  /** The request whose block this is in, when there is one. */
  readonly request?: HttpRequest;
};

/**
 * What is at a position, also in a text that is half typed: the tree of the file says which part of a block it is in,
 * the text of the line what stands there. Costs as much as the block is long at most.
 */
export function contextAt(file: HttpFile, lines: TextLines, position: Position): Context {
  const text = lines.lineAt(position.line);
  const cursor = { text, line: position.line, character: Math.min(position.character, text.length) };
  const { region, request } = regionAt(file, lines, position.line);
  const place = placeIn(region, request, cursor, lines);
  return request ? { ...place, request } : place;
}

function placeIn(
  region: Region, request: HttpRequest | undefined, cursor: Cursor, lines: TextLines,
): Place {
  const mayHoldNames = region.kind !== 'separator'
    && (region.kind !== 'element' || isPathElement(region.element)) && !isComment(cursor.text, region, request);
  const reference = mayHoldNames ? referencePlace(cursor, region.kind) : undefined;
  if (reference) return reference;
  switch (region.kind) {
    case 'separator': return separatorPlace(cursor);
    case 'preamble': return preamblePlace(cursor, region.empty);
    case 'request-line': return requestPlace(region.continued, request, cursor, lines);
    case 'head': return isCurl(request, lines) ? curlPlace(cursor) : headPlace(cursor, request);
    case 'body': return bodyPlace(cursor, region.variable, request, lines);
    case 'element': return elementPlace(region.element, cursor);
  }
}

// --- lines -------------------------------------------------------------------------------------------

function separatorPlace(cursor: Cursor): Place {
  let from = 0;
  while (cursor.text[from] === '#') from++;
  return { kind: 'separator', token: restOfLine(cursor, skipSpaces(cursor.text, from)) };
}

function isComment(text: string, region: Region, request: HttpRequest | undefined): boolean {
  if (!/^\s{0,200}(?:#|\/\/)/.test(text)) return false;
  return region.kind !== 'body' || request?.body === undefined;
}

function preamblePlace(cursor: Cursor, free: boolean): Place {
  const { text } = cursor;
  const first = skipSpaces(text, 0);
  if (first === text.length) return { kind: 'request-start', token: emptyToken(cursor), free };
  if (text[first] === '#' || text.startsWith('//', first)) return commentPlace(cursor, first);
  if (text.startsWith('/*', first)) return { kind: 'comment' };
  if (text[first] === '@') return variablePlace(cursor, first);
  return directivePlace(cursor, first) ?? lonePlace(cursor, first);
}

/** The first line of a block: a request line, or a header whose request line is missing (C47). */
function lonePlace(cursor: Cursor, first: number): Place {
  const isHeader = /^[\w-]{1,80}\s{0,20}:(?:\s|$)/.test(cursor.text.slice(first, first + 120));
  return isHeader ? fieldPlace(cursor, first) : requestLinePlace(cursor, first);
}

// --- the request line --------------------------------------------------------------------------------

function isCurl(request: HttpRequest | undefined, lines: TextLines): boolean {
  return request !== undefined && /^\s{0,200}curl(?:\s|$)/i.test(lines.lineAt(request.requestLine.start.line));
}

function requestPlace(
  continued: boolean, request: HttpRequest | undefined, cursor: Cursor, lines: TextLines,
): Place {
  if (isCurl(request, lines)) return curlPlace(cursor);
  const first = skipSpaces(cursor.text, 0);
  if (!continued) return directivePlace(cursor, first) ?? requestLinePlace(cursor, first);
  if (/^(?:#|\/\/)/.test(cursor.text.slice(first, first + 2))) return commentPlace(cursor, first);
  return targetPlace(cursor, first, false);
}

// --- headers -----------------------------------------------------------------------------------------

function headPlace(cursor: Cursor, request: HttpRequest | undefined): Place {
  const { text, line } = cursor;
  const first = skipSpaces(text, 0);
  if (text[first] === '#' || text.startsWith('//', first)) return commentPlace(cursor, first);
  if (text[first] === '?' || text[first] === '&') return targetPlace(cursor, first, false);
  if (text.startsWith('/*', first)) return { kind: 'comment' };
  const folded = request?.headers.find(({ range }) => range.start.line < line && line <= range.end.line);
  if (folded) return { kind: 'header-value', name: folded.name, token: restOfLine(cursor, first) };
  return fieldPlace(cursor, first);
}

function fieldPlace(cursor: Cursor, first: number): Place {
  const { text, character } = cursor;
  let nameEnd = text[first] === ':' ? first + 1 : first;
  while (nameEnd < text.length && isNameCode(text, nameEnd)) nameEnd++;
  const colon = skipSpaces(text, nameEnd);
  const hasColon = text[colon] === ':';
  if (hasColon && character > colon) {
    const from = Math.min(skipSpaces(text, colon + 1), character);
    return { kind: 'header-value', name: text.slice(first, nameEnd), token: restOfLine(cursor, from) };
  }
  const from = Math.min(first, character);
  return { kind: 'header-name', token: tokenOf(cursor, from, Math.max(nameEnd, character)), hasColon };
}

/** A field name may hold a variable. */
function isNameCode(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isTokenCode(code) || code === 0x7b || code === 0x7d;
}

// --- bodies and what follows them --------------------------------------------------------------------

function bodyPlace(
  cursor: Cursor, variable: boolean, request: HttpRequest | undefined, lines: TextLines,
): Place {
  const { text } = cursor;
  if (variable) return variablePlace(cursor, skipSpaces(text, 0));
  const path = outsidePath(cursor);
  if (path) return path;
  if (/^\?\?(?:\s|$)/.test(text)) return assertPlace(cursor);
  if (isInPartHead(lines, cursor.line, request)) return partFieldPlace(cursor);
  return { kind: 'body', mediaType: mediaTypeOf(request && headerValue(request, 'content-type')) };
}

/** RFC 7578 §4.8: a part has fields of its own. */
function partFieldPlace(cursor: Cursor): Place {
  const place = fieldPlace(cursor, skipSpaces(cursor.text, 0));
  return place.kind === 'header-name' ? { ...place, ofPart: true } : place;
}

/** `< body.json`, `<@utf8 body.json`, `> script.js`, `>> output.json`, `<> earlier.json`, all in the first column. */
function outsidePath(cursor: Cursor): Place | undefined {
  const { text, character } = cursor;
  const mark = /^(?:<(?:@\w{0,40})?|>|>>!?|<>)(?=\s)/.exec(text.slice(0, 50))?.[0];
  if (mark === undefined || character <= mark.length) return undefined;
  const from = skipSpaces(text, mark.length);
  if (text.startsWith('{%', from)) return { kind: 'script' };
  const use = mark === '>' ? 'script' : mark === '<>' ? 'response' : mark.startsWith('>>') ? 'output' : 'include';
  return { kind: 'path', use, token: restOfLine(cursor, Math.min(from, character)) };
}

/** `?? status == 200`: of the code only that, else what is written so far. */
function assertPlace(cursor: Cursor): Place {
  const { text, character } = cursor;
  const from = skipSpaces(text, 2);
  const code = /^status\s{1,20}[=!<>]{1,2}\s{0,20}(\d{3})\s{0,20}$/.exec(text.slice(from, from + 80));
  const start = code ? text.lastIndexOf(code[1]!) : -1;
  if (code && character >= start && character <= start + 3) {
    return { kind: 'status-code', token: tokenOf(cursor, start, start + 3) };
  }
  return { kind: 'assert', token: restOfLine(cursor, Math.min(from, character)) };
}

function isPathElement({ kind }: Element): boolean {
  return kind === 'import' || kind === 'run' || kind === 'redirect' || kind === 'response-ref';
}

function elementPlace(element: Element, cursor: Cursor): Place {
  switch (element.kind) {
    case 'import': case 'run': case 'pre-script':
      return singleLine(element)
        ? directivePlace(cursor, skipSpaces(cursor.text, 0)) ?? { kind: 'comment' } : { kind: 'script' };
    case 'post-script': return singleLine(element) ? outsidePath(cursor) ?? { kind: 'script' } : { kind: 'script' };
    case 'redirect': case 'response-ref': return outsidePath(cursor) ?? { kind: 'comment' };
    case 'assert': return assertPlace(cursor);
    case 'example-response': return pastedPlace(element, cursor);
    case 'js-block': case 'spread': case 'fragment': case 'message': return { kind: 'script' };
  }
}

function singleLine({ range }: Element): boolean {
  return range.start.line === range.end.line;
}

/** RFC 9112 §4: the status line of a response that was pasted in, and its fields up to the blank line. */
function pastedPlace(element: Element, cursor: Cursor): Place {
  const { text, line } = cursor;
  if (line === element.range.start.line) {
    const head = /^\s{0,200}HTTP\/\d(?:\.\d)?\s{1,20}/.exec(text.slice(0, 240))?.[0].length ?? 0;
    return cursor.character < head
      ? { kind: 'http-version', token: tokenOf(cursor, skipSpaces(text, 0), trimmedEnd(text.slice(0, head))) }
      : { kind: 'status-code', token: tokenOf(cursor, head, head + 3) };
  }
  const above = element.text.split('\n', line - element.range.start.line);
  if (above.some((one) => one.trim() === '')) return { kind: 'body', mediaType: '' };
  const place = fieldPlace(cursor, skipSpaces(text, 0));
  return place.kind === 'header-name' || place.kind === 'header-value' ? { ...place, pasted: true } : place;
}
