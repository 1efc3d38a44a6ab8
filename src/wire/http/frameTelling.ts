import type { Http2Frame } from '../../trace/http2/frame.ts';
import { FrameLog } from '../../trace/http2/frameLog.ts';
import type { RawFrame } from '../../trace/http2/frameReader.ts';

/** Frames of one exchange, or of a connection, that are told; and octets of their fields. */
const told = { frames: 1000, fieldSize: 256 * 1024 } as const;

/** DATA that may go on is held back for its like at most this long, ms. */
const holdTime = 250;

/** Frames, and how many more there were that are not told. */
export type TellFrames = (frames: readonly Http2Frame[], omitted: number) => void;

interface Hearer {
  readonly tell: TellFrames;
  frames: Http2Frame[];
  count: number;
  fieldSize: number;
  omitted: number;
}

/**
 * Tells the frames of a connection: those of a stream to the exchange it carries, while it does, and all others to the
 * connection. Those of one turn of the event loop come together.
 */
export class FrameTelling {
  readonly #connection: Hearer;
  readonly #streams = new Map<number, Hearer>();
  readonly #log = new FrameLog((frame) => this.#receive(frame));
  #withNews = new Set<Hearer>();
  #isDue = false;
  #holdTimer: NodeJS.Timeout | undefined;

  constructor(tell: TellFrames) {
    this.#connection = hearer(tell);
  }

  open(stream: number, tell: TellFrames): void {
    this.#streams.set(stream, hearer(tell));
  }

  add(direction: Http2Frame['direction'], frame: RawFrame, at: number): void {
    this.#log.add(direction, frame, at);
    this.#soon();
  }

  /** Tells what is known of the stream now; what still comes is told to the connection. */
  close(stream: number | undefined): void {
    const closed = stream === undefined ? undefined : this.#streams.get(stream);
    if (!closed) return;
    this.#log.flush();
    this.#streams.delete(stream!);
    this.#tell(closed, true);
  }

  /** Nothing more will pass. */
  end(): void {
    clearTimeout(this.#holdTimer);
    this.#log.flush();
    for (const one of this.#streams.values()) this.#tell(one, true);
    this.#streams.clear();
    this.#tell(this.#connection, true);
  }

  #receive(frame: Http2Frame): void {
    const one = this.#streams.get(frame.stream) ?? this.#connection;
    const fieldSize = frame.fields?.reduce((sum, { name, value }) => sum + name.length + value.length, 0) ?? 0;
    if (one.count === told.frames || one.fieldSize + fieldSize > told.fieldSize) {
      one.omitted += frame.count ?? 1;
    } else {
      one.frames.push(frame);
      one.count += 1;
      one.fieldSize += fieldSize;
      this.#withNews.add(one);
    }
  }

  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(this.#due);
  }

  readonly #due = (): void => {
    this.#isDue = false;
    for (const one of this.#withNews) this.#tell(one, false);
    if (this.#log.holds) this.#holdTimer ??= setTimeout(this.#release, holdTime).unref();
  };

  readonly #release = (): void => {
    this.#holdTimer = undefined;
    this.#log.flush();
    this.#due();
  };

  /** How many are missing is told at the end, once for all: each telling is an event that is kept. */
  #tell(one: Hearer, isEnd: boolean): void {
    this.#withNews.delete(one);
    const omitted = isEnd ? one.omitted : 0;
    if (one.frames.length === 0 && omitted === 0) return;
    const { frames } = one;
    one.frames = [];
    if (isEnd) one.omitted = 0;
    one.tell(frames, omitted);
  }
}

function hearer(tell: TellFrames): Hearer {
  return { tell, frames: [], count: 0, fieldSize: 0, omitted: 0 };
}
