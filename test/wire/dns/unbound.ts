import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireDebian } from '../../support/debian.ts';

// A recursive server of the real kind (unbound).

export interface Unbound {
  end(): Promise<void>;
}

/**
 * Starts unbound. `lines` are of its `server:` clause, and clauses of their own may follow; `files` lie where its paths
 * begin. Resolves when it is `ready`.
 */
export async function startUnbound(
  lines: string, files: Readonly<Record<string, string>>, ready: () => Promise<boolean>,
): Promise<Unbound> {
  const unbound = requireDebian('unbound', 'unbound');
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-unbound-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const file = join(directory, 'unbound.conf');
  writeFileSync(file, `remote-control:
  control-enable: no
server:
  directory: "${directory}"
  username: ""
  chroot: ""
  pidfile: "${directory}/unbound.pid"
  use-syslog: no
  do-daemonize: no
  access-control: 127.0.0.0/8 allow
  module-config: "iterator"
${lines}`);
  const child = spawn(unbound, ['-d', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => { errors += String(chunk); });
  const end = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    rmSync(directory, { recursive: true });
  };
  for (let left = 100; !await ready(); left -= 1) {
    if (child.exitCode !== null || left === 0) {
      await end();
      throw new Error(`unbound did not start: ${errors}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { end };
}
