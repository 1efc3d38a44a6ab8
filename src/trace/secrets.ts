import type { Connection, Exchange, ProxyHop, RecordedFrames } from './exchange.ts';
import type { Http2Frame } from './http2/frame.ts';
import { proxiesIn } from './proxyDecision.ts';
import type { FieldLine, RequestSpec, SendOptions } from './request.ts';
import { maskUrl, maskUrlsIn } from './secretParameters.ts';
import { deeply, mask, maskExchangeSecrets, maskSpecSecrets } from './secretValues.ts';
import { withoutSendersOwn } from './sendersOwn.ts';

/** Fields whose values are credentials (RFC 9110 §11, RFC 6265), and the usual names of API keys. */
const secretFields = new Set([
  'authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key', 'x-auth-token',
]);

/** Whether a field's value is a credential, by its name in any case. */
export function isSecretField(name: string): boolean {
  return secretFields.has(name.toLowerCase());
}

/**
 * The same field lines with credentials masked. What is not secret stays readable: an authentication scheme,
 * the names of cookies and a cookie's attributes.
 */
export function maskFieldLines(fieldLines: readonly FieldLine[]): FieldLine[] {
  return fieldLines.map(([name, value]) => [name, isSecretField(name) ? maskValue(name, value) : value]);
}

function maskValue(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case 'authorization':
    case 'proxy-authorization': {
      const scheme = /^([\w-]+) /.exec(value)?.[1];
      return scheme ? `${scheme} ${mask}` : mask;
    }
    case 'cookie':
      return value.split(';').map((pair) => `${pair.split('=', 1)[0]?.trim()}=${mask}`).join('; ');
    case 'set-cookie': {
      const [pair = '', ...attributes] = value.split(';');
      return [`${pair.split('=', 1)[0]?.trim()}=${mask}`, ...attributes].join(';');
    }
    default:
      return mask;
  }
}

/** URLs wherever they stand, also in `:path`, `Location`, `Referer` and redirects; bytes are contents. */
const urls = { text: maskUrlsIn, bytes: (bytes: Uint8Array): Uint8Array => bytes };

/** Each proxy of a chain without its password; what they were decided from is left out. */
function maskedOptions(given: SendOptions): SendOptions {
  const options = withoutSendersOwn(given);
  if (options.proxy === undefined) return options;
  return { ...options, proxy: proxiesIn(options.proxy).map(maskUrl).join(', ') };
}

/** The same request with every credential masked, and its secret values wherever they stand. */
export function maskSpec(spec: RequestSpec): RequestSpec {
  const { url, ...rest } = maskSpecSecrets(spec);
  const shown = deeply(rest, urls);
  const { headers, options } = shown;
  return {
    ...shown, url: maskUrl(url), headers: maskFieldLines(headers), ...maskTrailers(shown),
    options: maskedOptions(options),
  };
}

/** The same exchange with every credential and secret value masked: in what was asked, sent, received and recorded. */
export function maskExchange(whole: Exchange): Exchange {
  const { spec, ...seen } = maskExchangeSecrets(whole);
  const exchange = deeply(seen, urls);
  const { request, response } = exchange;
  return {
    ...exchange,
    spec: maskSpec(spec),
    ...(request && {
      request: {
        ...request, url: maskUrl(request.url), headers: maskFieldLines(request.headers), ...maskTrailers(request),
      },
    }),
    ...(response && {
      response: {
        ...response,
        headers: maskFieldLines(response.headers),
        trailers: maskFieldLines(response.trailers),
        interimResponses: response.interimResponses.map(
          (interim) => ({ ...interim, headers: maskFieldLines(interim.headers) })),
      },
    }),
    ...(exchange.frames && { frames: maskFrames(exchange.frames) }),
    ...(exchange.connection && { connection: maskConnection(exchange.connection) }),
    ...(exchange.authorization && { authorization: maskAuthorization(exchange.authorization) }),
    ...(exchange.proxyAuthorization && { proxyAuthorization: maskAuthorization(exchange.proxyAuthorization) }),
    cookies: {
      ...exchange.cookies,
      sent: exchange.cookies.sent.map((cookie) => ({ ...cookie, value: mask })),
      received: exchange.cookies.received.map((cookie) => ({ ...cookie, value: mask })),
    },
    events: exchange.events.map(maskEvent),
  };
}

/** Its frames may hold fields, and an answer to a proxy's challenge can be guessed at. */
function maskConnection(connection: Connection): Connection {
  const { frames, proxy, proxies } = connection;
  if (!frames && !proxies?.some(({ authorization }) => authorization)) return connection;
  return {
    ...connection,
    ...(frames && { frames: maskFrames(frames) }),
    ...(proxy && { proxy: maskHop(proxy) }), ...(proxies && { proxies: proxies.map(maskHop) }),
  };
}

function maskHop(hop: ProxyHop): ProxyHop {
  return hop.authorization ? { ...hop, authorization: maskAuthorization(hop.authorization) } : hop;
}

function maskFrames(frames: RecordedFrames): RecordedFrames {
  return { ...frames, told: frames.told.map(maskFrame) };
}

function maskFrame(frame: Http2Frame): Http2Frame {
  if (!frame.fields?.some(({ name }) => isSecretField(name))) return frame;
  const fields = frame.fields.map((field) => (
    isSecretField(field.name) ? { ...field, value: maskValue(field.name, field.value) } : field));
  return { ...frame, fields };
}

function maskTrailers({ trailers }: { readonly trailers?: readonly FieldLine[] }): { trailers?: FieldLine[] } {
  return trailers ? { trailers: maskFieldLines(trailers) } : {};
}

/** What was computed goes the way of the field it was computed for. */
function maskAuthorization<T extends NonNullable<Exchange['authorization']>>(facts: T): T {
  return facts.scheme === 'digest' ? { ...facts, response: mask } : { ...facts, signature: mask };
}

function maskEvent<T extends Exchange['events'][number]>(event: T): T {
  switch (event.type) {
    case 'http2-frames':
      return { ...event, frames: event.frames.map(maskFrame) };
    case 'request-start':
    case 'interim-response':
    case 'response-head':
      return { ...event, headers: maskFieldLines(event.headers) };
    case 'request-sent':
      return { ...event, ...maskTrailers(event) };
    case 'body-end':
      return { ...event, trailers: maskFieldLines(event.trailers) };
    case 'authorized':
      return { ...event, authorization: maskAuthorization(event.authorization) };
    case 'cookies-selected':
    case 'cookies-received':
      return { ...event, cookies: event.cookies.map((cookie) => ({ ...cookie, value: mask })) };
    default:
      return event;
  }
}
