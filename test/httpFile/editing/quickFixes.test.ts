import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { metadataFix } from '../../../src/httpFile/editing/metadataFix.ts';
import { fixAll, quickFixes } from '../../../src/httpFile/editing/quickFixes.ts';
import { refactorings } from '../../../src/httpFile/editing/refactor.ts';
import { quickFixTexts } from '../../../src/explain/text/quickFix.ts';
import { say } from '../../../src/explain/text/text.ts';
import type { Range } from '../../../src/httpFile/syntax.ts';
import { edited, selected } from './marked.ts';

/** Titles of the fixes of the first problem of a code, and the text after each. */
function fixes(text: string, code: string, at?: Range): [string, string][] {
  const document = createDocument(text);
  const range = at ?? document.file.problems.find((problem) => problem.code === code)?.range;
  assert.ok(range, `${code} among ${document.file.problems.map((problem) => problem.code).join(', ')}`);
  return quickFixes(document.file, document, { code, range }).map(({ id, places, edits, environment }) => {
    const title = say(quickFixTexts, 'en', id, places);
    assert.ok(!title.includes('{'), title);
    return [title, environment === undefined ? edited(text, edits) : environment];
  });
}

describe('quick fixes', () => {
  const table: [string, string, [string, string][]][] = [
    ['separator-missing', 'GET http://x/\nGET http://y/ HTTP/1.1\n', [['Insert ### before the request', 'GET http://x/\n\n###\nGET http://y/ HTTP/1.1\n']]],
    ['separator-missing', 'GET http://x/\n\nGET http://y/ HTTP/1.1\n', [['Insert ### before the request', 'GET http://x/\n\n###\nGET http://y/ HTTP/1.1\n']]],
    ['no-request-line', '## GET http://x/\n# a\nA: 1\n', [['Bring the request line above back', 'GET http://x/\n# a\nA: 1\n']]],
    ['not-a-request', '### a\nSome text\n', [['Make the line a comment', '### a\n# Some text\n']]],
    ['comment-not-closed', '/* a\nGET http://x/\n', [['End the comment here with */', '/* a */\nGET http://x/\n']]],
    ['script-not-closed', '< {%\n  a();\n\n### b\nGET http://x/\n', [['End the script with %}', '< {%\n  a();\n%}\n\n### b\nGET http://x/\n']]],
    ['js-block-not-closed', '{{\n  a();\n\nGET http://x/\n', [['End the block with }}', '{{\n  a();\n}}\n\nGET http://x/\n']]],
    ['variable-name-space', '@my new var = 1\nGET http://x/\n', [['Change to my_new_var', '@my_new_var = 1\nGET http://x/\n']]],
    ['variable-equals-missing', '@host http://x\nGET http://x/\n', [['Add =', '@host = http://x\nGET http://x/\n'], ['Make the line a comment', '# @host http://x\nGET http://x/\n']]],
    ['url-quoted', 'GET "http://x/"\n', [['Remove the quotes', 'GET http://x/\n']]],
    ['url-quoted', 'GET <http://x/> HTTP/1.1\n', [['Remove the quotes', 'GET http://x/ HTTP/1.1\n']]],
    ['url-space', 'GET http://x/a b?c={{d e}} f\n', [['Write the spaces as %20', 'GET http://x/a%20b?c={{d e}}%20f\n']]],
    ['scheme-missing', 'GET x.test/a\n', [['Add https://', 'GET https://x.test/a\n'], ['Add http://', 'GET http://x.test/a\n']]],
    ['http-version-unknown', 'GET http://x/ HTTP/1.9\n',
      [['Remove the version', 'GET http://x/\n'], ['Change to HTTP/1.1', 'GET http://x/ HTTP/1.1\n'], ['Change to HTTP/2', 'GET http://x/ HTTP/2\n']]],
    ['http-3-unsupported', 'GET http://x/ HTTP/3\n', [['Change to HTTP/2', 'GET http://x/ HTTP/2\n'], ['Remove the version', 'GET http://x/\n']]],
    ['query-after-header', 'GET http://x/\nA: 1\n?b=2\nC: 3', [['Move the query line to the URL', 'GET http://x/\n  ?b=2\nA: 1\nC: 3']]],
    ['header-without-colon', 'GET http://x/\nAccept\n', [['Add a colon', 'GET http://x/\nAccept: \n'], ['Make the line a comment', 'GET http://x/\n# Accept\n']]],
    ['space-before-colon', 'GET http://x/\nA  : 1\n', [['Remove the space before the colon', 'GET http://x/\nA: 1\n']]],
    ['blank-line-missing', 'POST http://x/\nA: 1\n{"b": 2}\n', [['Insert a blank line before the body', 'POST http://x/\nA: 1\n\n{"b": 2}\n']]],
    ['header-name-space', 'GET http://x/\nContent Type: a/b\n', [['Change to Content-Type', 'GET http://x/\nContent-Type: a/b\n']]],
    ['header-after-blank-line', 'GET http://x/\n\n \nAccept: a/b\n', [['Remove the blank line above, so that this is a header', 'GET http://x/\nAccept: a/b\n']]],
    ['comment-stripped', 'POST http://x/\n\na\n# b\nc\n', [['Send the body with its comments: # @raw-body', '# @raw-body\nPOST http://x/\n\na\n# b\nc\n']]],
    ['comment-stripped', 'GET http://x/ HTTP/1.1\nPOST http://y/ HTTP/1.1\n\na\n# b\nc\n', [['Send the body with its comments: # @raw-body', 'GET http://x/ HTTP/1.1\nPOST http://y/ HTTP/1.1\n# @raw-body\n\na\n# b\nc\n']]],
    ['trailing-comment-sent', 'POST http://x/\n\n{\n  "a": "http://y", // b\n  "c": 1\n}\n',
      [['Move the comment to a line of its own', 'POST http://x/\n\n{\n  // b\n  "a": "http://y",\n  "c": 1\n}\n']]],
    ['indented-include', 'POST http://x/\n\n  < ./a.json\n', [['Remove the indent, so that the file is sent', 'POST http://x/\n\n< ./a.json\n']]],
    ['curl-quote-not-closed', "curl 'http://x/\n", [['Close the quote at the end of the line', "curl 'http://x/'\n"]]],
    ['timeout-large', '# @timeout 5000\nGET http://x/\n', [['Change to 5000 ms', '# @timeout 5000 ms\nGET http://x/\n'], ['Change to 5000 s', '# @timeout 5000 s\nGET http://x/\n']]],
    ['timeout-invalid', '# @timeout 5 sec\nGET http://x/\n', [['Change to 5 s', '# @timeout 5 s\nGET http://x/\n']]],
    ['timeout-invalid', '# @timeout soon\nGET http://x/\n', []],
    ['variable-quotes', '@a = "b"\nGET http://x/\n', [['Remove the quotes', '@a = b\nGET http://x/\n']]],
    ['name-duplicate', '# @name a\nGET http://x/\n### b\n# @name a\nGET http://y/\n', [['Name this request a-2', '# @name a\nGET http://x/\n### b\n# @name a-2\nGET http://y/\n']]],
    ['name-twice', '# @name a\n# @name b\nGET http://x/\n', [['Remove this name', '# @name a\nGET http://x/\n']]],
    ['metadata-without-request', '# @name a\n### b\nGET http://x/\n', [['Remove the line', '### b\nGET http://x/\n']]],
  ];
  for (const [code, text, expected] of table) {
    it(`${code}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(fixes(text, code), expected);
      for (const [, after] of expected) {
        const { problems } = createDocument(after).file;
        const still = problems.filter((problem) => problem.code === code && code !== 'name-twice');
        assert.deepEqual(
          still.length < createDocument(text).file.problems.filter((problem) => problem.code === code).length, true,
        );
      }
    });
  }

  it('an undefined variable: the nearest, or a new one, here, outside or asked', () => {
    const { text, range } = selected('### a\n@token = 1\nGET http://x/‸{{tokn}}‸\n');
    assert.deepEqual(fixes(text, 'variable-undefined', range), [
      ['Change to token', '### a\n@token = 1\nGET http://x/{{token}}\n'],
      ['Create @tokn at the top of the file', '@tokn = \n\n### a\n@token = 1\nGET http://x/{{tokn}}\n'],
      ['Create tokn in the environment file', 'tokn'],
      ['Ask for tokn when the request is sent', '### a\n@token = 1\n# @prompt tokn\nGET http://x/{{tokn}}\n'],
    ]);
  });

  it('new variables go below those at the top', () => {
    const { text, range } = selected('# my file\n\n@a = 1\n@b = 2\n\n### a\nGET http://x/‸{{% url }}‸');
    assert.equal(
      fixes(text, 'variable-undefined', range)[0]![1],
      '# my file\n\n@a = 1\n@b = 2\n@url = \n\n### a\nGET http://x/{{% url }}',
    );
  });

  it('the undefined one inside another', () => {
    const { text, range } = selected('@a = {{b}}\n@b = {{$guid}}{{c}}\nGET http://x/‸{{a}}‸');
    assert.equal(fixes(text, 'variable-undefined-inside', range)[0]![0], 'Create @c at the top of the file');
  });

  it('nothing for dynamic variables and expressions', () => {
    for (const name of ['$guidd', 'a b', '']) {
      const { text, range } = selected(`GET http://x/‸{{${name}}}‸`);
      assert.deepEqual(fixes(text, 'variable-undefined', range), []);
    }
  });

  it('the nearest request for a reference', () => {
    const { text, range } = selected('# @name login\nGET http://x/\n### b\nGET http://x/‸{{logn.response.body.$.a}}‸');
    assert.deepEqual(
      fixes(text, 'response-request-unknown', range).map(([, after]) => after.split('\n')[3]),
      ['GET http://x/{{login.response.body.$.a}}'],
    );
    const other = selected('# @name login\nGET http://x/\n### b\n‸# @ref lgoin‸\nGET http://x/');
    assert.deepEqual(
      fixes(other.text, 'ref-unknown', other.range).map(([, after]) => after.split('\n')[3]), ['# @ref login'],
    );
  });

  it('a kind of line end that is none', () => {
    const { text, range } = selected('‸# @body-eol cr‸\nGET http://x/');
    assert.deepEqual(
      fixes(text, 'body-eol-unknown', range).map(([, after]) => after.split('\n')[0]),
      ['# @body-eol crlf', '# @body-eol lf'],
    );
  });

  it('unclosed braces', () => {
    const { text, range } = selected('GET ‸http://x/{{host/a‸\n');
    assert.deepEqual(
      fixes(text, 'variable-unclosed', range), [['Add the missing braces', 'GET http://x/{{host}}/a\n']],
    );
  });

  it('everything that is certain at once', () => {
    const text = 'GET "http://x/"\nA : 1\nB : 2\n{"c": 3}\nGET http://y/ HTTP/1.1\nContent Type: a/b\n';
    const document = createDocument(text);
    assert.equal(edited(text, fixAll(document.file, document)),
      'GET http://x/\nA: 1\nB: 2\n\n{"c": 3}\n\n###\nGET http://y/ HTTP/1.1\nContent-Type: a/b\n');
  });

  it('misspelt metadata, where it is told', () => {
    const text = '# @no-redirec\nGET http://x/\n';
    const document = createDocument(text);
    const [problem] = document.file.problems;
    assert.equal(
      edited(text, quickFixes(document.file, document, problem!)[0]!.edits), '# @no-redirect\nGET http://x/\n',
    );
  });

  it('metadata that is nearly some', () => {
    const fix = (line: string) => metadataFix(createDocument(line), 0)?.edits.map(({ text }) => text).join('');
    assert.deepEqual([
      '# @no-redirct', '// @Timout 5', '#@nmae x', '# @name x', '# @token = x', '# @foo', '@timout = 1',
    ].map(fix),
      ['no-redirect', 'timeout', 'name', undefined, undefined, undefined, undefined]);
  });
});

