import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Http2Frame } from '../../../src/trace/http2/frame.ts';
import { errorName, flagsOf, frameName, frameType, settingName } from '../../../src/trace/http2/frameNames.ts';
import { FrameLog } from '../../../src/trace/http2/frameLog.ts';
import { FrameReader } from '../../../src/trace/http2/frameReader.ts';
import type { RawFrame } from '../../../src/trace/http2/frameReader.ts';
import { conversation, frameOctets, framesOf } from './octets.ts';
import type { Written } from './octets.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

function received(...frames: Buffer[]): Http2Frame[] {
  return framesOf(frames.map((bytes) => ({ direction: 'received' as const, bytes })));
}

/** One frame of each kind, and what is told of it besides its head: RFC 9113 §6 and extensions. */
const payloads: readonly [section: string, frame: Buffer, told: Partial<Http2Frame>][] = [
  ['§6.1 DATA', frameOctets(0, 1, 1, '6162'), { window: { connection: 65_533 } }],
  ['§6.1 DATA with padding', frameOctets(0, 8, 1, '03 6162 000000'), { padding: 3, window: { connection: 65_529 } }],
  ['§6.1 DATA, all padding', frameOctets(0, 8, 1, '03 0000'), { padding: 3, problem: 'malformed', window: { connection: 65_532 } }],
  ['§6.2 HEADERS', frameOctets(1, 5, 1, '88'), {
    blockStart: 0, fields: [{ name: ':status', value: '200', representation: 'indexed', index: 8, size: 1 }],
  }],
  ['§6.2 HEADERS with padding and priority', frameOctets(1, 0x2c, 1, '02 80000003 0f 88 0000'), {
    padding: 2, priority: { dependency: 3, isExclusive: true, weight: 16 }, blockStart: 6,
    fields: [{ name: ':status', value: '200', representation: 'indexed', index: 8, size: 1 }],
  }],
  ['§6.3 PRIORITY', frameOctets(2, 0, 5, '00000003 ff'), { priority: { dependency: 3, isExclusive: false, weight: 256 } }],
  ['§6.3 PRIORITY, too short', frameOctets(2, 0, 5, '00000003'), {
    priority: { dependency: 3, isExclusive: false, weight: 1 }, problem: 'malformed',
  }],
  ['§6.4 RST_STREAM', frameOctets(3, 0, 1, '00000008'), { errorCode: 8 }],
  ['§6.5 SETTINGS', frameOctets(4, 0, 0, '0003 00000064 0004 0000ffff ff00 00000001'), {
    settings: [[3, 100], [4, 65_535], [0xff00, 1]],
  }],
  ['§6.5 SETTINGS, acknowledged', frameOctets(4, 1, 0), {}],
  ['§6.5 SETTINGS, acknowledged with some', frameOctets(4, 1, 0, '0003 00000064'), { problem: 'malformed' }],
  ['§6.5 SETTINGS, cut', frameOctets(4, 0, 0, '0003 00000064 00'), { settings: [[3, 100]], problem: 'malformed' }],
  ['§6.6 PUSH_PROMISE', frameOctets(5, 4, 1, '00000002 82'), {
    promisedStream: 2, blockStart: 4,
    fields: [{ name: ':method', value: 'GET', representation: 'indexed', index: 2, size: 1 }],
  }],
  ['§6.7 PING', frameOctets(6, 1, 0, '0102030405060708'), { opaque: '0102030405060708' }],
  ['§6.8 GOAWAY', frameOctets(7, 0, 0, Buffer.concat([Buffer.from('0000000300000002', 'hex'), Buffer.from('bye')])), {
    lastStream: 3, errorCode: 2, text: 'bye',
  }],
  ['§6.9 WINDOW_UPDATE', frameOctets(8, 0, 0, '00010000'), { increment: 65_536, window: { connection: 131_071 } }],
  ['§6.9 WINDOW_UPDATE of nothing', frameOctets(8, 0, 0, '00000000'), {
    increment: 0, problem: 'malformed', window: { connection: 65_535 },
  }],
  ['§6.10 CONTINUATION without a beginning', frameOctets(9, 4, 1, '88'), { problem: 'malformed' }],
  ['RFC 7838 §4 ALTSVC', frameOctets(10, 0, 0, Buffer.from('\0\x03a.bh2=":8000"')), { origins: ['a.b'], text: 'h2=":8000"' }],
  ['RFC 8336 §2.1 ORIGIN', frameOctets(12, 0, 0, Buffer.from('\0\x03a.b\0\x01c')), { origins: ['a.b', 'c'] }],
  ['RFC 8336 §2.1 ORIGIN, cut', frameOctets(12, 0, 0, Buffer.from('\0\x09a.b')), { origins: ['a.b'], problem: 'malformed' }],
  ['RFC 9218 §7.1 PRIORITY_UPDATE', frameOctets(16, 0, 0, Buffer.concat([Buffer.from('00000001', 'hex'), Buffer.from('u=1')])), {
    promisedStream: 1, text: 'u=1',
  }],
  ['§5.5 a type nobody knows', frameOctets(0xee, 0xff, 7, 'cafe'), { opaque: 'cafe' }],
];

