import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianOrSkip } from '../../../support/debian.ts';
import { freePort } from '../../../support/sockets.ts';
import { contentOf, createBench, silent, specOf } from '../support.ts';
import type { Bench } from '../support.ts';

const modules = '/usr/lib/apache2/modules';

/** Apache's own Digest: MD5, nonces that live one second. */
function configuration(root: string, port: number): string {
  return `
ServerRoot ${root}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${root}/pid
ErrorLog ${root}/error.log
DefaultRuntimeDir ${root}
${['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_digest'].map((name) =>
    `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
User www-data
Group www-data
DocumentRoot ${root}/pages
<Directory ${root}/pages>
  AuthType Digest
  AuthName "the lab"
  AuthDigestProvider file
  AuthDigestNonceLifetime 1
  AuthUserFile ${root}/users
  Require valid-user
</Directory>
`;
}

describe('Digest with Apache', () => {
  let bench: Bench;
  let root: string;
  let apache: ChildProcess | undefined;
  let url: string;

  before(async function () {
    this.timeout(300_000);
    const program = debianOrSkip(this, 'apache2-bin', 'apache2');
    root = mkdtempSync(join(tmpdir(), 'roundtrip-apache-'));
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'pages'));
    writeFileSync(join(root, 'pages', 'page.txt'), 'inside');
    const hash = createHash('md5').update('me:the lab:pass word').digest('hex');
    writeFileSync(join(root, 'users'), `me:the lab:${hash}\n`);
    const port = await freePort();
    writeFileSync(join(root, 'apache.conf'), configuration(root, port));
    apache = spawn(program, ['-X', '-f', join(root, 'apache.conf')], { stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    await reachable(port);
  });
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());
  after(async () => {
    if (apache && apache.exitCode === null) {
      apache.kill('SIGTERM');
      await once(apache, 'exit');
    }
    if (root) rmSync(root, { recursive: true });
  });

  async function send(password: string, path = '/page.txt') {
    const authentication = { scheme: 'digest', user: 'me', password } as const;
    const exchanges = await bench.client.send(specOf(url + path, { options: { authentication } }), silent);
    return { exchanges, statuses: exchanges.map(({ response }) => response?.statusCode) };
  }

  it('takes our answer, and later ones at once', async () => {
    const first = await send('pass word');
    assert.deepEqual(first.statuses, [401, 200]);
    assert.equal(await contentOf(bench.client, first.exchanges[1]!), 'inside');
    assert.deepEqual((await send('pass word', '/page.txt?a=%20b')).statuses, [200]);
  });

  it('says that a nonce is stale, which is answered again', async () => {
    await send('pass word');
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const { exchanges, statuses } = await send('pass word');
    assert.deepEqual(statuses, [401, 200]);
    const facts = exchanges[1]!.authorization!;
    assert(facts.scheme === 'digest');
    assert.equal(facts.because, 'stale');
  });

  it('refuses a wrong password', async () => {
    const { exchanges, statuses } = await send('other');
    assert.deepEqual(statuses, [401, 401]);
    assert.deepEqual(exchanges[1]!.challenge, { outcome: 'refused' });
  });
});

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = net.connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('apache2 did not start');
}
