/** When the first byte of each request on a connection arrived, in monotonic ms. */
export interface HeadStarts<Request> {
  read(chunk: Buffer, at: number): void;
  /** Asked once for each request, in the order the requests were parsed. */
  take(request: Request): number | undefined;
}

/** What is used of Node's parser, which is not part of its public interface. */
interface Parser {
  readonly socket: object | null;
  readonly constructor: { readonly kOnMessageBegin?: number };
  [hook: number]: unknown;
}

/**
 * HTTP/1: makes what has `onHead` called with the socket of a server's connection at the first byte of each request.
 * The parser is told to say so, for it takes the bytes from under the socket; empty lines before a request are none of
 * it (RFC 9112 §2.2), and a pipelined one begins when its turn comes. Parsers are used again for other connections:
 * `onHead` must know its own.
 */
export function hearHeads(onHead: (socket: object) => void): (socket: object) => void {
  const onMessageBegin = function onMessageBegin(this: Parser): void {
    if (this.socket) onHead(this.socket);
  };
  return (socket) => {
    const { parser } = socket as { readonly parser?: Parser | null };
    const hook = parser?.constructor.kOnMessageBegin;
    if (parser && hook !== undefined) parser[hook] = onMessageBegin;
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
