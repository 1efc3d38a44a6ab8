import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import { parseResolve } from '../../../src/run/prepare/prepareNames.ts';
import type { SendOptions } from '../../../src/trace/request.ts';

async function prepared(lines: string, trusted = true): Promise<{ options?: SendOptions; codes: string[] }> {
  const file = parse(`@address = 127.0.0.9\n###\n${lines}\nGET http://shop.test/\n`);
  const request = file.requests.find(({ url }) => url.includes('shop'))!;
  const result = await prepare(request, {
    file, uri: 'file:///work/a.http', directory: '/work', folder: '/work', trusted, newId: () => 'id', options: {},
  } as unknown as Parameters<typeof prepare>[1]);
  const codes = result.problems.map(({ code }) => code);
  return result.ok ? { options: result.spec.options, codes } : { codes };
}

describe('how names become addresses, as a request says', () => {
  it('walks from the root on a new connection', async () => {
    const { options, codes } = await prepared('# @dns trace');
    assert.deepEqual([options?.dns, options?.forceNewConnection, codes], ['trace', true, []]);
  });

  it('takes addresses for a host and port, several of them, with variables', async () => {
    const { options } = await prepared('# @resolve shop.test:80:{{address}}\n# @resolve *:443:[::1],127.0.0.1');
    assert.deepEqual(options?.resolve, [
      { host: 'shop.test', port: 80, addresses: ['127.0.0.9'] }, { host: '*', port: 443, addresses: ['::1', '127.0.0.1'] },
    ]);
    assert.equal(options?.forceNewConnection, undefined);
  });

  it('asks a server by its address, over TLS or HTTPS, in a trusted folder only', async () => {
    for (const server of ['192.0.2.1', '[::1]:53, ::2', 'tls://192.0.2.1#dns.test', 'https://dns.test/dns-query']) {
      const { options } = await prepared(`# @dns ${server}`);
      assert.deepEqual([options?.dns, options?.forceNewConnection], [server, undefined]);
      const untrusted = await prepared(`# @dns ${server}`, false);
      assert.deepEqual([untrusted.options?.dns, untrusted.codes], [undefined, ['resolve-ignored']]);
    }
  });

  it('sends nothing when it does not understand', async () => {
    assert.deepEqual(await prepared('# @dns elsewhere'), { codes: ['dns-unsupported'] });
    assert.deepEqual(await prepared('# @resolve shop.test:127.0.0.1'), { codes: ['resolve-invalid'] });
  });

  it('leaves where names lead alone in a folder that nobody trusts', async () => {
    const { options, codes } = await prepared('# @resolve shop.test:80:127.0.0.9\n# @dns trace', false);
    assert.deepEqual([options?.resolve, options?.dns, codes], [undefined, 'trace', ['resolve-ignored']]);
  });

  const readings: [text: string, expected: ReturnType<typeof parseResolve>][] = [
    ['a.test:80:127.0.0.1', { host: 'a.test', port: 80, addresses: ['127.0.0.1'] }],
    ['+a.test:80:127.0.0.1', { host: 'a.test', port: 80, addresses: ['127.0.0.1'] }],
    ['a.test:80:::1', { host: 'a.test', port: 80, addresses: ['::1'] }],
    ['a.test:80:[::1],[::2]', { host: 'a.test', port: 80, addresses: ['::1', '::2'] }],
    ['-a.test:80', undefined], ['a.test:80:', undefined], ['a.test:80:b.test', undefined], ['a.test:0:127.0.0.1', undefined],
    ['a.test:65536:127.0.0.1', undefined], ['a.test:80:127.0.0.1,', undefined], [':80:127.0.0.1', undefined],
  ];
  for (const [text, expected] of readings) {
    it(`reads ${text}`, () => assert.deepEqual(parseResolve(text), expected));
  }
});
