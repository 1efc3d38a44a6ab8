import assert from 'node:assert/strict';
import { Captures } from '../../src/wire/tap/capture.ts';

const limits = { exchange: 1000, layer: 4000, all: 20_000 };

describe('what is kept of connections', () => {
  it('is each chunk in its direction, in order, at its place', () => {
    const captures = new Captures(limits);
    const { transport } = captures.open('a');
    transport.sent(Buffer.from('GET'), 1);
    transport.received(Buffer.from('HTTP'), 2);
    transport.sent(Buffer.from(' / '), 3);
    const segments = captures.read('a')!.transport.segments.map(
      ({ bytes, ...rest }) => ({ ...rest, text: Buffer.from(bytes).toString() }));
    assert.deepEqual(segments, [
      { direction: 'sent', at: 1, offset: 0, text: 'GET' },
      { direction: 'received', at: 2, offset: 0, text: 'HTTP' },
      { direction: 'sent', at: 3, offset: 3, text: ' / ' },
    ]);
  });

  it('does not change with the memory it came in', () => {
    for (const direction of ['sent', 'received'] as const) {
      const { transport } = new Captures().open('a');
      for (const size of [5, 10_000, 65_536]) {
        const memory = Buffer.alloc(size, 'x');
        transport[direction](memory, 1);
        memory.fill(0);
      }
      const texts = transport.stream.segments.map(({ bytes }) => Buffer.from(bytes).toString());
      assert.deepEqual(texts, ['x'.repeat(5), 'x'.repeat(10_000), 'x'.repeat(65_536)]);
    }
  });

  it('does not keep a large buffer alive for a part of it', () => {
    const { transport } = new Captures().open('a');
    const slab = new Uint8Array(1024 * 1024);
    transport.received(slab.subarray(0, 5000), 1);
    transport.sent(slab.subarray(0, 5000), 2);
    for (const { bytes } of transport.stream.segments) assert.ok(bytes.buffer.byteLength < 10_000);
  });

  it('is the first bytes of each exchange in each direction; a gap shows in the offsets', () => {
    const captures = new Captures(limits);
    const capture = captures.open('a');
    capture.transport.received(Buffer.alloc(700), 1);
    capture.transport.received(Buffer.alloc(700), 2);
    capture.transport.received(Buffer.alloc(700), 3);
    capture.transport.sent(Buffer.alloc(10), 4);
    capture.begin();
    capture.transport.received(Buffer.alloc(50), 5);
    const { segments, receivedSize, sentSize } = captures.read('a')!.transport;
    assert.deepEqual(segments.map(({ at, offset, bytes }) => [at, offset, bytes.length]), [
      [1, 0, 700], [2, 700, 204], [4, 0, 10], [5, 2100, 50],
    ]);
    assert.deepEqual([receivedSize, sentSize], [2150, 10]);
  });

  it('is the first exchange and the latest ones of a connection', () => {
    const layer = 256 * 1024;
    const captures = new Captures({ ...limits, layer, all: 4 * layer });
    const capture = captures.open('a');
    for (let exchange = 0; exchange < 2000; exchange++) {
      if (exchange > 0) capture.begin();
      capture.transport.sent(Buffer.alloc(400), exchange);
    }
    const times = captures.read('a')!.transport.segments.map(({ at }) => at);
    assert.equal(times[0], 0);
    assert.ok(times.length * 400 > layer / 2 && times.length * 400 <= layer, String(times.length));
    assert.deepEqual(times.slice(1), times.slice(1).map((_, index) => 2001 - times.length + index));
    assert.ok(captures.size <= layer + 1024);
  });

  it('stays within the limit over all, the oldest closed connection being forgotten first', () => {
    const captures = new Captures(limits);
    const open = captures.open('open');
    open.transport.sent(Buffer.alloc(100), 0);
    for (let index = 0; index < 1000; index++) {
      const capture = captures.open(`closed ${index}`);
      capture.startPlain().sent(Buffer.alloc(300), index);
      capture.isClosed = true;
      assert.ok(captures.size <= limits.all);
    }
    assert.ok(captures.read('open'));
    assert.ok(captures.read('closed 999'));
    assert.equal(captures.read('closed 0'), undefined);
    captures.clear();
    assert.equal(captures.size, 0);
  });

  it('uses its memory again, unless somebody may be looking at it', () => {
    const captures = new Captures();
    const keep = (id: string, text: string): Uint8Array => {
      const { transport } = captures.open(id);
      transport.sent(Buffer.from(text), 1);
      return [...transport.segments()][0]!.bytes;
    };
    keep('shown', 'first');
    const [shown] = captures.read('shown')!.transport.segments;
    captures.forget(['shown']);
    const unseen = keep('unseen', 'second');
    captures.forget(['unseen']);
    const last = keep('last', 'third');
    assert.equal(Buffer.from(shown!.bytes).toString(), 'first');
    assert.equal(last.buffer, unseen.buffer);
    assert.equal(Buffer.from(last).toString(), 'third');
  });

  it('counts tiny chunks for what they cost', () => {
    const captures = new Captures({ exchange: 1024 * 1024, layer: 1024 * 1024, all: 1024 * 1024 });
    const { transport } = captures.open('a');
    for (let index = 0; index < 100_000; index++) transport.received(Buffer.alloc(1), index);
    assert.ok(transport.stream.segments.length < 11_000);
    assert.equal(transport.stream.receivedSize, 100_000);
  });

  it('goes on counting, and keeps nothing, once forgotten', () => {
    const captures = new Captures(limits);
    const capture = captures.open('a');
    capture.keyLog.push('SECRET');
    captures.forget(['a', 'unknown']);
    capture.begin();
    capture.transport.sent(Buffer.alloc(10), 1);
    assert.equal(captures.size, 0);
    assert.deepEqual(capture.record('a'), {
      connectionId: 'a', transport: { segments: [], sentSize: 10, receivedSize: 0 },
    });
  });
});
