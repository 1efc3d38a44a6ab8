import { parse } from 'dotenv';
import type { Value } from './json.ts';

/** The variables of a `.env` file with their lines, which count from 1; of a name written twice the last. */
export function readDotenv(text: string): Value[] {
  const lines = new Map<string, number>();
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    const name = /^\s{0,100}(?:export\s{1,100})?([\w.-]{1,1000})\s{0,100}[=:]/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, at + 1);
  }
  // Its fast way reads each character once; the other, a regular expression, may go over the rest for every line.
  return Object.entries(parse(text, { fast: true }))
    .map(([name, value]) => ({ name, value, line: lines.get(name) ?? 1 }));
}

/**
 * The environment that a file's name stands for in httpYac: `.env` is everybody's (an empty name), `.env.dev` and
 * `dev.env` are dev's. Undefined for other files and for patterns to copy, such as `.env.example`.
 */
export function dotenvName(name: string): string | undefined {
  if (name === '.env') return '';
  const found = name.startsWith('.env.') ? name.slice(5) : name.endsWith('.env') ? name.slice(0, -4) : '';
  const isName = /^[^.\s][^\s/\\]{0,200}$/.test(found);
  return isName && !/^(?:example|sample|template|dist|defaults?|vault|keys|schema)$/i.test(found) ? found : undefined;
}
