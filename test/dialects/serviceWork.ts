import { createDocument } from '../../src/httpFile/document.ts';
import type { HttpDocument } from '../../src/httpFile/document.ts';
import { completionsAt } from '../../src/httpFile/editing/completion.ts';
import { foldsIn } from '../../src/httpFile/editing/folding.ts';
import { formatEdits } from '../../src/httpFile/editing/format.ts';
import { hoverAt } from '../../src/httpFile/editing/hover.ts';
import { valueHintsIn } from '../../src/httpFile/editing/inlayHints.ts';
import { linksIn } from '../../src/httpFile/editing/links.ts';
import { fixAll, quickFixes } from '../../src/httpFile/editing/quickFixes.ts';
import { definitionOf, occurrenceAt, referencesTo } from '../../src/httpFile/editing/references.ts';
import { refactorings } from '../../src/httpFile/editing/refactor.ts';
import { rename } from '../../src/httpFile/editing/rename.ts';
import { namesIn, semanticTokensIn } from '../../src/httpFile/editing/semanticTokens.ts';
import { noOuterNames } from '../../src/httpFile/names/scope.ts';
import type { Position } from '../../src/httpFile/syntax.ts';
import { pathological } from './pathological.ts';

const view = { outer: noOuterNames };

/** What the editor asks of a file, each of it as a whole or at a few places. */
export const services: Readonly<Record<string, (document: HttpDocument) => unknown>> = {
  'semantic tokens': (document) => semanticTokensIn(document.file, document, 0, document.lineCount - 1, view),
  'undefined names': (document) => namesIn(document.file, document, 0, document.lineCount - 1, view),
  'value hints': (document) => valueHintsIn(document.file, document, 0, document.lineCount - 1, view),
  'completion': atPlaces((document, position) => completionsAt(document.file, document, position, view)),
  'hover': atPlaces((document, position) => hoverAt(document.file, document, position, view)),
  'folding': (document) => foldsIn(document.file, document),
  'links': (document) => linksIn(document.file, document),
  'format': (document) => formatEdits(document.file, document, { indent: '  ' }),
  'all fixes': (document) => fixAll(document.file, document),
  'quick fixes': (document) => document.file.problems.slice(-8).map((one) => quickFixes(document.file, document, one)),
  'refactorings': atPlaces((document, position) =>
    refactorings(document.file, document, { start: position, end: position })),
  'references and rename': atPlaces((document, position) => {
    const known = { uri: 'file:///a.http', file: document.file, lines: document };
    const occurrence = occurrenceAt(known, position);
    if (!occurrence) return;
    definitionOf(known, occurrence);
    referencesTo(known, occurrence, [known], { includeDefinitions: true });
    rename(known, position, 'renamed', [known]);
  }),
};

/**
 * So many lines at both ends: more than any piece has of which a text is made, so that all kinds of lines are asked
 * about.
 */
const linesAsked = 14;

/** Near the start of lines at both ends of the text, in their middle and at their end. */
function atPlaces(
  ask: (document: HttpDocument, position: Position) => unknown,
): (document: HttpDocument) => Promise<void> {
  return async (document) => {
    const { lineCount } = document;
    for (let line = 0; line < lineCount; line++) {
      if (line === linesAsked) line = Math.max(line, lineCount - linesAsked);
      const { length } = document.lineAt(line);
      for (const character of new Set([Math.min(3, length), length >> 1, Math.max(0, length - 3), length])) {
        await ask(document, { line, character });
      }
    }
  };
}

function numbered(size: number, piece: (at: number) => string): string {
  const { length } = piece(1000);
  return Array.from({ length: Math.floor(size / length) }, (_, at) => piece(at)).join('');
}

/** Texts that are hard to answer about, besides those that are hard to read. */
export const texts: Readonly<Record<string, (size: number) => string>> = {
  ...pathological,
  'an ordinary file': (size) => numbered(size, (at) =>
    `### request ${at}\n# @name call-${at}\nPOST {{host}}/items/${at}?x={{value${at}}} HTTP/1.1\nContent-Type: application/json\n`
    + `X-Token: {{call-${at - 1}.response.body.$.token}}\nX-Other: {{call_${at - 2}.response.headers.X-A}}\n\n`
    + `{\n  "id": ${at},\n  "host": "{{host}}"\n}\n\n@value${at} = {{host}}/${at}\n\n`),
  'comments alone': (size) => numbered(size, () => '# nothing to send: here\n'),
  'Markdown': (size) => numbered(size, () => '# Heading\n\nSome text: with {{names}}.\n\n- item: one\n\n'),
  'metadata without a request': (size) => numbered(size, () => '# @name a: {{b}}\n'),
  'a comment that never closes, with names': (size) => `/*\n${numbered(size, () => 'a: {{b}}\n')}`,
  'a chain of variables to its end': (size) => numbered(size, (at) => `@v${at} = {{v${at - 1}}}x\n`),
  'variables of one value': (size) =>
    `@v = ${'x'.repeat(size / 2)}\n${numbered(size / 2, (at) => `@w${at} = {{v}}\n`)}`,
  'headers with names': (size) => `GET https://a/\n${numbered(size, (at) => `a${at}: {{b${at}}}\n`)}`,
  'comments with names in a raw body': (size) =>
    `# @raw-body\nPOST https://a/\n\n${numbered(size, (at) => `# {{b${at}}}\n`)}`,
  'prompts and their names': (size) =>
    `${numbered(size / 2, (at) => `# @prompt p${at}\n`)}GET https://a/\n${numbered(size / 2, (at) => `a: {{p${at}}}\n`)}`,
  'references in other forms of one name': (size) => numbered(size, () =>
    '###\n# @name a-b\nGET https://a/{{aB.response.body}}\n'),
  'names that nobody knows': (size) => numbered(size, (at) => `###\n@w${at} = 1\nGET {{u${at}}}\n\n`),
  'words of a curl command': (size) => `curl ${numbered(size, () => 'curl ')}`,
  'a long word of a curl command': (size) => `curl https://a/ -d "${'a$'.repeat(size / 2)}"`,
};

/** A document and its problems, which an editor shows before it asks anything. */
export function documentOf(text: string): HttpDocument {
  const document = createDocument(text);
  void document.file.problems;
  return document;
}
