import assert from 'node:assert/strict';
import { request } from 'node:http';
import path from 'node:path';
import { createLabClient } from '../../src/run/labClient.ts';
import type { LabAccount, LabClient } from '../../src/run/labClient.ts';

const modulePath = path.resolve(import.meta.dirname, '../../src/lab/main.ts');
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

/** One request to a lab, as plain as can be. */
function get(address: string, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: address,
        port,
        path: '/',
        agent: false,
        headers: { host, traceparent: `00-${traceId}-${parentId}-01` },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject).end();
  });
}

describe("the lab's client", () => {
  const clients: LabClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });

  function create(options: Partial<Parameters<typeof createLabClient>[0]> = {}): LabClient {
    const client = createLabClient({ modulePath, ...options });
    clients.push(client);
    return client;
  }

  it('starts one lab however often it is asked, and hears its account of a request', async () => {
    let heard: (account: LabAccount) => void = () => {};
    const finished = new Promise<LabAccount>((resolve) => {
      heard = resolve;
    });
    const lab = create({
      onEvents: (account) => {
        if (account.events.some(({ type }) => type === 'response-finished')) heard(account);
      },
    });
    assert.equal(lab.addresses, undefined);
    const [one, two] = await Promise.all([lab.start(), lab.start()]);
    assert.equal(one, two);
    assert.equal(lab.addresses, one);
    const status = await get(one.http.address, one.http.port, `lab.test:${one.http.port}`);
    assert.ok(status >= 200 && status < 400, String(status));
    const account = await finished;
    assert.ok('traceId' in account);
    assert.deepEqual([account.traceId, account.parentId], [traceId, parentId]);
  });

  it('stops it, after which nobody answers there, and starts another', async () => {
    const exits: string[] = [];
    const lab = create({ onExit: ({ message }) => exits.push(message) });
    const before = await lab.start();
    await lab.stop();
    assert.equal(lab.addresses, undefined);
    await assert.rejects(get(before.http.address, before.http.port, 'lab.test'), {
      code: 'ECONNREFUSED',
    });
    const again = await lab.start();
    assert.ok(await get(again.http.address, again.http.port, `lab.test:${again.http.port}`));
    assert.deepEqual(exits, [], 'it was asked to end');
  });

  it('passes on the ports to use', async () => {
    const first = create();
    const { http } = await first.start();
    await first.stop();
    const second = create({ ports: () => ({ http: http.port }) });
    assert.equal((await second.start()).http.port, http.port);
  });

  it('says why it cannot be started, and can be asked again', async () => {
    const running = create();
    const { http } = await running.start();
    const lab = create({ ports: () => ({ http: http.port }) });
    await assert.rejects(lab.start(), /EADDRINUSE|in use/);
    await running.stop();
    assert.equal((await lab.start()).http.port, http.port);
  });

  it('has nothing to stop before it started', async () => {
    await create().stop();
  });
});
