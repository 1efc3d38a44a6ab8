import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { commands } from '../../src/ui/contributions.ts';
import {
  activate, clickLens, exchangesOf, lensesOf, openFile, sample, until,
} from './extension.ts';

describe('in Markdown', () => {
  let api: Api;
  let document: vscode.TextDocument;

  before(async () => {
    api = await activate();
    document = await openFile(sample('13-markdown.md'));
  });

  const linesOf = async (): Promise<number[]> =>
    (await lensesOf(document)).filter(({ command }) => command?.title === 'Send Request')
      .map(({ range }) => range.start.line);

  it('stands Send Request above each request of a code block', async () => {
    const requests = document.getText().split('\n')
      .flatMap((line, index) => /^(?:GET|POST) /.test(line) ? [index] : []);
    assert.equal(requests.length, 3);
    assert.deepEqual(await linesOf(), requests);
  });

  it('sends a request, with the variables of all code blocks', async () => {
    await clickLens(document, /^Send Request$/);
    const [exchange] = exchangesOf(api, document);
    assert.match(exchange?.request?.url ?? '', /\/hello\/reader$/);
    assert.equal(exchange?.response?.statusCode, 200);
    await until(async () =>
      (await lensesOf(document)).some(({ command }) => /^200 · /.test(command?.title ?? '')));
  });

  it('sends the request at the cursor', async () => {
    const line = document.getText().split('\n').findIndex((one) => one.startsWith('POST '));
    const editor = vscode.window.activeTextEditor!;
    editor.selection = new vscode.Selection(line, 0, line, 0);
    await vscode.commands.executeCommand(commands.sendRequest);
    assert.match(exchangesOf(api, document)[0]?.request?.url ?? '', /\/echo$/);
  });

  it('leaves documents without requests alone', async () => {
    const content = '# Title\n\n```json\n{ "http": 1 }\n```\n\n```http\nHTTP/1.1 200 OK\n```\n';
    const other = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    assert.deepEqual((await lensesOf(other)).map(({ command }) => command?.title), []);
  });

  it('has no lenses when asked not to', async () => {
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('markdown.enabled', false, vscode.ConfigurationTarget.Global);
      await until(async () => (await linesOf()).length === 0);
    } finally {
      await settings.update('markdown.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
    await until(async () => (await linesOf()).length === 3);
  });
});
