import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { linksIn } from '../../../src/httpFile/editing/links.ts';
import { occurrencesIn, occurrencesOn } from '../../../src/httpFile/editing/occurrences.ts';
import {
  definitionOf, occurrenceAt, referencesTo,
} from '../../../src/httpFile/editing/references.ts';
import { caseInputs, writtenFiles } from '../../dialects/seeds.ts';
import { known, marked, place } from './marked.ts';

/** Where what is under the cursor is defined, as `line:from-to` in the file itself or `file line:from-to`. */
function definition(text: string, others: Record<string, string> = {}, last = false): string | undefined {
  const { text: plain, position } = marked(text);
  const [from] = known({ main: plain, ...others }, { main: Object.keys(others) });
  const occurrence = occurrenceAt(from!, position);
  const found = occurrence && definitionOf(from!, occurrence, { last });
  return found && (found.uri === 'main' ? '' : `${found.uri} `) + place(found.range);
}

function references(text: string, others: Record<string, string> = {}): string[] {
  const { text: plain, position } = marked(text);
  const files = known({ main: plain, ...others }, { main: Object.keys(others) });
  const occurrence = occurrenceAt(files[0]!, position);
  if (!occurrence) return [];
  return referencesTo(files[0]!, occurrence, files, { includeDefinitions: true })
    .map(({ uri, range }) => (uri === 'main' ? '' : `${uri} `) + place(range));
}

describe('definition', () => {
  const table: [string, string, string | undefined][] = [
    ['above', '@a = 1\nGET http://x.test/{{‸a}}', '0:1-2'],
    ['at the end of the name', '@abc = 1\nGET http://x.test/{{abc‸}}', '0:1-4'],
    ['outside of the braces', '@abc = 1\nGET http://x.test/{{abc}}‸', undefined],
    ['with spaces and percent', '@abc = 1\nGET http://x.test/{{% ab‸c }}', '0:1-4'],
    ['the nearest above (C8)', '@a = 1\n### x\n@a = 2\nGET http://x.test/{{‸a}}\n\n### y\n@a = 3\n', '2:1-2'],
    ['the first below (C8)', 'GET http://x.test/{{‸a}}\n\n### y\n@a = 3\n### z\n@a = 4\n', '3:1-2'],
    ['in a header', '@a = 1\nGET http://x.test/\nX-A: b{{‸a}}', '0:1-2'],
    ['in a folded header', '@a = 1\nGET http://x.test/\nX-A: b\n   {{‸a}}', '0:1-2'],
    ['a whole header line', '@a = X: 1\nGET http://x.test/\n{{‸a}}', '0:1-2'],
    ['in a method', '@m = GET\n{{m‸}} http://x.test/', '0:1-2'],
    ['in a query line', '@a = 1\nGET http://x.test/\n  ?b={{‸a}}', '0:1-2'],
    ['in a body', '@a = 1\nPOST http://x.test/\n\n{"a": "{{‸a}}"}', '0:1-2'],
    ['in a comment of a body', '@a = 1\nPOST http://x.test/\n\n{\n// {{‸a}}\n}', undefined],
    ['in an include', '@a = 1\nPOST http://x.test/\n\n< ./{{‸a}}.json', '0:1-2'],
    ['in another variable', '@a = 1\n@b = {{‸a}}/2\n', '0:1-2'],
    ['an earlier one of its own name', '@a = 1\n@a = {{‸a}}/2\n', '0:1-2'],
    ['of a definition it is itself', '@‸a = 1\n', '0:1-2'],
    ['a prompt before a variable (C9)', '@a = 1\n### x\n# @prompt a The a\nGET http://x.test/{{‸a}}', '2:10-11'],
    ['a prompt of another request', '# @prompt a\nGET http://x.test/\n### x\nGET http://x.test/{{‸a}}', undefined],
    ['a name with a dot (C57)', '@a.b = 1\nGET http://x.test/{{a.‸b}}', '0:1-4'],
    ['a global one', '@global.a = 1\nGET http://x.test/{{‸a}}', '0:1-9'],
    ['an escaped one', '@a = 1\nGET http://x.test/\\{\\{‸a\\}\\}', undefined],
    ['a dynamic variable', 'GET http://x.test/{{$g‸uid}}', undefined],
    ['an unknown one', 'GET http://x.test/{{‸a}}', undefined],
    ['a request', '# @name login\nPOST http://x.test/\n### x\nGET http://x.test/{{log‸in.response.body.$.token}}', '0:8-13'],
    ['a request, in the path of a reference', '# @name login\nPOST http://x.test/\n### x\nGET http://x.test/{{login.resp‸onse.body.$.token}}', undefined],
    ['a request in camelCase (C15)', '# @name get-user\nPOST http://x.test/\n### x\nGET http://x.test/{{get‸User.response.body}}', '0:8-16'],
    ['a request in its _ form (C15)', '# @name get-user\nPOST http://x.test/\n### x\nGET http://x.test/{{get_‸user.response.body}}', '0:8-16'],
    ['a request that httpYac would find', '# @name login\nPOST http://x.test/\n### x\nGET http://x.test/{{log‸in.token}}', '0:8-13'],
    ['a variable before that', '# @name login\nPOST http://x.test/\n### x\n@login.token = 1\nGET http://x.test/{{log‸in.token}}', '3:1-12'],
    ['the last of two names (C58)', '# @name a\nPOST http://x.test/\n### x\n# @name a\nGET http://x.test/\n### y\n# @ref ‸a\nGET http://x.test/', '3:8-9'],
    ['@ref', '# @name login\nPOST http://x.test/\n### x\n# @ref log‸in\nGET http://x.test/', '0:8-13'],
    ['run', '# @name login\nPOST http://x.test/\n### x\nrun #log‸in\n', '0:8-13'],
    ['run by title', '### Log in first\nPOST http://x.test/\n### x\nrun #Log in fi‸rst\n', '0:4-16'],
    ['an argument of run', '@user = a\n### x\nrun #Log in (@us‸er = b)\n', '0:1-5'],
  ];
  for (const [title, text, expected] of table) {
    it(title, () => assert.equal(definition(text), expected));
  }

  it('the last one, when the setting says so', () =>
    assert.equal(definition('@a = 1\nGET http://x.test/{{‸a}}\n### y\n@a = 3\n', {}, true), '3:1-2'));

  it('in an import, after the file itself', () => {
    const others = { one: '@a = 1\n@b = 2\n# @name login\nGET http://x.test/', two: '@b = 3\n@c = 4\n' };
    const at = (name: string) => definition(`@a = 0\nGET http://x.test/{{${name}}}`, others);
    assert.deepEqual(['‸a', '‸b', '‸c', '‸login.response.body', '‸d'].map(at),
      ['0:1-2', 'one 1:1-2', 'two 1:1-2', 'one 2:8-13', undefined]);
  });
});

