import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, type Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '../..');
const loads = 15;
const launches = 3;

/** What the suite inside VS Code measured, in ms. */
export interface Measured {
  readonly load: number;
  /** The call of the extension's `activate`. */
  readonly activate: number;
  /** Until the extension is active, with what VS Code does for it. */
  readonly activation: number;
  readonly engineReady: readonly number[];
  readonly firstPainted: number;
  readonly painted: readonly number[];
}

/** Loading the extension in a bare Node, and what a user waits for inside VS Code. */
export async function bench(): Promise<Row[]> {
  const all = Array.from({ length: launches }, measureInVSCode);
  const middle = (of: (measured: Measured) => number) => median(all.map(of));
  const row = (name: string, value: number, limit?: number): Row =>
    ({ name, value, unit: 'ms', ...(limit !== undefined && { limit }) });
  return [
    row('load extension.cjs, bare Node', median(measureLoads()), 5),
    row('load extension.cjs, inside VS Code', middle(({ load }) => load)),
    row('activate() inside VS Code', middle(({ activate }) => activate), 50),
    row('until active, with VS Code’s own part', middle(({ activation }) => activation)),
    row('engine ready after the first send', middle((one) => median(one.engineReady)), 300),
    row('inspector opened and painted, first response', middle((one) => one.firstPainted)),
    row('inspector painted after the response', middle((one) => median(one.painted)), 150),
  ];
}

/**
 * Each in a Node of its own, as an extension is loaded once; `vscode` is whatever is asked of it.
 */
function measureLoads(): number[] {
  const script = `
    const module_ = require('node:module');
    const get = (_, name) => name === Symbol.toPrimitive ? () => '' : stub;
    // As its own prototype it also answers for the copy of it that bundles make.
    // As its own prototype it also answers for the copy of it that bundles make. A bound function
    // has no property of its own that the answers would have to agree with.
    const stub = new Proxy(function () {}.bind(), {
      get, apply: () => stub, construct: () => stub, getPrototypeOf: () => stub,
    });
    const load = module_._load;
    module_._load = function (request, ...rest) {
      return request === 'vscode' ? stub : load.call(this, request, ...rest);
    };
    const started = performance.now();
    require(${JSON.stringify(path.join(root, 'dist', 'extension.cjs'))});
    // Standard output is made at its first use, which takes milliseconds of its own.
    const took = performance.now() - started;
    process.stdout.write(String(took));
    process.exit(0);`;
  return Array.from({ length: loads }, () => {
    const node = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    if (node.status !== 0) throw new Error(`extension.cjs does not load:\n${node.stderr}`);
    return Number(node.stdout);
  });
}

function measureInVSCode(): Measured {
  const directory = mkdtempSync(path.join(tmpdir(), 'roundtrip-activation-'));
  const file = path.join(directory, 'measured.json');
  try {
    const { status, stdout, stderr } = spawnSync(path.join(root, 'scripts', 'codeLauncher'), [
      `--extensionDevelopmentPath=${root}`,
      `--extensionTestsPath=${path.join(root, 'dist', 'test', 'bench', 'activationSuite.cjs')}`,
      directory,
    ], { encoding: 'utf8', env: { ...process.env, ROUNDTRIP_MEASURED: file } });
    if (status !== 0) throw new Error(`The suite ended with ${status}:\n${stdout}${stderr}`);
    return JSON.parse(readFileSync(file, 'utf8')) as Measured;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
