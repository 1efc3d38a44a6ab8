import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { languages } from '../src/explain/text/language.ts';

// Everything a user reads is there in every language, with the same places to fill.

const root = path.resolve(import.meta.dirname, '..');
const hangul = /[\uac00-\ud7a3]/;

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, unknown>;
}

function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort();
}

/**
 * Which particle is right depends on how the value is read aloud, so none may follow a place
 * directly, except a duration's or a size's: whatever the number, it ends in the vowel of 초 or 바이트.
 */
const guessedParticle = new RegExp([
  /\{(?!(?:total|part|slowest|elapsed|duration|size|received)\})\w+\}[”’"'`]?/.source,
  /(?:을|를|은|는|이|가|와|과|으로)(?=[\s.,]|$)/.source,
  /|을\(를\)|이\(가\)|은\(는\)|와\(과\)|\(으\)로/.source,
].join(''));

/** Sentences that end otherwise than with 합니다 or 하십시오: all of a page are in one register. */
const otherRegister = /(?:[가-힣](?:세요|에요|예요|해요|어요|아요|네요|까요|지요)|죠|(?<![니마])다)[.!?…]/;

/** What is wrong with a pair of texts, one line each. */
function problemsOf(id: string, en: string, ko: string): string[] {
  const problems: string[] = [];
  if (en.trim() === '' || ko.trim() === '') problems.push(`${id}: empty`);
  if (hangul.test(en)) problems.push(`${id}: Korean in the English text`);
  // A text of names alone may be the same in both, and one of places and punctuation alone has no
  // language.
  const hasWords = /\p{L}/u.test(ko.replace(/\{\w+\}/g, ''));
  if (hasWords && !hangul.test(ko) && en !== ko) problems.push(`${id}: no Korean in “${ko}”`);
  if (placesOf(en).join() !== placesOf(ko).join()) {
    problems.push(`${id}: places {${placesOf(en)}} in English, {${placesOf(ko)}} in Korean`);
  }
  if (otherRegister.test(ko)) problems.push(`${id}: another register: ${ko}`);
  if (guessedParticle.test(ko)) problems.push(`${id}: a particle after a place: ${ko}`);
  return problems;
}

type Pair = Readonly<Record<(typeof languages)[number], string>>;

function isPair(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null
    && languages.every((language) => typeof Reflect.get(value, language) === 'string');
}

/** Every `{ en, ko }` of a module's exports, by its place in them. */
function pairsOf(name: string, value: unknown): [string, Pair | undefined][] {
  if (isPair(value)) return [[name, value]];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  if (Object.keys(value).some((key) => key === 'en' || key === 'ko')) return [[name, undefined]];
  return Object.entries(value).flatMap(([key, inner]) => pairsOf(`${name}.${key}`, inner));
}

describe('languages', () => {
  const tables = globSync('src/explain/text/*.ts', { cwd: root }).sort()
    .filter((file) => !/\/(text|language)\.ts$/.test(file));

  it('finds the tables of texts', () => assert.ok(tables.length > 0));

  for (const file of tables) {
    it(`${file} is complete in ${languages.join(' and ')}`, async () => {
      const module = await import(path.join(root, file)) as Record<string, unknown>;
      const pairs = Object.entries(module).flatMap(([name, value]) => pairsOf(name, value));
      assert.ok(pairs.length > 0, 'the file has texts');
      const problems = pairs.flatMap(([id, pair]) => pair
        ? problemsOf(id, pair.en, pair.ko)
        : [`${id}: not a pair of texts`]);
      assert.deepEqual(problems, []);
    });
  }

  it('says each thing of the manifest in both', () => {
    const en = readJson('package.nls.json') as Record<string, string>;
    const ko = readJson('package.nls.ko.json') as Record<string, string>;
    assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort());
    assert.deepEqual(Object.keys(en).flatMap((key) => problemsOf(key, en[key]!, ko[key]!)), []);
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const used = [...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(en).sort());
  });

  it('translates every message of the extension', () => {
    const bundle = readJson('media/l10n/bundle.l10n.ko.json') as Record<string, string>;
    const files = globSync(['src/ui/**/*.ts', 'src/extension.ts'], { cwd: root });
    const said = files.flatMap(messagesOf);
    assert.ok(said.length > 0);
    assert.deepEqual(Object.keys(bundle).sort(), [...new Set(said)].sort());
    assert.deepEqual(Object.entries(bundle).flatMap(([en, ko]) => problemsOf(en, en, ko)), []);
  });

  it('has the folder of the bundle in the manifest', () => {
    const folder = readJson('package.json')['l10n'];
    assert.equal(typeof folder, 'string');
    assert.ok(existsSync(path.join(root, folder as string, 'bundle.l10n.ko.json')));
  });

  it('notices what is missing, differs or guesses', () => {
    assert.equal(problemsOf('x', 'Sent in {ms}', '{ms}에 보냈습니다').length, 0);
    assert.equal(problemsOf('x', 'Sent in {ms}', '{time}에 보냈습니다').length, 1);
    assert.equal(problemsOf('x', 'Sent', 'Sent now').length, 1);
    assert.equal(problemsOf('x', 'Look at it.', '확인해 주세요.').length, 1);
    assert.equal(problemsOf('x', 'It was sent.', '요청을 보냈다.').length, 1);
    assert.equal(problemsOf('x', 'Look at it.', '확인하십시오.').length, 0);
    assert.equal(problemsOf('x', 'Opens {file}', '{file}을 엽니다').length, 1);
    assert.equal(problemsOf('x', '보냄', '보냄').length, 1);
    assert.equal(pairsOf('x', { y: { en: 'only' } })[0]![1], undefined);
  });
});

/**
 * The messages a source gives to `l10n.t`, which must be plain strings to be found by translators.
 */
function messagesOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const calls = [...text.matchAll(/\bl10n\.t\(/g)].length;
  const quoted = /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/.source;
  const literal = new RegExp(`\\bl10n\\.t\\(\\s*(?:\\{\\s*message:\\s*)?${quoted}\\s*[,)]`, 'g');
  const messages = [...text.matchAll(literal)].map(([, message]) => unquote(message!));
  assert.equal(messages.length, calls, `${file}: every l10n.t takes a plain string`);
  return messages;
}

function unquote(literal: string): string {
  const inner = literal.slice(1, -1).replace(/\\(['"\\])/g, '$1');
  assert.ok(!/\\(?!n)/.test(inner), `an escape in ${literal}`);
  return inner.replaceAll('\\n', '\n');
}
