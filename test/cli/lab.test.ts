import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readLabCommand } from '../../src/cli/labControl.ts';
import type { LabActionResult } from '../../src/run/labClient.ts';
import { jsonLines, run } from '../support/commandLine.ts';

describe('lines that control the lab', () => {
  const cases: [line: string, action: unknown][] = [
    ['status', { do: 'report' }],
    ['stop relay', { do: 'stop', server: 'relay' }],
    ['  Restart  BlindRelay ', { do: 'restart', server: 'blindRelay' }],
    ['start', { do: 'start' }],
    ['stop all', { do: 'stop' }],
    ['start relay 9000', { do: 'start', server: 'relay', ports: { relay: 9000 } }],
    ['add worker', { do: 'add-worker' }],
    ['kill worker 2', { do: 'kill-worker', worker: 2 }],
    ['clear sessions', { do: 'clear-sessions' }],
  ];
  for (const [line, action] of cases) {
    it(`“${line}”`, () => assert.deepEqual(readLabCommand(line), { is: 'action', action }));
  }
  for (const line of [
    'stop nobody', 'stop relay now', 'stop relay 80', 'start relay 70000', 'start all 80', 'kill worker',
    'kill worker x', 'status please', 'dance',
  ]) {
    it(`does not know “${line}”`, () => assert.deepEqual(readLabCommand(line), { is: 'unknown' }));
  }
  it('knows help, the end, and nothing', () => {
    const read = ['help', 'quit', 'exit', '  '].map((line) => readLabCommand(line).is);
    assert.deepEqual(read, ['help', 'quit', 'quit', 'nothing']);
  });
});

describe('roundtrip lab --control', () => {
  it('does what its lines say, and ends with them', async () => {
    const { code, stdout, stderr } = await run(['lab', '--json', '--control'], {
      input: 'stop relay\nadd worker\nkill worker 9\nclear sessions\nstart relay\n',
    });
    assert.equal(code, 0, stderr);
    const [addresses, stopped, added, missed, cleared, started] = jsonLines(stdout);
    const relay = ({ state }: LabActionResult) => state.servers.find(({ id }) => id === 'relay');
    const { origin, address, port } = addresses.parts.relay;
    assert.deepEqual(relay(stopped), { id: 'relay', state: 'stopped', origin, address, port, connections: 0 });
    assert.deepEqual(relay(started), { id: 'relay', state: 'running', origin, address, port, connections: 0 });
    assert.deepEqual(added.state.workers.map(({ number }: { number: number }) => number), [1, 2, 3]);
    assert.deepEqual([missed.problem, cleared.problem], ['no-such-worker', undefined]);
  });

  it('shows all servers by groups, and helps', async () => {
    const { stdout, stderr } = await run(['lab', '--control'], { input: 'help\nstop ftp\ndance\nquit\nstatus\n' });
    assert.match(stdout, /^Web Server\n {2}HTTP +http +http:\/\/lab\.test:\d+\n/);
    assert.match(stdout, /\n {2}HTTPS +https +https:\/\/lab\.test:\d+\nNames\n/);
    assert.match(stdout, /BEGIN CERTIFICATE/);
    assert.match(stdout, /kill worker NUMBER/);
    assert.match(stdout, /FTP server +ftp +ftp:\/\/lab\.test:\d+ +stopped\n$/);
    assert.match(stderr, /no command “dance”/);
  });

  it('goes on without a part whose port is taken, and not without the web server', async () => {
    const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const left = await run(['lab', '--control', '--port', `relay=${port}`], { input: 'start relay 0\n' });
    assert.equal(left.code, 0);
    assert.match(left.stderr, new RegExp(`Relay: port ${port} is taken .* Choose .*“start relay PORT”`));
    assert.match(left.stdout, /Relay +relay +failed\n/);
    assert.match(left.stdout, /Relay +relay +http:\/\/lab\.test:\d+\n$/);
    const whole = await run(['lab', '--port', `https=${port}`]);
    assert.equal(whole.code, 2);
    assert.match(whole.stderr, new RegExp(`Port ${port} of --port https=${port} is taken .*start the lab again`));
    taken.close();
  });
});
