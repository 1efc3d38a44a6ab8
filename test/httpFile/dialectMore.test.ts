import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeForm, joinForm } from '../../src/httpFile/content/form.ts';
import { parse } from '../../src/httpFile/parse.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { SendOptions } from '../../src/trace/request.ts';

/** What a file comes to: problems of reading, then each request with what is sent, or why it is not. */
interface Expected {
  problems?: string[];
  elements?: string[];
  variables?: string[];
  sent?: ({
    url?: string; method?: string; httpVersion?: string; headers?: [string, string][]; body?: string; proxy?: string;
    options?: SendOptions; told?: string[];
  } | { refused: string[] })[];
}

const cases: [name: string, text: string, expected: Expected][] = [
  // C2, raw bodies
  ['C2: comments of scripts, tables and texts are text', 'POST https://a.io\nContent-Type: text/javascript\n\n// a\nb\n', { sent: [{ body: '// a\nb' }] }],
  ['C2: those of HTML are not', 'POST https://a.io\nContent-Type: text/html\n\n<a>\n# a\n</a>\n', { problems: ['comment-stripped'], sent: [{ body: '<a>\n</a>' }] }],
  ['C2: YAML, with parameters', 'POST https://a.io\nContent-Type: application/yaml; charset=utf-8\n\n# a\nb: 1\n', { sent: [{ body: '# a\nb: 1' }] }],
  ['C2: comments before the separator never are', 'POST https://a.io\nContent-Type: text/plain\n\na\n\n# b\n\n###\n', { sent: [{ body: 'a' }] }],
  ['C2: raw-body keeps all', '# @raw-body\nPOST https://a.io\n\n# a\nb\n\n# c\n', { sent: [{ body: '# a\nb\n\n# c' }] }],
  ['C2: raw-body leaves a form alone', '# @raw-body\nPOST https://a.io\nContent-Type: application/x-www-form-urlencoded\n\na = b c\nd=é\n', { sent: [{ body: 'a = b c\nd=é' }] }],
  ['C2: raw-body has no ends of its own', '# @raw-body\nPOST https://a.io\nContent-Type: application/x-ndjson\n\n{}\n', { sent: [{ body: '{}' }] }],
  // C3, C21
  ['C3: forced separators', '# @forceRegionDelimiter\nPOST https://a.io\n\n{}\nGET https://b.io\n', { sent: [{ body: '{}\nGET https://b.io' }] }],
  ['C21: variables right behind the request line', 'GET https://a.io/{{a}}\n@a = 1\n', { variables: ['a'], sent: [{ url: 'https://a.io/1' }] }],
  ['C4: hashes that separate nothing are told', 'POST https://a.io\n\na\n  ### b\nc\n', { problems: ['comment-stripped'], sent: [{ body: 'a\nc' }] }],
  ['C20: names in a file of JSON', 'POST https://a.io\n\n< ./names.json\n', { sent: [{ body: '{"a":"{{b}}"}', told: ['include-not-substituted'] }] }],
  ['a value cannot make a part in a curl command', '@v = x\\n--{{b}}\n@b = {{c}}\n@c = 1\ncurl https://a.io -H "Content-Type: multipart/mixed; boundary=1" --data-raw "--1\nA: {{v}}\n\nb\n--1--\n"\n', { sent: [{ refused: ['multipart-boundary-injected'] }] }],
  ['C19: a name is a file when there is one', '@v = 1\nPOST https://a.io\n\na {{v}}\n# c\n< bytes2\n{{v}}\n<@ bytes2\n', { problems: ['comment-stripped'], sent: [{ body: 'a 1\n{{v}}\n1\n1' }] }],
  ['C19: and text when there is none', 'POST https://a.io\n\n< bytes3\n  < bytes2\n<bytes2\n< 5 > 4\n', { sent: [{ body: '< bytes3\n  < bytes2\n<bytes2\n< 5 > 4' }] }],
  ['C19: a path that is missing', 'POST https://a.io\n\n< ./bytes3\n', { sent: [{ refused: ['body-file-missing'] }] }],
  // C25, C26
  ['C25: a document as JSON type', 'POST https://a.io\nContent-Type: application/json\n\n# q\nquery { a }\n', { sent: [{ headers: [['Content-Type', 'application/json']], body: '{"query":"query { a }"}' }] }],
  ['C25: not as text', 'POST https://a.io\nContent-Type: text/plain\n\nquery { a }\n', { sent: [{ body: 'query { a }' }] }],
  ['C25: not JSON that starts like one', 'POST https://a.io\nContent-Type: application/json\n\n"query"\n', { sent: [{ body: '"query"' }] }],
  ['C25: application/graphql becomes what servers take', 'POST https://a.io\nContent-Type: application/graphql\n\nmutation { a }\n', { sent: [{ headers: [['Content-Type', 'application/json']], body: '{"query":"mutation { a }"}' }] }],
  ['C25: a file by method', 'GRAPHQL https://a.io\n\n< ./q.graphql\n\n{ "a": 1 }\n', { sent: [{ method: 'POST', body: '{"query":"query Q { a }","variables":{"a":1}}' }] }],
  ['C41: a file by name', 'POST https://a.io\n\ngql Q < ./q.graphql\n', { sent: [{ headers: [['Content-Type', 'application/json']], body: '{"query":"query Q { a }","operationName":"Q"}' }] }],
  ['C41: a fragment of the file', 'fragment F on T {\n  b { c }\n}\n\n###\nfragment G on T { d }\n\nGRAPHQL https://a.io\n\n{ a { ...F ... on X { y } } }\n', { elements: ['fragment'], sent: [{ body: '{"query":"{ a { ...F ... on X { y } } }\\nfragment F on T {\\n  b { c }\\n}"}' }] }],
  // C27
  ['C27: escapes of a form', 'POST https://a.io\nContent-Type: application/x-www-form-urlencoded\n\na = 1%&2 &\nb=%+ + %% %20\n', { sent: [{ body: 'a=1%262&b=%2B%20+%20%25%20%20' }] }],
  // C29, C32
  ['C29: a length that is not true', '# @raw-headers\nPOST https://a.io\nContent-Length: 9\n\nx\n', { sent: [{ headers: [['Content-Length', '9']], told: ['content-length-forced'] }] }],
  ['pseudo-header fields, as browsers show them', 'GET https://a.io/x\n:authority: b.io\n:Method: GET\n:path: /x\n:scheme: https\nA: b\n', { sent: [{ url: 'https://a.io/x', headers: [['Host', 'b.io'], ['A', 'b']], told: ['header-pseudo', 'header-pseudo', 'header-pseudo'] }] }],
  ['a pseudo-header field of a response', 'GET https://a.io/x\n:status: 200\n', { sent: [{ refused: ['header-name-invalid'] }] }],
  ['C32: Host with a scheme', 'GET /x\nHost: https://a.io/\n', { sent: [{ url: 'https://a.io/x', headers: [['Host', 'a.io']] }] }],
  // C37
  ['C37: a path with escapes', '@p = C:\\new\nGET https://a.io\n', { problems: ['variable-path-escaped'] }],
  ['C37: a path without', '@p = C:\\dir\n@q = C:\\\\new\nGET https://a.io\n', {}],
  // httpYac's global variables
  ['a global variable by both names', '@global.v = 1\nGET https://a.io/{{v}}/{{global.v}}\nA: {{v}}\n', { sent: [{ url: 'https://a.io/1/1', headers: [['A', '1']] }] }],
  ['a variable of the file before a global one', '@v = 1\n@global.v = 2\nGET https://a.io/{{v}}/{{global.v}}\n', { sent: [{ url: 'https://a.io/1/2' }] }],
  ['a lazy global variable', '@global.v := {{w}}\n@w = {{global.x}}\n@global.x = 1\nGET https://a.io/{{v}}\n', { sent: [{ url: 'https://a.io/1' }] }],
  ['a global variable that makes header lines', '@global.v = A: 1\\nB: 2\nGET https://a.io\n{{v}}\n', { sent: [{ headers: [['A', '1'], ['B', '2']] }] }],
  // C7, JetBrains' URLs over several lines
  ['C7: a path and a query line by line', 'GET http://a.io:8080\n    /api\n    /html\n    /get\n    ?id=123\n    &value=content\n', { sent: [{ url: 'http://a.io:8080/api/html/get?id=123&value=content' }] }],
  ['C7: a query that breaks after &', 'GET http://a.io/api/get/html?firstname=John&\n    lastname=Doe&\n    planet=Tatooine HTTP/1.1\nA: b\n', { sent: [{ url: 'http://a.io/api/get/html?firstname=John&lastname=Doe&planet=Tatooine', headers: [['A', 'b']], httpVersion: '1.1' }] }],
  ['C7: a path that breaks after /', 'GET http://a.io/\n    api/\n    # c\n    get HTTP/2\nA: b\n', { sent: [{ url: 'http://a.io/api/get', headers: [['A', 'b']], httpVersion: '2' }] }],
  ['C7: variables in the lines', '@v = 1\nGET http://a.io/\n    {{v}}/b/\n    {{v}}\n    ?c=\n    {{v}}&\n    {{v}}={{v}}\nA: b\n', { sent: [{ url: 'http://a.io/1/b/1?c=1&1=1', headers: [['A', 'b']] }] }],
  ['C7: a header that is a variable', '@v = A: 1\nGET http://a.io/\n    {{v}}\n', { sent: [{ url: 'http://a.io/', headers: [['A', '1']] }] }],
  ['C7: indented headers', 'GET http://a.io/\n    A: b\n    C: d\n', { sent: [{ url: 'http://a.io/', headers: [['A', 'b'], ['C', 'd']] }] }],
  ['C7: words in doubt', 'GET http://a.io/api\n    get/html\n', { problems: ['blank-line-missing'], sent: [{ url: 'http://a.io/api', body: '    get/html' }] }],
  // braces that are no name
  ['escaped braces in a URL', 'GET https://a.io/\\{\\{a\\}\\}/%7B%7Bb%7D%7D?c=\\{\\{d\\}\\}&e={{f}}\n@f = 1\n', { sent: [{ url: 'https://a.io/%7B%7Ba%7D%7D/%7B%7Bb%7D%7D?c={{d}}&e=1' }] }],
  ['escaped braces in a header', 'GET https://a.io\nA: \\{\\{b\\}\\} {{c}}\n@c = d\n', { sent: [{ headers: [['A', '{{b}} d']] }] }],
  ['escaped braces in a body', 'POST https://a.io\n\n\\{\\{a\\}\\} \\{\\{{{b}}\\}\\}\n\n@b = c\n', { sent: [{ body: '{{a}} {{c}}' }] }],
  ['escaped braces in a value', '@a = \\{\\{b\\}\\}\nPOST https://a.io/{{a}}\nA: {{a}}\n\n{{a}}\n', { sent: [{ url: 'https://a.io/%7B%7Bb%7D%7D', headers: [['A', '{{b}}']], body: '{{b}}' }] }],
  ['escaped braces in a multipart body', 'POST https://a.io\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n\\{\\{a\\}\\}\n--B--\n', { sent: [{ body: '--B\r\n\r\n{{a}}\r\n--B--\r\n' }] }],
  ['half of escaped braces', 'POST https://a.io\n\n\\{\\{a}} \\}\\}\\{\\{\n\\}\\}\n', { sent: [{ body: '{{a}} }}\\{\\{\n\\}\\}' }] }],
  ['braces without an end', 'GET https://a.io/{{a\n', { problems: ['variable-unclosed'], sent: [{ refused: ['variable-unclosed'] }] }],
  // C54, multipart
  ['C54: CRLF', '# @body-eol crlf\nPOST https://a.io\n\na\nb\n', { sent: [{ body: 'a\r\nb' }] }],
  ['C54: LF in a multipart body', '# @bodyEol lf\nPOST https://a.io\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nx\n--B--\n', { sent: [{ body: '--B\n\nx\n--B--\n' }] }],
  ['C54: another word', '# @body-eol windows\nPOST https://a.io\n\na\nb\n', { sent: [{ body: 'a\nb', told: ['body-eol-unknown'] }] }],
  ['files in a multipart body, byte for byte', 'POST https://a.io\nContent-Type: multipart/form-data; boundary=B\n\n--B\nContent-Disposition: form-data; name="f"; filename="f"\n\n< ./bytes\n--B--\n', { sent: [{ body: '--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n\x00\n\r\n\r\xff\r\n--B--\r\n' }] }],
  ['a boundary that only the body names', '@b = x y\nPOST https://a.io\nContent-Type: multipart/form-data; charset=utf-8; boundary=\n\n--{{b}}\n\n1\n--{{b}}--\n', { sent: [{ headers: [['Content-Type', 'multipart/form-data; charset=utf-8; boundary="x y"']], body: '--x y\r\n\r\n1\r\n--x y--\r\n', told: ['multipart-boundary-added'] }] }],
  ['a boundary that the header names', 'POST https://a.io\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n1\n--B--\n', { sent: [{ headers: [['Content-Type', 'multipart/mixed; boundary=B']], told: [] }] }],
  ['a boundary that nothing names', 'POST https://a.io\nContent-Type: multipart/form-data\n\na\n', { sent: [{ headers: [['Content-Type', 'multipart/form-data']], told: ['multipart-boundary-missing'] }] }],
  ['a value that would end the part whose boundary the body names', '@v = 1\\n--B\nPOST https://a.io\nContent-Type: multipart/form-data\n\n--B\n\n{{v}}\n--B--\n', { sent: [{ refused: ['multipart-boundary-injected'] }] }],
  ['a length beside chunks', 'POST https://a.io\nContent-Length: 1\nTransfer-Encoding: chunked\n\na\n', { sent: [{ headers: [['Transfer-Encoding', 'chunked']], told: ['content-length-dropped'] }] }],
  // recognised, and not sent
  ['messages of WebSocket', 'WEBSOCKET wss://a.io\nA: b\n\none\n=== wait-for-server\ntwo\n===\n\nthree\n', { problems: [], sent: [{ url: 'wss://a.io/' }] }],
  ['messages of gRPC', 'GRPC localhost:50051/s/m\n\n{}\n===\n{}\n', { problems: ['protocol-not-sent', 'message-not-sent', 'message-not-sent'], sent: [{ refused: ['protocol-unsupported'] }] }],
  ['a URL of WebSocket', 'wss://a.io/x\n', { problems: [], sent: [{ url: 'wss://a.io/x' }] }],
  ['three equals signs of another body', 'POST https://a.io\n\na\n===\nb\n', { sent: [{ body: 'a\n===\nb' }] }],
  ['a loop', '# @loop for 3\nGET https://a.io\n', { problems: ['loop-not-run'], sent: [{}] }],
  ['a loop with a name of its own', '# @loop for x of y\nGET https://a.io/{{x}}\n', { problems: ['loop-not-run'], sent: [{ refused: ['variable-undefined'] }] }],
  ['an array of JetBrains', 'GET https://a.io/{{users[*].name}}\n', { sent: [{ refused: ['variable-undefined-expression'] }] }],
  ['a request that is none', 'GET NOP\n\n> {% x %}\n', { problems: ['nop-not-run', 'script-not-run'], sent: [{ refused: ['nop-not-run'] }] }],
  ['an expression of JavaScript', 'GET https://a.io/{{a + 1}}\n', { sent: [{ refused: ['variable-undefined-expression'] }] }],
  ['a block of JavaScript before it all', '{{+@request\nx\n}}\nGET https://a.io\n', { problems: ['js-block-not-run'], sent: [{}] }],
  ['a template', 'GET https://a.io/[[.X]]/__Y__\n', { sent: [{ url: 'https://a.io/[[.X]]/__Y__' }] }],
  // options
  ['a proxy', '# @proxy p.test:3128\nGET https://a.io\n', { sent: [{ proxy: 'http://p.test:3128' }] }],
  ['a proxy that cannot be', '# @proxy ftp://p.test\nGET https://a.io\n', { sent: [{ refused: ['proxy-unsupported'] }] }],
  ['few redirects', '# @max-redirects 2\nGET https://a.io\n', { sent: [{ options: { maxRedirects: 2 } }] }],
];

