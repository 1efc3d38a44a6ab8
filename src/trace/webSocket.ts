import type { Timed } from './event.ts';

/** RFC 6455 §5.2: what a frame's opcode says, those that continue a message joined to it. */
export type WebSocketKind = 'text' | 'binary' | 'ping' | 'pong' | 'close';

/** One message, or one control frame, of a WebSocket; sizes in bytes. */
export interface WebSocketMessage {
  /** Counts from 1 in the order seen, both directions together, also those that are not shown. */
  readonly index: number;
  readonly direction: 'sent' | 'received';
  readonly kind: WebSocketKind;
  /** Of the payload, after decompression. */
  readonly size: number;
  /** Of its frames, their heads included. */
  readonly wireSize: number;
  /** How many frames it came in (§5.4). */
  readonly frames: number;
  /** Its payload was deflated (RFC 7692). */
  readonly compressed: boolean;
  /** Of a text message. */
  readonly text?: string;
  /** Of every other one that has a payload, except a close. */
  readonly bytes?: Uint8Array;
  /** The payload is longer than what is shown. */
  readonly cut?: true;
  /** Of a close (§7.4): absent where none was given. */
  readonly code?: number;
  readonly reason?: string;
  /** When its first byte arrived, ms; the last one at `at` of its event. */
  readonly startAt?: number;
}

export interface TimedWebSocketMessage extends WebSocketMessage, Timed {}

/** What both sides agreed on to compress messages (RFC 7692 §7.1). */
export interface DeflateAgreement {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits?: number;
  readonly clientMaxWindowBits?: number;
}

/** Messages of text and binary, and the bytes of their payloads; control frames are not counted. */
export interface WebSocketCounts {
  readonly sent: number;
  readonly received: number;
  readonly sentSize: number;
  readonly receivedSize: number;
}

export const noMessages: WebSocketCounts = { sent: 0, received: 0, sentSize: 0, receivedSize: 0 };

/** How a WebSocket ended in order: who said goodbye first, and with what. */
export interface WebSocketEnd {
  readonly by: 'server' | 'client';
  readonly code?: number;
  readonly reason?: string;
  /** The other side answered the Close with one of its own (§7.1.4). */
  readonly clean: boolean;
}

/** A WebSocket as far as it has got. */
export interface WebSocketSide {
  /** §1.9: the subprotocol that the server chose. */
  readonly protocol?: string;
  readonly deflate?: DeflateAgreement;
  readonly openAt: number;
  /** The first ones, up to {@link webSocketLimits}. */
  readonly messages: readonly TimedWebSocketMessage[];
  readonly counts: WebSocketCounts;
  readonly end?: WebSocketEnd;
}

/**
 * A message may be this long, in bytes; of one so many bytes are shown, of all so many messages and so many bytes. What
 * was not sent yet may grow to `waiting`.
 */
export const webSocketLimits = {
  message: 16 * 1024 * 1024, waiting: 64 * 1024 * 1024, shownMessage: 64 * 1024, shown: 1000, all: 1024 * 1024,
} as const;

/**
 * What a request does on its WebSocket, one after another; after the last step it stays open until somebody ends it.
 */
export type WebSocketStep =
  /** Text where the bytes are UTF-8, else binary. */
  | { readonly do: 'send'; readonly parts: readonly WebSocketPart[] }
  /** Until the next message of the server. */
  | { readonly do: 'wait' }
  | { readonly do: 'close' };

/** The same as `BodyPart` of a request. */
export type WebSocketPart =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

/** The counts with one message more. */
export function counted(counts: WebSocketCounts, { kind, direction, size }: WebSocketMessage): WebSocketCounts {
  if (kind !== 'text' && kind !== 'binary') return counts;
  const { sent, received, sentSize, receivedSize } = counts;
  return direction === 'sent'
    ? { ...counts, sent: sent + 1, sentSize: sentSize + size }
    : { ...counts, received: received + 1, receivedSize: receivedSize + size };
}
