import { randomBytes } from 'node:crypto';
import type { FieldLine, RequestSpec } from '../../trace/request.ts';
import packageManifest from '../../../package.json' with { type: 'json' };
import { hasZstd } from '../content/decoder.ts';
import { fieldOctets } from './fields.ts';

const { version } = packageManifest;

/** Who we are (RFC 9110 §10.1.5), to servers and to proxies. */
export const userAgent = `roundtrip/${version}`;

const ownUserAgent: FieldLine = ['user-agent', userAgent];
const accept: FieldLine = ['accept', '*/*'];

/** RFC 9110 §12.5.3: what the content decoder undoes; zstd where this Node has it. */
const acceptEncoding: FieldLine = [
  'accept-encoding', hasZstd() ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br',
];

/**
 * Methods whose requests usually have content, so that an empty one says `Content-Length: 0` (RFC
 * 9110 §8.6).
 */
const anticipatesContent = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

export interface FieldsContext {
  readonly url: URL;
  /** Size of the body in bytes; undefined without one. */
  readonly bodySize: number | undefined;
  /** `name=value` pairs of the jar, joined; undefined when there are none. */
  readonly cookies: string | undefined;
  readonly traceparent: string | undefined;
  /** For a proxy that wants absolute form. */
  readonly proxyAuthorization: string | undefined;
  /** What is typed for a proxy was said to it already, where it could be; behind it nobody is to see it. */
  readonly isPastProxy: boolean;
  /** The typed length goes out, whatever the body has. */
  readonly keepsLength: boolean;
  /** The client adds `Content-Length` by itself. */
  readonly clientAddsLength: boolean;
}

const none: ReadonlySet<string> = new Set();

/** Names typed in the file, in lower case. */
export function typedNames(spec: RequestSpec): ReadonlySet<string> {
  return spec.headers.length === 0 ? none : new Set(spec.headers.map(([name]) => name.toLowerCase()));
}

/**
 * The fields of a request in the order they go out: typed ones as written, then ours for what was
 * not typed. `Cookie` lines become one (RFC 6265bis §5.8.3), `Content-Length` is true or is made
 * so. Values are octets.
 */
export function fieldsToSend(
  spec: RequestSpec, typed: ReadonlySet<string>, context: FieldsContext,
): FieldLine[] {
  const lines = spec.headers.length === 0 ? [] : typedLines(spec.headers, typed, context);
  const { url } = context;
  if (!typed.has('authorization') && (url.username !== '' || url.password !== '')) {
    lines.push(['authorization', basic(url)]);
  }
  if (!typed.has('user-agent')) lines.push(ownUserAgent);
  if (!typed.has('accept')) lines.push(accept);
  if (!typed.has('accept-encoding')) lines.push(acceptEncoding);
  if (context.cookies !== undefined && !typed.has('cookie')) {
    lines.push(['cookie', context.cookies]);
  }
  if (context.traceparent !== undefined && !typed.has('traceparent')) {
    lines.push(['traceparent', context.traceparent]);
  }
  if (context.proxyAuthorization !== undefined && !typed.has('proxy-authorization')) {
    lines.push(['proxy-authorization', context.proxyAuthorization]);
  }
  const length = lengthToSend(spec, typed, context);
  if (length !== undefined) lines.push(['content-length', String(length)]);
  return lines;
}

function typedLines(
  headers: readonly FieldLine[], typed: ReadonlySet<string>, context: FieldsContext,
): FieldLine[] {
  const lines: FieldLine[] = [];
  let cookieAt = -1;
  let lengthSeen = false;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (context.isPastProxy && lower === 'proxy-authorization') continue;
    if (lower === 'content-length' && !context.keepsLength) {
      // RFC 9112 §6.2: not beside Transfer-Encoding; and never one that lies about the body, or
      // two.
      if (lengthSeen || typed.has('transfer-encoding')) continue;
      lengthSeen = true;
      const size = String(context.bodySize ?? 0);
      lines.push([name, value.trim() === size ? value : size]);
    } else if (lower === 'cookie' && cookieAt !== -1) {
      lines[cookieAt] = [lines[cookieAt]![0], `${lines[cookieAt]![1]}; ${fieldOctets(value)}`];
    } else {
      if (lower === 'cookie') cookieAt = lines.length;
      lines.push([name, fieldOctets(value)]);
    }
  }
  if (cookieAt !== -1 && context.cookies !== undefined) {
    lines[cookieAt] = [lines[cookieAt]![0], `${lines[cookieAt]![1]}; ${context.cookies}`];
  }
  return lines;
}

function lengthToSend(
  spec: RequestSpec, typed: ReadonlySet<string>, context: FieldsContext,
): number | undefined {
  if (context.clientAddsLength) return undefined;
  if (typed.has('content-length') || typed.has('transfer-encoding')) return undefined;
  if (context.bodySize !== undefined && context.bodySize > 0) return context.bodySize;
  return anticipatesContent.has(spec.method.toUpperCase()) ? 0 : undefined;
}

/** RFC 7617: the credentials of the URL. */
function basic(url: URL): string {
  const text = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(text, 'utf8').toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether `traceparent` goes to `url`: a listed name stands for itself and those below it,
 * `host:port` for one authority.
 */
export function isTraced(url: URL, traceHosts: readonly string[] | undefined): boolean {
  if (!traceHosts || traceHosts.length === 0) return false;
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return traceHosts.some((entry) => {
    const wanted = entry.toLowerCase();
    return wanted === host || wanted === `${host}:${port}` || host.endsWith(`.${wanted}`);
  });
}

/** A new `traceparent` (W3C Trace Context): version 00, random ids, sampled. */
export function newTraceparent(): string {
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}
