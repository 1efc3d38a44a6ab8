// Bundles everything that ships into dist/. Flags: --production minifies, --watch stays, --tests
// also bundles what runs inside VS Code's extension host.
import { build, context } from 'esbuild';
import {
  chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

process.chdir(import.meta.dirname);

const { values: flags } = parseArgs({
  options: {
    production: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    tests: { type: 'boolean', default: false },
  },
});

/**
 * The command line may be started by any Node, also one too old for it: say so instead of a stack
 * trace.
 */
const cliBanner = [
  '#!/usr/bin/env node',
  "const [major, minor] = process.versions.node.split('.').map(Number);",
  'if (major < 22 || (major === 22 && minor < 19)) {',
  "  process.stderr.write('roundtrip needs Node 22.19 or later; this is ' + process.version",
  "    + '. In a checkout, npx roundtrip brings its own.\\n');",
  '  process.exit(2);',
  '}',
].join('\n');

const shared = {
  bundle: true,
  outdir: 'dist',
  minify: flags.production,
  sourcemap: flags.production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** The bundles that others load when they need them. */
const loadedLater = new Set();

/**
 * What the extension imports dynamically, or requires where it cannot wait, becomes a bundle of its
 * own, which VS Code reads when it is first needed: V8 scans a bundle whole (about 35 ms a
 * megabyte), however little of it runs.
 */
const lazyImports = {
  name: 'lazy-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import' && kind !== 'require-call') return undefined;
      const bundle = `${basename(path, '.ts')}.cjs`;
      loadedLater.add(bundle);
      return { path: `./${bundle}`, external: true };
    });
  },
};
const lazily = { plugins: [lazyImports], supported: { 'dynamic-import': false } };

/** A bundle for Node. `module` first, since a UMD `main` hides its imports from the bundler. */
function node(name, entry, options = {}) {
  return {
    ...shared,
    entryPoints: { [name]: entry },
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    outExtension: { '.js': '.cjs' },
    mainFields: ['module', 'main'],
    external: ['vscode'],
    ...options,
  };
}

const inspector = {
  ...shared,
  entryPoints: { inspector: 'media/inspector/main.ts' },
  platform: 'browser',
  format: 'iife',
  target: 'es2023',
  assetNames: '[name]',
  loader: { '.ttf': 'file', '.svg': 'dataurl' },
  // Lit warns about its development build unless the production condition is set.
  conditions: flags.production ? ['production', 'module'] : ['development', 'module'],
};

const bundles = [
  node('extension', 'src/extension.ts', lazily),
  ...[
    'httpFile/document', 'httpFile/markdown', 'run/prepare/prepare', 'run/responses/query', 'run/environments/load',
    'ui/editing/services', 'ui/lab/labView', 'explain/text/problem', 'formats/curl', 'formats/har', 'formats/pcapng',
    'explain/wireDocument',
  ].map((entry) => node(basename(entry), `src/${entry}.ts`, lazily)),
  node('engine', 'src/engine.ts'),
  node('lab', 'src/lab/main.ts', lazily),
  node('redisConnection', 'src/lab/shop/redisConnection.ts'),
  node('cli', 'src/cli.ts', { banner: { js: cliBanner } }),
  inspector,
  ...(flags.tests
    ? ['vscode/index', 'bench/activationSuite'].map((name) =>
      node(`test/${name}`, `test/${name}.ts`, { external: ['vscode', 'mocha'], minify: false }))
    : []),
];

/**
 * `npx roundtrip` looks into node_modules/.bin first: the checkout's own command line belongs
 * there.
 */
function linkCommand() {
  if (!existsSync('dist/cli.cjs') || !existsSync('node_modules/.bin')) return;
  chmodSync('dist/cli.cjs', 0o755);
  const link = 'node_modules/.bin/roundtrip';
  rmSync(link, { force: true });
  if (process.platform === 'win32') {
    writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\dist\\cli.cjs" %*\r\n');
  } else {
    symlinkSync('../../dist/cli.cjs', link);
  }
}

/** The licences of the packages that went into the bundles, which travel with them. */
function writeNotices(inputs) {
  const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  const folders = new Set(inputs.map((path) => inPackage.exec(path)?.[1]));
  folders.delete(undefined);
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', notices.join(`\n${'-'.repeat(72)}\n\n`));
}

function reportSizes(outputs) {
  const rows = outputs.filter(([path]) => !path.endsWith('.map'))
    .map(([path, { bytes }]) => `${path.padEnd(26)}${(bytes / 1000).toFixed(1).padStart(10)} kB`);
  console.log(rows.join('\n'));
}

if (flags.watch) {
  for (const options of bundles) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  mkdirSync('dist', { recursive: true });
  // Each bundle for itself: esbuild has printed what stopped one, and the others are still good.
  const settled = await Promise.allSettled(bundles.map((options) => build(options)));
  const results = settled.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  if (results.length < bundles.length) process.exitCode = 1;
  const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  const inputs = Object.assign({}, ...results.map(({ metafile }) => metafile.inputs));
  const missing = [...loadedLater].filter((bundle) => !outputs[`dist/${bundle}`]);
  if (missing.length > 0) {
    console.error(`Loaded when needed, but not bundled: ${missing.join(', ')}`);
    process.exitCode = 1;
  }
  const { production } = flags;
  writeFileSync('dist/meta.json', JSON.stringify({ production, inputs, outputs }));
  writeNotices(Object.keys(inputs));
  reportSizes(Object.entries(outputs));
  linkCommand();
}
