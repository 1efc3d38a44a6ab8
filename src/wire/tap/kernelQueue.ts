import type { Socket } from 'node:net';

/** What Node's stream handle tells of libuv's queue; not part of its public interface, hence looked for with care. */
interface Handle {
  readonly writeQueueSize: number;
  readonly bytesWritten: number;
}

/** Tells whether the kernel has taken a write by the time the call of `write` returns. */
export interface KernelQueue {
  /** Before the write. */
  begin(): void;
  /** After it: `size` is the write's, in bytes. False means not yet, or not known. */
  hasTaken(size: number): boolean;
}

/**
 * The queue between `transport`, a TCP socket, and the kernel. libuv writes at once what the kernel takes and
 * keeps the rest: an empty queue means that all is gone. Under TLS, what is written may still be inside OpenSSL:
 * then more bytes than the plaintext's must have gone down during this very write.
 *
 * @returns undefined where Node does not tell.
 */
export function kernelQueueOf(transport: Socket, encrypted: boolean): KernelQueue | undefined {
  if (handleOf(transport) === undefined) return undefined;
  let before = 0;
  return {
    begin: () => {
      if (encrypted) before = handleOf(transport)?.bytesWritten ?? 0;
    },
    hasTaken: (size) => {
      const handle = handleOf(transport);
      if (!handle || handle.writeQueueSize !== 0) return false;
      return encrypted ? handle.bytesWritten - before > size : transport.writableLength === 0;
    },
  };
}

function handleOf(socket: Socket): Handle | undefined {
  const handle = (socket as unknown as { _handle?: Partial<Handle> | null })._handle;
  return typeof handle?.writeQueueSize === 'number' && typeof handle.bytesWritten === 'number'
    ? handle as Handle : undefined;
}
