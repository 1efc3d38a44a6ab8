import assert from 'node:assert/strict';
import { largestFile, parse } from '../../src/httpFile/parse.ts';
import { problemSeverities } from '../../src/httpFile/problem.ts';
import type { HttpFile, HttpRequest, Position, Range } from '../../src/httpFile/syntax.ts';
import { requestFile } from '../bench/parse.ts';

/** The requests of an input as `METHOD url | Header: value | body`, then the codes of its problems. */
function check(input: string, requests: string[], problems: string[] = []): void {
  const file = parse(input);
  assert.deepEqual(file.requests.map(summary), requests);
  assert.deepEqual(file.problems.map(({ code, range }) => `${code} ${place(range)}`), problems);
}

function summary({ method, url, httpVersion, headers, body = [] }: HttpRequest): string {
  const version = httpVersion === undefined ? '' : ` ${httpVersion}`;
  const segments = body.map((one) => one.kind === 'text' ? one.text : `<${one.substitute ? '@' : ''}${one.encoding ?? ''} ${one.path}`);
  const parts = [`${method} ${url}${version}`, ...headers.map(({ name, value }) => `${name}: ${value}`), ...segments];
  return parts.join(' | ');
}

function place({ start, end }: Range): string {
  const last = start.line === end.line ? '' : `${end.line}:`;
  return `${start.line}:${start.character}-${last}${end.character}`;
}

/** The text of a range; lines that end in CRLF or CR count like those in LF. */
function textAt(input: string, { start, end }: Range): string {
  const lines = input.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const inside = lines.slice(start.line, end.line + 1);
  inside[inside.length - 1] = inside.at(-1)!.slice(0, end.character);
  inside[0] = inside[0]!.slice(start.character);
  return inside.join('\n');
}

