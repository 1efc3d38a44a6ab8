import assert from 'node:assert/strict';
import { parseReference } from '../../../src/httpFile/names/reference.ts';
import { evaluateReference } from '../../../src/run/responses/responses.ts';
import type { RecordedExchange } from '../../../src/run/responses/responses.ts';
import type { FieldLine } from '../../../src/trace/request.ts';

function recorded(content: string | Uint8Array, headers: FieldLine[] = [], statusCode = 200): RecordedExchange {
  return {
    request: {
      method: 'POST', url: 'http://a.test/', headers: [['Accept', 'text/plain'], ['Cookie', 'a=1; b=2']],
      content: Buffer.from('{"user":"ada"}'),
    },
    response: { statusCode, headers, content: Buffer.from(content) },
  };
}

/** The value, or `code` of the fault. */
async function value(expression: string, exchange: RecordedExchange): Promise<string> {
  const reference = parseReference(expression);
  assert.ok(reference, expression);
  const result = await evaluateReference(reference, exchange);
  return typeof result === 'string' ? result : `! ${result.code}`;
}

const json: FieldLine[] = [['Content-Type', 'application/json']];
const xml: FieldLine[] = [['content-type', 'text/xml']];
const login = '{"token":"t0","user":{"name":"에이다","age":36},"list":[1,2,3],"big":12345678901234567890,"none":null,"yes":true,"a b":{"c":"d"}}';
const soap = '<?xml version="1.0"?><s:Envelope xmlns:s="urn:s" xmlns="urn:d"><s:Body><id kind="x">7</id><id>8</id><deep><a>1</a>&lt;</deep></s:Body></s:Envelope>';

describe('evaluateReference', () => {
  const found: [string, string][] = [
    ['$.token', 't0'], ['$.user.name', '에이다'], ['$.user', '{"name":"에이다","age":36}'], ['$.list', '[1,2,3]'],
    ['$.list[1]', '2'], ['$.list[-1]', '3'], ['$.list[*]', '1'], ["$['a b'].c", 'd'], ['$.none', 'null'],
    ['$.yes', 'true'], ['$..name', '에이다'], ['$.big', '12345678901234567890'], ['user.age', '36'],
    ['$.x', '! response-path-none'], ['$.list[9]', '! response-path-none'], ['$[', '! response-path-invalid'],
    ['//x', '! response-not-xml'], ['asJson.user.name', '에이다'], ["asJson['a b'].c", 'd'],
    ['asXml.//a', '! response-not-xml'], ['*', login],
  ];
  for (const [path, expected] of found) {
    it(`finds ${path} in JSON`, async () =>
      assert.equal(await value(`n.response.body.${path}`, recorded(login, json)), expected));
  }

  it('needs no media type for JSON', async () =>
    assert.equal(await value('n.response.body.$.token', recorded(login)), 't0'));
  it('keeps the digits of numbers inside', async () =>
    assert.equal(await value('n.response.body.$', recorded('{"a":[9007199254740993,1]}')), '{"a":[9007199254740993,1]}'));
  it('gives the whole body as it is', async () =>
    assert.equal(await value('n.response.body', recorded('plain\ntext')), 'plain\ntext'));
  it('says that a body is not JSON', async () =>
    assert.equal(await value('n.response.body.$.a', recorded('<a/>', xml)), '! response-not-json'));

  const xpaths: [string, string][] = [
    ["//*[local-name()='id']", '7'], ["//*[local-name()='id']/@kind", 'x'], ['string(//@kind)', 'x'],
    ['count(//s:Body/*)', '3'], ["//s:Body/*[3]", '<a xmlns="urn:d">1</a>&lt;'], ["//*[local-name()='none']", '! response-path-none'],
    ['//*[', '! response-path-invalid'], ['//x:a', '! response-path-invalid'], ["/s:Envelope/s:Body/*[2]/text()", '8'],
  ];
  for (const [path, expected] of xpaths) {
    it(`finds ${path} in XML`, async () =>
      assert.equal(await value(`n.response.body.${path}`, recorded(soap, xml)), expected));
  }

  it('neither expands nor fetches entities', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "boo"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>';
    const file = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';
    assert.equal(await value('n.response.body.//a', recorded(bomb, xml)), '! response-not-xml');
    assert.equal(await value('n.response.body.//a', recorded(file, xml)), '! response-not-xml');
    assert.equal(
      await value('n.response.body.//a', recorded('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a>1</a>', xml)), '1',
    );
  });

  it('reads the charset of the header, else of the XML declaration', async () => {
    const euckr = Buffer.from([0xb6, 0xca, 0xb9, 0xe6]);
    const korean: FieldLine[] = [['Content-Type', 'text/plain; charset=EUC-KR']];
    assert.equal(await value('n.response.body', recorded(euckr, korean)), '똘방');
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1');
    assert.equal(await value('n.response.body./a', recorded(latin, xml)), 'é');
    assert.equal(await value('n.response.body.$.a', recorded(Buffer.from('\ufeff{"a":1}'), json)), '1');
    assert.equal(await value('n.response.body.*', recorded(Buffer.from([0xff, 0xfe, 0, 0x80]))), '! response-binary');
  });

  const fields: FieldLine[] = [
    ['Location', '/next'], ['X-A', '1'], ['x-a', '2'], ['Set-Cookie', 'sid=abc; Path=/; HttpOnly'], ['set-cookie', 'b=x=y'],
  ];
  const parts: [string, string][] = [
    ['response.headers.location', '/next'], ["response.headers['X-A']", '1, 2'], ['response.headers.X-B', '! response-header-missing'],
    ['response.headers.Set-Cookie', 'sid=abc; Path=/; HttpOnly'], ['response.cookies.sid', 'abc'], ['response.cookies.sid.value', 'abc'],
    ['response.cookies.b.value', 'x=y'], ['response.cookies.SID', '! response-cookie-missing'], ['response.status', '302'],
    ['request.body.$.user', 'ada'], ['request.headers.accept', 'text/plain'], ['request.cookies.b', '2'], ['request.status', '! response-none'],
  ];
  for (const [rest, expected] of parts) {
    it(`finds ${rest}`, async () => assert.equal(await value(`n.${rest}`, recorded('', fields, 302)), expected));
  }

  it('finds cookies that a redirect set', async () => {
    const exchange = {
      ...recorded('', []), redirects: [[['Set-Cookie', 'sid=old'] as const], [['Set-Cookie', 'sid=new'] as const]],
    };
    assert.equal(await value('n.response.cookies.sid', exchange), 'new');
  });

  it('has limits, and says when they are met', async () => {
    const large = { ...recorded('{}', json).response!, contentSize: 11 * 1024 * 1024 };
    assert.equal(await value('n.response.body.$.a', { ...recorded(''), response: large }), '! response-too-large');
    assert.equal(
      await value('n.response.body.$.a', {
        ...recorded(''), response: { ...large, contentSize: 100 },
      }), '! response-content-gone',
    );
    const long = JSON.stringify({ a: 'x'.repeat(1024 * 1024 + 1) });
    assert.equal(await value('n.response.body.$.a', recorded(long, json)), '! response-value-too-large');
    const { response: _, ...unanswered } = recorded('');
    assert.equal(await value('n.response.body', unanswered), '! response-none');
  });

  it('ends a path that would take for ever', async () => {
    const body = JSON.stringify({ list: [`${'a'.repeat(60)}!`] });
    assert.equal(
      await value('n.response.body.$.list[?match(@, "(a+)+b")]', recorded(body, json)), '! response-path-slow',
    );
  }).timeout(30_000);
});
