import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { PrepareContext, Prepared } from '../../src/run/prepare/prepare.ts';
import { askingOnce, isSecretName, promptIn, promptsOf } from '../../src/run/prompts.ts';
import type { Prompt } from '../../src/run/prompts.ts';

describe('prompts', () => {
  const secret: [string, boolean][] = [
    ['password', true], ['userPassword', true], ['API_KEY', true], ['apiKey', true], ['key', true], ['monkey', false],
    ['PIN', true], ['spinning', false], ['pinned', false], ['otp', true], ['accessToken', true], ['passwort', true],
    ['비밀번호', true], ['관리자 암호를 입력', true], ['Your secret?', true], ['city', false], ['', false], ['desktop', false],
  ];
  for (const [name, expected] of secret) {
    it(`${name} ${expected ? 'is' : 'is no'} secret`, () => assert.equal(isSecretName(name), expected));
  }

  const expressions: [string, Prompt | undefined][] = [
    ['$input', { name: 'input', secret: false, remembered: true }],
    ['$input Your city', { name: 'Your city', description: 'Your city', secret: false, remembered: true }],
    ['$input "Your city" $value: Seoul', { name: 'Your city', description: 'Your city', secret: false, remembered: true, value: 'Seoul' }],
    ['$input-askonce city $value: {"a":1}', { name: 'city', description: 'city', secret: false, remembered: true, value: '{"a":1}' }],
    ['$input Admin token', { name: 'Admin token', description: 'Admin token', secret: true, remembered: true }],
    ['$prompt who', { name: 'who', description: 'who', secret: false, remembered: true }],
    ['$password', { name: 'password', secret: true, remembered: false }],
    ['$password of ada', { name: 'of ada', description: 'of ada', secret: true, remembered: false }],
    ['$pick Which? $value: one, "two three",,', { name: 'Which?', description: 'Which?', secret: false, remembered: true, choices: ['one', 'two three'] }],
    ['$inputs x', undefined], ['$guid', undefined], ['input', undefined],
  ];
  for (const [expression, expected] of expressions) {
    it(`reads ${expression}`, () => assert.deepEqual(promptIn(expression), expected));
  }

  it('reads the metadata of a request', () => {
    const [request] = parse(
      '# @prompt user Who are you?\n# @prompt pin\n# @secret code\n# @prompt\nGET http://a.test/',
    ).requests;
    assert.deepEqual(promptsOf(request!), [
      { name: 'user', description: 'Who are you?', secret: false, remembered: true },
      { name: 'pin', secret: true, remembered: true }, { name: 'code', secret: true, remembered: true },
    ]);
  });

  it('are asked once for each file, but for passwords', async () => {
    const asked: string[] = [];
    const asking = askingOnce(async (_, { name }) => {
      asked.push(name);
      return `${name}!`;
    });
    for (const expression of ['$input city', '$password', '$input city', '$password']) {
      assert.ok((await asking('file:///a.http')(promptIn(expression)!))!.endsWith('!'));
    }
    await asking('file:///b.http')(promptIn('$input city')!);
    assert.deepEqual(asked, ['city', 'password', 'password', 'city']);
  });
});

