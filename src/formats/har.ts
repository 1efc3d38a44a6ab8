import type { Exchange } from '../trace/exchange.ts';
import { durationOf, phasesOf } from '../trace/phases.ts';
import type { Phase } from '../trace/phases.ts';
import type { PhaseName } from '../trace/failure.ts';
import type { FieldLine } from '../trace/request.ts';
import { maskExchange } from '../trace/secrets.ts';
import { createSecretMask } from '../trace/secretValues.ts';
import { wasUnverified } from '../trace/verification.ts';
import { base64 } from './base64.ts';
import type { HarCookie, HarEntry, HarLog, HarPair, HarTimings } from './harArchive.ts';

// HAR 1.2. This is the one place where an absent figure is -1, as the format demands.

interface HarOptions {
  /** Keep credentials (default: masked). */
  readonly includeSecrets?: boolean;
  readonly creatorVersion?: string;
}

/**
 * Exchanges as an HTTP Archive 1.2.
 *
 * @param contents decoded contents by exchange id; an exchange without one has only its size.
 */
export function toHar(
  exchanges: readonly Exchange[], contents: ReadonlyMap<string, Uint8Array> = new Map(),
  options: HarOptions = {},
): HarLog {
  const contentOf = ({ id, spec }: Exchange): Uint8Array | undefined => {
    const content = contents.get(id);
    const masker = content && !options.includeSecrets ? createSecretMask(spec.secrets ?? []) : undefined;
    return content && masker ? masker.bytes(content) : content;
  };
  const entryOf = (exchange: Exchange): HarEntry =>
    toEntry(options.includeSecrets ? exchange : maskExchange(exchange), contentOf(exchange));
  return {
    log: {
      version: '1.2',
      creator: { name: 'Roundtrip', version: options.creatorVersion ?? '0.1.0' },
      entries: exchanges.map(entryOf),
    },
  };
}

function toEntry(exchange: Exchange, content: Uint8Array | undefined): HarEntry {
  const timings = withRest(toTimings(phasesOf(exchange)), durationOf(exchange));
  const { connection } = exchange;
  return {
    startedDateTime: new Date(exchange.startedAt).toISOString(),
    time: totalOf(timings),
    request: toRequest(exchange),
    response: toResponse(exchange, content),
    cache: {},
    timings,
    ...(connection?.peerAddress === undefined ? {} : { serverIPAddress: connection.peerAddress }),
    ...(connection === undefined ? {} : { connection: connection.id }),
    ...webSocketOf(exchange),
    ...(wasUnverified(exchange) ? { comment: unverified } : {}),
    _roundtrip: {
      ...(wasUnverified(exchange) ? { unverified: true } : {}),
      id: exchange.id, resendOf: exchange.resendOf, duration: durationOf(exchange), reused: exchange.reused,
      trailers: { request: exchange.request?.trailers, response: exchange.response?.trailers },
      webSocket: exchange.webSocket && { ...exchange.webSocket, messages: undefined }, graphql: exchange.graphql,
      failure: exchange.failure, connection, servers: exchange.servers,
    },
  };
}

const unverified = 'NOT VERIFIED: certificate verification was off, so anyone on the way could have answered.';

/** Messages of text and binary; what is cut here is cut there. */
function webSocketOf(
  { webSocket, startAt, startedAt }: Exchange,
): Pick<HarEntry, '_resourceType' | '_webSocketMessages'> {
  if (!webSocket) return {};
  const messages = webSocket.messages.filter(({ kind }) => kind === 'text' || kind === 'binary');
  return {
    _resourceType: 'websocket',
    _webSocketMessages: messages.map(({ direction, at, text, bytes }) => ({
      type: direction === 'sent' ? 'send' : 'receive', time: (startedAt + at - startAt) / 1000,
      opcode: text === undefined ? 2 : 1, data: text ?? base64(bytes ?? new Uint8Array()),
    })),
  };
}

/** HAR 1.2: `time` is the sum of the timings that apply; `ssl` is already part of `connect`. */
function totalOf(timings: HarTimings): number {
  const { blocked, dns, connect, send, wait, receive } = timings;
  return [blocked, dns, connect, send, wait, receive]
    .filter((timing) => timing >= 0).reduce((sum, timing) => sum + timing, 0);
}

/**
 * HAR 1.2 wants the timings to add up to `time`. What passed between the phases, in the sender itself, has no
 * place of its own there: it is added to `blocked`, so that `time` is the time that passed.
 */
function withRest(timings: HarTimings, duration: number | undefined): HarTimings {
  const rest = duration === undefined ? 0 : duration - totalOf(timings);
  return rest > 0 ? { ...timings, blocked: Math.max(0, timings.blocked) + rest } : timings;
}

