import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { StoredSecrets } from '../../src/ui/environments/storedSecrets.ts';
import { writePcapng } from '../../src/ui/exportPcapng.ts';
import { createPrompts } from '../../src/ui/sending/prompts.ts';
import { createAuthority } from '../support/certificates.ts';
import { activate, lensesOf, open, sendFirst, until } from './extension.ts';

describe('TLS', () => {
  let api: Api;
  let server: Server;
  let url: string;
  let directory: string;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('roundtrip');

  before(async () => {
    api = await activate();
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-tls-'));
    const authority = await createAuthority();
    const own = await authority.issue({ names: ['me.test'], commonName: 'Me' });
    await writeFile(path.join(directory, 'me.pem'), own.cert);
    await writeFile(path.join(directory, 'me.key'), own.key);
    const issued = await authority.issue({ names: ['127.0.0.1'] });
    server = createServer({
      ...issued, ca: authority.pem, requestCert: true, rejectUnauthorized: false,
    }, (request, response) => {
      response.end((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody');
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(async () => {
    await settings().update('tls.clientCertificates', undefined, vscode.ConfigurationTarget.Global);
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function contentOf(id: string): Promise<string> {
    return Buffer.from((await api.engine.readContent(id, 0, 100))?.bytes ?? []).toString();
  }

  it('presents the certificate that the settings name for a host, and keeps neither key nor passphrase', async () => {
    const certificates = [
      { host: '127.0.0.1', cert: path.join(directory, 'me.pem'), key: path.join(directory, 'me.key') },
    ];
    await settings().update('tls.clientCertificates', certificates, vscode.ConfigurationTarget.Global);
    const document = await open(`# @insecure\nGET ${url}\n`);
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.failure, undefined, JSON.stringify(exchange?.failure));
    assert.equal(await contentOf(exchange!.id), 'Me');
    assert.ok(!JSON.stringify(exchange).includes('PRIVATE KEY'));
    const marked = await until(async () =>
      (await lensesOf(document)).find(({ command }) => command?.title.includes('not verified')));
    assert.match(marked.command?.title ?? '', /^200 · /);
  });

  it('asks for no passphrase that is stored, and forgets it with the answers', async () => {
    const stored = new Map([['Passphrase of me.p12', 'correct horse'], ['other', 'kept']]);
    const secrets: StoredSecrets = {
      all: async () => stored, set: async (name, value) => void stored.set(name, value),
      delete: async (name) => void stored.delete(name), onDidChange: new vscode.EventEmitter<unknown>().event,
    };
    const state: vscode.Memento = {
      get: <T>(_: string, value?: T) => value as T, update: async () => {}, keys: () => [],
    };
    const prompts = createPrompts(state, secrets);
    const prompt = { name: 'Passphrase of me.p12', secret: true, remembered: true };
    assert.equal(await prompts.ask('file:///a.http')(prompt), 'correct horse');
    prompts.forget();
    await until(() => stored.size === 1 || undefined);
    assert.deepEqual([...stored.keys()], ['other']);
  });

  it('exports the packets of a connection with what decrypts them', async () => {
    const [exchange] = await sendFirst(api, await open(`# @insecure\n# @no-client-cert\nGET ${url}packets\n`));
    const { id } = exchange!.connection!;
    const record = await until(() => api.engine.readWire(id));
    const file = path.join(directory, 'out.pcapng');
    await writePcapng(vscode.Uri.file(file), [exchange!], new Map([[id, record]]));
    const bytes = await readFile(file);
    assert.equal(bytes.readUInt32LE(0), 0x0a0d0d0a);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.ok(bytes.includes('CLIENT_TRAFFIC_SECRET_0') && bytes.includes(`GET ${url}packets`));
  });
});
