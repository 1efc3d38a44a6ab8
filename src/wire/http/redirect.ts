import type { BodyPart, FieldLine, RequestSpec } from '../../trace/request.ts';
import { withoutAuthentication } from './authentication/authenticator.ts';
import { withoutCredentials } from '../../trace/proxyDecision.ts';
import { isSecretField } from '../../trace/secrets.ts';
import type { WebSocketStep } from '../../trace/webSocket.ts';
import { decidedOptions } from '../proxy/decision.ts';
import { fieldValues } from './fields.ts';
import { httpUrlOf, webSocketUrlOf } from './webSocket/url.ts';

/** What a response asks for next (RFC 9110 §15.4). */
export type Redirect =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly location: string }
  | {
    readonly kind: 'follow'; readonly location: string; readonly spec: RequestSpec;
    readonly changes: readonly string[];
  };

/** Fields about content, which go where the content goes (RFC 9110 §15.4). */
const contentFields = new Set([
  'content-encoding', 'content-language', 'content-location', 'content-type', 'content-length',
  'content-range', 'content-disposition', 'digest', 'content-digest', 'repr-digest',
  'last-modified', 'transfer-encoding',
  'expect', 'trailer',
]);

/**
 * Credentials stop at another origin (host, port or scheme): those that are it by the field's name, and values that
 * were marked secret.
 */
function isCredential([name, value]: FieldLine, secrets: readonly string[]): boolean {
  return isSecretField(name) || secrets.some((secret) => secret !== '' && value.includes(secret));
}

/**
 * The request that a response to `spec` asks for: 301 and 302 turn POST into GET, 303 everything
 * but HEAD, 307 and 308 keep method and content. `changes` name what else differs from `spec`, one
 * per item: `method POST GET`, `body`, `trailers`, `field Authorization`, `scheme https http`, `origin
 * https://a.test https://b.test`, `proxy http://p.test none`, `certificate`, `secret-body`, `secret-messages`.
 */
export function redirectOf(spec: RequestSpec, statusCode: number, headers: readonly FieldLine[]): Redirect {
  if (!isRedirect(statusCode)) return { kind: 'none' };
  const locations = fieldValues(headers, 'location');
  const location = locations[0];
  if (location === undefined) return { kind: 'none' };
  const from = new URL(httpUrlOf(spec.url));
  const to = targetOf(location, from);
  if (!to || locations.some((other) => other !== location)) return { kind: 'invalid', location };
  return followUp(spec, statusCode, from, to);
}

const redirects = new Set([301, 302, 303, 307, 308]);

function isRedirect(statusCode: number): boolean {
  return redirects.has(statusCode);
}

/**
 * RFC 9110 §10.2.2: relative to the URL it came from, whose fragment it inherits when it has none.
 */
function targetOf(location: string, from: URL): URL | undefined {
  const to = URL.parse(httpUrlOf(location), from.href);
  if (!to || (to.protocol !== 'http:' && to.protocol !== 'https:')) return undefined;
  if (to.hash === '' && !location.includes('#')) to.hash = from.hash;
  // What the URL had of credentials is for its origin, however that is written.
  if (to.origin === from.origin && to.username === '' && to.password === '') {
    to.username = from.username;
    to.password = from.password;
  }
  return to;
}

function followUp(spec: RequestSpec, statusCode: number, from: URL, to: URL): Redirect {
  const changes: string[] = [];
  const method = methodAfter(spec.method, statusCode);
  if (method !== spec.method) changes.push(`method ${spec.method} ${method}`);
  const keepsContent = method === spec.method;
  if (!keepsContent && hasContent(spec.body)) changes.push('body');
  if (!keepsContent && hasTrailers(spec)) changes.push('trailers');
  if (from.origin !== to.origin) changes.push(`origin ${from.origin} ${to.origin}`);
  if (from.protocol === 'https:' && to.protocol === 'http:') changes.push('scheme https http');
  const fields = fieldsAfter(spec, keepsContent, from.origin !== to.origin);
  changes.push(...fields.withheld.map((name) => `field ${name}`));
  const hadCredentials = spec.options.authentication !== undefined || from.username !== '' || from.password !== '';
  if (from.origin !== to.origin && hadCredentials) changes.push('field Authorization');
  if (from.origin !== to.origin) changes.push(...secretContent(spec, keepsContent));
  if (from.origin !== to.origin && spec.options.clientCertificate) changes.push('certificate');
  // RFC 9112 §3.2.4: `*` was the server as a whole; a Location names a resource.
  const { body, wrongLength, trailers: _trailers, requestTarget: _target, ...rest } =
    from.origin === to.origin ? spec : withoutCertificate(withoutAuthentication(spec));
  // What excepts one host from a proxy need not except another.
  const options = decidedOptions(rest.options, to.href);
  if (options.proxy !== spec.options.proxy) changes.push(`proxy ${shownProxy(spec)} ${shownProxy({ options })}`);
  const next: RequestSpec = {
    ...rest, options, method, url: spec.webSocket ? webSocketUrlOf(to.href) : to.href, headers: fields.headers,
    ...(fields.trailers.length > 0 ? { trailers: fields.trailers } : {}), ...(keepsContent && body ? { body } : {}),
    ...(keepsContent && wrongLength ? { wrongLength } : {}),
  };
  return { kind: 'follow', location: to.href, spec: next, changes };
}

