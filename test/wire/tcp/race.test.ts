import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { IpAddress } from '../../../src/trace/dnsStep.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { interleave, race, type Raced } from '../../../src/wire/tcp/race.ts';
import { startDeafServer } from '../../support/deafServers.ts';
import { four, six, TestSocket, TestTime } from './fakes.ts';

function start(addresses: readonly IpAddress[], timeout = 10_000, more?: Promise<readonly IpAddress[]>) {
  const time = new TestTime();
  const events: ConnectionEvent[] = [];
  const sockets = new Map<string, TestSocket>();
  const controller = new AbortController();
  let result: Raced | undefined;
  const done = race({
    addresses, port: 80, timeout, maxAttempts: 8, schedule: time, signal: controller.signal, ...(more ? { more } : {}),
    emit: (event) => events.push(event),
    dial: ({ address }) => {
      const socket = new TestSocket();
      sockets.set(address, socket);
      return socket as unknown as Socket;
    },
  }).then((raced) => (result = raced));
  const socket = (address: IpAddress): TestSocket => sockets.get(address.address) as TestSocket;
  const log = (): string[] => events.map((event) =>
    event.type === 'attempt-start' ? `${event.at} start ${event.attempt} ${event.address}`
    : event.type === 'attempt-end' ? `${event.at} ${event.outcome} ${event.attempt}${event.code ? ` ${event.code}` : ''}`
    : event.type);
  return { time, events, sockets, socket, controller, done, log, result: () => result };
}

