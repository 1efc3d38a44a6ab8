import assert from 'node:assert/strict';
import { fieldLinesOf, HeadScanner, statusLineOf } from '../../../src/wire/http/head.ts';
import type { Head } from '../../../src/wire/http/head.ts';
import { fieldOctets, fieldText, linesOf, listMembers } from '../../../src/wire/http/fields.ts';

/** RFC 9112 §2.1: what is found must not depend on how the bytes were cut. */
describe('heads of HTTP/1.1', () => {
  const first = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
  const second = 'HTTP/1.1 200 OK\r\nA: 1\r\nb:  2 \r\nA:3\r\n\r\n';
  const whole = Buffer.from(`${first}${second}body\r\n\r\n`, 'latin1');

  function heads(chunks: Buffer[]): Head[] {
    const scanner = new HeadScanner();
    const found: Head[] = [];
    chunks.forEach((chunk, at) => {
      for (let offset = 0; offset < chunk.length && found.length < 2;) {
        const one = scanner.feed(chunk, offset, at);
        if (!one) return;
        found.push(one.head);
        offset = one.offset;
      }
    });
    return found;
  }

  it('are found however the bytes are cut in two', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const found = heads([whole.subarray(0, cut), whole.subarray(cut)]);
      assert.deepEqual(found.map(({ text }) => text), [first, second], `cut at ${cut}`);
      assert.equal(found[1]!.startAt, cut > first.length ? 0 : 1, `cut at ${cut}`);
      assert.equal(found[1]!.size, second.length);
    }
  });

  it('are found byte by byte', () => {
    const found = heads([...whole].map((byte) => Buffer.from([byte])));
    assert.deepEqual(found.map(({ text }) => text), [first, second]);
    assert.equal(found[1]!.startAt, first.length);
  });

  it('keep the order, case and duplicates of fields', () => {
    assert.deepEqual(fieldLinesOf(second), [['A', '1'], ['b', '2'], ['A', '3']]);
    assert.deepEqual(fieldLinesOf('HTTP/1.1 200 OK\r\n\r\n'), []);
  });

  it('begin with a status line', () => {
    assert.deepEqual(statusLineOf(second), { version: '1.1', statusCode: 200, reasonPhrase: 'OK' });
    assert.deepEqual(statusLineOf('HTTP/1.0 404 \r\n\r\n'), { version: '1.0', statusCode: 404, reasonPhrase: '' });
    assert.equal(statusLineOf('SSH-2.0-OpenSSH\r\n\r\n'), undefined);
  });
});

describe('fields', () => {
  it('beyond ASCII go out as UTF-8 and are read as UTF-8 where they are', () => {
    assert.equal(fieldOctets('plain'), 'plain');
    for (const text of ['한글', 'é', '똠 and more']) assert.equal(fieldText(fieldOctets(text)), text);
    assert.equal(fieldText('caf\xe9'), 'café');
    assert.deepEqual(linesOf([Buffer.from('X-A'), Buffer.from('한글'), 'b', 'c']), [['X-A', '한글'], ['b', 'c']]);
  });

  it('that are lists give their members', () => {
    assert.deepEqual(
      listMembers([['Connection', 'Close, X-A'], ['connection', ' b ,']], 'connection'), ['close', 'x-a', 'b'],
    );
  });
});
