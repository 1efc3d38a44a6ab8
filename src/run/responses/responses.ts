import { readFile, stat } from 'node:fs/promises';
import type { ResponseReference } from '../../httpFile/names/reference.ts';
import type { Fault } from '../../httpFile/names/origin.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import { assertNever } from '../../trace/assertNever.ts';
import type { Exchange } from '../../trace/exchange.ts';
import type { BodyPart, FieldLine } from '../../trace/request.ts';

/** An exchange that is over, as `{{login.response…}}` and `{{login.request…}}` look at it. */
export interface RecordedExchange {
  readonly request: {
    readonly method: string; readonly url: string; readonly headers: readonly FieldLine[];
    readonly content?: Uint8Array;
  };
  /** Absent when none came. */
  readonly response?: {
    readonly statusCode: number; readonly headers: readonly FieldLine[]; readonly content: Uint8Array;
    /** How many bytes it has; more than `content` when that is not whole. */
    readonly contentSize?: number;
  };
  /** Headers of the redirects that led to the response, which may have set cookies. */
  readonly redirects?: readonly (readonly FieldLine[])[];
}

/** What was sent before. */
export interface Responses {
  /** The last exchange of the request of that name (C58); undefined when it was not sent yet. */
  latest(requestName: string): Promise<RecordedExchange | undefined>;
}

/** A content up to this many bytes is looked into. */
const largestContent = 10 * 1024 * 1024;

/** A value: at most 1 MiB, as a variable's. */
const largestValue = 1024 * 1024;

/** Why the reference has no value; `name` is the reference, `request` the name in it. */
function faultOf(code: ProblemCode, reference: ResponseReference, places: Record<string, string> = {}): Fault {
  const { request, part, of, path } = reference;
  const name = [request, part, of, path].filter((word) => word !== '').join('.');
  return { code, places: { name, request, path, ...places } };
}

/** Says that the request was not sent yet. */
export function unsentFault(reference: ResponseReference): Fault {
  return faultOf('response-not-sent', reference);
}

/**
 * The value that a reference names in an exchange: a text as it is, other JSON as JSON, of several matches the
 * first (RFC 9535 §2.1.2, XPath 1.0). Why there is none is a fault; nothing is thrown.
 */
export async function evaluateReference(
  reference: ResponseReference, recorded: RecordedExchange,
): Promise<string | Fault> {
  const { request, response } = recorded;
  if (reference.part === 'request') {
    return evaluatePart(reference, { ...request, content: request.content ?? new Uint8Array() });
  }
  return response
    ? evaluatePart(reference, response, recorded.redirects) : faultOf('response-none', reference);
}

interface Message {
  readonly statusCode?: number;
  readonly headers: readonly FieldLine[];
  readonly content: Uint8Array;
  readonly contentSize?: number;
}

async function evaluatePart(
  reference: ResponseReference, message: Message, redirects: readonly (readonly FieldLine[])[] = [],
): Promise<string | Fault> {
  switch (reference.of) {
    case 'status':
      return message.statusCode === undefined
        ? faultOf('response-none', reference) : `${message.statusCode}`;
    case 'headers': {
      const value = headerNamed(message.headers, reference.path);
      return value ?? faultOf('response-header-missing', reference);
    }
    case 'cookies': {
      const fields = [...redirects, message.headers].flat();
      const value = reference.part === 'request'
        ? sentCookie(message.headers, reference.path) : receivedCookie(fields, reference.path);
      return value ?? faultOf('response-cookie-missing', reference);
    }
    case 'body': return limited(reference, await evaluateBody(reference, message));
    default: return assertNever(reference.of);
  }
}

function limited(reference: ResponseReference, value: string | Fault): string | Fault {
  const isLarge = typeof value === 'string' && value.length > largestValue;
  return isLarge ? faultOf('response-value-too-large', reference, { limit: '1 MiB' }) : value;
}

// --- fields ----------------------------------------------------------------------------------------

/** RFC 9110 §5.1, §5.3: names in any case; several lines of one name are one list, but for `Set-Cookie`. */
function headerNamed(headers: readonly FieldLine[], wanted: string): string | undefined {
  const name = wanted.toLowerCase();
  const values = headers.flatMap(([found, value]) => found.toLowerCase() === name ? [value] : []);
  if (values.length === 0) return undefined;
  return name === 'set-cookie' ? values[0] : values.join(', ');
}