function toTimings(phases: readonly Phase[]): HarTimings {
  const of = (name: PhaseName): number => phases.find((phase) => phase.name === name)?.duration ?? -1;
  const connecting = [of('tcp'), of('proxy'), of('tls')].filter((duration) => duration >= 0);
  return {
    blocked: of('blocked'),
    dns: of('dns'),
    connect: connecting.length === 0 ? -1 : connecting.reduce((sum, duration) => sum + duration, 0),
    ssl: of('tls'),
    // HAR 1.2 demands these three: an exchange that never got there has spent nothing on them.
    send: Math.max(0, of('send')),
    wait: Math.max(0, of('wait')),
    receive: Math.max(0, of('receive')),
  };
}

function toRequest(exchange: Exchange): HarEntry['request'] {
  const { spec, request } = exchange;
  const headers = request?.headers ?? spec.headers;
  const url = request?.url ?? spec.url;
  const postData = toPostData(exchange, headers);
  return {
    method: request?.method ?? spec.method,
    url,
    httpVersion: versionOf(request?.httpVersion),
    cookies: cookiesSent(headers),
    headers: toPairs(headers),
    queryString: queryOf(url),
    ...(postData ? { postData } : {}),
    headersSize: request?.headSize ?? -1,
    bodySize: request?.bodySize ?? -1,
  };
}

function toPostData(
  exchange: Exchange, headers: readonly FieldLine[],
): HarEntry['request']['postData'] | undefined {
  const parts = exchange.spec.body ?? [];
  if (parts.length === 0 || parts.some((part) => part.kind === 'file')) return undefined;
  const bytes = concatenate(parts.flatMap((part) => part.kind === 'bytes' ? [part.bytes] : []));
  const text = utf8(bytes);
  const mimeType = fieldOf(headers, 'content-type') ?? '';
  return text === undefined
    ? { mimeType, text: base64(bytes), _encoding: 'base64' }
    : { mimeType, text };
}

function toResponse(exchange: Exchange, content: Uint8Array | undefined): HarEntry['response'] {
  const { response } = exchange;
  const headers = response?.headers ?? [];
  return {
    status: response?.statusCode ?? 0,
    statusText: response?.reasonPhrase ?? '',
    httpVersion: versionOf(response?.httpVersion),
    cookies: exchange.cookies.received.map((cookie) => ({
      name: cookie.name,
      value: cookie.value,
      ...(cookie.path === undefined ? {} : { path: cookie.path }),
      ...(cookie.domain === undefined ? {} : { domain: cookie.domain }),
      ...(cookie.expires === undefined ? {} : { expires: new Date(cookie.expires).toISOString() }),
      ...(cookie.httpOnly === undefined ? {} : { httpOnly: cookie.httpOnly }),
      ...(cookie.secure === undefined ? {} : { secure: cookie.secure }),
    })),
    headers: toPairs(headers),
    content: toContent(exchange, headers, content),
    redirectURL: fieldOf(headers, 'location') ?? '',
    headersSize: response?.headSize ?? -1,
    bodySize: response?.bodySize ?? -1,
  };
}

function toContent(
  exchange: Exchange, headers: readonly FieldLine[], content: Uint8Array | undefined,
): HarEntry['response']['content'] {
  const { response } = exchange;
  const size = response?.contentSize ?? 0;
  const saved = size - (response?.bodySize ?? 0);
  const facts = {
    size,
    mimeType: fieldOf(headers, 'content-type') ?? 'x-unknown',
    ...(saved > 0 ? { compression: saved } : {}),
  };
  if (!content) return facts;
  const cut = content.length < size ? { comment: `first ${content.length} of ${size} bytes` } : {};
  const text = utf8(content);
  return text === undefined
    ? { ...facts, ...cut, text: base64(content), encoding: 'base64' }
    : { ...facts, ...cut, text };
}

function versionOf(httpVersion: string | undefined): string {
  if (httpVersion === undefined) return '';
  return httpVersion === '2' ? 'HTTP/2' : `HTTP/${httpVersion}`;
}

function toPairs(fieldLines: readonly FieldLine[]): HarPair[] {
  return fieldLines.map(([name, value]) => ({ name, value }));
}

function fieldOf(fieldLines: readonly FieldLine[], wanted: string): string | undefined {
  return fieldLines.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** RFC 6265 §4.2.1: `name=value` pairs separated by `; `. */
function cookiesSent(headers: readonly FieldLine[]): HarCookie[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .flatMap((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return [];
      return [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }];
    });
}

function queryOf(url: string): HarPair[] {
  const query = /^[^?#]*\?([^#]*)/.exec(url)?.[1];
  if (!query) return [];
  return query.split('&').filter((pair) => pair !== '').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return { name: decode(name), value: decode(rest.join('=')) };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The text of well-formed UTF-8, else undefined. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
