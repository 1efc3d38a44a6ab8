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
  const mistakes: [line: string, what: string, text: string][] = [
    ['stop nobody', 'server', 'nobody'], ['start nobody 80', 'server', 'nobody'], ['kill worker', 'worker', ''],
    ['kill worker x', 'worker', 'x'], ['start relay 70000', 'port', '70000'], ['start relay x', 'port', 'x'],
    ['start all 80', 'port-for-one', '80'],
  ];
  for (const [line, what, text] of mistakes) {
    it(`sees what is wrong with “${line}”`, () =>
      assert.deepEqual(readLabCommand(line), { is: 'mistake', what, text }));
  }
  for (const line of ['stop relay now', 'stop relay 80', 'status please', 'dance']) {
    it(`does not know “${line}”`, () => assert.deepEqual(readLabCommand(line), { is: 'unknown' }));
  }
  it('knows help, the end, and nothing', () => {
    const read = ['help', 'quit', 'exit', '  '].map((line) => readLabCommand(line).is);
    assert.deepEqual(read, ['help', 'quit', 'quit', 'nothing']);
  });
});

describe('HTTP to a name server of the lab', () => {
  for (const [scheme, size] of [['http', '18.2 kB'], ['https', '5.6 kB']] as const) {
    it(`is told in its lane, by ${scheme}:`, async () => {
      const { code, stdout } = await run(['send', '-'], { input: `GET ${scheme}://127.0.0.1:{{$lab.dnsPort}}/` });
      assert.equal(code, 1);
      const [, lane = ''] = stdout.split('Name server: lab.test\n');
      assert.match(lane, new RegExp(`^  Unreadable .* no answer: the first two bytes, .* say ${size}, more than is taken`));
    });
  }
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

  it('says what is possible instead of what was asked', async () => {
    const { stdout, stderr } = await run(['lab', '--control'], {
      input: 'kill worker 9\nkill worker\nstop nonsense\nstart relay 99999\nstart relay 9\nstatus\n',
    });
    const port = /Relay +relay +http:\/\/lab\.test:(\d+)/.exec(stdout)?.[1];
    assert.match(stderr, /There is no such worker now: one starts when/);
    assert.match(stderr, /takes the number of a worker, such as “kill worker 1”/);
    assert.match(stderr, /no server “nonsense”\. Servers: http, https, [^]*; or “all”/);
    assert.match(stderr, /“99999” is no port/);
    assert.match(stderr, new RegExp(`relay runs already, at port ${port}, and stays there\\. “restart relay 9” moves it`));
    assert.doesNotMatch(stderr, /no command/);
  });

  it('names the workers that there are', async () => {
    const { stdout, stderr } = await run(['lab', '--control'], { input: 'add worker\nkill worker 9\n' });
    assert.match(stdout, /Worker 3/);
    assert.match(stderr, /No worker of that number is running\. Running: 3\./);
  });

  it('takes one port for one server', async () => {
    const { code, stderr } = await run(['lab', '--port', 'relay=9000', '--port', 'http=9000']);
    assert.equal(code, 2);
    assert.match(stderr, /Port 9000 is given to two servers, relay and http\./);
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
