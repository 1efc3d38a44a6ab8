import type { Position as Place, FileVariable, HttpFile, HttpRequest, Range } from '../syntax.ts';
import type { TextLines } from '../position.ts';
import { definitionFinder } from '../names/definitions.ts';
import { globalName } from '../names/globalName.ts';
import { camelCase } from '../names/reference.ts';
import { requestCalled } from '../names/requestNames.ts';
import { holds } from './edits.ts';
import { knownNames, metadataValueRange, occurrencesIn, occurrencesOn, pathsIn } from './occurrences.ts';
import type { KnownNames, Occurrence, WrittenPath } from './occurrences.ts';

/** A request file that is open or that an open one imports. */
export interface KnownFile {
  readonly uri: string;
  readonly file: HttpFile;
  readonly lines: TextLines;
  /** The files it imports, the nearest first, with those they import. */
  readonly imports?: readonly { readonly uri: string; readonly file: HttpFile }[];
}

/** A place in a file. */
interface Target {
  readonly uri: string;
  readonly range: Range;
}

/** Whether the nearest definition counts, or the file's last (C8). */
interface ScopeRule {
  readonly last?: boolean;
}

/** The names that mean something in a file: its own and those of its imports. */
export function namesKnownIn({ file, imports = [] }: KnownFile): KnownNames {
  return knownNames(file, imports.map((one) => one.file));
}

/** The name at a position, if there is one. */
export function occurrenceAt(from: KnownFile, position: Place): Occurrence | undefined {
  return occurrencesOn(from.file, from.lines, position.line, namesKnownIn(from))
    .find(({ range }) => holds(range, position));
}

/** The path at a position, if there is one. */
export function pathAt({ file, lines }: KnownFile, position: Place): WrittenPath | undefined {
  return pathsIn(file, lines).find(({ range }) => holds(range, position));
}

/**
 * Where the name at a place is defined: in the file itself, else in the first of its imports that knows it. Undefined
 * when it is a name of the environment, or of nothing.
 */
export function definitionOf(
  from: KnownFile, occurrence: Occurrence, rule: ScopeRule = {},
): Target | undefined {
  if (occurrence.role === 'definition') return { uri: from.uri, range: occurrence.range };
  if (occurrence.kind === 'variable') return variableDefinition(from, occurrence, rule);
  const own = requestRange(from.file, occurrence.name, from.lines);
  if (own) return { uri: from.uri, range: own };
  for (const { uri, file } of from.imports ?? []) {
    const range = requestRange(file, occurrence.name);
    if (range) return { uri, range };
  }
  return undefined;
}

function variableDefinition(from: KnownFile, occurrence: Occurrence, rule: ScopeRule): Target | undefined {
  const names = [occurrence.name, globalName(occurrence.name)];
  for (const name of names) {
    const own = variableFor(from.file, { ...occurrence, name }, rule);
    if (own) return { uri: from.uri, range: own };
  }
  for (const { uri, file } of from.imports ?? []) {
    const find = definitionFinder(file);
    const variable = names.map((name) => find(name)?.at(-1)).find((one) => one !== undefined);
    if (variable) return { uri, range: variable.nameRange };
  }
  return undefined;
}

/** C9: a prompt of the request comes before the file's variables; C8: of these the nearest counts. */
function variableFor(
  file: HttpFile, { name, range, request, by }: Occurrence, { last = false }: ScopeRule,
): Range | undefined {
  const prompt = by === 'run' ? undefined : request && promptFor(request, name);
  if (prompt) return prompt;
  const at = request ? request.line - 1 : range.start.line;
  const candidates = (definitionFinder(file)(name) ?? []).filter((variable) => !isInside(variable, range.start));
  const found = last ? candidates.at(-1) : nearestTo(candidates, at);
  return found?.nameRange;
}

/** `@v = {{v}}/2` means an earlier `v`. */
function isInside({ range }: FileVariable, position: Place): boolean {
  return holds(range, position);
}

function nearestTo(candidates: readonly FileVariable[], line: number): FileVariable | undefined {
  return candidates.findLast(({ range }) => range.start.line <= line) ?? candidates[0];
}

/** The range of the name that a request's prompt asks for. */
function promptFor(request: HttpRequest, name: string): Range | undefined {
  for (const metadata of request.metadata) {
    if (metadata.key !== 'prompt' && metadata.key !== 'secret') continue;
    if (metadata.value.split(/\s/, 1)[0] !== name) continue;
    const { start } = metadataValueRange(metadata);
    return { start, end: { line: start.line, character: start.character + name.length } };
  }
  return undefined;
}

