import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { createAuthorizationServer } from '../support/authorizationServer.ts';
import { createDigestServer } from '../support/digestServer.ts';
import { activate, exchangesOf, open, openFile, sendFirst, until } from './extension.ts';

describe('credentials that are computed or fetched', () => {
  let api: Api;
  const servers: Server[] = [];
  before(async () => { api = await activate(); });
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(server: Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('answer a Digest challenge by a second exchange', async () => {
    const { server } = createDigestServer({
      user: 'me', password: 'my password', algorithms: ['SHA-256'], qop: 'auth',
    });
    const document = await open(`GET ${await serve(server)}/x\nAuthorization: Digest me my password\n`);
    await sendFirst(api, document);
    const exchanges = await until(() => {
      const found = exchangesOf(api, document);
      return found.length === 2 && found[1]!.endAt !== undefined ? found : undefined;
    });
    assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [401, 200]);
    assert.equal(exchanges[1]!.resendOf, exchanges[0]!.id);
    assert.equal(exchanges[1]!.authorization?.scheme, 'digest');
  });

  it('get a token by a send of its own, which comes before', async () => {
    const { server, asked } = createAuthorizationServer({ clientSecret: 'client secret' });
    const origin = await serve(server);
    const folder = await mkdtemp(path.join(tmpdir(), 'roundtrip-tokens-'));
    try {
      const auth = {
        'Type': 'OAuth2', 'Grant Type': 'Client Credentials', 'Token URL': `${origin}/token`, 'Client ID': 'client',
        'Client Secret': 'client secret',
      };
      await writeFile(
        path.join(folder, 'http-client.env.json'), JSON.stringify({ $shared: { Security: { Auth: { api: auth } } } }),
      );
      const file = path.join(folder, 'a.http');
      await writeFile(file, `GET ${origin}/api\nAuthorization: Bearer {{$auth.token("api")}}\n`);
      const document = await openFile(file);
      const [exchange] = await sendFirst(api, document);
      assert.equal(exchange?.response?.statusCode, 200);
      assert.equal(asked.length, 1);
      const before = api.history.sends().at(-2)!;
      assert.deepEqual(
        [api.history.exchangesOf(before.specId)[0]?.spec.url, before.unlogged], [`${origin}/token`, true],
      );
      await sendFirst(api, document);
      assert.equal(asked.length, 1);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await rm(folder, { recursive: true });
    }
  });
});