describe('parse', () => {
  const table: [string, string, string[], string[]?][] = [
    ['an empty file', '', []],
    ['a URL alone is a GET', 'https://a.test/x', ['GET https://a.test/x']],
    ['a host alone is a GET over http', 'a.test/x', ['GET a.test/x'], ['scheme-missing 0:0-8']],
    ['a path alone', '/x\nHost: a.test', ['GET /x | Host: a.test']],
    ['IPv6 and ports', 'GET [::1]:8080/x', ['GET [::1]:8080/x'], ['scheme-missing 0:4-16']],
    ['a variable as origin', 'GET {{host}}/x', ['GET {{host}}/x']],
    ['a method without URL', 'GET', ['GET '], ['url-missing 0:0-3']],
    ['versions in any case', 'GET http://a.test/ http/2', ['GET http://a.test/ http/2']],
    ['prior knowledge', 'GET http://a.test/ HTTP/2 (Prior Knowledge)', ['GET http://a.test/ HTTP/2 (Prior Knowledge)']],
    ['an unknown version', 'GET http://a.test/ HTTP/1.9', ['GET http://a.test/ HTTP/1.9'], ['http-version-unknown 0:19-27']],
    ['HTTP/3', 'GET http://a.test/ HTTP/3', ['GET http://a.test/ HTTP/3'], ['http-3-unsupported 0:19-25']],
    ['prose', '### Introduction\nSome text\n', [], ['not-a-request 1:0-9']],
    ['prose with a dot', 'See also the guide.\n', ['GET See also the guide.'], ['loose-request-line 0:0-19', 'url-space 0:0-19', 'scheme-missing 0:0-19']],
    ['a word that is a method in a sentence', 'get well soon\n', [], ['not-a-request 0:0-13']],
    ['CR alone ends a line', 'GET http://a.test/\rA: 1\r\rbody', ['GET http://a.test/ | A: 1 | body']],
    ['mixed line ends', 'GET http://a.test/\r\nA: 1\n\r\nx\ry\n', ['GET http://a.test/ | A: 1 | x\ny']],
    ['a header without a value', 'GET http://a.test/\nA:\nB: 1', ['GET http://a.test/ | A:  | B: 1']],
    ['colons in a value', 'GET http://a.test/\nA: b: c:d', ['GET http://a.test/ | A: b: c:d']],
    ['an indented header section is no fold', 'GET http://a.test/x\n  A: 1\n  B: 2', ['GET http://a.test/x | A: 1 | B: 2']],
    ['a fold after an empty value', 'GET http://a.test/x\nA:\n  1\n  2', ['GET http://a.test/x | A: 1 2']],
    ['a body without a blank line (C5)', 'POST http://a.test/\nA: 1\n{"x": 1}', ['POST http://a.test/ | A: 1 | {"x": 1}'], ['blank-line-missing 2:0-8']],
    ['a header name with a space', 'GET http://a.test/\nContent Type: a/b\nA: 1', ['GET http://a.test/ | Content Type: a/b\nA: 1'], ['header-name-space 1:0-17']],
    ['a form without a blank line', 'POST http://a.test/\na=1&b=2', ['POST http://a.test/ | a=1&b=2'], ['blank-line-missing 1:0-7']],
    ['inner blank lines stay', 'POST http://a.test/\n\n\na\n\n\nb\n\n', ['POST http://a.test/ | a\n\n\nb']],
    ['indentation of a body stays', 'POST http://a.test/\n\n  a\n b  ', ['POST http://a.test/ |   a\n b  ']],
    ['a file', 'POST http://a.test/\n\n< ./a b.json\n', ['POST http://a.test/ | < ./a b.json']],
    ['a file with variables', 'POST http://a.test/\n\n<@euc-kr {{dir}}/a.txt\n', ['POST http://a.test/ | <@euc-kr {{dir}}/a.txt']],
    ['files and texts in turn', 'POST http://a.test/\n\na\n< ./1.txt\n< ./2.txt\nb', ['POST http://a.test/ | a\n | < ./1.txt | \n | < ./2.txt | \nb']],
    ['XML is no file', 'POST http://a.test/\n\n<a>\n</a>', ['POST http://a.test/ | <a>\n</a>']],
    ['less than, no path', 'POST http://a.test/\n\n< three', ['POST http://a.test/ | < three']],
    ['comments of JSON go', 'POST http://a.test/\n\n# a\n{\n // b\n"x": 1 }\n# c', ['POST http://a.test/ | {\n"x": 1 }']],
    ['comments of an untyped text go, and it is said', 'POST http://a.test/\n\na\n# b\nc', ['POST http://a.test/ | a\nc'], ['comment-stripped 3:0-3']],
    ['comments of a text stay', 'POST http://a.test/\nContent-Type: text/plain\n\n# a\nb', ['POST http://a.test/ | Content-Type: text/plain | # a\nb']],
    ['a banner after a text goes', 'POST http://a.test/\nContent-Type: text/plain\n\na\n\n# --- b ---\n\n', ['POST http://a.test/ | Content-Type: text/plain | a']],
    ['raw bodies keep all', '# @raw-body\nPOST http://a.test/\n\n# a\n{}', ['POST http://a.test/ | # a\n{}']],
    ['a separator ends a body', 'POST http://a.test/\n\na\n###\nGET http://b.test/', ['POST http://a.test/ | a', 'GET http://b.test/']],
    ['an indented separator before a request', 'GET http://a.test/\n\n  ### b\n\nGET http://b.test/', ['GET http://a.test/', 'GET http://b.test/']],
    ['an indented separator before text', 'POST http://a.test/\nContent-Type: text/plain\n\na\n  ### b\nc', ['POST http://a.test/ | Content-Type: text/plain | a\n  ### b\nc']],
    ['a request after JSON (C3)', 'POST http://a.test/\n\n{"a": "}"}\n\nGET http://b.test/', ['POST http://a.test/ | {"a": "}"}', 'GET http://b.test/'], ['separator-missing 4:0-18']],
    ['a request after open JSON is text', 'POST http://a.test/\n\n{"a":\nGET http://b.test/', ['POST http://a.test/ | {"a":\nGET http://b.test/']],
    ['a request in multipart is text', 'POST http://a.test/\nContent-Type: multipart/mixed; boundary=b\n\nGET http://b.test/ HTTP/1.1', ['POST http://a.test/ | Content-Type: multipart/mixed; boundary=b | GET http://b.test/ HTTP/1.1']],
    ['scripts in and after a body', 'POST http://a.test/\n\n{}\n\n> {%\n a\n%}\n?? status == 200\n>> ./a.json', ['POST http://a.test/ | {}'], ['script-not-run 4:0-6:2', 'assert-not-run 7:0-16', 'redirect-not-run 8:0-11']],
    ['a quote in a body is text', 'POST http://a.test/\nContent-Type: text/plain\n\n> quote\n?? x\ntext', ['POST http://a.test/ | Content-Type: text/plain | > quote\n?? x\ntext']],
    ['a script that is open', 'GET http://a.test/\n\n> {% a\n###\nGET http://b.test/', ['GET http://a.test/', 'GET http://b.test/'], ['script-not-closed 2:0-6', 'script-not-run 2:0-6']],
    ['a script of a text that is open', 'POST http://a.test/\nContent-Type: text/plain\n\na\n> {% b\n> {% c\nd', ['POST http://a.test/ | Content-Type: text/plain | a\n> {% b\n> {% c\nd']],
    ['a script of a text that is closed', 'POST http://a.test/\nContent-Type: text/plain\n\na\n> {% b\n%}\nd', ['POST http://a.test/ | Content-Type: text/plain | a\nd'], ['script-not-run 4:0-5:2']],
    ['a variable with a space in its name', '@my var = 1\n@b = 2\nGET http://a.test/', ['GET http://a.test/'], ['variable-name-space 0:0-11']],
    ['a variable without =', '@host http://x.test/?a=b\n@b = 2\nGET http://a.test/', ['GET http://a.test/'], ['variable-equals-missing 0:0-24']],
    ['a variable without a name', '@ = 1\nGET http://a.test/', ['GET http://a.test/'], ['variable-equals-missing 0:0-5']],
    ['a block of code that is open', '{{\n  a();\n\n  b();\n\nGET http://a.test/\nA: 1', ['GET http://a.test/ | A: 1'], ['js-block-not-closed 0:0-2', 'js-block-not-run 0:0-3:6']],
    ['a block of code that is open to the end', '{{\nGET http://a.test/\n###\nGET http://b.test/', ['GET http://b.test/'], ['js-block-not-closed 0:0-2', 'js-block-not-run 0:0-1:18']],
    ['a variable of a URL that is open', 'GET http://a.test/?x={{foo\n###\nGET http://b.test/{{c}', ['GET http://a.test/?x={{foo', 'GET http://b.test/{{c}'], ['variable-unclosed 0:4-26', 'variable-unclosed 2:4-22']],
    ['metadata without a request (C16)', '### A\n# @name x\n### B\nGET http://a.test/', ['GET http://a.test/'], ['metadata-without-request 1:0-9']],
    ['metadata that does nothing yet', '# @loop 3\nGET http://a.test/', ['GET http://a.test/'], ['loop-not-run 0:0-9']],
    ['a name without a value', '# @name\nGET http://a.test/', ['GET http://a.test/'], ['metadata-no-value 0:0-7']],
    ['a time that is none', '# @timeout soon\nGET http://a.test/', ['GET http://a.test/'], ['timeout-invalid 0:0-15']],
    ['two requests of one name', '# @name a\nGET http://a.test/\n###\n# @name a\nGET http://b.test/', ['GET http://a.test/', 'GET http://b.test/'], ['name-duplicate 4:0-18']],
    ['a block comment that is open', '/* a\nGET http://a.test/', [], ['comment-not-closed 0:0-4']],
    ['a block comment among headers', 'GET http://a.test/\nA: 1\n/* B: 2\nC: 3 */\nD: 4', ['GET http://a.test/ | A: 1 | D: 4']],
  ];
  for (const [title, input, requests, problems] of table) it(title, () => check(input, requests, problems));

  const names: [string, string | undefined][] = [
    ['# @name x', 'x'], ['#@name x', 'x'], ['//@name x', 'x'], ['##  @name x', 'x'], ['# @name=x', 'x'],
    ['// @name = x', 'x'], ['# @NAME a-b.c', 'a-b.c'], ['  # @name x', 'x'], ['# @name x y ', 'x y'],
    ['# @named x', undefined], ['# name x', undefined], ['#@token = x', undefined], ['# @name:x', undefined],
  ];
  for (const [line, name] of names) {
    it(`reads ${JSON.stringify(line)} as ${name === undefined ? 'a comment' : `the name ${name}`} (C15)`, () => {
      assert.equal(parse(`${line}\nGET http://a.test/`).requests[0]!.name, name);
    });
  }

  const variables: [string, [string, string][]][] = [
    ['@a=1', [['a', '1']]], ['  @a  =  1 2  ', [['a', '1 2']]], ['@a =', [['a', '']]], ['@a', []],
    ['@a-b.c = {{d}}', [['a-b.c', '{{d}}']]], ['@a := 1', [['a', '1']]], ['@a:=1', [['a', '1']]],
    ['@body: = x', [['body:', 'x']]], ['@ = 1', []], ['@a b = 1', []], ['@a = b = c', [['a', 'b = c']]],
  ];
  for (const [line, expected] of variables) {
    it(`reads the variable ${JSON.stringify(line)}`, () => {
      const { variables: found } = parse(`${line}\n`);
      assert.deepEqual(found.map(({ name, value }) => [name, value]), expected);
    });
  }

  it('finds a cycle once, and does not take an earlier definition for one', () => {
    const codes = (text: string) => parse(text).problems.map(({ code, places }) =>
      `${code} ${places.path ?? ''}`.trim());
    // It means what it shadows: an environment may define it.
    assert.deepEqual(codes('@a = {{a}}'), []);
    assert.deepEqual(codes('@a = {{a}}{{b}}\n@b = {{a}}'), ['variable-cycle a → b → a']);
    assert.deepEqual(codes('@x = {{a}}\n@a = {{b}}\n@b = {{c}}\n@c = {{a}}'), ['variable-cycle a → b → c → a']);
    assert.deepEqual(codes('@a = 1\n@a = {{a}}2'), ['variable-redefined']);
    assert.deepEqual(codes('@a = {{b}}{{c}}\n@b = {{d}}\n@c = {{d}}\n@d = 1'), []);
  });

  it('says of each part where it stands', () => {
    const input = '\ufeff### 제목 👋\r\n@a = 값\r\n# @name x\r\n\tPOST  http://a.test/👋\r\n   ?b=1 HTTP/2\r\n안: 1\rA :  b\r\n   c\r\n\r\n{}\n';
    const file = parse(input.replace('안: 1\r', ''));
    const text = input.replace('안: 1\r', '');
    const request = file.requests[0]!;
    const [header] = request.headers;
    assert.equal(textAt(text, request.methodRange!), 'POST');
    assert.equal(textAt(text, request.requestLine), 'POST  http://a.test/👋');
    assert.deepEqual(request.urlPieces!.map((range) => textAt(text, range)), ['http://a.test/👋', '?b=1']);
    assert.equal(textAt(text, header!.nameRange), 'A');
    assert.equal(textAt(text, header!.valueRange), 'b\n   c');
    assert.equal(textAt(text, request.body![0]!.range), '{}');
    assert.equal(textAt(text, file.variables[0]!.nameRange), 'a');
    assert.equal(textAt(text, file.variables[0]!.valueRange), '값');
    assert.equal(textAt(text, request.metadata[0]!.range), '# @name x');
    assert.equal(place(request.range), '0:0-8:2');
    assert.equal(request.line, 4);
  });

  it('gives ranges that JSON can carry', () => {
    const { requests } = JSON.parse(JSON.stringify(parse('GET http://a.test/\nA: 1'))) as HttpFile;
    assert.deepEqual(requests[0]!.headers[0]!.valueRange, {
      start: { line: 1, character: 3 }, end: { line: 1, character: 4 },
    });
  });

  it('reads 5 MiB of UTF-8 and refuses more', () => {
    const filled = (bytes: number, unit: string) =>
      `GET http://a.test/\n\n${unit.repeat((bytes - 20) / Buffer.byteLength(unit))}`;
    for (const unit of ['x', '가', '👋', 'é']) {
      const largest = 20 + Math.floor((largestFile - 20) / Buffer.byteLength(unit)) * Buffer.byteLength(unit);
      assert.equal(parse(filled(largest, unit)).requests.length, 1, unit);
      const larger = parse(`${filled(largest, unit)}${unit}x`);
      assert.deepEqual(larger.requests, []);
      assert.deepEqual(larger.problems.map(({ code }) => code), ['file-too-large']);
    }
  });

  it('takes no more than in proportion for hostile lines', () => {
    const hostile = [
      '#', '{{', '}}', ' ', '> {%\n', '{{\n', '}}\n', '%}\n', '@a = {{a}}\n', 'GET http://a/\n', '\t?', '...', 'HTTP/1',
      '"', '&\n', '/*\n', '< {%\n', '# c\n\n',
    ];
    for (const unit of hostile) {
      const text = `POST http://a.test/${unit.repeat(Math.floor(200_000 / unit.length))}`;
      const start = performance.now();
      parse(text);
      parse(`POST http://a.test/\n\n${text}`);
      assert.ok(performance.now() - start < 5000, JSON.stringify(unit));
    }
  });

  it('never throws, and stays within the file, whatever is typed', () => {
    const random = randomFrom(20251121);
    const seed = `${requestFile(4)}\n< {% a %}\n{{\nx\n}}\nimport ./a.http\n> {% b %}\n?? status == 200\nHTTP/1.1 200 OK\n\n@a = {{b}}\n`;
    for (let round = 0; round < 2000; round++) {
      const text = mutated(seed, random);
      checkInside(text, parse(text));
    }
  });

  it('has a severity for each problem that it reports', () => {
    for (const { severity, code } of parse('GET\nA\n{"a"}\n').problems) {
      assert.equal(severity, problemSeverities[code]);
    }
  });
});

