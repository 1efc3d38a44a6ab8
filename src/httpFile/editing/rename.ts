import type { TextChange } from '../textChange.ts';
import { globalName, withoutGlobal } from '../names/globalName.ts';
import { camelCase, parseReference } from '../names/reference.ts';
import type { HttpFile, Position, Range } from '../syntax.ts';
import { canonicalName, definitionOf, inFormOf, namesKnownIn, occurrenceAt, occurrencesOf } from './references.ts';
import type { KnownFile, Located } from './references.ts';
import { occurrencesIn } from './occurrences.ts';
import type { Occurrence } from './occurrences.ts';

/** Why something cannot be renamed; the sentence is in `explain/text/editing`. */
export interface Refusal {
  readonly refused:
    | 'nothing-here' | 'not-defined-here' | 'environment-elsewhere' | 'environment-not-renamed' | 'too-many-files'
    | 'name-invalid' | 'name-dynamic' | 'name-taken';
  readonly places: Readonly<Record<string, string>>;
}

/** What can be renamed: its exact range and the name as written there. */
export interface Renamable {
  readonly range: Range;
  readonly name: string;
}

/** The edits of a rename, by the file they belong to. */
type RenameEdits = ReadonlyMap<string, readonly TextChange[]>;

/** The name at a position, or why there is none to rename: it must be defined in the file or in an import. */
export function prepareRename(from: KnownFile, position: Position): Renamable | Refusal {
  const occurrence = occurrenceAt(from, position);
  if (!occurrence) return { refused: 'nothing-here', places: {} };
  const { name, range } = occurrence;
  if (!definitionOf(from, occurrence)) return { refused: 'not-defined-here', places: { name } };
  return { range, name };
}

/**
 * Gives a variable or request another name wherever it is written: in the file that defines it and in all that see it
 * from there. References keep their form (C15), their spaces and their `%`.
 *
 * @param files all request files that are known, `from` among them.
 */
export function rename(
  from: KnownFile, position: Position, newName: string, files: readonly KnownFile[],
): RenameEdits | Refusal {
  const prepared = prepareRename(from, position);
  if ('refused' in prepared) return prepared;
  const occurrence = occurrenceAt(from, position)!;
  const canonical = canonicalName(from, occurrence);
  // Renaming at a reference in another form, `{{getUser.response…}}`, names the request itself.
  const written = newName.trim();
  const wanted = isShortForm(occurrence, canonical) ? globalName(withoutGlobal(written)) : written;
  const places = occurrencesOf(from, occurrence, files);
  const wrong = invalidName(occurrence, wanted)
    ?? (wanted === canonical ? undefined : collision(from, places, occurrence, wanted, files));
  if (wrong) return wrong;
  const edits = new Map<string, TextChange[]>();
  for (const { uri, occurrence: one } of places) {
    const text = newTextFor(one, canonical, wanted);
    const list = edits.get(uri);
    if (list) list.push({ range: one.range, text });
    else edits.set(uri, [{ range: one.range, text }]);
  }
  return edits;
}

/** `{{v}}` for `@global.v`. */
function isShortForm({ kind, name }: Occurrence, canonical: string): boolean {
  return kind === 'variable' && name !== canonical;
}

function newTextFor(one: Occurrence, canonical: string, wanted: string): string {
  if (one.kind === 'variable') return isShortForm(one, canonical) ? withoutGlobal(wanted) : wanted;
  if (one.role === 'definition') return wanted;
  const text = inFormOf(one.name, canonical, wanted);
  // httpYac's `{{login.token}}` reads only a plain word as a request's name.
  return one.by === 'fallback' && !/^\w+$/.test(text) ? camelCase(wanted) : text;
}

/** C57: a variable's name is anything without space and `=`; braces and a dynamic variable's `$` end or change it. */
export function invalidName({ kind, by }: Pick<Occurrence, 'kind' | 'by'>, name: string): Refusal | undefined {
  const places = { name };
  if (by === 'title') {
    return name === '' || /[{}#\r\n]/.test(name) ? { refused: 'name-invalid', places } : undefined;
  }
  if (!/^[^\s={}]{1,200}$/.test(name) || /^[@#%:]|:$/.test(name)) return { refused: 'name-invalid', places };
  if (name.startsWith('$')) return { refused: 'name-dynamic', places };
  // A variable of such a name would be read as a reference, and a request's name be cut short.
  const isReference = parseReference(kind === 'variable' ? name : `${name}.response`)?.request !== name;
  if (kind === 'variable' ? parseReference(name) : isReference) return { refused: 'name-invalid', places };
  return undefined;
}

/** The places where a file uses a variable that neither it nor an import of it defines, nor a prompt. */
export function undefinedUses(from: KnownFile, name: string): Range[] {
  return occurrencesIn(from.file, from.lines, namesKnownIn(from)).flatMap((one) => {
    const isUse = one.kind === 'variable' && one.role === 'use' && one.name === name;
    return isUse && !definitionOf(from, one) ? [one.range] : [];
  });
}

/** Whether a file or an import of it has a variable of this name, or asks for one. */
export function hasOwnVariable({ file, imports = [] }: KnownFile, name: string): boolean {
  return hasVariable(file, name) || imports.some((one) => hasVariable(one.file, name));
}

/** A name that another variable or request has in one of the files would change what they mean. */
function collision(
  from: KnownFile, places: readonly Located[], { kind }: Occurrence, name: string, files: readonly KnownFile[],
): Refusal | undefined {
  const isTaken = ({ file }: { file: HttpFile }) => kind === 'variable'
    ? hasVariable(file, name) || hasVariable(file, withoutGlobal(name))
    : file.requests.some((request) => request.name === name || request.title === name);
  const touched = new Set(places.map(({ uri }) => uri));
  const seen = [from, ...files.filter(({ uri }) => touched.has(uri))];
  return seen.some((one) => isTaken(one) || one.imports?.some(isTaken))
    ? { refused: 'name-taken', places: { name } } : undefined;
}

function hasVariable(file: HttpFile, name: string): boolean {
  return file.variables.some((variable) => variable.name === name) || file.requests.some(({ metadata }) =>
    metadata.some(({ key, value }) => (key === 'prompt' || key === 'secret') && value.split(/\s/, 1)[0] === name));
}
