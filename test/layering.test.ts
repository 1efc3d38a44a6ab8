import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { transform } from 'esbuild';
import { type Import, importsOf } from './support/importGraph.ts';

// Who may import whom (DESIGN.md §1). A place is a folder of src/, a file directly in it, or media.

type Place = string;
const places: Readonly<Record<Place, RegExp>> = {
  trace: /^src\/trace\//,
  httpFile: /^src\/httpFile\//,
  explain: /^src\/explain\//,
  formats: /^src\/formats\//,
  protocol: /^src\/protocol\.ts$/,
  wire: /^src\/wire\//,
  engine: /^src\/engine\.ts$/,
  run: /^src\/run\//,
  lab: /^src\/lab\//,
  cli: /^src\/cli(\.ts$|\/)/,
  ui: /^src\/ui\//,
  extension: /^src\/extension\.ts$/,
  media: /^media\//,
};

interface Rule {
  readonly places: readonly Place[];
  /** Single files of other places. */
  readonly files?: readonly string[];
  /** Of these places only types. */
  readonly types?: readonly Place[];
  readonly node?: true;
  readonly packages?: readonly string[] | 'any';
}

const network = [
  'undici', 'dns-packet', 'tough-cookie', '@peculiar/x509', 'socks', 'ws', 'eventsource-parser',
  'iconv-lite',
];
const pure = ['tough-cookie', 'structured-headers', 'jsonc-parser', 'json-p3'];

const rules: Readonly<Record<Place, Rule>> = {
  trace: { places: ['trace'] },
  httpFile: { places: ['httpFile'], files: ['src/trace/request.ts', 'src/trace/assertNever.ts'] },
  explain: { places: ['explain', 'trace'], types: ['protocol'], packages: pure },
  formats: { places: ['formats', 'explain', 'trace'], packages: pure },
  protocol: { places: [], types: ['trace'] },
  wire: { places: ['wire', 'trace'], files: ['package.json'], node: true, packages: network },
  engine: { places: ['wire', 'trace'], types: ['protocol'], node: true, packages: network },
  run: {
    places: ['run', 'httpFile', 'trace', 'wire'], types: ['protocol'], node: true,
    packages: [...pure, 'dotenv', 'xpath', '@xmldom/xmldom', 'iconv-lite'],
  },
  lab: { places: ['lab'], node: true, packages: 'any' },
  cli: {
    places: ['cli', 'run', 'httpFile', 'formats', 'explain', 'wire', 'trace'],
    files: ['package.json'], types: ['protocol'], node: true, packages: [...pure, ...network],
  },
  ui: {
    places: ['ui', 'run', 'httpFile', 'formats', 'explain', 'trace', 'protocol'],
    types: ['wire'], node: true, packages: ['vscode', ...pure],
  },
  extension: {
    places: ['ui', 'run', 'httpFile', 'formats', 'explain', 'trace', 'protocol'],
    types: ['wire'], node: true, packages: ['vscode'],
  },
  media: {
    places: ['media', 'trace', 'explain'],
    types: ['protocol'], packages: ['lit', '@vscode/codicons', ...pure],
  },
};

const root = path.resolve(import.meta.dirname, '..');
const files = globSync(['src/**/*.ts', 'media/**/*.ts'], { cwd: root })
  .map((file) => file.split(path.sep).join('/')).sort();
const sources = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

function placeOf(file: string): Place | undefined {
  return Object.keys(places).find((place) => places[place]!.test(file));
}

/** Why an import is against the rules; undefined when it is not. */
function objection({ from, specifier, typeOnly }: Import): string | undefined {
  const place = placeOf(from);
  const rule = place && rules[place];
  if (!rule) return `${from} has no place in the house`;
  if (specifier.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(from), specifier);
    if (place === 'media' && target.endsWith('.css')) return undefined;
    const there = placeOf(target);
    if (there && rule.places.includes(there)) return undefined;
    if (rule.files?.includes(target)) return undefined;
    if (there && typeOnly && rule.types?.includes(there)) return undefined;
    return `${from} imports ${target}${typeOnly ? ' (types)' : ''}`;
  }
  if (specifier.startsWith('node:')) return rule.node ? undefined : `${from} imports ${specifier}`;
  if (builtinModules.includes(specifier)) return `${from} imports ${specifier} without node:`;
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  if (name === 'vscode' && place !== 'ui' && place !== 'extension') return `${from} imports vscode`;
  if (rule.packages === 'any' || rule.packages?.includes(name)) return undefined;
  return `${from} imports the package ${name}`;
}

