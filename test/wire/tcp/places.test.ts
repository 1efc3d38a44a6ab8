import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { IpAddress } from '../../../src/trace/dnsStep.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import type { FoundService } from '../../../src/wire/dns/service.ts';
import { raceAll } from '../../../src/wire/tcp/places.ts';
import type { RaceLimits, Reachable } from '../../../src/wire/tcp/places.ts';
import type { Raced } from '../../../src/wire/tcp/race.ts';
import { startDeafServer } from '../../support/deafServers.ts';
import { listen } from '../../support/sockets.ts';
import { four, TestSocket, TestTime } from './fakes.ts';

/** Endpoints in the order of their records, each with its port and addresses. */
function serviceOf(...endpoints: (readonly [target: string, port: number, ...addresses: IpAddress[]])[]): FoundService {
  const choices = endpoints.map(([target, port, ...addresses], index) => ({
    record: String(index), addresses, endpoint: { target, port, protocols: ['http/1.1'], hinted: [] },
  }));
  const considered = choices.map(({ record }, index) => index === 0
    ? { owner: 'shop.test', value: record, used: true as const }
    : { owner: 'shop.test', value: record, used: false as const, reason: 'priority' as const });
  return { decision: { considered, aliases: [], endpoint: choices[0]!.endpoint }, choices };
}

