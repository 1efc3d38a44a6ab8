const lineEnd = Buffer.from('\r\n', 'latin1');
const nothing = Buffer.alloc(0);

/** Whether a head has a folded line, whose continuation begins with white space. */
export function isFolded(head: string): boolean {
  return head.includes('\r\n ') || head.includes('\r\n\t');
}

/** RFC 9112 §5.2: a user agent replaces each fold by spaces. What follows the start line is none (§2.2). */
export function unfolded(head: string): string {
  const start = head.indexOf('\r\n') + 2;
  return head.slice(0, start) + head.slice(start).replace(/\r\n[ \t]/g, '   ');
}

/** The same for the bytes of heads, one after another, cut anywhere: as many as come go out, the last ones later. */
export class Unfolder {
  /** A line end, or the beginning of one, that may be a fold's. */
  #held: Buffer = nothing;
  #isStartLine = true;

  /** `isEnd`: the head ends with these bytes. */
  pass(bytes: Buffer, isEnd: boolean): Buffer {
    const all = Buffer.concat([this.#held, bytes]);
    const length = isEnd ? all.length : all.length - heldSize(all);
    this.#held = all.subarray(length);
    const isStartLine = this.#isStartLine;
    if (isEnd) this.#isStartLine = true;
    else if (isStartLine) this.#isStartLine = all.subarray(0, length).indexOf(lineEnd) === -1;
    return unfoldedBytes(all.subarray(0, length), isStartLine);
  }
}

/** How much of the end may belong to a fold. */
function heldSize(bytes: Buffer): number {
  if (bytes.at(-1) === 13) return 1;
  return bytes.at(-1) === 10 && bytes.at(-2) === 13 ? 2 : 0;
}

function unfoldedBytes(bytes: Buffer, beginsWithStartLine: boolean): Buffer {
  const text = bytes.toString('latin1');
  if (!isFolded(text)) return bytes;
  // Without one of its own, the end of another start line stands before it.
  return Buffer.from(beginsWithStartLine ? unfolded(text) : unfolded(`\r\n${text}`).slice(2), 'latin1');
}
