import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Row } from './row.ts';

// npm run bench: every benchmark of this folder in turn, or those named: `npm run bench -- parse
// size`. Ends with 1 where a limit is not met. `--json` prints the figures as one line instead of a
// table.

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true, options: { json: { type: 'boolean', default: false } },
});
const all = globSync('*.ts', { cwd: import.meta.dirname }).map((file) => path.basename(file, '.ts'))
  .filter((name) => !['run', 'row', 'activationSuite', 'parsePeers'].includes(name)).sort();

interface Bench { bench(): Promise<Row[]> }

build();
const results: { bench: string; rows: readonly Row[]; error?: string }[] = [];
for (const name of wanted.length > 0 ? wanted : all) results.push(await measure(name));
if (flags.json) process.stdout.write(`${JSON.stringify(results)}\n`);
const good = results.every(({ rows, error }) => !error && rows.every(isMet));
process.exitCode = good ? 0 : 1;

function build(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs', '--production', '--tests'], {
    cwd: path.resolve(import.meta.dirname, '../..'), stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

async function measure(name: string): Promise<(typeof results)[number]> {
  try {
    const module = await import(path.join(import.meta.dirname, `${name}.ts`)) as Bench;
    const rows = await module.bench();
    if (!flags.json) process.stdout.write(`\n${name}\n${rows.map(line).join('')}`);
    return { bench: name, rows };
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${name} broke off: ${text}\n`);
    return { bench: name, rows: [], error: String(error) };
  }
}

function isMet({ value, limit, atLeast }: Row): boolean {
  return !(limit !== undefined && value > limit) && !(atLeast !== undefined && value < atLeast);
}

function line(row: Row): string {
  const bound = boundOf(row);
  const verdict = bound && `${bound}  ${isMet(row) ? 'met' : 'NOT MET'}`;
  const value = figure(row.value).padStart(12);
  return `${`  ${row.name.padEnd(58)}${value} ${row.unit.padEnd(6)}${verdict}`.trimEnd()}\n`;
}

function boundOf({ limit, atLeast }: Row): string {
  if (limit !== undefined) return `≤ ${limit}`;
  return atLeast === undefined ? '' : `≥ ${atLeast}`;
}

/** Three significant digits, and no fewer than the whole number. */
function figure(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
