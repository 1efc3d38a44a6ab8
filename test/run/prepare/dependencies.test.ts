import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import { nameOf, requestNamed, sendNeeded } from '../../../src/run/prepare/dependencies.ts';

/** What is sent for a request, in order, and what keeps it back. */
async function needs(
  input: string, name: string,
  { answered = [], failing = [], other = '' }: { answered?: string[]; failing?: string[]; other?: string } = {},
): Promise<{ sent: string[]; fault?: string }> {
  const file = parse(input);
  const imported = other === '' ? [] : [{ uri: 'file:///other.http', file: parse(other) }];
  const request = file.requests.find((one) => nameOf(one) === name)!;
  const sent: string[] = [];
  const known = new Set(answered);
  const fault = await sendNeeded({ request, file, uri: 'file:///a.http' }, {
    importsOf: async (_, uri) => uri === 'file:///a.http' ? imported : [],
    hasResponse: async (needed) => known.has(nameOf(needed.request)!),
    send: async (needed) => {
      const found = nameOf(needed.request)!;
      sent.push(needed.uri === 'file:///a.http' ? found : `other ${found}`);
      known.add(found);
      return !failing.includes(found);
    },
  });
  if (!fault) return { sent };
  return { sent, fault: `${fault.code} ${fault.range.start.line} ${fault.places.path ?? fault.places.name}` };
}

const get = (
  name: string, ...lines: string[]
): string => `### \n# @name ${name}\n${lines.map((line) => `# @${line}\n`).join('')}GET http://a.test/${name}\n\n`;

describe('what a request needs first', () => {
  it('is sent when it has no response yet', async () => {
    const input = get('login') + get('me', 'ref login');
    assert.deepEqual(await needs(input, 'me'), { sent: ['login'] });
    assert.deepEqual(await needs(input, 'me', { answered: ['login'] }), { sent: [] });
    assert.deepEqual(await needs(input, 'login'), { sent: [] });
  });

  it('is always sent when forced', async () => {
    for (const key of ['forceRef', 'force-ref']) {
      assert.deepEqual(
        await needs(get('login') + get('me', `${key} login`), 'me', { answered: ['login'] }), { sent: ['login'] },
      );
    }
  });

  it('is sent with what it needs itself, each once, deepest first', async () => {
    const input = get('a') + get('b', 'ref a') + get('c', 'ref a', 'force-ref b') + get(
      'd', 'ref b', 'ref c', 'force-ref a',
    );
    assert.deepEqual(await needs(input, 'd'), { sent: ['a', 'b', 'c'] });
    assert.deepEqual(await needs(input, 'd', { answered: ['b', 'c'] }), { sent: ['a'] });
  });

  it('may be in an imported file, under any of its spellings (C15)', async () => {
    const other = get('log-in');
    assert.deepEqual(await needs(get('me', 'ref logIn'), 'me', { other }), { sent: ['other log-in'] });
    assert.deepEqual(await needs(get('log-in') + get('me', 'ref log_in'), 'me', { other }), { sent: ['log-in'] });
  });

  const faults: [string, string, string, string[], string][] = [
    ['an unknown name', get('me', 'ref login'), 'me', [], 'ref-unknown 2 login'],
    ['a circle', get('a', 'ref b') + get('b', 'ref c') + get('c', 'ref b'), 'a', [], 'ref-cycle 2 b → c → b'],
    ['itself', get('a', 'ref a'), 'a', [], 'ref-cycle 2 a → a'],
    ['what gets no response', get('login') + get('mid', 'ref login') + get('me', 'ref mid'), 'me', ['login'], 'ref-failed 11 login'],
  ];
  for (const [title, input, name, failing, fault] of faults) {
    it(`cannot be ${title}`, async () => assert.equal((await needs(input, name, { failing })).fault, fault));
  }
});

describe('requestNamed', () => {
  const file = parse(`${get('one')}### Two words\nGET http://a.test/\n\n${get('one')}`);
  const imported = [{ uri: 'file:///b.http', file: parse(get('one') + get('three')) }];
  const cases: [string, string | undefined][] = [
    ['one', 'file:///a.http 10'], ['TwoWords', 'file:///a.http 6'], ['three', 'file:///b.http 7'], ['four', undefined],
  ];
  for (const [name, expected] of cases) {
    it(`finds ${name}`, () => {
      const found = requestNamed(name, file, 'file:///a.http', imported);
      assert.equal(found && `${found.uri} ${found.request.line}`, expected);
    });
  }
});