describe('refactorings', () => {
  const cases: [string, string, string, string][] = [
    ['a part of the URL', 'GET http://x/‸users‸/1', 'extract-variable', '@value = users\n\nGET http://x/{{value}}/1'],
    ['a query parameter', '@a = 1\nGET http://x/?userId=‸7‸', 'extract-variable', '@a = 1\n@userId = 7\nGET http://x/?userId={{userId}}'],
    ['a header', '@a = 1\n\nGET http://x/\nX-Api-Key: ‸abc‸', 'extract-variable', '@a = 1\n@xApiKey = abc\n\nGET http://x/\nX-Api-Key: {{xApiKey}}'],
    ['a member of JSON', '@name = 1\nPOST http://x/\n\n{"name": "‸Kim {{a}}‸"}', 'extract-variable', '@name = 1\n@name2 = Kim {{a}}\nPOST http://x/\n\n{"name": "{{name2}}"}'],
    ['backslashes', 'POST http://x/\n\n‸C:\\new‸', 'extract-variable', '@value = C:\\\\new\n\nPOST http://x/\n\n{{value}}'],
    ['an origin', '### a\nGET http://x:1/‸‸a\n### b\nGET http://x:1?b\n### c\nGET http://x:12/\n', 'move-origin',
      '@host = http://x:1\n\n### a\nGET {{host}}/a\n### b\nGET {{host}}?b\n### c\nGET http://x:12/\n'],
    ['an origin that is a variable already', '@host = http://x\nGET http://x/‸‸a', 'move-origin', '@host = http://x\nGET {{host}}/a'],
    ['an origin when the name is taken', '@host = http://y\nGET http://x/‸‸a', 'move-origin', '@host = http://y\n@host2 = http://x\nGET {{host2}}/a'],
  ];
  for (const [title, marked, id, expected] of cases) {
    it(title, () => {
      const { text, range } = selected(marked);
      const document = createDocument(text);
      const found = refactorings(document.file, document, range).find((one) => one.id === id);
      assert.ok(found);
      const after = edited(text, found.edits);
      assert.equal(after, expected);
      assert.ok(found.name);
      assert.ok(after.split('\n')[found.name.line]!.startsWith(`@${found.places['name']!}`));
      assert.equal(found.name.character, 1);
    });
  }

  it('a curl command as a request, which is the same', () => {
    const text =
      "### a\n# @name y\ncurl -L 'http://x/a' \\\n  -H 'A: {{b}}' \\\n  -d 'c=1'\ncurl -L http://z/\n# end\n";
    const document = createDocument(text);
    const before = document.file.requests.map(({ method, url }) => `${method} ${url}`);
    for (let line = 2; line <= 5; line++) {
      const at = { line, character: 3 };
      const found = refactorings(
        document.file, document, { start: at, end: at },
      ).find(({ id }) => id === 'write-request');
      assert.ok(found, `line ${line}`);
      const after = createDocument(edited(text, found.edits)).file;
      assert.deepEqual(after.requests.map(({ method, url }) => `${method} ${url}`), before, edited(text, found.edits));
      assert.deepEqual(after.problems.map(({ code }) => code), document.file.problems.map(({ code }) => code));
    }
    const comment = { line: 6, character: 0 };
    assert.deepEqual(refactorings(document.file, document, { start: comment, end: comment }), []);
  });

  const none: [string, string][] = [
    ['nothing selected in a body', 'POST http://x/\n\na‸‸b'],
    ['half a variable', 'POST {{a}}/\n\na{{‸b}}‸'],
    ['space around', 'POST {{a}}/\n\na‸ b‸'],
    ['two lines', 'POST {{a}}/\n\n‸a\nb‸'],
    ['a method', '‸POST‸ {{a}}/'],
    ['a header name', 'GET {{a}}/\n‸A‸: 1'],
    ['a comment of a body', 'POST {{a}}/\n\na\n# ‸b‸\nc'],
  ];
  for (const [title, marked] of none) {
    it(`none: ${title}`, () => {
      const { text, range } = selected(marked);
      const document = createDocument(text);
      assert.deepEqual(
        refactorings(document.file, document, range).map(({ id }) => id).filter((id) => id === 'extract-variable'), [],
      );
    });
  }
});
