import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/ui/contributions.ts';
import { activate, open } from './extension.ts';

// What the light bulb, the clipboard and single keys do with a request file.

async function actionsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: string,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider', document.uri, range, kind);
}

async function apply(actions: readonly vscode.CodeAction[], title: RegExp): Promise<void> {
  const action = actions.find((one) => title.test(one.title));
  assert.ok(action?.edit, actions.map((one) => one.title).join(', '));
  await vscode.workspace.applyEdit(action.edit);
}

async function type(text: string): Promise<void> {
  for (const character of text) await vscode.commands.executeCommand('type', { text: character });
}

describe('rearranging and typing', () => {
  before(activate);

  it('fixes everything that is certain', async () => {
    const document = await open('GET "http://a.test/"\nAccept : */*\n');
    const whole = new vscode.Range(0, 0, 2, 0);
    await apply(await actionsAt(document, whole, 'source.fixAll'), /./);
    assert.equal(document.getText(), 'GET http://a.test/\nAccept: */*\n');
  });

  it('extracts a variable', async () => {
    const document = await open('GET http://a.test/users?id=7\n');
    await apply(await actionsAt(document, new vscode.Range(0, 27, 0, 28), 'refactor.extract'), /variable/);
    assert.equal(document.getText(), '@id = 7\n\nGET http://a.test/users?id={{id}}\n');
  });

  it('moves an origin to a variable', async () => {
    const document = await open('GET http://a.test/1\n\n###\nGET http://a.test/2\n');
    await apply(await actionsAt(document, new vscode.Range(0, 5, 0, 5), 'refactor.rewrite'), /@host/);
    assert.equal(document.getText(), '@host = http://a.test\n\nGET {{host}}/1\n\n###\nGET {{host}}/2\n');
  });

  it('writes a curl command as a request', async () => {
    const document = await open("curl -L http://a.test/ -H 'A: 1'\n");
    await apply(await actionsAt(document, new vscode.Range(0, 2, 0, 2), 'refactor.rewrite'), /curl/);
    assert.equal(document.getText(), 'GET http://a.test/\nA: 1\n');
  });

  it('leaves a curl command as it is when it formats', async () => {
    const document = await open("curl -L http://a.test/ -H 'A:1' -d '{\"a\":1}'\n");
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
      'vscode.executeFormatDocumentProvider', document.uri, { tabSize: 2, insertSpaces: true });
    assert.deepEqual(edits ?? [], []);
  });

  it('pastes the command on the clipboard as a request', async () => {
    const document = await open('GET http://b.test/\n');
    await vscode.env.clipboard.writeText("curl -L 'http://a.test/a' -H 'A: 1'");
    await vscode.commands.executeCommand(commands.pasteCurl);
    assert.equal(document.getText(), 'GET http://b.test/\n\n###\n\nGET http://a.test/a\nA: 1\n');
  });

  it('closes braces', async () => {
    const document = await open('');
    await type('{{a');
    assert.equal(document.getText(), '{{a}}');
  });

  it('goes on with a query and a comment on the next line', async () => {
    const query = await open('GET http://a.test/\n  ?a=1');
    vscode.window.activeTextEditor!.selection = new vscode.Selection(1, 6, 1, 6);
    await type('\n');
    assert.equal(query.getText(), 'GET http://a.test/\n  ?a=1\n  &');
    const comment = await open('# one two');
    vscode.window.activeTextEditor!.selection = new vscode.Selection(0, 6, 0, 6);
    await type('\n');
    assert.equal(comment.getText(), '# one \n# two');
  });

  it('takes names as one word', async () => {
    const document = await open('GET {{a-b.c}}/\nContent-Type: a/b\n');
    const word = (line: number, character: number): string =>
      document.getText(document.getWordRangeAtPosition(new vscode.Position(line, character)));
    assert.deepEqual([word(0, 7), word(1, 3)], ['a-b.c', 'Content-Type']);
  });
});