/** RFC 6265 §4.1.1: the pair before the attributes; the last one set counts. */
function receivedCookie(headers: readonly FieldLine[], name: string): string | undefined {
  const pairs = headers.flatMap(([field, value]) =>
    field.toLowerCase() === 'set-cookie' ? [value.split(';', 1)[0]!] : []);
  return pairs.map((pair) => cookieValue(pair, name)).findLast((value) => value !== undefined);
}

function sentCookie(headers: readonly FieldLine[], name: string): string | undefined {
  const pairs = headers.flatMap(([field, value]) => field.toLowerCase() === 'cookie' ? value.split(';') : []);
  return pairs.map((pair) => cookieValue(pair, name)).find((value) => value !== undefined);
}

function cookieValue(pair: string, name: string): string | undefined {
  const equals = pair.indexOf('=');
  return equals > 0 && pair.slice(0, equals).trim() === name ? pair.slice(equals + 1).trim() : undefined;
}

// --- bodies ----------------------------------------------------------------------------------------

async function evaluateBody(reference: ResponseReference, message: Message): Promise<string | Fault> {
  const { headers, content } = message;
  const size = message.contentSize ?? content.length;
  if (size > largestContent) return faultOf('response-too-large', reference, { limit: '10 MiB' });
  if (size > content.length) return faultOf('response-content-gone', reference);
  // JSONPath, XPath and the charset tables are read when they are first needed.
  const { jsonAt, textOf, xmlAt } = await import('./query.ts');
  const text = textOf(content, headers);
  if (text === undefined) return faultOf('response-binary', reference);
  const path = reference.path === '*' ? '' : reference.path;
  if (path === '') return text;
  const isXml = reference.as === 'xml' || (reference.as === undefined && isXmlPath(path, headers));
  const found = isXml ? xmlAt(text, path) : jsonAt(text, path);
  switch (found.kind) {
    case 'value': return found.text;
    case 'none': return faultOf('response-path-none', reference);
    case 'not-json': return faultOf('response-not-json', reference);
    case 'not-xml': return faultOf('response-not-xml', reference);
    case 'wrong-path': return faultOf('response-path-invalid', reference, { reason: found.reason });
    case 'too-long': return faultOf('response-path-slow', reference);
    default: return assertNever(found);
  }
}

/** An XPath starts with `/`; a JSONPath with `$`, or with nothing in the content of another type than XML. */
function isXmlPath(path: string, headers: readonly FieldLine[]): boolean {
  if (path.startsWith('$') || path.startsWith('[')) return false;
  if (path.startsWith('/')) return true;
  const type = headerNamed(headers, 'content-type')?.split(';', 1)[0]!.trim().toLowerCase() ?? '';
  return type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml');
}

// --- exchanges -------------------------------------------------------------------------------------

/** Reads up to `length` bytes of an exchange's content. */
export type ReadContent = (
  exchangeId: string, offset: number, length: number,
) => Promise<{ readonly bytes: Uint8Array } | undefined>;

/** The exchanges of one send as {@link RecordedExchange}: the last one is the outcome, those before are redirects. */
export async function recordedFrom(
  exchanges: readonly Exchange[], read: ReadContent,
): Promise<RecordedExchange | undefined> {
  const first = exchanges[0];
  const last = exchanges.at(-1);
  if (!first || !last) return undefined;
  const { spec, request } = first;
  const content = await bytesOf(spec.body);
  const response = await responseFrom(last, read);
  return {
    request: {
      method: spec.method, url: spec.url, headers: request?.headers ?? spec.headers, ...(content ? { content } : {}),
    },
    ...(response ? { response } : {}),
    redirects: exchanges.slice(0, -1).map((one) => one.response?.headers ?? []),
  };
}

async function responseFrom({ id, response }: Exchange, read: ReadContent): Promise<RecordedExchange['response']> {
  if (!response || response.statusCode === 0) return undefined;
  const { statusCode, headers, contentSize } = response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (contentSize <= largestContent && size < contentSize) {
    const bytes = (await read(id, size, Math.min(1024 * 1024, contentSize - size)))?.bytes;
    if (!bytes || bytes.length === 0) break;
    chunks.push(bytes);
    size += bytes.length;
  }
  return { statusCode, headers, contentSize, content: Buffer.concat(chunks) };
}

/** What a request's body was; a file that is gone or too large since counts as nothing. */
async function bytesOf(parts: readonly BodyPart[] = []): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    if (part.kind === 'bytes') chunks.push(part.bytes);
    else if (await sizeOf(part.path) <= largestContent) chunks.push(await contentOf(part.path));
  }
  return parts.length > 0 ? Buffer.concat(chunks) : undefined;
}

async function contentOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch(() => new Uint8Array());
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => Infinity);
}
