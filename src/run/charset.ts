import iconv from 'iconv-lite';

import type { FieldLine } from '../trace/request.ts';

/**
 * The text that content stands for, by the charset of its Content-Type (RFC 9110 §8.3.2), UTF-8 without one.
 * A character cut at the end of a window is left off.
 *
 * @returns undefined when the bytes are not text.
 */
export function decodeText(content: Uint8Array, headers: readonly FieldLine[]): string | undefined {
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8' && iconv.encodingExists(charset)) {
    // Node's own euc-kr decoder corrupts syllables that only CP949 has, so iconv-lite decodes.
    return iconv.decode(content, charset === 'euc-kr' ? 'cp949' : charset);
  }
  return utf8(content);
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
