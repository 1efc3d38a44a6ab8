import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sampleArguments, sampleNames } from './samples.ts';
import {
  installExtension, installVSCode, projectRoot, startVSCode, workbenchUrl, writeSettings,
} from './vscode.ts';

// npm start: builds, and opens samples/ in VS Code with this extension: the desktop's when there is
// one, else the VS Code server in a browser. `-- --headless` sends the samples in this terminal
// instead.

const samples = path.join(projectRoot, 'samples');
const usualPort = 8170;

const { values: flags } = parseArgs({
  options: {
    headless: { type: 'boolean', default: false },
    /** The server, also where a desktop VS Code is. */
    browser: { type: 'boolean', default: false },
  },
});

build();
const desktop = flags.headless || flags.browser ? undefined : findDesktopCode();
if (flags.headless) process.exitCode = sendSamples();
else if (desktop) process.exitCode = startDesktop(desktop);
else process.exitCode = await startServer();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], {
    cwd: projectRoot, stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  say('Built.');
}

/**
 * The desktop's `code`. The `code` inside a remote window talks to that window instead of starting
 * VS Code, a Windows one seen from WSL cannot load an extension from here, and without a display
 * there is no window.
 */
function findDesktopCode(): string | undefined {
  if (process.env['VSCODE_IPC_HOOK_CLI']) return undefined;
  const hasDisplay = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && !hasDisplay) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  return (process.env['PATH'] ?? '').split(path.delimiter)
    .filter((directory) => !/remote-cli|^\/mnt\/[a-z]\//.test(directory))
    .flatMap((directory) => names.map((name) => path.join(directory, name)))
    .find(existsSync);
}

function startDesktop(code: string): number {
  say(`Opening samples/ in ${code}`);
  const asRoot = process.getuid?.() === 0;
  const { status } = spawnSync(code, [
    '--new-window', `--extensionDevelopmentPath=${projectRoot}`,
    ...(asRoot ? ['--no-sandbox', `--user-data-dir=${projectRoot}/.cache/desktop`] : []),
    samples, ...firstSample(),
  ], { stdio: 'inherit', shell: process.platform === 'win32' });
  return status ?? 1;
}

function sampleFiles(): string[] {
  return sampleNames(samples).map((name) => path.join(samples, name));
}

/** What a newcomer sees first. */
function firstSample(): string[] {
  return sampleFiles().slice(0, 1);
}

async function startServer(): Promise<number> {
  const port = await choosePort();
  if (port === undefined) return 1;
  await installVSCode(say);
  const dataDirectory = path.join(projectRoot, '.cache', 'start');
  // The user's own choices of an earlier start stay.
  if (!existsSync(path.join(dataDirectory, 'data', 'User'))) await writeSettings(dataDirectory, {});
  const token = randomBytes(16).toString('hex');
  await installExtension(dataDirectory);
  // An extension under development would be loaded as it is, but without notifications.
  const server = await startVSCode({ port, dataDirectory, token, ordinary: true });
  const [openFile] = firstSample();
  const place = { folder: samples, extensions: [], ...(openFile && { openFile }) };
  say('VS Code is ready with samples/ and this extension. Open in a browser:');
  say(`\n  ${workbenchUrl(server, place)}\n\nCtrl+C ends it.`);
  let asked = false;
  const end = () => {
    if (!asked) say('\nEnding VS Code …');
    asked = true;
    void server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The shell between npm and this process dies of a signal without passing it on.
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) end(); }, 500).unref();
  const code = await server.ended;
  if (!asked) say(`The VS Code server ended by itself with ${code}.`);
  return asked ? 0 : 1;
}

/** PORT when it is set and free; else the usual port, or any where that is taken. */
async function choosePort(): Promise<number | undefined> {
  const wanted = process.env['PORT'];
  if (wanted === undefined) return await isFree(usualPort) ? usualPort : 0;
  const port = Number(wanted);
  if (Number.isInteger(port) && port >= 0 && port < 65_536 && await isFree(port)) return port;
  process.stderr.write(`PORT=${wanted} cannot be used on 127.0.0.1: name another, or none.\n`);
  return undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Sends every sample with the command line, and counts in the HAR it writes beside what it prints.
 * Some samples fail on purpose, so only a command line that breaks off makes this fail.
 */
function sendSamples(): number {
  const cli = path.join(projectRoot, 'dist', 'cli.cjs');
  const directory = mkdtempSync(path.join(tmpdir(), 'roundtrip-samples-'));
  const lines: string[] = [];
  let broken = 0;
  for (const file of sampleFiles()) {
    const name = path.relative(projectRoot, file);
    const har = path.join(directory, `${path.basename(file)}.har`);
    say(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
    spawnSync(process.execPath, [cli, 'send', file, '--har', har, ...sampleArguments(file)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const counts = countExchanges(har);
    if (!counts) broken += 1;
    lines.push(counts ? `✔ ${name}: ${counts}` : `✘ ${name}: the command line broke off`);
  }
  rmSync(directory, { recursive: true, force: true });
  say(`\n${'─'.repeat(80)}\n${lines.join('\n')}`);
  say('Exchanges that failed did so on purpose: the samples say what each one shows.');
  return broken === 0 && lines.length > 0 ? 0 : 1;
}

interface Har { log: { entries: { _roundtrip?: { failure?: unknown } }[] } }

function countExchanges(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { log } = JSON.parse(readFileSync(file, 'utf8')) as Har;
  const failed = log.entries.filter((entry) => entry._roundtrip?.failure).length;
  return `${log.entries.length} exchanges, ${failed === 0 ? 'all completed' : `${failed} failed`}`;
}
