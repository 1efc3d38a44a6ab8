import assert from 'node:assert/strict';
import { toCurl } from '../../../src/formats/curl.ts';
import { splitWords, shellOf } from '../../../src/httpFile/curl/words.ts';
import { offsetIn } from '../../../src/httpFile/curl/word.ts';
import type { Command } from '../../../src/httpFile/curl/word.ts';
import { curlToHttp } from '../../../src/httpFile/curl/toHttp.ts';
import { createDocument } from '../../../src/httpFile/document.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import type { HttpRequest, Range } from '../../../src/httpFile/syntax.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';

function split(text: string): Command {
  return splitWords(text, 0, text.length, shellOf(text, 0, text.length));
}

function words(text: string): string[] {
  return split(text).words.map((word) => word.text);
}

describe('the words of a curl command', () => {
  const cases: [name: string, text: string, expected: string[]][] = [
    ['plain words', 'curl  -X\tPOST https://a.test', ['curl', '-X', 'POST', 'https://a.test']],
    ['single quotes', "curl 'a b\\n\"$X\"'", ['curl', 'a b\\n"$X"']],
    ['double quotes', 'curl "a\\"b\\\\c\\d\\$e"', ['curl', 'a"b\\c\\d$e']],
    ['quotes joined in a word', `curl a'b'"c"d`, ['curl', 'abcd']],
    ['an empty word', "curl '' \"\"", ['curl', '', '']],
    ['a quote in single quotes', "curl 'it'\\''s'", ['curl', "it's"]],
    ['escapes of C', "curl $'a\\nb\\'c\\u00e9\\xe2\\x82\\xac\\U0001f600\\101'", ['curl', "a\nb'cé€😀A"]],
    ['escaped spaces', 'curl a\\ b', ['curl', 'a b']],
    ['continuation lines', 'curl \\\n  -k \\\n https://a.test', ['curl', '-k', 'https://a.test']],
    ['white space after a continuation', 'curl \\  \n  -k', ['curl', '-k']],
    ['a continuation in a word', 'curl https://a.test/\\\nb', ['curl', 'https://a.test/b']],
    ['a continuation in double quotes', 'curl "a\\\nb"', ['curl', 'ab']],
    ['line ends in quotes', "curl 'a\n\nb'", ['curl', 'a\n\nb']],
    ['options without a continuation', "curl https://a.test\n  -H 'A: 1'\n-k", ['curl', 'https://a.test', '-H', 'A: 1', '-k']],
    ['comment lines in between', 'curl https://a.test \\\n  # -k \\\n  // no\n  -I', ['curl', 'https://a.test', '-I']],
    ['a comment at the end', 'curl https://a.test # more', ['curl', 'https://a.test']],
    ['& and ; in a URL', 'curl https://a.test/?a=1&b=2;c=3', ['curl', 'https://a.test/?a=1&b=2;c=3']],
    ['the end at a blank line', 'curl a \\\n\n-k', ['curl', 'a']],
    ['the end at another command', 'curl a \\\ncurl b', ['curl', 'a']],
    ['a brace pair as a variable of request files', 'curl {{host}}/{{$guid}}', ['curl', '{{host}}/{{$guid}}']],
    ['cmd: carets', 'curl a^&b ^\n  -k', ['curl', 'a&b', '-k']],
    ['cmd: quotes after carets', 'curl ^"https://a.test/?a=1^&b=2^" ^\n -H ^"A: ^\\^"b^\\^"^"', ['curl', 'https://a.test/?a=1&b=2', '-H', 'A: "b"']],
    ['cmd: plain quotes', 'curl "a^b" ^\n -d "{\\"a\\":\\"b\\"}"', ['curl', 'a^b', '-d', '{"a":"b"}']],
    ['cmd: doubled quotes', 'curl ^\n -d "a ""b"" c"', ['curl', '-d', 'a "b" c']],
    ['cmd: backslashes', 'curl ^\n -d "a\\b\\\\" -d \\\\x', ['curl', '-d', 'a\\b\\', '-d', '\\\\x']],
    ['cmd: a line end in a word', 'curl ^\n -d ^"a^\n\nb^"', ['curl', '-d', 'a\nb']],
    ['PowerShell: backticks', 'curl.exe a `\n -d "b`"c`n`$d"', ['curl.exe', 'a', '-d', 'b"c\n$d']],
    ['PowerShell: doubled quotes', `curl a \`\n -d 'it''s' -d "say ""x"""`, ['curl', 'a', '-d', "it's", '-d', 'say "x"']],
    ['PowerShell: quotes for the program', `curl a \`\n -d '{\\"a\\":1}' -d "{\\\`"b\\\`":2}"`, ['curl', 'a', '-d', '{"a":1}', '-d', '{"b":2}']],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(words(text), expected));

  it('keep the place of each character', () => {
    for (const text of [
      "curl 'a b' c\\d \"e\\\"f\" $'\\u00e9x'", 'curl ^"a^&b^" ^\n -d "x""y"', 'curl a `\n "b`"c" \'d\'\'e\'',
    ]) {
      for (const word of split(text).words) {
        for (let at = 0; at < word.text.length; at++) {
          const [start, end] = [offsetIn(word, at), offsetIn(word, at + 1)];
          assert.ok(start >= word.from && end <= word.to && start <= end, text);
          if (/[a-z]/.test(word.text[at]!)) assert.ok(
            text.slice(start, end).includes(word.text[at]!), `${word.text[at]} in ${text}`,
          );
        }
      }
    }
  });

  it('leave to the shell what is for it', () => {
    const shellOnly = (text: string) => split(text).shellOnly.map((word) => word.text);
    assert.deepEqual(shellOnly('curl a | jq .\nx'), ['| jq .']);
    assert.deepEqual(shellOnly('curl a > out.json'), ['> out.json']);
    assert.deepEqual(shellOnly('curl a 2>/dev/null'), ['2>/dev/null']);
    assert.deepEqual(shellOnly('curl a && curl b'), ['&& curl b']);
    const variables = (text: string) => split(text).variables.map((word) => word.text);
    assert.deepEqual(variables('curl -H "A: $TOKEN" ${B}/c -d "$(cat x)"'), ['$TOKEN', '${B}']);
    assert.deepEqual(
      split('curl -H "A: $TOKEN" ${B}/c -d "$(cat x)" `id`').unknown.map((word) => word.text), ['$(cat x)', '`id`'],
    );
    assert.deepEqual(variables("curl -H 'A: $TOKEN' {{$guid}} {{ $guid }}"), []);
  });

  it('tell of a quote that is never closed', () => {
    assert.equal(split("curl 'a").unclosed, 5);
    assert.equal(split('curl a "b').unclosed, 7);
    assert.equal(split("curl $'b").unclosed, 5);
    assert.equal(split('curl ^\n "b').unclosed, 8);
  });

  it('take linear time', () => {
    const time = (text: string) => {
      const start = process.cpuUsage();
      split(text);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    for (const piece of ['\\', '"', "'", '^', '`', '$(', '\\\n', '^\n', ' \\\n# x\n', '$', "$'\\", ' -a', '""']) {
      assert.ok(time(`curl ${piece.repeat(200_000)}`) < 2000, JSON.stringify(piece));
      assert.ok(time(`curl ^\n ${piece.repeat(200_000)}`) < 2000, `cmd ${JSON.stringify(piece)}`);
    }
  });
});

function only(text: string): HttpRequest {
  const { requests } = parse(text);
  assert.equal(requests.length, 1);
  return requests[0]!;
}

function textAt(text: string, { start, end }: Range): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.character);
  return lines.join('\n').slice(start.character);
}

