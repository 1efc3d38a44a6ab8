import assert from 'node:assert/strict';
import { hoverAt } from '../../../src/httpFile/editing/hover.ts';
import type { Hover } from '../../../src/httpFile/editing/hover.ts';
import type { Definition } from '../../../src/httpFile/names/origin.ts';
import type { OuterNames } from '../../../src/httpFile/names/scope.ts';
import { marked } from './cursor.ts';

const environment = (name: string, value: string, secret: boolean): Definition => ({
  name, value, written: value, secret,
  origin: { kind: 'environment', layer: secret ? 'private' : 'public', environment: 'dev', source: '/x/http-client.env.json', line: 3 },
});
const known = [environment('key', 'p@ss word', true), environment('host', 'http://env.test', false)];
const outer: OuterNames = {
  after: (name) => name === '$guid' ? [{ name, origin: { kind: 'dynamic' }, value: 'abc', secret: false }]
    : known.filter((one) => one.name === name),
};

function hover(text: string): { at: string; hover: Hover } | undefined {
  const { file, lines, position } = marked(text);
  const found = hoverAt(file, lines, position, { outer, importedNames: ['shop'] });
  if (!found) return undefined;
  const { start, end } = found.range;
  assert.equal(start.line, position.line);
  return { at: lines.lineAt(start.line).slice(start.character, end.character), hover: found };
}

/** In short: what kind, about what, where. */
function shortly(text: string): string {
  const found = hover(text);
  if (!found) return 'nothing';
  const { hover: one } = found;
  const about = ((): string => {
    switch (one.kind) {
      case 'topic': return `${one.topic.area} ${one.topic.id}`;
      case 'metadata': return `${one.key}${one.effective ? '' : ', no effect'}`;
      case 'variable': return [one.name, ...one.definitions.map(({ value, origin, secret }) =>
        `${secret ? 'secret' : typeof value === 'string' ? value : value.code} (${origin.kind})`)].join(', ');
      case 'prompt': return one.name;
      case 'dynamic': return `${one.topic.id} ${String(one.definition?.value)}`;
      case 'response': return `${one.request ?? '?'} ${one.reference.of} ${one.reference.path}`.trim();
      case 'needed': return [one.name ?? '?', one.place?.line, one.always ? 'always' : ''].join(' ').trim();
      case 'url': return typeof one.address.url === 'string' ? one.address.url : one.address.url.code;
      case 'status': return `${one.statusCode}`;
      case 'path': return `${one.use} ${one.path}`;
    }
  })();
  return `${one.kind}: ${about} [${found.at}]`;
}

const G = 'GET http://a.test\n';

