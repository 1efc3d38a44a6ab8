import { guessCharset } from '../../src/explain/charset.ts';
import { findCharset } from '../../src/trace/charset.ts';
import type { Charset } from '../../src/trace/charset.ts';
import type { FieldLine } from '../../src/trace/request.ts';

type ContentKind = 'json' | 'html' | 'svg' | 'image' | 'text' | 'binary';

/** The media type without parameters, lower case; undefined when none was sent. */
export function mediaTypeOf(headers: readonly FieldLine[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return value?.split(';')[0]?.trim().toLowerCase() || undefined;
}

/** How a content of this type can be looked at (RFC 6838, RFC 6839 for `+json` and `+xml`). */
export function kindOf(headers: readonly FieldLine[]): ContentKind {
  const type = mediaTypeOf(headers) ?? '';
  if (type === 'application/json' || type.endsWith('+json') || type === 'text/json') return 'json';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (type === 'image/svg+xml') return 'svg';
  if (/^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/.test(type)) return 'image';
  if (type.startsWith('text/') || type.endsWith('+xml') || textTypes.has(type)) return 'text';
  return 'binary';
}

const textTypes = new Set([
  'application/xml', 'application/javascript', 'application/ecmascript', 'application/x-www-form-urlencoded',
  'application/yaml', 'application/x-ndjson', 'application/graphql', 'application/toml', 'application/sql',
]);

/** A content as text, and what is to be said of its charset. */
export interface DecodedText {
  readonly text: string;
  readonly charset: Charset;
  /** The browser has no such charset: UTF-8 was taken in its place. */
  readonly isUnknown?: true;
  /** Characters that the bytes are not: each stands as U+FFFD in the text. */
  readonly broken: number;
  /** A charset in which the bytes do make sense, where they do not in their own. */
  readonly guess?: string;
}

/** A guess need not read more than this, in bytes. */
const guessedFrom = 64 * 1024;

/**
 * The text of a content: in its own charset, or the one that was `chosen` to look at it. With `more`, a character cut
 * at the end is left out.
 */
export function readText(
  bytes: Uint8Array, headers: readonly FieldLine[], more: boolean, chosen?: string,
): DecodedText {
  const charset = findCharset(bytes, headers);
  const label = chosen ?? charset.label;
  const decoder = decoderFor(label);
  const text = (decoder ?? new TextDecoder('utf-8')).decode(bytes, { stream: more });
  // The character itself may be in a content.
  const isBroken = text.includes('\ufffd') && strictly(bytes, decoder ? label : 'utf-8', more) === undefined;
  const broken = isBroken ? text.split('\ufffd').length - 1 : 0;
  const start = bytes.subarray(0, guessedFrom);
  const guess = broken === 0 || chosen !== undefined ? undefined
    : guessCharset(label, (other) => strictly(start, other, more || start.length < bytes.length));
  return {
    text, charset, broken, ...(decoder ? {} : { isUnknown: true as const }), ...(guess === undefined ? {} : { guess }),
  };
}

/** As {@link readText}, the text alone. */
export function decodeText(bytes: Uint8Array, headers: readonly FieldLine[], more: boolean, chosen?: string): string {
  const { label } = findCharset(bytes, headers);
  return (decoderFor(chosen ?? label) ?? new TextDecoder('utf-8')).decode(bytes, { stream: more });
}

function strictly(bytes: Uint8Array, label: string, more: boolean): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: more });
  } catch {
    return undefined;
  }
}

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
