import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import { createScope } from '../../../src/httpFile/names/scope.ts';
import type { Definition, NameOrigin } from '../../../src/httpFile/names/origin.ts';
import type { OuterNames, Scope, ScopeOptions } from '../../../src/httpFile/names/scope.ts';

interface Given extends ScopeOptions {
  readonly file: string;
  /** Counts from 0. */
  readonly line?: number;
  readonly before?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, readonly string[]>>;
  readonly secret?: Readonly<Record<string, string>>;
}

const origin: NameOrigin = { kind: 'environment', layer: 'public', environment: 'dev', source: 'env.json' };

/** Environment values are templates; what counts most stands first in its list. */
function scopeOf({ file, line = 99, before = {}, environment = {}, secret = {}, ...options }: Given): Scope {
  const outer: OuterNames = {
    before: (name): Definition | undefined => Object.hasOwn(before, name)
      ? { name, origin: { kind: 'argument' }, value: before[name]!, secret: false } : undefined,
    after: (name): Definition[] => [
      ...(Object.hasOwn(secret, name)
        ? [{ name, origin, written: secret[name]!, value: secret[name]!, secret: true }] : []),
      ...(Object.hasOwn(environment, name) ? environment[name]! : [])
        .map((written) => ({ name, origin, written, value: written, secret: false })),
    ],
  };
  return createScope(parse(file), line, outer, options);
}

/** The text with its names put in, or the codes of why that cannot be. */
function check(given: Given, text: string, expected: string): void {
  const { text: resolved, faults } = scopeOf(given).resolve(text);
  const codes = faults.map(({ code, places }) => `${code}(${Object.values(places).join()})`);
  assert.equal(codes.length > 0 ? codes.join(' ') : resolved, expected);
}

describe('precedence (C9)', () => {
  const file = '@v = file';
  const environment = { v: ['private', 'public'] };

  it('is arguments, file, environment', () => {
    check({ file, environment, before: { v: 'argument' } }, '{{v}}', 'argument');
    check({ file, environment }, '{{v}}', 'file');
    check({ file: '', environment }, '{{v}}', 'private');
  });

  it('holds for names inside values, too', () => {
    check({ file: '@a = {{v}}', environment, before: { v: 'argument' } }, '{{a}}', 'argument');
    check({ file: '@v = file', environment: { e: ['{{v}}!'] } }, '{{e}}', 'file!');
  });

  it('puts nothing into an argument', () => check({ file, before: { a: '{{v}}' } }, '{{a}}', '{{v}}'));

  it('takes the file’s last definition when asked to (C8)', () => {
    const two = '@v = 1\n###\nGET /\n###\n@v = 2';
    check({ file: two, line: 2 }, '{{v}}', '1');
    check({ file: two, line: 2, last: true }, '{{v}}', '2');
    check({ file: '@v = 1\n@v = {{v}}2\n@v = {{v}}3', line: 0, last: true }, '{{v}}', '123');
  });

  it('lets a definition that names itself mean the one it shadows', () => {
    check({ file: '@v = {{v}}/file', environment }, '{{v}}', 'private/file');
    check({ file: '@v = {{v}}/file' }, '{{v}}', 'variable-undefined-itself(v)');
    check({ file: '@v = {{v}}1\n@v = {{v}}2', line: 3 }, '{{v}}', 'variable-undefined-itself(v)');
    check({ file: '', environment: { v: ['{{v}}+1', '{{v}}+2', 'base'] } }, '{{v}}', 'base+2+1');
    check({ file: '', environment: { v: ['{{v}}'] } }, '{{v}}', 'variable-cycle(v → v)');
    check({ file: '@a = {{b}}\n@b = {{a}}', environment: { a: ['outside'] } }, '{{a}}', 'variable-cycle(a → b → a)');
  });

  it('finds cycles between environment and file', () =>
    check({ file: '@a = {{b}}', environment: { b: ['{{a}}'] } }, '{{b}}', 'variable-cycle(b → a → b)'));
});

describe('limits', () => {
  it('are 32 levels through environments', () => {
    const environment = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`v${at}`, [`{{v${at + 1}}}`]]));
    check({ file: '@v40 = end', environment }, '{{v10}}', 'end');
    check({ file: '@v40 = end', environment }, '{{v0}}', 'variable-too-deep(v32,32)');
  });

  it('are 1 MiB for an environment’s value', () => {
    const environment = { v: ['x'.repeat(1024)], w: ['{{v}}'.repeat(1025)] };
    check({ file: '', environment }, '{{w}}', 'variable-too-large(w)');
  });
});

describe('escapes (C37)', () => {
  it('are those of files only, and can be switched off', () => {
    check({ file: '@v = a\\tb', environment: { e: ['a\\tb'] } }, '{{v}}{{e}}', 'a\tba\\tb');
    check({ file: '@v = C:\\new', escapes: false }, '{{v}}', 'C:\\new');
  });
});

