import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { appendedRequest, pastedRequest } from '../../../src/httpFile/editing/paste.ts';
import { edited, marked } from './marked.ts';

const leftOut = (options: readonly string[]): string => `left out: ${options.join(' ')}`;

function pasted(text: string, command: string): string | undefined {
  const { text: plain, position } = marked(text);
  const document = createDocument(plain);
  const found = pastedRequest(document.file, document, position.line, command, leftOut);
  return found && edited(plain, [{ range: { start: position, end: position }, text: found }]);
}

function appended(text: string, command: string): string | undefined {
  const document = createDocument(text);
  const found = appendedRequest(document.file, document, command, leftOut);
  return found && edited(text, [found]);
}

describe('pasting a curl command', () => {
  const curl = "curl -L 'http://x.test/a' -H 'A: 1'";
  const request = 'GET http://x.test/a\nA: 1';
  const table: [string, string, string | undefined][] = [
    ['into an empty file', '‸', request],
    ['into an empty block', '### a\n\n‸\n\n### b\nGET http://y/\n', `### a\n\n${request}\n\n### b\nGET http://y/\n`],
    ['below metadata', '### a\n# @name x\n‸\n', `### a\n# @name x\n${request}\n`],
    ['below variables', '@a = 1\n\n‸', `@a = 1\n\n${request}`],
    ['below a request', 'GET http://y/\n\n‸', `GET http://y/\n\n###\n\n${request}`],
    ['right below a request', 'GET http://y/\n‸', `GET http://y/\n\n###\n\n${request}`],
    ['above a request', '‸\nGET http://y/\n', `${request}\n\n###\n\nGET http://y/\n`],
    ['above a request, with a blank line between', '‸\n\nGET http://y/\n', `${request}\n\n###\n\nGET http://y/\n`],
    ['on a line with text', 'GET http://y/ ‸', undefined],
  ];
  for (const [title, text, expected] of table) it(title, () => assert.equal(pasted(text, curl), expected));

  it('only when it is one', () => {
    assert.deepEqual(
      ['curly', 'GET http://x/', '', 'wget http://x/'].map((text) => pasted('‸', text)), [undefined, undefined, undefined, undefined],
    );
  });

  it('tells what is left out', () => {
    assert.match(
      pasted('GET http://y/\n\n‸', "curl -L --fnord 'http://x.test/a'")!,
      /\n###\n\n# left out: .*--fnord.*\nGET http:\/\/x\.test\/a$/,
    );
  });

  it('at the end of a file', () => {
    assert.equal(appended('', curl), `${request}\n`);
    assert.equal(appended('GET http://y/\n\n\n', curl), `GET http://y/\n\n###\n\n${request}\n`);
    assert.equal(appended('@a = 1\n', curl), `@a = 1\n\n${request}\n`);
  });

  it('gives requests that are read as they were', () => {
    const several = createDocument(pasted('GET http://y/\n\n‸\n\nGET http://z/ HTTP/1.1\n', `${curl}\n${curl}`)!).file;
    assert.deepEqual(
      several.requests.map(({ url }) => url), ['http://y/', 'http://x.test/a', 'http://x.test/a', 'http://z/'],
    );
    assert.deepEqual(several.problems, []);
  });
});
