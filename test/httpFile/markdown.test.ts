import assert from 'node:assert/strict';
import { isMarkdownName, parseMarkdown, readMarkdown, requestsInMarkdown } from '../../src/httpFile/markdown.ts';

function found(text: string): { line: number; title: string | undefined; request: string }[] {
  return parseMarkdown(text).requests.map(({ line, title, method, url }) =>
    ({ line, title, request: `${method} ${url}` }));
}

describe('requests in Markdown', () => {
  it('takes the code blocks of http and rest, at the lines where they stand', () => {
    const text = '# Title\n\n```http\nGET https://a.test/1\n```\n\nGET https://a.test/no\n\n```rest\nGET https://a.test/2\n```\n';
    assert.deepEqual(found(text), [
      { line: 4, title: undefined, request: 'GET https://a.test/1' },
      { line: 10, title: undefined, request: 'GET https://a.test/2' },
    ]);
  });

  it('keeps the number of lines, whatever their ends', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a', '```http', 'GET https://a.test/', '```', 'b', ''].join(end);
      assert.equal(requestsInMarkdown(text), '\n###\nGET https://a.test/\n###\n\n');
    }
  });

  it('shares variables between code blocks', () => {
    const text = '```http\n@a = 1\n```\ntext\n@b = 2\n```http\nGET https://a.test/{{a}}\n```\n';
    const file = parseMarkdown(text);
    assert.deepEqual(file.variables.map(({ name }) => name), ['a']);
    assert.equal(file.requests.length, 1);
  });

  const blocks: [string, string, string | undefined][] = [
    ['tildes', '~~~http\nGET https://a.test/\n~~~', undefined],
    ['a longer fence, in which a shorter one is text', '````http\nPOST https://a.test/\n\n```\ncode\n```\n````', undefined],
    ['an indented block of a list', '- item\n\n    ```http\n    GET https://a.test/\n    ```', undefined],
    ['a title', '```http Log in\nGET https://a.test/\n```', 'Log in'],
    ['a title as an attribute', '```http title="Log in" {1}\nGET https://a.test/\n```', 'Log in'],
    ['Pandoc\'s attributes', '```{.http .numberLines}\nGET https://a.test/\n```', undefined],
    ['upper case', '```HTTP\nGET https://a.test/\n```', undefined],
    ['a block that is never closed', '```http\nGET https://a.test/', undefined],
    ['a listing of AsciiDoc', '[source,http]\n----\nGET https://a.test/\n----\nGET https://b.test/', undefined],
    ['a listing with a title', '.Log in\n[source,http]\n----\nGET https://a.test/\n----', 'Log in'],
    ['a literal listing with options', '[source%nowrap,http,linenums]\n....\nGET https://a.test/\n....', undefined],
  ];
  for (const [name, text, title] of blocks) {
    it(`reads ${name}`, () => {
      const { requests } = parseMarkdown(text);
      assert.deepEqual(requests.map(({ url }) => url), ['https://a.test/']);
      assert.equal(requests[0]!.title, title);
    });
  }

  const others: [string, string][] = [
    ['another language', '```httpd\nGET https://a.test/\n```'],
    ['a block within a block', '````markdown\n```http\nGET https://a.test/\n```\n````'],
    ['a code span', '```http GET https://a.test/```\nGET https://b.test/'],
    ['a heading underlined with dashes', 'http\n----\nGET https://a.test/\n'],
    ['a listing of another language', '[source,json]\n----\nGET https://a.test/\n----'],
  ];
  for (const [name, text] of others) {
    it(`leaves ${name}`, () => assert.deepEqual(parseMarkdown(text).requests, []));
  }

  it('ends a body where its code block ends', () => {
    const [request] = parseMarkdown('```http\nPOST https://a.test/\n\none\n\ntwo\n```\nthree\n').requests;
    assert.deepEqual(request!.body!.map((segment) => segment.kind === 'text' && segment.text), ['one\n\ntwo']);
  });

  it('takes the indent of a code block from the lines of a body', () => {
    const [request] = parseMarkdown('1. x\n   ```http\n   POST https://a.test/\n\n   < ./a.json\n   ```\n').requests;
    assert.deepEqual(request!.body!.map((segment) => segment.kind === 'file' && segment.path), ['./a.json']);
  });

  it('knows such files by name', () => {
    for (const name of ['a.md', 'README.MD', 'x/y.markdown', 'a.adoc']) assert.ok(isMarkdownName(name), name);
    for (const name of ['a.http', 'md', 'a.md.http']) assert.ok(!isMarkdownName(name), name);
  });

  it('tells what was left out before each line', () => {
    const { lines, indents } = readMarkdown(
      '# a\n```http\nGET /\n```\n1. b\n   ~~~rest\n   GET /\n\n     x\n   ~~~\n```js\ny\n```\n',
    );
    assert.deepEqual([...indents], [-1, -1, 0, -1, -1, -1, 3, 0, 3, -1, -1, -1, -1, -1]);
    assert.deepEqual(lines.slice(5, 10), ['###', 'GET /', '', '  x', '###']);
  });
});
