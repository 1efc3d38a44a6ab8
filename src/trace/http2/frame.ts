import type { Timed } from '../event.ts';
import type { HpackField } from './hpack.ts';

/**
 * A frame of HTTP/2 (RFC 9113 §6) as it passed; `at` when its first octet did, ms. Sizes are in octets. What its
 * payload said is in the members of its type; the content of DATA is not kept.
 */
export interface Http2Frame extends Timed {
  readonly direction: 'sent' | 'received';
  /** When its last octet passed. */
  readonly endAt: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Of the payload; the frame's own head is 9 more. */
  readonly length: number;
  /** Octets that had passed in its direction before it. */
  readonly offset: number;
  /** So many frames of this type and stream, one right after another, are told as one: `length` is of all payloads. */
  readonly count?: number;
  readonly padding?: number;
  /** Of HEADERS and PUSH_PROMISE, together with the CONTINUATION frames that follow. */
  readonly fields?: readonly HpackField[];
  /** Further fields that are not told. */
  readonly omittedFields?: number;
  /** RFC 7541 §6.3: sizes the dynamic table was given at the start of the block. */
  readonly tableSizes?: readonly number[];
  /** Where the field block begins in the payload: after the padding's length, the priority and the promised stream. */
  readonly blockStart?: number;
  readonly priority?: StreamPriority;
  readonly promisedStream?: number;
  readonly settings?: readonly (readonly [identifier: number, value: number])[];
  /** Of WINDOW_UPDATE. */
  readonly increment?: number;
  /** Of RST_STREAM and GOAWAY. */
  readonly errorCode?: number;
  readonly lastStream?: number;
  /** The debug data of GOAWAY, the value of ALTSVC: octets, one character each. */
  readonly text?: string;
  /** Of ORIGIN (RFC 8336), or the one that ALTSVC (RFC 7838) is about. */
  readonly origins?: readonly string[];
  /** Of PING, 8 octets in hex; of a type that is not known, its first ones. */
  readonly opaque?: string;
  /**
   * After DATA how much more its sender may send, and after WINDOW_UPDATE how much the other side may: on the
   * connection and on the stream (RFC 9113 §5.2).
   */
  readonly window?: FlowWindow;
  readonly problem?: FrameProblem;
}

/** RFC 9113 §5.3.2; `weight` as meant, from 1 to 256. */
export interface StreamPriority {
  readonly dependency: number;
  readonly isExclusive: boolean;
  readonly weight: number;
}

export interface FlowWindow {
  readonly connection: number;
  /** Absent where the frame is about the connection alone. */
  readonly stream?: number;
}

/**
 * `malformed`: its length does not fit its type, or its padding its length. `compression`: the field block is broken,
 * or one before it was (RFC 9113 §4.3). `too-large`: more than is decoded.
 */
export type FrameProblem = 'malformed' | 'compression' | 'too-large';
