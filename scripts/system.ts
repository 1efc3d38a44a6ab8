import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

// What the tests need of the operating system, and how Debian gets it.

interface Need {
  readonly package: string;
  readonly reason: string;
  isThere(): boolean;
}

const needs: readonly Need[] = [
  {
    package: 'chromium',
    reason: 'the window of VS Code in tests',
    isThere: () => findChromium() !== undefined,
  },
  {
    package: 'fonts-noto-cjk',
    reason: 'Korean on screenshots',
    isThere: () => output('fc-list', [':lang=ko', 'family']) !== '',
  },
  {
    package: 'openssl',
    reason: 'an independent judge of certificates',
    isThere: () => output('openssl', ['version']) !== '',
  },
  {
    package: 'curl',
    reason: 'an independent client of the lab',
    isThere: () => output('curl', ['--version']) !== '',
  },
];

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? `${stdout}${stderr}`.trim() : '';
}

/**
 * Installs what is missing with apt-get, as root or with sudo, and says so. What cannot be
 * installed is named; the tests that need it then fail for themselves.
 */
export function installSystemPackages(say: (line: string) => void): void {
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length === 0) return;
  const list = missing.map((need) => `${need.package} (${need.reason})`).join(', ');
  const names = missing.map((need) => need.package);
  if (output('apt-get', ['--version']) === '') {
    say(`Missing, and there is no apt-get to install it with: ${list}.`);
    return;
  }
  say(`Installing with apt-get: ${list} …`);
  const install = ['install', '-q', '-y', '--no-install-recommends', ...names];
  if (!aptGet(['update', '-q']) || !aptGet(install)) {
    say(`apt-get could not install everything. By hand: sudo apt-get install ${names.join(' ')}`);
  }
}

/** Runs apt-get quietly; what it said is shown only where it failed. */
function aptGet(args: readonly string[]): boolean {
  const asRoot = process.getuid?.() === 0;
  // Without a terminal nobody could type sudo's password.
  const sudo = process.stdin.isTTY ? ['sudo'] : ['sudo', '-n'];
  const [command, ...rest] = [...(asRoot ? [] : sudo), 'apt-get', ...args];
  const { status, stdout, stderr, error } = spawnSync(command!, rest, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) process.stdout.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  return status === 0;
}
