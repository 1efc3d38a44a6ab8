import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';

import { record } from '../../src/trace/record.ts';
import { maskExchange, maskSpec } from '../../src/trace/secrets.ts';
import { createSecretMask, mask, maskExchangeSecrets } from '../../src/trace/secretValues.ts';
import { source } from './events.ts';

describe('secret values', () => {
  const secrets = createSecretMask(['p@ss wörd/1', 'a%41b', 'abc', 'long-token', 'token', 'MyHost', 'say "hi"\n'])!;
  const table: [string, string][] = [
    ['nothing here', 'nothing here'], ['p@ss wörd/1', mask], ['한글 p@ss wörd/1 한글', `한글 ${mask} 한글`],
    ['/x?q=p%40ss%20w%C3%B6rd%2f1&y', `/x?q=${mask}&y`], ['/x?q=p@ss%20w%c3%b6rd/1', `/x?q=${mask}`], ['q=p%40ss+w%C3%B6rd%2F1', `q=${mask}`],
    ['a%41b aAb a%2541b', `${mask} aAb ${mask}`], ['abc is short', 'abc is short'], ['long-token', mask], ['tokentoken', mask + mask],
    ['http://myhost.test/', `http://${mask}.test/`], ['{"a":"say \\"hi\\"\\n"}', `{"a":"${mask}"}`], ['X: say "hi"', `X: ${mask}`],
    ['100% long-token%', `100% ${mask}%`], ['%zz%4', '%zz%4'],
    [`Basic ${Buffer.from('u:long-token').toString('base64')}`, `Basic ${mask}`],
    [`Basic ${Buffer.from('u:other').toString('base64')}`, `Basic ${Buffer.from('u:other').toString('base64')}`],
  ];
  for (const [text, expected] of table) it(`are masked in ${JSON.stringify(text)}`, () =>
    equal(secrets.text(text), expected));

  it('of fewer than four characters are left', () => equal(createSecretMask(['abc', '']), undefined));

  it('are masked in bytes, text or not', () => {
    deepEqual(Buffer.from(secrets.bytes(Buffer.from('{"a":"token"}'))).toString(), `{"a":"${mask}"}`);
    deepEqual(
      [...secrets.bytes(Buffer.from([0xff, ...Buffer.from('token'), 0xfe]))], [0xff, 0x2a, 0x2a, 0x2a, 0x2a, 0x2a, 0xfe],
    );
  });

  it('are masked in place, so that nothing moves', () => {
    const shown = (text: string) => Buffer.from(secrets.inPlace(Buffer.from(text))).toString();
    equal(shown('a token %74oken 한글'), 'a ***** ******* 한글');
    const credentials = Buffer.from('u:long-token').toString('base64');
    equal(shown(`"Basic ${credentials}"`), `"Basic ${'*'.repeat(credentials.length)}"`);
    const bytes = Buffer.from('nothing');
    equal(secrets.inPlace(bytes), bytes);
  });

  it('take the octets of DNS messages with them, in which a name is written otherwise', () => {
    const messages = { queryBytes: 'AAAA', answerBytes: 'BBBB' };
    const step = (name: string) => ({
      startAt: 0, at: 1, source: 'name-server' as const, question: { name, type: 'A' }, outcome: 'answered' as const,
      ...messages,
    });
    const exchange = record({
      ...source, spec: { ...source.spec, secrets: ['token'] }, connection: { id: 'c1', events: [
        { type: 'dns-start', at: 0, name: 'token.test' }, { type: 'dns-step', at: 1, step: step('test') },
        { type: 'dns-step', at: 1, step: step('token.test') },
      ] },
    });
    for (const shown of [maskExchangeSecrets(exchange), maskExchange(exchange)]) {
      const [plain, masked] = shown.connection?.lookup?.steps ?? [];
      deepEqual(plain, step('test'));
      const { queryBytes, answerBytes, ...rest } = step(`${mask}.test`);
      deepEqual(masked, rest);
    }
  });

  it('take linear time', () => {
    const before = process.cpuUsage();
    for (const text of ['%', 'toke', 'basic ', 'Basic AAAA', 'token%']) secrets.text(text.repeat(100_000));
    ok(process.cpuUsage(before).user < 3000_000);
  });

  const spec = {
    ...source.spec, url: 'http://h.test/long-token?q=long%2Dtoken', secrets: ['long-token'],
    headers: [['X-Mine', 'is long-token']] as const, body: [{ kind: 'bytes', bytes: Buffer.from('k=long-token') }] as const,
  };

  it('are nowhere in an exchange that is shown, and neither is the list of them', () => {
    const exchange = record({ ...source, spec });
    const text = (value: unknown) => JSON.stringify(value, (_, part) =>
      part instanceof Uint8Array ? Buffer.from(part).toString() : part as unknown);
    match(text(exchange), /long-token/);
    for (const shown of [maskExchangeSecrets(exchange), maskExchange(exchange)]) {
      doesNotMatch(text(shown), /long.{1,3}token|"secrets"/);
      equal(shown.id, exchange.id);
      equal(shown.events.length, exchange.events.length);
    }
    doesNotMatch(text(maskSpec(spec)), /long.{1,3}token/);
    equal(spec.secrets.length, 1);
  });

  it('cost nothing where there are none', () => {
    const exchange = record(source);
    equal(maskExchangeSecrets(exchange), exchange);
  });
});
