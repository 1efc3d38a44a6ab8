import { headerInText } from '../httpFile/head.ts';
import { isToken } from '../httpFile/header.ts';
import { parseTimeout } from '../httpFile/metadata.ts';
import { rangeInUrl, rangeWithin } from '../httpFile/position.ts';
import { problem } from '../httpFile/problem.ts';
import type { ProblemCode } from '../httpFile/problem.ts';
import { createScope } from '../httpFile/scope.ts';
import type { HeaderField, HttpRequest, Problem, Range } from '../httpFile/syntax.ts';
import { resolveTarget } from '../httpFile/target.ts';
import type { LabAddresses } from '../protocol.ts';
import type { FieldLine, RequestedHttpVersion, RequestSpec, SendOptions } from '../trace/request.ts';
import { outerNames } from './names.ts';
import { resolved } from './preparation.ts';
import type { Preparation, PrepareContext } from './preparation.ts';
import { prepareBody } from './prepareBody.ts';

export type { PrepareContext } from './preparation.ts';
export { usesLab } from './names.ts';

/** Not `ok` means: nothing is sent, and at least one problem is an error. */
export type Prepared =
  | { readonly ok: true; readonly spec: RequestSpec; readonly problems: Problem[] }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * A request as it is to be sent: variables put in, URL, headers and body checked, metadata turned into options. Every
 * problem stands at its place in the file; an error means that nothing may be sent.
 */
export async function prepare(request: HttpRequest, context: PrepareContext): Promise<Prepared> {
  const problems: Problem[] = [];
  const { resolve } = createScope(context.file, request.line - 1, outerNames(context));
  const preparation: Preparation = { request, context, resolve, problems };
  const method = prepareMethod(preparation);
  const target = prepareTarget(preparation);
  const headers = prepareHeaders(preparation, target?.credentials);
  const body = await prepareBody(preparation, headers);
  if (problems.some(({ severity }) => severity === 'error') || !target) return { ok: false, problems };
  const spec: RequestSpec = {
    id: context.newId(), source: { uri: context.uri, line: request.line },
    method: method === 'GRAPHQL' ? 'POST' : method, url: target.url, headers: body.headers,
    options: prepareOptions(preparation),
    ...nameOf(request), ...versionOf(request), ...(body.parts ? { body: body.parts } : {}),
  };
  return { ok: true, spec, problems };
}

function nameOf({ name, title }: HttpRequest): { name?: string } {
  const found = name ?? title;
  return found === undefined ? {} : { name: found };
}

/** C31; a version that cannot be asked for is told while parsing and treated as absent. */
function versionOf({ httpVersion }: HttpRequest): { httpVersion?: RequestedHttpVersion } {
  const version = httpVersion === undefined ? undefined : versions[httpVersion.slice(5).toLowerCase()];
  return version === undefined ? {} : { httpVersion: version };
}

const versions: Readonly<Record<string, RequestedHttpVersion>> = {
  '1.0': '1.0', 1.1: '1.1', 2: '2', '2.0': '2', '2 (prior knowledge)': '2-prior-knowledge',
};

// --- request line ----------------------------------------------------------------------------------

/** Methods that stand for another protocol than HTTP. */
const otherProtocols = /^(?:GRPC|WSS?|WEBSOCKET|MQTTS?|AMQP|RSOCKET)$/;

function prepareMethod(preparation: Preparation): string {
  const { request, problems } = preparation;
  const range = request.methodRange ?? request.requestLine;
  const before = problems.length;
  const written = resolved(preparation, request.method, () => range);
  const method = request.method.includes('{{') ? written.trim().toUpperCase() : written;
  if (problems.length > before) return method;
  if (!isToken(method)) problems.push(problem('method-invalid', range, { method }));
  if (otherProtocols.test(method)) problems.push(problem('protocol-unsupported', range, { method }));
  return method === 'SSE' || method === 'EVENTSOURCE' ? 'GET' : method;
}

function prepareTarget(preparation: Preparation) {
  const { request, problems, context, resolve } = preparation;
  const before = problems.length;
  const url = resolved(preparation, request.url, ({ offset, length }) => rangeInUrl(request, offset, length));
  if (problems.length > before) return undefined;
  const host = request.headers.find(({ name }) => name.toLowerCase() === 'host');
  const hasVariable = context.file.variables.some(({ name }) => name === 'host');
  const target = resolveTarget(url, {
    host: host && resolve(host.value).text,
    hostVariable: hasVariable ? resolve('{{host}}').text : undefined,
  });
  if (!('code' in target)) return target;
  const places = target.code === 'url-missing' ? { method: request.method } : target.places;
  problems.push(problem(target.code, request.urlRange, places));
  return undefined;
}

// --- headers ---------------------------------------------------------------------------------------

function prepareHeaders(
  preparation: Preparation, credentials: { user: string; password: string } | undefined,
): FieldLine[] {
  const lines = preparation.request.headers.flatMap((header) => prepareHeader(preparation, header));
  if (credentials && !lines.some(([name]) => name.toLowerCase() === 'authorization')) {
    lines.push(['Authorization', basic(`${credentials.user}:${credentials.password}`)]);
  }
  return joinCookies(lines);
}

