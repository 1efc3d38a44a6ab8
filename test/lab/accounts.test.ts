import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccounts } from '../../src/lab/accounts.ts';
import type { LabPartId, RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { isOf, newTrace, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

const told: ServerEvent = { type: 'response-finished', at: 1, bodySize: 0 };
const passedOn: ServerEvent = { type: 'forwarded', startAt: 0, at: 1, to: 'x', reused: false };
const trace = { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16) };

describe('lab accounts', () => {
  const order = (...given: RequestAccount[]): { seen: string[]; over: Promise<unknown> } => {
    const seen: string[] = [];
    const { report } = createAccounts(({ server }) => seen.push(server));
    given.forEach(report);
    return { seen, over: sleep(400) };
  };
  const front: RequestAccount = { ...trace, server: 'front', events: [passedOn, told] };
  const middle: RequestAccount = { ...trace, server: 'middle', forwarded: true, events: [passedOn, told] };
  const lab: RequestAccount = { ...trace, server: 'lab', forwarded: true, events: [told] };

  it('come from the back to the front, whoever tells first', () => {
    assert.deepEqual(order(lab, middle, front).seen, ['lab', 'middle', 'front']);
    assert.deepEqual(order(front, lab).seen, ['lab', 'front']);
    assert.deepEqual(order(front, middle, lab).seen, ['lab', 'middle', 'front']);
    assert.deepEqual(order({ ...lab, forwarded: false }).seen, ['lab']);
  });

  it('do not wait for ever for a server that cannot tell', async () => {
    const { seen, over } = order(front);
    assert.deepEqual(seen, []);
    await over;
    assert.deepEqual(seen, ['front']);
  });

  it('of what came through a tunnel belong to the client', () => {
    const seen: RequestAccount[] = [];
    const { report, carry } = createAccounts((account) => seen.push(account));
    carry(2000, { clientPort: 1000 });
    carry(3000, { clientPort: 2000 });
    for (const clientPort of [1000, 2000, 3000, 4000]) report({ clientPort, server: 'x', events: [] });
    assert.deepEqual(seen.map((account) => ['clientPort' in account && account.clientPort, account.forwarded]),
      [[1000, undefined], [1000, true], [1000, true], [4000, undefined]]);
    carry(2000, { clientPort: 5000 });
    report({ clientPort: 2000, server: 'x', events: [] });
    assert.deepEqual(seen.at(-1), { clientPort: 5000, forwarded: true, server: 'x', events: [] });
    // A gateway knows the request by its trace.
    carry(6000, { traceId: 'a', parentId: 'b' });
    report({ clientPort: 6000, server: 'x', events: [] });
    assert.deepEqual(seen.at(-1), { traceId: 'a', parentId: 'b', forwarded: true, server: 'x', events: [] });
  });

  it('that wait have what is told later behind them', () => {
    const seen: string[] = [];
    const { report } = createAccounts(({ server, visit = '' }) => seen.push(`${server} ${visit}`.trim()));
    const key = { traceId: 'a', parentId: 'b' };
    report({ ...key, server: 'gateway', events: [{ type: 'forwarded', startAt: 1, at: 2, to: 'x', reused: false }] });
    report({ ...key, server: 'gateway', visit: '1.1', events: [{ type: 'tunnelled', startAt: 1, at: 2, to: 'x', sentSize: 0, receivedSize: 0 }] });
    report({ ...key, server: 'lab', forwarded: true, events: [] });
    assert.deepEqual(seen, ['lab', 'gateway', 'gateway 1.1']);
  });

  describe('of a running lab', () => {
    let running: RunningLab;
    before(async () => { running = await runLab(); });
    after(() => running.stop());
    const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
    const curl = (...args: string[]): ReturnType<typeof run> => run(requireDebian('curl', 'curl'),
      ['-sS', '-o', '/dev/null', '-w', '%{http_code} %{local_port}', '--max-time', '9', '--cacert', running.rootFile, ...args]);

    it('has the lab\'s own side before that of a gateway that did not wait for it', async () => {
      const { traceId, field } = newTrace();
      const { stdout } = await curl('--noproxy', '*', '--connect-to', '::127.0.0.1:', '-H', `traceparent: ${field}`,
        `http://lab.test:${portOf('reverseProxy')}/delay/9000`);
      assert.match(stdout.toString(), /^504 /);
      const servers = (): string[] =>
        running.accounts.filter((account) => isOf(account, traceId)).map(({ server }) => server);
      while (!servers().includes('reverseProxy')) await sleep(5);
      assert.deepEqual(servers().slice(0, 2), ['lab', 'reverseProxy']);
    });

    it('has both proxies of a chain under the client\'s port', async () => {
      const { stdout, stderr } = await curl('--preproxy', `socks5h://127.0.0.1:${portOf('socks')}`,
        '-x', `http://lab.test:${portOf('proxy')}`, `https://lab.test:${running.lab.addresses.https.port}/json`);
      assert.match(stdout.toString(), /^200 /, stderr);
      const clientPort = Number(stdout.toString().split(' ')[1]);
      const own = (): RequestAccount[] =>
        running.accounts.filter((account) => 'clientPort' in account && account.clientPort === clientPort);
      const ended = (): RequestAccount[] => own().filter(({ events }) => events.some(({ type }) => type === 'tunnelled'));
      while (ended().length < 2) await sleep(5);
      assert.deepEqual(new Set(own().map(({ server }) => server)), new Set(['socks', 'proxy']));
    });
  });
});
