import { isUtf8 } from 'node:buffer';
import type { ExchangeEvent } from '../../../trace/event.ts';
import type { Failure } from '../../../trace/failure.ts';
import { counted, noMessages, webSocketLimits } from '../../../trace/webSocket.ts';
import type { DeflateAgreement, WebSocketCounts, WebSocketEnd, WebSocketMessage } from '../../../trace/webSocket.ts';
import { monotonicNow } from '../../clock.ts';
import type { Tap } from '../../connection.ts';
import type { Transmission } from '../transmission.ts';
import { Deflating } from './deflate.ts';
import { clientFrame, opcodes } from './frames.ts';
import type { Violation } from './frames.ts';
import { MessageReader } from './messages.ts';
import type { MessageListener, Received } from './messages.ts';
import { shownMessage } from './shown.ts';

/** How long a Close waits for its answer, and after a cancel, ms; the values are our own. */
const closeWait = { asked: 5_000, cancelled: 500 } as const;

/**
 * A server that reads nothing gets no further pongs once so much waits, bytes (RFC 6455 §5.5.3 asks for the latest
 * only).
 */
const mostPongs = 64 * 1024;

/** Whose WebSocket it is: told of everything, and of the one end. */
export interface SessionOwner {
  emit(event: ExchangeEvent): void;
  /** It is over in order. */
  closed(at: number): void;
  /** It broke; `failure` says how. */
  broken(failure: Failure): void;
}

/** A message of ours, on its way to the kernel. */
interface Leaving {
  readonly message: WebSocketMessage;
  readonly target: number;
}

/**
 * A WebSocket after its handshake, over the tapped socket: its frames come and go with the times the tap sees. It ends
 * by {@link close}, {@link cancel}, the server, or a break; then the owner hears of it once.
 */
export class WebSocketSession implements MessageListener, Transmission {
  /** Called after each message of text or binary that came. */
  onReceived: (() => void) | undefined;
  /** Called when the kernel has taken some of what waits, and when it is over. */
  onRoom: (() => void) | undefined;

