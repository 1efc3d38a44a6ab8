import { headerValue } from '../parser/header.ts';
import { mediaTypeOf } from '../content/mediaType.ts';
import type { TextLines } from '../position.ts';
import type { HttpRequest } from '../syntax.ts';

/** A part's head is no longer than this (lines). */
const longestHead = 20;

/**
 * Whether a line of a multipart body is in the head of a part: after its boundary, before a blank line (RFC 2046 §5.1).
 */
export function isInPartHead(lines: TextLines, line: number, request: HttpRequest | undefined): boolean {
  const type = request && headerValue(request, 'content-type');
  if (!mediaTypeOf(type).startsWith('multipart/') || lines.lineAt(line).startsWith('--')) return false;
  for (let above = line - 1; above >= Math.max(0, line - longestHead); above--) {
    const text = lines.lineAt(above);
    if (text.startsWith('--')) return !text.trimEnd().endsWith('--');
    if (text.trim() === '') return false;
  }
  return false;
}
