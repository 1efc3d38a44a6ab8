import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GivenAddresses } from '../../../src/trace/request.ts';
import { createClient, type Client } from '../../../src/wire/client.ts';
import { nobody } from '../../../src/wire/listener.ts';
import { createFixtures, look, outcome } from './lookups.ts';

describe('addresses given with the request', () => {
  const fixtures = createFixtures();
  after(() => fixtures.cleanUp());

  const given: GivenAddresses[] = [
    { host: 'Shop.test', port: 80, addresses: ['192.0.2.1'] },
    { host: '*', port: 443, addresses: ['2001:db8::1', '192.0.2.2'] },
    { host: 'shop.test', port: 80, addresses: ['192.0.2.9', '2001:db8::9'] },
  ];
  const cases: [name: string, port: number, expected: readonly string[] | string][] = [
    ['shop.test', 80, ['192.0.2.9', '2001:db8::9']],
    ['SHOP.test.', 80, ['192.0.2.9', '2001:db8::9']],
    ['other.test', 443, ['2001:db8::1', '192.0.2.2']],
    ['shop.test', 8080, 'name-not-found'],
    ['other.test', 80, 'name-not-found'],
  ];
  for (const [name, port, expected] of cases) {
    it(`${name} at ${port}: ${String(expected)}`, async () => {
      const looked = await look(fixtures.resolver({ servers: [] }), name, { given, port });
      assert.deepEqual(outcome(looked), expected);
      assert.equal(looked.steps.some(({ source }) => source === 'resolve'), typeof expected !== 'string');
    });
  }

  it('lead a request there, and no other over the same connection', async () => {
    const here = createServer((request, response) => void response.end(request.headers.host));
    here.listen(0, '127.0.0.1');
    await once(here, 'listening');
    const { port } = here.address() as AddressInfo;
    const client: Client = createClient({ resolver: fixtures.resolver({ servers: [] }) });
    try {
      const send = async (resolve: GivenAddresses[]) => (await client.send(
        { id: 'a', method: 'GET', url: `http://shop.test:${port}/`, headers: [], options: { resolve } }, nobody))[0];
      const first = await send([{ host: 'shop.test', port, addresses: ['127.0.0.1'] }]);
      assert.equal(first?.response?.statusCode, 200);
      assert.equal(first.request?.authority, `shop.test:${port}`);
      assert.deepEqual(
        first.connection?.lookup?.steps.map(({ source, outcome: came }) => [source, came]), [['resolve', 'answered']],
      );
      assert.equal((await send([]))?.failure?.code, 'name-not-found');
    } finally {
      await client.close();
      here.close();
    }
  });
});
