import { isUtf8 } from 'node:buffer';
import { webSocketLimits } from '../../../trace/webSocket.ts';
import type { WebSocketKind } from '../../../trace/webSocket.ts';
import { Deflating, TooLarge } from './deflate.ts';
import { FrameReader, isControl, opcodes } from './frames.ts';
import type { BrokenRule, Frame, FrameListener, Violation } from './frames.ts';

/** A message of the server, put together from its frames; times in ms. */
export interface Received {
  readonly kind: WebSocketKind;
  readonly payload: Buffer;
  readonly wireSize: number;
  readonly frames: number;
  readonly compressed: boolean;
  readonly startAt: number;
  readonly at: number;
  /** Of a close. */
  readonly code?: number;
  readonly reason?: string;
}

export interface MessageListener {
  onMessage(message: Received): void;
  onViolation(violation: Violation): void;
}

const kinds: Readonly<Record<number, WebSocketKind>> = {
  [opcodes.text]: 'text', [opcodes.binary]: 'binary', [opcodes.close]: 'close', [opcodes.ping]: 'ping',
  [opcodes.pong]: 'pong',
};

/** Puts frames together to messages (RFC 6455 §5.4), inflates them (RFC 7692 §7.2.2) and checks what is in them. */
export class MessageReader implements FrameListener {
  readonly #listener: MessageListener;
  readonly #frames: FrameReader;
  readonly #deflating: Deflating | undefined;
  readonly #limit: number;
  #fragments: Frame[] = [];
  #size = 0;

  constructor(listener: MessageListener, deflating: Deflating | undefined, limit: number = webSocketLimits.message) {
    this.#listener = listener;
    this.#deflating = deflating;
    this.#limit = limit;
    this.#frames = new FrameReader(this, { allowsCompressed: deflating !== undefined, maxPayload: limit });
  }

  /** A message has begun and not ended. */
  get isInside(): boolean {
    return this.#frames.isInside || this.#fragments.length > 0;
  }

  /** Reads what came at `at`; it may be cut anywhere. */
  feed(chunk: Buffer, at: number): void {
    this.#frames.feed(chunk, at);
  }

  /** Nothing more is read. */
  stop(): void {
    this.#frames.stop();
    this.#fragments = [];
  }

  onViolation(violation: Violation): void {
    this.#fragments = [];
    this.#listener.onViolation(violation);
  }

  onFrame(frame: Frame): void {
    if (isControl(frame.opcode)) return this.#control(frame);
    const isContinued = this.#fragments.length > 0;
    if (frame.opcode === opcodes.continuation && !isContinued) return this.#violate('continuation');
    if (frame.opcode !== opcodes.continuation && isContinued) return this.#violate('interrupted', frame.opcode);
    // RFC 7692 §6.1: the first frame says it for the message.
    if (frame.compressed && isContinued) return this.#violate('compressed');
    this.#size += frame.payload.length;
    if (this.#size > this.#limit) return this.#violate('too-large', this.#size, 1009);
    this.#fragments.push(frame.final ? frame : { ...frame, payload: Buffer.from(frame.payload) });
    if (frame.final) this.#whole();
  }

  #whole(): void {
    const fragments = this.#fragments;
    this.#fragments = [];
    this.#size = 0;
    const [first] = fragments;
    const last = fragments.at(-1)!;
    const joined = fragments.length === 1 ? last.payload : Buffer.concat(fragments.map(({ payload }) => payload));
    const payload = first!.compressed ? this.#inflated(joined) : joined;
    if (!payload) return;
    // §8.1: text is UTF-8.
    if (first!.opcode === opcodes.text && !isUtf8(payload)) return this.#violate('utf8', undefined, 1007);
    this.#listener.onMessage({
      kind: kinds[first!.opcode]!, payload, compressed: first!.compressed, frames: fragments.length,
      wireSize: fragments.reduce((sum, { size }) => sum + size, 0), startAt: first!.startAt, at: last.at,
    });
  }

  #inflated(payload: Buffer): Buffer | undefined {
    try {
      return this.#deflating!.decompress(payload, this.#limit);
    } catch (error) {
      if (error instanceof TooLarge) this.#violate('too-large', undefined, 1009);
      else this.#violate('compressed', undefined, 1007);
      return undefined;
    }
  }

  #control({ opcode, payload, size, startAt, at }: Frame): void {
    const message = {
      kind: kinds[opcode]!, payload, wireSize: size, frames: 1, compressed: false, startAt, at,
    };
    if (opcode !== opcodes.close) return this.#listener.onMessage(message);
    if (payload.length === 0) return this.#listener.onMessage(message);
    // §5.5.1: a close with a payload begins with a code of two bytes, and its reason is UTF-8.
    if (payload.length === 1) return this.#violate('close-payload');
    const code = payload.readUInt16BE(0);
    if (!isCloseCode(code)) return this.#violate('close-code', code);
    if (!isUtf8(payload.subarray(2))) return this.#violate('utf8', undefined, 1007);
    this.#listener.onMessage({ ...message, code, reason: payload.toString('utf8', 2) });
  }

  #violate(rule: BrokenRule, value?: number, closeCode: Violation['closeCode'] = 1002): void {
    this.stop();
    const offset = this.#frames.frameOffset;
    this.#listener.onViolation({ rule, offset, closeCode, ...(value === undefined ? {} : { value }) });
  }
}

/**
 * §7.4: 1004 to 1006 and 1015 are never on the wire, others below 3000 not without a specification, none beyond 4999.
 */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
