import type { TextLines } from '../position.ts';
import { createScope } from '../scope.ts';
import type { OuterNames, Scope, ScopeOptions } from '../scope.ts';
import type { HttpFile, HttpRequest } from '../syntax.ts';
import { referencesIn } from '../variables.ts';
import { classify } from './classify.ts';
import type { NameClass } from './classify.ts';
import { regionAt } from './region.ts';
import type { Region } from './region.ts';
import type { TokenType } from './tokenTypes.ts';

/** A piece of one line; characters count from 0. */
export interface SemanticToken {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly type: TokenType;
}

export interface NameView {
  readonly outer: OuterNames;
  readonly scope?: ScopeOptions;
  readonly importedNames?: readonly string[];
}

/** A name in braces on one line, with what it is; `length` includes the braces. */
export interface PlacedName {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly name: string;
  readonly region: Region['kind'];
  readonly found: NameClass;
}

/** The tokens of lines `first` to `last`, both included: nothing else of the file is looked at. */
export function semanticTokensIn(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView,
): SemanticToken[] {
  const tokens: SemanticToken[] = [];
  eachLine(file, lines, first, last, view, (line, text, region, request, classified) => {
    if (region.kind === 'request-line' && request?.methodRange?.start.line === line) {
      const { start, end } = request.methodRange;
      const isName = text.startsWith('{{', start.character);
      const { character } = start;
      if (!isName) tokens.push({ line, character, length: end.character - character, type: 'httpMethod' });
    }
    const piece = region.kind === 'head' || region.kind === 'preamble' ? pieceOf(text, region.kind) : undefined;
    if (piece) tokens.push({ line, ...piece });
    for (const { character, length, found } of classified) {
      tokens.push({ line, character: character + 2, length: length - 4, type: typeOf(found) });
    }
  });
  return tokens;
}

/** The names in braces of lines `first` to `last`, both included. */
export function namesIn(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView,
): PlacedName[] {
  const names: PlacedName[] = [];
  eachLine(file, lines, first, last, view, (_line, _text, _region, _request, classified) => names.push(...classified));
  return names;
}

type Visit = (
  line: number, text: string, region: Region, request: HttpRequest | undefined, names: readonly PlacedName[],
) => void;

function eachLine(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView, visit: Visit,
): void {
  const scopes = new Map<number, Scope>();
  let requestNames: readonly string[] | undefined;
  const names = (): readonly string[] =>
    requestNames ??= [...file.requests.flatMap(({ name }) => name ?? []), ...view.importedNames ?? []];
  const scopeAt = (line: number): Scope => {
    const scope = scopes.get(line) ?? createScope(file, line, view.outer, view.scope);
    scopes.set(line, scope);
    return scope;
  };
  for (let line = Math.max(0, first); line <= last && line < lines.lineCount; line++) {
    const text = lines.lineAt(line);
    const { region, request } = regionAt(file, lines, line);
    const holdsNames = text.includes('{{') && mayHoldNames(text, region, request);
    const scope = holdsNames ? scopeAt(request ? request.line - 1 : line) : undefined;
    visit(line, text, region, request, scope ? namesOn(text).map(({ name, offset, length }) => ({
      line, character: offset, length, name, region: region.kind, found: classify(name, scope, request, names),
    })) : []);
  }
}

/** The `{{…}}` of a line; of a very long one only those at its beginning. */
function namesOn(text: string): ReturnType<typeof referencesIn> {
  return referencesIn(text.length > longestLine ? text.slice(0, longestLine) : text);
}

const longestLine = 20_000;

/** Comments hold no names, nor do scripts and pasted responses; a body's comment lines only where they are sent. */
function mayHoldNames(text: string, region: Region, request: HttpRequest | undefined): boolean {
  if (region.kind === 'separator') return false;
  if (region.kind === 'element') {
    const { kind } = region.element;
    return kind === 'import' || kind === 'run' || kind === 'redirect' || kind === 'response-ref';
  }
  if (!/^\s{0,200}(?:#|\/\/)/.test(text)) return true;
  return region.kind === 'body' && (request?.body?.some((segment) =>
    segment.kind === 'text' && segment.removed === undefined && segment.text.includes(text)) ?? false);
}

/** The header's name, or the key of `# @key`. */
function pieceOf(text: string, region: 'head' | 'preamble'): Omit<SemanticToken, 'line'> | undefined {
  const metadata = /^\s{0,200}(?:#{1,20}|\/{2,20})\s{0,20}@(?=[\w-])/.exec(text.slice(0, 250))?.[0].length;
  if (metadata !== undefined) {
    const length = /^[\w-]{0,60}/.exec(text.slice(metadata, metadata + 60))![0].length;
    return { character: metadata, length, type: 'httpMetadata' };
  }
  const name = region === 'head' ? /^(\s{0,200})([\w!#$%&'*+.^`|~-]{1,200})\s{0,20}:/.exec(text.slice(0, 450)) : null;
  if (!name || name[2]!.startsWith('#')) return undefined;
  return { character: name[1]!.length, length: name[2]!.length, type: 'httpHeader' };
}

function typeOf(found: NameClass): TokenType {
  switch (found.kind) {
    case 'resolved': return 'resolvedVariable';
    case 'dynamic': return 'dynamicVariable';
    case 'response': return found.request === undefined ? 'unresolvedVariable' : 'responseReference';
    case 'unresolved': return 'unresolvedVariable';
  }
}
