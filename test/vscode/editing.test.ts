import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/ui/contributions.ts';
import { activate, open, openFile, sample, until } from './extension.ts';

// Each feature of the editor, asked for as VS Code asks.

const text = `@host = http://a.test
@path = {{host}}/v1

### Login
# @name login
POST {{host}}/login
Content-Type: application/json

{
  "user": "ada"
}

### Me
GET {{path}}/me
Authorization: Bearer {{login.response.body.$.token}}
Accept: application/json
X-Missing: {{nobody}}
`;

/** Where a text stands first. */
function placeOf(document: vscode.TextDocument, wanted: string): vscode.Position {
  const offset = document.getText().indexOf(wanted);
  assert.notEqual(offset, -1, `${wanted} is in the document`);
  return document.positionAt(offset);
}

async function completions(content: string): Promise<vscode.CompletionItem[]> {
  const offset = content.indexOf('|');
  const document = await open(content.replace('|', ''));
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider', document.uri, document.positionAt(offset), undefined, 50);
  // VS Code's own are words of open files.
  return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

async function hoverText(document: vscode.TextDocument, place: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider', document.uri, place);
  return hovers.flatMap(({ contents }) => contents)
    .map((one) => typeof one === 'string' ? one : one.value).join('\n\n');
}

function linesOf(edits: readonly { range: vscode.Range }[]): number[] {
  return edits.map(({ range }) => range.start.line).sort((a, b) => a - b);
}

describe('editing', () => {
  before(async () => {
    await activate();
    await vscode.commands.executeCommand(commands.selectEnvironment, null);
  });

  describe('completion', () => {
    const cases: [what: string, content: string, ...labels: string[]][] = [
      ['methods', '|', 'GET', 'POST'],
      ['header names', 'GET http://a.test/\nAcc|', 'Accept', 'Accept-Language'],
      ['media types', 'GET http://a.test/\nAccept: |', 'application/json'],
      ['metadata', '# @|\nGET http://a.test/\n', 'name', 'no-redirect'],
      ['variables', '@host = http://a.test\nGET {{|}}/\n', 'host', '$guid'],
      ['requests', '# @name login\nGET http://a.test/\n\n###\nGET http://a.test/{{log|}}\n', 'login'],
    ];
    for (const [what, content, ...labels] of cases) {
      it(`offers ${what}`, async () => {
        const found = (await completions(content)).map(labelOf);
        for (const label of labels) assert.ok(found.includes(label), `${label} in ${found.join(', ')}`);
      });
    }

    it('offers names of the environment with value and origin, secrets masked', async () => {
      const document = await openFile(sample('07-environments.http'));
      await vscode.commands.executeCommand(commands.selectEnvironment, 'dev');
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider', document.uri,
        placeOf(document, '{{user}}').translate(0, 2), undefined, 50);
      const shown = list.items.map((item) => JSON.stringify(item));
      assert.match(shown.find((item) => item.includes('"user"')) ?? '', /ada/);
      assert.ok(shown.some((item) => item.includes('"password"')));
      assert.ok(!shown.some((item) => item.includes('lovelace')), 'the password is masked');
    });
  });

  describe('hover', () => {
    it('tells a variable’s value and where it is defined', async () => {
      const document = await open(text);
      const shown = await hoverText(document, placeOf(document, '{{host}}/login').translate(0, 3));
      assert.match(shown, /http:\/\/a\.test/);
      assert.match(shown, /line 1|:1/i);
    });

    it('says that a name has no value', async () => {
      const document = await open(text);
      assert.match(await hoverText(document, placeOf(document, 'nobody')), /nobody/);
    });

    it('explains a header', async () => {
      const document = await open(text);
      const shown = await hoverText(document, placeOf(document, 'Content-Type'));
      assert.match(shown, /media type/i);
    });

    it('shows what a URL becomes', async () => {
      const document = await open(text);
      const shown = await hoverText(document, placeOf(document, '/me').translate(0, 1));
      assert.match(shown, /http:\/\/a\.test\/v1\/me/);
    });

    it('masks secrets of the environment', async () => {
      const document = await openFile(sample('07-environments.http'));
      await vscode.commands.executeCommand(commands.selectEnvironment, 'dev');
      const shown = await hoverText(document, placeOf(document, '{{password}}').translate(0, 3));
      assert.match(shown, /secret/);
      assert.match(shown, /http-client\.private\.env\.json/);
      assert.doesNotMatch(shown, /lovelace/);
    });
  });

  it('finds definitions', async () => {
    const document = await open(text);
    const definitionsAt = async (place: vscode.Position): Promise<number[]> =>
      (await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider', document.uri, place))
        .map((one) => 'targetRange' in one ? one.targetRange.start.line : one.range.start.line);
    assert.deepEqual(await definitionsAt(placeOf(document, '{{host}}/login').translate(0, 3)), [0]);
    assert.deepEqual(await definitionsAt(placeOf(document, 'login.response')), [4]);
  });

  it('finds references', async () => {
    const document = await open(text);
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider', document.uri, placeOf(document, '@host').translate(0, 2));
    assert.deepEqual(linesOf(found), [0, 1, 5]);
  });

  it('renames in the file', async () => {
    const document = await open(text);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider', document.uri,
      placeOf(document, '@host').translate(0, 2), 'origin');
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /^@origin = .*\n@path = \{\{origin\}\}\/v1/);
    assert.doesNotMatch(document.getText(), /host/);
  });

  it('renames across imported files', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-imports-'));
    try {
      await writeFile(path.join(directory, 'shared.http'), '@host = http://a.test\n');
      await writeFile(path.join(directory, 'main.http'), 'import ./shared.http\n\nGET {{host}}/\n');
      const main = await openFile(path.join(directory, 'main.http'));
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider', main.uri,
        placeOf(main, '{{host}}').translate(0, 3), 'origin');
      const files = edit.entries().map(([uri]) => path.basename(uri.fsPath)).sort();
      assert.deepEqual(files, ['main.http', 'shared.http']);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('renames a variable of environments in their files and in request files', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-environments-'));
    const write = (name: string, content: string) => writeFile(path.join(directory, name), content);
    const rename = (document: vscode.TextDocument, newName: string) =>
      vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri,
        placeOf(document, '{{token}}').translate(0, 3), newName);
    try {
      await write(
        'http-client.env.json',
        '{\n  // all\n  "$shared": { "token": "" },\n  "dev": { "auth": "Bearer {{token}}" }\n}\n',
      );
      await write('http-client.private.env.json', '{ "dev": { "token": "a" }, "prod": { "token": "b" } }\n');
      await write('other.http', '@own = 1\nGET http://a.test/\nX: {{token}}\n');
      await write('own.http', '@token = 1\nGET http://a.test/{{token}}\n');
      await write('main.http', 'GET http://a.test/{{token}}?{{ %token }}\n');
      const main = await openFile(path.join(directory, 'main.http'));
      await openFile(path.join(directory, 'other.http'));
      await openFile(path.join(directory, 'own.http'));
      await assert.rejects(async () => rename(main, 'own'), /own/);
      await vscode.workspace.applyEdit(await rename(main, 'secret'));
      const textOf = async (name: string) =>
        (await vscode.workspace.openTextDocument(path.join(directory, name))).getText();
      assert.equal(await textOf('main.http'), 'GET http://a.test/{{secret}}?{{ %secret }}\n');
      assert.equal(await textOf('other.http'), '@own = 1\nGET http://a.test/\nX: {{secret}}\n');
      assert.equal(await textOf('own.http'), '@token = 1\nGET http://a.test/{{token}}\n');
      assert.equal(await textOf('http-client.env.json'),
        '{\n  // all\n  "$shared": { "secret": "" },\n  "dev": { "auth": "Bearer {{secret}}" }\n}\n');
      assert.equal(
        await textOf('http-client.private.env.json'), '{ "dev": { "secret": "a" }, "prod": { "secret": "b" } }\n',
      );
      await vscode.workspace.saveAll();
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('offers a quick fix for a variable that is not defined', async () => {
    const document = await open(text);
    const place = placeOf(document, 'nobody');
    await until(async () => vscode.languages.getDiagnostics(document.uri)
      .some(({ range }) => range.contains(place)));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider', document.uri, new vscode.Range(place, place));
    const create = actions.find(({ title }) => /nobody/.test(title));
    assert.ok(create?.edit, actions.map(({ title }) => title).join(', '));
    await vscode.workspace.applyEdit(create.edit);
    assert.match(document.getText(), /^@nobody =/m);
  });

  it('formats', async () => {
    const document = await open('GET   http://a.test/\ncontent-type:application/json\n\n{"a":1}\n');
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider', document.uri, { tabSize: 2, insertSpaces: true });
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /: application\/json\n\n\{\n {2}"a": 1\n\}/);
  });

  it('folds requests', async () => {
    const document = await open(text);
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider', document.uri);
    assert.ok(ranges.some(({ start, end }) => start === 3 && end >= 10), JSON.stringify(ranges));
  });

  it('links to the files it sends and imports', async () => {
    const document = await openFile(sample('05-bodies.http'));
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider', document.uri, 50);
    const target = links.find(({ target }) => target?.path.endsWith('/bodies/order.json'));
    assert.ok(target, links.map((link) => link.target?.toString()).join('\n'));
    assert.equal(document.getText(target.range), './bodies/order.json');
  });

  it('colours variables by whether they have a value', async () => {
    const document = await open(text);
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend', document.uri);
    const { data } = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens', document.uri);
    const kinds = new Map<string, string>();
    for (let at = 0, line = 0, character = 0; at < data.length; at += 5) {
      character = data[at]! === 0 ? character + data[at + 1]! : data[at + 1]!;
      line += data[at]!;
      const range = new vscode.Range(line, character, line, character + data[at + 2]!);
      const modifiers = legend.tokenModifiers.filter((_, bit) => data[at + 4]! & (1 << bit));
      kinds.set(document.getText(range), [legend.tokenTypes[data[at + 3]!], ...modifiers].join('.'));
    }
    assert.ok(kinds.has('host') && kinds.has('nobody'), [...kinds].join(' '));
    assert.notEqual(kinds.get('host'), kinds.get('nobody'));
  });

  it('shows values behind variables when asked to', async () => {
    const document = await open(text);
    const hints = async (): Promise<string[]> =>
      (await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider', document.uri, new vscode.Range(0, 0, 99, 0)))
        .map(({ label }) => typeof label === 'string' ? label : label.map(({ value }) => value).join(''));
    assert.deepEqual(await hints(), []);
    const settings = vscode.workspace.getConfiguration('roundtrip');
    try {
      await settings.update('inlayHints.enabled', true, vscode.ConfigurationTarget.Global);
      await until(async () => (await hints()).some((hint) => hint.includes('http://a.test')));
    } finally {
      await settings.update('inlayHints.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