describe('layering', () => {
  it('holds for every import', async () => {
    assert.ok(files.length > 20, 'the sources are found');
    const imports = await importsOf(sources);
    assert.deepEqual(imports.map(objection).filter((line) => line !== undefined), []);
  });

  it('sees every way to import', async () => {
    const text = `
      // import { no } from 'comment';
      const string = "import { no } from 'string'";
      import { a } from './a.ts';
      import type { B } from './b.ts';
      import { type C } from './c.ts';
      export type { D } from './d.ts';
      export * from './e.ts';
      type F = import('./f.ts').F;
      export const later = () => import('./g.ts');
      const old = require('./h.ts');
    `;
    const imports = await importsOf(new Map([['src/trace/x.ts', text]]));
    assert.deepEqual(imports.map(({ specifier }) => specifier).sort(), [
      './a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts', './h.ts',
    ]);
    assert.equal(imports.find(({ specifier }) => specifier === './b.ts')!.typeOnly, true);
    assert.equal(imports.find(({ specifier }) => specifier === './a.ts')!.typeOnly, false);
  });

  const forbidden: [from: string, specifier: string, typeOnly?: boolean][] = [
    ['src/trace/record.ts', 'node:fs'],
    ['src/trace/record.ts', '../explain/format.ts'],
    ['src/httpFile/parse.ts', '../trace/record.ts'],
    ['src/explain/failure.ts', 'vscode', true],
    ['src/protocol.ts', './trace/record.ts'],
    ['src/wire/client.ts', '../httpFile/parse.ts'],
    ['src/wire/client.ts', '../lab/messages.ts', true],
    ['src/run/prepare/prepare.ts', 'vscode', true],
    ['src/lab/main.ts', '../trace/event.ts', true],
    ['src/lab/main.ts', '../wire/clock.ts'],
    ['src/ui/inspector.ts', '../../media/inspector/main.ts'],
    ['src/extension.ts', 'undici'],
    ['media/inspector/main.ts', '../../src/protocol.ts'],
    ['media/inspector/main.ts', '../../src/run/prepare/prepare.ts', true],
    ['src/utils/x.ts', './y.ts'],
  ];
  for (const [from, specifier, typeOnly = false] of forbidden) {
    it(`objects to ${specifier} in ${from}`, () => {
      assert.notEqual(objection({ from, specifier, typeOnly }), undefined);
    });
  }

  it('keeps clocks, randomness and the machine out of the pure folders', async () => {
    const impure = new RegExp([
      /(?<![.\w$])(process|Buffer|document|window|globalThis|fetch|require|performance)\s*[.([]/,
      /(?<![.\w$])set(Timeout|Interval|Immediate)\(|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/,
    ].map(({ source }) => source).join('|'));
    const found: string[] = [];
    for (const [file, text] of sources) {
      if (!/^src\/(trace|httpFile|explain|formats)\//.test(file)) continue;
      const { code } = await transform(text, { loader: 'ts' });
      const line = code.split('\n').filter((candidate) => !/^\s*(\/\/|\*)/.test(candidate))
        .find((candidate) => impure.test(candidate));
      if (line) found.push(`${file}: ${line.trim()}`);
    }
    assert.deepEqual(found, []);
  });

  it('gives nothing a name that says nothing', () => {
    const nothing = /(^|\/)(utils?|helpers?|common|misc|managers?|models|types)(\.ts|\/)/i;
    assert.deepEqual(files.filter((file) => nothing.test(file)), []);
    assert.deepEqual(files.filter((file) => placeOf(file) === undefined), []);
  });

  it('exports by name only', () => {
    const unnamed = files.filter((file) => /^export default\b/m.test(sources.get(file)!));
    assert.deepEqual(unnamed, []);
  });
});
