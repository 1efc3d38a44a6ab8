import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ftpGateway } from '../../src/lab/gateways/ftpGateway.ts';
import type { RequestAccount } from '../../src/lab/messages.ts';
import type { House, RunningPart } from '../../src/lab/parts.ts';
import { debianOrSkip } from '../support/debian.ts';
import { dial, newTrace } from './running.ts';

/** vsftpd, which knows neither MLSD nor our manners, for whoever starts it. */
function configuration(root: string, port: number): string {
  return Object.entries({
    listen: 'YES', listen_address: '127.0.0.1', listen_port: port, background: 'NO', anonymous_enable: 'YES', anon_root: root,
    local_enable: 'NO', write_enable: 'YES', anon_upload_enable: 'YES', anon_world_readable_only: 'NO', anon_umask: '022',
    run_as_launching_user: 'YES', allow_writeable_chroot: 'YES', seccomp_sandbox: 'NO', xferlog_enable: 'NO',
    secure_chroot_dir: join(root, 'empty'),
  }).map(([name, value]) => `${name}=${value}\n`).join('');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** In front of the FTP server at port `behind`. */
async function startGateway(behind: number, report: House['report'] = () => {}): Promise<RunningPart> {
  const front = new Set<number>();
  // What a plain HTTP gate does not use is left out.
  const limits = { headTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000, maxConnections: 256 };
  const house = { ports: { http: 0, https: 0, front }, limits, partPort: () => behind, report } as unknown as House;
  const part = await ftpGateway.start(house, 0);
  front.add(part.port);
  return part;
}

describe('lab FTP gateway with vsftpd', () => {
  let root: string;
  let server: ChildProcess | undefined;
  let part: RunningPart | undefined;
  const accounts: RequestAccount[] = [];

  before(async function () {
    this.timeout(300_000);
    const program = debianOrSkip(this, 'vsftpd', 'vsftpd');
    root = mkdtempSync(join(tmpdir(), 'roundtrip-vsftpd-'));
    for (const folder of ['empty', 'folder']) mkdirSync(join(root, folder));
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'a b.txt'), 'inside');
    const behind = await freePort();
    writeFileSync(join(root, 'vsftpd.conf'), configuration(root, behind));
    server = spawn(program, [join(root, 'vsftpd.conf')], { stdio: 'ignore' });
    while (!await dial(behind).then((socket) => socket.destroy(), () => undefined)) await sleep(20);
    part = await startGateway(behind, (account) => accounts.push(account));
  });
  after(async () => {
    await part?.close();
    if (server?.kill('SIGKILL')) await once(server, 'exit');
    if (root) rmSync(root, { recursive: true });
  });

  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${part!.port}${encodeURI(`${root}${path}`)}`, { redirect: 'manual', ...init });

  it('lists by LIST what is not listed by MLSD', async () => {
    const { traceId, field } = newTrace();
    const response = await ask('/', { headers: { traceparent: field } });
    assert.equal(response.status, 200);
    const { entries } = await response.json() as { entries: unknown[] };
    assert.deepEqual(entries.slice(0, 3), [
      { name: 'a b.txt', kind: 'file', size: 6 }, { name: 'empty', kind: 'folder' }, { name: 'folder', kind: 'folder' },
    ]);
    const own = (): RequestAccount | undefined => accounts.find((account) => 'traceId' in account && account.traceId === traceId);
    while (!own()) await sleep(5);
    const events = own()!.events;
    const said = events.flatMap((event) => event.type === 'dialogue' ? [event.sent.split(' ')[0]] : []);
    assert.deepEqual(said, ['connect', 'USER', 'PASS', 'TYPE', 'CWD', 'EPSV', 'MLSD', 'EPSV', 'LIST', 'data:', 'QUIT']);
  });

  it('fetches and stores', async () => {
    const response = await ask('/a b.txt');
    assert.deepEqual([response.status, response.headers.get('content-length'), await response.text()], [200, '6', 'inside']);
    assert.ok(!Number.isNaN(Date.parse(response.headers.get('last-modified') ?? '')));
    assert.equal((await ask('/folder')).status, 301);
    const body = randomBytes(500_000);
    assert.equal((await ask('/folder/new', { method: 'PUT', body })).status, 201);
    assert.ok(readFileSync(join(root, 'folder/new')).equals(body));
    assert.ok(Buffer.from(await (await ask('/folder/new')).arrayBuffer()).equals(body));
  });

  it('says what is not there', async () => {
    for (const path of ['/nowhere', '/nowhere/']) assert.equal((await ask(path)).status, 404);
    assert.equal((await ask('/nowhere/new', { method: 'PUT', body: 'x' })).status, 403);
    const denied = await ask('/', { headers: { authorization: `Basic ${btoa('nobody:x')}` } });
    assert.deepEqual([denied.status, /530/.test(await denied.text())], [401, true]);
    assert.match(denied.headers.get('www-authenticate') ?? '', /^Basic /);
  });
});

describe('lab FTP gateway with a server that breaks the rules', () => {
  const usual: Readonly<Record<string, string>> = { USER: '331 x', PASS: '230 x', TYPE: '200 x', SIZE: '213 4', MDTM: '213 19851001000000' };

  /** The status, or `broken`, of a file from a server that greets and replies like this; the data connection gets `data`. */
  async function outcome(greeting: string, replies: Readonly<Record<string, string>>, data?: string): Promise<number | 'broken'> {
    const passive = createServer((socket) => socket.on('error', () => {}).end(data ?? '')).listen(0, '127.0.0.1');
    await once(passive, 'listening');
    const epsv = `229 x (|||${(passive.address() as AddressInfo).port}|)`;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`${greeting}\r\n`);
      socket.on('data', (line) => {
        const verb = line.toString().split(/[ \r]/)[0]!;
        const reply = replies[verb] ?? usual[verb] ?? (verb === 'EPSV' ? epsv : '500 x');
        if (reply === '') socket.destroy();
        else socket.write(`${reply}\r\n`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gateway = await startGateway((server.address() as AddressInfo).port);
    try {
      const response = await fetch(`http://127.0.0.1:${gateway.port}/file`);
      await response.text();
      return response.status;
    } catch {
      return 'broken';
    } finally {
      await gateway.close();
      server.close();
      passive.close();
    }
  }

  it('answers 503 where nobody is served, 502 where there is no data connection', async () => {
    assert.equal(await outcome('421 Later.', {}), 503);
    assert.equal(await outcome('220 x', { RETR: '425 No.' }), 502);
    assert.equal(await outcome('220 x', { EPSV: '425 No.' }), 502);
    assert.equal(await outcome('220 x', { EPSV: '229 (|1|203.0.113.1|21|)' }), 502, 'another host is not gone to');
    assert.equal(await outcome('220 x', { EPSV: '229 (|||99999|)' }), 502);
    assert.equal(await outcome('220 x', { PASS: '530 No.' }), 401);
    assert.equal(await outcome('220 x', { USER: '530 No.' }), 401);
    assert.equal(await outcome('220 x', { EPSV: `229 (|||${await freePort()}|)` }), 502, 'nobody listens there');
    assert.equal(await outcome('220 x', { SIZE: '550 No.', CWD: '550 No.' }), 404);
  });

  it('answers 502 where no server is', async () => {
    const gateway = await startGateway(await freePort());
    const response = await fetch(`http://127.0.0.1:${gateway.port}/file`);
    assert.deepEqual([response.status, /ECONNREFUSED/.test(await response.text())], [502, true]);
    await gateway.close();
  });

  it('answers 502 for what is no FTP, and for one who leaves', async () => {
    assert.equal(await outcome('HTTP/1.1 400 Bad Request\r\n\r\n', {}), 502);
    assert.equal(await outcome(`220-${'x'.repeat(100_000)}`, {}), 502);
    assert.equal(await outcome('220 x', { USER: '' }), 502);
    assert.equal(await outcome('220 x', { RETR: '' }), 502);
  });

  it('passes a file on, and breaks off what breaks off', async () => {
    assert.equal(await outcome('220 x', { RETR: '150 x\r\n226 x' }, 'four'), 200);
    assert.equal(await outcome('220 x', { RETR: '150 x\r\n426 x' }, 'fo'), 'broken');
    assert.equal(await outcome('220 x', { RETR: '150 x\r\n226 x' }, 'fo'), 'broken');
    assert.equal(await outcome('220 x', { RETR: '150 x\r\n226 x' }, 'four and more'), 'broken');
  });
});