describe('a request with prompts', () => {
  function prepared(input: string, context: Partial<PrepareContext> = {}): Promise<Prepared> {
    const file = parse(input);
    return prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => 'id', ...context,
    });
  }

  /** Answers with the name in angle brackets. */
  function answering(): { asked: string[]; ask: (prompt: Prompt) => Promise<string> } {
    const asked: string[] = [];
    return {
      asked,
      ask: async ({ name }) => {
        asked.push(name);
        return `<${name}>`;
      },
    };
  }

  async function headersOf(input: string, context: Partial<PrepareContext>): Promise<string[]> {
    const result = await prepared(input, context);
    assert.ok(result.ok, JSON.stringify(result.problems));
    return result.spec.headers.map(([, value]) => value);
  }

  it('asks what it reaches, in the order of its metadata, each once', async () => {
    const { asked, ask } = answering();
    const input = '@w = {{b}}-{{$input c}}\n# @prompt a\n# @prompt b\n# @prompt unused\nGET http://x.test/\nX: {{w}} {{a}} {{b}}\nY: {{$input c}}';
    assert.deepEqual(await headersOf(input, { ask }), ['<b>-<c> <a> <b>', '<c>']);
    assert.deepEqual(asked, ['a', 'b', 'c']);
  });

  it('prefers the answer to a variable of the file (C9), and an argument to asking', async () => {
    const { asked, ask } = answering();
    const input = '@a = file\n# @prompt a\nGET http://x.test/\nX: {{a}}\nY: {{$input What city}}';
    assert.deepEqual(await headersOf(input, { ask }), ['<a>', '<What city>']);
    const given = new Map([['a', '1'], ['What city', '2']]);
    assert.deepEqual(await headersOf(input, { ask, arguments: given }), ['1', '2']);
    assert.deepEqual(asked, ['a', 'What city']);
  });

  it('sends nothing when the user would rather not, and says no more', async () => {
    assert.deepEqual(await prepared('# @prompt a\nGET http://x.test/{{a}}', { ask: async () => undefined }),
      { ok: false, problems: [], cancelled: 'question' });
  });

  it('says when nobody can be asked', async () => {
    const { ok, problems } = await prepared('# @prompt a\nGET http://x.test/{{a}}{{$password p}}');
    assert.equal(ok, false);
    assert.deepEqual(
      problems.map(({ code, places }) => [code, places.name]), [['prompt-unanswered', 'a'], ['prompt-unanswered', 'p']],
    );
  });

  it('asks nothing when it cannot be sent anyway', async () => {
    const { asked, ask } = answering();
    const { problems } = await prepared('# @prompt a\nGET http://x.test/{{a}}/{{undefined}}', { ask });
    assert.deepEqual([problems.map(({ code }) => code), asked], [['variable-undefined'], []]);
  });

  it('keeps what was typed unseen among the secrets', async () => {
    const { ask } = answering();
    const result = await prepared(
      '# @prompt user\n# @secret code\nGET http://x.test/\nX: {{user}} {{code}} {{$password p}}', { ask },
    );
    assert.ok(result.ok);
    assert.deepEqual([...result.spec.secrets ?? []].sort(), ['<code>', '<p>']);
  });

  it('with a note is sent only when it is confirmed', async () => {
    const notes: string[] = [];
    const confirm = (answer: boolean) => async (note: string) => {
      notes.push(note);
      return answer;
    };
    const input = '# @note This deletes everything.\nDELETE http://x.test/';
    assert.equal((await prepared(input, { confirm: confirm(true) })).ok, true);
    assert.deepEqual(await prepared(input, { confirm: confirm(false) }), {
      ok: false, problems: [], cancelled: 'note',
    });
    assert.equal((await prepared('# @note\nGET http://x.test/{{no}}', { confirm: confirm(true) })).ok, false);
    assert.deepEqual(notes, ['This deletes everything.', 'This deletes everything.']);
  });
});

describe('sending anyway', () => {
  async function sent(input: string): Promise<Prepared> {
    const file = parse(input);
    return prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', options: {}, trusted: true, newId: () => 'id', sendAnyway: true,
    });
  }

  it('keeps names that nobody knows as they are written (C22)', async () => {
    const result = await sent('@w = a{{x}}b\nPOST http://x.test/{{x}}?q={{%y}}\nA: {{w}}\n\n{{z}} {{w}}');
    assert.ok(result.ok, JSON.stringify(result.problems));
    const [part] = result.spec.body!;
    assert.equal(result.spec.url, 'http://x.test/%7B%7Bx%7D%7D?q={{%y}}');
    assert.deepEqual(result.spec.headers, [['A', 'a{{x}}b']]);
    assert.equal(part!.kind === 'bytes' && Buffer.from(part!.bytes).toString(), '{{z}} a{{x}}b');
  });

  const refused: [string, string][] = [
    ['# @name a\nGET http://x.test/{{a.response.body.$.b}}', 'response-not-sent'], ['GET {{$lab.http}}/{{x}}', 'lab-not-running'],
    ['# @prompt a\nGET http://x.test/{{a}}', 'prompt-unanswered'], ['@a = {{b}}\n@b = {{a}}\nGET http://x.test/{{a}}', 'variable-cycle'],
    ['GET http://x.test/{{$randomInt 5 1}}', 'dynamic-arguments'],
  ];
  for (const [input, code] of refused) {
    it(`still refuses ${JSON.stringify(input)}`, async () => {
      const { ok, problems } = await sent(input);
      assert.deepEqual([ok, problems.map((one) => one.code)], [false, [code]]);
    });
  }
});
