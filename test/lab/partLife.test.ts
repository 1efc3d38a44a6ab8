import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDoorways } from '../../src/lab/cluster/doorways.ts';
import type { LabPartId, ServerEvent } from '../../src/lab/messages.ts';
import { converse, dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// What lifecycle.test.ts asks of the web server, of the parts in front of it.

describe('the life of a connection to a part of the lab', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());
  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;

  /** All that `server` tells, from the `known`th account on, once it has told how the connection ended. */
  async function lifeOf(server: string, known: number): Promise<ServerEvent[]> {
    for (;;) {
      const events = running.accounts.slice(known).filter((account) => account.server === server)
        .flatMap((account) => account.events);
      const isOver = events.some(({ type }) => type === 'tunnelled') || !events.some(({ type }) => type === 'forwarded')
        || events.some(({ type }) => type === 'response-started');
      if (isOver && events.some(({ type }) => type === 'closed')) return events.toSorted((a, b) => a.at - b.at);
      await sleep(5);
    }
  }

  const shown = (events: readonly ServerEvent[]): string =>
    events.map((event) => event.type === 'closed' ? [event.type, event.by, event.reason, event.requests, event.code ?? ''].join(' ').trim()
      : event.type).join(', ');
  const head = (id: LabPartId, path: string, more = ''): string =>
    `GET ${path} HTTP/1.1\r\nHost: lab.test:${portOf(id)}\r\ntraceparent: ${newTrace().field}\r\n${more}\r\n`;

  const arrival = 'listening, accepted, first-byte, head-parsed';
  const answer = 'response-started, response-finished';
  const parts: readonly (readonly [id: LabPartId, between: string])[] = [
    ['relay', 'checked, forwarded, '], ['reverseProxy', 'checked, forwarded, '], ['securityGateway', 'checked, forwarded, '],
    ['balancer', 'checked, start-awaited, balanced, forwarded, '], ['ftpGateway', 'checked, checked, '], ['resourceGateway', 'checked, checked, '],
  ];

  for (const [id, between] of parts) {
    it(`is told by ${id}: kept for another request, and ended by the client`, async function () {
      this.timeout(30_000);
      const known = running.accounts.length;
      const socket = await dial(portOf(id));
      const path = id === 'ftpGateway' ? '/nothing' : '/json';
      const received = receive(socket, /\}\s*$/);
      socket.write(head(id, path));
      await received;
      socket.end();
      const events = (await lifeOf(id, known)).filter(({ type }) => type !== 'dialogue');
      assert.equal(shown(events), `${arrival}, ${between}${answer}, kept-alive, closed client ended 1`);
      const [listening, accepted, first] = events;
      assert.ok(listening!.at < accepted!.at && accepted!.at <= first!.at);
      assert.equal(listening?.type === 'listening' && listening.port, portOf(id));
    });
  }

  it('is told by a worker of the cluster, of the port where it came in', async function () {
    this.timeout(30_000);
    const { traceId, field } = newTrace();
    const port = portOf('cluster');
    const socket = await dial(port);
    const received = receive(socket, /\}\s*$/);
    socket.write(`GET /json HTTP/1.1\r\nHost: lab.test:${port}\r\ntraceparent: ${field}\r\n\r\n`);
    await received;
    const events = await running.account(traceId);
    assert.match(shown(events), new RegExp(`^${arrival}, .*kept-alive$`));
    const [listening, accepted] = events;
    assert.equal(listening?.type === 'listening' && listening.port, port);
    assert.ok(listening!.at < accepted!.at);
    socket.destroy();
  });

  it('is told with those before it that could not be accepted, once', () => {
    const listening = { type: 'listening', at: 1, address: '127.0.0.1', port: 80 } as const;
    const failure = { type: 'accept-failed', at: 2, code: 'EMFILE', delay: 5 } as const;
    const head = { type: 'head-parsed', startAt: 3, at: 3, method: 'GET', target: '/', httpVersion: '1.1' } as const;
    const doorways = createDoorways();
    doorways.add({ listening, failures: [failure], isClosing: false });
    const tell = (...events: ServerEvent[]): string =>
      shown(doorways.complete({ clientPort: 1, server: 'worker 1', events }).events);
    assert.equal(tell({ ...listening, port: 81 }, head), 'listening, head-parsed');
    assert.equal(tell(listening), 'listening');
    assert.equal(tell(head), 'head-parsed');
    assert.equal(tell(listening, head), 'accept-failed, listening, head-parsed');
    assert.equal(tell(listening, head), 'listening, head-parsed');
  });

  it('ends with the response that says so, by a reset, and with what is no HTTP', async () => {
    const relay = portOf('relay');
    let known = running.accounts.length;
    await converse(relay, head('relay', '/json', 'Connection: close\r\n'));
    assert.equal(shown(await lifeOf('relay', known)), `${arrival}, checked, forwarded, ${answer}, closed server answered 1`);
    known = running.accounts.length;
    const rude = await dial(relay);
    const received = receive(rude, /\}\s*$/);
    rude.write(head('relay', '/json'));
    await received;
    rude.resetAndDestroy();
    assert.equal(shown((await lifeOf('relay', known)).slice(-1)), 'closed client reset 1');
    known = running.accounts.length;
    await converse(relay, 'hello\r\n\r\n');
    assert.equal(shown(await lifeOf('relay', known)), 'listening, accepted, first-byte, closed server malformed 0 HPE_INVALID_METHOD');
    known = running.accounts.length;
    (await dial(relay)).end();
    assert.equal(shown(await lifeOf('relay', known)), 'listening, accepted, closed client ended 0');
  });

  it('ends when no other request comes', async function () {
    this.timeout(15_000);
    const known = running.accounts.length;
    await converse(portOf('reverseProxy'), head('reverseProxy', '/json'));
    const events = await lifeOf('reverseProxy', known);
    assert.equal(shown(events.slice(-2)), 'kept-alive, closed server idle 1');
  });

  it('ends where TLS does not come about, and says why', async () => {
    let known = running.accounts.length;
    await converse(portOf('accelerator'), `${head('accelerator', '/json')}`);
    assert.equal(shown(await lifeOf('accelerator', known)),
      `${arrival}, ${answer}, closed server tls 1 ERR_SSL_HTTP_REQUEST`);
    known = running.accounts.length;
    await converse(portOf('httpsProxy'), Buffer.from('\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00', 'latin1'));
    assert.match(shown(await lifeOf('httpsProxy', known)), /^listening, accepted, first-byte, closed server tls 0 ERR_SSL_/);
  });

  it('tells of a tunnel, and who ended it', async () => {
    const { http } = running.lab.addresses;
    const connect = `CONNECT lab.test:${http.port} HTTP/1.1\r\n\r\n`;
    const tunnel = `${arrival}, forwarded, tunnelled`;
    let known = running.accounts.length;
    await converse(portOf('proxy'), `${connect}GET /json HTTP/1.1\r\nHost: lab.test:${http.port}\r\nConnection: close\r\n\r\n`);
    assert.equal(shown(await lifeOf('proxy', known)), `${tunnel}, closed server behind 1`);
    known = running.accounts.length;
    const socket = await dial(portOf('proxy'));
    const open = receive(socket, /established/);
    socket.write(connect);
    await open;
    socket.end();
    assert.equal(shown(await lifeOf('proxy', known)), `${tunnel}, closed client ended 1`);
    known = running.accounts.length;
    await converse(portOf('proxy'), 'CONNECT 127.0.0.1:9 HTTP/1.1\r\n\r\n');
    assert.equal(shown(await lifeOf('proxy', known)), `${arrival}, refused, closed server answered 1`);
  });

  it('is told by a relay that does not understand it, and ends with the one behind', async () => {
    const known = running.accounts.length;
    await converse(portOf('blindRelay'), head('blindRelay', '/json', 'Connection: close\r\n'));
    assert.equal(shown(await lifeOf('blindRelay', known)), `${arrival}, tunnelled, closed server behind 1`);
  });

  it('tells of SOCKS, from the first byte to what was wrong with it', async () => {
    const socks = portOf('socks');
    const { port } = running.lab.addresses.http;
    const request = (to: number): Buffer => Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, to >> 8, to & 255]);
    let known = running.accounts.length;
    await converse(socks, Buffer.concat([request(port), Buffer.from('GET / HTTP/1.0\r\n\r\n')]));
    assert.match(shown(await lifeOf('socks', known)), /^listening, accepted, first-byte, greeted, head-parsed, forwarded, tunnelled, closed server behind 1$/);
    known = running.accounts.length;
    await converse(socks, request(9));
    const greeted = 'listening, accepted, first-byte, greeted';
    assert.equal(shown(await lifeOf('socks', known)), `${greeted}, head-parsed, refused, closed server answered 1`);
    known = running.accounts.length;
    await converse(socks, Buffer.from([5, 1, 1]));
    assert.equal(shown(await lifeOf('socks', known)), `${greeted}, refused, closed server answered 1`);
    known = running.accounts.length;
    await converse(socks, 'GET / HTTP/1.1\r\n\r\n');
    assert.equal(shown(await lifeOf('socks', known)), 'listening, accepted, first-byte, closed server malformed 0');
  });

  it('tells what a SOCKS client offered, what was chosen, and whether its password was right', async () => {
    const signIn = (password: string): number[] => [1, 3, ...Buffer.from('ada'), password.length, ...Buffer.from(password)];
    const cases: [bytes: number[], expected: object][] = [
      [[5, 1, 0], { offered: [0], chosen: 0 }],
      [[5, 2, 0, 2, ...signIn('lovelace')], { offered: [0, 2], chosen: 2, accepted: true }],
      [[5, 2, 0, 2, ...signIn('babbage')], { offered: [0, 2], chosen: 2, accepted: false }],
      [[5, 1, 1], { offered: [1], chosen: 255 }],
    ];
    for (const [bytes, expected] of cases) {
      const known = running.accounts.length;
      await converse(portOf('socks'), Buffer.from([...bytes, 5, 1, 0, 1, 127, 0, 0, 1, 0, 9]));
      const events = await lifeOf('socks', known);
      const firstByte = events.find(({ type }) => type === 'first-byte');
      const { at, startAt, ...facts } = events.find((event) => event.type === 'greeted') ?? assert.fail();
      assert.deepEqual(facts, { type: 'greeted', version: 'SOCKS5', ...expected });
      assert.equal(startAt, firstByte?.at);
      const request = events.find((event) => event.type === 'head-parsed');
      assert.equal(request === undefined, facts.chosen === 255 || facts.accepted === false);
      assert.ok(!request || (at <= request.startAt && request.startAt <= request.at));
    }
  });
});
