import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bundles = [
  { file: 'extension.cjs', limit: 150 },
  { file: 'document.cjs' }, { file: 'markdown.cjs' }, { file: 'prepare.cjs' }, { file: 'query.cjs' },
  { file: 'load.cjs' }, { file: 'services.cjs' }, { file: 'problem.cjs' }, { file: 'labView.cjs' },
  { file: 'curl.cjs' }, { file: 'har.cjs' }, { file: 'pcapng.cjs' }, { file: 'wireDocument.cjs' },
  { file: 'engine.cjs' }, { file: 'lab.cjs' }, { file: 'redisConnection.cjs' }, { file: 'cli.cjs' },
  { file: 'inspector.js' }, { file: 'inspector.css' },
];

/** Sizes of the minified bundles and of the package, in units of 1,000 bytes. */
export async function bench(): Promise<Row[]> {
  const rows: Row[] = bundles.map(({ file, limit }) => ({
    name: file,
    value: statSync(path.join(root, 'dist', file)).size / 1000,
    unit: 'kB',
    ...(limit && { limit }),
  }));
  return [...rows, { name: 'the .vsix', value: packageSize() / 1000, unit: 'kB', limit: 2000 }];
}

function packageSize(): number {
  const directory = mkdtempSync(path.join(tmpdir(), 'roundtrip-vsix-'));
  try {
    const file = path.join(directory, 'roundtrip.vsix');
    const { status, stdout, stderr } = spawnSync(process.execPath, [
      path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), 'package', '--no-dependencies',
      '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file,
    ], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`vsce package ended with ${status}:\n${stdout}${stderr}`);
    return statSync(file).size;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
