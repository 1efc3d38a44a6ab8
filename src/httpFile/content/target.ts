import type { Fault } from '../names/origin.ts';

/** What a request line's target needs from the rest of the file to become a URL. */
interface TargetContext {
  /** Value of the `Host` field, if one is written. */
  readonly host: string | undefined;
  /** Value of the file variable `@host`, if there is one. */
  readonly hostVariable: string | undefined;
  /** `*` is for OPTIONS alone (RFC 9112 §3.2.4). */
  readonly method?: string;
  /** Names without a value stay as they are written. */
  readonly keepsNames?: boolean;
}

/** An absolute URL as it is sent, and the credentials that stood in it. */
interface Target {
  readonly url: string;
  readonly credentials?: { readonly user: string; readonly password: string };
  /** The server as a whole is meant (RFC 9112 §3.2.4); `url` is its root. */
  readonly isAsterisk?: true;
}

/**
 * The URL of a target in which no variables are left: without a scheme `http:` is meant, a path takes its origin from
 * `Host` (RFC 9112 §3.2.1), a host outside ASCII becomes punycode and spaces `%20` (WHATWG URL).
 */
export function resolveTarget(written: string, context: TargetContext): Target | Fault {
  const target = written.trim();
  if (target === '') return fault('url-missing', { method: '' });
  if (/^["'<]/.test(target)) return fault('url-quoted');
  if (/[\x00-\x1f\x7f]/.test(target)) return fault('url-control-character');
  if (!context.keepsNames && hasOpenBraces(target)) return fault('variable-unclosed');
  const isAsterisk = target === '*';
  if (isAsterisk && context.method !== 'OPTIONS') return fault('asterisk-unsupported', {
    method: context.method ?? '',
  });
  const absolute = absoluteForm(isAsterisk ? '/' : target, context);
  if (absolute === undefined) return fault('host-missing', { target });
  const found = parsed(absolute);
  return isAsterisk && !('code' in found) ? { ...found, isAsterisk } : found;
}

/** `{{` without an end, or with nothing inside; braces with a name in them were escaped, or come from a value. */
export function hasOpenBraces(target: string): boolean {
  for (let open = target.indexOf('{{'); open >= 0; open = target.indexOf('{{', open)) {
    const close = target.indexOf('}}', open + 2);
    if (close < 0 || target.slice(open + 2, close).trim() === '') return true;
    open = close + 2;
  }
  return false;
}

function fault(code: Fault['code'], places: Record<string, string> = {}): Fault {
  return { code, places };
}

function absoluteForm(target: string, { host, hostVariable }: TargetContext): string | undefined {
  if (hasScheme(target)) return target;
  if (target.startsWith('//')) return `http:${target}`;
  if (!target.startsWith('/')) return `http://${target}`;
  const authority = (host || hostVariable)?.trim().replace(/(?<!\/)\/+$/, '');
  if (!authority) return undefined;
  if (hasScheme(authority)) return authority + target;
  return `${/:(?:443|8443)$/.test(authority) ? 'https' : 'http'}://${authority}${target}`;
}

function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,40}:\/\//i.test(text);
}

const schemes: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss']);

function parsed(absolute: string): Target | Fault {
  const scheme = absolute.slice(0, absolute.indexOf(':')).toLowerCase();
  if (!schemes.has(scheme)) return fault('scheme-unsupported', { scheme });
  if (/^(?:https?|wss?):\/\/(?:$|[/?#:])/i.test(absolute)) return fault('url-invalid', { url: absolute });
  const [authority = ''] = absolute.slice(scheme.length + 3).split(/[/?#]/, 1);
  const port = /:([^:\]]*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1];
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65535)) return fault('port-invalid', { port });
  if (!URL.canParse(absolute)) return fault('url-invalid', { url: absolute });
  return withoutCredentials(new URL(absolute));
}

/** RFC 9110 §4.2.4: credentials do not belong in a URL that is sent; they become `Authorization`. */
function withoutCredentials(url: URL): Target {
  if (url.username === '' && url.password === '') return { url: url.href };
  const credentials = { user: decoded(url.username), password: decoded(url.password) };
  url.username = '';
  url.password = '';
  return { url: url.href, credentials };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
