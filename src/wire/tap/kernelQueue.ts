import type { Socket } from 'node:net';
import type { TlsCarrier } from './tlsCarrier.ts';

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
export function kernelQueueOf(
  transport: Socket, encrypted: boolean, carrier: TlsCarrier | undefined,
): KernelQueue | undefined {
  if (!encrypted) return { begin: () => {}, hasTaken: () => transport.writableLength === 0 && !transport.destroyed };
  let before = 0;
  if (carrier) {
    return {
      begin: () => { before = carrier.carried; },
      hasTaken: (size) => transport.writableLength === 0 && !transport.destroyed && carrier.carried - before > size,
    };
  }
  if (!tells(transport)) return undefined;
  return {
    begin: () => { before = handleOf(transport)?.bytesWritten ?? 0; },
    hasTaken: (size) => {
      const handle = handleOf(transport);
      return handle?.writeQueueSize === 0 && handle.bytesWritten - before > size;
    },
  };
}

function tells(socket: Socket): boolean {
  const handle = handleOf(socket);
  return typeof handle?.writeQueueSize === 'number' && typeof handle.bytesWritten === 'number';
}

function handleOf(socket: Socket): Handle | undefined {
  return (socket as unknown as { _handle?: Handle | null })._handle ?? undefined;
}
