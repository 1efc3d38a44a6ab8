import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Snippet {
  readonly prefix: string;
  readonly body: string | readonly string[];
  readonly description: string;
}

const snippets = JSON.parse(readFileSync(path.join(root, 'media/snippets/http.json'), 'utf8')) as Record<string, Snippet>;

/** What a snippet leaves when nothing is typed over. */
function inserted({ body }: Snippet): string {
  return (typeof body === 'string' ? body : body.join('\n'))
    .replace(/\$\{\d+:([^{}]*)\}/g, '$1').replace(/\$\{\d+\}|\$\d/g, '').replaceAll('\\$', '$');
}

describe('snippets', () => {
  it('have one prefix each', () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
  });

  for (const [name, snippet] of Object.entries(snippets)) {
    it(`${name}: nothing is wrong with what is inserted`, () => {
      const text = inserted(snippet);
      assert.doesNotMatch(text, /\$\{|\$0/);
      const isRequest = text.startsWith('###');
      const whole = isRequest || text.includes('\n') ? text : text.startsWith('#') || text.startsWith('@')
        ? `${text}\nGET http://a.test/\n` : `GET http://a.test/\n${text}\n`;
      const file = parse(whole);
      const problems = file.problems.filter(({ code }) => !/not-run|-ignored|-unsupported/.test(code));
      assert.deepEqual(problems.map(({ code }) => code), []);
      if (isRequest) assert.ok(file.requests.length > 0);
    });
  }
});
