import { createHash, createHmac } from 'node:crypto';
import type { FieldLine } from '../../../trace/request.ts';

// AWS Signature Version 4, as "Create a signed AWS API request" of the IAM User Guide describes it.

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** What is to be signed, `host` among it. */
  readonly headers: readonly FieldLine[];
  /** SHA-256 of the body in lower-case hexadecimal, or `UNSIGNED-PAYLOAD`. */
  readonly bodyHash: string;
  /** S3 encodes a path once, the others once more; S3 alone keeps empty segments. */
  readonly service: string;
}

/** Step 1: the request as client and server both write it before they compute the signature. */
export function canonicalRequest(
  { method, url, headers, bodyHash, service }: SignedRequest,
): { readonly text: string; readonly signedHeaders: string } {
  const fields = canonicalHeaders(headers);
  const signedHeaders = fields.map(([name]) => name).join(';');
  const lines = [
    method, canonicalPath(url.pathname, service), canonicalQuery(url.search, service),
    ...fields.map(([name, value]) => `${name}:${value}`), '', signedHeaders, bodyHash,
  ];
  return { text: lines.join('\n'), signedHeaders };
}

/** Steps 2 and 3: the time, the scope and the hash of the canonical request. */
export function stringToSign(time: string, scope: string, canonical: string): string {
  return ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
}

/** Step 4: a key made from the secret and the scope, part by part, signs the string. Lower-case hexadecimal. */
export function signature(
  { secretAccessKey }: { readonly secretAccessKey: string }, scope: string, text: string,
): string {
  let key: string | Buffer = `AWS4${secretAccessKey}`;
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex');
}

/** By name in lower case; blanks at both ends removed and inside made one; several values joined by commas. */
function canonicalHeaders(headers: readonly FieldLine[]): [name: string, value: string][] {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    values.set(lower, [...values.get(lower) ?? [], value.trim().replace(/\s+/g, ' ')]);
  }
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => [name, all.join(',')]);
}

function canonicalPath(path: string, service: string): string {
  const segments = (service === 's3' ? path : path.replace(/\/{2,}/g, '/')).split('/');
  return segments.map((segment) => {
    const once = encode(decoded(segment));
    return service === 's3' ? once : encode(once);
  }).join('/');
}

/** Sorted by name, then by value; a name without a value has an empty one. S3 sees only the first of two values. */
function canonicalQuery(search: string, service: string): string {
  const all = search.slice(1).split('&').filter((pair) => pair !== '').map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [name, value].map((part) => encode(decoded(part.replaceAll('+', ' ')))) as [string, string];
  });
  const pairs = service === 's3' ? [...new Map(all.toReversed())] : all;
  return pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y)).map((pair) => pair.join('=')).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986 §2.3: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What is no percent-encoding stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
