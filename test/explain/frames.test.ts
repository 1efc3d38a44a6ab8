import assert from 'node:assert/strict';
import { explainDelays, explainRepresentation, explainStalls, summarizeFrame } from '../../src/explain/frames.ts';
import { hexRows, visibleBytes } from '../../src/explain/visibleBytes.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { stallsOf } from '../../src/trace/http2/exchangeFrames.ts';
import type { Http2Frame } from '../../src/trace/http2/frame.ts';
import type { HpackField } from '../../src/trace/http2/hpack.ts';
import { record } from '../../src/trace/record.ts';
import { frameOctets, framesOf } from '../trace/http2/octets.ts';
import type { Written } from '../trace/http2/octets.ts';

function received(...frames: Buffer[]): Http2Frame[] {
  return framesOf(frames.map((bytes) => ({ direction: 'received' as const, bytes })));
}

const summaries: readonly [frame: Buffer, en: string, ko: string][] = [
  [frameOctets(0, 0, 1, '6162'), 'connection 65,533 left', '연결 65,533 남음'],
  [frameOctets(1, 5, 1, '88'), '200 · fields: 1, bytes: 1 instead of 10', '200 · 필드 1개, 10바이트 대신 1바이트'],
  [frameOctets(1, 5, 1, '80'), 'its fields cannot be decoded (RFC 9113 §4.3)', '필드를 해석할 수 없음 (RFC 9113 §4.3)'],
  [frameOctets(2, 0, 5, '80000003 0f'), 'depends on stream 3, weight 16 · exclusive', '스트림 3에 의존, 가중치 16 · 배타적'],
  [frameOctets(3, 0, 1, '00000008'), 'CANCEL', 'CANCEL'],
  [frameOctets(4, 0, 0, '0003 00000064 ff00 00000001'), 'MAX_CONCURRENT_STREAMS 100, 0xff00 1', 'MAX_CONCURRENT_STREAMS 100, 0xff00 1'],
  [frameOctets(4, 1, 0), 'acknowledged', '확인됨'],
  [frameOctets(4, 0, 0), 'no change', '변경 없음'],
  [frameOctets(5, 4, 1, '00000002 82'), 'promises stream 2 · GET · fields: 1, bytes: 1 instead of 10', '스트림 2 예고 · GET · 필드 1개, 10바이트 대신 1바이트'],
  [frameOctets(6, 1, 0, '0102030405060708'), 'acknowledged · 0102030405060708', '확인됨 · 0102030405060708'],
  [frameOctets(7, 0, 0, Buffer.from('\0\0\0\x03\0\0\0\x02bye\x07', 'latin1')), 'INTERNAL_ERROR · last stream 3 · "bye\\u0007"', 'INTERNAL_ERROR · 마지막 스트림 3 · "bye\\u0007"'],
  [frameOctets(8, 0, 0, '00010000'), '+65,536 → connection 131,071', '+65,536 → 연결 131,071'],
  [frameOctets(9, 4, 1, '88'), 'more of the fields above · malformed: its length does not fit its type', '위 필드의 계속 · 잘못된 형식: 길이가 종류와 맞지 않음'],
  [frameOctets(10, 0, 0, Buffer.from('\0\x03a.bh2=":8000"')), 'a.b · h2=":8000"', 'a.b · h2=":8000"'],
  [frameOctets(0xee, 0, 0, 'cafe'), 'cafe', 'cafe'],
];

describe('the words for frames', () => {
  for (const [octets, en, ko] of summaries) {
    it(`say: ${en}`, () => {
      const [frame] = received(octets);
      assert.equal(summarizeFrame(frame!, 'en'), en);
      assert.equal(summarizeFrame(frame!, 'ko'), ko);
    });
  }

  it('say how fields were written (RFC 7541 §6)', () => {
    const field = (more: Partial<HpackField>): string => explainRepresentation(
      { name: 'a', value: 'b', representation: 'incremental', size: 3, ...more }, 'en');
    assert.equal(field({ representation: 'indexed', index: 2 }), 'number 2 of the table');
    assert.equal(field({ huffman: 'both' }), 'literal, added to the table, Huffman code');
    assert.equal(field({ representation: 'never-indexed', index: 23, huffman: 'value' }),
      'literal, never to be put into a table, name 23 of the table, value in Huffman code');
  });
});