/** Pieces with a meaning, thrown into a text, cut and doubled. */
function mutated(seed: string, random: () => number): string {
  let text = seed;
  const pick = (limit: number) => Math.floor(random() * limit);
  for (let change = 0; change < 6; change++) {
    const at = pick(text.length + 1);
    const to = Math.min(text.length, at + pick(40));
    const piece = pieces[pick(pieces.length)]!;
    const kind = pick(3);
    text = text.slice(0, at) + (kind === 0 ? piece : kind === 1 ? '' : text.slice(at, to) + piece) + text.slice(kind === 0 ? at : to);
  }
  return text;
}

const pieces = [
  '\n', '\r', '\r\n', '\n\n', ' ', '\t', '###', '\n###\n', '\n  ### x\n', '#', '//', '/*', '*/', '@', '@a=',
  '\n@a = 1\n', '{{', '}}',
  '\n{{\n', '\n}}\n', '> {%', '%}', '< {%', '\n< ./a\n', '\n<@x ./a\n', '?', '&', '\n?a\n', ':', '\nA: b\n',
  '\n  fold\n', 'HTTP/1.1', ' HTTP/9',
  '\nHTTP/1.1 200 OK\n', 'GET ', '\nGET http://b.test/\n', 'curl ', '\ud83d', '\udc4b', '\0', '\ufeff', '\u2028',
  '\u00a0', '\n# @name x\n', '...',
  '\nContent-Type: text/markdown\n', '\nContent-Type: multipart/mixed\n', '{', '}', '"', '\\', '\n>> ./a\n',
  '\n<> ./a\n', '\n?? a\n',
];

