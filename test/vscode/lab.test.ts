import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { LabServerId, LabServerState } from '../../src/protocol.ts';
import { commands, labViewId } from '../../src/ui/contributions.ts';
import { activate, exchangesOf, open, sendFirst, until } from './extension.ts';

describe('the lab’s view', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await api.lab.start();
    await vscode.commands.executeCommand(`${labViewId}.focus`);
  });

  const run = (command: string, ...values: unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(command, ...values);
  const server = (id: LabServerId): LabServerState => api.lab.state!.servers.find((one) => one.id === id)!;
  const status = async (request: string): Promise<number | undefined> =>
    (await sendFirst(api, await open(request)))[0]?.response?.statusCode;

  it('knows every server once the lab runs', () => {
    assert.ok(api.lab.state!.servers.length > 15);
    assert.deepEqual(new Set(api.lab.state!.servers.map(({ state }) => state)), new Set(['running']));
  });

  it('stops, starts and restarts one server, at the same port', async () => {
    const { port } = server('relay');
    assert.equal(await status('GET {{$lab.relay}}/json\n'), 200);
    await run(commands.stopLabServer, 'relay');
    assert.equal(server('relay').state, 'stopped');
    assert.equal(await status('GET {{$lab.relay}}/json\n'), undefined);
    await run(commands.startLabServer, 'relay');
    assert.deepEqual([server('relay').state, server('relay').port], ['running', port]);
    await run(commands.restartLabServer, 'relay');
    assert.equal(server('relay').port, port);
    assert.equal(await status('GET {{$lab.relay}}/json\n'), 200);
    await run(commands.startLabServer, 'relay');
    assert.equal(server('relay').state, 'running', 'what runs is not started');
  });

  it('is told what changes while it can be seen', async () => {
    const before = api.lab.state!.workers.reduce((sum, { requests }) => sum + requests, 0);
    assert.equal(await status('GET {{$lab.cluster}}/worker\n'), 200);
    await until(() => api.lab.state!.workers.reduce((sum, { requests }) => sum + requests, 0) > before || undefined);
  });

  it('adds workers and kills them', async () => {
    await status('GET {{$lab.cluster}}/worker\n');
    const { length } = api.lab.state!.workers;
    await run(commands.addLabWorker);
    assert.equal(api.lab.state!.workers.length, length + 1);
    const [first] = await until(() =>
      api.lab.state!.workers.every(({ state }) => state === 'running') ? api.lab.state!.workers : undefined);
    await run(commands.killLabWorker, 'worker 1');
    await until(() => {
      const { pid, state } = api.lab.state!.workers[0]!;
      return state === 'running' && pid !== first!.pid || undefined;
    });
  });

  it('clears sessions, which ends logins', async () => {
    const login = 'POST {{$lab.http}}/login\nContent-Type: application/json\n\n{"user":"ada","password":"lovelace"}\n';
    assert.equal(await status(login), 200);
    assert.equal(await status('GET {{$lab.http}}/me\n'), 200);
    await run(commands.clearLabSessions);
    assert.equal(server('http').sessions, 0);
    assert.equal(await status('GET {{$lab.http}}/me\n'), 401);
  });

  it('copies an address and opens the sample', async () => {
    await run(commands.copyLabAddress, 'ftp');
    assert.equal(await vscode.env.clipboard.readText(), server('ftp').origin);
    await run(commands.copyLabAddress, 'dns');
    assert.equal(await vscode.env.clipboard.readText(), `127.0.0.1:${server('dns').port}`);
    await run(commands.openLabSample, 'balancer');
    assert.match(vscode.window.activeTextEditor!.document.fileName, /25-cluster\.http$/);
  });

  it('restarts the lab with another session store, or goes on where that is none', async () => {
    const settings = vscode.workspace.getConfiguration('roundtrip');
    const store = async (): Promise<string> => {
      const document = await open('# @no-cookie-jar\nPOST {{$lab.http}}/session\n');
      await sendFirst(api, document);
      // The server's account comes after its response.
      return until(() => exchangesOf(api, document)[0]?.servers?.flatMap((side) => side.events)
        .find((event) => event.type === 'session-loaded')?.store);
    };
    const before = await store();
    try {
      await settings.update('lab.sessionStore', 'nowhere', vscode.ConfigurationTarget.Global);
      await run(commands.restartLab);
      assert.equal(await store(), before);
      await settings.update('lab.sessionStore', 'shared', vscode.ConfigurationTarget.Global);
      await run(commands.restartLab);
      assert.deepEqual([before, await store()], ['memory', 'shared']);
    } finally {
      await settings.update('lab.sessionStore', undefined, vscode.ConfigurationTarget.Global);
    }
    await run(commands.restartLab);
    assert.equal(await store(), 'memory');
    await run('notifications.clearAll');
  });

  it('restarts the lab with other ports, and goes on without a part whose port is taken', async () => {
    const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const settings = vscode.workspace.getConfiguration('roundtrip');
    const { port: http } = server('http');
    try {
      await settings.update('lab.ports', { relay: port, nobody: 1, socks: 'x' }, vscode.ConfigurationTarget.Global);
      void run(commands.restartLab);
      await until(() => server('relay').state === 'failed' && server('balancer').state === 'running' || undefined);
      assert.deepEqual([server('relay').problem?.code, server('relay').problem?.port], ['EADDRINUSE', port]);
      assert.equal(server('http').port, http);
      assert.equal(api.lab.addresses!.parts.relay, undefined);
    } finally {
      await settings.update('lab.ports', undefined, vscode.ConfigurationTarget.Global);
      taken.close();
    }
    await run(commands.startLabServer, 'relay');
    assert.equal(server('relay').state, 'running');
    await run('notifications.clearAll');
  });
});
