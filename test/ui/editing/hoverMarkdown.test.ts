import assert from 'node:assert/strict';
import { languages } from '../../../src/explain/text/language.ts';
import type { Address, HoverContent } from '../../../src/httpFile/editing/hover.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import type { Definition } from '../../../src/httpFile/names/origin.ts';
import { hoverMarkdown } from '../../../src/ui/editing/hoverMarkdown.ts';
import type { HoverFacts } from '../../../src/ui/editing/hoverMarkdown.ts';
import { codeSpan, escapeMarkdown } from '../../../src/ui/editing/markdownText.ts';

const facts: HoverFacts = { shortPath: (place) => place.replace('/x/', '') };
const secret: Definition = {
  name: 'key', value: 's3cret', secret: true,
  origin: { kind: 'environment', layer: 'private', environment: 'dev', source: '/x/http-client.private.env.json', line: 4 },
};
const own: Definition = {
  name: 'key', value: 'mine', secret: false,
  origin: { kind: 'file', variable: parse('\n@key = mine').variables[0]! },
};
const variable = (...definitions: Definition[]): HoverContent =>
  ({ kind: 'variable', name: 'key', encoded: false, definitions });

/** What a reader sees of Markdown: the code spans are kept apart, so that the rest can be looked at for markup. */
function outsideCode(markdown: string): string {
  return markdown.replace(/(`+)(?:(?!`)[\s\S])*?[^`]?\1(?!`)/g, '□');
}

const hostile = [
  '[x](command:evil)', '![x](http://evil.test/p.png)', '<img src=x onerror=1>', '`` ` ``', '`', '```\n# big\n```',
  '](command:evil)', '**b**', '$(alert)', 'http://evil.test', '&lt;', '\u202egnp.exe', 'a\r\n\r\n# b', '\\`x', '',
];

