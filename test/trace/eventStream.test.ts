import assert from 'node:assert/strict';
import { createEventStreamReader, streamLimits } from '../../src/trace/eventStream.ts';
import type { StreamEvent } from '../../src/trace/eventStream.ts';

function readAll(pieces: readonly Uint8Array[]): StreamEvent[] {
  const reader = createEventStreamReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('streams of events (HTML, "Interpreting an event stream")', () => {
  const cases: [title: string, text: string, expected: [name: string, data: string, id?: string][]][] = [
    ['several lines of data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [['message', 'YHOO\n+2\n10']]],
    ['comments, ids and fields without a value', ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
      [['message', 'first event', '1'], ['message', 'second event']]],
    ['empty data, and two of it', 'data\n\ndata\ndata\n\ndata:\n', [['message', ''], ['message', '\n']]],
    ['a space is left out once', 'data:test\n\ndata: test\n\ndata:  test\n\n', [['message', 'test'], ['message', 'test'], ['message', ' test']]],
    ['names, which hold for one event', 'event: add\ndata: 73857293\n\ndata: x\n\n', [['add', '73857293'], ['message', 'x']]],
    ['an id that holds on', 'id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n', [['message', 'a', '7'], ['message', 'b', '7'], ['message', 'c', '7']]],
    ['no data, no event', 'event: x\nid: 1\n\nretry: 10\n\ndata: y\n\n', [['message', 'y', '1']]],
    ['every end of line', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', [['message', 'a'], ['message', 'b'], ['message', 'c']]],
    ['a byte order mark', '\ufeffdata: a\n\n', [['message', 'a']]],
    ['text beyond ASCII', 'event: 소식\ndata: 한글 😀\n\n', [['소식', '한글 😀']]],
    ['unknown fields', 'Data: a\ndata : b\nx: y\ndata: c\n\n', [['message', 'c']]],
  ];
  for (const [title, text, expected] of cases) {
    it(`${title}, cut anywhere`, () => {
      const bytes = bytesOf(text);
      const wanted = expected.map(([name, data, id], at) => ({ index: at + 1, name, data, ...(id ? { id } : {}) }));
      assert.deepEqual(readAll([bytes]), wanted);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        assert.deepEqual(readAll([bytes.subarray(0, cut), bytes.subarray(cut)]), wanted, `cut at ${cut}`);
      }
      assert.deepEqual(readAll(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))), wanted);
    });
  }

  it('shows so many, and counts the others', () => {
    const reader = createEventStreamReader();
    const events = reader.read(bytesOf('data: x\n\n'.repeat(streamLimits.events + 5)));
    assert.deepEqual([events.length, reader.count], [streamLimits.events, streamLimits.events + 5]);
  });

  it('cuts what is too long', () => {
    const reader = createEventStreamReader();
    const piece = bytesOf('a'.repeat(10_000));
    reader.read(bytesOf('data: '));
    for (let times = 0; times < 100; times += 1) assert.deepEqual(reader.read(piece), []);
    const [event] = reader.read(bytesOf('\n\ndata: next\n\n'));
    assert.equal(event!.cut, true);
    assert.equal(event!.data.length, streamLimits.event);
    const many = reader.read(bytesOf(`data: ${'b'.repeat(60_000)}\n\n`.repeat(40)));
    assert(many.reduce((sum, { data }) => sum + data.length, 0) <= streamLimits.all);
  });
});