function checkInside(text: string, file: HttpFile): void {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const inside = (range: Range) => {
    const { start, end } = range;
    const ordered = start.line < end.line || (start.line === end.line && start.character <= end.character);
    const exists = (lines[end.line]?.length ?? -1) >= end.character
      && (lines[start.line]?.length ?? -1) >= start.character;
    assert.ok(ordered && exists && start.character >= 0, `${place(range)} in ${JSON.stringify(text)}`);
  };
  let previous: Position = { line: -1, character: 0 };
  for (const request of file.requests) {
    const { headers, body = [], metadata, elements, problems, range, urlPieces } = request;
    const isCommand = /^curl/i.test(textAt(text, request.requestLine));
    const { line, character } = range.start;
    // Only the URLs of one command may share a line.
    const isBehind = line > previous.line || (isCommand && line === previous.line && character >= previous.character);
    assert.ok(isBehind, `requests overlap in ${JSON.stringify(text)}`);
    previous = range.end;
    if (isCommand) {
      const places = [
        range, request.urlRange, ...[...headers, ...body, ...metadata, ...problems].map((part) => part.range),
      ];
      for (const one of places) inside(one);
      continue;
    }
    assert.equal((urlPieces ?? [request.urlRange]).map((piece) => textAt(text, piece)).join(''), request.url);
    for (const header of headers) {
      assert.equal(textAt(text, header.nameRange), header.name);
      if (header.valueRange.start.line === header.valueRange.end.line) assert.equal(
        textAt(text, header.valueRange), header.value,
      );
    }
    for (const one of body) if (one.kind === 'text' && !one.removed) assert.equal(textAt(text, one.range), one.text);
    const parts = [...headers, ...body, ...elements].map((part) => part.range);
    for (const part of [request.requestLine, ...parts, ...metadata.map((one) => one.range)]) {
      inside(part);
      assert.ok(
        part.start.line >= range.start.line && part.end.line <= range.end.line, `outside in ${JSON.stringify(text)}`,
      );
    }
    for (const one of problems) assert.ok(file.problems.includes(one));
  }
  for (const { range, nameRange, valueRange, name, value } of file.variables) {
    inside(range);
    assert.equal(textAt(text, nameRange), name);
    assert.equal(textAt(text, valueRange), value);
  }
  for (const { range } of file.problems) inside(range);
  assert.ok(file.requests.length <= lines.length && file.problems.length <= 5 * lines.length);
}

/** A small generator with a seed, so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
