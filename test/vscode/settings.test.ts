import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { Settings } from '../../src/ui/contributions.ts';
import { createAuthority } from '../support/certificates.ts';
import { activate, open, openFile, sample, sendFirst } from './extension.ts';

// The settings that decide where tools differ, by what is sent with and without them.

describe('settings for files of other tools', () => {
  let api: Api;
  before(async () => { api = await activate(); });

  /** What the lab's echo says was sent. */
  async function echoed(document: vscode.TextDocument): Promise<string> {
    const [exchange] = await sendFirst(api, document);
    const id = exchange?.id ?? '';
    const content = await api.engine.readContent(id, 0, 100_000);
    assert.ok(content, 'the answer was kept');
    const answer = JSON.parse(new TextDecoder().decode(content.bytes)) as
      { target: string; body: { text: string } };
    return answer.target + answer.body.text;
  }

  async function withSetting<K extends keyof Settings>(
    name: K, value: Settings[K], content: string,
  ): Promise<[without: string, withIt: string]> {
    const settings = vscode.workspace.getConfiguration('roundtrip');
    const without = await echoed(await open(content));
    try {
      await settings.update(name, value, vscode.ConfigurationTarget.Global);
      return [without, await echoed(await open(content))];
    } finally {
      await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  }

  it('variables.scope takes the last definition', async () => {
    const content = '@v = one\nPOST {{$lab.http}}/echo?v={{v}}\n\n###\n@v = two\nGET {{$lab.http}}/\n';
    assert.deepEqual(await withSetting('variables.scope', 'last', content), ['/echo?v=one', '/echo?v=two']);
  });

  it('variables.escapes leaves backslashes', async () => {
    const content = '@v = a\\tb\nPOST {{$lab.http}}/echo\nContent-Type: text/plain\n\n{{v}}\n';
    assert.deepEqual(await withSetting('variables.escapes', false, content), ['/echoa\tb', '/echoa\\tb']);
  });

  const comment = 'a\n# b\nc';
  const post = (type: string): string =>
    `POST {{$lab.http}}/echo\nContent-Type: ${type}\n\n${comment}\n`;
  it('bodyComments strips comments of texts', async () => {
    assert.deepEqual(await withSetting('bodyComments', 'strip', post('text/plain')), [`/echo${comment}`, '/echoa\nc']);
  });
  it('bodyComments keeps comments of data', async () => {
    assert.deepEqual(
      await withSetting('bodyComments', 'keep', post('application/json')), ['/echoa\nc', `/echo${comment}`],
    );
  });

  it('include.substitute puts variables into every included file', async () => {
    await openFile(sample('05-bodies.http'));
    const content = '@customer = Ada\n@quantity = 3\nPOST {{$lab.http}}/echo\n\n< ./bodies/order-template.json\n';
    const [without, withIt] = await withSetting('include.substitute', 'always', content);
    assert.match(without, /\{\{customer\}\}/);
    assert.match(withIt, /Ada/);
    assert.doesNotMatch(withIt, /\{\{/);
  });
});

describe('settings for whom to trust', () => {
  it('tls.certificateAuthorities adds those of a file, and says which file gives none', async () => {
    const api = await activate();
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-authorities-'));
    const file = path.join(directory, 'root.pem');
    const authority = await createAuthority();
    const server = createServer(await authority.issue({ names: ['127.0.0.1'] }), (_, response) => response.end('ok'));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const request = `GET https://127.0.0.1:${(server.address() as AddressInfo).port}/\n`;
    const settings = vscode.workspace.getConfiguration('roundtrip');
    const warning = async (document: vscode.TextDocument): Promise<string | undefined> => {
      const exchanges = await sendFirst(api, document);
      assert.equal(exchanges.length, 0, 'nothing is sent');
      return vscode.languages.getDiagnostics(document.uri).map(({ message }) => message).join();
    };
    try {
      await settings.update('tls.certificateAuthorities', [file], vscode.ConfigurationTarget.Global);
      assert.ok((await warning(await open(request)))?.includes(file));
      await writeFile(file, 'nothing');
      assert.match(await warning(await open(request)) ?? '', /holds no certificate/);
      await writeFile(file, authority.pem);
      const [exchange] = await sendFirst(api, await open(request));
      assert.equal(exchange?.failure, undefined, JSON.stringify(exchange?.failure));
      const chain = exchange?.connection?.tls?.facts?.certificateChain ?? [];
      assert.ok(chain.some(({ trustedFrom }) => trustedFrom?.endsWith(`: ${file}`)), JSON.stringify(chain));
    } finally {
      await settings.update('tls.certificateAuthorities', undefined, vscode.ConfigurationTarget.Global);
      server.closeAllConnections();
      server.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
