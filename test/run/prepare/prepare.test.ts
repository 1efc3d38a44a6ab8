import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';
import type { LabAddresses } from '../../../src/protocol.ts';
import { prepare, usesLab } from '../../../src/run/prepare/prepare.ts';
import type { PrepareContext, Prepared } from '../../../src/run/prepare/prepare.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { labAddresses } from '../../support/labAddresses.ts';

const lab: LabAddresses = { ...labAddresses, https: { address: '::1', port: 8002 } };

describe('prepare', () => {
  let root: string;
  let directory: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'roundtrip-prepare-'));
    directory = join(root, 'folder');
    await mkdir(join(directory, 'inner'), { recursive: true });
    await writeFile(join(root, 'outside.txt'), 'outside');
    await writeFile(join(directory, 'body.txt'), 'a {{v}}\n');
    await symlink(join(root, 'outside.txt'), join(directory, 'link.txt'));
    await symlink(join(directory, 'body.txt'), join(directory, 'inside.txt'));
  });

  after(() => rm(root, { recursive: true }));

  function prepared(input: string, context: Partial<PrepareContext> = {}, index = 0): Promise<Prepared> {
    const file = parse(input);
    return prepare(file.requests[index]!, {
      file, uri: 'file:///a.http', directory, options: {}, trusted: true, newId: () => 'id', ...context,
    });
  }

  async function spec(input: string, context?: Partial<PrepareContext>): Promise<RequestSpec> {
    const result = await prepared(input, context);
    assert.ok(result.ok, JSON.stringify(result.problems));
    return result.spec;
  }

  /** The codes of the problems and where they stand; a request with an error is not sent. */
  async function check(input: string, expected: string[], context?: Partial<PrepareContext>): Promise<void> {
    const { problems, ok } = await prepared(input, context);
    assert.deepEqual(
      problems.map(({ code, range: { start, end } }) => `${code} ${start.line}:${start.character}-${end.character}`),
      expected,
    );
    assert.equal(ok, problems.every(({ severity }) => severity !== 'error'));
  }

  it('gives what is to be sent, and where it is written', async () => {
    const found = await spec(
      '@h = a.test\n### One\n# @name first\nPOST https://{{h}}/x HTTP/2\nA: {{h}}\nA: 2\n\n{{h}}\n',
    );
    assert.deepEqual({
      ...found, body: found.body?.map((part) => part.kind === 'bytes' && Buffer.from(part.bytes).toString()),
    }, {
      id: 'id', name: 'first', source: { uri: 'file:///a.http', line: 4 }, method: 'POST', url: 'https://a.test/x',
      httpVersion: '2', headers: [['A', 'a.test'], ['A', '2']], body: ['a.test'], options: {},
    });
  });

  const urls: [string, string][] = [
    ['a.test', 'http://a.test/'], ['//a.test/x', 'http://a.test/x'], ['https://한국.test/경로?q=값#f', 'https://xn--3e0b707e.test/%EA%B2%BD%EB%A1%9C?q=%EA%B0%92#f'],
    ['http://a.test/a b?c d', 'http://a.test/a%20b?c%20d'], ['http://a.test/%41%zz', 'http://a.test/%41%zz'],
    ['http://[::1]:80/x', 'http://[::1]/x'], ['http://a.test:8080', 'http://a.test:8080/'], ['a.test:65535/x', 'http://a.test:65535/x'],
    ['http://a.test/x:y@z', 'http://a.test/x:y@z'], ['127.0.0.1:1/x', 'http://127.0.0.1:1/x'],
  ];
  for (const [written, url] of urls) {
    it(`sends ${written} to ${url}`, async () => assert.equal((await spec(`GET ${written}`)).url, url));
  }

  it('takes the origin of a path from Host, else from @host', async () => {
    assert.equal((await spec('GET /x\nHost: a.test:443')).url, 'https://a.test/x');
    assert.equal((await spec('@host = https://b.test\nGET /x')).url, 'https://b.test/x');
  });

  it('makes credentials of a URL an Authorization field', async () => {
    const { url, headers } = await spec('GET http://me:p%40ss@a.test/x');
    assert.equal(url, 'http://a.test/x');
    assert.deepEqual(headers, [['Authorization', `Basic ${btoa('me:p@ss')}`]]);
  });

  const basics: [string, string][] = [
    ['Basic me pass', `Basic ${btoa('me:pass')}`], ['Basic me:pass', `Basic ${btoa('me:pass')}`],
    ['basic me two words', `Basic ${btoa('me:two words')}`], ['Basic me:two words', `Basic ${btoa('me:two words')}`],
    ['Basic me:a:b', `Basic ${btoa('me:a:b')}`], ['Basic bWU6cGFzcw==', 'Basic bWU6cGFzcw=='], ['Bearer a b', 'Bearer a b'],
  ];
  for (const [written, value] of basics) {
    it(`sends Authorization: ${written} as ${value} (C44)`, async () => {
      assert.deepEqual(
        (await spec(`GET http://a.test/\nAuthorization: ${written}`)).headers, [['Authorization', value]],
      );
    });
  }

  const refused: [string, string, string[]][] = [
    ['an undefined variable in the URL', 'GET http://a.test/{{x}}/{{y}}', ['variable-undefined 0:18-23', 'variable-undefined 0:24-29']],
    ['one on a further line of the URL', 'GET http://a.test/\n  ?a={{x}}', ['variable-undefined 1:5-10']],
    ['one in a header', 'GET http://a.test/\nA: b {{x}}', ['variable-undefined 1:5-10']],
    ['one in a body below comments', 'POST http://a.test/\n\n{\n# c\n// d\n"x": {{x}}\n}', ['variable-undefined 5:5-10']],
    ['one in a body after a file', 'POST http://a.test/\n\n< ./body.txt\na\n {{x}}', ['variable-undefined 4:1-6']],
    ['one in a form', 'POST http://a.test/\nContent-Type: application/x-www-form-urlencoded\n\na=1\n&b={{x}}', ['variable-undefined 4:3-8']],
    ['a scheme that is not HTTP', 'GET ftp://a.test/', ['scheme-unsupported 0:4-17']],
    ['a port out of range', 'GET http://a.test:65536/', ['port-invalid 0:4-24']],
    ['a host that is none', 'GET http://a b/', ['url-invalid 0:4-15']],
    ['a variable that is not closed', 'GET {{base/json', ['variable-unclosed 0:4-15']],
    ['a body that a script cuts short', 'POST http://a.test/\n\na\n> {%\nb', ['script-not-closed 3:0-4']],
    ['a URL without a host', 'GET http:///x', ['url-invalid 0:4-13']],
    ['a line break in the URL', '@v = a\\nb\nGET http://a.test/{{v}}', ['url-control-character 1:4-23']],
    ['a line break in a header (injection)', '@v = a\\r\\nB: c\nGET http://a.test/\nA: {{v}}', ['header-line-break 2:3-8']],
    ['a header of characters it cannot carry', 'GET http://a.test/\nA: 값', ['header-characters 1:3-4']],
    ['a header name with a space', '@n = a b\nGET http://a.test/\n{{n}}: c', ['header-name-invalid 2:0-5']],
    ['a secret in the clear', 'GET http://a.test/\nAuthorization: NTLM me pass', ['authorization-unsupported 1:15-27']],
    ['a signature for an unknown service', 'GET http://a.test/\nAuthorization: AWS key secret', ['aws-service-unknown 1:15-29']],
    ['another protocol', 'GRPC a.test/', ['protocol-unsupported 0:0-4']],
    ['a WebSocket that is not got', 'POST ws://a.test/', ['web-socket-method 0:0-4']],
    ['the server as a whole, not asked about', 'GET *\nHost: a.test', ['asterisk-unsupported 0:4-5']],
    ['trailers that are none', '# @trailer nothing\n# @trailer Content-Length: 3\nPOST http://a.test', ['trailer-invalid 0:0-18', 'trailer-forbidden 1:0-28']],
    ['trailers of HTTP/1.0', '# @trailer A: b\nPOST http://a.test HTTP/1.0', ['trailer-version 0:0-15']],
    ['the lab when it does not run', 'GET {{$lab.http}}/', ['lab-not-running 0:4-17']],
    ['a lab variable that is none', 'GET {{$lab.x}}/', ['lab-variable-unknown 0:4-14']],
    ['a file that is missing', 'POST http://a.test/\n\n< ./none.txt', ['body-file-missing 2:0-12']],
    ['a folder', 'POST http://a.test/\n\n< ./inner', ['body-file-not-regular 2:0-9']],
    ['an unknown encoding', 'POST http://a.test/\n\n<@klingon ./body.txt', ['body-encoding-unknown 2:0-20']],
    ['a dynamic variable misused', 'GET http://a.test/{{$randomInt 5 1}}', ['dynamic-arguments 0:18-36']],
    ['a device', 'POST http://a.test/\n\n< /dev/zero', ['body-file-not-regular 2:0-11']],
  ];
  for (const [title, input, problems] of refused) it(`refuses ${title}`, () => check(input, problems));

  it('never makes headers of what is not a variable of the file', async () => {
    await check('GET http://a.test/\n{{$guid}}', ['header-from-value 1:0-9']);
    const sources = { now: () => 0, random: () => 0, uuid: () => 'A: b\r\nC: d' };
    await check('GET http://a.test/\nX: {{$guid}}', ['header-line-break 1:3-12'], { sources });
  });

  describe('in a workspace that is not trusted', () => {
    const body = (path: string) => `POST http://a.test/\n\n< ${path}`;

    it('sends files inside the folder only', async () => {
      await check(body('./body.txt'), [], { trusted: false });
      await check(body('./inside.txt'), [], { trusted: false });
      await check(body('../outside.txt'), ['body-file-outside 2:0-16'], { trusted: false });
      await check(body('./link.txt'), ['body-file-outside 2:0-12'], { trusted: false });
      await check(body('/etc/passwd'), ['body-file-outside 2:0-13'], { trusted: false });
      await check(body('../not-there.txt'), ['body-file-outside 2:0-18'], { trusted: false });
    });

    it('sends them all when it is', async () => {
      await check(body('../outside.txt'), []);
      await check(body('./link.txt'), []);
    });

    it('keeps verification on', async () => {
      const input = '# @insecure\nGET https://a.test/';
      await check(input, ['insecure-ignored 0:0-11'], { trusted: false });
      assert.equal((await spec(input, { trusted: false })).options.verify, undefined);
      assert.equal((await spec(input)).options.verify, false);
    });
  });

  it('puts variables into <@ files only', async () => {
    const read = async (line: string) => {
      const [part] = (await spec(`@v = 1\nPOST http://a.test/\n\n${line}`)).body!;
      return part!.kind === 'bytes' ? Buffer.from(part!.bytes).toString() : part!.path;
    };
    assert.equal(await read('<@ ./body.txt'), 'a 1\n');
    assert.equal(await read('< ./body.txt'), join(directory, 'body.txt'));
    assert.equal(await read('< {{v}}/../body.txt'), join(directory, 'body.txt'));
  });

  it('takes options from metadata before the caller’s', async () => {
    const input = '# @no-redirect\n# @no-cookie-jar\n# @new-connection\n# @no-capture\n# @timeout 1500 ms\n# @connection-timeout 2 m\n# @no-reject-unauthorized\nGET http://a.test/';
    const options = { timeouts: { total: 9, idle: 8 }, followRedirects: true, maxRedirects: 3 };
    assert.deepEqual((await spec(input, { options })).options, {
      timeouts: { total: 1500, idle: 8, connect: 120_000 }, followRedirects: false, maxRedirects: 3,
      useCookieJar: false, forceNewConnection: true, capture: 'none', verify: false,
    });
  });

  const versions: [string, string | undefined][] = [
    ['HTTP/1.0', '1.0'], ['http/1.1', '1.1'], ['HTTP/2', '2'], ['HTTP/2.0', '2'], ['HTTP/2 (prior knowledge)', '2-prior-knowledge'], ['HTTP/7', undefined],
  ];
  for (const [written, version] of versions) {
    it(`asks for ${version ?? 'no version'} by ${written} (C31)`, async () => {
      assert.equal((await spec(`GET http://a.test/ ${written}`)).httpVersion, version);
    });
  }

  it('counts the body itself (C29)', async () => {
    const input = 'POST http://a.test/\nContent-Length: 3\n\n< ./body.txt';
    await check(input, ['content-length-recomputed 1:0-17']);
    assert.deepEqual((await spec(input)).headers, []);
    await check(`# @raw-headers\n${input}`, ['content-length-forced 2:0-17']);
    const { headers, wrongLength } = await spec(`# @raw-headers\n${input}`);
    assert.deepEqual([headers, wrongLength], [[['Content-Length', '3']], true]);
  });

  it('makes GraphQL an envelope with variables (C25, C26)', async () => {
    const found = await spec(
      'GRAPHQL http://a.test/\n\nquery ($id: ID = "}") {\n\n  a # }\n}\n\n{ "id": "{{$lab.host}}" }', { lab },
    );
    const [part] = found.body!;
    assert.equal(found.method, 'POST');
    assert.deepEqual(JSON.parse(Buffer.from(part!.kind === 'bytes' ? part!.bytes : []).toString()), {
      query: 'query ($id: ID = "}") {\n\n  a # }\n}', variables: { id: 'lab.test' },
    });
    await check('GRAPHQL http://a.test/\n\n{ a }\n{ b: 1 }', ['graphql-variables-invalid 2:0-8']);
  });

  it('sends nothing to a server of the lab that could not be started', async () => {
    const { relay: _, ...parts } = lab.parts;
    await check('GET {{$lab.relay}}/', ['lab-server-not-running 0:4-18'], { lab: { ...lab, parts } });
    await check('GET {{$lab.blindRelay}}/', [], { lab: { ...lab, parts } });
  });

  it('knows the lab’s addresses and gives the means to reach it', async () => {
    const names = ['http', 'https', 'httpPort', 'httpsPort', 'dnsPort', 'host'].map((name) => `{{$lab.${name}}}`);
    const { headers, options } = await spec(`GET http://a.test/\nA: ${names.join(' ')}`, {
      lab, options: { traceHosts: ['x'] },
    });
    assert.equal(headers[0]![1], 'http://lab.test:8001 https://lab.test:8002 8001 8002 8003 lab.test');
    assert.deepEqual(options, {
      zoneServers: [
        { zone: 'lab.test', servers: [{ address: '127.0.0.1', port: 8003 }], reverse: ['127.in-addr.arpa'] },
        { zone: 'slow.lab.test', servers: [{ address: '127.0.0.1', port: 8004 }] },
      ],
      rootServers: [{ zones: ['test', '127.in-addr.arpa'], servers: [lab.rootServer], ports: { 'ns.lab.test': 8003 } }],
      trustAnchors: [{ pem: 'PEM', label: 'Lab', zones: ['lab.test', 'localhost'] }],
      traceHosts: ['x', 'lab.test', '127.0.0.1:8001', 'localhost:8001', '[::1]:8002', 'localhost:8002'],
    });
  });

  const needsLab: [string, boolean][] = [
    ['GET {{$lab.http}}/', true], ['@a = {{b}}\n@b = {{$lab.https}}\nGET {{a}}/', true], ['GET http://a.test/\nA: {{%$lab.host}}', true],
    ['POST http://a.test/\n\n{{$lab.host}}', true], ['@host = {{$lab.http}}\nGET /x', true],
    ['# @proxy {{$lab.proxy}}\nGET http://a.test/', true], ['@p = {{$lab.proxy}}\n# @proxy {{p}}\nGET http://a.test/', true],
    ['# @note {{$lab.proxy}}\nGET http://a.test/', false],
    ['@a = {{$lab.http}}\nGET http://a.test/', false], ['@a = {{b}}\n@b = {{a}}\nGET {{a}}', false],
  ];
  for (const [input, expected] of needsLab) {
    it(`${JSON.stringify(input)} ${expected ? 'needs' : 'does not need'} the lab`, () => {
      const file = parse(input);
      assert.equal(usesLab(file.requests[0]!, { file }), expected);
    });
  }
});
