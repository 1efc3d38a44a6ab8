import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { risksIn } from './expressions.ts';

const root = resolve(import.meta.dirname, '../..');

interface Written {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** The regular expressions of a file: each literal that begins where a value may, as the compiler prints it. */
function expressionsIn(path: string): Written[] {
  const { code } = transformSync(readFileSync(join(root, path), 'utf8'), { loader: 'ts', legalComments: 'none' });
  const found: Written[] = [];
  for (const [index, line] of code.split('\n').entries()) {
    for (const [, source, flags] of line.matchAll(literal)) {
      try {
        new RegExp(source!, flags);
        found.push({ place: `${path} (compiled line ${index + 1})`, source: source!, flags: flags! });
      } catch {
        // A division, or two slashes in strings.
      }
    }
  }
  return found;
}

const literal =
  /(?<=[(,=:[!&|?;{}]\s?|return\s|=>\s|^\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+)\/([dgimsuvy]*)/g;

describe('regular expressions that read what people write', () => {
  const paths = globSync(['src/httpFile/**/*.ts', 'src/run/**/*.ts'], { cwd: root }).sort();
  const written = paths.flatMap(expressionsIn);

  it('are found', () => assert.ok(written.length > 150, `${written.length} of ${paths.length} files`));

  it('never go back over the same characters again and again', () => {
    const risky = written.flatMap(({ place, source, flags }) =>
      risksIn(source, flags).map(({ kind, part }) => `${place}: /${source}/${flags} is ${kind} in ${part}`));
    assert.deepEqual(risky, []);
  });

  it('are not made from texts at run time', () => {
    const made = paths.filter((path) => /new RegExp\(|[^.\w]RegExp\(/.test(readFileSync(join(root, path), 'utf8')));
    assert.deepEqual(made, []);
  });
});

describe('the search for expressions that go back', () => {
  const bad: readonly [string, string][] = [
    ['^(?:a+)+$', ''], ['^(?:a|a+)*b', ''], ['^\\s*=?\\s*x', ''], ['\\s+$', ''], ['\\{\\{.*?\\}\\}', 'g'], ['^(\\w+\\s?)*$', ''], ['".*"x', ''],
    ['^.*a.*b.*c', ''], ['^\\s*\\n|\\n\\s*$', ''], ['(?:a*b?)*c', ''], ['[^a]*b', ''],
  ];
  for (const [source, flags] of bad) it(`finds /${source}/`, () => assert.notDeepEqual(risksIn(source, flags), []));

  const good: readonly [string, string][] = [
    ['^\\s+\\S', ''], ['^[a-z]+(?:\\.[a-z]+)*$', ''], ['^\\w+\\s*=\\s*', ''], ['(?<!\\s)\\s+$', ''], ['"[^"]*"', 'y'], ['\\S+', 'g'], ['^"[^"]*"$', ''],
    ['a{1,40}$', ''], ['[^\\x00-\\x7f]', ''],
  ];
  for (const [source, flags] of good) it(`finds nothing in /${source}/`, () =>
    assert.deepEqual(risksIn(source, flags), []));
});
