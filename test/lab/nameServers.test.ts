import assert from 'node:assert/strict';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import { createResolver } from '../../src/wire/dns/resolve.ts';
import { requireDebian } from '../support/debian.ts';
import { run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// The lab's servers and our own client's walk over them: two pieces of code that share nothing.

describe('lab name servers, walked from the root', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const dig = async (port: number, ...args: string[]): Promise<string> => {
    const { stdout } = await run(requireDebian('bind9-dnsutils', 'dig'),
      ['@127.0.0.1', '-p', String(port), '+norecurse', '+tries=1', '+time=3', '+noall', '+authority', '+additional',
        '+comments', ...args]);
    return stdout.toString();
  };
  const walk = async (name: string): Promise<{ steps: DnsStep[]; addresses: string[]; code: string | undefined }> => {
    const { name: server, address, port, zones, ports } = running.lab.addresses.rootServer;
    const steps: DnsStep[] = [];
    const resolution = await createResolver({ timeout: 2500, tries: 1 }).resolve(name, {
      dns: 'trace', rootServers: [{ zones, servers: [{ name: server, address, port }], ports }],
      onStep: (step) => steps.push(step),
    });
    return {
      steps, addresses: resolution.ok ? resolution.addresses.map(({ address: one }) => one) : [],
      code: resolution.ok ? undefined : resolution.failure.code,
    };
  };
  const told = (steps: readonly DnsStep[]): string[] => steps.filter(({ source }) => source === 'name-server')
    .map(({ zone, serverName, question, outcome }) => `${zone} ${serverName}: ${question.type} ${outcome}`);

  it('tell where FTP is spoken, as long as it is', async () => {
    const { nameServer, parts } = running.lab.addresses;
    const ask = () => dig(nameServer.port, '+answer', '_ftp._tcp.lab.test', 'SRV');
    assert.match(await ask(), new RegExp(`IN\\s+SRV\\s+0 5 ${parts.ftp?.port} ftp\\.lab\\.test\\.`));
    await running.lab.act({ do: 'stop', server: 'ftp' });
    assert.match(await ask(), /status: NXDOMAIN/);
    await running.lab.act({ do: 'start', server: 'ftp' });
    assert.match(await ask(), /status: NOERROR/);
  });

  it('refer from the root to test. to lab.test, with glue', async () => {
    const { rootServer } = running.lab.addresses;
    const referral = await dig(rootServer.port, 'shop.lab.test', 'A');
    assert.match(referral, /status: NOERROR/);
    assert.match(referral, /flags: qr;/);
    assert.match(referral, /^test\.\s+3600\s+IN\s+NS\s+a\.nic\.test\.$/m);
    assert.match(referral, /^a\.nic\.test\.\s+3600\s+IN\s+A\s+127\.0\.0\.1$/m);
    const { steps, addresses } = await walk('shop.lab.test');
    assert.ok(addresses.includes('127.0.0.1'));
    assert.deepEqual(told(steps).slice(0, 3), [
      '. a.root.test: A referral', 'test a.nic.test: A referral', 'lab.test ns.lab.test: A answered']);
  });

  it('end a walk with no such name in each zone', async () => {
    for (const name of ['nowhere.lab.test', 'nobody.test']) {
      const { steps, code } = await walk(name);
      assert.equal(code, 'name-not-found', name);
      assert.equal(steps.at(-1)?.outcome, 'name-error', name);
    }
  });

  it('lead over a chain of aliases, and not round in a circle', async () => {
    const { steps, addresses } = await walk('alias.lab.test');
    assert.ok(addresses.includes('127.0.0.1'));
    assert.ok(steps.some(({ records = [] }) => records.filter(({ type }) => type === 'CNAME').length === 3));
    const circle = await walk('loop.lab.test');
    assert.equal(circle.code, 'name-server-failed');
  });

  it('have a zone whose server is late, one whose server is silent, and a lame one', async () => {
    const late = await walk('host.slow.lab.test');
    assert.deepEqual(late.addresses, ['127.0.0.1']);
    const slowStep = late.steps.find(({ zone }) => zone === 'slow.lab.test');
    assert.ok(slowStep && slowStep.at - slowStep.startAt >= 1490);
    const silent = await walk('host.silent.lab.test');
    assert.equal(silent.code, 'name-timeout');
    const lame = await walk('host.lame.lab.test');
    assert.equal(lame.code, 'name-server-failed');
    assert.ok(lame.steps.some(({ zone, outcome }) => zone === 'lame.lab.test' && outcome === 'lame'), told(lame.steps).join('\n'));
    // The lame zone's server has no glue: its address is asked for on the way.
    assert.ok(lame.steps.some(({ purpose }) => purpose === 'server-address'));
  });

  it('know the names of the addresses of loopback', async () => {
    const { nameServer, rootServer } = running.lab.addresses;
    for (const peer of ['127.0.0.1', '::1']) {
      assert.match(await dig(rootServer.port, '-x', peer), /\sNS\s+ns\.lab\.test\.$/m, peer);
      const { stdout } = await run(requireDebian('bind9-dnsutils', 'dig'),
        ['@127.0.0.1', '-p', String(nameServer.port), '+short', '-x', peer]);
      assert.equal(stdout.toString().trim(), 'lab.test.', peer);
    }
  });

  it('are asked by name where no walk is wanted', async () => {
    const { below } = running.lab.addresses.nameServer;
    assert.deepEqual(below.map(({ zone }) => zone), ['slow.lab.test', 'silent.lab.test', 'lame.lab.test']);
    const slow = below.find(({ zone }) => zone === 'slow.lab.test')!;
    const { stdout } = await run(requireDebian('bind9-dnsutils', 'dig'),
      ['@127.0.0.1', '-p', String(slow.port), '+short', 'host.slow.lab.test', 'A']);
    assert.equal(stdout.toString().trim(), '127.0.0.1');
  });
});
