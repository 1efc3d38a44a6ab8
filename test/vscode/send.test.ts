import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { phasesOf } from '../../src/trace/phases.ts';
import { commands } from '../../src/ui/contributions.ts';
import { createOpened } from '../support/sockets.ts';
import { a, soa, startNameServer } from '../wire/dns/nameServer.ts';
import {
  activate,
  clickLens,
  exchangesOf,
  latestSend,
  lensesOf,
  open,
  sendFirst,
  until,
} from './extension.ts';

describe('sending', () => {
  const opened = createOpened();
  let api: Api;
  let origin: string;

  before(async () => {
    api = await activate();
    // `/never` is accepted and never answered.
    const server = createServer((request, response) => {
      if (request.url === '/never') return;
      if (request.url === '/away') return response.writeHead(302, { Location: '/home' }).end();
      response
        .writeHead(200, { 'Content-Type': 'text/plain' })
        .end(`${request.method} ${request.url}`);
    });
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
  });
  after(() => opened.close());

  it('runs from the lens to the inspector, with the result beside it', async () => {
    const document = await open(`GET ${origin}/hello\n`);
    const painted = new Promise<{ exchangeId: string }>((resolve) => {
      const listening = api.inspector.onDidPaint((event) => {
        if (
          event.exchangeId !== exchangesOf(api, document).at(-1)?.id ||
          latestSend(api, document)?.running
        )
          return;
        listening.dispose();
        resolve(event);
      });
    });
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.response?.statusCode, 200);
    assert.deepEqual(
      phasesOf(exchange)
        .map(({ name }) => name)
        .filter((name) => name !== 'dns'),
      ['blocked', 'tcp', 'send', 'wait', 'receive'],
    );
    const [, result] = await lensesOf(document);
    assert.match(result?.command?.title ?? '', /^200 · [\d.]+ m?s$/);
    assert.deepEqual(result?.command?.arguments, [exchange.id]);
    assert.equal((await painted).exchangeId, exchange.id);
    assert.equal(api.inspector.shown, exchange.id);
    assert.equal(
      vscode.window.activeTextEditor?.document,
      document,
      'the focus stays in the editor',
    );
  });

  it('sends the request at the cursor', async () => {
    const document = await open(
      `GET ${origin}/one\n\n###\nGET ${origin}/two\n\n###\nGET ${origin}/three\n`,
    );
    vscode.window.activeTextEditor!.selection = new vscode.Selection(3, 2, 3, 2);
    await vscode.commands.executeCommand(commands.sendRequest);
    assert.deepEqual(
      exchangesOf(api, document).map(({ spec }) => spec.url),
      [`${origin}/two`],
    );
  });

  it('sends all, in order', async () => {
    const document = await open(`GET ${origin}/one\n\n###\nGET ${origin}/two\n`);
    await vscode.commands.executeCommand(commands.sendAll);
    const sent = api.history.sends().filter((send) => send.origin?.uri === document.uri.toString());
    assert.deepEqual(
      sent.flatMap(({ specId }) => api.history.exchangesOf(specId)).map(({ spec }) => spec.url),
      [`${origin}/one`, `${origin}/two`],
    );
  });

  it('follows redirects as exchanges of their own, or not, as the setting says', async () => {
    const document = await open(`GET ${origin}/away\n`);
    const followed = await sendFirst(api, document);
    assert.deepEqual(
      followed.map(({ response }) => response?.statusCode),
      [302, 200],
    );
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('http.followRedirects', false, vscode.ConfigurationTarget.Global);
      const stayed = await sendFirst(api, document);
      assert.deepEqual(
        stayed.map(({ response }) => response?.statusCode),
        [302],
      );
    } finally {
      await settings.update('http.followRedirects', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('goes through the proxy of the settings', async () => {
    const document = await open(`GET http://nowhere.test/through?x\n`);
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('proxy.url', origin, vscode.ConfigurationTarget.Global);
      const [exchange] = await sendFirst(api, document);
      assert.equal(exchange?.response?.statusCode, 200);
      assert.equal(exchange.request?.requestTarget, 'http://nowhere.test/through?x');
    } finally {
      await settings.update('proxy.url', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('asks the name servers of the settings', async () => {
    const nameServer = await startNameServer(({ name, type }, send) => send(type === 'A'
      ? { answers: [a(name, '127.0.0.1')] } : { authorities: [soa('test', 60)] }));
    const document = await open(`GET ${origin.replace('127.0.0.1', 'here.test')}/named\n`);
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('dns.servers', [`127.0.0.1:${nameServer.port}`], vscode.ConfigurationTarget.Global);
      const [exchange] = await sendFirst(api, document);
      assert.equal(exchange?.response?.statusCode, 200);
      assert.ok(nameServer.asked.length > 0 && nameServer.asked.every(({ name }) => name === 'here.test'));
    } finally {
      await settings.update('dns.servers', undefined, vscode.ConfigurationTarget.Global);
      await nameServer.close();
    }
  });

  it('keeps the body of a request as bytes', async () => {
    const document = await open(`POST ${origin}/\n\nh\u00e9llo\n`);
    const [exchange] = await sendFirst(api, document);
    const [part] = exchange?.spec.body ?? [];
    assert.ok(part?.kind === 'bytes' && part.bytes.constructor === Uint8Array);
    assert.equal(new TextDecoder().decode(part.bytes), 'h\u00e9llo');
    assert.equal(exchange?.request?.bodySize, 6);
  });

  it('is cancelled from the lens', async () => {
    const document = await open(`GET ${origin}/never\n`);
    const sending = sendFirst(api, document);
    await clickLens(document, /Cancel$/);
    const [exchange] = await sending;
    assert.equal(exchange?.failure?.code, 'cancelled');
    assert.match((await lensesOf(document))[1]?.command?.title ?? '', /^✗ cancelled$/);
  });

  it('ends with the engine, and goes on with another', async () => {
    const document = await open(`GET ${origin}/never\n\n###\nGET ${origin}/again\n`);
    const sending = sendFirst(api, document);
    await until(() => exchangesOf(api, document)[0]?.request);
    const before = api.engine.pid!;
    process.kill(before, 'SIGKILL');
    const [exchange] = await sending;
    assert.deepEqual([exchange?.failure?.code, exchange?.failure?.phase], ['engine-ended', 'wait']);
    vscode.window.activeTextEditor!.selection = new vscode.Selection(3, 0, 3, 0);
    await vscode.commands.executeCommand(commands.sendRequest);
    assert.equal(exchangesOf(api, document)[0]?.response?.statusCode, 200);
    assert.notEqual(api.engine.pid, before);
  });

  it('says at its place why a request cannot be sent, and sends nothing', async () => {
    const document = await open('GET {{nowhere}}/\n');
    await sendFirst(api, document);
    assert.equal(latestSend(api, document), undefined);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem.message, /nowhere/);
    const [, unsent] = await lensesOf(document);
    assert.equal(unsent?.command?.title, '✗ not sent');
    await clickLens(document, /^✗ not sent$/);
    await until(() => {
      const { document: shown, selection } = vscode.window.activeTextEditor!;
      return shown === document && document.getText(selection).includes('nowhere');
    });
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 4, 0, 15), origin);
    await vscode.workspace.applyEdit(edit);
    assert.equal((await lensesOf(document)).length, 1, 'an edit takes the verdict back');
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.response?.statusCode, 200);
  });

  it('says nothing of an earlier answer beside a request that was not sent', async () => {
    const document = await open(`@path = hello\n\n# @name kept\nGET ${origin}/{{path}}\n`);
    await sendFirst(api, document);
    const edit = new vscode.WorkspaceEdit();
    edit.delete(document.uri, new vscode.Range(0, 0, 1, 0));
    await vscode.workspace.applyEdit(edit);
    await clickLens(document, /^Send Request$/);
    assert.equal((await lensesOf(document))[1]?.command?.title, '✗ not sent');
  });

  it("reaches the lab, which it starts, and hears the lab's side", async () => {
    const document = await open('GET {{$lab.https}}/hello/ada\n');
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.failure, undefined);
    assert.equal(exchange?.response?.statusCode, 200);
    assert.ok(api.lab.running);
    const side = await until(() => {
      const seen = exchangesOf(api, document)[0]?.servers?.at(-1);
      return seen?.events.some(({ type }) => type === 'response-finished') ? seen : undefined;
    });
    const routed = side.events.find((event) => event.type === 'routed');
    assert.deepEqual(routed?.parameters, { name: 'ada' });
  });

  it("reaches a running lab by its name, also without the lab's variables", async () => {
    const addresses = await api.lab.start();
    const document = await open(`GET ${addresses!.origins.https}/hello/ada\n`);
    const [exchange] = await sendFirst(api, document);
    assert.equal(exchange?.response?.statusCode, 200);
  });

  it('says that a stopped lab refuses, at which address, and offers to start it', async () => {
    const document = await open('GET {{$lab.http}}/hello/ada\n');
    const [answered] = await sendFirst(api, document);
    assert.equal(answered?.response?.statusCode, 200);
    await vscode.commands.executeCommand(commands.stopLab);
    assert.equal(api.lab.running, false);
    const [refused] = await sendFirst(api, document);
    assert.equal(api.lab.running, false, 'it stays stopped');
    assert.deepEqual(
      [refused?.failure?.code, refused?.failure?.phase],
      ['connection-refused', 'tcp'],
    );
    assert.equal(refused?.failure?.port, answered.connection?.peerPort);
    assert.match((await lensesOf(document))[1]?.command?.title ?? '', /^✗ refused$/);
    await vscode.commands.executeCommand(commands.startLab);
    const [again] = await sendFirst(api, document);
    assert.equal(again?.response?.statusCode, 200);
  });
});
