/** One event of a `text/event-stream` content (HTML, "Server-sent events"). */
export interface StreamEvent {
  /** Counts from 1, also those that are not shown. */
  readonly index: number;
  /** `message` when the server gives none. */
  readonly name: string;
  readonly data: string;
  /** The id in force, which an earlier event may have set. */
  readonly id?: string;
  /** The data was longer than what is shown. */
  readonly cut?: true;
}

/** Of one stream so many events are shown, and so many characters of one event and of all. */
export const streamLimits = { events: 1000, event: 64 * 1024, all: 1024 * 1024 };

/** Reads events from a content as it arrives; it may be cut anywhere. */
export interface EventStreamReader {
  /** The events that a further piece completes; those beyond {@link streamLimits} are only counted. */
  read(piece: Uint8Array): StreamEvent[];
  /** Events so far, also those that are not shown. */
  readonly count: number;
  /** What the stream is to be asked for again with: the id in force at the last empty line, '' for none. */
  readonly lastEventId: string | undefined;
  /** How long the server wants that to wait, ms. */
  readonly retry: number | undefined;
}

/**
 * Reads events as HTML's "Interpreting an event stream" has it: UTF-8, a byte order mark first, lines that end with
 * CRLF, LF or CR, an empty line after each event; comments and unknown fields are passed over, and an event that the
 * end cuts short is none.
 */
export function createEventStreamReader(): EventStreamReader {
  const utf8 = new TextDecoder();
  let [line, isAfterReturn] = ['', false];
  let [name, data, isCut, id] = ['', undefined as string | undefined, false, undefined as string | undefined];
  let [lastEventId, retry] = [undefined as string | undefined, undefined as number | undefined];
  let [count, shown, size] = [0, 0, 0];

  const append = (value: string): void => {
    const room = streamLimits.event - (data?.length ?? 0);
    isCut ||= value.length > room;
    data = `${data === undefined ? '' : `${data}\n`}${value.slice(0, Math.max(0, room))}`;
  };

  const field = (text: string): void => {
    const colon = text.indexOf(':');
    const key = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (key === 'data') append(value);
    else if (key === 'event') name = value.slice(0, 200);
    else if (key === 'id' && !value.includes('\0')) id = value.slice(0, 1000);
    else if (key === 'retry' && /^\d{1,9}$/.test(value)) retry = Number(value);
  };

  /** Without data there is no event, whatever else was said. */
  const dispatch = (): StreamEvent | undefined => {
    const [found, foundName, foundCut] = [data, name, isCut];
    [name, data, isCut] = ['', undefined, false];
    lastEventId = id;
    if (found === undefined) return undefined;
    count += 1;
    if (shown >= streamLimits.events || size + found.length > streamLimits.all) return undefined;
    shown += 1;
    size += found.length;
    return {
      index: count, name: foundName || 'message', data: found,
      ...(id ? { id } : {}), ...(foundCut ? { cut: true as const } : {}),
    };
  };

  const take = (text: string): StreamEvent[] => {
    const lines = (line + text).split(/\r\n|\n|\r/);
    // What goes on beyond what is shown is not kept while its end is awaited.
    line = lines.pop()!.slice(0, streamLimits.event + 100);
    return lines.flatMap((one) => {
      if (one !== '') field(one);
      const event = one === '' ? dispatch() : undefined;
      return event ? [event] : [];
    });
  };

  return {
    get count() { return count; },
    get lastEventId() { return lastEventId; },
    get retry() { return retry; },
    read: (piece) => {
      let text = utf8.decode(piece, { stream: true });
      // The LF of a CRLF that was cut ends no second line.
      if (isAfterReturn && text.startsWith('\n')) text = text.slice(1);
      else if (text === '') return [];
      isAfterReturn = text === '' ? false : text.endsWith('\r');
      return take(text);
    },
  };
}
