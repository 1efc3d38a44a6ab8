import assert from 'node:assert/strict';
import {
  explainProxyDecision, explainSocksReply, formatProxies, isProxyNotable, schemesAsked,
} from '../../src/explain/proxies.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { ProxySources } from '../../src/trace/proxyDecision.ts';
import { withoutCredentials } from '../../src/trace/proxyDecision.ts';
import { decidedOptions } from '../../src/wire/proxy/decision.ts';
import { specOf } from '../wire/http/support.ts';

/** An exchange that was decided from these sources. */
function exchangeOf(url: string, proxySources: ProxySources): Exchange {
  const spec = specOf(url, { options: decidedOptions({ proxySources }, url) });
  return { id: '1', startedAt: 0, startAt: 0, spec, reused: false, cookies: { sent: [], received: [] }, events: [] };
}

const editor = { proxy: 'http://u:s3cret@p.test:1', support: 'override', noProxy: ['b.test'], strictSsl: true };

/** `http.proxy` is empty. */
const none = { ...editor, proxy: '' };

describe('what is said of proxies', () => {
  const cases: [url: string, sources: ProxySources, said: RegExp, isNotable: boolean][] = [
    ['http://a.test/', { request: {} }, /^Without a proxy: nothing names one\.$/, false],
    ['http://a.test/', { request: { proxy: 'http://u:s3cret@p.test' } }, /^Through `http:\/\/p\.test`, as `# @proxy`/, true],
    ['http://a.test/', { request: { direct: true } }, /^Without a proxy, as `@no-proxy` says/, true],
    ['http://a.test/', { commandLine: { proxy: 'socks5h://p.test' } }, /`socks5h:\/\/p\.test`, as `--proxy` of the command line/, true],
    ['http://a.test/', { setting: 'p.test' }, /the setting `roundtrip\.proxy\.url`/, true],
    ['http://a.test/', { editor }, /the editor’s setting `http\.proxy`/, true],
    ['http://a.test/', { editor: { ...editor, authorization: 'Basic s3cret' } }, /`http\.proxy` says\. It is sent `Proxy-Authorization` as `http\.proxyAuthorization` says\.$/, true],
    ['http://a.test/', { editor: { ...editor, authorization: 's3cret\n.' } }, /is not sent to it: it holds characters/, true],
    ['http://a.test/', { editor: { ...editor, proxy: 'socks5://p.test', authorization: 's3cret' } }, /is not sent to it: SOCKS has no fields/, true],
    ['http://a.test/', { editor: none }, /^Without a proxy: nothing names one\. The editor itself may use a PAC file/, false],
    ['http://a.test/', { editor: none, environment: { HTTP_PROXY: 'p.test' } }, /not read in capitals.* may use a PAC file/, true],
    ['http://a.test/', { editor: none, environment: { http_proxy: 'p.test' } }, /the environment variable `http_proxy` says\.$/, true],
    ['http://a.test/', { editor: { ...none, support: 'off' } }, /^Without a proxy: nothing names one\.$/, false],
    ['http://x.b.test/', { editor: none }, /^Without a proxy: nothing names one\.$/, false],
    ['http://localhost/', { editor: none }, /^Without a proxy: nothing names one\.$/, false],
    ['http://x.b.test/', { editor }, /`http\.noProxy` excepts `x\.b\.test` by its entry `b\.test`/, true],
    ['http://a.test/', { editor: { ...editor, support: 'off' } }, /`http\.proxySupport` is `off`/, true],
    ['http://localhost/', { editor }, /`localhost` is this machine, for which `http\.proxy`/, true],
    ['https://lab.test/', { environment: { HTTPS_PROXY: 'p.test' } }, /the lab’s name `lab\.test`, so `HTTPS_PROXY`/, true],
    ['https://a.test/', { environment: { HTTPS_PROXY: 'p.test' } }, /the environment variable `HTTPS_PROXY`/, true],
    ['http://a.test/', { environment: { HTTP_PROXY: 'p.test' } }, /`HTTP_PROXY` is not read in capitals/, true],
  ];
  for (const [url, sources, said, isNotable] of cases) {
    it(`says ${said.source}`, () => {
      const exchange = exchangeOf(url, sources);
      assert.match(explainProxyDecision(exchange, 'en') ?? '', said);
      assert.equal(isProxyNotable(exchange), isNotable);
      for (const language of languages) assert.doesNotMatch(
        explainProxyDecision(exchange, language) ?? '', /\{\w+\}|s3cret/,
      );
    });
  }

  it('says to whom a typed Proxy-Authorization goes', () => {
    const cases: [sources: ProxySources, said: RegExp][] = [
      [{ request: {} }, /nothing names one\. `Proxy-Authorization` of the request goes to the server itself/],
      [{ request: { proxy: 'http://u:s3cret@p.test' } }, /`Proxy-Authorization` of the request goes to `http:\/\/p\.test`/],
      [{ request: { proxy: 'http://p.test, http://q.test, socks5://r.test' } }, /of the request goes to `http:\/\/q\.test`/],
      [{ request: { proxy: 'socks5://p.test' } }, /of the request is left out: .* SOCKS has no fields/],
      [{ editor: { ...editor, authorization: 'Basic s3cret' } }, /says\. `Proxy-Authorization` of the request goes to `http:\/\/p\.test:1` as it is written\.$/],
    ];
    for (const [sources, said] of cases) {
      const { spec, ...exchange } = exchangeOf('http://a.test/', sources);
      const typed = { ...exchange, spec: { ...spec, headers: [['proxy-authorization', 'Basic x']] as const } };
      assert.match(explainProxyDecision(typed, 'en') ?? '', said);
      assert(isProxyNotable(typed));
      for (const language of languages) assert.doesNotMatch(
        explainProxyDecision(typed, language) ?? '', /\{\w+\}|s3cret/,
      );
    }
  });

  it('says nothing where nobody decided', () => {
    const exchange = exchangeOf('http://a.test/', {});
    assert.equal(explainProxyDecision({ ...exchange, spec: specOf('http://a.test/') }, 'en'), undefined);
  });

  const challenges: [values: string[], expected: string[]][] = [
    [['Basic realm="a, b"'], ['Basic']], [['Basic realm=x, Digest realm="y", nonce="z", qop=auth', 'NTLM'], ['Basic', 'Digest', 'NTLM']],
    [['Negotiate, NTLM'], ['Negotiate', 'NTLM']], [['Negotiate YII= , Basic realm="\\", Fake x"'], ['Negotiate', 'Basic']], [[''], []],
  ];
  for (const [values, expected] of challenges) {
    it(`finds ${expected.join()} in ${values.join(' | ')}`, () => {
      assert.deepEqual(schemesAsked(values.map((value) => ['proxy-authenticate', value])), expected);
    });
  }

  it('knows the replies of SOCKS, and says when a code has no meaning', () => {
    const known = [0, 1, 2, 3, 4, 5, 6, 7, 8, 90, 91, 92, 93].map((reply) => explainSocksReply(reply, 'en'));
    assert.equal(new Set(known).size, known.length);
    assert.match(explainSocksReply(99, 'en'), /99/);
  });

  it('shows proxies without credentials, whatever they hold', () => {
    assert.equal(formatProxies('http://u:p@a.test:1/, socks5://x@b.test'), 'a.test:1 → socks5://b.test');
    const hidden = [
      'http://u:s3cret@a', 'u:s3cret@a', 'http://u:s3/cret@a', 'http://u:s3@cret@a',
      'socks5://s3cret@a, http://:s3cret@b', 'http://s3,cret@a',
    ];
    for (const one of hidden) assert.doesNotMatch(withoutCredentials(one), /s3|cret/, one);
  });
});
