import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, type Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '../..');
const loads = 15;

/** What the suite inside VS Code measured, in ms. */
export interface Measured {
  readonly load: number;
  readonly activate: number;
  readonly engineReady: readonly number[];
  readonly firstPainted: number;
  readonly painted: readonly number[];
}

/** Loading the extension in a bare Node, and what a user waits for inside VS Code. */
export async function bench(): Promise<Row[]> {
  const measured = measureInVSCode();
  return [
    { name: 'load extension.cjs, bare Node', value: median(measureLoads()), unit: 'ms', limit: 5 },
    { name: 'load extension.cjs, inside VS Code', value: measured.load, unit: 'ms' },
    { name: 'activate, inside VS Code', value: measured.activate, unit: 'ms', limit: 50 },
    { name: 'engine ready after the first send', value: median(measured.engineReady), unit: 'ms', limit: 300 },
    { name: 'inspector opened and painted after the first response', value: measured.firstPainted, unit: 'ms' },
    { name: 'inspector painted after the response', value: median(measured.painted), unit: 'ms', limit: 150 },
  ];
}

/** Each in a Node of its own, as an extension is loaded once; `vscode` is whatever is asked of it. */
function measureLoads(): number[] {
  const script = `
    const module_ = require('node:module');
    const stub = new Proxy(class {}, { get: (_, name) => name === Symbol.toPrimitive ? () => '' : stub, apply: () => stub });
    const load = module_._load;
    module_._load = function (request, ...rest) { return request === 'vscode' ? stub : load.call(this, request, ...rest); };
    const started = performance.now();
    require(${JSON.stringify(path.join(root, 'dist', 'extension.cjs'))});
    process.stdout.write(String(performance.now() - started));
    process.exit(0);`;
  return Array.from({ length: loads }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`extension.cjs does not load:\n${stderr}`);
    return Number(stdout);
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
    if (status !== 0) throw new Error(`The suite inside VS Code ended with ${status}:\n${stdout}${stderr}`);
    return JSON.parse(readFileSync(file, 'utf8')) as Measured;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
