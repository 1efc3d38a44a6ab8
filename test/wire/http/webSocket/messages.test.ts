import assert from 'node:assert/strict';
import { deflateRawSync, constants } from 'node:zlib';
import { Deflating } from '../../../../src/wire/http/webSocket/deflate.ts';
import type { Violation } from '../../../../src/wire/http/webSocket/frames.ts';
import { clientFrame } from '../../../../src/wire/http/webSocket/frames.ts';
import { isCloseCode, MessageReader } from '../../../../src/wire/http/webSocket/messages.ts';
import type { Received } from '../../../../src/wire/http/webSocket/messages.ts';

const none = { serverNoContextTakeover: false, clientNoContextTakeover: false };

/** What is read of `bytes`, fed in pieces of `size`. */
function read(bytes: Buffer, { size = bytes.length || 1, deflating, limit }: { size?: number; deflating?: Deflating; limit?: number } = {}) {
  const messages: Received[] = [];
  const violations: Violation[] = [];
  const reader = new MessageReader({
    onMessage: (message) => messages.push(message), onViolation: (violation) => violations.push(violation),
  }, deflating, limit);
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size), at);
  return { messages, violations, reader };
}

/** A frame of a server: not masked. */
function frame(first: number, payload: Buffer | string = '', form: 0 | 2 | 8 | undefined = undefined): Buffer {
  const bytes = Buffer.from(payload);
  const extended = form ?? (bytes.length < 126 ? 0 : bytes.length < 65536 ? 2 : 8);
  const head = Buffer.alloc(2 + extended);
  head[0] = first;
  head[1] = extended === 0 ? bytes.length : extended === 2 ? 126 : 127;
  if (extended === 2) head.writeUInt16BE(bytes.length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

function deflated(text: string, dictionary?: Buffer): Buffer {
  const bytes = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH, ...(dictionary ? { dictionary } : {}) });
  return bytes.subarray(0, -4);
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the frames of a WebSocket', () => {
  // RFC 6455 §5.7 gives these bytes.
  const examples: [what: string, bytes: Buffer, expected: [kind: string, text: string, frames: number][]][] = [
    ['a single-frame text', hex('81 05 48 65 6c 6c 6f'), [['text', 'Hello', 1]]],
    ['a fragmented text', hex('01 03 48 65 6c 80 02 6c 6f'), [['text', 'Hello', 2]]],
    ['a ping', hex('89 05 48 65 6c 6c 6f'), [['ping', 'Hello', 1]]],
    ['256 bytes of binary', frame(0x82, Buffer.alloc(256, 'x')), [['binary', 'x'.repeat(256), 1]]],
    ['64 KiB of binary', frame(0x82, Buffer.alloc(65536, 'y')), [['binary', 'y'.repeat(65536), 1]]],
    ['a ping between fragments', Buffer.concat([frame(0x01, 'a'), frame(0x89, 'p'), frame(0x00, 'b'), frame(0x80, 'c')]),
      [['ping', 'p', 1], ['text', 'abc', 3]]],
    ['empty ones', Buffer.concat([frame(0x81), frame(0x02), frame(0x80), frame(0x8a)]), [['text', '', 1], ['binary', '', 2], ['pong', '', 1]]],
    ['a character cut by fragments', Buffer.concat([frame(0x01, hex('ec 95')), frame(0x80, hex('88'))]), [['text', '안', 2]]],
  ];
  for (const [what, bytes, expected] of examples) {
    it(`§5.7: ${what}`, () => {
      const { messages, violations } = read(bytes);
      assert.deepEqual(violations, []);
      assert.deepEqual(messages.map(({ kind, payload, frames }) => [kind, payload.toString(), frames]), expected);
      assert.equal(messages.reduce((sum, { wireSize }) => sum + wireSize, 0), bytes.length);
    });
  }

  it('are the same however the bytes are cut', () => {
    const bytes = Buffer.concat([
      frame(0x01, 'fir'), frame(0x89, 'p'), frame(0x80, 'st'), frame(0x82, Buffer.alloc(300, 7)), frame(0x81, 'last', 0),
      frame(0x88, Buffer.concat([hex('03e8'), Buffer.from('bye')])),
    ]);
    const whole = read(bytes).messages.map(({ startAt: _start, at: _at, ...message }) => ({ ...message, payload: message.payload.toString('hex') }));
    assert.deepEqual(whole.map(({ kind }) => kind), ['ping', 'text', 'binary', 'text', 'close']);
    for (let size = 1; size <= bytes.length; size += 1) {
      const { messages, reader } = read(bytes, { size });
      assert.deepEqual(messages.map(({ startAt: _start, at: _at, ...message }) => ({ ...message, payload: message.payload.toString('hex') })), whole, `pieces of ${size}`);
      assert.equal(reader.isInside, false);
    }
  });

  it('say when the first and the last byte came', () => {
    const [message] = read(Buffer.concat([frame(0x01, 'ab'), frame(0x80, 'cd')]), { size: 1 }).messages;
    assert.deepEqual([message!.startAt, message!.at], [0, 7]);
  });

  const rules: [section: string, bytes: Buffer, rule: string, closeCode: number, offset: number][] = [
    ['§5.2, RSV1 without an extension', frame(0xc1, 'x'), 'reserved-bits', 1002, 0],
    ['§5.2, RSV2', frame(0xa1, 'x'), 'reserved-bits', 1002, 0],
    ['§5.2, an opcode that is not defined', frame(0x83, 'x'), 'opcode', 1002, 0],
    ['§5.2, a control opcode that is not defined', frame(0x8b, 'x'), 'opcode', 1002, 0],
    ['§5.1, a masked frame', clientFrame(1, Buffer.from('x')), 'masked', 1002, 0],
    ['§5.2, a length of two bytes that fits one', frame(0x81, 'x', 2), 'length', 1002, 0],
    ['§5.2, a length of eight bytes that fits two', frame(0x81, Buffer.alloc(300), 8), 'length', 1002, 0],
    ['§5.2, the highest bit of a length', hex('82 7f 80 00 00 00 00 00 00 01'), 'length', 1002, 0],
    ['§5.5, a long ping', frame(0x89, Buffer.alloc(126)), 'control-length', 1002, 0],
    ['§5.5, a fragmented ping', frame(0x09, 'x'), 'control-fragmented', 1002, 0],
    ['§5.4, a continuation of nothing', Buffer.concat([frame(0x81, 'ok'), frame(0x80, 'x')]), 'continuation', 1002, 4],
    ['§5.4, a message within a message', Buffer.concat([frame(0x01, 'a'), frame(0x81, 'b')]), 'interrupted', 1002, 3],
    ['§8.1, a text that is no UTF-8', frame(0x81, hex('c3 28')), 'utf8', 1007, 0],
    ['§5.5.1, a close of one byte', frame(0x88, 'x'), 'close-payload', 1002, 0],
    ['§7.4.1, a close that says 1005', frame(0x88, hex('03ed')), 'close-code', 1002, 0],
    ['§5.5.1, a reason that is no UTF-8', frame(0x88, hex('03e8 ff')), 'utf8', 1007, 0],
  ];
  for (const [section, bytes, rule, closeCode, offset] of rules) {
    it(`break a rule: ${section}`, () => {
      for (const size of [bytes.length, 1]) {
        const { violations } = read(Buffer.concat([bytes, frame(0x81, 'after')]), { size });
        assert.equal(violations.length, 1);
        assert.deepEqual([violations[0]!.rule, violations[0]!.closeCode, violations[0]!.offset], [rule, closeCode, offset]);
      }
    });
  }

  it('are bounded: one frame, a message of many, and one that is inflated', () => {
    const limit = 1000;
    const large = hex('82 7f 00 00 00 ff ff ff ff ff');
    assert.deepEqual(read(large).violations.map(({ rule, closeCode }) => [rule, closeCode]), [['too-large', 1009]]);
    const many = Buffer.concat([frame(0x01, Buffer.alloc(600, 'a')), frame(0x80, Buffer.alloc(600, 'a'))]);
    assert.equal(read(many, { limit }).violations[0]?.rule, 'too-large');
    const bomb = frame(0xc1, deflated('a'.repeat(100_000)));
    const found = read(bomb, { limit, deflating: new Deflating(none) });
    assert.deepEqual([bomb.length < limit, found.violations[0]?.rule, found.messages.length], [true, 'too-large', 0]);
  });

  // RFC 7692 §7.2.3 gives these bytes.
  const compressed: [what: string, bytes: Buffer, expected: string[]][] = [
    ['§7.2.3.1', hex('c1 07 f2 48 cd c9 c9 07 00'), ['Hello']],
    ['§7.2.3.1, fragmented', hex('41 03 f2 48 cd 80 04 c9 c9 07 00'), ['Hello']],
    ['§7.2.3.2, with the window of the one before', hex('c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00'), ['Hello', 'Hello']],
    ['§7.2.3.3, a block that is stored', hex('c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00'), ['Hello']],
    ['§7.2.3.4, a block that ends the stream', hex('c1 08 f3 48 cd c9 c9 07 00 00'), ['Hello']],
    ['§7.2.3.5, two blocks', hex('c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00'), ['Hello']],
    ['one that is not compressed beside', Buffer.concat([hex('c1 07 f2 48 cd c9 c9 07 00'), frame(0x81, 'plain')]), ['Hello', 'plain']],
  ];
  for (const [what, bytes, expected] of compressed) {
    it(`are inflated: RFC 7692 ${what}`, () => {
      const { messages, violations } = read(bytes, { deflating: new Deflating(none) });
      assert.deepEqual(violations, []);
      assert.deepEqual(messages.map(({ payload }) => payload.toString()), expected);
    });
  }

  it('break a rule: what is no deflate, and a continuation that is marked as compressed', () => {
    const bad = read(frame(0xc1, hex('ff ff ff')), { deflating: new Deflating(none) });
    assert.deepEqual(bad.violations.map(({ rule, closeCode }) => [rule, closeCode]), [['compressed', 1007]]);
    const marked = read(Buffer.concat([frame(0x41, deflated('a')), frame(0xc0, 'x')]), { deflating: new Deflating(none) });
    assert.equal(marked.violations[0]?.rule, 'compressed');
  });

  it('§7.4: codes that may be on the wire', () => {
    const allowed = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999];
    for (const code of allowed) assert.equal(isCloseCode(code), true, `${code}`);
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535]) assert.equal(isCloseCode(code), false, `${code}`);
  });

  it('of no sense at all end in one violation, or wait for more', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 1 + random() % 60 }, () => random() >> 8 & 0xff));
      // Most begin well.
      if (round % 3 > 0) bytes[0] = [0x81, 0x01, 0x82, 0xc1, 0x88, 0x89, 0x80][random() % 7]!;
      if (round % 3 > 0 && bytes.length > 1) bytes[1] = random() % 20;
      const [one, many] = [1, bytes.length].map((size) => read(bytes, { size, deflating: new Deflating(none), limit: 4096 }));
      assert(one!.violations.length <= 1);
      assert.deepEqual(one!.violations, many!.violations);
      assert.deepEqual(one!.messages.map(({ kind, payload }) => [kind, payload]), many!.messages.map(({ kind, payload }) => [kind, payload]));
    }
  });

  it('of a client are masked with another key each time (§5.3)', () => {
    const [one, two] = [clientFrame(1, Buffer.from('same')), clientFrame(1, Buffer.from('same'))];
    assert.notDeepEqual(one.subarray(2, 6), two.subarray(2, 6));
    const unmasked = one.subarray(6).map((byte, at) => byte ^ one[2 + (at & 3)]!);
    assert.deepEqual([one[0], one[1], Buffer.from(unmasked).toString()], [0x81, 0x84, 'same']);
  });
});
