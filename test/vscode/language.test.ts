import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/ui/contributions.ts';
import { activate, lensesOf, open, until } from './extension.ts';

describe('in the editor', () => {
  before(activate);

  const text =
    '@host = http://a.test\n\n### Login\nPOST {{host}}/login\n\n{}\n\n' +
    '###\n# @name me\nGET {{host}}/me\n';

  it('registers its commands', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commands).filter((id) => !known.has(id)),
      [],
    );
  });

  it('knows .http and .rest files', async () => {
    const samples = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(samples, 'the samples are open');
    const [file] = await vscode.workspace.findFiles('*.http', undefined, 1);
    assert.ok(file, 'there is a sample');
    assert.equal((await vscode.workspace.openTextDocument(file)).languageId, 'http');
  });

  it('shows Send Request above each request', async () => {
    const lenses = await lensesOf(await open(text));
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title]),
      [
        [3, 'Send Request'],
        [9, 'Send Request'],
      ],
    );
  });

  it('hides its lenses when asked to', async () => {
    const document = await open(text);
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
      await until(async () => (await lensesOf(document)).length === 0 || undefined);
    } finally {
      await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('outlines variables and requests', async () => {
    const document = await open(text);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [
        ['host', 'http://a.test'],
        ['Login', 'POST {{host}}/login'],
        ['me', 'GET {{host}}/me'],
      ],
    );
  });

  it('reports what is wrong while it is typed', async () => {
    const document = await open('GET http://a.test/\nHost a.test\n');
    const [problem] = await until(() => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(problem?.source, 'Roundtrip');
    assert.equal(problem?.range.start.line, 1);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 4), ':');
    await vscode.workspace.applyEdit(edit);
    await until(() => vscode.languages.getDiagnostics(document.uri).length === 0 || undefined);
  });
});
