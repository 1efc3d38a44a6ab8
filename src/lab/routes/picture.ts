import { crc32, deflateSync } from 'node:zlib';

/**
 * A PNG picture (ISO/IEC 15948), `size` pixels square, 8-bit RGB: two colours flowing into each
 * other.
 */
export function drawPicture(size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header), chunk('IDAT', deflateSync(pixels(size))), chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row is preceded by its filter type, 0 for none. */
function pixels(size: number): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const share = (x + y) / (2 * size - 2);
      const color = [10 + 114 * share, 126 - 49 * share, 164 + 42 * share].map(Math.round);
      rows.set(color, y * (1 + size * 3) + 1 + x * 3);
    }
  }
  return rows;
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
