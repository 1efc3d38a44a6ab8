import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../support/redisServer.ts';
import { jsonLines, run, start } from '../support/commandLine.ts';

const sample = fileURLToPath(new URL('../../samples/26-sessions.http', import.meta.url));
const password = 'a-password-that-nobody-may-see';

/** What every process of this machine that can be looked into was started with. */
async function argumentsOf(pids: readonly number[]): Promise<string> {
  return (await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))).join('\n');
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter((part) => part !== '').map(Number);
}

describe('roundtrip --session-store', () => {
  it('takes memory, shared and Redis, and does not repeat what else it was given', async () => {
    for (const words of [['lab'], ['send', sample]]) {
      const { code, stdout, stderr } = await run([...words, '--session-store', `mysql://:${password}@127.0.0.1`]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /--session-store takes memory, shared, or a URL such as redis:/);
      assert.ok(!stderr.includes(password));
    }
  });

  it('keeps sessions in Redis, and the password to itself', async function keep() {
    const redis = await startRedis(this, password);
    try {
      const url = `redis://:${password}@127.0.0.1:${redis.port}`;
      const { code, stdout, stderr } = await run(['send', sample, '--json', '--session-store', url]);
      assert.equal(code, 0, stderr);
      assert.ok(!stdout.includes(password) && !stderr.includes(password));
      const outcomes = jsonLines(stdout).flatMap(({ servers }) => servers?.at(-1).events ?? [])
        .filter(({ type }) => type === 'session-loaded').map(({ outcome, store }) => `${outcome} ${store}`);
      assert.deepEqual(outcomes, [
        'created', 'found', 'renewed', 'unknown', 'created', 'kept', 'found', 'tampered', 'created', 'unknown',
        'created', 'found', 'unknown', 'found', 'found', 'found', 'found', 'created', 'ended',
      ].map((outcome) => `${outcome} redis`));
    } finally {
      await redis.stop();
    }
  }).timeout(120_000);

  it('hands the URL to the lab where others do not see it', async function look() {
    if (process.platform !== 'linux') this.skip();
    const { child, ended } = start(['lab', '--json', '--session-store', `redis://:${password}@127.0.0.1:1`]);
    await new Promise<void>((resolve) => child.stdout!.once('data', () => resolve()));
    const labs = await childrenOf(child.pid!);
    assert.equal(labs.length, 1);
    assert.ok(!(await argumentsOf(labs)).includes(password));
    child.kill('SIGTERM');
    await ended;
  });
}).timeout(60_000);
