/** What a run of octets of an HTTP/1.1 message is (RFC 9112). Line ends belong to their lines. */
export type PieceKind =
  | 'start-line' | 'field-line' | 'empty-line'
  /** Content with a length, or until the connection is closed (§6.3). */
  | 'content'
  /** §7.1: the size in hex and extensions; the octets; the line end after them; the chunk of size 0. */
  | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'last-chunk'
  | 'trailer-line'
  /** Another protocol, after an upgrade or in a tunnel. */
  | 'switched'
  /** What no message accounts for: it follows the last one, or a place where reading cannot go on. */
  | 'excess';

/** What is wrong with a piece, by the section of RFC 9112. */
export type PieceProblem =
  /** §2.2 */
  | 'bare-lf' | 'bare-cr'
  /** §3, §4 */
  | 'start-line'
  /** §5, §5.1, §5.2 */
  | 'no-colon' | 'space-before-colon' | 'folded'
  /** §6.1, §6.2, §6.3 */
  | 'two-lengths' | 'content-length' | 'transfer-coding'
  /** §7.1 */
  | 'chunk-size' | 'chunk-end';

export interface Piece {
  readonly kind: PieceKind;
  /** Where it begins and ends, in octets from the first one. */
  readonly start: number;
  readonly end: number;
  /** Of a chunk, as its line says. */
  readonly chunkSize?: number;
  readonly problem?: PieceProblem;
  /** What is here is not all of it: more was to come. */
  readonly isCut?: true;
}

export interface Framing {
  readonly pieces: readonly Piece[];
  /** Of requests: the last one's method. */
  readonly method?: string;
  /** Of responses: the connection speaks another protocol after them. */
  readonly isSwitched: boolean;
}

/** Lines are looked at up to this many octets; what is longer is still one piece. */
const longestLine = 64 * 1024;

