import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { decidedOptions, decideProxy } from '../../../src/wire/proxy/decision.ts';
import type { ProxySources } from '../../../src/trace/proxyDecision.ts';
import { proxyEnvironment } from '../../../src/trace/proxyDecision.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { createOpened } from '../../support/sockets.ts';

const own = 'http://127.0.0.1:3128';
const proxy = 'http://proxy.example:8080';

/** The editor's settings, `http.proxy` being set unless said otherwise. */
function editor(more: Partial<NonNullable<ProxySources['editor']>> = {}): ProxySources['editor'] {
  return { proxy, support: 'override', noProxy: [], strictSsl: true, ...more };
}

describe('deciding between proxies', () => {
  /** What is decided, as `proxy source name outcome [matched]`. */
  function decided(url: string, sources: ProxySources): string {
    const decision = decideProxy({ url, sources });
    assert.ok(decision.rule.source === 'none' || decision.considered.at(-1) === decision.rule);
    const { source, name, outcome, matched } = decision.rule;
    return [decision.proxy ?? 'direct', source, name, outcome, matched].filter(Boolean).join(' ');
  }

  const cases: [title: string, url: string, sources: ProxySources, expected: string][] = [
    ['nobody is asked', 'http://a.example/', {}, 'direct none not-set'],
    ['nobody names one', 'http://a.example/', { request: {}, setting: '', editor: editor({ proxy: '' }), environment: {} }, 'direct none not-set'],
    ['the request', 'http://a.example/', { request: { proxy: own }, setting: proxy }, `${own} request @proxy chosen`],
    ['the request wants none', 'http://a.example/', { request: { direct: true }, setting: proxy }, 'direct request @no-proxy direct'],
    ['the command line', 'http://a.example/', { request: {}, commandLine: { proxy: own }, environment: { http_proxy: proxy } }, `${own} command-line --proxy chosen`],
    ['the command line wants none', 'http://a.example/', { commandLine: { direct: true }, environment: { http_proxy: proxy } }, 'direct command-line --no-proxy direct'],
    ['our own before the editor\'s', 'http://a.example/', { setting: ` ${own} `, editor: editor() }, `${own} setting roundtrip.proxy.url chosen`],
    ['our own, also for this machine', 'http://localhost:3000/', { setting: own, editor: editor() }, `${own} setting roundtrip.proxy.url chosen`],
    ['our own, but for what is excepted', 'http://x.a.example/', { setting: own, editor: editor({ noProxy: ['a.example'] }) }, 'direct setting http.noProxy excluded a.example'],
    ['the editor\'s', 'https://a.example/', { editor: editor() }, `${proxy} editor http.proxy chosen`],
    ['the editor\'s is off, and so is the environment', 'https://a.example/', { editor: editor({ support: 'off' }), environment: { all_proxy: own } }, 'direct editor http.proxySupport off'],
    ['off with nothing to switch off', 'https://a.example/', { editor: editor({ support: 'off', proxy: '' }), environment: {} }, 'direct none not-set'],
    ['the editor\'s leaves localhost alone', 'http://localhost:3000/', { editor: editor() }, 'direct editor http.proxy this-machine'],
    ['… and 127.0.0.0/8', 'http://127.0.0.2/', { editor: editor() }, 'direct editor http.proxy this-machine'],
    ['… and ::1', 'http://[::1]:80/', { editor: editor() }, 'direct editor http.proxy this-machine'],
    ['… and the lab', 'https://shop.lab.test:8443/', { editor: editor() }, 'direct editor http.proxy lab'],
    ['a name that only ends the same', 'https://slab.test.example/', { editor: editor() }, `${proxy} editor http.proxy chosen`],
    ['excepted with a dot', 'http://x.a.example/', { editor: editor({ noProxy: ['.a.example'] }) }, 'direct editor http.noProxy excluded .a.example'],
    ['excepted with a star', 'http://x.a.example/', { editor: editor({ noProxy: ['b.example', '*.a.example'] }) }, 'direct editor http.noProxy excluded *.a.example'],
    ['not on a dot boundary', 'http://xa.example/', { editor: editor({ noProxy: ['a.example'] }) }, `${proxy} editor http.proxy chosen`],
    ['everything excepted', 'http://a.example/', { editor: editor({ noProxy: ['b.example', '*'] }) }, 'direct editor http.noProxy excluded *'],
    ['excepted with its port', 'https://a.example/', { editor: editor({ noProxy: ['a.example:443'] }) }, 'direct editor http.noProxy excluded a.example:443'],
    ['another port', 'https://a.example/', { editor: editor({ noProxy: ['a.example:8443'] }) }, `${proxy} editor http.proxy chosen`],
    ['an empty exception', 'https://a.example/', { editor: editor({ noProxy: [''] }) }, `${proxy} editor http.proxy chosen`],
    ['http.noProxy holds for the environment', 'http://a.example/', { editor: editor({ proxy: '', noProxy: ['a.example'] }), environment: { http_proxy: own } }, 'direct editor http.noProxy excluded a.example'],
    ['the environment', 'https://a.example/', { setting: '', editor: editor({ proxy: '' }), environment: { HTTPS_PROXY: own } }, `${own} environment HTTPS_PROXY chosen`],
    ['the environment leaves this machine alone', 'http://localhost/', { environment: { http_proxy: own } }, 'direct environment http_proxy this-machine'],
    ['the environment leaves the lab alone', 'http://lab.test/', { environment: { all_proxy: own } }, 'direct environment all_proxy lab'],
    ['capitals are not read for http', 'http://a.example/', { environment: { HTTP_PROXY: own } }, 'direct none not-set'],
    ['NO_PROXY with a port, beyond curl', 'http://a.example:81/', { environment: { http_proxy: own, NO_PROXY: 'a.example:80 a.example:81' } }, 'direct environment NO_PROXY excluded a.example:81'],
    ['NO_PROXY with an address in brackets, beyond curl', 'http://[2001:db8::1]:81/', { environment: { http_proxy: own, no_proxy: '[2001:db8::1]:81' } }, 'direct environment no_proxy excluded [2001:db8::1]:81'],
    // Of IPv6, curl 7.88 compares the text.
    ['NO_PROXY with IPv6 in another spelling', 'http://[2001:db8::7]/', { environment: { http_proxy: own, no_proxy: '2001:0db8:0:0::7' } }, 'direct environment no_proxy excluded 2001:0db8:0:0::7'],
    ['NO_PROXY with a block of IPv6', 'http://[2001:db8::7]/', { environment: { http_proxy: own, no_proxy: '2001:db8::/32' } }, 'direct environment no_proxy excluded 2001:db8::/32'],
    ['NO_PROXY with every address', 'http://192.0.2.1/', { environment: { http_proxy: own, no_proxy: '0.0.0.0/0' } }, 'direct environment no_proxy excluded 0.0.0.0/0'],
    ['NO_PROXY in Unicode', 'http://x.한국.example/', { environment: { http_proxy: own, no_proxy: '한국.example' } }, 'direct environment no_proxy excluded 한국.example'],
  ];
  for (const [title, url, sources, expected] of cases) {
    it(title, () => assert.equal(decided(url, sources), expected));
  }

  it('tells every source that was asked, without credentials', () => {
    const { considered } = decideProxy({
      url: 'http://a.example/',
      sources: { request: {}, setting: '', editor: editor({ proxy: '' }), environment: { http_proxy: 'socks5h://me:s3cret@p.example, http://u:p@w@q.example', no_proxy: 'a.example' } },
    });
    assert.deepEqual(considered, [
      { source: 'request', name: '@proxy', outcome: 'not-set' },
      { source: 'setting', name: 'roundtrip.proxy.url', outcome: 'not-set' },
      { source: 'editor', name: 'http.proxy', outcome: 'not-set' },
      { source: 'environment', name: 'no_proxy', outcome: 'excluded', proxy: 'socks5h://p.example, http://q.example', matched: 'a.example' },
    ]);
  });

  it('says when capitals were not read', () => {
    const { considered } = decideProxy({ url: 'http://a.example/', sources: { environment: { HTTP_PROXY: own } } });
    assert.deepEqual(considered, [{ source: 'environment', name: 'HTTP_PROXY', outcome: 'upper-case', proxy: own }]);
  });

  it('stops verifying behind the editor\'s proxy only when the editor does, and verifies again beyond it', () => {
    const options = { verify: true, proxySources: { editor: editor({ strictSsl: false, noProxy: ['b.example'] }) } };
    const first = decidedOptions(options, 'https://a.example/');
    assert.deepEqual([first.proxy, first.verify], [proxy, false]);
    const next = decidedOptions(first, 'https://b.example/');
    assert.deepEqual([next.proxy, next.verify], [undefined, true]);
    assert.equal(decidedOptions({ proxySources: { editor: editor() } }, 'https://a.example/').verify, undefined);
  });

  it('sends the editor\'s credentials to the editor\'s proxy only, and stops beyond it', () => {
    const mine = 'Bearer s3cret';
    const sources = { editor: editor({ authorization: mine, noProxy: ['b.example'] }) };
    const first = decidedOptions({ proxySources: sources }, 'https://a.example/');
    assert.deepEqual([first.proxy, first.proxyAuthorization], [proxy, mine]);
    assert.equal(first.proxyDecision?.rule.authorization, 'sent');
    assert.doesNotMatch(JSON.stringify(first.proxyDecision), /s3cret/);
    for (const url of ['https://b.example/', 'http://localhost/', 'https://lab.test/']) {
      assert.equal(decidedOptions(first, url).proxyAuthorization, undefined, url);
    }
    for (const other of [{ request: { proxy: own } }, { commandLine: { proxy: own } }, { setting: own }]) {
      assert.equal(decidedOptions({ proxySources: { ...sources, ...other } }, 'https://a.example/').proxyAuthorization, undefined);
    }
    const fromEnvironment = { editor: editor({ proxy: '', authorization: mine }), environment: { https_proxy: own } };
    const byEnvironment = decidedOptions({ proxySources: fromEnvironment }, 'https://a.example/');
    assert.deepEqual([byEnvironment.proxy, byEnvironment.proxyAuthorization], [own, undefined]);
  });

  const unsent: [written: string, proxy: string, expected: string | undefined][] = [
    ['Basic a\r\nX: y', proxy, 'invalid'], ['Basic ä', proxy, 'invalid'], ['Basic a', 'socks5://p.example', 'socks'],
    ['', proxy, undefined], ['  ', proxy, undefined],
  ];
  for (const [authorization, named, expected] of unsent) {
    it(`does not send ${JSON.stringify(authorization)} to ${named}`, () => {
      const sources = { editor: editor({ proxy: named, authorization }) };
      const { proxyAuthorization, proxyDecision } = decidedOptions({ proxySources: sources }, 'https://a.example/');
      assert.deepEqual([proxyAuthorization, proxyDecision?.rule.authorization], [undefined, expected]);
    });
  }

  it('takes of an environment what it says of proxies only', () => {
    assert.deepEqual(proxyEnvironment({ HOME: '/', http_proxy: 'a', NO_PROXY: '' }), { http_proxy: 'a', NO_PROXY: '' });
  });
});