/** Where a request has its name: the last one of that name, as the last sent counts (C58). */
function requestRange(file: HttpFile, written: string, lines?: TextLines): Range | undefined {
  const request = requestCalled(file, written);
  if (!request) return undefined;
  const named = request.metadata.findLast(({ key, value }) => key === 'name' && value !== '');
  if (named) return metadataValueRange(named);
  const from = lines?.lineAt(request.range.start.line).indexOf(request.title ?? '') ?? -1;
  return from < 0 ? request.requestLine : {
    start: { line: request.range.start.line, character: from },
    end: { line: request.range.start.line, character: from + request.title!.length },
  };
}

/**
 * Every place where what is named at a place is named: in the file that defines it and in those that see it from there.
 *
 * @param files all that are known, `from` among them.
 */
export function referencesTo(
  from: KnownFile, occurrence: Occurrence, files: readonly KnownFile[],
  options: { readonly includeDefinitions: boolean },
): Target[] {
  return occurrencesOf(from, occurrence, files)
    .filter(({ occurrence: { role } }) => options.includeDefinitions || role === 'use')
    .map(({ uri, occurrence: { range } }) => ({ uri, range }));
}

/** An occurrence and its file. */
export interface Located {
  readonly uri: string;
  readonly occurrence: Occurrence;
}

/** What {@link referencesTo} gives, with what is written there. */
export function occurrencesOf(
  from: KnownFile, occurrence: Occurrence, files: readonly KnownFile[],
): Located[] {
  const home = homeOf(from, occurrence);
  const canonical = canonicalName(from, occurrence);
  const all = files.some(({ uri }) => uri === from.uri) ? files : [from, ...files];
  return all.filter((one) => sees(one, home, occurrence, canonical)).flatMap((one) =>
    occurrencesIn(one.file, one.lines, namesKnownIn(one))
      .filter((other) => isSame(other, occurrence.kind, canonical, one))
      .map((other) => ({ uri: one.uri, occurrence: other })));
}

/** The file that defines the name; the one it is written in when none does. */
function homeOf(from: KnownFile, occurrence: Occurrence): string {
  return definitionOf(from, occurrence)?.uri ?? from.uri;
}

/** Whether a file is the one that defines a name, or imports it and has no definition of its own before it. */
function sees(one: KnownFile, home: string, { kind }: Occurrence, name: string): boolean {
  if (one.uri === home) return true;
  if (defines(one.file, kind, name)) return false;
  const first = (one.imports ?? []).find(({ file }) => defines(file, kind, name));
  return first?.uri === home;
}

function defines(file: HttpFile, kind: Occurrence['kind'], name: string): boolean {
  return kind === 'variable'
    ? definitionFinder(file)(name) !== undefined || hasPrompt(file, name)
    : requestCalled(file, name) !== undefined;
}

function hasPrompt(file: HttpFile, name: string): boolean {
  return file.requests.some((request) => promptFor(request, name) !== undefined);
}

/** The name as its definition has it. */
export function canonicalName(from: KnownFile, occurrence: Occurrence): string {
  const { kind, name } = occurrence;
  if (kind === 'variable') return isGlobal(from, occurrence) ? globalName(name) : name;
  for (const { file } of [from, ...from.imports ?? []]) {
    const request = requestCalled(file, name);
    if (request) return request.name ?? request.title ?? name;
  }
  return name;
}

/** Whether a name means `@global.name`: of the files that may define it, none has the name itself before. */
function isGlobal(from: KnownFile, { name, role, request }: Occurrence): boolean {
  if (role === 'definition' || (request && promptFor(request, name))) return false;
  for (const { file } of [from, ...from.imports ?? []]) {
    const find = definitionFinder(file);
    if (find(name)) return false;
    if (find(globalName(name))) return true;
  }
  return false;
}

function isSame(
  other: Occurrence, kind: Occurrence['kind'], canonical: string, one: KnownFile,
): boolean {
  if (other.kind !== kind) return false;
  if (other.name === canonical) return true;
  if (kind === 'variable') return globalName(other.name) === canonical && canonicalName(one, other) === canonical;
  // Another form of the name counts only when no other request has it as its own.
  return other.role === 'use' && canonicalName(one, other) === canonical;
}

/** The form of a request's name that a reference was written in, for a new name (C15). */
export function inFormOf(written: string, canonical: string, newName: string): string {
  if (written === canonical) return newName;
  return written === camelCase(canonical) ? camelCase(newName) : underscored(newName);
}

function underscored(name: string): string {
  return name.split(/[^\p{L}\p{N}_$]/u).filter((word) => word !== '').join('_');
}
