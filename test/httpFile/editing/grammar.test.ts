import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import type { HttpRequest, Range } from '../../../src/httpFile/syntax.ts';
import { caseInputs, writtenFiles } from '../../dialects/seeds.ts';
import { skipped } from '../../support/debian.ts';
import { isInstalled, loadGrammar } from './grammar.ts';
import type { Token } from './grammar.ts';

// Colours as VS Code's own tokenizer gives them. Without the VS Code server in the cache there is nothing to ask.

type Tokenize = (text: string) => Token[];

/** The scopes of the first token that is, or holds, a piece of text. */
function scopesOf(tokens: readonly Token[], piece: string): string {
  const found = tokens.find(({ text }) => text.trim() === piece) ?? tokens.find(({ text }) => text.includes(piece));
  assert.ok(found, `${piece} in ${tokens.map(({ text }) => JSON.stringify(text)).join(' ')}`);
  return found.scopes.join(' ');
}

describe('the grammar', function () {
  let http: Tokenize;

  before(async function () {
    if (!isInstalled()) skipped(this, 'the VS Code server, whose tokenizer is asked, is not in the cache');
    http = await loadGrammar('source.http');
  });

  const post = (
    type: string, body: string,
  ): string => `POST http://x/\nContent-Type: ${type}\n\n${body}\n### next\nGET http://y/`;
  const table: [string, string, string, RegExp][] = [
    ['a separator', '### Log in ###', 'Log in', /entity\.name\.section/],
    ['metadata', '# @name login', 'name', /keyword\.other\.metadata/],
    ['metadata in camelCase', '// @noRedirect', 'noRedirect', /keyword\.other\.metadata/],
    ['a variable that is switched off', '# @token = 1', '@token = 1', /^source\.http comment\.line\.http$/],
    ['a block comment', '/* a\nb */', 'b', /comment\.block/],
    ['a variable', '@a = b\\n', 'a', /variable\.other\.definition/],
    ['an escape', '@a = b\\n', '\\n', /constant\.character\.escape/],
    ['a method', 'purge http://x/', 'purge', /keyword\.control\.method/],
    ['a custom method', 'BREW http://x/', 'BREW', /keyword\.control\.method/],
    ['a query', 'GET http://x/?a=1', 'a', /variable\.parameter\.query/],
    ['a query on its own line', 'GET http://x/\n  &b=1', 'b', /variable\.parameter\.query/],
    ['a version', 'GET http://x/ HTTP/1.1', '1.1', /constant\.numeric\.version/],
    ['a header', 'GET http://x/\nAccept: a', 'Accept', /entity\.name\.tag\.header/],
    ['a header after a typed one', 'GET http://x/\nContent-Type: text/plain\nAccept: a', 'Accept', /entity\.name\.tag\.header/],
    ['a variable in a URL', 'GET http://{{host}}/', 'host', /variable\.other/],
    ['a dynamic variable', 'GET http://x/{{$guid}}', '$guid', /support\.variable/],
    ['a reference', 'GET http://x/{{login.response.body.$.a}}', 'login', /entity\.name\.function\.request/],
    ['JSON by its type', post('application/json', '{"a": true}'), 'true', /block\.json.*constant\.language\.json/],
    ['JSON by sight', 'POST http://x/\n\n{"a": true}', 'true', /constant\.language\.json/],
    ['JSON without a blank line', 'POST http://x/\n{"a": true}', 'true', /constant\.language\.json/],
    ['lines of JSON', post('application/x-ndjson', '{"a": 1}\n{"b": true}'), 'true', /constant\.language\.json/],
    ['a variable in a string of JSON', post('application/json', '{"a": "{{b}}"}'), 'b', /string.*variable\.other/],
    ['a comment in JSON', post('application/json', '{\n# no\n"a": 1}'), 'no', /comment\.line\.http/],
    ['XML by its type', post('application/soap+xml', '<a b="c"/>'), 'a', /entity\.name\.tag/],
    ['XML by sight', 'POST http://x/\n\n<a/>', 'a', /entity\.name\.tag/],
    ['GraphQL by its method', 'GRAPHQL http://x/\n\n{ user }', 'user', /block\.graphql.*variable\.graphql/],
    ['GraphQL by its header', 'POST http://x/\nX-REQUEST-TYPE: GraphQL\n\n{ user }', 'user', /block\.graphql/],
    ['GraphQL by sight', 'POST http://x/\n\nquery Q { user }', 'Q', /entity\.name\.function\.graphql/],
    ['variables of GraphQL', 'GRAPHQL http://x/\n\nquery Q { user }\n\n{ "a": true }', 'true', /constant\.language\.json/],
    ['GraphQL in a request of JSON', post('application/json', 'query Q { user { ...IParts } }\n\n{ "a": true }'), 'Q', /block\.graphql.*entity\.name\.function\.graphql/],
    ['a spread in it', post('application/json', 'query Q {\n  user {\n    ...IParts\n  }\n}'), 'IParts', /^(?!.*(?:invalid|json)).*variable\.fragment\.graphql/],
    ['variables in it', post('application/json', 'query Q { user }\n\n{ "a": true }'), 'true', /constant\.language\.json/],
    ['a named query of httpYac', post('application/json', 'gql Q { user }'), 'gql', /keyword\.operation\.graphql/],
    ['JSON whose first word is no query', post('application/json', '[\n"query", true]'), 'true', /block\.json.*constant\.language\.json/],
    ['JavaScript by its type', post('application/javascript', 'const a = 1;'), 'const', /storage\.type\.js/],
    ['CSS by its type', post('text/css', 'a { color: red }'), 'color', /property-name\.css/],
    ['YAML by its type', post('application/yaml', 'a: 1'), 'a', /entity\.name\.tag\.yaml/],
    ['a form by its type', post('application/x-www-form-urlencoded', 'a=1&b=2'), 'b', /variable\.parameter\.form/],
    ['text', post('text/plain', '# {"a": 1}'), '# {"a": 1}', /^source\.http meta\.request\.http meta\.body\.http meta\.body\.text\.http$/],
    ['a variable in text', post('text/plain', 'a {{b}}'), 'b', /variable\.other/],
    ['a boundary', post('multipart/form-data; boundary=B', '--B\nA: 1\n\nx\n--B--'), 'B', /boundary/],
    ['JSON in a part', post('multipart/mixed; boundary=B', '--B\nContent-Type: application/json\n\n{"a": true}\n--B--'), 'true', /constant\.language\.json/],
    ['a file in a part', post('multipart/mixed; boundary=B', '--B\nA: 1\n\n< ./a.bin\n--B--'), './a.bin', /string\.unquoted\.path/],
    ['an included file', post('application/json', '<@latin1 ./a.json'), '@latin1', /keyword\.other\.encoding/],
    ['the next request after a body', post('application/json', '{"a": "unclosed'), 'next', /entity\.name\.section/],
    ['a script before', '< {%\n  const a = 1;\n%}\nGET http://x/', 'const', /storage\.type\.js/],
    ['the request after a script', '< {%\n  const a = `;\n%}\nPURGE http://x/', 'PURGE', /keyword\.control\.method/],
    ['a script on one line', 'GET http://x/\n\n> {% const a = 1; %}', 'const', /storage\.type\.js/],
    ['a script after JSON', `${post('application/json', '{"a": 1}\n\n> {%\n  const a = 1;\n%}')}`, 'const', /storage\.type\.js/],
    ['a block of JavaScript', '{{\n  const a = 1;\n}}\nGET http://x/', 'const', /storage\.type\.js/],
    ['an assertion', 'GET http://x/\n\n?? status == 200', '200', /constant\.numeric/],
    ['an output', 'GET http://x/\n\n>> a.json', 'a.json', /string\.unquoted\.path/],
    ['a variable after a body', post('application/json', '{}\n\n@a = {{b}}'), 'a', /variable\.other\.definition/],
    ['a pasted response', 'GET http://x/\n\nHTTP/1.1 200 OK\nA: 1\n\n{"a": true}', '200', /constant\.numeric\.status/],
    ['JSON of a pasted response', 'GET http://x/\n\nHTTP/1.1 200 OK\nA: 1\n\n{"a": true}', 'true', /constant\.language\.json/],
    ['curl', "curl -X POST 'http://x/' \\\n  --data '{{a}}'", 'POST', /keyword\.control\.method/],
    ['curl on its next line', "curl -X POST 'http://x/' \\\n  --data '{{a}}'", '--data', /attribute-name\.option/],
    ['a variable in curl', "curl -X POST 'http://x/' \\\n  --data '{{a}}'", 'a', /variable\.other/],
    ['run', 'run #log in (@a = 1)', 'log in', /entity\.name\.function\.request/],
    ['import', 'import ./a.http', './a.http', /string\.unquoted\.path/],
  ];
  for (const [title, text, piece, expected] of table) {
    it(title, () => assert.match(scopesOf(http(text), piece), expected));
  }

  it('agrees with the parser on methods, headers and bodies', () => {
    let pieces = 0;
    const wrong = [...caseInputs(), ...writtenFiles().map(({ text }) => text)].flatMap((text) => {
      const tokens = http(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'));
      return requests(text).flatMap(({ methodRange, headers, body = [] }) => {
        const expected: [Range, RegExp][] = [
          ...methodRange ? [[methodRange, /keyword\.control\.method/] as [Range, RegExp]] : [],
          ...headers.map(({ nameRange }): [Range, RegExp] => [nameRange, /header|substitution/]),
          ...body.map(({ range }): [Range, RegExp] => [range, /meta\.body|meta\.include|substitution/]),
        ];
        pieces += expected.length;
        return expected.flatMap(([range, scope]) => isColoured(tokens, range, scope)
          ? [] : [`${scope.source} in line ${range.start.line + 1} of ${JSON.stringify(text)}`]);
      });
    });
    assert.ok(pieces > 300, `${pieces}`);
    // Indented sections, folds and the like are told apart by what comes before them, which a grammar cannot see.
    assert.ok(wrong.length <= 0.02 * pieces, `${wrong.length} of ${pieces}: ${wrong.join('\n')}`);
  });

  it('finds nothing illegal in the samples', () => {
    for (const { path, text } of writtenFiles().filter((file) => file.path.startsWith('samples/'))) {
      const illegal = http(text).filter(({ scopes }) => scopes.some((scope) => scope.startsWith('invalid')));
      assert.deepEqual(illegal.map((token) => `${path}:${token.line + 1} ${token.text}`), []);
    }
  });

  it('colours code blocks of Markdown', async function () {
    const markdown = await loadGrammar('text.html.markdown');
    const tokens = markdown('# a\n\n```http\nPURGE http://x/\nA: 1\n```\n\n*b*\n\n~~~rest {a}\nGET http://y/\n~~~\n');
    assert.match(scopesOf(tokens, 'PURGE'), /meta\.embedded\.block\.http.*keyword\.control\.method/);
    assert.match(scopesOf(tokens, 'A'), /entity\.name\.tag\.header/);
    assert.match(scopesOf(tokens, 'GET'), /keyword\.control\.method/);
    assert.match(scopesOf(tokens, 'b'), /markup\.italic/);
  });
});

/** Those that are written as requests: parts of a curl command are no request line, header or body. */
function requests(text: string): HttpRequest[] {
  const document = createDocument(text);
  return document.file.requests.filter(({ requestLine: { start } }) =>
    !/^\s*curl\b/i.test(document.lineAt(start.line)));
}

/** Whether the first text of a range that is no white space has a scope. */
function isColoured(tokens: readonly Token[], { start, end }: Range, scope: RegExp): boolean {
  let column = 0;
  let line = -1;
  for (const token of tokens) {
    if (token.line !== line) column = 0;
    ({ line } = token);
    const after = column + token.text.length;
    const isInside = line > start.line || (line === start.line && after > start.character);
    if (isInside && line <= end.line && token.text.trim() !== '' && !token.text.startsWith('#')) {
      return scope.test(token.scopes.join(' '));
    }
    column = after;
  }
  return true;
}
