import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import type { Definition } from '../../../src/httpFile/names/origin.ts';
import type { Environment, EnvironmentEntry } from '../../../src/run/environments/environment.ts';
import { labNames, labValue } from '../../../src/run/prepare/labNames.ts';
import { outerNames } from '../../../src/run/prepare/names.ts';
import type { PrepareContext } from '../../../src/run/prepare/preparation.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import { reachedNames, usesLab } from '../../../src/run/prepare/reachedNames.ts';
import { resolveRequest } from '../../../src/run/prepare/resolveRequest.ts';

/** An environment of `layer name value`, what counts most first. */
function environment(...written: string[]): Environment {
  const entries = new Map<string, EnvironmentEntry[]>();
  for (const one of written) {
    const [layer, name, value] = one.split(' ') as [EnvironmentEntry['layer'], string, string];
    const entry = {
      value, layer, environment: 'dev', source: `${layer}.json`, line: 1,
      secret: layer === 'private' || layer === 'dotenv',
    };
    entries.set(name, [...entries.get(name) ?? [], entry]);
  }
  return { name: 'dev', entries, problems: [] };
}

function context(given: Partial<PrepareContext> = {}): PrepareContext {
  return {
    file: parse(''), uri: 'file:///p/a.http', directory: '/p/a', options: {}, trusted: true, newId: () => 'id',
    processEnv: { HOME: '/home', API_TOKEN: 't0ken' }, ...given,
  };
}

/** What a name stands for after the file's variables: `kind value`, or `kind code` when it has none. */
function shown({ origin, value }: Definition): string {
  return `${origin.kind === 'environment' ? origin.layer : origin.kind} ${typeof value === 'string' ? value : value.code}`;
}

