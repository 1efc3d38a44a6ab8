import type { Exchange } from './exchange.ts';
import type { Authentication, BodyPart, RequestSpec } from './request.ts';

/** What stands in the place of a secret. */
export const mask = '•••';

/** A shorter value is not looked for: `1` would hide half of everything that is shown. */
const shortestMasked = 4;

/** Takes secrets out of texts. */
export interface SecretMask {
  /** The same text with {@link mask} for each secret. */
  text(text: string): string;
  bytes(bytes: Uint8Array): Uint8Array;
  /** The same, each octet of a secret becoming `*`, so that every other octet stays at its offset. */
  inPlace(bytes: Uint8Array): Uint8Array;
  /** Octets that the longest secret takes, percent-encoded. */
  readonly longest: number;
}

/**
 * Masks values wherever they stand: as they are, percent-encoded in whatever way (RFC 3986 §2.1; a space also as `+`)
 * and in Basic credentials (RFC 7617). Values of fewer than {@link shortestMasked} characters are left.
 */
export function createSecretMask(secrets: readonly string[]): SecretMask | undefined {
  const values = [...new Set(secrets)].filter((value) => value.length >= shortestMasked);
  if (values.length === 0) return undefined;
  const forms = new Set(values.flatMap(formsOf).filter((form) => form.length >= shortestMasked));
  const needles = [...forms].map(octetsOf).sort((a, b) => b.length - a.length);
  const text = (written: string): string => {
    const plain = [...forms].some((form) => written.includes(form)) ? masked(written, needles, false) : written;
    return withoutBasic(plain.includes('%') ? masked(plain, needles, true) : plain, needles);
  };
  const inPlace = (bytes: Uint8Array): Uint8Array => filled(bytes, needles);
  return {
    text, inPlace, longest: Math.max(3 * needles[0]!.length, longestBasic),
    bytes: (bytes) => {
      const written = asText(bytes);
      return written === undefined ? inPlace(bytes) : new TextEncoder().encode(text(written));
    },
  };
}

/**
 * How a value may be written besides percent-encoding: with `+` for a space (application/x-www-form-urlencoded), as
 * in JSON (RFC 8259 §7), without the space around it (a field's value), in lower case (a host's name).
 */
function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const isName = /^[\w.-]+$/.test(trimmed);
  return [
    value, trimmed, value.replaceAll(' ', '+'), JSON.stringify(value).slice(1, -1),
    ...(isName ? [trimmed.toLowerCase()] : []),
  ];
}