describe('references', () => {
  it('of a variable, in the order of the file', () => assert.deepEqual(
    references('@a = 1\n@b = {{a}}\nGET http://{{‸a}}/?{{%a}}\nX: {{ a }}{{b}}\n\n{{a}}\n# {{a}}\n'),
    ['0:1-2', '1:7-8', '2:13-14', '2:21-22', '3:6-7', '5:2-3']));

  it('of a request in all forms, and not of its namesake variable', () => assert.deepEqual(
    references([
      '# @name get-u‸ser', 'GET http://x.test/', '### b', '# @ref get-user',
      'GET http://x.test/{{getUser.response.body}}{{get_user.request.headers.A}}{{get-user}}', '### c', 'run #get-user',
    ].join('\n')),
    ['0:8-16', '3:7-15', '4:20-27', '4:45-53', '6:5-13']));

  it('in curl commands, once each', () => assert.deepEqual(
    references(
      "@a = 1\ncurl -m 5 'http://{{‸a}}' \\\n  -H 'A: {{a}}' -u {{a}}:{{a}} \\\n  --data '{\"a\": \"{{a}}\"}'\n",
    ),
    ['0:1-2', '1:20-21', '2:11-12', '2:21-22', '2:27-28', '3:19-20']));

  it('of what an import defines, there and here', () => assert.deepEqual(
    references('GET http://{{‸a}}', { one: '@a = 1\n@b = {{a}}' }), ['0:13-14', 'one 0:1-2', 'one 1:7-8']));

  it('leaves other definitions of the name in other files alone', () => assert.deepEqual(
    references('@a = 1\nGET http://{{‸a}}', { one: '@a = 2\nGET http://{{a}}' }), ['0:1-2', '1:13-14']));
});

describe('paths', () => {
  it('are those of includes, imports, runs, scripts and responses', () => {
    const text = [
      'import ./a.http', 'run b.http', 'run #c', '### x', '# @import "d.http"', '< ./e.js', '< {% x %}',
      'POST http://x.test/',
      '', '< ./f.json', '<@latin1 g h.xml', '< ./{{i}}.json', '> ./j.js', '<> k.json', '>> l.json',
    ].join('\n');
    const document = createDocument(text);
    assert.deepEqual(
      linksIn(document.file, document).map(({ kind, path, range }) => `${kind} ${path} ${place(range)}`), [
        'import ./a.http 0:7-15', 'run b.http 1:4-10', 'import d.http 4:11-17', 'script ./e.js 5:2-8',
        'include ./f.json 9:2-10',
        'include g h.xml 10:9-16', 'script ./j.js 12:2-8', 'response k.json 13:3-9',
      ]);
  });
});

describe('occurrences', () => {
  it('on each line are those of the whole file on that line', () => {
    for (const text of [...caseInputs(), ...writtenFiles().map((file) => file.text)]) {
      const document = createDocument(text);
      const all = occurrencesIn(document.file, document);
      for (let line = 0; line < document.lineCount; line++) {
        assert.deepEqual(
          occurrencesOn(document.file, document, line).map(({ name, range }) => `${name} ${place(range)}`),
          all.filter(({ range }) => range.start.line === line).map(({ name, range }) => `${name} ${place(range)}`),
          `line ${line} of ${text}`);
      }
    }
  });

  it('are no more work for a thousand times the text than a thousand times as much', () => {
    const time = (count: number) => {
      const document = createDocument(
        '@a = 1\nGET http://{{a}}/{{b}}\nX: {{c}}\n\n{"a": "{{a}}"}\n\n###\n'.repeat(count),
      );
      const start = performance.now();
      assert.equal(occurrencesIn(document.file, document).length, count * 5);
      return performance.now() - start;
    };
    time(1000);
    assert.ok(time(10_000) < 60 * time(1000) + 50);
  });
});
