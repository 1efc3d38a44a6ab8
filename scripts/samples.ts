import { readdirSync } from 'node:fs';
import path from 'node:path';

/** What some samples need besides themselves in a terminal, as their own comments say. */
const given: Readonly<Record<string, readonly string[]>> = {
  '07-environments.http': ['--env', 'dev'],
  '08-questions.http': ['--var', 'words=tea & biscuits', '--var', 'password=lovelace'],
};

/** The arguments for `roundtrip send` besides the sample. */
export function sampleArguments(file: string): readonly string[] {
  return given[path.basename(file)] ?? [];
}

/** The samples of a folder in their order, also the one in Markdown. */
export function sampleNames(folder: string): string[] {
  return readdirSync(folder).filter((name) => /\.(?:http|rest|md)$/.test(name)).sort();
}