describe('HTTP/2 frames', () => {
  for (const [section, octets, told] of payloads) {
    it(`are told with what they say: ${section}`, () => {
      const [frame, ...more] = received(octets);
      assert.deepEqual(more, []);
      const { direction, at, endAt, type, flags, stream, length, offset, ...rest } = frame!;
      assert.deepEqual(rest, told);
      assert.deepEqual(
        { direction, at, endAt, offset, type, flags, length, stream },
        {
          direction: 'received', at: 0, endAt: 0, offset: 0, type: octets[3], flags: octets[4],
          length: octets.length - 9, stream: octets.readUInt32BE(5),
        });
    });
  }

  it('have their fields with the first frame when they go on in others (§6.10)', () => {
    const [headers, continuation, data] = received(
      frameOctets(1, 1, 1, '88 4003'), frameOctets(9, 0, 1, '666f6f 03'), frameOctets(9, 4, 1, '626172'), frameOctets(0, 0, 1, '00'));
    assert.deepEqual(headers!.fields!.map(({ name, value }) => `${name}: ${value}`), [':status: 200', 'foo: bar']);
    assert.deepEqual([continuation!.count, continuation!.length, continuation!.flags], [2, 7, 4]);
    assert.equal(data!.type, frameType.data);
  });

  it('are not decoded any more after a field block that was cut off', () => {
    const [first, second, third] = received(
      frameOctets(1, 0, 1, '88'), frameOctets(6, 0, 0, '0000000000000000'), frameOctets(1, 4, 3, '88'),
    );
    assert.equal(first!.problem, 'malformed');
    assert.equal(second!.type, frameType.ping);
    assert.deepEqual([third!.problem, third!.fields], ['compression', []]);
  });

  it('of DATA that follow each other are one', () => {
    const data = (stream: number, flags = 0): Buffer => frameOctets(0, flags, stream, 'abcd');
    const frames = received(data(1), data(1), data(3), data(1), data(1), data(1), data(1, 1));
    assert.deepEqual(
      frames.map(({ stream, count = 1, length, at, endAt, flags }) => [stream, count, length, at, endAt, flags]),
      [[1, 2, 4, 0, 1, 0], [3, 1, 2, 2, 2, 0], [1, 3, 6, 3, 5, 0], [1, 1, 2, 6, 6, 1]]);
  });

  it('tell how much may still be sent (§5.2, §6.9)', () => {
    const written: Written[] = [
      { direction: 'sent', bytes: preface },
      { direction: 'sent', bytes: frameOctets(4, 0, 0, '0004 00000064') },
      { direction: 'received', bytes: frameOctets(4, 0, 0) },
      { direction: 'sent', bytes: frameOctets(4, 1, 0) },
      { direction: 'sent', bytes: frameOctets(1, 4, 1, '82') },
      // Not acknowledged yet: the server may still send 65,535.
      { direction: 'received', bytes: frameOctets(0, 0, 1, Buffer.alloc(10)) },
      { direction: 'received', bytes: frameOctets(4, 1, 0) },
      { direction: 'received', bytes: frameOctets(0, 0, 1, Buffer.alloc(90)) },
      { direction: 'sent', bytes: frameOctets(8, 0, 1, '00000032') },
      { direction: 'sent', bytes: frameOctets(0, 0, 1, Buffer.alloc(5)) },
      { direction: 'received', bytes: frameOctets(8, 0, 1, '00000002') },
      { direction: 'received', bytes: frameOctets(0, 1, 1, Buffer.alloc(50)) },
      { direction: 'sent', bytes: frameOctets(8, 0, 1, '00000032') },
    ];
    const windows = framesOf(written).flatMap(({ window }) => window ? [[window.connection, window.stream]] : []);
    assert.deepEqual(windows, [
      [65_525, 65_525], [65_435, 0], [65_435, 50], [65_530, 65_530], [65_530, 65_532], [65_385, 0], [65_385, undefined],
    ]);
  });

  it('have names', () => {
    assert.equal(frameName(8), 'WINDOW_UPDATE');
    assert.equal(frameName(0x42), '0x42');
    assert.deepEqual(flagsOf(1, 0x2d), ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY']);
    assert.deepEqual(flagsOf(8, 0x81), ['0x81']);
    assert.equal(settingName(4), 'INITIAL_WINDOW_SIZE');
    assert.equal(errorName(8), 'CANCEL');
    assert.equal(errorName(0x99), '0x99');
  });

  describe('of a conversation', () => {
    let written: Written[];

    before(async () => {
      written = await conversation((stream, headers) => {
        if (stream.destroyed || headers[':path'] === '/reset') return;
        stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
        stream.respond(
          { ':status': 200, 'x-all': everyOctet(), 'x-path': String(headers[':path']) }, { waitForTrailers: true },
        );
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'last' }));
        stream.pipe(stream);
      }, async (session) => {
        for (const path of ['/first', '/second', '/second']) {
          const stream = session.request({
            ':method': 'POST', ':path': path, 'x-large': 'y'.repeat(20_000), authorization: 'Bearer secret',
          });
          stream.end('b'.repeat(70_000));
          assert.equal((await text(stream)).length, 70_000);
        }
        session.ping(() => {});
        const reset = session.request({ ':path': '/reset' });
        reset.on('error', () => {});
        reset.close(8);
        await once(reset, 'close');
      }, { maxHeaderListPairs: 100, settings: { maxHeaderListSize: 100_000 } });
    });

    /** `a` forty times makes Huffman code shorter for any octet that follows. */
    function everyOctet(): string {
      const octets = Array.from({ length: 256 }, (_, octet) => octet).filter((octet) =>
        octet >= 0x20 && octet !== 0x7f);
      return octets.map((octet) => `${'a'.repeat(40)}${String.fromCharCode(octet)}`).join('');
    }

    function fieldIn(frames: readonly Http2Frame[], name: string): string[] {
      return frames.flatMap(({ fields = [] }) =>
        fields.filter((field) => field.name === name).map(({ value }) => value));
    }

    it('hold every field that was given, in Huffman code too', () => {
      const frames = framesOf(written);
      assert.ok(frames.every(({ problem }) => problem === undefined));
      assert.deepEqual(fieldIn(frames, 'x-all'), Array<string>(3).fill(everyOctet()));
      assert.ok(
        frames.some(({ fields = [] }) => fields.some(({ name, huffman }) => name === 'x-all' && huffman !== undefined)),
      );
      assert.deepEqual(fieldIn(frames, 'x-large').map((value) => value.length), [20_000, 20_000, 20_000]);
      assert.deepEqual(fieldIn(frames, 'x-path'), ['/first', '/second', '/second']);
      assert.deepEqual(fieldIn(frames, ':status'), ['103', '200', '103', '200', '103', '200']);
      assert.deepEqual(fieldIn(frames, 'x-trailer'), ['last', 'last', 'last']);
      assert.ok(frames.some(({ type }) => type === frameType.continuation));
      assert.ok(frames.some(({ errorCode, stream }) => errorCode === 8 && stream === 7));
    });

    it('are all the octets that passed, one after another', () => {
      for (const direction of ['sent', 'received'] as const) {
        const frames = framesOf(written).filter((frame) => frame.direction === direction)
          .map((frame) => ({ offset: frame.offset, size: frame.length + 9 * (frame.count ?? 1) }));
        let expected = direction === 'sent' ? 24 : 0;
        for (const { offset, size } of frames) {
          assert.equal(offset, expected);
          expected += size;
        }
        const all = written.filter((one) => one.direction === direction).reduce((sum, { bytes }) =>
          sum + bytes.length, 0);
        assert.equal(expected, all);
      }
    });

    it('are the same wherever the octets are cut', () => {
      const whole = framesOf(written);
      for (const cut of [1, 2, 3, 5, 8, 9, 10, 13, 64, 1000, 4096]) assert.deepEqual(framesOf(written, cut), whole);
    });

    it('are the same when cut in two anywhere', () => {
      // A shorter one, since each place is tried.
      const head = written.slice(0, 12).map((one) => ({ ...one, bytes: one.bytes.subarray(0, 600) }));
      const whole = framesOf(head);
      for (const [index, { direction, bytes }] of head.entries()) {
        for (let at = 1; at < bytes.length; at++) {
          const cut = [{ direction, bytes: bytes.subarray(0, at) }, { direction, bytes: bytes.subarray(at) }];
          const frames = framesOf([...head.slice(0, index), ...cut, ...head.slice(index + 1)]);
          assert.deepEqual(frames.map(withoutTimes), whole.map(withoutTimes));
        }
      }
    });

    it('survive any change of the octets', () => {
      let seed = 7;
      const random = (below: number): number => Math.floor(((seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff) * below);
      const head = written.map((one) => ({ ...one, bytes: one.bytes.subarray(0, 2000) })).slice(0, 30);
      for (let round = 0; round < 2000; round++) {
        const changed = head.map(({ direction, bytes }) => {
          const copy = Buffer.from(bytes);
          for (let times = random(4); times > 0; times--) copy[random(copy.length)] = random(256);
          return { direction, bytes: random(10) === 0 ? copy.subarray(random(copy.length)) : copy };
        });
        const frames = framesOf(changed);
        const octets = changed.reduce((sum, { bytes }) => sum + bytes.length, 0);
        assert.ok(frames.length <= octets / 9);
        assert.ok(JSON.stringify(frames).length < 200 * octets);
      }
    });
  });

  it('are told when their last octet passed, however the octets are cut (RFC 9113 §4.1)', () => {
    const octets = Buffer.concat([
      preface, frameOctets(4, 0, 0), frameOctets(1, 4, 1, Buffer.alloc(12)),
      frameOctets(0, 1, 0x7fffffff, Buffer.alloc(5)),
    ]);
    for (let cut = 0; cut <= octets.length; cut++) {
      const seen: [number, number, number, number][] = [];
      const reader = new FrameReader(24, (one, at) => seen.push([one.type, one.stream, one.length, at]));
      reader.feed(octets.subarray(0, cut), 0);
      reader.feed(octets.subarray(cut), 1);
      const ends = [24 + 9, 24 + 9 + 21, octets.length].map((end) => (cut >= end ? 0 : 1));
      assert.deepEqual(seen, [[4, 0, 0, ends[0]], [1, 1, 12, ends[1]], [0, 0x7fffffff, 5, ends[2]]], `cut at ${cut}`);
    }
  });

  it('do not change with the memory they came in', () => {
    const padded = Buffer.concat([frameOctets(0, 8, 1, '02 616263 0000'), frameOctets(1, 5, 3, '88')]);
    for (let cut = 1; cut < padded.length; cut++) {
      const frames: Http2Frame[] = [];
      const log = new FrameLog((frame) => frames.push(frame));
      const reader = new FrameReader(0, (frame, at) => log.add('received', frame, at), true);
      const memory = Buffer.alloc(padded.length);
      for (const part of [padded.subarray(0, cut), padded.subarray(cut)]) {
        part.copy(memory);
        reader.feed(memory.subarray(0, part.length), 0);
        memory.fill(0xff);
      }
      assert.deepEqual(frames.map(({ padding, fields }) => padding ?? fields?.[0]?.value), [2, '200'], `cut at ${cut}`);
    }
  });

  it('have fields in UTF-8 as text, which the table counts in octets', () => {
    const value = Buffer.from('한글');
    const literal = Buffer.concat([Buffer.from('40016106', 'hex'), value]);
    const [first, second] = received(frameOctets(1, 4, 1, literal), frameOctets(1, 4, 3, 'be'));
    assert.deepEqual([first!.fields![0]!.value, second!.fields![0]!.value], ['한글', '한글']);
  });

  it('are cut out without their payloads where nobody wants these', () => {
    const frames: RawFrame[] = [];
    const reader = new FrameReader(0, (frame) => frames.push(frame));
    reader.feed(frameOctets(1, 4, 1, '88'), 1);
    assert.deepEqual(frames.map(({ length, payload }) => [length, payload.length]), [[1, 0]]);
  });
});

function withoutTimes({ at: _at, endAt: _endAt, ...frame }: Http2Frame): Partial<Http2Frame> {
  return frame;
}
