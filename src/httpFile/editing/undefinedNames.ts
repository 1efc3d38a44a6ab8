import type { TextLines } from '../position.ts';
import type { HttpFile, HttpRequest } from '../syntax.ts';
import { lastBefore } from './region.ts';
import { createNameReader } from './semanticTokens.ts';
import type { NameView, PlacedName } from './semanticTokens.ts';

/** So many names are found of a file; more are nobody's list to go through. */
export const mostUndefined = 1000;

/** Lines, both included. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** Looks through a whole file for names that nobody can know, as long at a time as there is time. */
export interface UndefinedSearch {
  /**
   * Begins anew with the text as it is now, with the requests in `visible` lines. What was found in requests that are
   * the same as before is kept, unless names were defined since.
   */
  begin(file: HttpFile, lines: TextLines, view: NameView, visible: readonly LineSpan[]): void;
  /** Goes on until `isOver`, which is asked after every few lines. True when there is nothing left to look at. */
  goOn(isOver: () => boolean): boolean;
  /** What was found since `begin`, in the order of the lines; at most {@link mostUndefined}. */
  found(): readonly PlacedName[];
  /** What the names outside of the file mean has changed. */
  forget(): void;
}

/** After so many lines a search looks whether it is over. */
const linesAtATime = 16;

/** A search that has not begun, and remembers nothing. */
export function createUndefinedSearch(): UndefinedSearch {
  let known = new Known();
  let units: (readonly PlacedName[])[] = [];
  let count = 0;
  let search: Generator<void, void> | undefined;

  function* searchAll(at: Searched, visible: readonly LineSpan[]): Generator<void, void> {
    for (const unit of unitsInOrder(at.file, visible)) {
      if (count >= mostUndefined) return;
      const names = yield* searchUnit(at, unit, known);
      units[unit] = names;
      count += names.length;
    }
  }

  return {
    begin: (file, lines, view, visible) => {
      known = known.stillRight(file, view);
      units = [];
      count = 0;
      search = searchAll({ file, lines, namesOn: createNameReader(file, lines, view) }, visible);
    },
    goOn: (isOver) => {
      while (search) {
        if (search.next().done) search = undefined;
        else if (isOver()) return false;
      }
      return true;
    },
    found: () => units.flat().slice(0, mostUndefined),
    forget: () => { known = new Known(); },
  };
}

interface Searched {
  readonly file: HttpFile;
  readonly lines: TextLines;
  namesOn(line: number): readonly PlacedName[];
}

/**
 * What was found in requests, by lines counted from the request's first: true as long as the same names are defined.
 */
class Known {
  readonly found = new WeakMap<HttpRequest, readonly PlacedName[]>();
  private readonly defined: readonly string[];
  private readonly imported: readonly string[] | undefined;

  constructor(defined: readonly string[] = [], imported?: readonly string[]) {
    this.defined = defined;
    this.imported = imported;
  }

  stillRight(file: HttpFile, { importedNames }: NameView): Known {
    const defined = definedIn(file);
    const isSame = importedNames === this.imported && defined.length === this.defined.length
      && defined.every((name, at) => name === this.defined[at]);
    return isSame ? this : new Known(defined, importedNames);
  }
}

/** Values do not matter: a name with a faulty one is known all the same. */
function definedIn({ variables, requests }: HttpFile): string[] {
  const names = variables.map(({ name }) => name);
  for (const { name } of requests) if (name !== undefined) names.push(`# ${name}`);
  return names;
}

/** A unit is a request with the lines between it and the one before; the last one is what follows all requests. */
function* unitsInOrder({ requests }: HttpFile, visible: readonly LineSpan[]): Generator<number> {
  const early = new Set<number>();
  for (const { first, last } of visible) {
    const above = lastBefore(requests, first, startOf);
    const below = lastBefore(requests, last, startOf);
    for (let unit = above?.index ?? 0; unit <= (below ? below.index + 1 : 0); unit++) early.add(unit);
  }
  yield* early;
  for (let unit = 0; unit <= requests.length; unit++) if (!early.has(unit)) yield unit;
}

function startOf({ range }: HttpRequest): number {
  return range.start.line;
}

/** Stops after every few lines. */
function* searchUnit(at: Searched, unit: number, { found }: Known): Generator<void, PlacedName[]> {
  const { requests } = at.file;
  const request = requests[unit];
  const before = requests[unit - 1];
  const start = request?.range.start.line ?? at.lines.lineCount;
  const between = yield* searchLines(at, before ? before.range.end.line + 1 : 0, start - 1);
  yield;
  if (!request) return between;
  let names = found.get(request);
  if (!names) {
    names = moved(yield* searchLines(at, start, request.range.end.line), -start);
    found.set(request, names);
  }
  return between.concat(moved(names, start));
}

function* searchLines({ namesOn, lines }: Searched, first: number, last: number): Generator<void, PlacedName[]> {
  const names: PlacedName[] = [];
  for (let line = first; line <= last && line < lines.lineCount; line++) {
    names.push(...namesOn(line).filter(({ found }) => found.kind === 'unresolved' && found.certain));
    if ((line - first) % linesAtATime === linesAtATime - 1) yield;
  }
  return names;
}

function moved(names: readonly PlacedName[], by: number): PlacedName[] {
  return names.map((name) => ({ ...name, line: name.line + by }));
}