describe('hover texts', () => {
  it('say a value, where it comes from and what it hides', () => {
    assert.equal(hoverMarkdown(variable(own, secret), facts, 'en'), [
      '`key` = `mine`', 'defined in this file, line 2',
      'It hides:\n- *••• (secret)*, private environment `dev`, `http-client.private.env.json:4`',
    ].join('\n\n'));
    assert.equal(hoverMarkdown(variable(own), facts, 'ko'), '`key` = `mine`\n\n이 파일 2번째 줄에서 정의');
  });

  it('say which request is sent before, and whether it was', () => {
    const needed: HoverContent = {
      kind: 'needed', written: 'login', name: 'login', always: false,
      place: { method: 'POST', url: '{{host}}/login', line: 5 },
    };
    assert.equal(hoverMarkdown(needed, facts, 'en'), [
      '`login` is sent before this request, unless it has a response already.', '`POST {{host}}/login`, line 5',
      'Not sent yet in this session.',
    ].join('\n\n'));
    const sent = { ...facts, sent: { statusCode: 200, time: '12.00' } };
    assert.match(hoverMarkdown(needed, sent, 'ko') ?? '', /마지막 응답: 200, 12/);
  });

  it('never show a secret', () => {
    const response: HoverContent = {
      kind: 'response', request: 'login',
      reference: { request: 'login', part: 'response', of: 'body', path: '$.token', pieces: { request: { offset: 0, length: 0 }, path: { offset: 0, length: 0 } } },
    };
    for (const language of languages) {
      for (const content of [variable(secret), variable(own, secret)]) {
        assert.ok(!hoverMarkdown(content, facts, language)?.includes('s3cret'));
      }
      const sent = { ...facts, response: { value: 's3cret', secret: true, time: '12:00' } };
      assert.ok(!hoverMarkdown(response, sent, language)?.includes('s3cret'));
      assert.ok(
        hoverMarkdown(
          response, { ...sent, response: { ...sent.response, secret: false } }, language,
        )?.includes('s3cret'),
      );
    }
  });

  it('say what a built-in variable stands for', () => {
    const builtIn = (kind: 'dynamic' | 'process', value: string, isSecret: boolean): string | undefined => {
      const definition: Definition = { name: 'x', origin: { kind }, value, secret: isSecret };
      return hoverMarkdown(
        { kind: 'dynamic', expression: '$processEnv X', topic: { area: 'dynamic', id: '$processEnv' }, definition }, facts, 'en',
      );
    };
    assert.match(builtIn('dynamic', 'abc', false) ?? '', /For example `abc`$/);
    assert.match(builtIn('process', 'abc', false) ?? '', /`\$processEnv X` = `abc`$/);
    assert.doesNotMatch(builtIn('process', 's3cret', true) ?? 's3cret', /s3cret/);
  });

  it('explain statuses, fields and metadata without an effect', () => {
    assert.match(hoverMarkdown({ kind: 'status', statusCode: 404 }, facts, 'en') ?? '', /^\*\*404 Not Found\*\*: /);
    assert.match(
      hoverMarkdown({ kind: 'topic', topic: { area: 'field', id: 'accept' }, written: 'Accept' }, facts, 'en') ?? '',
      /RFC 9110 §12\.5\.1/,
    );
    assert.equal(
      hoverMarkdown({ kind: 'topic', topic: { area: 'field', id: 'x-none' }, written: 'X-None' }, facts, 'en'),
      undefined,
    );
    assert.match(
      hoverMarkdown({ kind: 'topic', topic: { area: 'method', id: 'FROB' }, written: 'FROB' }, facts, 'en') ?? '',
      /as written/,
    );
    assert.match(
      hoverMarkdown({ kind: 'metadata', key: 'jq', effective: false }, facts, 'en') ?? '', /not act on it yet/,
    );
    assert.doesNotMatch(
      hoverMarkdown({ kind: 'metadata', key: 'name', effective: true }, facts, 'en') ?? '', /not act on it yet/,
    );
  });

  it('say what is sent for a URL', () => {
    const address: Address = {
      url: 'http://a.test/x', origin: 'http://a.test', fragment: '#part', schemeAdded: true, fromHost: false,
      encoded: false,
      credentials: false, undefinedNames: [],
    };
    const text = hoverMarkdown({ kind: 'url', method: 'GET', address }, facts, 'en') ?? '';
    for (const part of ['`GET http://a.test/x`', '`http://a.test`', '`#part`', 'No scheme']) assert.ok(
      text.includes(part), part,
    );
    const faulty = {
      ...address, url: { code: 'variable-undefined', places: { name: 'x' } }, undefinedNames: ['x'],
    } as const;
    assert.equal(hoverMarkdown({ kind: 'url', method: 'GET', address: faulty }, facts, 'en'), 'Without a value: `x`');
  });

  it('tell of files', () => {
    const path: HoverContent = { kind: 'path', use: 'include', path: './a' };
    const file = (kind: 'file' | 'folder' | 'missing') => ({ ...facts, file: { path: 'a.json', kind, size: 1234 } });
    assert.equal(hoverMarkdown(path, file('file'), 'en'), '`a.json`, 1.2 kB');
    assert.match(hoverMarkdown(path, file('folder'), 'en') ?? '', /is a folder/);
    assert.match(hoverMarkdown(path, file('missing'), 'en') ?? '', /does not exist/);
    assert.match(hoverMarkdown({ ...path, use: 'output' }, file('missing'), 'en') ?? '', /will be written/);
  });

  for (const value of hostile) {
    it(`show ${JSON.stringify(value)} as text`, () => {
      const origin = { kind: 'environment', layer: 'public', environment: value, source: value } as const;
      const contents: HoverContent[] = [
        { kind: 'variable', name: value, encoded: false, definitions: [] },
        { kind: 'variable', name: value, encoded: true, definitions: [{ name: value, value, secret: false, origin }] },
        { kind: 'variable', name: value, encoded: true, definitions: [{ name: value, value: { code: 'variable-undefined', places: { name: value } }, secret: false, origin }] },
        { kind: 'prompt', name: value },
        { kind: 'needed', written: value, name: value, always: false, place: { method: 'GET', url: value, line: 3 } },
        { kind: 'needed', written: value, name: undefined, always: true },
        { kind: 'topic', topic: { area: 'method', id: value }, written: value },
      ];
      for (const content of contents) {
        const markdown = hoverMarkdown(content, facts, 'en') ?? '';
        const rest = outsideCode(markdown);
        assert.doesNotMatch(rest, /\]\(|!\[|<[a-z]|https?:\/\/|command:|\u202e/i, markdown);
      }
    });
  }
});

describe('Markdown', () => {
  for (const text of hostile) {
    it(`holds ${JSON.stringify(text)} in one code span`, () => {
      const span = codeSpan(text);
      const fence = /^`+/.exec(span)![0];
      assert.ok(span.endsWith(fence) && span.length > fence.length * 2);
      const inside = span.slice(fence.length, -fence.length);
      assert.ok(!(inside.match(/`+/g) ?? []).some((run) => run === fence), 'nothing inside closes it');
      assert.doesNotMatch(span, /[\n\r\u202e]/);
    });
    it(`escapes ${JSON.stringify(text)}`, () => {
      assert.doesNotMatch(escapeMarkdown(text).replace(/&#\d+;/g, ''), /[\\`*_{}[\]()#+\-.!|<>~&:@/\n]/);
    });
  }
});
