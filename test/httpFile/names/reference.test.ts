import assert from 'node:assert/strict';
import {
  parseFallbackReference, parseReference, referencedName,
} from '../../../src/httpFile/names/reference.ts';
import type { ResponseReference } from '../../../src/httpFile/names/reference.ts';

/** `request part of path as`, and that every piece stands where it says. */
function shown(expression: string, reference: ResponseReference | undefined): string | undefined {
  if (!reference) return undefined;
  const { request, part, of, path, as, pieces } = reference;
  const at = ({ offset, length }: { offset: number; length: number }) =>
    expression.slice(offset, offset + length);
  assert.equal(at(pieces.request), request);
  assert.equal(at(pieces.path), path);
  if (pieces.of) assert.match(at(pieces.of), /^(body|headers?|cookies?|status(Code)?|code|parsedBody)$/);
  return [request, part, of, path, ...(as ? [as] : [])].join(' | ');
}

describe('parseReference', () => {
  const cases: [string, string | undefined][] = [
    ['login.response.body.$.token', 'login | response | body | $.token'],
    ['login.response.body.$', 'login | response | body | $'],
    ["login.response.body.$['a b'][0]", "login | response | body | $['a b'][0]"],
    ['login.response.body.$.items[?@.response.body == 1].x', 'login | response | body | $.items[?@.response.body == 1].x'],
    ['login.response.body.//user/@id', 'login | response | body | //user/@id'],
    ['login.response.body./a/b', 'login | response | body | /a/b'],
    ['login.response.body.*', 'login | response | body | *'],
    ['login.response.body', 'login | response | body | '],
    ['login.response', 'login | response | body | '],
    ['login.response.body.data.token', 'login | response | body | data.token'],
    ['login.response.headers.Location', 'login | response | headers | Location'],
    ['login.response.headers.X-Id', 'login | response | headers | X-Id'],
    ["login.response.headers['Content-Type']", 'login | response | headers | Content-Type'],
    ['login.response.headers["Date"]', 'login | response | headers | Date'],
    ["login.response.headers['Date'][0]", 'login | response | headers | Date'],
    ['login.response.headers.get("Date")', 'login | response | headers | Date'],
    ['login.response.cookies.sid', 'login | response | cookies | sid'],
    ['login.response.cookies.sid.value', 'login | response | cookies | sid'],
    ['login.response.cookies.a.b.value', 'login | response | cookies | a.b'],
    ['login.response.cookies.value', 'login | response | cookies | value'],
    ["login.response.cookies['s id'].value", 'login | response | cookies | s id'],
    ['login.response.status', 'login | response | status | '],
    ['login.response.statusCode', 'login | response | status | '],
    ['login.request.body.$.user', 'login | request | body | $.user'],
    ['login.request.headers.Accept', 'login | request | headers | Accept'],
    ['login.response.asJson.$.a', 'login | response | body | $.a | json'],
    ['login.response.asJson.body.$.a', 'login | response | body | $.a | json'],
    ['login.response.body.asJson.$.a', 'login | response | body | $.a | json'],
    ['login.response.body.asXml.//a', 'login | response | body | //a | xml'],
    ['login.response.body.asjson', 'login | response | body |  | json'],
    ['get-user.one.response.status', 'get-user.one | response | status | '],
    ['로그인.response.body.$.토큰', '로그인 | response | body | $.토큰'],
    ['login', undefined],
    ['login.token', undefined],
    ['.response.body', undefined],
    ['a b.response.body', undefined],
    ['$random.response.x', undefined],
    ['login.response.', undefined],
    ['login.response.what', undefined],
    ['login.response.bodyx', undefined],
    ['login.responses.body', undefined],
    ['login.response.headers', undefined],
    ['login.response.headers.', undefined],
    ["login.response.headers['Date", undefined],
    ["login.response.headers['Date'].x", undefined],
    ['login.response.headers.A B', undefined],
    ['login.response.status.x', undefined],
    ['login.response.cookies.sid.path', 'login | response | cookies | sid.path'],
    [`${'a.'.repeat(600)}response.body`, undefined],
  ];
  for (const [expression, expected] of cases) {
    it(`reads ${expression.slice(0, 60)}`, () =>
      assert.equal(shown(expression, parseReference(expression)), expected));
  }

  it('takes linear time for any text', () => {
    const started = process.cpuUsage().user;
    for (let at = 0; at < 20_000; at++) parseReference('a.'.repeat(499));
    assert.ok(process.cpuUsage().user - started < 5e6);
  });
});

describe('parseFallbackReference', () => {
  const isName = (name: string) => name === 'login' || name === 'me';
  const cases: [string, string | undefined][] = [
    ['login.token', 'login | response | body | token | json'],
    ['login.items[0].id', 'login | response | body | items[0].id | json'],
    ["login['a-b']", "login | response | body | ['a-b'] | json"],
    ['loginResponse.body', 'login | response | body | '],
    ['loginResponse.parsedBody.token', 'login | response | body | token | json'],
    ['loginResponse.statusCode', 'login | response | status | '],
    ['loginResponse.headers.location', 'login | response | headers | location'],
    ["loginResponse.headers['location']", 'login | response | headers | location'],
    ['other.token', undefined],
    ['otherResponse.body', undefined],
    ['login', undefined],
    ['login + 1', undefined],
    ['$guid', undefined],
  ];
  for (const [expression, expected] of cases) {
    it(`reads ${expression}`, () =>
      assert.equal(shown(expression, parseFallbackReference(expression, isName)), expected));
  }
});

describe('referencedName', () => {
  const names = ['get-user', 'getUser2', 'get_all', 'Create Order', 'a.b'];
  const cases: [string, string | undefined][] = [
    ['get-user', 'get-user'], ['getUser', 'get-user'], ['get_user', 'get-user'], ['getUser2', 'getUser2'],
    ['get_all', 'get_all'], ['CreateOrder', 'Create Order'], ['Create_Order', 'Create Order'],
    ['aB', 'a.b'], ['a_b', 'a.b'], ['a.b', 'a.b'], ['GetUser', undefined], ['user', undefined],
  ];
  for (const [written, name] of cases) {
    it(`${written} means ${name}`, () => assert.equal(referencedName(written, names), name));
  }
  it('prefers the exact name', () => assert.equal(referencedName('aB', ['a-b', 'aB']), 'aB'));
});
