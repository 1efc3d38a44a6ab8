import { definitionFinder } from '../names/definitions.ts';
import type { TextChange } from '../textChange.ts';
import type { TextLines } from '../position.ts';
import type { ProblemCode } from '../problem.ts';
import type { FileVariable, HttpFile } from '../syntax.ts';
import { referencesIn } from '../names/variables.ts';
import { insertion, rangeOn, textIn } from './edits.ts';
import { fix, lineRemoval, metadataInsertion } from './fix.ts';
import type { Fix, FixContext, Fixer } from './fix.ts';
import { nearestWord } from '../parser/nearest.ts';
import { metadataFix } from './metadataFix.ts';
import { metadataValueRange } from './occurrences.ts';

/** Fixes for names: of variables, of requests and of metadata. */
export const nameFixes: Partial<Readonly<Record<ProblemCode, Fixer>>> = {
  'variable-undefined': (context) => undefinedFixes(context, nameAt(context)),
  'variable-undefined-inside': (context) => undefinedFixes(context, nameInside(context)),
  'variable-undefined-itself': (context) => outsideFixes(context, selfNamed(context)),
  'variable-quotes': ({ range, text }) =>
    [fix('remove-quotes', [{ range, text: text.slice(1, -1) }], { preferred: true })],
  'variable-unclosed': ({ lines, range: { end } }) => {
    const text = lines.lineAt(end.line);
    const open = text.lastIndexOf('{{', end.character);
    const close = open < 0 ? undefined : /^\{\{\s{0,20}%?[\w.$-]{1,200}\}?/.exec(text.slice(open))?.[0];
    if (close === undefined) return [];
    const at = open + close.length;
    return [fix('close-variable', [insertion(end.line, at, close.endsWith('}') ? '}' : '}}')], { preferred: true })];
  },
  'metadata-misspelt': ({ lines, line }) => {
    const found = metadataFix(lines, line);
    return found ? [found] : [];
  },
  'metadata-unknown': ({ lines, line }) => [fix('remove-line', [lineRemoval(lines, line)])],
  'name-twice': ({ lines, line, text }) =>
    [fix('remove-name', [lineRemoval(lines, line)], { places: { name: text.split(/[\s=]+/).at(-1)! } })],
  'name-duplicate': renameRequest,
  'ref-unknown': nearestRequest,
  'response-request-unknown': nearestRequest,
};

/** The name in the first `{{…}}` at a problem's range; dynamic variables and expressions are none. */
function nameAt({ text }: FixContext): string | undefined {
  const name = referencesIn(text)[0]?.name.replace(/^%\s*/, '');
  return name !== undefined && /^[^\s=${}@#][^\s={}]*$/.test(name) ? name : undefined;
}

/** The name whose own variable needs it, among those that the name at the range needs. */
function selfNamed(context: FixContext): string | undefined {
  return neededName(context, (name, needed) => needed?.includes(name) === true);
}

/** The name without a value that the variable at the range needs, however deep. */
function nameInside(context: FixContext): string | undefined {
  const name = neededName(context, (_, needed) => needed === undefined);
  return name?.startsWith('$') ? undefined : name;
}

/**
 * The first name that `isIt`, of the name at the range and all that it needs; `needed` is undefined without a variable.
 */
function neededName(
  context: FixContext, isIt: (name: string, needed: readonly string[] | undefined) => boolean,
): string | undefined {
  const definitionsOf = definitionFinder(context.file);
  const seen = new Set<string>();
  const wanted = [nameAt(context)];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const value = definitionsOf(name)?.at(-1)?.value;
    const needed = value === undefined ? undefined : referencesIn(value).map((one) => one.name.replace(/^%\s*/, ''));
    if (isIt(name, needed)) return name;
    for (const one of needed ?? []) wanted.push(one);
  }
  return undefined;
}

function undefinedFixes(context: FixContext, name: string | undefined): Fix[] {
  if (name === undefined) return [];
  const { file, lines } = context;
  const nearest = nearestWord(name, file.variables.map((variable) => variable.name));
  const written = context.text.indexOf(name);
  const { line, character } = context.range.start;
  const fixes: Fix[] = [];
  if (nearest !== undefined && written >= 0) {
    const range = rangeOn(line, character + written, character + written + name.length);
    fixes.push(fix('change-name', [{ range, text: nearest }], { places: { name: nearest }, preferred: true }));
  }
  fixes.push(fix('create-variable', [declaration(file, lines, name, '')], { places: { name }, preferred: !nearest }));
  return [...fixes, ...outsideFixes(context, name)];
}

/** Ways to define a name outside of the file's variables. */
function outsideFixes({ lines, request }: FixContext, name: string | undefined): Fix[] {
  if (name === undefined) return [];
  const inEnvironment = fix('create-in-environment', [], { places: { name }, environment: name });
  if (!request) return [inEnvironment];
  const prompt = metadataInsertion(request, lines, `# @prompt ${name}`);
  return [inEnvironment, fix('create-prompt', [prompt], { places: { name } })];
}

/** `@name = value` after the variables at the top of the file, or as its first line. */
export function declaration(file: HttpFile, lines: TextLines, name: string, value: string): TextChange {
  const text = `@${name} = ${value}`;
  const last = lastAtTop(file, lines);
  if (last) return insertion(last.range.start.line, lines.lineAt(last.range.start.line).length, `\n${text}`);
  const isEmpty = lines.lineCount === 1 && lines.lineAt(0) === '';
  return insertion(0, 0, isEmpty ? `${text}\n` : lines.lineAt(0).trim() === '' ? text : `${text}\n\n`);
}

/** The last of the variables that stand together before the first request and its separator. */
function lastAtTop({ variables, requests }: HttpFile, lines: TextLines): FileVariable | undefined {
  const limit = requests[0]?.requestLine.start.line ?? Infinity;
  let last: FileVariable | undefined;
  for (const variable of variables) {
    const { line } = variable.range.start;
    if (line >= limit) break;
    if (last && line !== last.range.start.line + 1) break;
    if (!last && hasSeparatorBefore(lines, line)) break;
    last = variable;
  }
  return last;
}

function hasSeparatorBefore(lines: TextLines, line: number): boolean {
  for (let at = 0; at < line; at++) if (lines.lineAt(at).startsWith('###')) return true;
  return false;
}

/** C58: another name for the second of two requests of one name. */
function renameRequest({ file, request }: FixContext): Fix[] {
  const metadata = request?.metadata.findLast(({ key }) => key === 'name');
  if (!request || !metadata) return [];
  const names = new Set(file.requests.map(({ name }) => name));
  let number = 2;
  while (names.has(`${metadata.value}-${number}`)) number++;
  const name = `${metadata.value}-${number}`;
  const edit = { range: metadataValueRange(metadata), text: name };
  return [fix('rename-request', [edit], { places: { name }, preferred: true })];
}

/** The start of a reference, or of `# @ref`, up to the end of the name. */
const beforeName =
  /^(?:\s{0,200}(?:#{1,9}|\/\/)\s{0,40}@[\w-]{1,40}\s{0,40}=?\s{0,40})?(?:\{\{\s{0,40}%?\s{0,40})?([^\s.{}]{1,200})/;

/** The request that a misspelt reference means. */
function nearestRequest({ file, lines, range }: FixContext): Fix[] {
  const { line } = range.start;
  const text = textIn(lines, range);
  const found = beforeName.exec(text);
  const nearest = found && nearestWord(found[1]!, file.requests.flatMap(({ name }) => name ?? []));
  if (!found || !nearest) return [];
  const from = range.start.character + found[0].length - found[1]!.length;
  const edit = { range: rangeOn(line, from, from + found[1]!.length), text: nearest };
  return [fix('change-name', [edit], { places: { name: nearest }, preferred: true })];
}