describe('sending anyway (C22)', () => {
  it('leaves names without a value as they are written, also inside values', () => {
    check({ file: '@a = x{{no}}', keepUndefined: true }, '{{a}}/{{no}}/{{%no}}', 'x{{no}}/{{no}}/{{%no}}');
  });

  it('leaves a name that only its own variable needs', () =>
    check({ file: '@a = {{a}}', keepUndefined: true }, '{{a}}', '{{a}}'));

  it('still refuses cycles', () =>
    check({ file: '@a = {{b}}\n@b = {{a}}', keepUndefined: true }, '{{a}}', 'variable-cycle(a → b → a)'));
});

describe('definitionsOf', () => {
  const given: Given = {
    file: '@v = 1\n@w = {{v}}\n@v = {{v}}2\n###\nGET /\n###\n@v = 3',
    line: 4, before: { a: 'argument' }, environment: { v: ['{{host}}', 'public'], a: ['x'], host: ['h'] },
  };

  it('gives what counts first, then what it shadows, each with its value', () => {
    const found = scopeOf(given).definitionsOf('v');
    assert.deepEqual(found.map(({ value, written, origin: { kind } }) => `${kind} ${written} = ${value as string}`), [
      'file {{v}}2 = 12', 'file 1 = 1', 'file 3 = 3', 'environment {{host}} = h', 'environment public = public',
    ]);
    assert.deepEqual(scopeOf(given).definitionsOf('%a').map(({ value }) => value), ['argument', 'x']);
    assert.deepEqual(scopeOf(given).definitionsOf('no'), []);
  });

  it('evaluates what is shadowed without harm to what counts', () => {
    const scope = scopeOf({ file: '@w = {{v}}!\n@v = 1', environment: { v: ['{{w}}', '{{v}}+', 'base'] } });
    assert.deepEqual(scope.definitionsOf('v').map(({ value }) => value), ['1', '1!', 'base+', 'base']);
    assert.equal(scope.resolve('{{w}}').text, '1!');
    const cycle = scopeOf({ file: '@v = 1', environment: { v: ['{{v}}'] } }).definitionsOf('v')[1]!.value;
    assert.deepEqual(cycle, { code: 'variable-cycle', places: { path: 'v → v' } });
  });

  it('says which are secret, also by what is in them', () => {
    const scope = scopeOf({ file: '@auth = Bearer {{token}}\n@other = 1', secret: { token: 'abcd' } });
    assert.deepEqual(
      ['auth', 'token', 'other'].map((name) => scope.definitionsOf(name)[0]!.secret), [true, true, false],
    );
  });

  it('gives a few of many', () => {
    const file = Array.from({ length: 100_000 }, (_, at) => `@v = ${at}`).join('\n');
    const found = scopeOf({ file, line: 50_000 }).definitionsOf('v');
    assert.deepEqual([found.length, found[0]!.value, found[1]!.value], [16, '50000', '49999']);
  });
});

describe('secretsUsed', () => {
  it('are the secret values that went into texts', () => {
    const scope = scopeOf({
      file: '@auth = {{token}}', secret: { token: '{{part}}-1', other: 'unused' }, environment: { part: ['abc'] },
    });
    assert.deepEqual(scope.secretsUsed(), []);
    scope.resolve('GET {{auth}}');
    scope.resolve('GET {{auth}} {{%token}}');
    assert.deepEqual(scope.secretsUsed(), ['abc-1']);
  });
});

describe('splitLines (C1)', () => {
  const lines = (given: Given, text: string) => scopeOf(given).splitLines(text);

  it('makes lines of the file’s variables only', () => {
    const file = '@two = A: 1\\r\\nB: {{inner}}\\nC: {{evil}}\n@inner = x';
    assert.deepEqual(lines({ file, environment: { evil: ['y\r\nD: z'] } }, '{{two}}'), ['A: 1', 'B: x', 'C: {{evil}}']);
    assert.deepEqual(lines({ file: '', environment: { evil: ['A: 1\nB: 2'] } }, '{{evil}}'), ['{{evil}}']);
  });

  it('makes none of a name that an argument gives', () =>
    assert.deepEqual(lines({ file: '@v = A: 1\\nB: 2', before: { v: 'x' } }, '{{v}}'), ['{{v}}']));

  it('leaves percent-encoded names, cycles and what grows too large', () => {
    assert.deepEqual(lines({ file: '@v = 1\\n2' }, '{{%v}}'), ['{{%v}}']);
    assert.deepEqual(lines({ file: '@a = {{b}}\n@b = {{a}}' }, 'x{{a}}'), ['x{{a}}']);
    const laughs = Array.from({ length: 30 }, (_, at) => `@v${at} = ${`{{v${at + 1}}}`.repeat(10)}`).join('\n');
    assert.ok(lines({ file: laughs }, '{{v0}}')[0]!.length < 16 * 1024 * 1024);
  });
});
