import assert from 'node:assert/strict';
import { Slabs } from '../../../src/wire/tap/slab.ts';
import { defaultCaptureLimits, StreamCapture } from '../../../src/wire/tap/streamCapture.ts';
import { TlsRecording } from '../../../src/wire/tls/recording.ts';

interface Piece {
  readonly direction: 'sent' | 'received';
  readonly bytes: Buffer;
}

const handshake = 22;
const alert = 21;
const data = 23;

/** A record (RFC 8446 §5.1) of `size` bytes. */
function record(type: number, size: number): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, size >> 8, size & 255]), Buffer.alloc(size, type)]);
}

/** A handshake whose last record comes in two pieces, then requests and responses, and a goodbye. */
function conversation(exchanges: number, size: number): Piece[] {
  const flight = record(handshake, 700);
  return [
    { direction: 'sent', bytes: record(handshake, 300) },
    { direction: 'received', bytes: flight.subarray(0, 400) },
    { direction: 'received', bytes: flight.subarray(400) },
    ...Array.from({ length: exchanges }, (_, index): Piece => (
      { direction: index % 2 === 0 ? 'sent' : 'received', bytes: record(data, size) }
    )),
    { direction: 'received', bytes: record(alert, 2) },
  ];
}

const piecesOfHandshake = 3;

/** What is told of the pieces; `each` is called after each. */
function told(
  pieces: readonly Piece[], recording: TlsRecording, kept?: StreamCapture, each: (place: number) => void = () => {},
): object[] {
  for (const [place, { direction, bytes }] of pieces.entries()) {
    kept?.[direction](bytes, place);
    recording[direction](bytes, place);
    if (place === piecesOfHandshake - 1) recording.handshakeOver();
    each(place);
  }
  return recording.take().map((one) => ({ ...one, fragment: Buffer.from(one.fragment).toString('hex') }));
}

function capture(exchange = defaultCaptureLimits.exchange): StreamCapture {
  return new StreamCapture({ ...defaultCaptureLimits, exchange }, () => {}, new Slabs(1024 * 1024));
}

describe('the records of a connection whose bytes are kept elsewhere', () => {
  for (const [name, exchanges, size] of [
    ['few pieces', 6, 200], ['many pieces', 400, 200], ['many bytes', 20, 16_000], ['tiny records', 80, 20],
  ] as const) {
    it(`are the same when they are looked at later: ${name}`, () => {
      const pieces = conversation(exchanges, size);
      const expected = told(pieces, new TlsRecording());
      const kept = capture();
      assert.deepEqual(told(pieces, new TlsRecording(kept), kept), expected);
      assert.ok(expected.length > piecesOfHandshake - 1);
    });
  }

  it('are the same when not all is kept', () => {
    const pieces = conversation(10, 500);
    const kept = capture(1500);
    assert.deepEqual(told(pieces, new TlsRecording(kept), kept), told(pieces, new TlsRecording()));
  });

  it('are the same when what was kept is let go of meanwhile', () => {
    const pieces = conversation(10, 500);
    const kept = capture();
    const recording = new TlsRecording(kept);
    const records = told(pieces, recording, kept, (place) => {
      if (place !== 5) return;
      recording.readLeft();
      kept.forget();
    });
    assert.deepEqual(records, told(pieces, new TlsRecording()));
  });

  it('begin where TLS began: what a proxy was told before is none', () => {
    const pieces = conversation(6, 200);
    const kept = capture();
    kept.sent(Buffer.from('CONNECT site.test:443 HTTP/1.1'), 0);
    kept.received(Buffer.from('HTTP/1.1 200 OK'), 0);
    assert.deepEqual(told(pieces, new TlsRecording(kept), kept), told(pieces, new TlsRecording()));
  });

  it('are counted as long as nobody has taken them', () => {
    const kept = capture();
    const recording = new TlsRecording(kept);
    assert.equal(recording.size, 0);
    kept.sent(record(handshake, 300), 0);
    recording.sent(record(handshake, 300), 0);
    assert.ok(recording.size > 0);
    recording.take();
    assert.equal(recording.size, 0);
  });
});
