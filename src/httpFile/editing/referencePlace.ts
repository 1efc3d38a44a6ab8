import type { Place } from './context.ts';
import type { Region } from './region.ts';
import { skipSpaces, tokenOf, trimmedEnd } from './token.ts';
import type { Cursor } from './token.ts';

/** The `{{…}}` around the cursor, closed or not yet. */
export function referencePlace(cursor: Cursor, region: Region['kind']): Place | undefined {
  const { text, character } = cursor;
  const open = text.lastIndexOf('{{', character - 2);
  if (open < 0 || open + 2 > character || text.slice(open, character).includes('}}')) return undefined;
  let from = skipSpaces(text, open + 2);
  if (text[from] === '%') from = skipSpaces(text, from + 1);
  from = Math.min(from, character);
  const end = expressionEnd(text, character);
  const closing = text.startsWith('}}', skipSpaces(text, end)) ? '}}' : text[end] === '}' ? '}' : '';
  const to = closing === '}}' ? trimmedEnd(text.slice(0, end)) : end;
  return { kind: 'reference', token: tokenOf(cursor, from, Math.max(to, character, from)), closing, region };
}

/** Up to the closing braces; without them as far as the word goes. */
function expressionEnd(text: string, from: number): number {
  const close = text.indexOf('}}', from);
  const next = text.indexOf('{{', from);
  if (close >= 0 && (next < 0 || close < next)) return close;
  let end = from;
  while (end < text.length && isExpressionCode(text.charCodeAt(end))) end++;
  return end;
}

/** Letters, digits, `_`, `$`, `-`, `.`; anything beyond ASCII. */
function isExpressionCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
    || code === 0x5f || code === 0x24 || code === 0x2d || code === 0x2e || code > 0x7f;
}
