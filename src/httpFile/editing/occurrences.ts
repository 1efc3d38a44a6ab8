import { definitionFinder } from '../names/definitions.ts';
import { requestAt } from '../position.ts';
import type { TextLines } from '../position.ts';
import { parseFallbackReference, parseReference } from '../names/reference.ts';
import { requestCalled } from '../names/requestNames.ts';
import type { Element, FileVariable, HttpFile, HttpRequest, Metadata, Range } from '../syntax.ts';
import { referencesIn } from '../names/variables.ts';
import { comparePositions, rangeOn } from './edits.ts';
import { lastBefore } from './region.ts';

/** A name where it is written in a request file: of a variable, or of a request. */
export interface Occurrence {
  readonly kind: 'variable' | 'request';
  readonly role: 'definition' | 'use';
  /** As written; a request may be named by another form of its name (C15). */
  readonly name: string;
  /** The name alone, without braces, `@`, `%` or what follows a request's name. */
  readonly range: Range;
  /** `title`: a request named by what stands after `###`; `prompt`: a variable asked of the user for one request. */
  readonly by?: 'prompt' | 'title' | 'run' | 'fallback';
  /** The request it is written in, or that it names when it is a definition. */
  readonly request?: HttpRequest;
}

/** The names that are known in a file, also those that its imports define. */
export interface KnownNames {
  readonly variables: Pick<ReadonlySet<string>, 'has'>;
  readonly requests: Pick<ReadonlySet<string>, 'has'>;
}

/** The names a file defines, together with those of other files. */
export function knownNames(file: HttpFile, others: readonly HttpFile[] = []): KnownNames {
  const files = [file, ...others];
  const finders = files.map(definitionFinder);
  const isCalled = (one: HttpFile, wanted: string): boolean => {
    const { name, title } = requestCalled(one, wanted) ?? {};
    return (name ?? title) === wanted;
  };
  return {
    variables: { has: (name) => finders.some((definitionsOf) => definitionsOf(name) !== undefined) },
    requests: { has: (name) => files.some((one) => isCalled(one, name)) },
  };
}

/** Every name in a file, in the order of their places. Comments, scripts and pasted responses hold none. */
export function occurrencesIn(
  file: HttpFile, lines: TextLines, known: KnownNames = knownNames(file),
): Occurrence[] {
  const found: Occurrence[] = [];
  for (const variable of file.variables) addVariable(found, lines, variable, known);
  for (const element of file.elements) addElement(found, lines, element, known);
  for (const request of file.requests) addRequest(found, lines, request, known);
  return inOrder(found);
}

/** The names on one line, without a look at the rest of the file's requests. */
export function occurrencesOn(
  file: HttpFile, lines: TextLines, line: number, known: KnownNames = knownNames(file),
): Occurrence[] {
  const found: Occurrence[] = [];
  const isOn = ({ range }: { range: Range }) => range.start.line <= line && line <= range.end.line;
  const variable = lastBefore(file.variables, line, ({ range }) => range.start.line);
  if (variable && isOn(variable)) addVariable(found, lines, variable, known);
  const element = lastBefore(file.elements, line, ({ range }) => range.start.line);
  if (element && isOn(element)) addElement(found, lines, element, known);
  const request = requestAt(file, line);
  if (request) addRequest(found, lines, request, known);
  return inOrder(found.filter(isOn));
}

function addVariable(
  found: Occurrence[], lines: TextLines, variable: FileVariable, known: KnownNames,
): void {
  found.push({ kind: 'variable', role: 'definition', name: variable.name, range: variable.nameRange });
  addUses(found, lines, variable.valueRange, known);
}

function inOrder(found: Occurrence[]): Occurrence[] {
  return distinct(found.sort((a, b) => comparePositions(a.range.start, b.range.start)));
}

/** Parts of a curl command overlap: `--data` stands for a header and for a body. */
function distinct(sorted: readonly Occurrence[]): Occurrence[] {
  return sorted.filter(({ range }, index) => {
    const before = sorted[index - 1]?.range.start;
    return !before || comparePositions(before, range.start) !== 0;
  });
}