describe('a curl command in a request file', () => {
  it('has exact ranges', () => {
    const text = "\n###  T\n# @name x\ncurl -H 'A: 1 2' \\\n  -X \"PUT\" 'https://a.test/{{p}}' -u me:pw \\\n  -d '{\n  \"a\": {{b}}\n}'\n";
    const request = only(text);
    const at = (range: Range) => textAt(text, range);
    assert.equal(request.name, 'x');
    assert.equal(request.title, 'T');
    assert.equal(request.line, 4);
    assert.equal(at(request.urlRange), 'https://a.test/{{p}}');
    assert.equal(at(request.methodRange!), '"PUT"');
    const [header] = request.headers;
    assert.deepEqual([at(header!.nameRange), at(header!.valueRange), at(header!.range)], ['A', '1 2', "-H 'A: 1 2'"]);
    assert.equal(at(request.headers.at(-1)!.range), '-u me:pw');
    const body = request.body![0]!;
    assert.equal(body.kind, 'text');
    assert.equal(at(body.range), "'{\n  \"a\": {{b}}\n}'");
    assert.ok(body.kind === 'text' && body.rangeOf);
    assert.equal(at(body.rangeOf(body.text.indexOf('{{'), 5)), '{{b}}');
    assert.deepEqual(
      request.metadata.map(({ key, range }) => [key, at(range)]), [['name', '# @name x'], ['no-redirect', 'curl']],
    );
  });

  it('moves with the text around it', () => {
    const document = createDocument('GET https://a.test/\n\n###\ncurl -H "A: 1" https://b.test/ -d x\n');
    document.edit([{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n\n' }]);
    const [, request] = document.file.requests;
    assert.equal(request!.line, 6);
    for (const range of [
      request!.headers[0]!.range, request!.urlRange, request!.body![0]!.range, request!.metadata[0]!.range,
      request!.methodRange!,
    ]) {
      assert.equal(range.start.line, 5);
    }
    assert.equal(request!.range.start.line, 4);
  });

  it('may stand beside others, each with its own comments', () => {
    const { requests, problems } = parse(
      '# @name a\ncurl https://a.test/1\n\n# @name b\ncurl -I https://a.test/2\n# @timeout 5\ncurl https://a.test/3\n',
    );
    assert.deepEqual(
      requests.map(({ name, line, method }) => [name, line, method]),
      [['a', 2, 'GET'], ['b', 5, 'HEAD'], [undefined, 7, 'GET']],
    );
    assert.deepEqual(requests[2]!.metadata.map(({ key }) => key), ['timeout', 'no-redirect']);
    assert.deepEqual(problems, []);
  });

  it('sends to each of its URLs, and starts over with --next', () => {
    const { requests } = parse('curl https://a.test/1 --url https://a.test/2 -d x --next https://a.test/3 -I\n');
    assert.deepEqual(
      requests.map(({ method, url }) => `${method} ${url}`),
      ['POST https://a.test/1', 'POST https://a.test/2', 'HEAD https://a.test/3'],
    );
  });

  it('has options that are about the sending', () => {
    const { metadata, httpVersion } = only(
      'curl https://a.test -L -k -m 2.5 --connect-timeout 3 -x proxy.test:3128 --max-redirs 4 --http2 --resolve a.test:443:127.0.0.1',
    );
    assert.deepEqual(metadata.map(({ key, value }) => [key, value]), [
      ['insecure', ''], ['timeout', '2.5'], ['connection-timeout', '3'], ['proxy', 'proxy.test:3128'], ['max-redirects', '4'],
      ['resolve', 'a.test:443:127.0.0.1'],
    ]);
    assert.equal(httpVersion, 'HTTP/2');
  });

  const problems: [string, string, string[]][] = [
    ['an unknown option is told', 'curl https://a.test --frobnicate -Q', ['curl-option-ignored']],
    ['harmless ones are not', 'curl -sSfv --retry 3 https://a.test', []],
    ['what would be written is', 'curl https://a.test -o out -w x', ['curl-output-ignored']],
    ['a quote without end is an error', "curl 'https://a.test", ['curl-quote-not-closed']],
    ['an option that leads elsewhere is an error', 'curl https://a.test --connect-to a.test:443:b.test:443', ['curl-option-unsupported']],
    ['so is input', 'curl https://a.test -d @-', ['curl-option-unsupported']],
    ['no URL', 'curl -I', ['url-missing']],
    ['several URLs in one', 'curl https://a.test/[1-3]', ['curl-option-ignored']],
    ['lines that belong to nothing', 'curl https://a.test\n\nsome text\n', ['curl-line-ignored']],
    ['a tail', 'curl https://a.test\n\n> {% x %}\n', ['script-not-run']],
    ['a request without separator', 'curl https://a.test\nGET https://b.test\n', ['separator-missing']],
    ['a pasted response', 'curl https://a.test\n\nHTTP/1.1 200 OK\n\nx\n', []],
    ['upper case', 'CURL https://a.test\n', []],
  ];
  for (const [name, text, expected] of problems) {
    it(`tells of problems: ${name}`, () => assert.deepEqual(parse(text).problems.map(({ code }) => code), expected));
  }

  it('is not sent when it would be another request', async () => {
    for (const text of [
      "curl 'https://a.test", 'curl https://a.test --connect-to a:1:b:2', 'curl https://a.test -d @-',
      'curl https://a.test --ntlm -u a:b',
    ]) {
      const file = parse(text);
      const result = await prepare(file.requests[0]!, {
        file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => '1',
      });
      assert.equal(result.ok, false, text);
    }
  });

  it('answers a Digest challenge as curl would', async () => {
    const file = parse('curl https://a.test --digest -u a:b:c');
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => '1',
    });
    assert(result.ok);
    assert.deepEqual(result.spec.options.authentication, { scheme: 'digest', user: 'a', password: 'b:c' });
    assert(!result.spec.headers.some(([name]) => name === 'Authorization'));
  });

  it('takes variables, encoded where curl encodes', async () => {
    const file = parse('@v = a b&c\ncurl -G https://a.test/ --data-urlencode "q={{v}}" -u {{v}}:p\n');
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => '1',
    });
    assert.ok(result.ok);
    assert.equal(result.spec.url, 'https://a.test/?q=a%20b%26c');
  });
});

