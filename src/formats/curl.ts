import { assertNever } from '../trace/assertNever.ts';
import { proxiesIn } from '../trace/proxyDecision.ts';
import type {
  Authentication, BodyPart, FieldLine, GivenAddresses, RequestedHttpVersion, RequestSpec,
} from '../trace/request.ts';
import { mask } from '../trace/secretValues.ts';

interface CurlOptions {
  /** Where names lie that curl could not find by itself: `host:port:address`, an IPv6 address in brackets. */
  readonly resolve?: readonly string[];
  /** A PEM file of certificate authorities, which curl then trusts instead of its own. */
  readonly cacert?: string;
}

/**
 * A request as a command that a POSIX shell and curl 7.76 or later understand, and that sends the same: nothing is
 * added that curl would send by itself and the request does not hold. A body of several files goes through `cat`.
 * Credentials are told as they are: a request to be shown goes through `maskSpec` first.
 */
export function toCurl(given: RequestSpec, options: CurlOptions = {}): string {
  const spec = given.webSocket ? handshakeOf(given) : given;
  const parts = spec.body ?? [];
  const body = bodyArguments(parts);
  const command = [
    'curl', ...methodArguments(spec), ...versionArguments(spec.httpVersion), ...sendArguments(spec),
    ...placeArguments(options), ...extraArguments(spec), ...headerArguments(spec, parts.length > 0),
    ...body.arguments, quote(spec.url),
  ];
  return `${trailerRemark(spec)}${body.before}${inLines(command)}`;
}

/** curl has no way to send them. */
function trailerRemark({ trailers = [] }: RequestSpec): string {
  return trailers.length === 0
    ? '' : `# without the trailers, which curl cannot send: ${trailers.map(([name]) => name).join(', ')}\n`;
}

/** The opening of a WebSocket as the HTTP request that it is (RFC 6455 §4.1), with the key of its §1.3. */
function handshakeOf(spec: RequestSpec): RequestSpec {
  const needed: FieldLine[] = [
    ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];
  const typed = new Set(spec.headers.map(([name]) => name.toLowerCase()));
  const added = needed.filter(([name]) => !typed.has(name.toLowerCase()));
  return { ...spec, url: spec.url.replace(/^ws/i, 'http'), httpVersion: '1.1', headers: [...spec.headers, ...added] };
}

function extraArguments({ requestTarget, webSocket, options: { continueTimeout } }: RequestSpec): string[] {
  return [
    ...(requestTarget === undefined ? [] : ['--request-target', quote(requestTarget)]),
    ...(continueTimeout === undefined ? [] : ['--expect100-timeout', `${continueTimeout / 1000}`]),
    ...(webSocket ? ['--include', '--no-buffer'] : []),
  ];
}

/** One option a line, each with its value. */
function inLines(command: readonly string[]): string {
  const lines = command.reduce<string[]>((all, word) => {
    const isValue = all.length > 0 && takesValue.has(all.at(-1)!);
    return isValue ? [...all.slice(0, -1), `${all.at(-1)} ${word}`] : [...all, word];
  }, []);
  return lines.join(' \\\n  ');
}

const takesValue: ReadonlySet<string> =
  new Set(['--request', '--header', '--data-binary', '--proxy', '--proxy-header', '--preproxy', '--noproxy', '--max-time',
    '--connect-timeout', '--max-redirs', '--resolve', '--cacert', '--user', '--aws-sigv4', '--cert',
    '--cert-type', '--key', '--tls-max', '--ciphers', '--request-target', '--expect100-timeout']);

/** `'…'`, the one quoting of a POSIX shell in which nothing is special; a quote inside ends and reopens it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function resolveEntry({ host, port, addresses }: GivenAddresses): string {
  const written = addresses.map((address) => address.includes(':') ? `[${address}]` : address);
  return `${host}:${port}:${written.join(',')}`;
}

function methodArguments({ method, body }: RequestSpec): string[] {
  const byItself = body && body.length > 0 ? 'POST' : 'GET';
  if (method === 'HEAD' && byItself === 'GET') return ['--head'];
  return method === byItself ? [] : ['--request', quote(method)];
}

function versionArguments(version: RequestedHttpVersion | undefined): string[] {
  switch (version) {
    case undefined: return [];
    case '1.0': return ['--http1.0'];
    case '1.1': return ['--http1.1'];
    case '2': return ['--http2'];
    case '2-prior-knowledge': return ['--http2-prior-knowledge'];
    default: return assertNever(version);
  }
}

function sendArguments({ options, headers }: RequestSpec): string[] {
  const { timeouts, verify, followRedirects, maxRedirects, authentication, resolve = [] } = options;
  const seconds = (ms: number) => `${ms / 1000}`;
  const isLimit = (ms: number | undefined): ms is number => ms !== undefined && ms > 0 && ms < Infinity;
  return [
    // Without these, curl would read ~/.curlrc's or the environment's proxy and send differently.
    ...proxyArguments(options, headers.some(([name]) => isForProxy(name))),
    ...authenticationArguments(authentication),
    ...resolve.flatMap((given) => ['--resolve', quote(resolveEntry(given))]),
    ...(verify === false ? ['--insecure'] : []),
    ...tlsArguments(options),
    ...(followRedirects === false ? [] : ['--location']),
    ...(followRedirects !== false && maxRedirects !== undefined ? ['--max-redirs', `${maxRedirects}`] : []),
    ...(isLimit(timeouts?.connect) ? ['--connect-timeout', seconds(timeouts.connect)] : []),
    ...(isLimit(timeouts?.total) ? ['--max-time', seconds(timeouts.total)] : []),
    // The URL is taken as it is: curl would read [1-3] and {a,b} as several, and resolve /../.
    '--globoff', '--path-as-is',
  ];
}

/** curl asks for the passphrase, which is not told here. */
function tlsArguments({ clientCertificate: certificate, tls = {} }: RequestSpec['options']): string[] {
  const { minVersion, maxVersion, ciphers } = tls;
  // Of a colon in the name, curl would think that the passphrase follows.
  const label = certificate?.label ?? '';
  const drive = /^[A-Za-z]:(?=[\\/])/.exec(label)?.[0] ?? '';
  const file = certificate && drive + label.slice(drive.length).replaceAll(':', '\\:');
  const isPfx = certificate?.pfx !== undefined || /\.(?:p12|pfx)$/i.test(certificate?.label ?? '');
  return [
    ...(file === undefined ? [] : ['--cert', quote(file), ...(isPfx ? ['--cert-type', 'P12'] : [])]),
    ...(certificate?.keyLabel === undefined ? [] : ['--key', quote(certificate.keyLabel)]),
    ...(minVersion === undefined ? [] : [`--tlsv${minVersion}`]),
    ...(maxVersion === undefined ? [] : ['--tls-max', maxVersion]),
    ...(ciphers === undefined ? [] : ['--ciphers', quote(ciphers)]),
  ];
}

