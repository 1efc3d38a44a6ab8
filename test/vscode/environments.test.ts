import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { Environment } from '../../src/run/environments/environment.ts';
import { commands } from '../../src/ui/contributions.ts';
import { activate, openFile, sample, sendFirst, until } from './extension.ts';

describe('environments', () => {
  let api: Api;
  let document: vscode.TextDocument;

  before(async () => {
    api = await activate();
    document = await openFile(sample('07-environments.http'));
  });
  after(() => choose(null));

  async function choose(name: string | null): Promise<void> {
    await vscode.commands.executeCommand(commands.selectEnvironment, name);
  }
  const active = async (of = document): Promise<Environment> =>
    (await api.environments.activeEnvironment(of))!;
  const valueOf = ({ entries }: Environment, name: string) => entries.get(name)?.[0]?.value;

  it('are none until one is chosen; what all share counts', async () => {
    const environment = await active();
    assert.equal(environment.name, undefined);
    assert.equal(valueOf(environment, 'city'), '서울');
    assert.equal(valueOf(environment, 'password'), undefined);
  });

  it('are chosen in a list, and remembered', async () => {
    await choose('dev');
    assert.equal((await active()).name, 'dev');
    assert.equal(valueOf(await active(), 'user'), 'ada');
    await choose('staging');
    const environment = await active();
    assert.deepEqual([environment.name, valueOf(environment, 'password')], ['staging', 'turing']);
    assert.equal(environment.entries.get('password')?.[0]?.secret, true);
  });

  it('decide what is sent, and its secrets are masked', async () => {
    await choose('dev');
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.response?.statusCode, 200);
    assert.ok(exchange.request?.url.startsWith(api.lab.addresses!.origins.http));
    assert.deepEqual(exchange.spec.secrets, ['lovelace']);
    await vscode.env.clipboard.writeText('');
    // It offers the credentials, and goes on when that was answered.
    void vscode.commands.executeCommand(commands.copyAsCurl);
    const copied = await until(async () => await vscode.env.clipboard.readText() || undefined);
    assert.match(copied, /"user": "ada"/);
    assert.doesNotMatch(copied, /lovelace/);
  });

  it('know stored secrets before everything that files say', async () => {
    try {
      await api.secrets.set('password', 'from the keychain');
      await until(async () => valueOf(await active(), 'password') === 'from the keychain');
      const [entry] = (await active()).entries.get('password')!;
      assert.deepEqual([entry?.secret, entry?.source], [true, 'secret storage']);
      assert.deepEqual([...await api.secrets.all()], [['password', 'from the keychain']]);
    } finally {
      await api.secrets.delete('password');
    }
    await until(async () => valueOf(await active(), 'password') === 'lovelace');
  });

  it('are read again when a file changes, which is told where it is wrong', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-environments-'));
    try {
      const file = path.join(directory, 'http-client.env.json');
      await writeFile(file, '{ "dev": { "shop": "one" } }');
      await writeFile(path.join(directory, 'a.http'), 'GET {{shop}}\n');
      const other = await openFile(path.join(directory, 'a.http'));
      assert.equal(valueOf(await active(other), 'shop'), 'one');
      // Written again and again: VS Code begins to watch a while after it was asked to.
      await until(async () => {
        await writeFile(file, '{ "dev": { "shop": "two" } }');
        return valueOf(await active(other), 'shop') === 'two';
      });
      await writeFile(file, '{ "dev": { "shop": ');
      await until(() => vscode.languages.getDiagnostics(vscode.Uri.file(file))[0]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('fall back to what is shared where the chosen one is unknown', async () => {
    await choose('nowhere');
    assert.equal((await active()).name, undefined);
    assert.equal(valueOf(await active(), 'greeting'), 'hello');
  });
});
