import { Socket } from 'node:net';

/** What is read, where the kernel put it: it is another thing at the next read. */
type Borrower = (chunk: Buffer) => void;

const borrower = Symbol('borrower');

type Lending = Socket & { [borrower]?: Borrower | undefined };

/** Bytes that are read at once. */
export const lentSize = 64 * 1024;

/**
 * One piece of memory that all sockets read into, one after another: what is in it is copied, or lent to whoever is
 * done with it at once. Windows reads into it behind our back, so there each read has memory of its own.
 */
const shared = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(lentSize);

/** A socket, not connected yet, whose reads can be lent. It behaves like any other until they are. */
export function createLendingSocket(): Socket {
  if (!shared) return new Socket();
  const callback = (size: number, memory: Uint8Array): boolean => {
    const chunk = (memory as Buffer).subarray(0, size);
    const borrowed = socket[borrower];
    // What is in the stream already comes first.
    if (!borrowed || socket.readableLength > 0) return socket.push(Buffer.from(chunk));
    borrowed(chunk);
    return true;
  };
  const socket: Lending = new Socket({ onread: { buffer: shared, callback } } as object);
  return socket;
}

/**
 * From now on reads go past the stream, to `to`; without it they do not any more. Nothing changes for other sockets.
 */
export function lendReads(socket: Socket, to: Borrower | undefined): void {
  (socket as Lending)[borrower] = to;
}

/** Whether a chunk is where the next read goes, whichever socket that is of. */
export function isLent(chunk: Buffer): boolean {
  return chunk.buffer === shared?.buffer;
}
