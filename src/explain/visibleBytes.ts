/** A run of text as it is, or of octets that are shown by name: `␍`, `␊`, `\x1b`. */
interface VisibleRun {
  readonly text: string;
  readonly isEscaped: boolean;
}

const controlPictures: Readonly<Record<number, string>> = { 0x09: '␉', 0x0a: '␊', 0x0d: '␍' };

/**
 * Octets as text in which nothing is hidden: UTF-8 where they are that, every control character and every other octet
 * by a name of its own.
 */
export function visibleBytes(bytes: Uint8Array): VisibleRun[] {
  const runs: VisibleRun[] = [];
  const add = (text: string, isEscaped: boolean): void => {
    const last = runs.at(-1);
    if (last?.isEscaped === isEscaped) runs[runs.length - 1] = { text: last.text + text, isEscaped };
    else runs.push({ text, isEscaped });
  };
  const text = asUtf8(bytes);
  if (text === undefined) {
    for (const octet of bytes) {
      if (octet >= 0x20 && octet < 0x7f) add(String.fromCharCode(octet), false);
      else add(nameOf(octet), true);
    }
    return runs;
  }
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (isShown(code)) add(character, false);
    else add(code < 0x80 ? nameOf(code) : `\\u{${code.toString(16)}}`, true);
  }
  return runs;
}

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Not: controls, and what turns, joins or hides the characters beside it. */
function isShown(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  return !/\p{Cf}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}/u.test(String.fromCodePoint(code));
}

function nameOf(octet: number): string {
  return controlPictures[octet] ?? `\\x${octet.toString(16).padStart(2, '0')}`;
}

/** Rows of a hex dump: where each begins, its octets in hex, and those that can be printed. */
export function hexRows(
  bytes: Uint8Array, offset: number, width = 16,
): { offset: string; hex: string; ascii: string }[] {
  return Array.from({ length: Math.ceil(bytes.length / width) }, (_, index) => {
    const row = bytes.subarray(index * width, (index + 1) * width);
    const hex = Array.from(row, (octet) => octet.toString(16).padStart(2, '0'));
    const halves = width > 8 ? `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}` : hex.join(' ');
    return {
      offset: (offset + index * width).toString(16).padStart(8, '0'),
      hex: halves.padEnd(width * 3),
      ascii: Array.from(row, (octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·')).join(''),
    };
  });
}
