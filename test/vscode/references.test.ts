import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { commands } from '../../src/ui/contributions.ts';
import { createOpened } from '../support/sockets.ts';
import { activate, clickLens, exchangesOf, latestSend, open, sendFirst, until } from './extension.ts';

type Window = typeof vscode.window;

describe('what a request needs before it is sent', () => {
  const opened = createOpened();
  let api: Api;
  let origin: string;
  /** What the server was asked, in order. */
  let asked: string[] = [];
  const original = { ...vscode.window } as Record<string, unknown>;

  before(async () => {
    api = await activate();
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(
        JSON.stringify({ token: `t${asked.length}` }),
      );
    });
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
  });
  after(() => opened.close());
  beforeEach(() => {
    asked = [];
  });
  afterEach(() => {
    for (const name of ['showErrorMessage', 'showInputBox', 'showQuickPick', 'showWarningMessage']) {
      Object.assign(vscode.window, { [name]: original[name] });
    }
  });

  /** Stands in for the user in one kind of dialog; gives what was shown. */
  function answer<K extends keyof Window>(kind: K, reply: (...shown: any[]) => unknown): unknown[][] {
    const seen: unknown[][] = [];
    Object.assign(vscode.window, {
      [kind]: async (...shown: unknown[]) => {
        seen.push(shown);
        return reply(...shown);
      },
    });
    return seen;
  }

  const login = (): string => `### Log in\n# @name login\nGET ${origin}/login\n\n`;
  const me = (...lines: string[]): string =>
    `### Me\n# @name me\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}GET ${origin}/me\nAuthorization: Bearer {{login.response.body.$.token}}\n`;

  it('offers to send the request whose response is missing, and then sends this one', async () => {
    const document = await open(`${me()}\n${login()}`);
    const shown = answer('showErrorMessage', (_message, ...titles: string[]) => titles[0]);
    await clickLens(document, /^Send Request$/);
    await until(() => asked.length === 2 || undefined);
    assert.deepEqual(asked, ['/login', '/me Bearer t1']);
    assert.deepEqual(shown.map(([, ...titles]) => titles), [['Send “login” First', 'Go to Line']]);
    await until(() => latestSend(api, document)?.running === false || undefined);
    await clickLens(document, /^Send Request$/);
    assert.equal(asked.at(-1), '/me Bearer t1');
  });

  it('names all that is missing, and says of a way out that it is not enough', async () => {
    const document = await open(
      `${me()}X-Kind: {{nobody}}\nX-Again: {{nobody}} {{login.response.body.$.id}}\n\n${login()}`,
    );
    const shown = answer('showErrorMessage', () => undefined);
    await clickLens(document, /^Send Request$/);
    await until(() => shown.length === 1 || undefined);
    const [[message, ...titles]] = shown as [[string, ...string[]]];
    assert.match(message, /\(line 4\): .*login.* Besides, line [56]: .*nobody/);
    assert.equal(message.split('Besides').length, 2);
    assert.deepEqual(titles, ['Send “login” First (Not Enough Alone)', 'Go to Line']);
  });

  it('sends what @ref names by itself, once', async () => {
    const document = await open(`${me('# @ref login')}\n${login()}`);
    await sendFirst(api, document);
    await sendFirst(api, document);
    assert.deepEqual(asked, ['/login', '/me Bearer t1', '/me Bearer t1']);
    assert.equal(exchangesOf(api, document)[0]?.response?.statusCode, 200);
  });

  it('offers to send names without a value as they are written', async () => {
    const document = await open(`GET ${origin}/a{{nobody}}\n`);
    const shown = answer('showErrorMessage', (_message, ...titles: string[]) =>
      titles.find((title) => title === 'Send Anyway'));
    await clickLens(document, /^Send Request$/);
    await until(() => asked.length === 1 || undefined);
    assert.deepEqual(asked, ['/a%7B%7Bnobody%7D%7D']);
    assert.equal(shown.length, 1);
  });

  it('asks once a session, hides secrets, and asks again when the answers are forgotten', async () => {
    const document = await open(
      `# @prompt city Which city?\n# @secret code\nGET ${origin}/{{city}}/{{code}}/{{$pick Size $value: small,large}}/{{$password p}}\n`,
    );
    const boxes = answer('showInputBox', ({ title }: vscode.InputBoxOptions) =>
      title!.includes('city') ? 'Seoul' : 'x');
    const picks = answer('showQuickPick', (items: string[]) => items[1]);
    await sendFirst(api, document);
    assert.deepEqual(asked, ['/Seoul/x/large/x']);
    assert.deepEqual(boxes.map(([box]) => { const { prompt, password } = box as vscode.InputBoxOptions; return [prompt, password]; }),
      [['Which city?', false], [undefined, true], ['p', true]]);
    await sendFirst(api, document);
    assert.equal(boxes.length, 4, 'only the password is asked again');
    assert.equal(picks.length, 1);
    await vscode.commands.executeCommand(commands.forgetAnswers);
    await sendFirst(api, document);
    assert.equal(boxes.length, 7);
    const [{ spec } = { spec: undefined }] = api.history.sends().slice(-1);
    assert.deepEqual(spec?.secrets, ['x']);
  });

  it('sends nothing when a question is cancelled, and says no more', async () => {
    const document = await open(`# @prompt who\nGET ${origin}/{{who}}\n\n###\nGET ${origin}/after\n`);
    answer('showInputBox', () => undefined);
    const errors = answer('showErrorMessage', () => undefined);
    await clickLens(document, /^Send Request$/);
    await vscode.commands.executeCommand(commands.sendAll);
    assert.deepEqual([asked, errors, latestSend(api, document)], [[], [], undefined]);
  });

  it('sends all that can be read, and says where a request is missing', async () => {
    const document = await open(`GET ${origin}/one\n\n###\n< {%\nGET ${origin}/two\n\n###\nGET ${origin}/three\n`);
    const errors = answer('showErrorMessage', () => undefined);
    await vscode.commands.executeCommand(commands.sendAll);
    assert.deepEqual(asked, ['/one', '/three']);
    assert.match(String(errors[0]?.[0]), /\(line 4\): This script is not closed/);
    assert.equal(errors.length, 1);
    assert.equal(exchangesOf(api, document)[0]?.response?.statusCode, 200);
  });

  it('asks before it sends a request with a note', async () => {
    const document = await open(`# @note This costs money.\nGET ${origin}/costly\n`);
    let reply: string | undefined;
    const notes = answer('showWarningMessage', () => reply);
    await clickLens(document, /^Send Request$/);
    assert.deepEqual(asked, []);
    reply = 'Send';
    await clickLens(document, /^Send Request$/);
    assert.deepEqual(asked, ['/costly']);
    assert.equal(notes[0]![0], 'This costs money.');
  });
});
