import { pathToFileURL } from 'node:url';
import { createDocument } from '../../src/httpFile/document.ts';
import type { HttpDocument } from '../../src/httpFile/document.ts';
import type { TextChange } from '../../src/httpFile/textChange.ts';
import { createSymbols } from '../../src/httpFile/editing/symbols.ts';
import { requestAt } from '../../src/httpFile/position.ts';
import { createScope, noOuterNames } from '../../src/httpFile/names/scope.ts';
import { requestFile } from './parse.ts';
import type { Row } from './row.ts';

const rounds = 400;

/** Milliseconds of the processor's time. */
const limits = { keystroke: 1, locate: 0.5 };

/**
 * What a key costs in a file of 10,000 requests until all that the editor shows of it is known; and finding a request.
 */
export async function bench(): Promise<Row[]> {
  const document = createDocument(requestFile(10_000));
  const { requests } = document.file;
  const middle = requests[requests.length >> 1]!.line - 1;
  return [
    row('a letter in the middle', type(document, [at(middle, 4, 'x'), at(middle, 4, '', 5)])),
    row(
      'a line break in the middle',
      type(
        document,
        [at(middle, 4, '\n'), { range: { start: { line: middle, character: 4 }, end: { line: middle + 1, character: 0 } }, text: '' }],
      ),
    ),
    row('a letter in a name', type(document, [at(middle - 1, 9, 'x'), at(middle - 1, 9, '', 10)])),
    row('a letter in a variable', type(document, [at(0, 8, 'x'), at(0, 8, '', 9)])),
    row('a new request in the middle', type(document, [
      at(middle - 2, 0, '### a\nGET {{host}}/a\n\n'),
      { range: { start: { line: middle - 2, character: 0 }, end: { line: middle + 1, character: 0 } }, text: '' },
    ])),
    { name: 'find the request of a line, and its names', value: locate(document), unit: 'ms', limit: limits.locate },
  ];
}

function row(name: string, value: number): Row {
  return { name, value, unit: 'ms', limit: limits.keystroke };
}

function at(line: number, character: number, text: string, end = character): TextChange {
  return { range: { start: { line, character }, end: { line, character: end } }, text };
}

/** Applies changes in turn; the last one of them undoes what the others did. */
function type(document: HttpDocument, changes: readonly TextChange[]): number {
  return cpu((round) => {
    document.edit([changes[round % changes.length]!]);
    shown(document);
  });
}

const symbols = createSymbols();

/** What CodeLens, the outline and diagnostics take from the tree. */
function shown({ file }: HttpDocument): void {
  const found = file.requests.length + file.problems.length + symbols(file).length;
  if (found < 20_000) throw new Error('The benchmark lost requests.');
}

function locate(document: HttpDocument): number {
  const { file, lineCount } = document;
  return cpu((round) => {
    const request = requestAt(file, (round * 7919) % lineCount)!;
    createScope(file, request.line - 1, noOuterNames).resolve(request.url);
  });
}

/** The processor's time that a round takes on this thread, in milliseconds; its clock counts whole ones. */
function cpu(work: (round: number) => void): number {
  for (let round = 0; round < rounds; round++) work(round);
  const before = process.threadCpuUsage();
  for (let round = 0; round < rounds; round++) work(round);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000 / rounds;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, value, unit, limit } of await bench()) {
    process.stdout.write(`${name}: ${value.toFixed(3)} ${unit} (at most ${limit})\n`);
  }
}
