import assert from 'node:assert/strict';
import { completionsAt } from '../../../src/httpFile/editing/completion.ts';
import type { Completion } from '../../../src/httpFile/editing/completion.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import { explainTopic } from '../../../src/explain/topics.ts';
import { marked } from './cursor.ts';

async function snippetsAt(text: string): Promise<readonly Completion[]> {
  const { file, lines, position } = marked(text);
  const { items } = await completionsAt(file, lines, position, { outer: { after: () => [] } });
  return items.filter(({ kind }) => kind === 'skeleton' || kind === 'keyword');
}

/** What a snippet leaves when nothing is typed over. */
function inserted({ insert }: Completion): string {
  return insert.replace(/\$\{\d+:([^{}]*)\}/g, '$1').replace(/\$\{\d+\}|\$\d/g, '').replaceAll('\\$', '$');
}

describe('snippets', () => {
  it('leave nothing that is wrong, and are explained in a sentence', async () => {
    const snippets = await snippetsAt('|');
    assert.ok(snippets.length >= 17, `${snippets.length}`);
    assert.equal(new Set(snippets.map(({ label }) => label)).size, snippets.length);
    for (const snippet of snippets) {
      const text = inserted(snippet);
      assert.doesNotMatch(text, /\$\{|\$\d|\{url\}/, snippet.label);
      const file = parse(snippet.kind === 'skeleton' ? text : `${text}\nGET http://a.test/\n`);
      assert.deepEqual(file.problems.map(({ code }) => code), [], snippet.label);
      assert.ok(file.requests.length > 0, snippet.label);
      assert.ok(explainTopic('completion', snippet.topic!.id, 'en'), snippet.label);
    }
  });

  it('hold two requests for a login, the second with the token of the first', async () => {
    const login = (await snippetsAt('###\nlog|')).find(({ label }) => label.startsWith('login'));
    const [first, second] = parse(inserted(login!)).requests;
    assert.equal(first?.name, 'login');
    assert.match(second!.headers[0]!.value, /\{\{login\.response\.body\.\$\.token\}\}/);
  });

  it('are lines only where a request is written already', async () => {
    const labels = (await snippetsAt('|\nGET http://a.test/')).map(({ label }) => label);
    assert.deepEqual(labels, ['@', '# @name', '# @prompt', '# @no-redirect', '# @new-connection', '# @timeout']);
  });

  for (const text of [
    '# @ref |\nGET http://a.test', '# @timeout |\nGET http://a.test', 'GET http://a.test\nAuthorization: Basic |',
    'GET {{$datetime |', 'GET {{lo|', 'GET {{lo|}}', 'GET http://a.test\n|', 'POST http://a.test\n\n|', '# words|',
  ]) {
    it(`are not offered at ${JSON.stringify(text)}`, async () => assert.deepEqual(await snippetsAt(text), []));
  }
});
