import { isSpace } from '../parser/lines.ts';

/** A part of an expression, in UTF-16 units from its start. */
interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** A value of an exchange that was recorded earlier, as `{{login.response.body.$.token}}` names it (C23). */
export interface ResponseReference {
  /** The request's name as written; {@link referencedName} finds the request it means. */
  readonly request: string;
  readonly part: 'request' | 'response';
  readonly of: 'body' | 'headers' | 'cookies' | 'status';
  /** `*` or empty for the whole body; a JSONPath, an XPath, the name of a header or of a cookie. */
  readonly path: string;
  /** How to read the body, whatever its media type says. */
  readonly as?: 'json' | 'xml';
  /** Where the parts stand in the expression; a fallback form has no `part` or `of` of its own. */
  readonly pieces: {
    readonly request: Piece;
    readonly part?: Piece;
    readonly of?: Piece;
    readonly path: Piece;
  };
}

/** Longer than any sensible reference. */
const longest = 1000;

/**
 * Reads `name.(response|request).(body|headers|cookies|status)…`, without the braces, by hand and in one pass.
 * Undefined when the expression is something else. A leading `%` must be taken off before.
 */
export function parseReference(expression: string): ResponseReference | undefined {
  if (expression.length > longest) return undefined;
  for (let dot = expression.indexOf('.'); dot > 0; dot = expression.indexOf('.', dot + 1)) {
    const part = wordAt(expression, dot + 1);
    if (part !== 'response' && part !== 'request') continue;
    if (!isRequestName(expression, dot)) return undefined;
    const start = { request: { offset: 0, length: dot }, part: { offset: dot + 1, length: part.length } };
    return ofPart(expression, dot + 1 + part.length, { request: expression.slice(0, dot), part, start });
  }
  return undefined;
}

interface Start {
  readonly request: string;
  readonly part: 'request' | 'response';
  readonly start: { readonly request: Piece; readonly part?: Piece };
}

/** What follows `name.response`; nothing means the whole body. */
function ofPart(expression: string, from: number, found: Start): ResponseReference | undefined {
  if (from === expression.length) return bodyFrom(expression, from, found, undefined);
  if (expression[from] !== '.') return undefined;
  const forced = formatAt(expression, from + 1);
  if (forced) {
    const after = from + 1 + forced.length;
    const inner = expression.startsWith('.body', after) && !isWordCode(expression.charCodeAt(after + 5))
      ? after + 5 : after;
    return bodyFrom(expression, inner, found, forced.as);
  }
  const of = wordAt(expression, from + 1);
  const piece = { offset: from + 1, length: of.length };
  const after = from + 1 + of.length;
  switch (of) {
    case 'body': {
      const inner = expression[after] === '.' ? formatAt(expression, after + 1) : undefined;
      return bodyFrom(expression, inner ? after + 1 + inner.length : after, found, inner?.as, piece);
    }
    case 'headers': case 'header': return fieldFrom(expression, after, found, 'headers', piece);
    case 'cookies': case 'cookie': return fieldFrom(expression, after, found, 'cookies', piece);
    case 'status': case 'statusCode': case 'code':
      return after === expression.length
        ? referenceOf(found, 'status', '', { offset: after, length: 0 }, piece) : undefined;
    default: return undefined;
  }
}

/** `asJson`, `asXml` in any case. */
function formatAt(expression: string, from: number): { as: 'json' | 'xml'; length: number } | undefined {
  const word = wordAt(expression, from).toLowerCase();
  if (word === 'asjson') return { as: 'json', length: 6 };
  return word === 'asxml' ? { as: 'xml', length: 5 } : undefined;
}

function bodyFrom(
  expression: string, from: number, found: Start, as: 'json' | 'xml' | undefined, of?: Piece,
): ResponseReference | undefined {
  const next = expression[from];
  if (next !== undefined && next !== '.' && next !== '[' && next !== '/') return undefined;
  const start = next === '.' ? from + 1 : from;
  const piece = { offset: start, length: expression.length - start };
  const reference = referenceOf(found, 'body', expression.slice(start), piece, of);
  return as ? { ...reference, as } : reference;
}

/** `.Name`, `['Name']`, `.get("Name")`; a cookie may end in `.value`. */
function fieldFrom(
  expression: string, from: number, found: Start, of: 'headers' | 'cookies', ofPiece: Piece,
): ResponseReference | undefined {
  const name = fieldNameAt(expression, from, of === 'cookies' ? '.value' : '');
  if (!name || name.length === 0) return undefined;
  const rest = expression.slice(name.end);
  const isWhole = rest === '' || (of === 'cookies' && rest === '.value')
    || (of === 'headers' && /^\[\d{1,3}\]$/.test(rest));
  const path = expression.slice(name.offset, name.offset + name.length);
  return isWhole
    ? referenceOf(found, of, path, { offset: name.offset, length: name.length }, ofPiece) : undefined;
}

