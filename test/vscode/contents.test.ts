import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { HarLog } from '../../src/formats/harArchive.ts';
import { createContentReader } from '../../src/ui/contents.ts';
import { contentPath, wirePath } from '../../src/ui/contentUri.ts';
import { commands } from '../../src/ui/contributions.ts';
import { openContent } from '../../src/ui/contentFileSystem.ts';
import { writeHar } from '../../src/ui/exportHar.ts';
import { saveBodyTo } from '../../src/ui/saveBody.ts';
import { createOpened } from '../support/sockets.ts';
import { activate, clickLens, open, sendFirst, until } from './extension.ts';

describe('contents', () => {
  const opened = createOpened();
  let api: Api;
  let origin: string;
  /** `한글` in CP949. */
  const korean = Buffer.from([0xc7, 0xd1, 0xb1, 0xdb]);
  const large = Buffer.alloc(9 * 1024 * 1024, 'roundtrip ');

  before(async () => {
    api = await activate();
    const server = createServer((request, response) => {
      if (request.url === '/korean')
        return response.writeHead(200, { 'Content-Type': 'text/plain; charset=euc-kr' }).end(korean);
      if (request.url === '/large')
        return response.writeHead(200, { 'Content-Type': 'text/plain' }).end(large);
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'sid=s3cret' })
        .end('{"a":1}');
    });
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
  });
  after(() => opened.close());

  const uriOf = (pathname: string): vscode.Uri =>
    vscode.Uri.from({ scheme: 'roundtrip', path: pathname });

  it('are read-only files with the language of their type', async () => {
    const [exchange] = await sendFirst(api, await open(`GET ${origin}/users\n`));
    const uri = uriOf(contentPath(exchange!));
    const stat = await vscode.workspace.fs.stat(uri);
    assert.deepEqual([stat.size, stat.permissions], [7, vscode.FilePermission.Readonly]);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.deepEqual([document.getText(), document.languageId], ['{"a":1}', 'json']);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
  });

  it('are read whole, window by window', async () => {
    const [exchange] = await sendFirst(api, await open(`GET ${origin}/large\n`));
    const bytes = await vscode.workspace.fs.readFile(uriOf(contentPath(exchange!)));
    assert.equal(Buffer.compare(bytes, large), 0);
  });

  it('open in their charset', async () => {
    const [exchange] = await sendFirst(api, await open(`GET ${origin}/korean\n`));
    await openContent(exchange!, createContentReader(api.engine, api.history));
    const editor = await until(() => vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.path === contentPath(exchange!)));
    assert.equal(editor.document.getText(), '한글');
  });

  it('are saved byte for byte, by the engine and where it has ended from what was kept', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'save-body-'));
    const options = { engine: api.engine, readContent: createContentReader(api.engine, api.history) };
    const target = vscode.Uri.file(path.join(directory, 'body'));
    try {
      const [big] = await sendFirst(api, await open(`GET ${origin}/large\n`));
      await saveBodyTo(target, big!, options);
      assert.equal(Buffer.compare(await readFile(target.fsPath), large), 0);
      const [small] = await sendFirst(api, await open(`GET ${origin}/small\n`));
      await until(() => api.history.readContent(small!.id, 0, 1));
      await api.engine.end();
      await saveBodyTo(target, small!, options);
      assert.equal(await readFile(target.fsPath, 'utf8'), '{"a":1}');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('beyond the limit wait for an answer', async () => {
    const settings = vscode.workspace.getConfiguration('roundtrip');
    await settings.update('content.maxSize', 1, vscode.ConfigurationTarget.Global);
    try {
      for (const goOn of [true, false]) {
        const document = await open(`GET ${origin}/large\n`);
        await clickLens(document, /^Send Request$/, false);
        const held = await until(() => api.history.sends().filter(({ running }) => running)
          .flatMap(({ exchangeIds }) => exchangeIds.flatMap((id) => api.history.exchange(id) ?? [])).find((one) => one.held));
        assert.equal(held.held?.allowed, 1024 ** 2);
        api.engine.release(held.id, goOn);
        const over = await until(() => api.history.exchange(held.id)?.endAt !== undefined ? api.history.exchange(held.id) : undefined);
        assert.equal(over.failure?.code, goOn ? undefined : 'content-too-large');
        assert.equal(over.response?.contentSize === large.length, goOn);
      }
    } finally {
      await settings.update('content.maxSize', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('notifications.clearAll');
    }
  });

  it('outlive the engine when they were kept, and are said to be gone when not', async () => {
    const [small] = await sendFirst(api, await open(`GET ${origin}/small\n`));
    const [big] = await sendFirst(api, await open(`GET ${origin}/large\n`));
    await until(() => api.history.readContent(small!.id, 0, 1));
    await api.engine.end();
    const kept = await vscode.workspace.fs.readFile(uriOf(contentPath(small!)));
    assert.equal(Buffer.from(kept).toString(), '{"a":1}');
    await assert.rejects(
      async () => vscode.workspace.fs.readFile(uriOf(contentPath(big!))),
      /Send the request again/,
    );
  });

  it('have beside them what went over the wire, until the engine ends', async () => {
    const [exchange] = await sendFirst(api, await open(`GET ${origin}/users\n`));
    const uri = uriOf(wirePath(exchange!));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /GET \/users HTTP\/1\.1␍␊[^]*HTTP\/1\.1 200 OK␍␊[^]*\{"a":1\}/);
    assert.equal((await vscode.workspace.fs.stat(uri)).size, (await vscode.workspace.fs.readFile(uri)).length);
    await api.engine.end();
    const gone = await vscode.workspace.fs.readFile(uri);
    assert.match(Buffer.from(gone).toString(), /Send the request again/);
  });

  it('of unknown exchanges are not there', async () => {
    for (const pathname of ['/exchange/unknown/a.txt', '/etc/passwd', '/']) {
      await assert.rejects(async () => vscode.workspace.fs.readFile(uriOf(pathname)), pathname);
    }
  });

  it('are exported as HAR, credentials masked unless asked for', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-har-'));
    try {
      const [exchange] = await sendFirst(
        api,
        await open(`GET ${origin}/users\nAuthorization: Bearer s3cret\n`),
      );
      const read = createContentReader(api.engine, api.history);
      const write = async (includeSecrets: boolean): Promise<string> => {
        const file = path.join(directory, `${includeSecrets}.har`);
        await writeHar(vscode.Uri.file(file), [exchange!], read, includeSecrets);
        return readFile(file, 'utf8');
      };
      const masked = await write(false);
      assert.doesNotMatch(masked, /s3cret/);
      assert.equal((JSON.parse(masked) as HarLog).log.entries[0]?.response.content.text, '{"a":1}');
      assert.match(await write(true), /Bearer s3cret/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('of a request are copied as curl', async () => {
    await open(`POST ${origin}/users\nContent-Type: application/json\n\n{"a":1}\n`);
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand(commands.copyAsCurl);
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /^curl /);
    assert.ok(copied.includes(`${origin}/users`));
  });

  it('tell curl where the lab is, and whom to trust there', async () => {
    await open('GET {{$lab.https}}/hello/ada\n');
    await vscode.commands.executeCommand(commands.copyAsCurl);
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /--resolve lab\.test:\d+:127\.0\.0\.1/);
    const file = /--cacert '?([^'\n]+\.pem)/.exec(copied)?.[1] ?? '';
    const pem = await vscode.workspace.fs.readFile(vscode.Uri.file(file));
    assert.match(new TextDecoder().decode(pem), /^-----BEGIN CERTIFICATE-----/);
  });
});
