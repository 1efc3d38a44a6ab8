import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Packages that could not be installed: to try once in a run is enough. */
const refused = new Map<string, Error>();

/**
 * Makes sure that a program of a Debian package is there and gives its path; of a package without
 * programs, a file is asked for by its path. Installs the package
 * with apt-get (through sudo if need be) and says so; throws with what to do when that is not
 * possible.
 */
export function requireDebian(packageName: string, binary: string): string {
  const found = locate(binary);
  if (found !== undefined) return found;
  const known = refused.get(packageName);
  if (known) throw known;
  try {
    return installed(packageName, binary);
  } catch (error) {
    refused.set(packageName, error as Error);
    throw error;
  }
}

function installed(packageName: string, binary: string): string {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && locate('sudo') === undefined) {
    throw new Error(
      `${binary} is missing and only root may install it: apt-get install -y ${packageName}`,
    );
  }
  console.log(`      installing the Debian package ${packageName} for this test`);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', packageName];
  // The lists of a fresh machine are empty, so a first failure is worth an update.
  const isInstalled =
    run(isRoot, install) || (run(isRoot, ['apt-get', 'update']) && run(isRoot, install));
  const path = locate(binary);
  if (!isInstalled || path === undefined) {
    throw new Error(
      `could not install ${packageName}; try: apt-get update && apt-get install -y ${packageName}`,
    );
  }
  return path;
}

/**
 * The same, but the tests of `context` are skipped, in sight of everybody, where the program cannot be had. The time
 * that it takes to install is not the test's.
 */
export function debianOrSkip(context: Mocha.Context, packageName: string, binary: string): string {
  const limit = context.timeout();
  context.timeout(0);
  try {
    return requireDebian(packageName, binary);
  } catch (error) {
    return skipped(context, (error as Error).message);
  } finally {
    context.timeout(limit);
  }
}

/** Skips the tests of `context` and says why. */
export function skipped(context: Mocha.Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  return context.skip();
}

/** `it` for tests that run a program of a Debian package by its name: see {@link debianOrSkip}. */
export function itWith(
  packageName: string, binary: string,
): (title: string, test: (this: Mocha.Context) => void | Promise<void>) => void {
  return (title, test) => void it(title, async function () {
    debianOrSkip(this, packageName, binary);
    await test.call(this);
  });
}

/** Gives the path of a program on the PATH or in the folders of system programs; of a path itself, if it is there. */
function locate(binary: string): string | undefined {
  if (binary.startsWith('/')) return existsSync(binary) ? binary : undefined;
  const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$0"', binary], {
    env: environment,
    encoding: 'utf8',
  });
  return stdout.trim() || undefined;
}

function run(isRoot: boolean, command: readonly string[]): boolean {
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const [program = 'env', ...rest] = [
    ...(isRoot ? [] : ['sudo', '-n']),
    ...environment,
    ...command,
  ];
  return spawnSync(program, rest, { stdio: 'ignore', timeout: 300_000 }).status === 0;
}
