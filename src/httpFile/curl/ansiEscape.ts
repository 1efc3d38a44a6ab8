/**
 * The escape of `$'…'` that starts with a backslash at `at` (POSIX.1-2024, Shell §2.2.4): what it stands for, and
 * the offset after it. Escapes of bytes that follow one another are read as UTF-8.
 */
export function ansiEscape(source: string, at: number, limit: number): { text: string; end: number } {
  const letter = source[at + 1] ?? '';
  const simple = characters[letter];
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const width = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (width > 0) {
    const digits = digitsAt(source, at + 2, width, isHex, limit);
    const code = Number.parseInt(digits, 16);
    if (digits === '' || code > 0x10ffff) return { text: `\\${letter}`, end: at + 2 };
    return { text: String.fromCodePoint(code), end: at + 2 + digits.length };
  }
  const first = byteAt(source, at, limit);
  if (!first) return { text: `\\${letter}`, end: Math.min(at + 2, limit) };
  return bytesFrom(source, first, limit);
}

const characters: Readonly<Record<string, string>> = {
  n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', v: '\v',
  '\\': '\\', "'": "'", '"': '"', '?': '?',
};

interface Byte {
  readonly byte: number;
  readonly end: number;
}

/** A byte above 127 belongs to a character together with those after it. */
function bytesFrom(source: string, first: Byte, limit: number): { text: string; end: number } {
  if (first.byte < 0x80) return { text: String.fromCharCode(first.byte), end: first.end };
  const bytes = [first.byte];
  let { end } = first;
  for (const size = first.byte >= 0xf0 ? 4 : first.byte >= 0xe0 ? 3 : 2; bytes.length < size;) {
    const next = byteAt(source, end, limit);
    if (!next || (next.byte & 0xc0) !== 0x80) break;
    bytes.push(next.byte);
    ({ end } = next);
  }
  return { text: new TextDecoder().decode(new Uint8Array(bytes)), end };
}

/** `\xHH` or `\NNN`. */
function byteAt(source: string, at: number, limit: number): Byte | undefined {
  if (source[at] !== '\\') return undefined;
  if (source[at + 1] === 'x') {
    const digits = digitsAt(source, at + 2, 2, isHex, limit);
    return digits === '' ? undefined : { byte: Number.parseInt(digits, 16), end: at + 2 + digits.length };
  }
  const digits = digitsAt(source, at + 1, 3, isOctal, limit);
  return digits === '' ? undefined : { byte: Number.parseInt(digits, 8) & 0xff, end: at + 1 + digits.length };
}

function digitsAt(
  source: string, from: number, most: number, fits: (character: string) => boolean, limit: number,
): string {
  let end = from;
  while (end < from + most && end < limit && fits(source[end]!)) end++;
  return source.slice(from, end);
}

function isHex(character: string): boolean {
  return /[0-9a-f]/i.test(character);
}

function isOctal(character: string): boolean {
  return character >= '0' && character <= '7';
}