// --- round trip ------------------------------------------------------------------------------------

/** Numbers from 0 up to 1, the same each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function someText(random: () => number, length: number): string {
  const pieces = [
    'a', 'B', '0', ' ', "'", '"', '\\', '$', '`', '^', '&', '=', '%', '+', '#', '//', '{', '}', 'é', '😀', '!', '|',
    ';', '-', '@', ':', '\n', '\t',
  ];
  return Array.from({ length: Math.floor(random() * length) }, () =>
    pieces[Math.floor(random() * pieces.length)]!).join('');
}

function someSpec(random: () => number): RequestSpec {
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const header = (name: string): [string, string] => [name, someText(random, 12).replace(/[^\x20-\x7e]/g, '').trim()];
  const body = someText(random, 40);
  return {
    id: '1', method: pick('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PURGE'),
    url: new URL(
      `https://a.test/${encodeURIComponent(someText(random, 8))}?q=${encodeURIComponent(someText(random, 8))}`,
    ).href,
    headers: [
      header('X-One'), ...random() < 0.5 ? [header('X-Two')] : [],
      ...random() < 0.5
        ? [
          ['Content-Type', pick('application/json', 'text/plain', 'application/x-www-form-urlencoded')] as [string, string],
        ] : [],
    ],
    ...(random() < 0.7 && body !== '' ? { body: [{ kind: 'bytes', bytes: new TextEncoder().encode(body) }] } : {}),
    options: {
      ...(random() < 0.5 ? { followRedirects: false } : {}), ...(random() < 0.3 ? { verify: false } : {}),
      ...(random() < 0.3 ? { timeouts: { total: 1500, connect: 2000 } } : {}),
    },
  };
}

describe('a request as a curl command and back', () => {
  it('is the same', async () => {
    const random = randomFrom(20);
    let compared = 0;
    for (let round = 0; round < 2000; round++) {
      const spec = someSpec(random);
      const command = toCurl(spec);
      // A body that needs a pipe is no curl command alone.
      if (!command.startsWith('curl')) continue;
      const file = parse(command);
      assert.deepEqual(
        file.problems.map(({ code }) => code).filter((code) => code !== 'curl-option-ignored'), [], command,
      );
      const result = await prepare(file.requests[0]!, {
        file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => '1',
      });
      if (!result.ok && result.problems.every(({ code }) =>
        code === 'variable-unclosed' || code.startsWith('variable-undefined'))) continue;
      assert.ok(result.ok, `${command} ${JSON.stringify(result.problems)}`);
      assert.deepEqual(plainly(result.spec), plainly(spec), command);
      compared++;
    }
    assert.ok(compared > 1500, `${compared}`);
  });

  it('is the same when pasted as text', () => {
    const random = randomFrom(7);
    let compared = 0;
    for (let round = 0; round < 2000; round++) {
      const command = toCurl(someSpec(random));
      const pasted = curlToHttp(command);
      if (!pasted) continue;
      if (pasted.unknown.includes('--data')) continue;
      const [written, given] = [only(pasted.text), only(command)];
      const described = (request: HttpRequest) => ({
        method: request.method, url: request.url, headers: request.headers.map(({ name, value }) => [name, value]),
        body: request.body?.map((one) => one.kind === 'text' ? one.text : one.path),
      });
      assert.deepEqual(described(written), described(given), command);
      compared++;
    }
    assert.ok(compared > 1000, `${compared}`);
  });
});

function plainly({ method, url, headers, body = [], options }: RequestSpec): object {
  return {
    method, url, headers, options: { followRedirects: true, verify: true, ...options },
    body: Buffer.concat(body.map((part) => part.kind === 'bytes' ? part.bytes : new Uint8Array())).toString('utf8'),
  };
}

describe('a curl command pasted as a request', () => {
  const texts: [string, string, string[]][] = [
    ['curl https://a.test', '# @no-redirect\nGET https://a.test\n', []],
    ['$ curl -L https://a.test | jq .', 'GET https://a.test\n', ['| jq .']],
    ["curl 'https://a.test/x' -L -H 'accept: a/b' --compressed --data-raw '{\"a\":1}' -H 'content-type: application/json' --foo",
      'POST https://a.test/x\naccept: a/b\ncontent-type: application/json\n\n{"a":1}\n', ['--foo']],
    ['curl -L https://a.test -d a=1 -d b=2 -k', '# @insecure\nPOST https://a.test\nContent-Type: application/x-www-form-urlencoded\n\na=1&b=2\n', []],
    ['curl -L https://a.test/1\ncurl -L https://a.test/2 -I', 'GET https://a.test/1\n\n###\n\nHEAD https://a.test/2\n', []],
    ['curl -L https://a.test --data-binary @f.json', 'POST https://a.test\nContent-Type: application/x-www-form-urlencoded\n\n< ./f.json\n', []],
    ["curl -L https://a.test -d '# x'", '# @raw-body\nPOST https://a.test\nContent-Type: application/x-www-form-urlencoded\n\n# x\n', []],
    ["curl -L https://a.test -H 'Content-Type: text/plain' -d 'a\n###\nb'", 'POST https://a.test\nContent-Type: text/plain\n\na\n###\nb\n', ['--data']],
  ];
  for (const [command, text, unknown] of texts) {
    it(JSON.stringify(command).slice(1, -1), () => assert.deepEqual(curlToHttp(command), { text, unknown }));
  }

  it('is undefined for anything else', () => {
    for (const text of ['', 'GET https://a.test', 'curly', 'wget https://a.test', 'x curl https://a.test']) {
      assert.equal(curlToHttp(text), undefined);
    }
  });
});