describe('deciding between proxies of the environment, as curl', function () {
  this.timeout(120_000);
  const opened = createOpened();
  let curl: string;
  let direct: number;
  let proxied: number;
  let seen: string[];

  before(async function () {
    curl = debianOrSkip(this, 'curl', 'curl');
    const serve = (name: string): Promise<number> => opened.serve(createServer((socket) => {
      seen.push(name);
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
    }));
    [direct, proxied] = [await serve('direct'), await serve('proxy')];
  });
  after(() => opened.close());

  /** Whether curl goes to the proxy: wherever else it wants to go, it gets to the direct server. */
  async function asked(url: string, environment: Record<string, string>): Promise<string> {
    seen = [];
    const words = ['-s', '-o', '/dev/null', '--max-time', '5', '--connect-to', `::127.0.0.1:${direct}`, '-q', url];
    await new Promise<void>((resolve) => {
      execFile(curl, words, { env: { PATH: process.env['PATH'], ...environment } }, () => resolve());
    });
    assert.equal(new Set(seen).size, 1, `${url} was asked of ${seen.join()}`);
    return seen[0]!;
  }

  const http = 'http://a.example/';
  const https = 'https://a.example/';
  const P = 'P';
  const cases: [url: string, environment: Record<string, string>][] = [
    [http, {}], [http, { http_proxy: P }], [http, { HTTP_PROXY: P }], [http, { https_proxy: P }], [http, { HTTPS_PROXY: P }],
    [https, { https_proxy: P }], [https, { HTTPS_PROXY: P }], [https, { http_proxy: P }],
    [http, { all_proxy: P }], [https, { ALL_PROXY: P }], [http, { http_proxy: '', ALL_PROXY: P }],
    [http, { http_proxy: P, no_proxy: '*' }], [http, { http_proxy: P, no_proxy: 'b.example,*' }],
    [http, { http_proxy: P, NO_PROXY: 'a.example' }], [http, { http_proxy: P, no_proxy: '', NO_PROXY: 'a.example' }],
    [http, { http_proxy: P, no_proxy: 'b.example', NO_PROXY: 'a.example' }],
    [http, { http_proxy: P, no_proxy: '.a.example' }], [http, { http_proxy: P, no_proxy: 'A.EXAMPLE.' }],
    [http, { http_proxy: P, no_proxy: 'example' }], [http, { http_proxy: P, no_proxy: '.' }],
    ['http://x.a.example/', { http_proxy: P, no_proxy: 'a.example' }],
    ['http://x.a.example/', { http_proxy: P, no_proxy: '.a.example' }],
    ['http://xa.example/', { http_proxy: P, no_proxy: 'a.example' }],
    ['http://a.example./', { http_proxy: P, no_proxy: 'a.example' }],
    [http, { http_proxy: P, no_proxy: 'b.example, a.example' }], [http, { http_proxy: P, no_proxy: 'b.example a.example' }],
    [http, { http_proxy: P, no_proxy: 'x.a.example' }], [http, { http_proxy: P, no_proxy: 'a.example.org' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '192.0.2.7' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '192.0.2.0/24' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '192.0.2.8/29' }],
    ['http://192.0.2.9/', { http_proxy: P, no_proxy: '192.0.2.8/29' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '192.0.2.7/32' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '192.0.2.0/33' }],
    ['http://192.0.2.7/', { http_proxy: P, no_proxy: '2.7' }], ['http://192.0.2.7/', { http_proxy: P, no_proxy: '.2.7' }],
    ['http://[2001:db8::7]/', { http_proxy: P, no_proxy: '2001:db8::7' }],
    ['http://[2001:db9::7]/', { http_proxy: P, no_proxy: '2001:db8::/32' }],
    [http, { http_proxy: P, no_proxy: '192.0.2.0/24' }], [http, { http_proxy: P, no_proxy: 'a.example:81' }],
  ];
  for (const [url, written] of cases) {
    it(`${url} with ${JSON.stringify(written)}`, async () => {
      const environment = Object.fromEntries(Object.entries(written)
        .map(([name, value]) => [name, value === P ? `http://127.0.0.1:${proxied}` : value]));
      const { proxy: chosen } = decideProxy({ url, sources: { environment } });
      assert.equal(chosen === undefined ? 'direct' : 'proxy', await asked(url, environment));
    });
  }
});