/** The pieces of the request that `octets` are. With `isSwitched` what follows it is another protocol. */
export function frameRequest(octets: Uint8Array, isSwitched = false): Framing {
  const framer = new Framer(octets);
  const head = framer.head(/^[!#$%&'*+.^_`|~\w-]+ \S.* HTTP\/\d\.\d$/);
  if (head) framer.body(head.isChunked ? 'chunked' : head.length ?? 0);
  framer.rest(isSwitched && head !== undefined ? 'switched' : 'excess');
  return { pieces: framer.pieces, isSwitched, ...(head ? { method: head.startLine.split(' ', 1)[0]! } : {}) };
}

/** The pieces of the responses to a request with `method`: interim ones, and the final one. */
export function frameResponse(octets: Uint8Array, method: string): Framing {
  const framer = new Framer(octets);
  for (;;) {
    const head = framer.head(/^HTTP\/\d\.\d \d{3}(?: .*)?$/);
    if (!head) break;
    const status = Number(/ (\d{3})/.exec(head.startLine)?.[1] ?? 0);
    // RFC 9110 §15.2.2; §9.3.6: a tunnel.
    if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) {
      framer.rest('switched');
      return { pieces: framer.pieces, isSwitched: true };
    }
    if (status >= 100 && status < 200) continue;
    framer.body(lengthOf(head, status, method));
    break;
  }
  framer.rest('excess');
  return { pieces: framer.pieces, isSwitched: false };
}

type Length = number | 'chunked' | 'until-close';

/** RFC 9112 §6.3 */
function lengthOf(head: Head, status: number, method: string): Length {
  if (method === 'HEAD' || status === 204 || status === 304) return 0;
  if (head.isChunked) return 'chunked';
  if (head.hasCoding) return 'until-close';
  return head.length ?? 'until-close';
}

interface Head {
  readonly startLine: string;
  length: number | undefined;
  isChunked: boolean;
  hasCoding: boolean;
}

interface Line {
  readonly text: string;
  readonly end: number;
  readonly problem: PieceProblem | undefined;
}

/** Reads on through the octets and notes what they are. It never fails: what cannot be read is the rest. */
class Framer {
  readonly pieces: Piece[] = [];
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#octets.length;
  }

  /** Undefined where it is not whole. */
  head(form: RegExp): Head | undefined {
    // §2.2: empty lines before a request are ignored.
    while (this.#octets[this.#at] === 0x0d && this.#octets[this.#at + 1] === 0x0a) {
      this.#add('empty-line', this.#at + 2);
    }
    if (this.#isAtEnd) return undefined;
    const first = this.#line();
    if (!first) return void this.#cut('start-line');
    const problem = form.test(first.text) ? first.problem : 'start-line';
    this.#add('start-line', first.end, { problem });
    // Something else than HTTP/1.1 has no fields that could be read.
    if (problem === 'start-line' && !/ HTTP\/\d|^HTTP\/\d/.test(first.text)) return undefined;
    const head: Head = { startLine: first.text, length: undefined, isChunked: false, hasCoding: false };
    return this.#fields('field-line', head) ? head : undefined;
  }

  /** Field lines and the empty line after them. */
  #fields(kind: 'field-line' | 'trailer-line', head: Head | undefined): boolean {
    for (;;) {
      if (this.#isAtEnd) return false;
      const line = this.#line();
      if (!line) {
        this.#cut(kind);
        return false;
      }
      if (line.text === '') {
        this.#add('empty-line', line.end, { problem: line.problem });
        return true;
      }
      const problem = fieldProblem(line.text) ?? (head && noteField(head, line.text)) ?? line.problem;
      this.#add(kind, line.end, { problem });
    }
  }

  body(length: Length): void {
    if (length === 'chunked') return this.#chunks();
    if (length === 'until-close') {
      if (!this.#isAtEnd) this.#add('content', this.#octets.length);
      return;
    }
    this.#sized('content', length);
  }

  rest(kind: 'switched' | 'excess'): void {
    if (!this.#isAtEnd) this.#add(kind, this.#octets.length);
  }

  #chunks(): void {
    while (!this.#isAtEnd) {
      const line = this.#line();
      if (!line) return this.#cut('chunk-size');
      const digits = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(line.text)?.[1];
      // Where the next chunk begins is not known any more.
      if (digits === undefined) return this.#add('chunk-size', line.end, { problem: 'chunk-size' });
      const chunkSize = Number.parseInt(digits, 16);
      this.#add(chunkSize === 0 ? 'last-chunk' : 'chunk-size', line.end, { chunkSize, problem: line.problem });
      if (chunkSize === 0) return void this.#fields('trailer-line', undefined);
      this.#sized('chunk-data', chunkSize);
      if (this.#isAtEnd) return;
      if (!this.#chunkEnd()) return;
    }
  }

  #chunkEnd(): boolean {
    const [first, second] = this.#octets.subarray(this.#at, this.#at + 2);
    if (first === 0x0d && second === 0x0a) {
      this.#add('chunk-end', this.#at + 2);
      return true;
    }
    if (first === 0x0d && second === undefined) this.#cut('chunk-end');
    else if (first === 0x0a) this.#add('chunk-end', this.#at + 1, { problem: 'bare-lf' });
    else this.#add('chunk-end', this.#at + 1, { problem: 'chunk-end' });
    return first === 0x0a;
  }

  #sized(kind: 'content' | 'chunk-data', size: number): void {
    const end = Math.min(this.#at + size, this.#octets.length);
    if (end === this.#at) return;
    this.#add(kind, end, end < this.#at + size ? { isCut: true } : {});
  }

  /** The next line without its end; undefined where the end is missing. */
  #line(): Line | undefined {
    const octets = this.#octets;
    const feed = octets.indexOf(0x0a, this.#at);
    if (feed === -1) return undefined;
    const hasReturn = feed > this.#at && octets[feed - 1] === 0x0d;
    const textEnd = hasReturn ? feed - 1 : feed;
    const text = textOf(octets.subarray(this.#at, Math.min(textEnd, this.#at + longestLine)));
    return { text, end: feed + 1, problem: hasReturn ? text.includes('\r') ? 'bare-cr' : undefined : 'bare-lf' };
  }

  #add(
    kind: PieceKind, end: number,
    more: { chunkSize?: number; problem?: PieceProblem | undefined; isCut?: true } = {},
  ): void {
    const { problem, ...rest } = more;
    this.pieces.push({ kind, start: this.#at, end, ...rest, ...(problem ? { problem } : {}) });
    this.#at = end;
  }

  #cut(kind: PieceKind): void {
    this.#add(kind, this.#octets.length, { isCut: true });
  }
}

function fieldProblem(line: string): PieceProblem | undefined {
  if (/^[ \t]/.test(line)) return 'folded';
  const colon = line.indexOf(':');
  if (colon <= 0) return 'no-colon';
  return /\s$/.test(line.slice(0, colon)) ? 'space-before-colon' : undefined;
}

/** RFC 9112 §6: what says how long the content is. */
function noteField(head: Head, line: string): PieceProblem | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).toLowerCase();
  const value = line.slice(colon + 1).trim();
  if (name === 'transfer-encoding') {
    const codings = value.toLowerCase().split(',').map((coding) => coding.trim());
    head.hasCoding = true;
    head.isChunked = codings.at(-1) === 'chunked';
    if (head.length !== undefined) return 'two-lengths';
    return head.isChunked ? undefined : 'transfer-coding';
  }
  if (name !== 'content-length') return undefined;
  const isOther = head.length !== undefined && head.length !== Number(value);
  if (isOther || !/^\d{1,15}$/.test(value)) return 'content-length';
  head.length = Number(value);
  return head.hasCoding ? 'two-lengths' : undefined;
}

/** One character an octet. */
function textOf(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 4096) text += String.fromCharCode(...octets.subarray(at, at + 4096));
  return text;
}
