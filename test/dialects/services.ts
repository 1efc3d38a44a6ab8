import assert from 'node:assert/strict';
import { createDocument } from '../../src/httpFile/document.ts';
import type { HttpDocument } from '../../src/httpFile/document.ts';
import type { TextChange } from '../../src/httpFile/textChange.ts';
import { completionsAt } from '../../src/httpFile/editing/completion.ts';
import { applyEdits, ordered } from '../../src/httpFile/editing/edits.ts';
import { foldsIn } from '../../src/httpFile/editing/folding.ts';
import { formatEdits } from '../../src/httpFile/editing/format.ts';
import { hoverAt } from '../../src/httpFile/editing/hover.ts';
import { valueHintsIn } from '../../src/httpFile/editing/inlayHints.ts';
import { linksIn } from '../../src/httpFile/editing/links.ts';
import { fixAll, quickFixes } from '../../src/httpFile/editing/quickFixes.ts';
import { definitionOf, occurrenceAt, referencesTo } from '../../src/httpFile/editing/references.ts';
import type { KnownFile } from '../../src/httpFile/editing/references.ts';
import { refactorings } from '../../src/httpFile/editing/refactor.ts';
import { rename } from '../../src/httpFile/editing/rename.ts';
import { namesIn, semanticTokensIn } from '../../src/httpFile/editing/semanticTokens.ts';
import { parseMarkdown, requestsInMarkdown } from '../../src/httpFile/markdown.ts';
import { parse } from '../../src/httpFile/parse.ts';
import { requestAt } from '../../src/httpFile/position.ts';
import { noOuterNames } from '../../src/httpFile/names/scope.ts';
import type { Position, Range } from '../../src/httpFile/syntax.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { checkTree, describeTree } from './roundTrip.ts';

const view = { outer: noOuterNames };

/** Calls every editing service on a text, at places all over it; throws when a range is not inside the text. */
export async function servicesOver(text: string, seed: number): Promise<void> {
  const random = createRandom(seed);
  const document = createDocument(text);
  const uri = 'file:///fuzz.http';
  const known: KnownFile = { uri, file: document.file, lines: document };
  overAll(document, known);
  for (let place = 0; place < 6; place++) await at(document, known, anywhere(document, random), random);
  checkTree(requestsInMarkdown(text), parseMarkdown(text));
}

function overAll(document: HttpDocument, { file, lines }: KnownFile): void {
  const last = document.lineCount - 1;
  for (const { line, character, length } of semanticTokensIn(file, lines, 0, last, view)) {
    inside(document, 'token', onLine(line, character, length));
  }
  for (const { line, character, length } of namesIn(file, lines, 0, last, view)) {
    inside(document, 'name', onLine(line, character, length));
  }
  for (const { position } of valueHintsIn(file, lines, 0, last, view)) inside(document, 'hint', {
    start: position, end: position,
  });
  for (const { range } of linksIn(file, lines)) inside(document, 'link', range);
  for (const { start, end } of foldsIn(file, lines)) {
    assert.ok(start >= 0 && start < end && end <= last, `fold ${start} to ${end}`);
  }
  const { problems } = file;
  for (const problem of problems.slice(0, 40)) {
    for (const { edits } of quickFixes(file, lines, problem)) changes(document, 'fix', edits);
  }
  changes(document, 'all fixes', fixAll(file, lines));
  changes(document, 'format', formatEdits(file, lines, { indent: '  ' }));
}

async function at(document: HttpDocument, known: KnownFile, position: Position, random: Random): Promise<void> {
  const { file, lines } = known;
  const trigger = random.pick([undefined, '{', '@', '$', '.', '/', ':', ' ', '#', ';', ',']);
  const { items } = await completionsAt(file, lines, position, view, trigger);
  for (const { range } of items) inside(document, 'completion', range);
  const hover = hoverAt(file, lines, position, view);
  if (hover) inside(document, 'hover', hover.range);
  const request = requestAt(file, position.line);
  if (request) assert.equal(file.requests[request.index], request, 'request at a line');
  const end = anywhere(document, random);
  const selection = position.line < end.line || (position.line === end.line && position.character <= end.character)
    ? { start: position, end } : { start: end, end: position };
  for (const { edits } of refactorings(file, lines, selection)) changes(document, 'refactoring', edits);
  const occurrence = occurrenceAt(known, position);
  if (!occurrence) return;
  inside(document, 'occurrence', occurrence.range);
  const definition = definitionOf(known, occurrence);
  if (definition) inside(document, 'definition', definition.range);
  for (const { range } of referencesTo(known, occurrence, [known], { includeDefinitions: true })) {
    inside(document, 'reference', range);
  }
  const renamed = rename(known, position, 'renamed', [known]);
  if (!('refused' in renamed)) changes(document, 'rename', renamed.get(known.uri) ?? []);
}

/** Edits at random places: the tree that follows them is the one that a parse of the new text gives. */
export function followsEdits(text: string, seed: number): void {
  const random = createRandom(seed);
  const document = createDocument(text);
  for (let edit = 0; edit < 4; edit++) {
    const start = anywhere(document, random);
    const line = Math.min(document.lineCount - 1, start.line + random.below(3));
    const least = line === start.line ? start.character : 0;
    const character = least + random.below(Math.min(12, document.lineAt(line).length - least) + 1);
    document.edit([{ range: { start, end: { line, character } }, text: random.pick(typed) }]);
    const now = Array.from({ length: document.lineCount }, (_, at) => document.lineAt(at)).join('\n');
    assert.deepEqual(
      describeTree(document.file), describeTree(parse(`\ufeff${now}`)),
      `after edit ${edit} at ${start.line}:${start.character}`,
    );
  }
}

const typed = ['', '', '\n', '###\n', '\n###\n', ' ###\n', '#', '/*', '*/', '\n\n', '{', '}', '{{', '%}', '> {%\n', 'GET https://a.lab.test/\n',
  'a: b\n', '@a = 1\n', ' ', '# @name a\n', 'text', '\r\n', '<', '\n}}\n', '\n{{\n', 'HTTP/1.1 200 OK\n'];

function anywhere(document: HttpDocument, random: Random): Position {
  const line = random.below(document.lineCount);
  return { line, character: random.below(document.lineAt(line).length + 1) };
}

function onLine(line: number, character: number, length: number): Range {
  return { start: { line, character }, end: { line, character: character + length } };
}

function inside(document: HttpDocument, what: string, { start, end }: Range): void {
  for (const { line, character } of [start, end]) {
    const isInside = line >= 0 && line < document.lineCount && character >= 0
      && character <= document.lineAt(line).length;
    assert.ok(isInside, `${what} at ${line}:${character} is inside the text`);
  }
  const forwards = start.line < end.line || (start.line === end.line && start.character <= end.character);
  assert.ok(forwards, `${what} at ${start.line}:${start.character} ends after it starts`);
}

/** Edits that can be made together, and leave a text that can be read. */
function changes(document: HttpDocument, what: string, edits: readonly TextChange[]): void {
  for (const { range } of edits) inside(document, what, range);
  assert.equal(ordered(edits).length, edits.length, `${what}: no two edits over the same text`);
  const text = applyEdits(document, ordered(edits));
  checkTree(text, parse(text));
}
