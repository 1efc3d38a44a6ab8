import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createOpened } from './support/sockets.ts';
import { buildEngine, startEngine } from './support/engineProcess.ts';
import type { BuiltEngine } from './support/engineProcess.ts';
import { specOf } from './wire/http/support.ts';

/** Idle for so long, ms: shorter than a kept connection is kept. */
const idleTime = 2000;

describe('an idle engine', () => {
  const opened = createOpened();
  let built: BuiltEngine;
  before(async function () {
    this.timeout(60_000);
    built = await buildEngine();
  });
  after(() => built.remove());
  afterEach(() => opened.close());

  it('with a kept connection uses no processor time, and wakes for nothing', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(30_000);
    const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => response.end('x'));
    const port = await opened.serve(server);
    const engine = startEngine(built.path);
    for (const capture of ['none', 'full'] as const) {
      const [exchange] = await engine.send(specOf(`http://127.0.0.1:${port}/${capture}`, { options: { capture } }));
      assert.equal(exchange!.failure, undefined);
    }
    // What is asked of the machine beside the exchanges, and what V8 does after work, is over.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const before = usageOf(engine.child.pid!);
    await new Promise((resolve) => setTimeout(resolve, idleTime));
    const after = usageOf(engine.child.pid!);
    await engine.end();
    assert.ok(after.ticks - before.ticks <= 1, `${after.ticks - before.ticks} ticks of processor time`);
    assert.ok(after.wakes - before.wakes <= 3, `woke ${after.wakes - before.wakes} times`);
  });
});

/** Hundredths of a second that a process was given so far, and how often its main thread went to sleep. */
function usageOf(pid: number): { ticks: number; wakes: number } {
  // proc(5): the name, in parentheses, may hold anything; `utime` and `stime` are the 14th and 15th fields.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8');
  return {
    ticks: Number(fields[11]) + Number(fields[12]),
    wakes: Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)![1]),
  };
}
