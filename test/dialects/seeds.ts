import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { snippets } from './snippets.ts';

const root = resolve(import.meta.dirname, '../..');

/** A request file of the project: the samples, and those written in the dialect of each tool. */
export interface WrittenFile {
  /** Its path from the root of the project. */
  readonly path: string;
  readonly text: string;
}

export function writtenFiles(): WrittenFile[] {
  const paths = globSync(['samples/**/*.{http,rest}', 'test/cases/**/*.{http,rest}'], { cwd: root }).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The inputs of the table of cases. */
export function caseInputs(): string[] {
  const { cases } = JSON.parse(
    readFileSync(join(root, 'test/cases/dialect.json'), 'utf8'),
  ) as { cases: { input: string }[] };
  return cases.map(({ input }) => input);
}

/** What the fuzzer mutates. */
export function fuzzSeeds(): string[] {
  return [...caseInputs(), ...writtenFiles().map(({ text }) => text), ...snippets];
}