  readonly #tap: Tap;
  readonly #owner: SessionOwner;
  readonly #deflating: Deflating | undefined;
  readonly #reader: MessageReader;
  readonly #leaving: Leaving[] = [];
  #index = 0;
  #counts: WebSocketCounts = noMessages;
  #shown = 0;
  #shownSize = 0;
  #closeSent = false;
  #end: WebSocketEnd | undefined;
  #violation: Failure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(tap: Tap, deflate: DeflateAgreement | undefined, owner: SessionOwner) {
    this.#tap = tap;
    this.#owner = owner;
    this.#deflating = deflate && new Deflating(deflate);
    this.#reader = new MessageReader(this, this.#deflating);
  }

  /** Begins with `rest`, what came behind the handshake's answer, at `at`. */
  start(rest: Buffer, at: number): void {
    const tap = this.#tap;
    tap.onWritten = (writtenAt) => this.#written(writtenAt);
    tap.onRead = (chunk, readAt) => void this.#reader.feed(chunk, readAt);
    tap.once('end', () => this.#gone(undefined));
    tap.once('error', (error) => this.#gone(error));
    tap.once('close', () => this.#gone(undefined));
    if (rest.length > 0) this.#reader.feed(Buffer.from(rest), at);
    tap.resume();
  }

  /** Messages of text or binary that came. */
  get received(): number {
    return this.#counts.received;
  }

  get isOpen(): boolean {
    return !this.#isOver && !this.#closeSent && this.#end === undefined;
  }

  /**
   * Sends a message, as text where it is one. False when it cannot be: the WebSocket is closing, the message is longer
   * than the limit, or too much waits already.
   */
  send(content: string | Buffer): boolean {
    const payload = typeof content === 'string' ? Buffer.from(content) : content;
    if (!this.isOpen || payload.length > webSocketLimits.message || !this.hasRoomFor(payload.length)) return false;
    const isText = typeof content === 'string' || isUtf8(payload);
    const compressed = this.#deflating?.compress(payload);
    const frame = clientFrame(isText ? opcodes.text : opcodes.binary, compressed ?? payload, compressed !== undefined);
    this.#write(frame, { kind: isText ? 'text' : 'binary', payload, compressed: compressed !== undefined });
    return true;
  }

  /** Whether so many bytes may wait besides what waits already. */
  hasRoomFor(size: number): boolean {
    return this.#waiting + size <= webSocketLimits.waiting;
  }

  /** Bytes that the kernel has not taken yet. */
  get #waiting(): number {
    return this.#tap.bytesQueued - this.#tap.bytesWritten;
  }

  /** Says goodbye (RFC 6455 §7.1.2) and waits for the answer, for at most `wait` ms. */
  close(code: number | undefined = 1000, reason = '', wait: number = closeWait.asked): void {
    if (this.#isOver) return;
    this.#end ??= { by: 'client', ...(code === undefined ? {} : { code }), reason, clean: false };
    this.#sendClose(code, reason);
    this.#giveUpAfter(wait);
  }

  /** The same in a hurry: nobody waits for the answer for long. */
  cancel(): void {
    this.close(1000, '', closeWait.cancelled);
  }

  /** Lets go at once; the owner hears nothing more. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#reader.stop();
    this.onRoom?.();
    this.#tap.destroy();
  }

  /** What comes is read as it comes: nothing waits to go on. */
  resume(): void {}

  // --- what comes ------------------------------------------------------------------------------------

  onMessage(message: Received): void {
    const { kind, payload, startAt, at, frames, wireSize, compressed, code, reason } = message;
    this.#tell(at, {
      ...this.#facts('received', kind, payload), frames, wireSize, compressed, startAt,
      ...(code === undefined ? {} : { code, reason: reason ?? '' }),
    });
    // §5.5.2: a pong with the same data, as soon as can be.
    if (kind === 'ping' && this.isOpen && this.#waiting <= mostPongs) this.#write(
      clientFrame(opcodes.pong, payload), { kind: 'pong', payload },
    );
    if (kind === 'close') this.#closeReceived(message);
    if (kind === 'text' || kind === 'binary') this.onReceived?.();
  }

  /** §5.5.1: a Close is answered with one, and then the server closes the connection. */
  #closeReceived({ code, reason = '' }: Received): void {
    this.#reader.stop();
    if (this.#end) this.#end = { ...this.#end, clean: true };
    else this.#end = { by: 'server', ...(code === undefined ? {} : { code, reason }), clean: true };
    this.#sendClose(code, '');
    this.#giveUpAfter(closeWait.cancelled);
  }

  /** §7.1.7: the WebSocket is failed, and the server told why. */
  onViolation({ rule, offset, closeCode, value }: Violation): void {
    this.#violation = {
      phase: 'receive', code: 'web-socket-protocol', confidence: 'certain',
      detail: { rule, offset, closeCode, limit: webSocketLimits.message, ...(value === undefined ? {} : { value }) },
    };
    this.#sendClose(closeCode, '');
    this.#finish();
  }

  // --- what goes -------------------------------------------------------------------------------------

  #sendClose(code: number | undefined, reason: string): void {
    if (this.#closeSent || this.#isOver || this.#tap.destroyed) return;
    this.#closeSent = true;
    const payload = closePayload(code, reason);
    this.#write(clientFrame(opcodes.close, payload), { kind: 'close', payload });
  }

  #write(frame: Buffer, { kind, payload, compressed = false }: {
    readonly kind: WebSocketMessage['kind']; readonly payload: Buffer; readonly compressed?: boolean;
  }): void {
    const code = kind === 'close' && payload.length >= 2 ? payload.readUInt16BE(0) : undefined;
    const message = {
      ...this.#facts('sent', kind, payload), frames: 1, wireSize: frame.length, compressed,
      ...(code === undefined ? {} : { code, reason: payload.toString('utf8', 2) }),
    };
    this.#tap.write(frame);
    this.#leaving.push({ message, target: this.#tap.bytesQueued });
    // The kernel may have taken it while it was written.
    if (this.#tap.bytesWritten >= this.#tap.bytesQueued) this.#written(this.#tap.lastWrittenAt ?? monotonicNow());
  }

  #written(at: number): void {
    const { bytesWritten } = this.#tap;
    while (this.#leaving[0] && this.#leaving[0].target <= bytesWritten) this.#tell(at, this.#leaving.shift()!.message);
    this.onRoom?.();
  }

  // --- what is told ----------------------------------------------------------------------------------

  #facts(direction: 'sent' | 'received', kind: WebSocketMessage['kind'], payload: Buffer) {
    this.#index += 1;
    const { size, ...shown } = shownMessage(kind, payload);
    return { index: this.#index, direction, kind, size, ...shown };
  }

  /** The first ones are told, the others counted; goodbyes are always told. */
  #tell(at: number, message: WebSocketMessage): void {
    if (this.#isOver) return;
    this.#counts = counted(this.#counts, message);
    const size = message.bytes?.length ?? message.text?.length ?? 0;
    const isBeyond = this.#shown >= webSocketLimits.shown || this.#shownSize + size > webSocketLimits.all;
    if (isBeyond && message.kind !== 'close') return;
    this.#shown += 1;
    this.#shownSize += size;
    this.#owner.emit({ type: 'web-socket-message', at, message });
  }

  // --- ends ------------------------------------------------------------------------------------------

  #giveUpAfter(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), wait);
  }

  /** The connection ended: in order after a Close, else as a break. */
  #gone(error: Error | undefined): void {
    if (this.#isOver) return;
    if (!this.#end && !this.#violation) {
      const cause = error && { ...codeOf(error), message: error.message };
      this.#violation = {
        phase: 'receive', code: 'web-socket-broken', confidence: 'certain', ...(cause ? { cause } : {}),
        detail: { inside: this.#reader.isInside },
      };
    }
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    const at = monotonicNow();
    const end = this.#violation ? undefined : this.#end;
    this.#owner.emit({ type: 'web-socket-end', at, counts: this.#counts, ...(end ? { end } : {}) });
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#reader.stop();
    this.onRoom?.();
    this.#letGo();
    if (this.#violation) this.#owner.broken(this.#violation);
    else this.#owner.closed(at);
  }

  /** What is written still leaves, our Close in particular, unless the server takes nothing any more. */
  #letGo(): void {
    const tap = this.#tap;
    if (tap.destroyed) return;
    tap.onRead = undefined;
    setTimeout(() => tap.destroy(), closeWait.cancelled).unref();
    tap.end(() => tap.destroy());
  }
}

/** §5.5.1: two bytes of the code, then the reason; control frames hold 125 bytes at most. */
function closePayload(code: number | undefined, reason: string): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  let text = Buffer.from(reason);
  for (let size = 123; text.length > 123 || !isUtf8(text); size -= 1) text = Buffer.from(reason).subarray(0, size);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return payload;
}

function codeOf(error: NodeJS.ErrnoException): { code?: string } {
  return error.code === undefined ? {} : { code: error.code };
}
