import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { Settings } from '../../src/ui/contributions.ts';
import { activate, open, openFile, sample, sendFirst } from './extension.ts';

// The settings that decide where tools differ, by what is sent with and without them.

describe('settings for files of other tools', () => {
  let api: Api;
  before(async () => { api = await activate(); });

  /** What the lab's echo says was sent. */
  async function echoed(document: vscode.TextDocument): Promise<string> {
    const [exchange] = await sendFirst(api, document);
    const id = exchange?.id ?? '';
    const content = await api.engine.readContent(id, 0, 100_000);
    assert.ok(content, 'the answer was kept');
    const answer = JSON.parse(new TextDecoder().decode(content.bytes)) as
      { target: string; body: { text: string } };
    return answer.target + answer.body.text;
  }

  async function withSetting<K extends keyof Settings>(
    name: K, value: Settings[K], content: string,
  ): Promise<[without: string, withIt: string]> {
    const settings = vscode.workspace.getConfiguration('roundtrip');
    const without = await echoed(await open(content));
    try {
      await settings.update(name, value, vscode.ConfigurationTarget.Global);
      return [without, await echoed(await open(content))];
    } finally {
      await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  }

  it('variables.scope takes the last definition', async () => {
    const content = '@v = one\nPOST {{$lab.http}}/echo?v={{v}}\n\n###\n@v = two\nGET {{$lab.http}}/\n';
    assert.deepEqual(await withSetting('variables.scope', 'last', content), ['/echo?v=one', '/echo?v=two']);
  });

  it('variables.escapes leaves backslashes', async () => {
    const content = '@v = a\\tb\nPOST {{$lab.http}}/echo\nContent-Type: text/plain\n\n{{v}}\n';
    assert.deepEqual(await withSetting('variables.escapes', false, content), ['/echoa\tb', '/echoa\\tb']);
  });

  const comment = 'a\n# b\nc';
  const post = (type: string): string =>
    `POST {{$lab.http}}/echo\nContent-Type: ${type}\n\n${comment}\n`;
  it('bodyComments strips comments of texts', async () => {
    assert.deepEqual(await withSetting('bodyComments', 'strip', post('text/plain')), [`/echo${comment}`, '/echoa\nc']);
  });
  it('bodyComments keeps comments of data', async () => {
    assert.deepEqual(
      await withSetting('bodyComments', 'keep', post('application/json')), ['/echoa\nc', `/echo${comment}`],
    );
  });

  it('include.substitute puts variables into every included file', async () => {
    await openFile(sample('05-bodies.http'));
    const content = '@customer = Ada\n@quantity = 3\nPOST {{$lab.http}}/echo\n\n< ./bodies/order-template.json\n';
    const [without, withIt] = await withSetting('include.substitute', 'always', content);
    assert.match(without, /\{\{customer\}\}/);
    assert.match(withIt, /Ada/);
    assert.doesNotMatch(withIt, /\{\{/);
  });
});
