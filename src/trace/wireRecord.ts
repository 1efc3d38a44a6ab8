import type { Timed } from './event.ts';

/** A chunk as it passed, one write or one read; `at` when the kernel took it or when it arrived. */
export interface WireSegment extends Timed {
  readonly direction: 'sent' | 'received';
  readonly bytes: Uint8Array;
  /**
   * Bytes that had passed in its direction before it: where it is further than its predecessor's end, what is between
   * was not kept.
   */
  readonly offset: number;
}

/**
 * The bytes of one layer of a connection in the order they passed. `sentSize` and `receivedSize` count all of them,
 * also those that are in no segment.
 */
export interface WireStream {
  readonly segments: readonly WireSegment[];
  readonly sentSize: number;
  readonly receivedSize: number;
}

/** The bytes of one connection, as far as they are kept. */
export interface WireRecord {
  readonly connectionId: string;
  /** TCP's payload as it was on the wire: encrypted, where TLS was spoken. */
  readonly transport: WireStream;
  /** What TLS carried; absent without TLS, where the transport carries it as it is. */
  readonly plain?: WireStream;
  /** Lines of an NSS key log with which `transport` can be decrypted. Secret. */
  readonly keyLog?: readonly string[];
}

/** Without what it could be decrypted with: as it may be shown. */
export type ShownWireRecord = Omit<WireRecord, 'keyLog'>;