function start(reachable: Omit<Reachable, 'host' | 'port'>, limits: Partial<RaceLimits> = {}) {
  const time = new TestTime();
  const events: ConnectionEvent[] = [];
  const sockets = new Map<string, TestSocket>();
  let result: Raced | undefined;
  const done = raceAll({ host: 'shop.test', port: 443, ...reachable }, { timeout: 10_000, maxAttempts: 8, ...limits }, {
    schedule: time, emit: (event) => events.push(event),
    dial: ({ address }, port) => {
      const socket = new TestSocket();
      sockets.set(`${address}:${port}`, socket);
      return socket as unknown as Socket;
    },
  }).then((raced) => (result = raced));
  /** Passes time and lets the next race begin. */
  const pass = async (milliseconds: number): Promise<void> => {
    time.pass(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const starts = (): string[] => events.flatMap((event) =>
    event.type === 'attempt-start' ? [`${event.at} ${event.attempt} ${event.address}:${event.port}`] : []);
  const decisions = (): unknown[] => events.flatMap((event) =>
    event.type === 'service-binding' ? [event.decision.endpoint?.target] : []);
  return { time, sockets, done, pass, starts, decisions, result: () => result };
}

describe('the races for one origin (RFC 9460 §3)', () => {
  const three = serviceOf(['one.test', 443, four(1)], ['two.test', 443, four(2)], ['three.test', 443, four(3)]);

  it('share one time limit: silent endpoints leave some to those after them', async () => {
    const run = start({ addresses: [four(9)], service: three });
    for (let turn = 0; turn < 4; turn += 1) await run.pass(2500);
    assert.deepEqual(run.starts(), [
      '0 0 192.0.2.1:443', '2500 1 192.0.2.2:443', '5000 2 192.0.2.3:443', '7500 3 192.0.2.9:443',
    ]);
    assert.deepEqual(run.decisions(), ['two.test', 'three.test', undefined]);
    const raced = await run.done;
    assert.deepEqual(raced.ok ? undefined : [raced.failure.code, raced.failure.address, raced.failure.detail], [
      'connect-timeout', '192.0.2.9',
      { limit: 10_000, attempts: 4, addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.9'] },
    ]);
    assert.equal(run.time.waiting, 0);
  });

  it('give the time that one did not need to the next', async () => {
    const run = start({ addresses: [four(9)], service: serviceOf(['one.test', 443, four(1)]) });
    await run.pass(100);
    run.sockets.get('192.0.2.1:443')!.fail('ECONNREFUSED');
    await run.pass(9899);
    assert.equal(run.result(), undefined);
    await run.pass(1);
    assert.equal((await run.done).ok, false);
  });

  it('share the addresses that are tried, one at least for each place, and tell how many were not', async () => {
    const many = Array.from({ length: 6 }, (_, index) => four(index + 1));
    const run = start(
      { addresses: [four(8), four(9)], service: serviceOf(['one.test', 443, ...many], ['two.test', 444, ...many]) },
      { maxAttempts: 5 },
    );
    const refuse = async (place: string): Promise<void> => {
      run.sockets.get(place)!.fail('ECONNREFUSED');
      await run.pass(0);
    };
    for (const place of ['1:443', '2:443', '3:443', '1:444', '8:443']) await refuse(`192.0.2.${place}`);
    const raced = await run.done;
    assert.deepEqual(raced.ok ? undefined : raced.failure.detail, {
      attempts: 5, addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.1', '192.0.2.8'],
      untried: 9, maxAttempts: 5,
    });
  });

  it('end where no attempt is left for a place, which is not said to be tried', async () => {
    const run = start({ addresses: [four(9)], service: serviceOf(['one.test', 443, four(1)]) }, { maxAttempts: 1 });
    run.sockets.get('192.0.2.1:443')!.fail('ECONNREFUSED');
    const raced = await run.done;
    assert.deepEqual(
      raced.ok ? undefined : raced.failure.detail,
      { attempts: 1, addresses: ['192.0.2.1'], untried: 1, maxAttempts: 1 },
    );
    assert.deepEqual(run.decisions(), []);
  });

  it('try no address twice at the same port', async () => {
    const run = start({ addresses: [four(1), four(2)], service: serviceOf(['shop.test', 443, four(1)]) });
    run.sockets.get('192.0.2.1:443')!.fail('ECONNREFUSED');
    await run.pass(0);
    run.sockets.get('192.0.2.2:443')!.fail('ECONNREFUSED');
    await run.done;
    assert.deepEqual(run.starts(), ['0 0 192.0.2.1:443', '0 1 192.0.2.2:443']);

    const same = start({ addresses: [four(1)], service: serviceOf(['shop.test', 443, four(1)]) });
    await same.pass(9999);
    assert.equal(same.result(), undefined);
    await same.pass(1);
    const raced = await same.done;
    assert.deepEqual(
      raced.ok ? undefined : raced.failure.detail, { limit: 10_000, attempts: 1, addresses: ['192.0.2.1'] },
    );
    assert.deepEqual(same.decisions(), []);
  });

  it('take late addresses in at each port, and tell of them once', async () => {
    const more = Promise.resolve([four(5)]);
    const told: ConnectionEvent[] = [];
    const raced = await raceAll(
      { host: 'shop.test', port: 443, addresses: [four(1)], more, service: serviceOf(['shop.test', 444, four(1)]) },
      { timeout: 10_000, maxAttempts: 8 },
      { emit: (event) => told.push(event), dial: () => { throw Object.assign(new Error('no'), { code: 'ENETUNREACH' }); } },
    );
    assert.equal(raced.ok, false);
    assert.equal(told.filter(({ type }) => type === 'dns-late').length, 1);
    assert.deepEqual(
      told.flatMap((event) => event.type === 'attempt-start' ? [`${event.address}:${event.port}`] : []),
      ['192.0.2.1:444', '192.0.2.5:444', '192.0.2.1:443', '192.0.2.5:443'],
    );
  });

  it('take late addresses in at the origin, whose own are those of an endpoint of another name', async () => {
    const tried: string[] = [];
    await raceAll(
      {
        host: 'shop.test', port: 443, addresses: [four(1)], more: Promise.resolve([four(5)]),
        service: serviceOf(['cdn.test', 443, four(1)]),
      },
      { timeout: 10_000, maxAttempts: 8 },
      {
        emit: (event) => { if (event.type === 'attempt-start') tried.push(event.address); },
        dial: () => { throw Object.assign(new Error('no'), { code: 'ENETUNREACH' }); },
      },
    );
    assert.deepEqual(tried, ['192.0.2.1', '192.0.2.5']);
  });

  it('reach an origin beside an endpoint that drops every SYN, both within one limit', async function () {
    if (process.platform !== 'linux') return this.skip();
    const deaf = await startDeafServer();
    const origin = createServer();
    const port = await listen(origin);
    const events: ConnectionEvent[] = [];
    const local: IpAddress = { address: '127.0.0.1', family: 4 };
    try {
      const raced = await raceAll(
        { host: 'shop.test', port, addresses: [local], service: serviceOf(['shop.test', deaf.port, local]) },
        { timeout: 600, maxAttempts: 8 }, { emit: (event) => events.push(event) },
      );
      assert.ok(raced.ok, JSON.stringify(raced));
      assert.equal(raced.socket.remotePort, port);
      raced.socket.destroy();
      const ends = events.flatMap((event) => event.type === 'attempt-end' ? [[event.outcome, event.code]] : []);
      assert.deepEqual(ends, [['failed', 'connect-timeout'], ['connected', undefined]]);
    } finally {
      await deaf.close();
      origin.close();
      await once(origin, 'close');
    }
  });
});
