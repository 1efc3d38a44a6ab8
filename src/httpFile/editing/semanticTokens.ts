import { overridesAbove } from '../names/definitions.ts';
import type { TextLines } from '../position.ts';
import { requestNameFor } from '../names/requestNames.ts';
import { createScope } from '../names/scope.ts';
import type { OuterNames, Scope, ScopeOptions } from '../names/scope.ts';
import type { BodySegment, HttpFile, HttpRequest } from '../syntax.ts';
import { referencesIn } from '../names/variables.ts';
import { classify } from './classify.ts';
import type { KnownLater, NameClass } from './classify.ts';
import { promptedNames } from './hover.ts';
import { createRegions, lastBefore } from './region.ts';
import type { Located, Region } from './region.ts';
import type { TokenType } from './tokenTypes.ts';

/** A piece of one line; characters count from 0. */
interface SemanticToken {
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
  eachLine(file, lines, first, last, view, ({ line, text, piece, names }) => {
    const method = methodOn(file, line, text);
    if (method) tokens.push(method);
    if (piece) tokens.push({ line, ...piece });
    for (const { character, length, found } of names) {
      tokens.push({ line, character: character + 2, length: length - 4, type: typeOf(found) });
    }
  });
  return tokens;
}

/** The method of the request whose request line this is; one that is a name in braces is coloured as such. */
function methodOn(file: HttpFile, line: number, text: string): SemanticToken | undefined {
  const range = lastBefore(file.requests, line, ({ requestLine }) => requestLine.start.line)?.methodRange;
  if (!range || range.start.line !== line || text.startsWith('{{', range.start.character)) return undefined;
  const { character } = range.start;
  // The quoted method of a curl command may go on on the next line; a token does not.
  const end = range.end.line === line ? range.end.character : text.length;
  return end > character ? { line, character, length: end - character, type: 'httpMethod' } : undefined;
}

/** The names in braces of lines `first` to `last`, both included. */
export function namesIn(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView,
): PlacedName[] {
  const found: PlacedName[] = [];
  eachLine(file, lines, first, last, view, ({ names }) => found.push(...names));
  return found;
}

/** A line that may hold something to colour. */
interface Line {
  readonly line: number;
  readonly text: string;
  readonly names: readonly PlacedName[];
  /** The header's name, or the key of metadata. */
  readonly piece: Omit<SemanticToken, 'line'> | undefined;
}

function eachLine(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView, visit: (line: Line) => void,
): void {
  const read = createLineReader(file, lines, view);
  for (let line = Math.max(0, first); line <= last && line < lines.lineCount; line++) visit(read(line));
}

/** Reads names in braces line by line: what was found out about a line helps with those after it. */
export function createNameReader(
  file: HttpFile, lines: TextLines, view: NameView,
): (line: number) => readonly PlacedName[] {
  const read = createLineReader(file, lines, view);
  return (line) => lines.lineAt(line).includes('{{') ? read(line).names : [];
}

function createLineReader(file: HttpFile, lines: TextLines, view: NameView): (line: number) => Line {
  const regionAt = createRegions(file, lines);
  const names = new Names(file, view);
  return (line) => {
    const text = lines.lineAt(line);
    const piece = pieceOf(text);
    const references = text.includes('{{') ? namesOn(text) : [];
    // Where a line is takes looking around: only for those it matters for.
    const located = piece || references.length > 0 ? regionAt(line) : undefined;
    if (!located) return { line, text, names: [], piece: undefined };
    const { region, request } = located;
    const isKept = piece && (region.kind === 'head' || (region.kind === 'preamble' && piece.type === 'httpMetadata'));
    const classified = references.length > 0 && names.mayStandOn(line, text, located)
      ? references.map(({ name, offset, length }) => ({
        line, character: offset, length, name, region: region.kind, found: names.classify(name, line, request),
      })) : [];
    return { line, text, names: classified, piece: isKept ? piece : undefined };
  };
}

/** What names are on lines one after another. */
class Names {
  private readonly file: HttpFile;
  private readonly view: NameView;
  /** Names mean the same from the place of one definition that overrides another to the next. */
  private readonly scopes = new Map<number, Scope>();
  private request: HttpRequest | undefined;
  private prompted: ReadonlySet<string> = new Set();
  /** Lines of the body's segments that are not sent. */
  private readonly removed = new Map<BodySegment, ReadonlySet<number>>();
  private readonly later: KnownLater;

  constructor(file: HttpFile, view: NameView) {
    const { importedNames = [] } = view;
    this.file = file;
    this.view = view;
    this.later = {
      isPrompted: (name) => this.prompted.has(name),
      requestNameFor: (written) => requestNameFor(file, importedNames, written),
    };
  }

  classify(name: string, line: number, request: HttpRequest | undefined): NameClass {
    if (request !== this.request) {
      this.request = request;
      this.prompted = promptedNames(request);
    }
    return classify(name, this.scopeAt(request ? request.line - 1 : line), this.later);
  }

  /** Comments hold no names, nor do scripts and pasted responses; a body's comment lines only where they are sent. */
  mayStandOn(line: number, text: string, { region, request }: Located): boolean {
    if (region.kind === 'separator') return false;
    if (region.kind === 'element') {
      const { kind } = region.element;
      return kind === 'import' || kind === 'run' || kind === 'redirect' || kind === 'response-ref';
    }
    if (!/^\s{0,200}(?:#|\/\/)/.test(text)) return true;
    return region.kind === 'body' && this.isSent(line, request?.body ?? []);
  }

  private isSent(line: number, body: readonly BodySegment[]): boolean {
    const segment = lastBefore(body, line, ({ range }) => range.start.line);
    if (segment?.kind !== 'text' || segment.range.end.line < line) return false;
    const removed = this.removed.get(segment) ?? new Set(segment.removed);
    this.removed.set(segment, removed);
    return !removed.has(line);
  }

  private scopeAt(line: number): Scope {
    const { file, view } = this;
    const place = overridesAbove(file, line);
    const scope = this.scopes.get(place) ?? createScope(file, line, view.outer, view.scope);
    this.scopes.set(place, scope);
    return scope;
  }
}

/** The `{{…}}` of a line; of a very long one only those at its beginning. */
function namesOn(text: string): ReturnType<typeof referencesIn> {
  return referencesIn(text.length > longestLine ? text.slice(0, longestLine) : text);
}

const longestLine = 20_000;

/** What would be a header's name, or is the key of `# @key`. */
function pieceOf(text: string): Omit<SemanticToken, 'line'> | undefined {
  const metadata = /^\s{0,200}(?:#{1,20}|\/{2,20})\s{0,20}@(?=[\w-])/.exec(text.slice(0, 250))?.[0].length;
  if (metadata !== undefined) {
    const length = /^[\w-]{0,60}/.exec(text.slice(metadata, metadata + 60))![0].length;
    return { character: metadata, length, type: 'httpMetadata' };
  }
  const name = /^(\s{0,200})([\w!#$%&'*+.^`|~-]{1,200})\s{0,20}:/.exec(text.slice(0, 450));
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
