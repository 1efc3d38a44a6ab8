import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { createOpened } from '../support/sockets.ts';
import { activate, clickLens, open, openFile, sendFirst, until } from './extension.ts';

// What completion, hover and warnings know from outside of the file: responses, imports, folders.

async function labelsAt(document: vscode.TextDocument, after: string, trigger?: string): Promise<string[]> {
  const offset = document.getText().indexOf(after);
  assert.notEqual(offset, -1, after);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider', document.uri, document.positionAt(offset + after.length), trigger);
  return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
    .map(({ label }) => typeof label === 'string' ? label : label.label);
}

async function hoverOver(document: vscode.TextDocument, text: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider', document.uri, document.positionAt(document.getText().indexOf(text) + 1));
  return hovers.flatMap(({ contents }) => contents).map((one) => typeof one === 'string' ? one : one.value).join('\n');
}

function warned(document: vscode.TextDocument): string[] {
  return vscode.languages.getDiagnostics(document.uri)
    .filter(({ code, severity }) => code === 'variable-undefined' && severity === vscode.DiagnosticSeverity.Warning)
    .map(({ range }) => document.getText(range));
}

async function insert(document: vscode.TextDocument, at: vscode.Position, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, at, text);
  await vscode.workspace.applyEdit(edit);
}