/** What curl computes credentials from as we do; `--aws-sigv4` came with 7.75. */
function authenticationArguments(authentication: Authentication | undefined): string[] {
  if (!authentication) return [];
  if (authentication.scheme === 'digest') {
    return ['--digest', '--user', quote(`${authentication.user}:${authentication.password}`)];
  }
  const { accessKeyId, secretAccessKey, sessionToken, region, service } = authentication;
  return [
    '--aws-sigv4', quote(`aws:amz:${region}:${service}`), '--user', quote(`${accessKeyId}:${secretAccessKey}`),
    ...(sessionToken === undefined ? [] : ['--header', quote(`X-Amz-Security-Token: ${sessionToken}`)]),
  ];
}

function placeArguments({ resolve = [], cacert }: CurlOptions): string[] {
  return [
    ...resolve.flatMap((entry) => ['--resolve', quote(entry)]),
    ...(cacert === undefined ? [] : ['--cacert', quote(cacert)]),
  ];
}

/**
 * curl goes through one proxy, or through one of SOCKS and another; of a longer chain it says itself that it cannot.
 * Where a proxy was named but not used, curl is told as well.
 */
function proxyArguments(
  { proxy, proxyDecision, proxyAuthorization }: RequestSpec['options'], isTyped: boolean,
): string[] {
  if (proxy === undefined) {
    const isExcepted = proxyDecision?.considered.some(({ outcome }) => outcome !== 'not-set');
    return isExcepted ? ['--noproxy', quote('*')] : [];
  }
  const chain = proxiesIn(proxy).map((one) => one.replace(/^socks:/i, 'socks5h:'));
  const [first = '', second, ...more] = chain;
  const isForCurl = second !== undefined && more.length === 0 && /^socks/i.test(first) && !/^socks/i.test(second);
  // Of a masked request only the decision is left.
  const ofEditor = proxyAuthorization ?? (proxyDecision?.rule.authorization === 'sent' ? mask : undefined);
  const authorization = isTyped ? undefined : ofEditor;
  return [
    ...isForCurl ? ['--preproxy', quote(first), '--proxy', quote(second)] : ['--proxy', quote(chain.join(','))],
    ...authorization === undefined ? [] : ['--proxy-header', quote(`Proxy-Authorization: ${authorization}`)],
  ];
}

function headerArguments({ headers, options }: RequestSpec, hasBody: boolean): string[] {
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  // curl would say application/x-www-form-urlencoded.
  const silenced = hasBody && !typed ? ['--header', quote('Content-Type:')] : [];
  // What is for the proxy must not go through its tunnel.
  const option = (name: string): string =>
    options.proxy !== undefined && isForProxy(name) ? '--proxy-header' : '--header';
  return [...headers.flatMap(([name, value]) => [option(name), quote(headerLine(name, value))]), ...silenced];
}

function isForProxy(name: string): boolean {
  return name.toLowerCase() === 'proxy-authorization';
}

/** `Name;` is how curl writes a header without a value; `Name:` would remove it. */
function headerLine(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

/** A body that is a text or a file is an argument; one that is neither is piped in. */
function bodyArguments(parts: readonly BodyPart[]): { before: string; arguments: string[] } {
  const [first] = parts;
  if (!first) return { before: '', arguments: [] };
  if (parts.length === 1 && first.kind === 'file') {
    return { before: '', arguments: ['--data-binary', quote(`@${first.path}`)] };
  }
  const texts = parts.map((part) => part.kind === 'bytes' ? plainText(part.bytes) : undefined);
  const text = texts.every((one) => one !== undefined) ? texts.join('') : undefined;
  // A text that starts with @ would be taken for a file's name.
  if (text !== undefined && !text.startsWith('@')) {
    return { before: '', arguments: ['--data-binary', quote(text)] };
  }
  return { before: `{ ${parts.map(producer).join('; ')}; } | `, arguments: ['--data-binary', '@-'] };
}

/** The text that bytes are, if a shell can carry it as an argument. */
function plainText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A command that writes a part's bytes to its output. */
function producer(part: BodyPart): string {
  if (part.kind === 'file') return `cat ${quote(part.path.startsWith('-') ? `./${part.path}` : part.path)}`;
  const text = plainText(part.bytes);
  return text === undefined ? `printf '${octal(part.bytes)}'` : `printf %s ${quote(text)}`;
}

/** Every byte as printf(1) of POSIX reads it. */
function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