describe('more of the dialect', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'roundtrip-dialect-'));
    await writeFile(join(directory, 'names.json'), '{"a":"{{b}}"}');
    await writeFile(join(directory, 'bytes2'), '{{v}}');
    await writeFile(join(directory, 'q.graphql'), 'query Q { a }\n');
    await writeFile(join(directory, 'bytes'), Buffer.from('\x00\n\r\n\r\xff', 'latin1'));
  });

  after(() => rm(directory, { recursive: true }));

  for (const [name, text, expected] of cases) {
    it(name, async () => {
      const file = parse(text);
      assert.deepEqual(file.problems.map(({ code }) => code), expected.problems ?? []);
      if (expected.elements) assert.deepEqual(file.elements.map(({ kind }) => kind), expected.elements);
      if (expected.variables) assert.deepEqual(file.variables.map((variable) => variable.name), expected.variables);
      assert.equal(file.requests.length, expected.sent?.length ?? file.requests.length);
      for (const [index, one] of (expected.sent ?? []).entries()) {
        const result = await prepare(file.requests[index]!, {
          file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1',
        });
        const errors = result.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
        if ('refused' in one) {
          assert.deepEqual([result.ok, errors], [false, one.refused]);
          continue;
        }
        assert.ok(result.ok, errors.join());
        const parts = (result.spec.body ?? []).map((part) => part.kind === 'bytes' ? part.bytes : readFile(part.path));
        const bytes = Buffer.concat(await Promise.all(parts));
        const isBinary = one.body?.includes('\xff');
        const told = result.problems.map(({ code }) => code);
        const { proxy } = result.spec.options;
        const found: Record<string, unknown> = {
          ...result.spec, proxy, body: bytes.toString(isBinary ? 'latin1' : 'utf8'), told,
        };
        for (const [key, value] of Object.entries(one)) assert.deepEqual(found[key], value, key);
      }
    });
  }

  it('says where a name stands after a file', async () => {
    const file = parse('POST https://a.io\n\na\n# c\n< bytes2\nb {{nobody}}\n');
    const result = await prepare(file.requests[0]!, {
      file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1',
    });
    const places = result.problems.filter(({ severity }) => severity === 'error').map(({ range }) => range.start);
    assert.deepEqual(places.map(({ line, character }) => [line, character]), [[5, 2]]);
  });

  it('uses no proxy of a workspace that is not trusted', async () => {
    const file = parse('# @proxy http://p.test:1\nGET https://a.io\n');
    const result = await prepare(file.requests[0]!, {
      file, directory, uri: 'file:///case.http', options: {}, trusted: false, newId: () => '1',
    });
    assert.ok(result.ok);
    assert.equal(result.spec.options.proxy, undefined);
    assert.deepEqual(result.problems.map(({ code }) => code), ['proxy-ignored']);
  });

  it('gives the messages of a request their own places', () => {
    const [request] = parse('WS wss://a.io\n\none\ntwo\n\n=== wait-for-server\n\nthree\n').requests;
    assert.equal(request!.body, undefined);
    assert.deepEqual(request!.elements.map(({ text }) => text), ['one\ntwo', '=== wait-for-server\n\nthree']);
  });

  it('joins and encodes forms in linear time', () => {
    for (const piece of ['%', '&', '=', '%&', ' ', 'é', '\n', '&\n=']) {
      const text = piece.repeat(300_000);
      const start = process.cpuUsage();
      encodeForm(joinForm(text).text);
      const { user, system } = process.cpuUsage(start);
      assert.ok((user + system) / 1000 < 2000, JSON.stringify(piece));
    }
  });
});
