import assert from 'node:assert/strict';
import { curlToHttp } from '../../src/httpFile/curl/toHttp.ts';
import { isDisabled } from '../../src/httpFile/disabled.ts';
import { parse } from '../../src/httpFile/parse.ts';
import { loadEnvironments } from '../../src/run/environments/load.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { PrepareContext, Prepared } from '../../src/run/prepare/prepare.ts';

/** What people bring along from other tools: either it does what it did there, or they are told. */
describe('files and commands from elsewhere', () => {
  function prepared(input: string, context: Partial<PrepareContext> = {}, index = 0): Promise<Prepared> {
    const file = parse(input);
    return prepare(file.requests[index]!, {
      file, uri: 'file:///a.http', directory: '/nowhere', options: {}, trusted: true, newId: () => 'id', ...context,
    });
  }

  const bodyOf = (result: Prepared): string | undefined => {
    if (!result.ok) return undefined;
    return result.spec.body?.map((part) =>
      part.kind === 'bytes' ? Buffer.from(part.bytes).toString() : part.path).join('');
  };

  const codesOf = (result: { problems: readonly { code: string }[] }) => result.problems.map(({ code }) => code);

  describe('a percent sign in a form', () => {
    const form = 'POST https://a.test\nContent-Type: application/x-www-form-urlencoded\n\n';
    const cases: [body: string, sent: string, told: string[]][] = [
      ['a=50%\n&b=1', 'a=50%25&b=1', []],
      ['a=50%&\nb=1', 'a=50%26&b=1', ['form-ampersand-missing', 'form-percent-ampersand']],
      ['a=50%\nb=1', 'a=50%25&b=1', ['form-ampersand-missing']],
      ['a=50%%\n&b=1', 'a=50%25&b=1', []],
      ['a=50%&b=1', 'a=50%26b=1', ['form-percent-ampersand']],
      ['a=R%&D&b=1', 'a=R%26D&b=1', []],
      ['a=1&\n&b=2', 'a=1&&b=2', []],
      ['&a=1\n&\nb=2&', '&a=1&b=2&', []],
    ];
    for (const [body, sent, told] of cases) {
      it(JSON.stringify(body), async () => {
        const result = await prepared(form + body);
        assert.equal(bodyOf(result), sent);
        assert.deepEqual(codesOf(result), told);
      });
    }

    it('is sent as it stands when nothing is encoded', async () => {
      assert.equal(bodyOf(await prepared(`# @no-auto-encoding\n${form}a=50%\n&b=1`)), 'a=50%&b=1');
    });
  });

  describe('an authorization that would have to be fetched', () => {
    for (const value of [
      'OAuth2 client_credentials keycloak', 'OAuth2 password ida', 'openid client_credentials tst', 'oauth2',
    ]) {
      it(`holds back ${value}`, async () => {
        assert.deepEqual(
          codesOf(await prepared(`GET https://a.test\nAuthorization: ${value}\n`)), ['authorization-token-unsupported'],
        );
      });
    }
    for (const value of ['Bearer x', 'OAuth oauth_version="1.0"', 'openidish x', 'token x']) {
      it(`sends ${value}`, async () => {
        const result = await prepared(`GET https://a.test\nAuthorization: ${value}\n`);
        assert.deepEqual(result.ok && result.spec.headers, [['Authorization', value]]);
      });
    }
  });

  describe('what a shell would put into a curl command', () => {
    const cases: [command: string, url: string, header?: string][] = [
      ['curl "https://a.test/$ID?x=${TOKEN}" -H "Authorization: Bearer $TOKEN"', 'https://a.test/7?x=secret', 'Bearer secret'],
      ['curl.exe https://a.test/ -H "Authorization: Bearer $env:TOKEN" `\n  -L', 'https://a.test/', 'Bearer secret'],
      ['curl ^"https://a.test/^%ID^%^" ^\n -H ^"Authorization: Bearer %TOKEN%^"', 'https://a.test/%ID%', 'Bearer secret'],
      ['curl "https://a.test/%EC%95%88" -H "Authorization: Bearer %TOKEN%"', 'https://a.test/%EC%95%88', 'Bearer secret'],
      ['curl https://a.test/ -u "me:$TOKEN"', 'https://a.test/', `Basic ${btoa('me:secret')}`],
      ["curl 'https://a.test/$ID' -H 'Authorization: $TOKEN'", 'https://a.test/$ID', '$TOKEN'],
      ['curl https://a.test/\\$ID', 'https://a.test/$ID'],
    ];
    const processEnv = { TOKEN: 'secret', ID: '7' };
    for (const [command, url, header] of cases) {
      it(command, async () => {
        for (const text of [command, curlToHttp(command)!.text]) {
          const result = await prepared(text, { processEnv });
          assert.ok(result.ok, JSON.stringify(result.problems));
          assert.equal(result.spec.url, url);
          assert.equal(result.spec.headers.find(([name]) => name === 'Authorization')?.[1], header);
        }
      });
    }

    it('tells which variables are read', () => {
      const { problems } = parse('curl https://a.test/$ID -H "A: ${TOKEN}" -d $ID');
      assert.deepEqual(
        problems.map(({ code, places }) => [code, places]), [['curl-variable', { names: '$ID, ${TOKEN}' }]],
      );
    });

    it('reads none where nobody is trusted', async () => {
      const result = await prepared('curl https://a.test/$ID', { processEnv, trusted: false });
      assert.deepEqual([result.ok, codesOf(result)], [false, ['environment-untrusted']]);
    });

    for (const part of ['$(cat x)', '$(cat "x y" | tr $(id) b)', '`id`', '${ID:-3}', '$(a\nb)']) {
      it(`holds back ${JSON.stringify(part)}`, async () => {
        const command = `curl https://a.test -d "${part}"`;
        assert.deepEqual(parse(command).problems.map(({ code }) => code), ['shell-value-unknown']);
        for (const text of [command, curlToHttp(command)!.text]) {
          const result = await prepared(text, { processEnv });
          assert.deepEqual([result.ok, codesOf(result)], [false, ['shell-value-unknown']]);
        }
      });
    }
  });

  describe('metadata that is not known', () => {
    const cases: [line: string, told: unknown[]][] = [
      ['# @nmae x', ['metadata-misspelt', { key: 'nmae', nearest: 'name' }]],
      ['// @no-redirec', ['metadata-misspelt', { key: 'no-redirec', nearest: 'no-redirect' }]],
      ['# @something else', ['metadata-unknown', { key: 'something' }]],
      ['# @curl-http3', ['metadata-ignored', { key: 'curl-http3' }]],
      ['# @stdin-cmd jq .', ['metadata-ignored', { key: 'stdin-cmd' }]],
      ['# @lua', ['metadata-ignored', { key: 'lua' }]],
      ['# @clientCert pfx: x', []],
      ['# @token = x', []], ['# @token   =x', []], ['# @param id the id', []], ['# @author Kim', []],
      ['# write to a@b.test', []], ['# @b.test', []], ['# @one, two', []], ['# see @no-redirec', []], ['# @', []],
    ];
    for (const [line, told] of cases) {
      for (const text of [`${line}\nGET https://a.test\n`, `GET https://a.test\n${line}\nA: b\n`]) {
        it(JSON.stringify(text), () => {
          const { problems } = parse(text);
          assert.deepEqual(problems.flatMap(({ code, places }) => [code, places]), told);
          assert.ok(problems.every(({ severity }) => severity === 'information'));
        });
      }
    }

    it('is not sought in bodies', () => {
      assert.deepEqual(codesOf(parse('POST https://a.test\n\n{\n# @nmae x\n}\n')), []);
    });
  });

  it("takes Kulala's options of curl", async () => {
    const result = await prepared(
      '# @curl-insecure\n# @curl-connect-timeout 2\n# @curl-max-time 7\n# @curl-location\nGET https://a.test\n',
      { options: { followRedirects: false } },
    );
    assert.ok(result.ok);
    assert.deepEqual(result.spec.options, {
      verify: false, followRedirects: true, timeouts: { connect: 2000, total: 7000 },
    });
  });

  it('tells of a request that is left out of all', async () => {
    const told = (text: string) => parse(text).problems.map(({ code }) => code);
    const requests = (text: string) => parse(text).requests.map(isDisabled);
    assert.deepEqual(
      [told('# @disabled\nGET /a\n'), requests('# @disabled\nGET /a\n###\nGET /b\n')], [['request-disabled'], [true, false]],
    );
    assert.deepEqual([told('# @disabled false\nGET /a\n'), requests('# @disabled false\nGET /a\n')], [[], [false]]);
    assert.equal((await prepared('# @disabled\nGET https://a.test\n')).ok, true);
  });

  describe('a command of another program', () => {
    const commands: [text: string, program: string][] = [
      ['$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "x"\nInvoke-WebRequest -UseBasicParsing -Uri "https://a.test/" `\n-WebSession $session', 'PowerShell'],
      ['Invoke-RestMethod https://a.test/x', 'Invoke-RestMethod'],
      ['$r = invoke-webrequest https://a.test/x', 'invoke-webrequest'],
      ['fetch("https://a.test/x", {\n  "method": "POST"\n});', 'fetch'],
      ['await fetch("https://a.test/x");', 'fetch'],
      ['const r = await fetch("https://a.test/x");', 'fetch'],
      ['wget --header="A: b" https://a.test/x', 'wget'],
      ['http POST a.test/x name=value', 'HTTPie'],
      ['https a.test/x', 'HTTPie'],
      ['http -f POST https://a.test', 'HTTPie'],
      ['http :8080/x', 'HTTPie'],
    ];
    for (const [text, program] of commands) {
      it(`is told and not sent: ${text.slice(0, 30)}`, () => {
        const { requests, problems } = parse(`GET https://b.test\n\n###\n${text}\n\n###\nGET https://c.test\n`);
        assert.deepEqual(requests.map(({ url }) => url), ['https://b.test', 'https://c.test']);
        assert.deepEqual(
          problems.map(({ code, places, range }) => [code, places, range.start.line]),
          [['foreign-command', { program }, 3]],
        );
      });
    }
    for (const text of [
      'http://a.test/', 'https://a.test/ HTTP/1.1', 'fetch.test/x', 'wget.test/x', 'HTTP://a.test', 'GET http/x.y',
    ]) {
      it(`is not ${text}`, () => assert.equal(parse(text).requests.length, 1));
    }
  });

  describe('names that no line could define', () => {
    const cases: [name: string, code: string][] = [
      ['1 + 2', 'variable-undefined-expression'], ['await getToken()', 'variable-undefined-expression'],
      ['#each items', 'variable-undefined-expression'], ['/each', 'variable-undefined-expression'],
      ['$.clients..id', 'variable-undefined-expression'], ['"text"', 'variable-undefined-expression'],
      ['user name', 'variable-undefined-expression'],
      ['$index', 'variable-undefined-builtin'], ['$dotenv.A', 'variable-undefined-builtin'], ['$faker name', 'variable-undefined-builtin'],
      ['token', 'variable-undefined'], ['a.b', 'variable-undefined'], ['users[0].name', 'variable-undefined'], ["a['b c']", 'variable-undefined'],
    ];
    for (const [name, code] of cases) {
      it(name, async () => {
        const result = await prepared(`GET https://a.test/?{{${name}}}\n`);
        assert.deepEqual(result.problems.map((one) => [one.code, one.places['name']]), [[code, name]]);
        const inside = await prepared(`@v = {{${name}}}\nGET https://a.test/?{{v}}\n`);
        assert.deepEqual(codesOf(inside), [code === 'variable-undefined' ? 'variable-undefined-inside' : code]);
        assert.equal((await prepared(`GET https://a.test/?{{${name}}}\n`, { sendAnyway: true })).ok, true);
      });
    }
  });

  it('says what a name of an environment is that has no single value', async () => {
    const environments = await loadEnvironments({
      directory: '', settings: {
        $shared: { n: 'shared' },
        dev: { a: ['x', { b: 1 }], o: { name: 'y', deep: { z: 1 } }, n: null, nothing: null, empty: {} },
      },
    });
    const environment = environments.select('dev');
    const told = async (name: string) => {
      const result = await prepared(`GET https://a.test/?{{${name}}}\n`, { environment });
      return result.ok ? result.spec.url : result.problems.map(({ code, places }) => [code, places['part']]);
    };
    assert.deepEqual(await told('a'), [['environment-value-list', 'a[0]']]);
    assert.deepEqual(await told('a[0]'), 'https://a.test/?x');
    assert.deepEqual(await told('a[1]'), [['environment-value-object', 'a.1.b']]);
    assert.deepEqual(await told('o'), [['environment-value-object', 'o.name']]);
    assert.deepEqual(await told('o.deep'), [['environment-value-object', 'o.deep.z']]);
    assert.deepEqual(await told('empty'), [['environment-value-object', 'empty.name']]);
    assert.deepEqual(await told('nothing'), [['environment-value-null', undefined]]);
    // Null is no value (C55): what all environments share counts.
    assert.deepEqual(await told('n'), 'https://a.test/?shared');
  });

  describe('what a body has', () => {
    const cases: [type: string, body: string, sent: string, told: string[]][] = [
      ['application/xml', '<a>\n# b\n</a>', '<a>\n</a>', ['comment-stripped']],
      ['text/xml', '<a>\n# b\n</a>', '<a>\n</a>', ['comment-stripped']],
      ['application/json', '{\n# b\n"a": 1\n}', '{\n"a": 1\n}', []],
      ['application/json', '{ "a": 1 /* b */ }', '{ "a": 1 /* b */ }', ['block-comment-sent']],
      ['application/json', '{\n/* b */\n"a": 1 }', '{\n/* b */\n"a": 1 }', ['block-comment-sent']],
      ['application/json', '{ "a": "*/* // */" }', '{ "a": "*/* // */" }', []],
      ['application/json', '{ "a": 1 // b\n}', '{ "a": 1 // b\n}', ['trailing-comment-sent']],
      ['text/html', '<p>a</p>\n>> more', '<p>a</p>\n>> more', []],
      ['text/plain', 'a\n>> see a.b > c', 'a\n>> see a.b > c', []],
      ['text/html', '< b class="x.y">\na</b>', '< b class="x.y">\na</b>', []],
      ['text/html', '< b>\na</b>', '< b>\na</b>', []],
      ['text/html', '<p>a</p>\n>> ./out.html', '<p>a</p>', ['redirect-not-run']],
      ['application/json', '{}\n>> more', '{}', ['redirect-not-run']],
    ];
    for (const [type, body, sent, told] of cases) {
      it(`${type}: ${JSON.stringify(body)}`, async () => {
        const text = `POST https://a.test\nContent-Type: ${type}\n\n${body}\n`;
        assert.deepEqual(codesOf(parse(text)), told);
        assert.equal(bodyOf(await prepared(text)), sent);
      });
    }
  });

  describe('what stands around a curl command', () => {
    const cases: [text: string, requests: string[], told: string[]][] = [
      ['curl https://a.test -d @- <<EOF\n{"a":1}\nGET https://b.test\nEOF\n', ['POST https://a.test'], ['curl-option-unsupported @-', 'curl-option-unsupported <<EOF']],
      ["curl https://a.test -d @- <<'EOF'\nx\nEOF\ncurl https://b.test\n", ['POST https://a.test', 'GET https://b.test'], ['curl-option-unsupported @-', 'curl-option-unsupported <<\'EOF\'']],
      ['curl https://a.test -d @- < in.json', ['POST https://a.test'], ['curl-option-unsupported @-', 'curl-option-unsupported < in.json']],
      ['curl https://a.test <<< abc', ['GET https://a.test'], ['curl-option-unsupported <<< abc']],
      ["curl 'https://a.test' \\\n  -H 'a: b' ;\ncurl 'https://b.test' \\\n  -H 'a: b'", ['GET https://a.test', 'GET https://b.test'], []],
      ['curl ^"https://a.test^" ^\n  -H ^"a: b^" &\ncurl ^"https://b.test^"', ['GET https://a.test', 'GET https://b.test'], []],
      ['curl https://a.test -o out.txt -w %{http_code}', ['GET https://a.test'], ['curl-output-ignored -o, -w']],
      ['curl https://a.test --foo bar', ['GET https://a.test', 'GET bar'], ['curl-option-ignored --foo', 'scheme-missing ']],
    ];
    for (const [text, sent, told] of cases) {
      it(JSON.stringify(text), () => {
        const { requests, problems } = parse(text);
        assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`), sent);
        const said = problems.filter(({ code }) => code !== 'separator-missing');
        assert.deepEqual(
          said.map(({ code, places: { option, options } }) => `${code} ${option ?? options ?? ''}`), told,
        );
      });
    }

    it('holds back each of its requests', async () => {
      const command = 'curl https://a.test https://b.test --connect-to a.test:443:127.0.0.1:8443';
      for (const index of [0, 1]) assert.equal((await prepared(command, {}, index)).ok, false);
    });
  });

  describe("httpYac's gql", () => {
    const document = 'gql Q($name: String) {\n  a(name: $name)\n}\n\n{ "name": "x" }\n';
    for (const type of ['', 'Content-Type: application/json\n']) {
      it(`is a document ${type}`, async () => {
        assert.equal(bodyOf(await prepared(`POST https://a.test\n${type}\n${document}`)),
          '{"query":"query Q($name: String) {\\n  a(name: $name)\\n}","variables":{"name":"x"}}');
      });
    }
    it('is text in a text', async () => {
      assert.equal(bodyOf(await prepared('POST https://a.test\nContent-Type: text/plain\n\ngql Q {a}\n')), 'gql Q {a}');
      assert.equal(bodyOf(await prepared('POST https://a.test\n\ngql is nice\n')), 'gql is nice');
    });
  });
});