describe('race (RFC 8305)', () => {
  it('takes the families in turn, from the first address on (§4)', () => {
    assert.deepEqual(
      interleave([six(1), six(2), six(3), four(1), four(2)]),
      [six(1), four(1), six(2), four(2), six(3)],
    );
    assert.deepEqual(interleave([four(1), six(1)]), [four(1), six(1)]);
    assert.deepEqual(interleave([]), []);
  });

  it('starts the next attempt 250 ms after the last, keeps both running, and the first to connect wins', async () => {
    const run = start([six(1), four(1), six(2)]);
    run.time.pass(249);
    assert.equal(run.sockets.size, 1);
    run.time.pass(1);
    assert.equal(run.sockets.size, 2);
    run.time.pass(50);
    run.socket(six(1)).emit('connect');
    const raced = await run.done;
    assert.ok(raced.ok);
    assert.deepEqual(raced.address, six(1));
    assert.deepEqual(run.log(), [
      '0 start 0 2001:db8::1', '250 start 1 192.0.2.1', '300 connected 0', '300 abandoned 1',
    ]);
    assert.equal(run.socket(four(1)).destroyed, true);
    assert.equal(run.socket(six(1)).destroyed, false);
    assert.equal(run.socket(six(1)).noDelay, true);
    assert.equal(run.time.waiting, 0);
    const end = run.events[2];
    assert.ok(end?.type === 'attempt-end');
    assert.deepEqual([end.localAddress, end.localPort], ['192.0.2.99', 4000]);
  });

  it('starts the next at once when one fails, and then waits the whole delay again', async () => {
    const run = start([six(1), four(1), six(2)]);
    run.time.pass(100);
    run.socket(six(1)).fail('ENETUNREACH');
    assert.equal(run.sockets.size, 2);
    run.time.pass(249);
    assert.equal(run.sockets.size, 2);
    run.time.pass(1);
    assert.equal(run.sockets.size, 3);
    run.socket(six(2)).emit('connect');
    assert.ok((await run.done).ok);
    assert.deepEqual(run.log(), [
      '0 start 0 2001:db8::1', '100 failed 0 ENETUNREACH', '100 start 1 192.0.2.1',
      '350 start 2 2001:db8::2', '350 connected 2', '350 abandoned 1',
    ]);
  });

  describe('addresses of the other family that come later (§3)', () => {
    const late = (): {
      more: Promise<readonly IpAddress[]>; come: (addresses: readonly IpAddress[]) => Promise<void>;
    } => {
      let resolve = (_: readonly IpAddress[]): void => {};
      const more = new Promise<readonly IpAddress[]>((done) => { resolve = done; });
      return { more, come: async (addresses) => { resolve(addresses); await more; await Promise.resolve(); } };
    };

    it('join in turn, the next attempt no sooner than 250 ms after the last', async () => {
      const { more, come } = late();
      const run = start([six(1), six(2)], 10_000, more);
      run.time.pass(100);
      await come([four(1), four(2)]);
      run.time.pass(150);
      run.time.pass(250);
      run.socket(six(2)).emit('connect');
      await run.done;
      assert.deepEqual(run.log().filter((line) => /start|late/.test(line)), [
        '0 start 0 2001:db8::1', 'dns-late', '250 start 1 192.0.2.1', '500 start 2 2001:db8::2',
      ]);
    });

    it('wait for what is left of the delay when nothing else was waiting', async () => {
      const { more, come } = late();
      const run = start([six(1)], 10_000, more);
      run.time.pass(200);
      await come([four(1)]);
      run.time.pass(49);
      assert.equal(run.sockets.size, 1);
      run.time.pass(1);
      run.socket(four(1)).emit('connect');
      assert.deepEqual((await run.done as Extract<Raced, { ok: true }>).address, four(1));
      assert.equal(run.time.waiting, 0);
    });

    it('are waited for when every other attempt has failed, and begin at once', async () => {
      const { more, come } = late();
      const run = start([six(1)], 10_000, more);
      run.socket(six(1)).fail('ENETUNREACH');
      run.time.pass(30);
      assert.equal(run.result(), undefined);
      await come([four(1)]);
      run.socket(four(1)).emit('connect');
      assert.ok((await run.done).ok);
      assert.deepEqual(run.log(), [
        '0 start 0 2001:db8::1', '0 failed 0 ENETUNREACH', 'dns-late', '30 start 1 192.0.2.1', '30 connected 1',
      ]);
    });

    it('that are none end the race as it stands', async () => {
      const { more, come } = late();
      const run = start([six(1)], 10_000, more);
      run.socket(six(1)).fail('ECONNREFUSED');
      await come([]);
      const raced = await run.done;
      assert.deepEqual(
        raced.ok ? undefined : [raced.failure.code, raced.failure.detail],
        ['connection-refused', { attempts: 1, addresses: ['2001:db8::1'] }],
      );
    });

    it('come too late for a race that is won, and are not tried beyond eight', async () => {
      const { more, come } = late();
      const won = start([six(1)], 10_000, more);
      won.socket(six(1)).emit('connect');
      await won.done;
      await come([four(1)]);
      assert.deepEqual([won.sockets.size, won.log().includes('dns-late')], [1, false]);
      const many = late();
      const run = start([1, 2, 3, 4, 5, 6].map(six), 10_000, many.more);
      await many.come([1, 2, 3, 4, 5, 6].map(four));
      run.time.pass(9000);
      assert.equal(run.sockets.size, 8);
    });
  });

  it('waits for attempts still running when one fails and none is left', async () => {
    const run = start([four(1), four(2)]);
    run.time.pass(250);
    run.socket(four(2)).fail('ECONNREFUSED');
    assert.equal(run.result(), undefined);
    run.socket(four(1)).emit('connect');
    assert.ok((await run.done).ok);
  });

  it('tells the most telling of several failures', async () => {
    const run = start([six(1), four(1), six(2)]);
    run.socket(six(1)).fail('ENETUNREACH');
    run.socket(four(1)).fail('ECONNREFUSED');
    run.socket(six(2)).fail('EHOSTUNREACH');
    const raced = await run.done;
    assert.ok(!raced.ok);
    assert.deepEqual(raced.failure, {
      phase: 'tcp', code: 'connection-refused', confidence: 'certain', address: '192.0.2.1', port: 80,
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
      detail: { attempts: 3, addresses: ['2001:db8::1', '192.0.2.1', '2001:db8::2'] },
    });
    assert.equal(run.time.waiting, 0);
  });

  const codes: [string, string, string][] = [
    ['ECONNREFUSED', 'connection-refused', 'certain'], ['EHOSTUNREACH', 'host-unreachable', 'certain'],
    ['ENETUNREACH', 'network-unreachable', 'certain'], ['ETIMEDOUT', 'connect-timeout', 'certain'],
    ['EACCES', 'permission-denied', 'certain'], ['EPERM', 'permission-denied', 'certain'],
    ['EADDRNOTAVAIL', 'address-unavailable', 'certain'], ['ECONNRESET', 'connection-reset', 'certain'],
    ['EWHATEVER', 'host-unreachable', 'guess'],
  ];
  for (const [errno, code, confidence] of codes) {
    it(`takes ${errno} for ${code}`, async () => {
      const run = start([four(1)]);
      run.socket(four(1)).fail(errno);
      const raced = await run.done;
      assert.ok(!raced.ok);
      assert.deepEqual(
        [raced.failure.code, raced.failure.confidence, raced.failure.cause?.code], [code, confidence, errno],
      );
    });
  }

  it('gives the whole race one time-out', async () => {
    const run = start([four(1), four(2)], 600);
    run.time.pass(599);
    assert.equal(run.result(), undefined);
    run.time.pass(1);
    const raced = await run.done;
    assert.ok(!raced.ok);
    assert.deepEqual([raced.failure.code, raced.failure.detail?.['limit']], ['connect-timeout', 600]);
    assert.deepEqual(run.log().slice(2), ['600 failed 0 connect-timeout', '600 failed 1 connect-timeout']);
    assert.ok(run.socket(four(1)).destroyed && run.socket(four(2)).destroyed);
  });

  it('tries eight addresses at most', async () => {
    const run = start(Array.from({ length: 12 }, (_, n) => four(n)));
    for (let n = 0; n < 8; n += 1) run.socket(four(n)).fail('EHOSTUNREACH');
    assert.equal((await run.done).ok, false);
    assert.equal(run.sockets.size, 8);
  });

  it('stops at once when it is cancelled', async () => {
    const run = start([four(1), four(2)]);
    run.time.pass(300);
    run.controller.abort();
    const raced = await run.done;
    assert.ok(!raced.ok);
    assert.deepEqual([raced.failure.phase, raced.failure.code], ['tcp', 'cancelled']);
    assert.deepEqual(run.log().slice(2), ['300 abandoned 0', '300 abandoned 1']);
    assert.equal(run.time.waiting, 0);
    assert.ok(run.socket(four(1)).destroyed && run.socket(four(2)).destroyed);
  });

  it('ignores what abandoned sockets still report', async () => {
    const run = start([four(1), four(2)]);
    run.time.pass(250);
    run.socket(four(2)).emit('connect');
    await run.done;
    const { length } = run.events;
    run.socket(four(1)).fail('ECONNRESET');
    run.socket(four(1)).emit('connect');
    run.time.pass(10_000);
    assert.equal(run.events.length, length);
  });
});