/** The name that `.name` or `['name']` gives; without the suffix when there is more before it. */
function fieldNameAt(
  expression: string, from: number, suffix: string,
): (Piece & { end: number }) | undefined {
  const opening = expression.startsWith('.get(', from) ? 5 : expression[from] === '[' ? 1 : 0;
  if (opening > 0) return quotedNameAt(expression, from + opening, opening === 5 ? ')' : ']');
  if (expression[from] !== '.') return undefined;
  let end = from + 1;
  while (end < expression.length && isFieldCode(expression.charCodeAt(end))) end++;
  // A name may hold dots; the last one of a cookie may be that of `.value`.
  const shorter = end - suffix.length;
  if (shorter > from + 1 && expression.startsWith(suffix, shorter)) end = shorter;
  return end > from + 1 ? { offset: from + 1, length: end - from - 1, end } : undefined;
}

/** RFC 9110 §5.6.2: what a token may hold, the dot included. */
function isFieldCode(code: number): boolean {
  return code > 0x20 && code < 0x7f && !'[](){}<>@,;:\\"/?='.includes(String.fromCharCode(code));
}

function quotedNameAt(
  expression: string, from: number, closing: string,
): (Piece & { end: number }) | undefined {
  const quote = expression[from];
  if (quote !== '"' && quote !== "'") return undefined;
  const close = expression.indexOf(quote, from + 1);
  if (close < 0 || expression[close + 1] !== closing) return undefined;
  return { offset: from + 1, length: close - from - 1, end: close + 2 };
}

function referenceOf(
  { request, part, start }: Start, of: ResponseReference['of'], path: string, pathPiece: Piece,
  ofPiece: Piece | undefined,
): ResponseReference {
  return { request, part, of, path, pieces: { ...start, ...(ofPiece ? { of: ofPiece } : {}), path: pathPiece } };
}

/** The letters from there on. */
function wordAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
  return text.slice(from, end);
}

function isWordCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
    || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x24;
}

/** No white space and no `$` at the start: that would be a dynamic variable. */
function isRequestName(expression: string, end: number): boolean {
  if (expression[0] === '$' || expression[0] === '%') return false;
  for (let at = 0; at < end; at++) if (isSpace(expression.charCodeAt(at))) return false;
  return true;
}

// --- httpYac's forms ---------------------------------------------------------------------------------

/**
 * httpYac's `{{login.token}}` (a member of the response's JSON) and `{{loginResponse.statusCode}}`,
 * `.headers.x`, `.body`, `.parsedBody.x`. For names that no variable has, so `isName` says which requests there are.
 */
export function parseFallbackReference(
  expression: string, isName: (name: string) => boolean,
): ResponseReference | undefined {
  if (expression.length > longest) return undefined;
  const name = wordAt(expression, 0);
  const next = expression[name.length];
  if (name === '' || name.startsWith('$') || (next !== '.' && next !== '[')) return undefined;
  const request = { offset: 0, length: name.length };
  if (isName(name)) {
    return bodyFrom(expression, name.length, { request: name, part: 'response', start: { request } }, 'json');
  }
  if (!name.endsWith('Response') || !isName(name.slice(0, -8))) return undefined;
  const start = { request: { offset: 0, length: name.length - 8 }, part: { offset: name.length - 8, length: 8 } };
  return ofResponseObject(expression, name.length, { request: name.slice(0, -8), part: 'response', start });
}

function ofResponseObject(expression: string, from: number, found: Start): ResponseReference | undefined {
  const member = expression[from] === '.' ? wordAt(expression, from + 1) : '';
  if (member !== 'parsedBody') return ofPart(expression, from, found);
  const piece = { offset: from + 1, length: member.length };
  return bodyFrom(expression, from + 1 + member.length, found, 'json', piece);
}

// --- names -------------------------------------------------------------------------------------------

/**
 * Which of the names of requests a reference means (C15): the exact one, else the one that reads the same in
 * camelCase, else with every `-`, `.` and space as `_`. Undefined when none does.
 */
export function referencedName(written: string, names: Iterable<string>): string | undefined {
  let [camel, underscored]: (string | undefined)[] = [];
  for (const name of names) {
    if (name === written) return name;
    if (camel === undefined && camelCase(name) === written) camel = name;
    if (underscored === undefined && underscoredName(name) === written) underscored = name;
  }
  return camel ?? underscored;
}

/** `get-user.one` as `getUserOne`. */
export function camelCase(name: string): string {
  const [first = '', ...others] = wordsOf(name);
  return first + others.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** `get-user.one` as `get_user_one`. */
export function underscoredName(name: string): string {
  return wordsOf(name).join('_');
}

function wordsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{N}_$]/u).filter((word) => word !== '');
}
