import type { FieldLine } from '../../src/trace/request.ts';

export type ContentKind = 'json' | 'html' | 'svg' | 'image' | 'text' | 'binary';

/** The media type without parameters, lower case; undefined when none was sent. */
export function mediaTypeOf(headers: readonly FieldLine[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return value?.split(';')[0]?.trim().toLowerCase() || undefined;
}

/** The `charset` parameter of the content type. */
export function charsetOf(headers: readonly FieldLine[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(value ?? '')?.[1];
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

/**
 * Text of a charset, UTF-8 when none or an unknown one was named. With `more`, a character cut at
 * the end is left out.
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined, more: boolean): string {
  return decoderFor(charset).decode(bytes, { stream: more });
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder('utf-8');
  }
}