describe('a race of real sockets', () => {
  it('is won by the second attempt while the first has no answer, which is abandoned and closed', async function () {
    // Elsewhere a full backlog refuses, and loopback has one address.
    if (process.platform !== 'linux') return this.skip();
    const deaf = await startDeafServer();
    const good = createServer();
    const accepted: Socket[] = [];
    good.on('connection', (socket) => accepted.push(socket));
    try {
      await new Promise<void>((resolve, reject) => good.on('error', reject).listen(deaf.port, '127.0.0.2', resolve));
      const before = synSent(deaf.port);
      assert.ok(before > 0, 'nobody waits: the backlog is not full');
      const events: ConnectionEvent[] = [];
      const duringRace: number[] = [];
      const raced = await race({
        addresses: [{ address: '127.0.0.1', family: 4 }, { address: '127.0.0.2', family: 4 }], port: deaf.port,
        timeout: 10_000, maxAttempts: 8,
        emit: (event) => {
          events.push(event);
          if (event.type === 'attempt-start') duringRace.push(synSent(deaf.port));
        },
      });
      assert.ok(raced.ok, JSON.stringify(raced));
      assert.deepEqual([raced.address.address, raced.socket.remoteAddress], ['127.0.0.2', '127.0.0.2']);
      assert.deepEqual(events.map((event) => event.type === 'attempt-start' ? `start ${event.attempt} ${event.address}`
        : event.type === 'attempt-end' ? `${event.outcome} ${event.attempt}` : event.type), [
        'start 0 127.0.0.1', 'start 1 127.0.0.2', 'connected 1', 'abandoned 0',
      ]);
      // When the second began, the first was under way; now it is not.
      assert.deepEqual(duringRace, [before, before + 1]);
      await new Promise((resolve) => raced.socket.once('close', resolve).destroy());
      assert.equal(synSent(deaf.port), before);
    } finally {
      for (const socket of accepted) socket.destroy();
      good.close();
      await deaf.close();
    }
  });
});

/** Connections of this machine to 127.0.0.1 whose SYN has no answer yet (proc(5): state 02). */
function synSent(port: number): number {
  const peer = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/));
  return lines.filter(([, , to, state]) => to === peer && state === '02').length;
}
