import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { labelOf } from '../../src/httpFile/tree/labels.ts';
import { parse } from '../../src/httpFile/parse.ts';
import { activate, lensesOf, open, until } from './extension.ts';

describe('while one types', () => {
  before(activate);

  const text = Array.from({ length: 30 }, (_, index) =>
    `### Request ${index}\n# @name n${index}\nGET http://a.test/${index}\nA: ${index}\n`).join('\n');

  const edit = async (
    document: vscode.TextDocument, change: (edit: vscode.WorkspaceEdit) => void,
  ): Promise<void> => {
    const edits = new vscode.WorkspaceEdit();
    change(edits);
    assert.ok(await vscode.workspace.applyEdit(edits));
    await agrees(document);
  };

  /** What is shown is what a parse of the whole text finds. */
  const agrees = async (document: vscode.TextDocument): Promise<void> => {
    const { requests, problems } = parse(document.getText());
    const lines = requests.map(({ line }) => line - 1);
    const lenses = (await lensesOf(document)).filter(({ command }) => command?.title === 'Send Request');
    assert.deepEqual(lenses.map(({ range }) => range.start.line), lines);
    assert.deepEqual(
      lenses.map(({ command }) => (command?.arguments?.[0] as { line: number }).line), lines.map((line) => line + 1),
    );
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider', document.uri,
    );
    const shown = symbols.filter(({ kind }) => kind === vscode.SymbolKind.Method);
    assert.deepEqual(shown.map(({ name, selectionRange }) => [name, selectionRange.start.line]),
      requests.map((request) => [labelOf(request), request.requestLine.start.line]));
    const codes = problems.map(({ code, range }) => `${code} ${range.start.line}`).sort();
    await until(() => {
      const found = vscode.languages.getDiagnostics(document.uri)
        .map(({ code, range }) => `${String(code)} ${range.start.line}`).sort();
      return Promise.resolve(codes.every((one) => found.includes(one)) && found.length >= codes.length);
    });
  };

  it('lenses, outline and problems follow the text', async () => {
    const document = await open(text);
    await agrees(document);
    const uri = document.uri;
    await edit(document, (edits) => edits.insert(uri, new vscode.Position(0, 0), '\n\n'));
    await edit(document, (edits) => edits.insert(uri, new vscode.Position(9, 0), '@a = 1\n@a = 2\n'));
    await edit(document, (edits) => {
      edits.insert(uri, new vscode.Position(40, 0), '### Another\n# @name n3\nGET /x\n\n');
      edits.delete(uri, new vscode.Range(60, 0, 71, 0));
      edits.replace(uri, new vscode.Range(80, 0, 80, 3), '###\n###');
    });
    await vscode.commands.executeCommand('undo');
    await agrees(document);
    await edit(document, (edits) => edits.delete(uri, new vscode.Range(3, 0, 90, 0)));
    await vscode.commands.executeCommand('undo');
    await agrees(document);
  });

  it('half a header is not complained of before the cursor leaves its line', async () => {
    const document = await open('GET http://a.test/\nfine\n\n');
    const found = () => vscode.languages.getDiagnostics(document.uri)
      .flatMap(({ code, range }) => code === 'header-without-colon' ? [range.start.line] : []).join();
    await until(() => found() === '1');
    const editor = vscode.window.activeTextEditor!;
    editor.selection = new vscode.Selection(0, 18, 0, 18);
    await vscode.commands.executeCommand('type', { text: '\nAccept' });
    await until(() => found() === '2');
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await until(() => found() === '1,2');
  });

  it('those of a file that was edited out of sight are right when it is shown again', async () => {
    const document = await open(text);
    await agrees(document);
    await open('GET http://other.test/\n');
    const edits = new vscode.WorkspaceEdit();
    edits.insert(document.uri, new vscode.Position(0, 0), '### New\n# @name new\nGET x\n\n');
    await vscode.workspace.applyEdit(edits);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
    await agrees(document);
  });
});
