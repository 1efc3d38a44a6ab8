import assert from 'node:assert/strict';
import { contextAt } from '../../../src/httpFile/editing/context.ts';
import type { Context } from '../../../src/httpFile/editing/context.ts';
import { linesOf, marked } from './cursor.ts';
import { parse } from '../../../src/httpFile/parse.ts';

/** `kind [whole token] typed so far, more`, as short as it can be read. */
function shortly(context: Context): string {
  const { request, ...place } = context;
  if (context.kind === 'curl') return 'curl';
  const facts = Object.entries(place).flatMap(([key, value]) =>
    key === 'kind' || key === 'token' || value === false ? [] : [value === true ? key : `${key}=${String(value)}`]);
  const token = 'token' in context ? ` [${context.token.text}] ${context.token.typed.replace(/ $/, '_')}` : '';
  return [`${context.kind}${token}`.trimEnd(), ...facts, ...(request ? [`in ${request.method}`] : [])].join(', ');
}

const cases: [string, string][] = [
  // Where a block is empty.
  ['|', 'request-start [], free'],
  ['###\n|', 'request-start [], free'],
  ['GET http://a.test\n\n###\n\n|\n\n### B\nPUT http://b.test', 'request-start [], free'],
  ['###\n\n|\n# @name a\nGET http://a.test', 'request-start [], in GET'],
  ['### Fir|st\nGET http://a.test', 'separator [First] Fir'],
  // Metadata and comments.
  ['# just| words\nGET http://a.test', 'comment, in GET'],
  ['# @|\nGET http://a.test', 'metadata-key [], in GET'],
  ['# @na|me x\nGET http://a.test', 'metadata-key [name] na, hasValue, in GET'],
  ['#@no-|', 'metadata-key [no-] no-'],
  ['// @timeout 5 |s\nGET http://a.test', 'metadata-value [5 s] 5_, key=timeout, in GET'],
  ['# @name = lo|gin\nGET http://a.test', 'metadata-value [login] lo, key=name, in GET'],
  ['# @timeout |\nGET http://a.test', 'metadata-value [], key=timeout, in GET'],
  ['# @import ./b|.http\nGET http://a.test', 'path [./b.http] ./b, use=import, in GET'],
  ['GET http://a.test\n# @no-re|\nAccept: x', 'metadata-key [no-re] no-re, in GET'],
  ['/* |x\n*/\nGET http://a.test', 'comment, in GET'],
  // Variables of the file.
  ['@ho|', 'variable-name [ho] ho'],
  ['@ho|st = x', 'variable-name [host] ho'],
  ['@host = http://|a\n', 'variable-value [http://a] http://, name=host'],
  ['@host = |', 'variable-value [], name=host'],
  ['@a = {{b|}}', 'reference [b] b, closing=}}, region=preamble'],
  ['GET http://a.test\n\n{}\n\n@late = 1|2', 'variable-value [12] 1, name=late, in GET'],
  ['POST http://a.test\n\n@alice hel|lo', 'body, mediaType=, in POST'],
  // The request line.
  ['GE|', 'method [GE] GE, alone'],
  ['###\n  po|st', 'method [post] po, alone'],
  ['GET| http://a.test', 'method [GET] GET, in GET'],
  ['GET |', 'url [], first, in GET'],
  ['GET http://a.te|st/x HTTP/1.1', 'url [http://a.test/x] http://a.te, first, in GET'],
  ['http://a.te|st/x', 'url [http://a.test/x] http://a.te, first, in GET'],
  ['PURGE /x|', 'url [/x] /x, first, in PURGE'],
  ['GET http://a.test |', 'http-version [], in GET'],
  ['GET http://a.test HT|', 'http-version [HT] HT, in GET'],
  ['GET http://a.test HTTP/1|.1', 'http-version [HTTP/1.1] HTTP/1, in GET'],
  ['GET http://a.test/a ht|ml x', 'url [http://a.test/a html x] http://a.test/a ht, first, in GET'],
  ['GET http://a.test\n  ?a=1|\n  &b=2', 'url [?a=1] ?a=1, in GET'],
  ['GET http://a.test\n  ?a=1\n  # no|te\n  &b=2', 'comment, in GET'],
  ['{{verb}} http://|a.test', 'url [http://a.test] http://, first, in {{verb}}'],
  ['curl -X POST| http://a.test', 'curl'],
  // Headers.
  ['GET http://a.test\n|', 'header-name [], in GET'],
  ['GET http://a.test\nAcc|', 'header-name [Acc] Acc, in GET'],
  ['GET http://a.test\nAcc|ept: */*', 'header-name [Accept] Acc, hasColon, in GET'],
  ['GET http://a.test\nAccept:|', 'header-value [], name=Accept, in GET'],
  ['GET http://a.test\nAccept: |', 'header-value [], name=Accept, in GET'],
  ['GET http://a.test\nAccept: text/h|tml, */*', 'header-value [text/html, */*] text/h, name=Accept, in GET'],
  ['GET http://a.test\nA: b\n|\nC: d', 'header-name [], in GET'],
  ['GET http://a.test\nA: b,\n   c|c', 'header-value [cc] c, name=A, in GET'],
  ['POST http://a.test\nContent-Type: application/json\n|\n\n{}', 'header-name [], in POST'],
  ['POST http://a.test\nUser Ag|', 'header-name [User Ag] User Ag, in POST'],
  ['POST http://a.test\n{ "a"|: 1 }', 'body, mediaType=, in POST'],
  ['###\nAccept: x|', 'header-value [x] x, name=Accept'],
  // Bodies.
  ['POST http://a.test\n\n|', 'body, mediaType=, in POST'],
  ['POST http://a.test\n\n|\n###', 'body, mediaType=, in POST'],
  ['POST http://a.test\nContent-Type: application/json; charset=utf-8\n\n{\n |\n}', 'body, mediaType=application/json, in POST'],
  ['POST http://a.test\n\n{}\n\n\n|', 'body, mediaType=, in POST'],
  ['POST http://a.test\n\n< ./da|ta.json', 'path [./data.json] ./da, use=include, in POST'],
  ['POST http://a.test\n\n<@utf8 |', 'path [], use=include, in POST'],
  ['POST http://a.test\n\n<xm|l/>', 'body, mediaType=, in POST'],
  ['GET http://a.test\n\n>> out|.json', 'path [out.json] out, use=output, in GET'],
  ['GET http://a.test\n\n> check|.js', 'path [check.js] check, use=script, in GET'],
  ['GET http://a.test\n\n<> old|.json', 'path [old.json] old, use=response, in GET'],
  ['GET http://a.test\n\n?? status == 4|04', 'status-code [404] 4, in GET'],
  ['GET http://a.test\n\n?? sta|', 'assert [sta] sta, in GET'],
  ['GET http://a.test\n\n> {%\nclient.|\n%}', 'script, in GET'],
  // What is not a request of its own.
  ['import ./oth|er.http\n', 'path [./other.http] ./oth, use=import'],
  ['import |', 'path [], use=import'],
  ['run #lo|gin\n', 'path [#login] #lo, use=run'],
  ['###\n< ./pre|.js\nGET http://a.test', 'path [./pre.js] ./pre, use=script, in GET'],
  ['< {%\nlet a|\n%}\nGET http://a.test', 'script, in GET'],
  // Pasted responses.
  ['HTTP/1.1 40|4 Not Found\nServer: x', 'status-code [404] 40'],
  ['HTT|P/1.1 404 Not Found\nServer: x', 'http-version [HTTP/1.1] HTT'],
  ['HTTP/1.1 404 Not Found\nSer|ver: x', 'header-name [Server] Ser, hasColon, pasted'],
  ['HTTP/1.1 404 Not Found\nServer: x\n\nn|o', 'body, mediaType='],
  ['GET http://a.test\n\nHTTP/1.1 20|0 OK\nAge: 1', 'status-code [200] 20, in GET'],
  // Names.
  ['GET {{|', 'reference [], closing=, region=request-line, in GET'],
  ['GET {{|}}', 'reference [], closing=}}, region=request-line, in GET'],
  ['GET {{ho|st}}/x', 'reference [host] ho, closing=}}, region=request-line, in GET'],
  ['GET {{ ho|st }}/x', 'reference [host] ho, closing=}}, region=request-line, in GET'],
  ['GET {{%ho|st}}/x', 'reference [host] ho, closing=}}, region=request-line, in GET'],
  ['GET {{ho|st/x', 'reference [host] ho, closing=, region=request-line, in GET'],
  ['GET {{ho|}/x', 'reference [ho] ho, closing=}, region=request-line, in GET'],
  ['GET {{a}}/|{{b}}', 'url [{{a}}/{{b}}] {{a}}/, first, in GET'],
  ['GET {{a|/{{b}}', 'reference [a] a, closing=, region=request-line, in GET'],
  ['GET http://a.test\nX: {{$randomInt 1 |10}}', 'reference [$randomInt 1 10] $randomInt 1_, closing=}}, region=head, in GET'],
  ['GET http://a.test\n{{|', 'reference [], closing=, region=head, in GET'],
  ['POST http://a.test\n\n{"a": "{{login.response.|"}', 'reference [login.response.] login.response., closing=, region=body, in POST'],
  ['# {{x|}}\nGET http://a.test', 'comment, in GET'],
  ['GET http://a.test\n\n> {%\n{{x|}}\n%}', 'script, in GET'],
];

describe('what is at a position', () => {
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      const { file, lines, position } = marked(text);
      assert.equal(shortly(contextAt(file, lines, position)), expected);
    });
  }

  it('is told for each position of every prefix of a file', () => {
    const text =
      '@a = 1\n### One\n# @name one\nGET {{a}}/x HTTP/1.1\nAccept: */*\n\n{"b": "{{c}}"}\n\n?? status == 200\n';
    for (let end = 0; end <= text.length; end++) {
      const prefix = text.slice(0, end);
      const file = parse(prefix);
      const lines = linesOf(prefix);
      const line = lines.lineCount - 1;
      const context = contextAt(file, lines, { line, character: lines.lineAt(line).length });
      if (!('token' in context)) continue;
      const { range, text: token, typed } = context.token;
      assert.equal(lines.lineAt(line).slice(range.start.character, range.end.character), token);
      assert.ok(token.startsWith(typed));
    }
  });
});
