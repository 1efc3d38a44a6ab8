import type { WireRecord, WireSegment, WireStream } from '../../trace/wireRecord.ts';

/** Bytes kept of each layer of a connection, both directions together. */
const streamLimit = 1024 * 1024;

/** One layer's bytes, kept up to a limit and counted beyond it. */
export class StreamCapture implements WireStream {
  readonly segments: WireSegment[] = [];
  sentSize = 0;
  receivedSize = 0;
  #room = streamLimit;

  sent(bytes: Uint8Array, at: number): void {
    this.sentSize += bytes.length;
    this.#keep('sent', bytes, at);
  }

  received(bytes: Uint8Array, at: number): void {
    this.receivedSize += bytes.length;
    this.#keep('received', bytes, at);
  }

  #keep(direction: WireSegment['direction'], bytes: Uint8Array, at: number): void {
    if (this.#room <= 0) return;
    const kept = bytes.length > this.#room ? bytes.subarray(0, this.#room) : bytes;
    this.#room -= kept.length;
    this.segments.push({ direction, bytes: kept, at });
    // What comes after a gap would be read as if it followed.
    if (kept.length < bytes.length) this.#room = 0;
  }
}

/** What is kept of one connection's bytes while it lives and until it is forgotten. */
export class Capture {
  readonly transport = new StreamCapture();
  plain: StreamCapture | undefined;
  readonly keyLog: string[] = [];

  record(connectionId: string): WireRecord {
    const { transport, plain, keyLog } = this;
    return {
      connectionId, transport,
      ...(plain ? { plain } : {}),
      ...(keyLog.length > 0 ? { keyLog } : {}),
    };
  }
}