function addRequest(
  found: Occurrence[], lines: TextLines, request: HttpRequest, known: KnownNames,
): void {
  const { methodRange, headers, body = [], metadata, elements } = request;
  addTitle(found, lines, request);
  for (const one of metadata) addMetadata(found, lines, one, request, known);
  if (methodRange) addUses(found, lines, methodRange, known, request);
  for (const piece of request.urlPieces ?? [request.urlRange]) addUses(found, lines, piece, known, request);
  for (const { range } of headers) addUses(found, lines, range, known, request);
  for (const segment of body) {
    const removed = segment.kind === 'text' ? segment.removed : undefined;
    addUses(found, lines, segment.range, known, request, removed);
  }
  for (const element of elements) addElement(found, lines, element, known, request);
}

/** A title is a request's name as long as it has no other. */
function addTitle(found: Occurrence[], lines: TextLines, request: HttpRequest): void {
  const { name, title, range } = request;
  if (name !== undefined || title === undefined) return;
  const { line } = range.start;
  const from = lines.lineAt(line).startsWith('#') ? lines.lineAt(line).indexOf(title) : -1;
  if (from < 0) return;
  const place = rangeOn(line, from, from + title.length);
  found.push({ kind: 'request', role: 'definition', name: title, range: place, by: 'title', request });
}

/** Where the value of metadata stands: at the end of its line. */
export function metadataValueRange({ value, range }: Metadata): Range {
  const { line, character } = range.end;
  return rangeOn(line, character - value.length, character);
}

