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

  const notes = [
    '# {{lab}}', '', '1. A step', '', '   ```http', '   @city = Oslo', '   GET {{city}}/{{nobody}}', '   Accep',
    '   ```', '',
    '```js', '{{city}}', '```', '',
  ].join('\n');

  const openNotes = async (): Promise<vscode.TextDocument> => {
    const one = await vscode.workspace.openTextDocument({ language: 'markdown', content: notes });
    await vscode.window.showTextDocument(one);
    return one;
  };
  const find = (one: vscode.TextDocument, text: string, from = 0): vscode.Position =>
    one.positionAt(notes.indexOf(text, from) + text.length);

  it('completes in code blocks of requests, and nowhere else', async () => {
    const one = await openNotes();
    const labelsAt = async (position: vscode.Position): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider', one.uri, position);
      return list.items.map(({ label }) => typeof label === 'string' ? label : label.label);
    };
    assert.ok((await labelsAt(find(one, 'Accep'))).includes('Accept-Language'));
    assert.ok((await labelsAt(find(one, '{{', notes.indexOf('GET')))).includes('city'));
    const elsewhere = [
      ...await labelsAt(find(one, '# {{')), ...await labelsAt(find(one, '{{', notes.indexOf('```js'))),
    ];
    assert.ok(!elsewhere.some((label) => label.startsWith('$')), elsewhere.join(' '));
  });

  it('says what a name means, and where it is defined', async () => {
    const one = await openNotes();
    const place = find(one, '{{c', notes.indexOf('GET'));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', one.uri, place);
    const text = hover?.contents.map((part) => (part as vscode.MarkdownString).value).join('') ?? '';
    assert.match(text, /Oslo/);
    assert.equal(one.getText(hover?.range), 'city');
    const [link] = await vscode.commands.executeCommand<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider', one.uri, place);
    assert.ok(link);
    assert.equal(one.getText(link.originSelectionRange), 'city');
    assert.equal(one.getText(link.targetRange), 'city');
    assert.equal(link.targetRange.start.line, 5);
    const outside = find(one, '{{c', notes.indexOf('```js'));
    assert.deepEqual(await vscode.commands.executeCommand('vscode.executeHoverProvider', one.uri, outside), []);
    assert.deepEqual(await vscode.commands.executeCommand('vscode.executeDefinitionProvider', one.uri, outside), []);
  });

  it('colours names in code blocks of requests alone', async () => {
    const one = await openNotes();
    const whole = new vscode.Range(0, 0, one.lineCount, 0);
    const coloured = async (): Promise<string[]> => {
      const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>(
        'vscode.provideDocumentRangeSemanticTokens', one.uri, whole);
      return textsOf(one, tokens?.data ?? new Uint32Array());
    };
    assert.deepEqual(await coloured(), ['GET', 'city', 'nobody']);
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('markdown.enabled', false, vscode.ConfigurationTarget.Global);
      assert.deepEqual(await coloured(), []);
    } finally {
      await settings.update('markdown.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
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

/** The pieces of a document that tokens colour. */
function textsOf(document: vscode.TextDocument, data: Uint32Array): string[] {
  const texts: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    character = data[at] === 0 ? character + data[at + 1]! : data[at + 1]!;
    line += data[at]!;
    texts.push(document.getText(new vscode.Range(line, character, line, character + data[at + 2]!)));
  }
  return texts;
}
