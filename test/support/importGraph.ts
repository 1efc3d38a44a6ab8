import { build } from 'esbuild';

export interface Import {
  /** The importing file and what it names, e.g. `src/wire/pool.ts` and `./clock.ts`. */
  readonly from: string;
  readonly specifier: string;
  /** Only types: nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const typeImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * Every import of the given sources by path, also `import type`, `export … from`, `import()` and
 * `require()`. esbuild reads them, so comments and strings cannot deceive; type imports, which it
 * would drop, are turned into plain ones first. Types written `import('x').Y` are not seen by
 * esbuild and found in the text.
 */
export async function importsOf(sources: ReadonlyMap<string, string>): Promise<Import[]> {
  const imports: Import[] = [];
  for (const [from, text] of sources) {
    const plain = text.replace(/^(\s*)(import|export) type(?=\s*[{*]|\s+\w+\s+from\b)/gm, '$1$2');
    const all = await specifiersOf(plain);
    const atRunTime = new Set(await specifiersOf(text));
    for (const [, specifier] of text.matchAll(typeImport)) all.push(specifier!);
    for (const specifier of new Set(all)) {
      imports.push({ from, specifier, typeOnly: !atRunTime.has(specifier) });
    }
  }
  return imports;
}

async function specifiersOf(text: string): Promise<string[]> {
  const found: string[] = [];
  await build({
    stdin: { contents: text, loader: 'ts', resolveDir: '/' },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [{
      name: 'collect',
      setup({ onResolve }) {
        onResolve({ filter: /.*/ }, ({ path, kind }) => {
          if (kind !== 'entry-point') found.push(path);
          return kind === 'entry-point' ? undefined : { path, external: true };
        });
      },
    }],
  });
  return found;
}