function prepareHeader(preparation: Preparation, header: HeaderField): FieldLine[] {
  if (header.value === '' && /^\{\{[^{}]+\}\}$/.test(header.name)) {
    return headersFromVariable(preparation, header);
  }
  const { problems } = preparation;
  const before = problems.length;
  const name = resolved(preparation, header.name, () => header.nameRange);
  const value = resolved(preparation, header.value,
    ({ offset, length }) => rangeWithin(header.valueRange, offset, length));
  return problems.length > before ? [] : checkedHeader(preparation, header, name, value.trim());
}

/** C1: a line that is one `@variable` of the file may be header lines; no other value ever makes one. */
function headersFromVariable(preparation: Preparation, header: HeaderField): FieldLine[] {
  const { context, problems } = preparation;
  const before = problems.length;
  const text = resolved(preparation, header.name, () => header.nameRange);
  if (problems.length > before) return [];
  const isOfFile = context.file.variables.some(({ name }) => name === header.name.slice(2, -2).trim());
  const lines = isOfFile ? text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '') : [text];
  return lines.flatMap((line) => {
    const found = headerInText(line);
    if (found) return checkedHeader(preparation, header, found.name, found.value);
    problems.push(problem('header-name-invalid', header.range, { name: line }));
    return [];
  });
}

/** RFC 9110 §5.1, §5.5: a name is a token; a value has no line end and no octet above 255. */
function checkedHeader(
  { problems }: Preparation, header: HeaderField, name: string, value: string,
): FieldLine[] {
  const wrong = (code: ProblemCode, range: Range): FieldLine[] => {
    problems.push(problem(code, range, { name }));
    return [];
  };
  if (!isToken(name.startsWith(':') ? name.slice(1) : name)) return wrong('header-name-invalid', header.nameRange);
  if (/[\r\n\0]/.test(value)) return wrong('header-line-break', header.valueRange);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return wrong('header-characters', header.valueRange);
  if (name.toLowerCase() !== 'authorization') return [[name, value]];
  if (isOtherScheme(value)) return wrong('authorization-unsupported', header.valueRange);
  return [[name, authorization(value)]];
}

/** `Digest user password` and `AWS key secret` would send a secret as it is typed. */
function isOtherScheme(value: string): boolean {
  return /^digest\s+[^\s=]+\s+\S/i.test(value) || /^(?:aws|cognito|ntlm)\s+\S+\s+\S/i.test(value);
}

/** C44: `Basic user password` and `Basic user:password` are encoded (RFC 7617); what is encoded already stays. */
function authorization(value: string): string {
  const credentials = /^basic\s+(\S.*)$/i.exec(value)?.[1];
  if (credentials === undefined || !/[\s:]/.test(credentials)) return value;
  const separator = credentials.search(/[\s:]/);
  const password = credentials.slice(separator + 1);
  return basic(`${credentials.slice(0, separator)}:${/\s/.test(credentials[separator]!) ? password.trimStart() : password}`);
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
}

/** RFC 6265 §5.4: one `Cookie` field. */
function joinCookies(lines: FieldLine[]): FieldLine[] {
  const isCookie = ([name]: FieldLine) => name.toLowerCase() === 'cookie';
  const cookies = lines.filter(isCookie);
  if (cookies.length < 2) return lines;
  const joined: FieldLine = [cookies[0]![0], cookies.map(([, value]) => value).join('; ')];
  return lines.flatMap((line) => line === cookies[0] ? [joined] : isCookie(line) ? [] : [line]);
}

// --- options ---------------------------------------------------------------------------------------

function prepareOptions({ request, context, problems }: Preparation): SendOptions {
  const options: { -readonly [K in keyof SendOptions]: SendOptions[K] } = { ...context.options };
  const timeouts = { ...options.timeouts };
  for (const { key, value, range } of request.metadata) {
    const timeout = parseTimeout(value)?.ms;
    if (key === 'no-redirect') options.followRedirects = false;
    else if (key === 'no-cookie-jar') options.useCookieJar = false;
    else if (key === 'timeout' && timeout) timeouts.total = timeout;
    else if (key === 'connection-timeout' && timeout) timeouts.connect = timeout;
    else if (key !== 'insecure' && key !== 'no-reject-unauthorized') continue;
    else if (context.trusted) options.verify = false;
    else problems.push(problem('insecure-ignored', range, { key }));
  }
  if (Object.keys(timeouts).length > 0) options.timeouts = timeouts;
  return context.lab ? withLab(options, context.lab) : options;
}

/** The lab's names are asked of its own name server, and its certificates trusted for its own names only. */
function withLab(options: SendOptions, lab: LabAddresses): SendOptions {
  const { http, https, nameServer, certificateAuthority } = lab;
  const { zone, address, port } = nameServer;
  const { pem, subject, names } = certificateAuthority;
  return {
    ...options,
    zoneServers: [...options.zoneServers ?? [], { zone, servers: [{ address, port }] }],
    trustAnchors: [...options.trustAnchors ?? [], { pem, label: subject, zones: names }],
    traceHosts: [
      ...options.traceHosts ?? [], zone,
      ...[http, https].flatMap((listener) => [authorityOf(listener), `localhost:${listener.port}`]),
    ],
  };
}

function authorityOf({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
