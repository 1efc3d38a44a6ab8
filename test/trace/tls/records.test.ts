import assert from 'node:assert/strict';
import { recordTypeName, tlsRecords } from '../../../src/trace/tls/records.ts';
import type { WireSegment } from '../../../src/trace/wireRecord.ts';

function segmentsOf(direction: WireSegment['direction'], ...chunks: readonly Buffer[]): WireSegment[] {
  let offset = 0;
  return chunks.map((bytes, at) => {
    const segment = { direction, at, offset, bytes };
    offset += bytes.length;
    return segment;
  });
}

function record(type: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 255]), Buffer.alloc(length)]);
}

describe('records of TLS', () => {
  const whole = Buffer.concat([record(22, 300), record(20, 1), record(23, 0), record(23, 700)]);

  it('are found wherever the bytes are cut (RFC 8446 §5.1)', () => {
    for (let cut = 1; cut < whole.length; cut++) {
      const records = tlsRecords({ segments: segmentsOf('sent', whole.subarray(0, cut), whole.subarray(cut)) });
      assert.deepEqual(records.map(({ type, length, offset, isCut, at }) => [type, length, offset, isCut, at]), [
        [22, 300, 0, false, 0], [20, 1, 305, false, cut > 305 ? 0 : 1], [23, 0, 311, false, cut > 311 ? 0 : 1],
        [23, 700, 316, false, cut > 316 ? 0 : 1],
      ]);
    }
  });

  it('may be cut off, and may follow what a proxy was told', () => {
    const segments = segmentsOf(
      'received', Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'), record(22, 10),
      record(23, 9).subarray(0, 8),
    );
    const records = tlsRecords({ segments });
    assert.deepEqual(records.map(({ type, isCut }) => [type, isCut]), [[22, false], [23, true]]);
  });

  it('are none where another protocol is spoken', () => {
    assert.deepEqual(tlsRecords({ segments: segmentsOf('received', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')) }), []);
    assert.deepEqual(tlsRecords({ segments: segmentsOf('received', Buffer.from([22, 3, 3, 0xff, 0xff, 1])) }), []);
    assert.deepEqual(tlsRecords({ segments: [] }), []);
  });

  it('have names', () => {
    assert.deepEqual([20, 21, 22, 23, 24, 99].map(recordTypeName),
      ['change_cipher_spec', 'alert', 'handshake', 'application_data', 'heartbeat', '99']);
  });
});
