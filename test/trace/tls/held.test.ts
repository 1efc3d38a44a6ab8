import assert from 'node:assert/strict';
import { longestHold } from '../../../src/trace/tls/held.ts';
import type { WireStream } from '../../../src/trace/wireRecord.ts';

const stream = (...segments: ['sent' | 'received', number, number][]): WireStream => ({
  segments: segments.map(([direction, at, size]) => ({ direction, at, offset: 0, bytes: new Uint8Array(size) })), sentSize: 0, receivedSize: 0,
});

describe('what TLS holds back', () => {
  it('is what it was given long before it wrote, together', () => {
    const plain = stream(['sent', 52, 24], ['sent', 53, 92], ['received', 150, 9], ['sent', 160, 5]);
    const transport = stream(['sent', 40, 80], ['sent', 142, 160], ['sent', 160.1, 30]);
    assert.deepEqual(longestHold({ connectionId: 'c', plain, transport }), { at: 52, leftAt: 142, bytes: 116 });
  });

  it('is nothing behind as much as the network may hold back', () => {
    const large = { direction: 'sent', at: 51, offset: 0, bytes: new Uint8Array(16_000) } as const;
    const late = { direction: 'sent', at: 142, offset: 16_000, bytes: new Uint8Array(100) } as const;
    const transport = { segments: [large, late], sentSize: 0, receivedSize: 0 };
    assert.equal(longestHold({ connectionId: 'c', plain: stream(['sent', 50, 15_900], ['sent', 52, 60]), transport }), undefined);
  });

  it('is nothing where each write left at once, or was not kept below', () => {
    const plain = stream(['sent', 52, 24]);
    assert.equal(longestHold({ connectionId: 'c', plain, transport: stream(['sent', 52.2, 50]) }), undefined);
    assert.equal(longestHold({ connectionId: 'c', plain, transport: stream(['received', 90, 50]) }), undefined);
    assert.equal(longestHold({ connectionId: 'c', transport: stream(['sent', 52, 50]) }), undefined);
  });
});
