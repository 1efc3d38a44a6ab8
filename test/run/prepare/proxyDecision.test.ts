import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { PrepareContext } from '../../../src/run/prepare/prepare.ts';

describe('the proxy of a request', () => {
  /** The proxy, the rule that decided, and the codes of problems. */
  async function decided(text: string, context: Partial<PrepareContext> = {}): Promise<string> {
    const file = parse(text);
    const result = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => 'id', ...context,
    });
    const { proxy, proxyDecision: decision } = result.ok ? result.spec.options : {};
    const rule = decision && `${decision.rule.name} ${decision.rule.outcome}`;
    const codes = [...file.problems, ...result.problems].map(({ code }) => code);
    return [proxy ?? 'direct', rule, ...codes].filter(Boolean).join(', ');
  }

  const get = 'GET http://a.example/\n';
  const setting = { proxies: { setting: 'http://p.test' } };
  const cases: [title: string, text: string, context: Partial<PrepareContext>, expected: string][] = [
    ['is not decided where nobody names one', get, {}, 'direct'],
    ['is its own', `# @proxy http://q.test\n${get}`, setting, 'http://q.test, @proxy chosen'],
    ['may hold variables', `@port = 81\n# @proxy q.test:{{port}}\n${get}`, setting, 'http://q.test:81, @proxy chosen'],
    ['may be a chain', `# @proxy q.test,socks5h://r.test\n${get}`, setting, 'http://q.test, socks5h://r.test, @proxy chosen'],
    ['may be none', `# @no-proxy\n${get}`, setting, 'direct, @no-proxy direct'],
    ['is the last that is written', `# @no-proxy\n# @proxy q.test\n${get}`, setting, 'http://q.test, @proxy chosen'],
    ['is the setting\'s else', get, setting, 'http://p.test, roundtrip.proxy.url chosen'],
    ['is what the command line said', get, { options: { proxy: 'http://r.test' } }, 'http://r.test, --proxy chosen'],
    ['is ignored where the workspace is not trusted', `# @proxy q.test\n${get}`, { ...setting, trusted: false }, 'http://p.test, roundtrip.proxy.url chosen, proxy-ignored'],
    ['keeps a request back when it is none', `# @proxy ftp://q.test\n${get}`, setting, 'direct, proxy-unsupported'],
  ];
  for (const [title, text, context, expected] of cases) {
    it(title, async () => assert.equal(await decided(text, context), expected));
  }
});
