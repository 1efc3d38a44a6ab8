import assert from 'node:assert/strict';
import { ChunkCounter } from '../../../src/wire/http/chunkCounter.ts';
import { progressInterval } from '../../../src/wire/http/progress.ts';

describe('progress', () => {
  it('counts the content of chunks, wherever they are cut (RFC 9112 §7.1)', () => {
    const body = Buffer.from('5\r\nhello\r\n1a;extension="x"\r\nabcdefghijklmnopqrstuvwxyz\r\n2\r\n\r\n\r\n0\r\nX-Sum: 5\r\nY: 9\r\n\r\n');
    for (let first = 0; first <= body.length; first += 1) {
      for (let second = first; second <= body.length; second += 1) {
        const counter = new ChunkCounter();
        for (const piece of [body.subarray(0, first), body.subarray(first, second), body.subarray(second)]) counter.feed(piece);
        assert.equal(counter.size, 33, `${first}, ${second}`);
      }
    }
  });

  it('knows how much of a chunk has come', () => {
    const counter = new ChunkCounter();
    counter.feed(Buffer.from('a\r\n0123'));
    assert.equal(counter.size, 4);
    counter.feed(Buffer.from('456789\r\n'));
    assert.equal(counter.size, 10);
  });

  it('is told ever less often: an hour takes thousands of events, not tens of thousands', () => {
    assert.deepEqual([0, 5_000, 20_000, 3_600_000].map(progressInterval), [50, 50, 200, 1000]);
    let count = 0;
    for (let at = 0; at < 3_600_000; at += progressInterval(at)) count += 1;
    assert(count < 4_000, `${count}`);
  });
});
