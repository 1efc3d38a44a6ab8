import assert from 'node:assert/strict';
import * as https from 'node:https';
import type { TlsHandshake } from '../../../src/trace/exchange.ts';
import { recordConnection } from '../../../src/trace/recordConnection.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { createClient } from '../../../src/wire/client.ts';
import type { Client, Listener } from '../../../src/wire/client.ts';
import { Leisure } from '../../../src/wire/tap/leisure.ts';
import { createAuthority } from '../../support/certificates.ts';
import { createOpened } from '../../support/sockets.ts';

/** More than are read at once and while they are opened, however slow the machine. */
const many = 60;

describe('TLS messages of many connections', function () {
  this.timeout(60_000);
  const opened = createOpened();
  let client: Client;
  let url: string;
  let pem: string;
  /** What was told of each connection, by its id. */
  let told: Map<string, ConnectionEvent[]>;

  before(async () => {
    const authority = await createAuthority();
    pem = authority.pem;
    const issued = await authority.issue({ names: ['127.0.0.1'] });
    const port = await opened.serve(https.createServer(issued, (_, response) => void response.end('hello')));
    url = `https://127.0.0.1:${port}/`;
  });
  beforeEach(() => {
    told = new Map();
    client = createClient({ inquire: false, maxConnections: many });
  });
  afterEach(() => client.close());
  after(() => opened.close());

  async function sendAtOnce(count: number): Promise<void> {
    // The connections of one test are closed while the next begins.
    const now = told;
    const listener: Listener = {
      onExchange: () => undefined,
      onConnection: ({ connectionId: id, events }) => void now.set(id, [...now.get(id) ?? [], ...events]),
    };
    const trustAnchors = [{ pem, label: 'the test' }];
    const options = { forceNewConnection: true, trustAnchors };
    const sent = await Promise.all(Array.from({ length: count }, (_, index) =>
      client.send({ id: `send-${index}`, method: 'GET', url, headers: [], options }, listener)));
    for (const [exchange] of sent) assert.equal(exchange?.response?.statusCode, 200, JSON.stringify(exchange?.failure));
  }

  /** As they are recorded now. */
  function handshakes(): TlsHandshake[] {
    return [...told].map(([id, events]) => recordConnection(id, events).tls!);
  }

  it('are read at once when one is sent', async () => {
    await sendAtOnce(1);
    const [tls] = handshakes();
    assert.ok(tls?.messages?.some(({ name }) => name === 'finished'));
    assert.equal(tls?.unread, undefined);
  });

  it('are read of a few, and of the others is said that they were not', async () => {
    await sendAtOnce(many);
    const all = handshakes();
    const unread = all.filter((tls) => tls.unread);
    assert.ok(unread.length > 0 && unread.length < many, String(unread.length));
    for (const { messages, unread: waits } of all) assert.equal(messages === undefined, waits === true);
  });

  it('are all read for whoever waits for them, after the connections were closed too', async () => {
    await sendAtOnce(many);
    client.closeConnections();
    await client.settled();
    for (const { messages, unread, seen } of handshakes()) {
      assert.equal(unread, undefined);
      assert.equal(messages?.filter(({ name }) => name === 'finished').length, 2);
      assert.ok(messages?.every(({ name }) => name !== 'unreadable'));
      assert.equal(seen?.roundTrips, 1);
    }
  });

  it('are read by and by when nobody waits', async () => {
    await sendAtOnce(12);
    while (handshakes().some(({ unread, messages }) => unread || !messages)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('are read of the connection whose bytes are asked for', async () => {
    await sendAtOnce(many);
    const waiting = [...told].filter(([, events]) => events.some(({ type }) => type === 'tls-unread'));
    const [id, events] = waiting.find(([, list]) => !list.some(({ type }) => type === 'tls-messages'))!;
    assert.equal(recordConnection(id, told.get(id)!).tls?.messages, undefined, events.map(({ type }) => type).join());
    assert.ok(client.readWire(id));
    assert.ok(recordConnection(id, told.get(id)!).tls?.messages?.some(({ name }) => name === 'finished'));
  });

  it('do not wait to be read when the connections were forgotten before they closed', async () => {
    await sendAtOnce(many);
    client.closeConnections();
    await client.forget([], [...told.keys()]);
    while ([...told.values()].some((events) => !events.some(({ type }) => type === 'closed'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const before = handshakes().filter(({ unread }) => unread).length;
    assert.ok(before > 0);
    await client.settled();
    assert.equal(handshakes().filter(({ unread }) => unread).length, before);
  });

  it('stay unread when the connections are forgotten', async () => {
    await sendAtOnce(many);
    await client.forget([], [...told.keys()]);
    const before = handshakes().filter(({ unread }) => unread).length;
    assert.ok(before > 0);
    await client.settled();
    assert.equal(handshakes().filter(({ unread }) => unread).length, before);
  });
});

describe('what is read when there is time', () => {
  it('is six at once, then one each 100 ms, and never more than six', () => {
    let now = 1000;
    const leisure = new Leisure(() => now);
    const taken = (): number => {
      let count = 0;
      while (leisure.take()) count += 1;
      return count;
    };
    assert.equal(taken(), 6);
    now += 99;
    assert.equal(taken(), 0);
    now += 1;
    assert.equal(taken(), 1);
    now += 240;
    assert.equal(taken(), 2);
    now += 60;
    assert.equal(taken(), 1);
    now += 60_000;
    assert.equal(taken(), 6);
  });

  it('is the newest first, and not what was dropped', async () => {
    const leisure = new Leisure(() => 0);
    const read: number[] = [];
    const readings = Array.from({ length: 40 }, (_, index) => ({ readNow: () => void read.push(index) }));
    for (const reading of readings) leisure.later(reading);
    leisure.drop(readings[7]!);
    assert.equal(leisure.size, 39);
    await leisure.settled();
    assert.deepEqual(read, [...readings.keys()].filter((index) => index !== 7).toReversed());
    assert.equal(leisure.size, 0);
  });
});
