import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import type { HttpDocument } from '../../../src/httpFile/document.ts';
import { completionsAt } from '../../../src/httpFile/editing/completion.ts';
import { hoverAt } from '../../../src/httpFile/editing/hover.ts';
import { valueHintsIn } from '../../../src/httpFile/editing/inlayHints.ts';
import { occurrenceAt } from '../../../src/httpFile/editing/references.ts';
import { semanticTokensIn } from '../../../src/httpFile/editing/semanticTokens.ts';
import { noOuterNames } from '../../../src/httpFile/names/scope.ts';

const view = { outer: noOuterNames };
const count = 10_000;

const request = (at: number): string =>
  `### request ${at}\n# @name call-${at}\nPOST {{host}}/items/${at}?x={{v${(at * 7) % count}}}\n`
  + `Content-Type: application/json\nX-A: {{call-${at - 1}.response.body.$.a}}\nX-B: {{call_${at - 2}.response.headers.X}}\n\n{"id": ${at}}\n\n`;
const variable = (at: number): string => `@v${at} = value ${at}\n`;
const numbers = Array.from({ length: count }, (_, at) => at);

const files: Readonly<Record<string, string>> = {
  'with all its variables at the top': `@host = http://a.test\n${numbers.map(variable).join('')}\n${numbers.map(request).join('')}`,
  'with a variable after each request': `@host = http://a.test\n\n${numbers.map((at) => `${request(at)}${variable(at)}\n`).join('')}`,
};

/** Looked at from the request in the middle of the file. */
const asked: Readonly<Record<string, (document: HttpDocument, line: number) => unknown>> = {
  'the colours of 60 lines': (document, line) => semanticTokensIn(
    document.file, document, line - 30, line + 29, view,
  ).length > 30,
  'the values of 60 lines': (document, line) => valueHintsIn(
    document.file, document, line - 30, line + 29, view,
  ).length > 5,
  'a hover over a name': (document, line) => hoverAt(
    document.file, document, { line, character: 9 }, view,
  )?.kind === 'variable',
  'a hover over a reference': (document, line) =>
    hoverAt(document.file, document, { line: line + 3, character: 10 }, view)?.kind === 'response',
  'the names for a reference': async (document, line) =>
    (await completionsAt(document.file, document, { line, character: 7 }, view)).items.length > 200,
  'the fields for a header': async (document, line) =>
    (await completionsAt(document.file, document, { line: line + 1, character: 3 }, view)).items.length > 20,
  'the name under the cursor': (document, line) =>
    occurrenceAt(
      { uri: 'file:///a.http', file: document.file, lines: document }, { line, character: 9 },
    )?.name === 'host',
};

/** Puts a letter in at the end of a line, or takes it away again. */
function type(document: HttpDocument, line: number, round: number): void {
  const { length } = document.lineAt(line);
  const start = { line, character: round % 2 === 0 ? length : length - 1 };
  document.edit([{ range: { start, end: { line, character: length } }, text: round % 2 === 0 ? 'x' : '' }]);
}

/**
 * Milliseconds for one answer, however large the file: of many tries the best, for other work takes the processor too.
 */
const most = 2;

describe('answers about what is on the screen of a file of 10,000 requests and variables', function () {
  this.timeout(60_000);

  for (const [name, text] of Object.entries(files)) {
    const document = createDocument(text);
    const middle = document.file.requests[count / 2]!.line - 1;
    const inVariable = document.file.variables[count / 2]!.range.start.line;
    const edits: Readonly<Record<string, (round: number) => void>> = {
      'as it is': () => undefined,
      'after an edit of a request': (round) => type(document, middle, round),
      'after an edit of a variable': (round) => type(document, inVariable, round),
    };
    for (const [when, edit] of Object.entries(edits)) {
      for (const [what, ask] of Object.entries(asked)) {
        it(`${what}, ${name}, ${when}`, async () => {
          let best = Infinity;
          for (let round = 0; round < 60; round++) {
            edit(round);
            const before = performance.now();
            const isAnswer = await ask(document, middle);
            best = Math.min(best, performance.now() - before);
            assert.ok(isAnswer, 'an answer');
          }
          assert.ok(best <= most, `${best.toFixed(2)} ms`);
        });
      }
    }
  }
});