describe('outer names', () => {
  const dev = environment(
    'private t secret', 'public t open', 'shared t all', 'dotenv t env', 'public which HOME', 'public users.0.name Ada',
  );
  const table: [string, string[]][] = [
    ['t', ['private secret', 'public open', 'shared all', 'dotenv env']], ['$shared t', ['shared all']],
    ['users[0].name', ['public Ada']], ['users.0.name', ['public Ada']], ['users', []],
    ['$processEnv HOME', ['process /home']], ['process.env.HOME', ['process /home']], ['$env.HOME', ['process /home']],
    ['$processEnv %which', ['process /home']], ['$processEnv %nothing', ['process variable-undefined']],
    ['$processEnv NONE', ['process process-variable-undefined']], ['$processEnv constructor', ['process process-variable-undefined']],
    ['HOME', []], ['$dotenv t', ['dotenv env']], ['$dotenv users.0.name', ['dynamic dotenv-variable-undefined']],
    ['$projectRoot', ['dynamic /p']], ['$historyFolder', ['dynamic history-folder-unsupported']],
    ['$exampleServer', ['dynamic example-server-unsupported']], ['$aadToken new', ['dynamic token-unsupported']],
    ['$aadV2Token appOnly', ['dynamic token-unsupported']], ['$oidcAccessToken', ['dynamic token-unsupported']],
    ['$auth.token("id")', ['dynamic token-not-fetched']], ['$auth.token(id)', ['dynamic token-unsupported']], ['$lab.http', ['lab lab-not-running']],
    ['$lab.nothing', ['lab lab-variable-unknown']], ['login.response.body.$.id', ['response response-not-sent']], ['unknown', []],
  ];
  for (const [name, expected] of table) {
    it(`{{${name}}} is ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(outerNames(context({ environment: dev, root: '/p' })).after(name).map(shown), expected);
    });
  }

  it('read nothing of the machine in a workspace that is not trusted', () => {
    const { after } = outerNames(context({ trusted: false }));
    for (const name of ['$processEnv HOME', 'process.env.HOME', '$dotenv t']) {
      assert.match(shown(after(name)[0]!), / environment-untrusted$/);
    }
  });

  it('put arguments and answers before everything', () => {
    const { before } = outerNames(context({
      arguments: new Map([['a', '1'], ['password', '2']]),
      gathered: { prompts: new Map([['a', '3'], ['b', '4']]), others: new Map(), secrets: new Set(['b']) },
    }));
    assert.deepEqual(['a', 'password', 'b', 'c'].map((name) => {
      const found = before!(name);
      return found && `${shown(found)}${found.secret ? ' secret' : ''}`;
    }), ['argument 1', 'argument 2 secret', 'prompt 4 secret', undefined]);
  });

  it('can all be listed, each as it counts', () => {
    const all = outerNames(context({ environment: dev, arguments: new Map([['t', 'given']]) })).all!();
    const of = (name: string) => all.filter((one) => one.name === name).map(shown);
    assert.deepEqual(
      [of('t'), of('which'), of('$lab.http'), of('$guid').length], [['argument given'], ['public HOME'], ['lab lab-not-running'], 1],
    );
  });
});

describe('names of the machine', () => {
  it('are listed without values, and only where the workspace is trusted', () => {
    const dev = environment('dotenv KEY 1', 'public open 2', 'private KEY 3');
    const { keys } = outerNames(context({ environment: dev }));
    assert.deepEqual([keys!('process'), keys!('dotenv')], [['API_TOKEN', 'HOME'], ['KEY']]);
    const untrusted = outerNames(context({ environment: dev, trusted: false }));
    assert.deepEqual([untrusted.keys!('process'), untrusted.keys!('dotenv')], [[], []]);
  });
});

describe('names of a request', () => {
  const file = parse('@a = {{b}}\n@unused = {{c}}\nGET http://{{a}}/{{%q}}\nX: {{$guid}}\n\n{{$processEnv HOME}}');
  const request = file.requests[0]!;
  const dev = environment('public b {{$lab.host}}', 'public c x');

  it('are those it reaches', () => {
    assert.deepEqual(
      [...reachedNames(request, { file, environment: dev })], ['a', 'b', '$lab.host', 'q', '$guid', '$processEnv HOME'],
    );
    assert.ok(usesLab(request, { file, environment: dev }));
    assert.ok(!usesLab(request, { file }));
  });

  it('are put in for looking at, what has no value staying as it is', () => {
    const { url, headers, body, problems } = resolveRequest(request, { ...context({ environment: dev }), file });
    assert.equal(url, 'http://{{a}}/{{%q}}');
    assert.match(headers[0]![1], /^[0-9a-f-]{36}$/);
    assert.deepEqual(body.map((segment) => segment.kind === 'text' && segment.text), ['/home']);
    assert.deepEqual(
      problems.map(({ code, range }) => `${code} ${range.start.character}`),
      ['lab-not-running 11', 'variable-undefined 17'],
    );
  });
});

describe('a request with secrets', () => {
  const written = parse('GET http://h.test/{{key}}?q={{%key}}\nX: {{open}}').requests[0]!;
  const dev = environment('private key abc/def', 'public open hello', 'private other unused');

  it('names those that went into it', async () => {
    const prepared = await prepare(written, context({ environment: dev }));
    assert.deepEqual(prepared.ok && prepared.spec.secrets, ['abc/def']);
    const without = await prepare(parse('GET http://h.test/').requests[0]!, context({ environment: dev }));
    assert.equal(without.ok && without.spec.secrets, undefined);
  });

  it('cannot be sent with them from a workspace that is not trusted', async () => {
    const prepared = await prepare(written, context({ environment: dev, trusted: false }));
    assert.deepEqual(
      prepared.problems.map(({ code }) => code),
      ['variable-undefined-untrusted', 'variable-undefined-untrusted', 'variable-undefined-untrusted'],
    );
  });

  it('is told of without them when something is wrong', async () => {
    const wrong = parse('GET http://[{{key}}/\nX: {{key}}é가').requests[0]!;
    const prepared = await prepare(wrong, context({ environment: environment('private key sesame') }));
    assert.equal(prepared.ok, false);
    assert.ok(prepared.problems.length > 0);
    assert.doesNotMatch(JSON.stringify(prepared.problems.map(({ code, places }) => [code, places])), /sesame/);
    assert.match(JSON.stringify(prepared.problems.map(({ places }) => places)), /•••/);
  });

  it('is sent without verification when its environment says so (C34)', async () => {
    const prepared = await prepare(written, context({ environment: { ...dev, verify: false } }));
    assert.equal(prepared.ok && prepared.spec.options.verify, false);
  });
});

describe('a name that the lab does not have', () => {
  it('is answered with all that it has', () => {
    const fault = labValue('$lab.nothing', undefined);
    const choices = typeof fault === 'string' ? '' : String(fault.places?.['choices']);
    const [, , ...withPort] = choices.split(', ');
    const all = ['$lab.host', '$lab.dnsPort', ...withPort.flatMap((name) => [name, `${name}Port`])];
    assert.deepEqual(all.toSorted(), labNames.toSorted());
  });
});
