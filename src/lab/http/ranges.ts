import { createHash } from 'node:crypto';

/** First and last byte, both inclusive. */
export type ByteRange = readonly [first: number, last: number];

/** More ranges than this, or any that overlap, and the whole is sent (RFC 9110 §14.2, §17.15). */
const maxRanges = 16;

/**
 * Reads a Range field for a representation of `size` bytes (RFC 9110 §14.1.2). Undefined: to be ignored, for it is
 * malformed, has another unit, or asks for more than makes sense; none: nothing of it can be given (416).
 */
export function readRanges(field: string | undefined, size: number): readonly ByteRange[] | undefined {
  const set = /^bytes=(.+)$/i.exec(field ?? '')?.[1];
  const parts = set?.split(',').map((part) => /^\s*(\d{0,15})-(\d{0,15})\s*$/.exec(part)) ?? [];
  if (parts.length === 0 || parts.length > maxRanges) return undefined;
  const ranges: ByteRange[] = [];
  for (const part of parts) {
    const [, first = '', last = ''] = part ?? [];
    if (first === '' && last === '') return undefined;
    if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
    const range = satisfiable(first, last, size);
    if (range) ranges.push(range);
  }
  return overlap(ranges) ? undefined : ranges;
}

function satisfiable(first: string, last: string, size: number): ByteRange | undefined {
  if (first === '') return last === '0' || size === 0 ? undefined : [Math.max(0, size - Number(last)), size - 1];
  if (Number(first) >= size) return undefined;
  return [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
}

function overlap(ranges: readonly ByteRange[]): boolean {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  return sorted.some(([first], index) => index > 0 && first <= (sorted[index - 1]?.[1] ?? -1));
}

/** RFC 9110 §14.4 */
export function contentRange([first, last]: ByteRange, size: number): string {
  return `bytes ${first}-${last}/${size}`;
}

/** Several ranges as one body (RFC 9110 §14.6), with its type, which names the boundary. */
export function multipartRanges(
  content: Buffer, contentType: string, ranges: readonly ByteRange[],
): { readonly contentType: string; readonly body: Buffer } {
  // A digest of the content cannot stand in it but by a wonder, and it is the same each time.
  const boundary = createHash('sha256').update(content).digest('hex').slice(0, 24);
  const parts = ranges.flatMap((range) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n`
      + `Content-Range: ${contentRange(range, content.length)}\r\n\r\n`),
    content.subarray(range[0], range[1] + 1),
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
