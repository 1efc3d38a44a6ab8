import type { FromInspector, ToInspector } from '../../src/protocol.ts';

/** The first bytes of a content as far as they are here. */
interface Loaded {
  readonly size: number;
  /** Put together when asked for. */
  readonly bytes: Uint8Array;
  /** All bytes of the content, once known. */
  readonly total?: number;
  readonly missing: boolean;
}

/** A window in the middle of a content. */
interface Window {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** Reads contents in windows and remembers what was read. */
export interface Contents {
  /** The bytes from the start; asks for more until `wanted` of them are here. */
  prefix(exchangeId: string, wanted: number): Loaded;
  /** One window; undefined until it is here. */
  window(exchangeId: string, offset: number, length: number): Window | undefined;
  receive(message: Extract<ToInspector, { type: 'content' }>): void;
  /** Forgets all but one exchange. */
  keep(exchangeId: string): void;
}

interface Prefix {
  chunks: Uint8Array[];
  size: number;
  joined?: Uint8Array;
  total?: number;
  missing: boolean;
  reading: boolean;
}

/** Bytes asked for at once. */
const windowSize = 1024 * 1024;

/** `changed` is called when something arrived that was waited for. */
export function createContents(
  post: (message: FromInspector) => void,
  changed: () => void,
): Contents {
  const prefixes = new Map<string, Prefix>();
  const waiting = new Map<number, (bytes: Uint8Array | undefined, total: number) => void>();
  let nextReadId = 1;
  let current: { exchangeId: string; offset: number; length: number; window?: Window } | undefined;

  const read = (
    exchangeId: string, offset: number, length: number,
    arrived: (bytes: Uint8Array | undefined, total: number) => void,
  ): void => {
    const readId = nextReadId++;
    waiting.set(readId, arrived);
    post({ type: 'read-content', readId, exchangeId, offset, length });
  };

  const readOn = (exchangeId: string, prefix: Prefix, wanted: number): void => {
    if (
      prefix.reading
      || prefix.missing
      || prefix.size >= Math.min(wanted, prefix.total ?? Infinity)
    )
      return;
    prefix.reading = true;
    read(
      exchangeId,
      prefix.size,
      Math.min(windowSize, Math.max(1, wanted - prefix.size)),
      (bytes, total) => {
        prefix.reading = false;
        prefix.missing = bytes === undefined;
        prefix.total = total;
        if (bytes && bytes.length > 0) append(prefix, bytes);
        else if (prefix.size < total) prefix.missing = true;
        changed();
      },
    );
  };

  return {
    prefix: (exchangeId, wanted) => {
      const prefix = prefixes.get(exchangeId) ?? {
        chunks: [],
        size: 0,
        missing: false,
        reading: false,
      };
      prefixes.set(exchangeId, prefix);
      readOn(exchangeId, prefix, wanted);
      return {
        size: prefix.size, missing: prefix.missing, get bytes() { return join(prefix); },
        ...(prefix.total === undefined ? {} : { total: prefix.total }),
      };
    },
    window: (exchangeId, offset, length) => {
      const same =
        current?.exchangeId === exchangeId
        && current.offset === offset
        && current.length === length;
      if (same) return current?.window;
      const asked = { exchangeId, offset, length };
      current = asked;
      read(exchangeId, offset, length, (bytes, total) => {
        if (current !== asked) return;
        current.window = { offset, bytes: bytes ?? new Uint8Array(), total };
        changed();
      });
      return undefined;
    },
    receive: ({ readId, bytes, total }) => {
      const arrived = waiting.get(readId);
      waiting.delete(readId);
      arrived?.(bytesOf(bytes), total);
    },
    keep: (exchangeId) => {
      for (const id of prefixes.keys()) if (id !== exchangeId) prefixes.delete(id);
      if (current?.exchangeId !== exchangeId) current = undefined;
    },
  };
}

/** The editor hands typed arrays over as such; some hosts as a bare buffer. */
function bytesOf(bytes: unknown): Uint8Array | undefined {
  if (bytes instanceof Uint8Array) return bytes;
  return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : undefined;
}

function append(prefix: Prefix, bytes: Uint8Array): void {
  prefix.chunks.push(bytes);
  prefix.size += bytes.length;
  delete prefix.joined;
}

function join(prefix: Prefix): Uint8Array {
  if (prefix.joined) return prefix.joined;
  const joined = new Uint8Array(prefix.size);
  let at = 0;
  for (const chunk of prefix.chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  prefix.joined = joined;
  prefix.chunks = [joined];
  return joined;
}
