import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ReportLine } from '../test/support/countingReporter.ts';
import { installSystemPackages } from './system.ts';
import { installVSCode, projectRoot, signalGroup } from './vscode.ts';

// npm test: everything, on a bare machine. Installs what is missing and says so, runs the checks
// one after the other (they share the processor, and times are measured), and ends with one line of
// counts. Arguments name single checks: `npm test -- node browser`.

interface Check {
  readonly name: string;
  readonly title: string;
  /** Run in turn until one fails. */
  readonly commands: readonly (readonly string[])[];
  /** Whether the commands write a report of their own tests; otherwise the check counts as one. */
  readonly reports: boolean;
  readonly minutes: number;
}

const node = process.execPath;
const tsc = path.join(projectRoot, 'node_modules', '.bin', 'tsc');
const mocha = (...args: string[]) => [
  node, 'node_modules/mocha/bin/mocha.js',
  '--reporter', 'test/support/countingReporter.ts', ...args,
];

const checks: readonly Check[] = [
  {
    name: 'typecheck', title: 'Types', reports: false, minutes: 3,
    commands: [[tsc, '-p', 'tsconfig.json'], [tsc, '-p', 'media/inspector/tsconfig.json']],
  },
  {
    name: 'build', title: 'Bundles', reports: false, minutes: 2,
    commands: [[node, 'esbuild.mjs', '--production', '--tests']],
  },
  {
    name: 'node', title: 'Tests in Node', reports: true, minutes: 15,
    commands: [mocha('test/**/*.test.ts', '--ignore', 'test/{vscode,browser}/**')],
  },
  {
    name: 'vscode', title: 'Tests inside VS Code', reports: true, minutes: 6,
    commands: [[node, 'test/vscode/run.ts']],
  },
  {
    name: 'browser', title: 'Tests in the workbench', reports: true, minutes: 10,
    commands: [mocha('test/browser/**/*.test.ts', '--timeout', '120000')],
  },
];

interface Counts { passed: number; skipped: number; failures: { title: string; error: string }[] }

process.exitCode = await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = checks.map(({ name }) => name).join(', ');
    process.stderr.write(`No such check: ${unknown.join(', ')}. There are ${known}.\n`);
    return 2;
  }
  // The tests are of what was built, so building is always part of it.
  const isChosen = ({ name }: Check) =>
    names.length === 0 || names.includes(name) || name === 'build';
  const counts: Counts = { passed: 0, skipped: 0, failures: [] };
  await prepare(counts);
  for (const check of checks.filter(isChosen)) await run(check, counts);
  report(counts);
  return counts.failures.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function prepare(counts: Counts): Promise<void> {
  installSystemPackages(say);
  try {
    await installVSCode(say);
  } catch (error) {
    counts.failures.push({ title: 'installing the VS Code server', error: String(error) });
  }
}

async function run(check: Check, counts: Counts): Promise<void> {
  say(`\n━━ ${check.title} ${'━'.repeat(Math.max(0, 60 - check.title.length))}`);
  const started = performance.now();
  const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-report-'));
  const file = path.join(directory, 'report.jsonl');
  let broken: string | undefined;
  for (const command of check.commands) {
    broken = await runCommand(command, check.minutes, { ROUNDTRIP_TEST_REPORT: file });
    if (broken) break;
  }
  if (check.reports) await addReport(check, file, broken, counts);
  else if (broken) counts.failures.push({ title: check.title, error: `${broken}; see above` });
  else counts.passed += 1;
  await rm(directory, { recursive: true, force: true });
  say(`(${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/**
 * Adds a suite's results. One that broke off, or failed without saying at what, is a failure
 * itself.
 */
async function addReport(
  { title }: Check, file: string, broken: string | undefined, counts: Counts,
): Promise<void> {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as ReportLine);
  const failed = lines.filter((line) => line.state === 'failed');
  counts.passed += lines.filter(({ state }) => state === 'passed').length;
  counts.skipped += lines.filter(({ state }) => state === 'skipped').length;
  counts.failures.push(...failed);
  const fail = (error: string) => counts.failures.push({ title, error });
  if (!lines.some(({ state }) => state === 'end')) fail(`broke off: ${broken ?? 'no report'}`);
  else if (broken && failed.length === 0) fail(broken);
  else if (lines.length === 1) fail('ran no test');
}

/** Runs one command in a process group of its own; what was wrong, or undefined. */
function runCommand(
  [command, ...args]: readonly string[], minutes: number, environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command!, args, {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    // Asked first, so that what it started can be ended by it; the rest of its group a little
    // later.
    const end = () => {
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 3_000);
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, minutes * 60_000);
    const interrupt = () => {
      end();
      setTimeout(() => process.exit(130), 3_500);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      signalGroup(child.pid, 'SIGKILL');
      const name = path.basename(args[0] ?? command!);
      if (late) resolve(`${name} was ended after ${minutes} min`);
      else resolve(code === 0 ? undefined : `${name} ended with ${code ?? signal}`);
    });
  });
}

function report({ passed, skipped, failures }: Counts): void {
  if (failures.length > 0) say(`\n━━ Failures ${'━'.repeat(52)}`);
  failures.forEach(({ title, error }, index) => {
    const lines = error.split('\n').slice(0, 20).map((line) => `   ${line}\n`);
    say(`\n${index + 1}) ${title}\n${lines.join('')}`);
  });
  say(`\n${passed} passed, ${failures.length} failed, ${skipped} skipped`);
}