describe('names in the editor', () => {
  const opened = createOpened();
  let api: Api;
  let origin: string;
  let directory: string;

  before(async () => {
    api = await activate();
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Kind': '[x](command:evil)' })
        .end('{"user": {"id": 7, "full name": "Ada"}, "accessToken": "s3cret"}');
    });
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-names-'));
  });
  after(async () => {
    await opened.close();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(directory, { recursive: true, force: true });
  });

  it('are completed from the last response, and shown on hover; secrets stay masked', async () => {
    const document = await open([
      '# @name login', `GET ${origin}/login`, '', '###', `GET ${origin}/{{login.response.body.$.user.id}}`,
      'A: {{login.response.headers.X-Kind}}', 'B: {{login.response.body.$.accessToken}}', '',
    ].join('\n'));
    assert.match(await hoverOver(document, 'login.response.body'), /not sent yet/);
    assert.deepEqual(await labelsAt(document, '{{login.response.body.$.', '.'), []);
    await sendFirst(api, document);
    assert.deepEqual(await labelsAt(document, '{{login.response.body.$.', '.'), ['user', 'accessToken']);
    assert.deepEqual(await labelsAt(document, '{{login.response.body.$.user.', '.'), ['id', 'full name']);
    assert.ok((await labelsAt(document, '{{login.response.headers.', '.')).includes('X-Kind'));
    assert.match(await hoverOver(document, 'login.response.body.$.user'), /`7`/);
    assert.match(await hoverOver(document, 'login.response.headers'), /`\[x\]\(command:evil\)`/);
    assert.doesNotMatch(await hoverOver(document, 'login.response.body.$.accessToken'), /s3cret/);
  });

  it('are completed from imported files, as these are now', async () => {
    await writeFile(path.join(directory, 'shared.http'), '@base = http://a.test\n\n# @name list\nGET {{base}}/\n');
    await writeFile(path.join(directory, 'main.http'), '\nGET {{}}\n');
    const main = await openFile(path.join(directory, 'main.http'));
    assert.ok(!(await labelsAt(main, 'GET {{', '{')).includes('base'));
    await insert(main, new vscode.Position(0, 0), 'import ./shared.http\n');
    const labels = await labelsAt(main, 'GET {{', '{');
    for (const name of ['base', 'list']) assert.ok(labels.includes(name), labels.join(' '));
    const shared = await vscode.workspace.openTextDocument(path.join(directory, 'shared.http'));
    await insert(shared, new vscode.Position(0, 0), '@other = 1\n');
    await until(async () => (await labelsAt(main, 'GET {{', '{')).includes('other') || undefined);
  });

  it('of files are completed folder by folder, and hovered with their size', async () => {
    await mkdir(path.join(directory, 'bodies'), { recursive: true });
    await writeFile(path.join(directory, 'bodies', 'one.json'), '{"a":1}');
    await writeFile(
      path.join(directory, 'paths.http'), 'POST http://a.test/\n\n< ./bodies/one.json\n< ./bodies/two.json\n',
    );
    const document = await openFile(path.join(directory, 'paths.http'));
    assert.ok((await labelsAt(document, '< ./', '/')).includes('bodies/'));
    assert.deepEqual(await labelsAt(document, '< ./bodies/', '/'), ['one.json']);
    assert.match(await hoverOver(document, './bodies/one.json'), /7 B/);
    assert.match(await hoverOver(document, './bodies/two.json'), /does not exist/);
  });

  it('are warned of when nobody can know them, and only then', async () => {
    const document = await open([
      '@own = 1', '# @prompt asked', 'GET http://a.test/{{own}}/{{asked}}/{{$guid}}/{{$lab.http}}/{{nobody}}', '',
      '{{login.response.body}} {{$prompt x}} {{missing}}', '', '###', '# @name login', 'GET http://a.test/', '',
    ].join('\n'));
    await until(() => warned(document).length > 0 || undefined);
    assert.deepEqual(warned(document), ['{{nobody}}', '{{missing}}']);
    await insert(document, new vscode.Position(0, 0), '@nobody = 1\n@missing = 2\n');
    await until(() => warned(document).length === 0 || undefined);
  });

  it('are warned of in all of a file, also where it was never scrolled to', async () => {
    const document = await open(
      Array.from({ length: 200 }, (_, at) => `###\nGET http://a.test/{{nope${at}}}\n\n`).join(''),
    );
    await until(() => warned(document).length === 200 || undefined);
    await insert(document, new vscode.Position(1, 0), '# words\n');
    await insert(document, new vscode.Position(0, 0), '@nope150 = 1\n');
    await until(() => warned(document).length === 199 || undefined);
    assert.ok(!warned(document).includes('{{nope150}}'));
  });

  it('are put into the environment file by a quick fix, where their value can be typed at once', async () => {
    const environments = path.join(directory, 'http-client.env.json');
    await writeFile(environments, '{\n  "dev": {\n    "a": "1"\n  }\n}\n');
    await writeFile(path.join(directory, 'fix.http'), 'GET http://a.test/\nX: {{nobody}}\n');
    const document = await openFile(path.join(directory, 'fix.http'));
    await until(() => warned(document).length === 1 || undefined);
    const at = new vscode.Range(1, 6, 1, 6);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider', document.uri, at,
    );
    const fix = actions.find(({ title }) => /environment file/.test(title));
    assert.ok(fix?.edit && fix.command, actions.map(({ title }) => title).join('; '));
    await vscode.workspace.applyEdit(fix.edit);
    await vscode.commands.executeCommand(fix.command.command, ...fix.command.arguments ?? []);
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.fsPath, environments);
    await editor.edit((edit) => edit.insert(editor.selection.active, 'typed'));
    assert.equal((JSON.parse(editor.document.getText()) as { dev: Record<string, string> }).dev['nobody'], 'typed');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are not told of twice when sending was refused for them', async () => {
    const document = await open('GET http://a.test/{{nobody}}\n');
    const told = () => vscode.languages.getDiagnostics(document.uri).map(({ severity }) =>
      vscode.DiagnosticSeverity[severity]);
    await until(() => warned(document).length === 1 || undefined);
    // The message with ways out waits for an answer.
    void clickLens(document, /^Send Request$/);
    await until(() => (told().includes('Error') && warned(document).length === 0) || undefined);
    assert.deepEqual(told(), ['Error']);
    await insert(document, new vscode.Position(0, 0), '\n');
    await until(() => warned(document).length === 1 || undefined);
    assert.deepEqual(told(), ['Warning']);
  });
});