const cases: [text: string, expected: string][] = [
  ['G|ET http://a.test', 'topic: method GET [GET]'],
  ['g|et http://a.test', 'topic: method GET [get]'],
  ['FRO|B /x', 'topic: method FROB [FROB]'],
  [`${G}Acc|ept: */*`, 'topic: field accept [Accept]'],
  ['HTTP/1.1 200 OK\nSer|ver: x', 'topic: field server [Server]'],
  [`${G}Accept: text/html, applic|ation/json;q=0.5`, 'topic: media-type application/json [application/json]'],
  [`${G}Accept: text/html, application/json;q=0|.5`, 'nothing'],
  [`${G}Cache-Control: no-cache, max-|age=60`, 'topic: value cache-control: max-age [max-age=60]'],
  [`${G}Authorization: Bas|ic a b`, 'topic: value authorization: basic [Basic]'],
  [`${G}Authorization: Basic a| b`, 'nothing'],
  ['GET http://a.test HTTP|/2', 'topic: version HTTP/2 [HTTP/2]'],
  ['GET http://a.test HTTP|/2.0', 'topic: version HTTP/2 [HTTP/2.0]'],
  ['# @no-re|direct\nGET http://a.test', 'metadata: no-redirect [no-redirect]'],
  ['# @noRe|direct\nGET http://a.test', 'metadata: no-redirect [noRedirect]'],
  ['# @j|q .x\nGET http://a.test', 'metadata: jq, no effect [jq]'],
  ['# @unkn|own x\nGET http://a.test', 'nothing'],
  ['HTTP/1.1 4|04 Not Found', 'status: 404 [404]'],
  [`${G}\n?? status == 50|3`, 'status: 503 [503]'],
  ['@host = http://b.test\nGET {{ho|st}}', 'variable: host, http://b.test (file), http://env.test (environment) [host]'],
  ['@ho|st = http://b.test', 'variable: host, http://b.test (file), http://env.test (environment) [host]'],
  ['@host = http://{{x}}\n@x = b.test\nGET {{ho|st}}', 'variable: host, http://b.test (file), http://env.test (environment) [host]'],
  ['GET {{ke|y}}', 'variable: key, secret (environment) [key]'],
  ['GET {{%ke|y}}', 'variable: key, secret (environment) [key]'],
  ['GET {{nobo|dy}}', 'variable: nobody [nobody]'],
  [`${G}X: {{$gu|id}}`, 'dynamic: $guid abc [$guid]'],
  [`${G}X: {{$random.int|eger(1, 2)}}`, 'dynamic: $random.integer undefined [$random.integer(1, 2)]'],
  ['# @prompt user Who?\nGET http://a.test/{{us|er}}', 'prompt: user [user]'],
  ['# @name login\nGET http://a.test\n###\nGET {{login.resp|onse.body.$.token}}', 'response: login body $.token [login.response.body.$.token]'],
  ['GET {{shop.response.he|aders.ETag}}', 'response: shop headers ETag [shop.response.headers.ETag]'],
  ['GET {{nope.response.st|atus}}', 'response: ? status [nope.response.status]'],
  ['# @name login\nGET http://a.test\n###\nGET {{login.to|ken}}', 'response: login body token [login.token]'],
  [`POST http://a.test\n\n< ./da|ta.json`, 'path: include ./data.json [./data.json]'],
  ['@d = x\nPOST http://a.test\n\n< ./{{d}}/da|ta.json', 'path: include ./x/data.json [./{{d}}/data.json]'],
  ['import ./o|ther.http', 'path: import ./other.http [./other.http]'],
  // URLs.
  ['GET a.te|st/x y', 'url: http://a.test/x%20y [a.test/x y]'],
  ['@h = https://b.test\nGET {{h}}/p|ath#part', 'url: https://b.test/path [{{h}}/path#part]'],
  ['GET /p|ath\nHost: c.test', 'url: http://c.test/path [/path]'],
  ['GET http://a.test/?k={{key}}&|x', 'url: http://a.test/?k=***&x [http://a.test/?k={{key}}&x]'],
  ['GET http://a.test/?k={{%key}}&|x', 'url: http://a.test/?k=***&x [http://a.test/?k={{%key}}&x]'],
  ['GET http://a.test/{{gone}}/|x', 'url: variable-undefined [http://a.test/{{gone}}/x]'],
  ['GET ftp://|a.test', 'url: scheme-unsupported [ftp://a.test]'],
  ['GET http://한국.te|st/길', 'url: http://xn--3e0b707e.test/%EA%B8%B8 [http://한국.test/길]'],
  // Nothing.
  ['###|', 'nothing'], ['# a com|ment', 'nothing'], [`POST http://a.test\n\n{"a"|: 1}`, 'nothing'], ['|', 'nothing'],
];

const login = '\nGET http://a.test\n###\n# @name login\nPOST {{host}}/login\n';
cases.push(
  [`# @ref lo|gin${login}`, 'needed: login 5 [login]'], [`# @forceRef log|in${login}`, 'needed: login 5 always [login]'],
  [`# @ref sh|op${login}`, 'needed: shop [shop]'], [`# @ref no|body${login}`, 'needed: ? [nobody]'],
  [`# @timeout 5| s${login}`, 'nothing'],
);

describe('hover', () => {
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} → ${expected}`, () => assert.equal(shortly(text), expected));
  }

  it('says what becomes of a URL', () => {
    const address = (text: string) => {
      const found = hover(text)?.hover;
      assert.equal(found?.kind, 'url');
      return found.address;
    };
    assert.equal(address('GET a.te|st').schemeAdded, true);
    assert.equal(address('GET http://a.te|st').schemeAdded, false);
    assert.equal(address('GET http://a.te|st').encoded, false);
    assert.equal(address('GET http://a.te|st/a b').encoded, true);
    assert.equal(address('GET http://u:p@a.te|st').credentials, true);
    assert.equal(address('GET http://u:p@a.te|st').url, 'http://a.test/');
    assert.equal(address('GET http://a.te|st/#x').fragment, '#x');
    assert.equal(address('GET /|x\nHost: b.test').fromHost, true);
    assert.equal(address('GET /|x\nHost: b.test').origin, 'http://b.test');
    assert.deepEqual(address('GET {{a}}/{{b}}/|').undefinedNames, ['a', 'b']);
    assert.equal(address('GET http://a.test\n  /pa|th\n  ?q=1').url, 'http://a.test/path?q=1');
  });
});
