import type { FlowWindow, Http2Frame } from './frame.ts';
import { frameFlag, frameType, settingId } from './frameNames.ts';

type Direction = Http2Frame['direction'];

/** What is counted by. */
type Counted = Pick<
  Http2Frame, 'direction' | 'type' | 'flags' | 'stream' | 'length' | 'increment' | 'settings'
>;

/** What one side may still send (RFC 9113 §5.2). */
interface Sender {
  connection: number;
  initial: number;
  readonly streams: Map<number, number>;
}

const defaultWindow = 65_535; // RFC 9113 §6.9.2

/** Streams of which windows are known at a time; what is beyond has none. */
const mostStreams = 1000;

/** Keeps the windows of a connection, from the frames of both directions in the order they passed. */
export class FlowControl {
  readonly #senders: Readonly<Record<Direction, Sender>> = { sent: newSender(), received: newSender() };
  #latest = 0;
  /** Of the SETTINGS not acknowledged yet: a side keeps to the other's once it has said so. */
  readonly #unacknowledged: Readonly<Record<Direction, (number | undefined)[]>> = { sent: [], received: [] };

  /** The windows after a frame that changes some; undefined after others. */
  apply(frame: Counted): FlowWindow | undefined {
    const { direction, type, flags, stream } = frame;
    switch (type) {
      case frameType.data: {
        const window = this.#change(this.#senders[direction], stream, -frame.length, true);
        if (flags & frameFlag.endStream) this.#senders[direction].streams.delete(stream);
        return window;
      }
      case frameType.windowUpdate:
        return this.#change(this.#senders[opposite(direction)], stream, frame.increment ?? 0, stream === 0);
      case frameType.headers:
        this.#open(stream);
        if (flags & frameFlag.endStream) this.#senders[direction].streams.delete(stream);
        return undefined;
      case frameType.resetStream:
        this.#senders.sent.streams.delete(stream);
        this.#senders.received.streams.delete(stream);
        return undefined;
      case frameType.settings:
        this.#settings(frame.direction, flags, frame.settings);
        return undefined;
      default:
        return undefined;
    }
  }

  /** RFC 9113 §5.1.1: a new stream's number is higher than all before. */
  #open(stream: number): void {
    if (stream <= this.#latest) return;
    this.#latest = stream;
    for (const { streams, initial } of Object.values(this.#senders)) {
      if (streams.size < mostStreams) streams.set(stream, initial);
    }
  }

  /** A stream that is over, or was never seen, has none. */
  #change(sender: Sender, stream: number, by: number, isConnection: boolean): FlowWindow {
    if (isConnection) sender.connection += by;
    const { connection, streams } = sender;
    const known = streams.get(stream);
    if (known === undefined) return { connection };
    streams.set(stream, known + by);
    return { connection, stream: known + by };
  }

  /** §6.9.2: a new initial size changes the windows of all streams by the difference. */
  #settings(direction: Direction, flags: number, settings: Http2Frame['settings'] = []): void {
    const waiting = this.#unacknowledged;
    if (flags & frameFlag.ack) {
      const initial = waiting[opposite(direction)].shift();
      if (initial !== undefined) this.#setInitial(this.#senders[direction], initial);
      return;
    }
    const size = settings.findLast(([identifier]) => identifier === settingId.initialWindowSize)?.[1];
    if (waiting[direction].length < 100) waiting[direction].push(size);
  }

  #setInitial(sender: Sender, initial: number): void {
    const change = initial - sender.initial;
    sender.initial = initial;
    for (const [stream, window] of sender.streams) sender.streams.set(stream, window + change);
  }
}

function newSender(): Sender {
  return { connection: defaultWindow, initial: defaultWindow, streams: new Map() };
}

function opposite(direction: Direction): Direction {
  return direction === 'sent' ? 'received' : 'sent';
}
