import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Makes sure that a program of a Debian package is there and gives its path; of a package without
 * programs, a file is asked for by its path. Installs the package
 * with apt-get (through sudo if need be) and says so; throws with what to do when that is not
 * possible.
 */
export function requireDebian(packageName: string, binary: string): string {
  const found = locate(binary);
  if (found !== undefined) return found;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && locate('sudo') === undefined) {
    throw new Error(
      `${binary} is missing and only root may install it: apt-get install -y ${packageName}`,
    );
  }
  console.log(`      installing the Debian package ${packageName} for this test`);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', packageName];
  // The lists of a fresh machine are empty, so a first failure is worth an update.
  const installed =
    run(isRoot, install) || (run(isRoot, ['apt-get', 'update']) && run(isRoot, install));
  const path = locate(binary);
  if (!installed || path === undefined) {
    throw new Error(
      `could not install ${packageName}; try: apt-get update && apt-get install -y ${packageName}`,
    );
  }
  return path;
}

/** The same, but the tests of `context` are skipped, in sight of everybody, where the program cannot be had. */
export function debianOrSkip(context: Mocha.Context, packageName: string, binary: string): string {
  try {
    return requireDebian(packageName, binary);
  } catch (error) {
    console.log(`      skipped: ${(error as Error).message}`);
    return context.skip();
  }
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