describe('flow control that holds back', () => {
  const setup: Written[] = [
    { direction: 'sent', bytes: Buffer.alloc(24) }, { direction: 'received', bytes: frameOctets(4, 0, 0, '0004 00000064') },
    { direction: 'sent', bytes: frameOctets(4, 1, 0) }, { direction: 'sent', bytes: frameOctets(1, 4, 1, '82') },
    { direction: 'sent', bytes: frameOctets(0, 0, 1, Buffer.alloc(100)) },
  ];
  const update: Written = { direction: 'received', bytes: frameOctets(8, 0, 1, '00000064') };

  it('is a wait from the last DATA to the WINDOW_UPDATE', () => {
    // Each chunk is 1 ms after the one before.
    const stalls = stallsOf(
      framesOf([...setup, { direction: 'received', bytes: frameOctets(6, 0, 0, '0000000000000000') }, update]),
    );
    assert.deepEqual(stalls, [{ direction: 'sent', stream: 1, window: 'stream', startAt: 4, endAt: 6 }]);
    assert.deepEqual(explainStalls(stalls, 'en'),
      ['We had sent all that the stream window allowed and waited 2.0 ms for the server’s WINDOW_UPDATE.']);
  });

  it('may have no end', () => {
    const stalls = stallsOf(framesOf(setup));
    assert.deepEqual(stalls, [{ direction: 'sent', stream: 1, window: 'stream', startAt: 4 }]);
    assert.match(explainStalls(stalls, 'en')[0]!, /no WINDOW_UPDATE followed/);
    assert.match(explainStalls(stalls, 'ko')[0]!, /WINDOW_UPDATE가 오지 않았습니다/);
  });

  it('is none where the body ended, and none where there was room', () => {
    const ended = [
      ...setup.slice(0, -1), { direction: 'sent' as const, bytes: frameOctets(0, 1, 1, Buffer.alloc(100)) },
    ];
    const room = [...setup.slice(0, -1), { direction: 'sent' as const, bytes: frameOctets(0, 0, 1, Buffer.alloc(99)) }];
    for (const written of [ended, room]) assert.deepEqual(stallsOf(framesOf(written)), []);
  });

  it('is told once for the longest, with the others together, and not for what is no delay', () => {
    const stall = { direction: 'received', stream: 1, window: 'connection' } as const;
    const sentences = explainStalls([
      { ...stall, startAt: 0, endAt: 0.5 }, { ...stall, startAt: 0, endAt: 40 }, { ...stall, startAt: 50, endAt: 52 }, { ...stall, startAt: 60, endAt: 63 },
    ], 'en');
    assert.deepEqual(sentences, [
      'The server had sent all that the connection window allowed and waited 40.0 ms for our WINDOW_UPDATE.',
      '2 further waits, 5.0 ms in all.',
    ]);
  });
});

describe('flow control that delays an exchange', () => {
  const exchange = (waited: number, duration: number): Exchange => {
    const frame = { direction: 'sent', flags: 0, stream: 1, offset: 0, length: 4 } as const;
    const frames: Http2Frame[] = [
      { ...frame, type: 0, at: 1, endAt: 1, window: { connection: 10, stream: 0 } },
      { ...frame, direction: 'received', type: 8, at: 1 + waited, endAt: 1 + waited, increment: 4, window: { connection: 10, stream: 4 } },
    ];
    const spec = { id: 's', method: 'POST', url: 'http://a.test/', headers: [], options: {} };
    return record({ id: 'e', spec, events: [
      { type: 'queued', at: 0, startedAt: 0 },
      { type: 'http2-frames', at: 1, frames, omitted: 0 },
      { type: 'failed', at: duration, failure: { phase: 'receive', code: 'cancelled', confidence: 'certain' } },
    ] });
  };

  it('is said where it took a part of the time that matters', () => {
    assert.match(explainDelays(exchange(40, 100), 'en')[0]!, /waited 40.0 ms/);
    for (const [waited, duration] of [[4, 10], [40, 1000]] as const) assert.deepEqual(
      explainDelays(exchange(waited, duration), 'en'), [],
    );
  });
});

describe('bytes that are shown', () => {
  const visible = (bytes: Buffer): string => visibleBytes(bytes).map(({ text, isEscaped }) =>
    (isEscaped ? `<${text}>` : text)).join('');

  it('hide nothing', () => {
    assert.equal(visible(Buffer.from('a\r\n\tb\0\x7f')), 'a<␍␊␉>b<\\x00\\x7f>');
    assert.equal(visible(Buffer.from('한글 é')), '한글 é');
    assert.equal(visible(Buffer.from([0x61, 0xff, 0xc3])), 'a<\\xff\\xc3>');
    assert.equal(visible(Buffer.from('a\u202eb\u200bc\u2028\ufeff')), 'a<\\u{202e}>b<\\u{200b}>c<\\u{2028}\\u{feff}>');
  });

  it('are all there in hex', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const rows = hexRows(bytes, 16);
    assert.deepEqual(Buffer.from(rows.map(({ hex }) => hex.replaceAll(' ', '')).join(''), 'hex'), Buffer.from(bytes));
    assert.deepEqual(rows[0], {
      offset: '00000010', hex: '00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f', ascii: '················',
    });
    assert.equal(hexRows(bytes.subarray(65, 67), 65)[0]!.ascii, 'AB');
  });
});
