import type { Readable } from 'node:stream';

export type BodyRead =
  | { readonly outcome: 'read'; readonly body: Buffer }
  | { readonly outcome: 'too-large' }
  /** The client went away or took too long. */
  | { readonly outcome: 'aborted' };

/** Reads a body whole, up to `limit` bytes; what is beyond the limit stays unread. */
export function readBody(stream: Readable, limit: number, signal: AbortSignal): Promise<BodyRead> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const finish = (result: BodyRead) => {
      stream.off('data', onData).off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) finish({ outcome: 'too-large' });
    };
    const onEnd = () => finish({ outcome: 'read', body: Buffer.concat(chunks) });
    const onAbort = () => finish({ outcome: 'aborted' });
    if (signal.aborted) return onAbort();
    stream.on('data', onData).on('end', onEnd).on('error', onAbort);
    signal.addEventListener('abort', onAbort);
  });
}
