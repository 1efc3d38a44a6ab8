import type { IncomingMessage } from 'node:http';

/** When the first byte of each request on a connection arrived, in monotonic ms. */
export interface HeadStarts<Request> {
  read(chunk: Buffer, at: number): void;
  /** Asked once for each request, in the order the requests were parsed. */
  take(request: Request): number | undefined;
}

/**
 * HTTP/1: a request starts with the first chunk after the previous one was complete. A pipelined
 * request shares its time with the chunk that brought it.
 */
export function createHeadStarts1(): HeadStarts<IncomingMessage> {
  let current: IncomingMessage | undefined;
  let startAt: number | undefined;
  let latestAt: number | undefined;
  return {
    read(chunk, at) {
      // RFC 9112 §2.2: empty lines before a request line are not part of it.
      if (chunk.every((byte) => byte === 13 || byte === 10)) return;
      latestAt = at;
      if (!current || current.complete) startAt ??= at;
    },
    take(request) {
      const at = startAt ?? latestAt;
      startAt = undefined;
      current = request;
      return at;
    },
  };
}

const prefaceSize = 24;
const frameHeaderSize = 9;
const headersFrame = 1;
const maxKept = 1024;

/** HTTP/2: a request starts with the HEADERS frame of its stream (RFC 9113 §4.1, §6.2). */
export function createHeadStarts2(): HeadStarts<number> {
  const starts = new Map<number, number>();
  const header = Buffer.alloc(frameHeaderSize);
  let skip = prefaceSize;
  let filled = 0;
  let startAt = 0;
  const readHeader = () => {
    skip = header.readUIntBE(0, 3);
    const stream = header.readUInt32BE(5) & 0x7fffffff;
    // A second HEADERS frame of a stream holds trailers.
    if (header[3] === headersFrame && !starts.has(stream)) starts.set(stream, startAt);
    const oldest = starts.keys().next();
    if (starts.size > maxKept && !oldest.done) starts.delete(oldest.value);
    filled = 0;
  };
  return {
    read(chunk, at) {
      let offset = 0;
      while (offset < chunk.length) {
        const skipped = Math.min(skip, chunk.length - offset);
        skip -= skipped;
        offset += skipped;
        if (skip > 0 || offset === chunk.length) return;
        if (filled === 0) startAt = at;
        const copied = chunk.copy(header, filled, offset, offset + frameHeaderSize - filled);
        filled += copied;
        offset += copied;
        if (filled === frameHeaderSize) readHeader();
      }
    },
    take(stream) {
      return starts.get(stream);
    },
  };
}
