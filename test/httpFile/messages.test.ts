import assert from 'node:assert/strict';
import { messageSteps } from '../../src/httpFile/content/messages.ts';

describe('the messages of a WebSocket request', () => {
  const rows: [what: string, text: string, expected: string[]][] = [
    ['none', '', []],
    ['one', 'hello\n', ['send hello']],
    ['several lines', '{\n  "a": 1\n}', ['send {\n  "a": 1\n}']],
    ['blank lines around', '\n\nhello\n\nthere\n\n', ['send hello\n\nthere']],
    ['several', 'one\n===\ntwo\n\n===\n\nthree', ['send one', 'send two', 'send three']],
    ['a wait', 'one\n=== wait-for-server\ntwo', ['send one', 'wait', 'send two']],
    ['three waits', 'one\n=== wait-for-server\n=== wait-for-server\n=== wait-for-server\ntwo', ['send one', 'wait', 'wait', 'wait', 'send two']],
    ['a wait first', '=== wait-for-server\none', ['wait', 'send one']],
    ['an end', 'one\n===\n', ['send one', 'close']],
    ['an end after an answer', 'one\n=== wait-for-server\n', ['send one', 'wait', 'close']],
    ['nothing but an end', '===', ['close']],
    ['comments', '// first\none\n=== // and then\n# second\ntwo\n  // inside\nmore\n=== wait-for-server # reply', ['send one', 'send two\nmore', 'wait', 'close']],
    ['a file', '< ./a.json\n===\n<@ b c.txt', ['file ./a.json', 'file @b c.txt']],
    ['what is no separator', '====\n=== no\n a === b\n=', ['send ====\n=== no\n a === b\n=']],
    ['an element of XML', '<a>\n</a>', ['send <a>\n</a>']],
  ];
  for (const [what, text, expected] of rows) {
    it(what, () => assert.deepEqual(messageSteps(text).map((step) => step.kind === 'text' ? `send ${step.text}`
      : step.kind === 'file' ? `file ${step.substitute ? '@' : ''}${step.path}` : step.kind), expected));
  }

  it('comments are kept where they are asked for', () => {
    assert.deepEqual(messageSteps('# one\ntwo', true).map((step) => step.kind === 'text' ? step.text : ''), ['# one\ntwo']);
  });
});
