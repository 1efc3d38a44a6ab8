import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { bytes } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';

// Faults of what is in a response whose framing is right.

/** What the bomb becomes: 256 MiB of zeros. */
const blockSize = 1_048_576;
const bombBlocks = 256;

let bomb: Buffer | undefined;

/**
 * A gzip file (RFC 1952) that says 256 MiB, in a quarter of a megabyte; compressed again it is next to nothing. One
 * block is compressed and repeated: after a full flush a decoder needs nothing that came before (RFC 1951 §2).
 */
function makeBomb(): Buffer {
  const zeros = Buffer.alloc(blockSize);
  const block = deflateRawSync(zeros, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const end = deflateRawSync(Buffer.alloc(0));
  const trailer = Buffer.alloc(8);
  let check = 0;
  for (let count = 0; count < bombBlocks; count += 1) check = crc32(zeros, check);
  trailer.writeUInt32LE(check, 0);
  trailer.writeUInt32LE(bombBlocks * blockSize, 4);
  const head = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  const blocks = Array.from({ length: bombBlocks }, () => block);
  return gzipSync(Buffer.concat([head, ...blocks, end, trailer]), { level: 9 });
}

const sample = 'there and back again, '.repeat(200);

/** By the name of the fault. */
export const brokenContents = {
  'gzip-bomb': () => {
    bomb ??= makeBomb();
    return bytes(200, 'application/octet-stream', bomb, [['Content-Encoding', 'gzip, gzip']]);
  },
  'cut-gzip': () => {
    const whole = gzipSync(sample, { level: 0 });
    return bytes(200, 'text/plain; charset=utf-8', whole.subarray(0, whole.length / 2), [['Content-Encoding', 'gzip']]);
  },
  'wrong-coding': () =>
    bytes(200, 'text/plain; charset=utf-8', Buffer.from('This is no gzip.\n'), [['Content-Encoding', 'gzip']]),
  // 왕복, in the bytes of EUC-KR (KS X 1001), which are no UTF-8.
  'wrong-charset': () => bytes(200, 'text/plain; charset=utf-8', Buffer.of(0xbf, 0xd5, 0xba, 0xb9, 0x0a)),
} as const satisfies Readonly<Record<string, () => Answer>>;
