import { curlToHttp } from '../curl/toHttp.ts';
import type { TextChange } from '../textChange.ts';
import { requestAt } from '../position.ts';
import type { TextLines } from '../position.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, HttpRequest, Position, Range } from '../syntax.ts';
import { referencesIn } from '../names/variables.ts';
import { comparePositions, holds, rangeOn, textIn } from './edits.ts';
import { declaration } from './quickFixNames.ts';

/** A rearrangement that sends the same; its title is in `explain/text/quickFix`. */
export interface Refactoring {
  readonly id: 'extract-variable' | 'move-origin' | 'write-request';
  readonly places: Readonly<Record<string, string>>;
  readonly edits: readonly TextChange[];
  /** Where a new name stands after the edits, to be typed over. */
  readonly name?: Position;
}

/** What can be done with a selection; an empty one is a cursor. */
export function refactorings(file: HttpFile, lines: TextLines, selection: Range): Refactoring[] {
  const { start } = selection;
  return [
    extractVariable(file, lines, selection), moveOrigin(file, lines, start), writeRequest(file, lines, start),
  ].filter((one) => one !== undefined);
}

// --- extract ---------------------------------------------------------------------------------------

/** Selected text of a URL, header value or body on one line becomes a variable of the file. */
function extractVariable(file: HttpFile, lines: TextLines, selection: Range): Refactoring | undefined {
  const { start, end } = selection;
  if (start.line !== end.line || start.character === end.character) return undefined;
  const text = textIn(lines, selection);
  // White space around a value is not part of it, and half a `{{name}}` is none.
  if (text.trim() !== text || cutsReference(lines.lineAt(start.line), start.character, end.character)) return undefined;
  const request = requestAt(file, start.line);
  const place = request && placeOf(request, selection);
  if (!request || !place) return undefined;
  const name = freeName(file, suggestedName(request, place, lines, selection));
  const define = declaration(file, lines, name, text.replace(/\\(?=[nrt\\])/g, '\\\\'));
  return refactoring('extract-variable', name, [define, { range: selection, text: `{{${name}}}` }], define);
}

type Place = 'url' | 'header' | 'body';

function placeOf(
  { urlRange, urlPieces = [urlRange], headers, body = [] }: HttpRequest, range: Range,
): Place | undefined {
  const inside = (outer: Range) => holds(outer, range.start) && holds(outer, range.end);
  if (urlPieces.some(inside)) return 'url';
  if (headers.some(({ valueRange }) => inside(valueRange))) return 'header';
  const isText = body.some((segment) =>
    segment.kind === 'text' && inside(segment.range) && !segment.removed?.includes(range.start.line));
  return isText ? 'body' : undefined;
}

function cutsReference(text: string, from: number, to: number): boolean {
  return referencesIn(text).some(({ offset, length }) =>
    (offset < from && from < offset + length) || (offset < to && to < offset + length));
}

const beforeParameter = /[?&]([\w.-]{1,60})=$/;
const beforeMember = /(?:"|^|&)([A-Za-z_][\w.-]{0,60})(?:"\s{0,20}:\s{0,20}"?|=)$/;

/** What the text is called where it stands: a header, a query parameter, a member of an object. */
function suggestedName(request: HttpRequest, place: Place, lines: TextLines, { start }: Range): string {
  const before = lines.lineAt(start.line).slice(0, start.character);
  if (place === 'header') {
    const header = request.headers.find(({ range }) => holds(range, start));
    return camel(header?.name ?? 'value');
  }
  const found = (place === 'url' ? beforeParameter : beforeMember).exec(before)?.[1];
  if (found !== undefined) return camel(found);
  return place === 'url' && /(?:^|\s)$/.test(before) ? 'host' : 'value';
}

/** `Content-Type` as `contentType`. */
function camel(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, index) =>
    index === 0 ? word[0]!.toLowerCase() + word.slice(1) : word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(joined) ? joined : 'value';
}

function freeName({ variables }: HttpFile, wanted: string): string {
  const names = new Set(variables.map(({ name }) => name));
  let number = 2;
  if (!names.has(wanted)) return wanted;
  while (names.has(`${wanted}${number}`)) number++;
  return `${wanted}${number}`;
}

// --- move the origin -------------------------------------------------------------------------------

/** `https://example.com/a` becomes `{{host}}/a` in every request of the file that has the same origin. */
function moveOrigin(file: HttpFile, lines: TextLines, position: Position): Refactoring | undefined {
  const request = requestAt(file, position.line);
  if (!request || !holds(request.requestLine, position)) return undefined;
  const origin = originOf(request.url);
  if (origin === undefined) return undefined;
  const known = file.variables.filter(({ name }) => name === 'host');
  const reuses = known.length === 1 && known[0]!.value === origin && isAbove(known[0]!.range, request);
  const name = reuses ? 'host' : freeName(file, 'host');
  const uses = file.requests.filter(({ url }) => originOf(url) === origin).map(({ urlRange: { start } }) => ({
    range: rangeOn(start.line, start.character, start.character + origin.length), text: `{{${name}}}`,
  })).filter(({ range }) => textIn(lines, range) === origin);
  if (uses.length === 0) return undefined;
  if (!reuses) {
    const define = declaration(file, lines, name, origin);
    return refactoring('move-origin', name, [define, ...uses], define);
  }
  const at = known[0]!.nameRange.start;
  return { id: 'move-origin', places: { name }, edits: uses, name: { line: at.line, character: at.character } };
}

function isAbove(range: Range, request: HttpRequest): boolean {
  return comparePositions(range.start, request.requestLine.start) < 0;
}

/** Scheme and authority (RFC 3986 §3) as written, when no variable stands in them. */
function originOf(url: string): string | undefined {
  return /^https?:\/\/[^\s/?#{}]{1,300}(?=[/?#]|$)/i.exec(url)?.[0];
}

/** The name is typed over where it is defined: on the line that the definition adds. */
function refactoring(
  id: Refactoring['id'], name: string, edits: TextChange[], define: TextChange,
): Refactoring {
  const onOwnLine = define.text.startsWith('\n') ? 1 : 0;
  const { line } = define.range.start;
  return { id, places: { name }, edits, name: { line: line + onOwnLine, character: 1 } };
}

// --- write a curl command as a request -------------------------------------------------------------

/** The command that starts or goes on at a line, when a request can say all of it. */
function writeRequest(file: HttpFile, lines: TextLines, position: Position): Refactoring | undefined {
  const request = requestAt(file, position.line);
  if (!request || !request.isCommand) return undefined;
  const { line } = request.requestLine.start;
  const last = lastLineOf(request);
  if (position.line < line || position.line > last) return undefined;
  const range = rangeBetween({ line, character: 0 }, { line: last, character: lines.lineAt(last).length });
  const written = curlToHttp(textIn(lines, range));
  if (!written || written.unknown.length > 0) return undefined;
  const isSeparated = (one: HttpRequest) => lines.lineAt(one.range.start.line).trimStart().startsWith('###');
  const after = file.requests[request.index + 1];
  const above = request.index > 0 && !isSeparated(request) ? '\n###\n\n' : '';
  const below = after && !isSeparated(after) ? '\n\n###\n' : '';
  const text = above + written.text.trimEnd() + below;
  return { id: 'write-request', places: {}, edits: [{ range, text }] };
}

/** Of a command: its words may go over several lines. */
function lastLineOf({ requestLine, urlRange, headers, body = [], metadata }: HttpRequest): number {
  const ranges = [requestLine, urlRange, ...[...headers, ...body, ...metadata].map(({ range }) => range)];
  return Math.max(...ranges.map(({ end }) => end.line));
}
