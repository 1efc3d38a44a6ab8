import iconv from 'iconv-lite';

import { findCharset } from '../trace/charset.ts';
import type { FieldLine } from '../trace/request.ts';

/**
 * The text that content stands for, by its byte order mark, its Content-Type or its own declaration, UTF-8 without any
 * (see {@link findCharset}). A character cut at the end of a window is left off.
 *
 * @returns undefined when the bytes are not text.
 */
export function decodeText(content: Uint8Array, headers: readonly FieldLine[]): string | undefined {
  const { label } = findCharset(content, headers);
  if (label !== 'utf-8' && iconv.encodingExists(label)) {
    // Node's own euc-kr decoder corrupts syllables that only CP949 has, so iconv-lite decodes.
    return withoutCutEnd(content, label, iconv.decode(content, label === 'euc-kr' ? 'cp949' : label));
  }
  return label === 'utf-8' ? utf8(content) : byName(content, label) ?? utf8(content);
}

/** Those that iconv-lite does not have, such as ISO-2022-JP. */
function byName(content: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label).decode(content);
  } catch {
    return undefined;
  }
}

/** Two or four bytes make a character: a cut one at the end is told by decoding to U+FFFD. */
function withoutCutEnd(content: Uint8Array, label: string, text: string): string {
  const isWide = label.startsWith('utf-16') && content.length % 2 === 1;
  return isWide || text.endsWith('\ufffd') ? text.replace(/[\ufffd]$/, '') : text;
}

function utf8(content: Uint8Array): string | undefined {
  for (let cut = 0; cut < 4 && cut <= content.length; cut++) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(content.subarray(0, content.length - cut));
      return text.includes('\0') ? undefined : text;
    } catch {
      // Up to three bytes of a cut character may stand at the end.
    }
  }
  return undefined;
}
