import type { Duplex } from 'node:stream';

/** The stream that HTTP is spoken on, and what is seen of it. */
export interface Wire {
  readonly stream: Duplex;
  /** Called with the monotonic time in ms of each write. */
  onNextWrite: ((at: number) => void) | undefined;
  /** In ms: how long silence is borne now; undefined: it is not measured. */
  readonly patience: number | undefined;
  /** Since when the kernel has everything written so far, monotonic ms; undefined: unknown, or not yet. */
  readonly lastWrittenAt: number | undefined;
  /** The last response was written, and nothing more is read. */
  readonly isEnding: boolean;
  write(bytes: Buffer): void;
  end(): void;
  destroy(): void;
  /** Ends the connection once everything is written, and reads on for a while: no reset eats the last bytes. */
  destroySoon(): void;
}

/** RFC 9112 §9.6: how long to read on after the last response, in ms. */
export const lingerTime = 1000;

/** What Node's stream handle knows; it is not part of Node's public interface. */
export function handleOf(stream: Duplex): { writeQueueSize?: number; bytesWritten?: number } | undefined {
  return (stream as unknown as { _handle?: object | null })._handle ?? undefined;
}