function addMetadata(
  found: Occurrence[], lines: TextLines, metadata: Metadata, request: HttpRequest, known: KnownNames,
): void {
  const { key, value } = metadata;
  const range = metadataValueRange(metadata);
  const word = firstWord(value);
  const { line, character } = range.start;
  const wordRange = rangeOn(line, character, character + word.length);
  // An option of a curl command may stand for metadata, too; it holds no names.
  if (value === '' || !/^\s*(?:#|\/\/)/.test(lines.lineAt(line))) return;
  if (key === 'name') {
    found.push({ kind: 'request', role: 'definition', name: value, range, request });
  } else if (key === 'prompt' || key === 'secret') {
    found.push({
      kind: 'variable', role: 'definition', name: word, range: wordRange, by: 'prompt', request,
    });
  } else if (key === 'ref' || key === 'force-ref') {
    const whole = known.requests.has(value);
    found.push({
      kind: 'request', role: 'use', name: whole ? value : word, range: whole ? range : wordRange, request,
    });
  } else {
    addUses(found, lines, range, known, request);
  }
}

function firstWord(text: string): string {
  return /^\S+/.exec(text)?.[0] ?? '';
}

function addElement(
  found: Occurrence[], lines: TextLines, element: Element, known: KnownNames, request?: HttpRequest,
): void {
  switch (element.kind) {
    case 'run':
      addRun(found, lines, element);
      addUses(found, lines, element.range, known, request);
      break;
    case 'import': case 'redirect': case 'response-ref': case 'assert':
      addUses(found, lines, element.range, known, request);
      break;
    default: break;
  }
}

/** `run #login (@user = {{name}})`: the request's name, and the variables it is given. */
function addRun(found: Occurrence[], lines: TextLines, { range }: Element): void {
  const { line, character } = range.start;
  const text = lines.lineAt(line).slice(0, range.end.character);
  const hash = text.indexOf('#', character);
  const open = text.indexOf('(', character);
  const end = open < 0 ? text.length : open;
  const name = hash < 0 || hash > end ? '' : text.slice(hash + 1, end).trim();
  if (name !== '') {
    const from = text.indexOf(name, hash + 1);
    const place = rangeOn(line, from, from + name.length);
    found.push({ kind: 'request', role: 'use', name, range: place, by: 'run' });
  }
  if (open < 0) return;
  for (const match of text.slice(open).matchAll(/[(,]\s{0,20}@([^\s=@,(){}]{1,100})/g)) {
    const from = open + match.index + match[0].length - match[1]!.length;
    const place = rangeOn(line, from, from + match[1]!.length);
    found.push({ kind: 'variable', role: 'use', name: match[1]!, range: place, by: 'run' });
  }
}

function addUses(
  found: Occurrence[], lines: TextLines, range: Range, known: KnownNames, request?: HttpRequest,
  removed?: readonly number[],
): void {
  const { start, end } = range;
  const gone = removed && removed.length > 0 ? new Set(removed) : undefined;
  for (let line = start.line; line <= end.line; line++) {
    if (gone?.has(line)) continue;
    const from = line === start.line ? start.character : 0;
    const whole = lines.lineAt(line);
    const to = line === end.line ? end.character : whole.length;
    const open = whole.indexOf('{{', from);
    if (open < 0 || open >= to) continue;
    for (const { offset, length } of referencesIn(whole.slice(from, to))) {
      const use = useIn(whole, line, from + offset + 2, from + offset + length - 2, known);
      if (use) found.push(request ? { ...use, request } : use);
    }
  }
}

/** The name in an expression, which stands at `from` up to `to` of a line, between the braces. */
function useIn(
  text: string, line: number, from: number, to: number, known: KnownNames,
): Occurrence | undefined {
  const written = text.slice(from, to);
  const percent = /^\s*%?\s*/.exec(written)![0].length;
  const start = from + percent;
  const name = written.slice(percent).trimEnd();
  if (name === '' || name.startsWith('$')) return undefined;
  const whole = rangeOn(line, start, start + name.length);
  if (known.variables.has(name)) return { kind: 'variable', role: 'use', name, range: whole };
  const direct = parseReference(name);
  const reference = direct ?? parseFallbackReference(name, (request) => known.requests.has(request));
  if (reference) {
    const { offset, length } = reference.pieces.request;
    const range = rangeOn(line, start + offset, start + offset + length);
    const use = { kind: 'request', role: 'use', name: reference.request, range } as const;
    return direct ? use : { ...use, by: 'fallback' };
  }
  return /\s/.test(name) ? undefined : { kind: 'variable', role: 'use', name, range: whole };
}

/** A path that is written in a file, and what it is for. */
export interface WrittenPath {
  readonly kind: 'include' | 'import' | 'run' | 'script' | 'response';
  readonly path: string;
  readonly range: Range;
}

/** The files that a file names, in the order written; paths that hold a variable are left out. */
export function pathsIn(file: HttpFile, lines: TextLines): WrittenPath[] {
  const found: WrittenPath[] = [];
  for (const element of file.elements) addElementPath(found, lines, element);
  for (const { body = [], elements, metadata } of file.requests) {
    for (const one of metadata) {
      if (one.key === 'import') addPath(found, 'import', one.value, metadataValueRange(one));
    }
    for (const segment of body) {
      if (segment.kind !== 'file') continue;
      const { line } = segment.range.start;
      const from = lines.lineAt(line).lastIndexOf(segment.path);
      addPath(found, 'include', segment.path, rangeOn(line, from, from + segment.path.length));
    }
    for (const element of elements) addElementPath(found, lines, element);
  }
  return found.sort((a, b) => comparePositions(a.range.start, b.range.start));
}

const pathKinds: Partial<Readonly<Record<Element['kind'], WrittenPath['kind']>>> = {
  'pre-script': 'script', 'post-script': 'script', 'response-ref': 'response', import: 'import', run: 'run',
};

function addElementPath(found: WrittenPath[], lines: TextLines, { kind, range, text }: Element): void {
  const of = pathKinds[kind];
  if (!of || range.start.line !== range.end.line || text.includes('{%')) return;
  const { line, character } = range.start;
  const written = lines.lineAt(line).slice(character, range.end.character);
  const keyword = /^(?:<>|[<>]|import|run)\s+/.exec(written)?.[0].length;
  if (keyword === undefined || written.startsWith('#', keyword)) return;
  const rest = kind === 'run' ? written.slice(keyword).split('(')[0]! : written.slice(keyword);
  const from = character + keyword + rest.indexOf(rest.trim());
  addPath(found, of, rest.trim(), rangeOn(line, from, from + rest.trim().length));
}

function addPath(
  found: WrittenPath[], kind: WrittenPath['kind'], written: string, range: Range,
): void {
  const quoted = /^(?:"[^"]+"|'[^']+')$/.test(written) ? 1 : 0;
  const path = written.slice(quoted, written.length - quoted);
  if (path === '' || path.includes('{{')) return;
  const { line, character } = range.start;
  found.push({ kind, path, range: rangeOn(line, character + quoted, character + quoted + path.length) });
}
