import assert from 'node:assert/strict';
import { createClient } from '../../src/wire/client.ts';
import type { Client } from '../../src/wire/client.ts';
import { warmUp } from '../../src/wire/warmUp.ts';
import { nobody } from '../../src/wire/listener.ts';
import { watchSockets } from '../support/heldSockets.ts';

describe('warmUp', () => {
  let left: ReturnType<typeof watchSockets>;
  beforeEach(() => { left = watchSockets(); });
  afterEach(async () => assert.deepEqual(await left(), []));

  it('sends over names, TCP, TLS, HTTP/1.1 and HTTP/2, and leaves nothing behind', async () => {
    const client = createClient();
    const outcomes: string[] = [];
    const watched: Client = {
      ...client,
      send: async (spec, listener, signal) => {
        const exchanges = await client.send(spec, listener, signal);
        const { response, failure, connection } = exchanges.at(-1)!;
        assert.equal(connection?.lookup?.steps.some(({ source }) => source === 'name-server'), true);
        outcomes.push(failure ? failure.code : `${response?.httpVersion} ${response?.statusCode}`);
        return exchanges;
      },
    };
    await warmUp(watched);
    assert.deepEqual(outcomes.sort(), ['1.1 200', '1.1 200', '2 200', 'tls-not-spoken']);
  });

  it('is done before the first exchange begins, and the exchange does not know of it', async () => {
    const client = createClient({ warmUp: true });
    const [exchange] = await client.send(
      { id: 's', method: 'GET', url: 'http://127.0.0.1:1/', headers: [], options: {} }, nobody,
    );
    assert.equal(exchange?.failure?.code, 'connection-refused');
    await client.close();
  });

  it('gives up where nothing can be sent', async () => {
    const client = createClient();
    await warmUp({ ...client, send: () => new Promise(() => undefined) });
    await warmUp({ ...client, send: () => Promise.reject(new Error('no')) });
  });
});
