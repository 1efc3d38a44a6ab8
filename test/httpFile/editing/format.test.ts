import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { formatEdits, formatRangeEdits } from '../../../src/httpFile/editing/format.ts';
import { edited, selected } from './marked.ts';

const options = { indent: '  ' };

function formatted(text: string): string {
  const document = createDocument(text);
  return edited(text, formatEdits(document.file, document, options));
}

describe('format', () => {
  const table: [string, string, string][] = [
    ['header names and values', 'GET http://x/\nA:1\nB :  2\nC:\t3  \nD:   \n', 'GET http://x/\nA: 1\nB: 2\nC: 3\nD:\n'],
    ['indented headers keep their indent', 'GET http://x/\n  A:1\n  B:2', 'GET http://x/\n  A: 1\n  B: 2'],
    ['folded headers keep their lines', 'GET http://x/\nA:1 \n  2 \nB:3', 'GET http://x/\nA: 1\n  2\nB: 3'],
    ['headers with a variable as name', 'GET http://x/\n{{a}}:1\n{{b}}\n', 'GET http://x/\n{{a}}: 1\n{{b}}\n'],
    ['one blank line before a separator', '### a\nGET http://x/\n### b\nGET http://x/\n\n\n\n### c\nGET http://x/\n', '### a\nGET http://x/\n\n### b\nGET http://x/\n\n### c\nGET http://x/\n'],
    ['no blank lines at the top, one line end at the end', '\n\n### a\nGET http://x/\n\n\n', '### a\nGET http://x/\n'],
    ['a line of spaces at the top', '  \n### a\nGET http://x/\n', '### a\nGET http://x/\n'],
    ['separators below each other', 'GET http://x/\n####\n### a\n####\nGET http://x/\n', 'GET http://x/\n\n####\n### a\n####\nGET http://x/\n'],
    ['one blank line before a body', 'POST http://x/\nA: 1\n\n\n\nb\n', 'POST http://x/\nA: 1\n\nb\n'],
    ['a blank line before JSON that had none', 'POST http://x/\nA: 1\n{"a":1}\n', 'POST http://x/\nA: 1\n\n{\n  "a": 1\n}\n'],
    ['no blank line before what may be a header', 'POST http://x/\nA: 1\nb c\n', 'POST http://x/\nA: 1\nb c\n'],
    ['comments between headers and body stay', 'POST http://x/\nA: 1\n\n\n# c\n\n{"a":1}\n', 'POST http://x/\nA: 1\n\n\n# c\n\n{\n  "a": 1\n}\n'],
    ['white space at the end of lines', '@a = 1  \n# b \t\n### c \nGET http://x/ \n', '@a = 1\n# b\n\n### c\nGET http://x/\n'],
    ['white space in bodies stays', 'POST http://x/\n\na  \n  b \n', 'POST http://x/\n\na  \n  b \n'],
    ['query lines', 'GET http://x/\n?a=1\n      &b=2\n   /c HTTP/1.1\nA: 1\n', 'GET http://x/\n  ?a=1\n  &b=2\n  /c HTTP/1.1\nA: 1\n'],
    ['query lines after headers stay', 'GET http://x/\nA: 1\n?a=1\n', 'GET http://x/\nA: 1\n?a=1\n'],
    ['JSON', 'POST http://x/\n\n{"a":[1,2],"b":{{c}}}\n', 'POST http://x/\n\n{\n  "a": [1, 2],\n  "b": {{c}}\n}\n'],
    ['JSON by its media type', 'POST http://x/\nContent-Type: application/problem+json; charset=utf-8\n\n{"a":1}', 'POST http://x/\nContent-Type: application/problem+json; charset=utf-8\n\n{\n  "a": 1\n}'],
    ['JSON with comments', 'POST http://x/\n\n{ "a":1,\n# b\n"c":2 }\n', 'POST http://x/\n\n{\n  "a": 1,\n  # b\n  "c": 2\n}\n'],
    ['JSON before a script', 'POST http://x/\n\n{"a":1}\n\n> {%\n  x ( ) ;  \n%}\n', 'POST http://x/\n\n{\n  "a": 1\n}\n\n> {%\n  x ( ) ;  \n%}\n'],
    ['broken JSON stays', 'POST http://x/\n\n{"a":1,}\n', 'POST http://x/\n\n{"a":1,}\n'],
    ['XML stays', 'POST http://x/\n\n<a><b/></a>\n', 'POST http://x/\n\n<a><b/></a>\n'],
    ['GraphQL stays', 'GRAPHQL http://x/\n\n{ a { b } }\n', 'GRAPHQL http://x/\n\n{ a { b } }\n'],
    ['lines of JSON stay', 'POST http://x/\nContent-Type: application/x-ndjson\n\n{"a":1}\n', 'POST http://x/\nContent-Type: application/x-ndjson\n\n{"a":1}\n'],
    ['text that looks like JSON stays', 'POST http://x/\nContent-Type: text/plain\n\n{"a":1}\n', 'POST http://x/\nContent-Type: text/plain\n\n{"a":1}\n'],
    ['parts stay', 'POST http://x/\nContent-Type: multipart/form-data; boundary=B\n\n--B\nContent-Disposition:form-data; name="a"\n\n{"a":1}  \n--B--\n',
      'POST http://x/\nContent-Type: multipart/form-data; boundary=B\n\n--B\nContent-Disposition:form-data; name="a"\n\n{"a":1}  \n--B--\n'],
    ['a file in a body stays', 'POST http://x/\n\n< ./a.json\n', 'POST http://x/\n\n< ./a.json\n'],
    ['a pasted response stays', 'GET http://x/\n\nHTTP/1.1 200 OK\nA:1  \n\n{"a":1}\n', 'GET http://x/\n\nHTTP/1.1 200 OK\nA:1  \n\n{"a":1}\n'],
    ['headings in Markdown stay', 'POST http://x/\nContent-Type: text/markdown\n\na\n#### b\nc\n', 'POST http://x/\nContent-Type: text/markdown\n\na\n#### b\nc\n'],
    ['one space after the method', 'GET   http://x/\n', 'GET http://x/\n'],
    ['curl commands stay', "curl  http://x/ \\\n  -H 'A:1'  \\\n  -d '{\"a\":1}'\n\n\n### b\nGET http://x/\n", "curl  http://x/ \\\n  -H 'A:1'  \\\n  -d '{\"a\":1}'\n\n### b\nGET http://x/\n"],
    ['an empty file', '', ''],
    ['a file of blank lines', '\n\n\n', '\n\n\n'],
    ['an unnamed header line with a variable at its value', 'GET http://x/\nA:{{b}}', 'GET http://x/\nA: {{b}}'],
  ];
  for (const [title, text, expected] of table) {
    it(title, () => {
      assert.equal(formatted(text), expected);
      assert.equal(formatted(expected), expected, 'a second time');
    });
  }

  it('only what is selected', () => {
    const { text, range } = selected('GET http://x/\n‸A:1‸\nB:2\n');
    const document = createDocument(text);
    assert.equal(edited(text, formatRangeEdits(document.file, document, range, options)), 'GET http://x/\nA: 1\nB:2\n');
  });
});