/** UTF-8 as a text of one character an octet, in which searching is fast. */
function octetsOf(text: string): string {
  return latin1(new TextEncoder().encode(text));
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** Octets after percent-decoding, and where each one starts as it is written. */
interface Decoded {
  readonly octets: string;
  readonly starts: Uint32Array;
}

function decoded(written: string): Decoded {
  const starts = new Uint32Array(written.length + 1);
  let octets = '';
  let at = 0;
  while (at < written.length) {
    starts[octets.length] = at;
    const encoded = written.charCodeAt(at) === 0x25 ? hexAt(written, at + 1) : undefined;
    octets += encoded === undefined ? written[at]! : String.fromCharCode(encoded);
    at += encoded === undefined ? 1 : 3;
  }
  starts[octets.length] = at;
  return { octets, starts };
}

/** The octet that two hexadecimal digits stand for. */
function hexAt(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 2);
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** Places of secrets, in order and apart. */
function placesIn(octets: string, needles: readonly string[]): [start: number, end: number][] {
  const found = needles.flatMap((needle) => {
    const places: [number, number][] = [];
    for (let at = octets.indexOf(needle); at >= 0; at = octets.indexOf(needle, at + needle.length)) {
      places.push([at, at + needle.length]);
    }
    return places;
  }).sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [start, end] of found) {
    const last = joined.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

function masked(text: string, needles: readonly string[], isEncoded: boolean): string {
  const written = octetsOf(text);
  const { octets, starts } = isEncoded ? decoded(written) : { octets: written, starts: undefined };
  const places = placesIn(octets, needles);
  if (places.length === 0) return text;
  const bytes = new TextEncoder().encode(text);
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let result = '';
  let from = 0;
  for (const [start, end] of places) {
    result += utf8.decode(bytes.subarray(from, starts ? starts[start] : start)) + mask;
    from = starts ? starts[end]! : end;
  }
  return result + utf8.decode(bytes.subarray(from));
}

/** `Basic dXNlcjpwYXNz`: masked when a secret is in what it stands for. */
function withoutBasic(text: string, needles: readonly string[]): string {
  let result = '';
  let from = 0;
  for (const [start, end] of basicPlaces(text, needles)) {
    result += text.slice(from, start) + mask;
    from = end;
  }
  return result + text.slice(from);
}

/** Credentials of the scheme Basic that stand for a secret: where their base64 is. */
function basicPlaces(text: string, needles: readonly string[]): [start: number, end: number][] {
  if (!/basic /i.test(text)) return [];
  return [...text.matchAll(/\b(basic {1,8})([a-z0-9+/_-]{4,4096}={0,2})/gi)].flatMap((match) => {
    const [, scheme = '', credentials = ''] = match;
    const octets = fromBase64(credentials);
    const start = match.index + scheme.length;
    return octets !== undefined && needles.some((needle) => octets.includes(needle))
      ? [[start, start + credentials.length] as [number, number]] : [];
  });
}

/** Characters that the longest Basic credentials take, with their scheme. */
const longestBasic = 4096 + 16;

function fromBase64(text: string): string | undefined {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

/** The same object when it holds none. */
function filled(bytes: Uint8Array, needles: readonly string[]): Uint8Array {
  const written = latin1(bytes);
  const plain = placesIn(written, needles);
  const { octets, starts } = written.includes('%') ? decoded(written) : { octets: '', starts: [] };
  const encoded = placesIn(octets, needles).map(([start, end]) => [starts[start]!, starts[end]!] as const);
  const places = [...plain, ...encoded, ...basicPlaces(written, needles)];
  if (places.length === 0) return bytes;
  const result = Uint8Array.from(bytes);
  for (const [start, end] of places) result.fill(0x2a, start, end);
  return result;
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Chunks of one content with secrets masked in place, also one that is cut by the end of a chunk. */
export async function* maskChunks(
  chunks: AsyncIterable<Uint8Array>, secrets: readonly string[] = [],
): AsyncGenerator<Uint8Array> {
  const masker = createSecretMask(secrets);
  if (!masker) return yield* chunks;
  // Shorter than the longest secret: what is whole in it is masked already, what has only begun may go on.
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = masker.inPlace(joined(rest, chunk));
    const end = Math.max(0, bytes.length - masker.longest);
    yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
  yield rest;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

// --- whole values ----------------------------------------------------------------------------------

/** Members whose values name or classify something: they are ours, and others are found by them. */
const kept: ReadonlySet<string> = new Set([
  'id', 'type', 'kind', 'connectionId', 'exchangeId', 'resendOf', 'specId', 'source', 'method', 'httpVersion', 'scheme',
  'client', 'outcome', 'transport', 'section', 'phase', 'code', 'confidence', 'storedIn', 'options', 'pem',
  'fingerprint256', 'alpn', 'alpnOffered',
]);

/** Names in DNS messages have lengths for dots and any letters: beside a text with a secret, they are left out. */
const dnsMessages: ReadonlySet<string> = new Set(['queryBytes', 'answerBytes']);

/** The same value with secrets masked in every text of it, however deep; what holds none is the same object. */
export function deeply<T>(value: T, secrets: Pick<SecretMask, 'text' | 'bytes'>): T {
  if (typeof value === 'string') return secrets.text(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return secrets.bytes(value) as T;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => deeply(item, secrets));
    return items.every((item, at) => item === value[at]) ? value : items as T;
  }
  const entries = Object.entries(value);
  const changed = entries.map(([key, item]) => (
    [key, kept.has(key) || dnsMessages.has(key) ? item : deeply(item as unknown, secrets)] as const));
  if (changed.every(([, item], at) => item === entries[at]![1])) return value;
  return Object.fromEntries(changed.filter(([key]) => !dnsMessages.has(key))) as T;
}

/** The same request with its secret values masked; it no longer says which they were. */
export function maskSpecSecrets(whole: RequestSpec): RequestSpec {
  const spec = withoutCredentials(whole);
  const { secrets, ...shown } = spec;
  const masker = secrets && createSecretMask(secrets);
  if (!masker) return secrets ? shown : spec;
  const { body, options, ...texts } = shown;
  const proxy = options.proxy === undefined ? undefined : masker.text(options.proxy);
  return {
    ...deeply(texts, masker),
    ...(body ? { body: body.map((part) => maskedPart(part, masker)) } : {}),
    options: proxy === options.proxy ? options : { ...options, ...(proxy === undefined ? {} : { proxy }) },
  };
}

/** What fields are computed from is masked however short it is. */
function withoutCredentials(spec: RequestSpec): RequestSpec {
  const { authentication } = spec.options;
  return authentication
    ? { ...spec, options: { ...spec.options, authentication: maskedCredentials(authentication) } } : spec;
}

function maskedCredentials(authentication: Authentication): Authentication {
  if (authentication.scheme === 'digest') return { ...authentication, password: mask };
  const { sessionToken } = authentication;
  return { ...authentication, secretAccessKey: mask, ...(sessionToken === undefined ? {} : { sessionToken: mask }) };
}

function maskedPart(part: BodyPart, secrets: SecretMask): BodyPart {
  return part.kind === 'bytes'
    ? { ...part, bytes: secrets.bytes(part.bytes) } : { ...part, path: secrets.text(part.path) };
}

/**
 * The same exchange with the secret values of its request masked wherever they stand: URL, headers, body, cookies,
 * events, what the server said of it. Contents of responses are not part of an exchange.
 */
export function maskExchangeSecrets(exchange: Exchange): Exchange {
  const { spec, ...seen } = exchange;
  if (!spec.secrets && !spec.options.authentication) return exchange;
  const known = maskedBefore.get(exchange);
  if (known) return known;
  const masker = createSecretMask(spec.secrets ?? []);
  const shown = { ...(masker ? deeply(seen, masker) : seen), spec: maskSpecSecrets(spec) };
  maskedBefore.set(exchange, shown);
  return shown;
}

/** An exchange that is over is shown again with each one that follows. */
const maskedBefore = new WeakMap<Exchange, Exchange>();