/** The fields that go on, and the names of those that are withheld from another origin. */
function fieldsAfter({ headers, trailers = [], secrets = [] }: RequestSpec, keepsContent: boolean, leaves: boolean): {
  readonly headers: readonly FieldLine[]; readonly trailers: readonly FieldLine[]; readonly withheld: readonly string[];
} {
  const withheld: string[] = [];
  const mayGo = (line: FieldLine): boolean => {
    const isSecret = leaves && isCredential(line, secrets);
    if (isSecret) withheld.push(line[0]);
    return !isSecret;
  };
  // RFC 9110 §6.5: trailers belong to the content.
  const goingTrailers = keepsContent ? trailers.filter(mayGo) : [];
  // The client announces those that are left.
  const isAnnounced = goingTrailers.length === trailers.length;
  const going = headers.filter((line) => {
    const lower = line[0].toLowerCase();
    if (!keepsContent && contentFields.has(lower)) return false;
    // A typed Host named the origin that was left.
    if (leaves && lower === 'host') return false;
    return (isAnnounced || lower !== 'trailer') && mayGo(line);
  });
  return { headers: going, trailers: goingTrailers, withheld };
}

/** It is for one origin, and does not come back on the way home. */
function withoutCertificate(spec: RequestSpec): RequestSpec {
  if (!spec.options.clientCertificate) return spec;
  const { clientCertificate: _certificate, ...options } = spec.options;
  return { ...spec, options: { ...options, noClientCertificate: 'other-origin' } };
}

function shownProxy({ options: { proxy } }: Pick<RequestSpec, 'options'>): string {
  return proxy === undefined ? 'none' : withoutCredentials(proxy).replaceAll(' ', '');
}

/**
 * RFC 9110 §15.4.8 wants the content sent again, and a WebSocket is there for its messages; what they hold is told.
 */
function secretContent({ body, webSocket, secrets = [] }: RequestSpec, keepsContent: boolean): string[] {
  const messages = webSocket?.steps.flatMap(partsOf) ?? [];
  return [
    ...(keepsContent && holdsSecret(body, secrets) ? ['secret-body'] : []),
    ...(holdsSecret(messages, secrets) ? ['secret-messages'] : []),
  ];
}

function partsOf(step: WebSocketStep): readonly BodyPart[] {
  return step.do === 'send' ? step.parts : [];
}

function holdsSecret(body: readonly BodyPart[] = [], secrets: readonly string[]): boolean {
  return body.some((part) => part.kind === 'bytes' && part.bytes.byteLength <= 1024 * 1024
    && secrets.some((secret) => secret !== '' && Buffer.from(part.bytes).includes(secret)));
}

function hasTrailers({ trailers }: RequestSpec): boolean {
  return trailers !== undefined && trailers.length > 0;
}

function hasContent(body: readonly BodyPart[] | undefined): boolean {
  return body !== undefined && body.some((part) => part.kind === 'file' || part.bytes.byteLength > 0);
}

/** RFC 9110 §15.4.2–15.4.4. */
function methodAfter(method: string, statusCode: number): string {
  if (statusCode === 303) return method === 'HEAD' || method === 'GET' ? method : 'GET';
  if (statusCode === 301 || statusCode === 302) return method === 'POST' ? 'GET' : method;
  return method;
}
