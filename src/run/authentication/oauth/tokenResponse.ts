import type { Fault } from '../../../httpFile/names/origin.ts';

/** A response of an authorization server; `content` decoded. */
export interface ServerResponse {
  readonly statusCode: number;
  readonly content: Uint8Array;
}

/** What a token endpoint gave (RFC 6749 §5.1). */
export interface TokenSet {
  readonly access?: string;
  readonly identity?: string;
  readonly refresh?: string;
  /** Seconds from the response on; absent when the server does not say. */
  readonly expiresIn?: number;
}

/** An error that has a name (RFC 6749 §5.2, RFC 8628 §3.5). */
interface ServerError {
  readonly error: string;
  readonly description: string;
}

/** The longest token that is taken, in characters. */
const longestToken = 64 * 1024;

/** Tokens, an error of the server, or why neither can be read. */
export function readTokens(response: ServerResponse): TokenSet | ServerError | { readonly invalid: string } {
  const value = readObject(response);
  if ('invalid' in value) return value;
  const object = value.object;
  const text = (name: string): string | undefined => {
    const found = object[name];
    return typeof found === 'string' && found !== '' && found.length <= longestToken ? found : undefined;
  };
  const error = text('error');
  if (error !== undefined) return { error, description: text('error_description') ?? '' };
  if (response.statusCode !== 200) return { invalid: `HTTP ${response.statusCode}` };
  const [access, identity, refresh] = [text('access_token'), text('id_token'), text('refresh_token')];
  if (access === undefined && identity === undefined) return { invalid: 'no access_token' };
  // A token goes into a field: RFC 6750 §2.1 and RFC 9110 §5.5 leave no room for line ends.
  if ([access, identity].some((one) => one !== undefined && /[^\x20-\x7e]/.test(one))) return {
    invalid: 'access_token',
  };
  const expiresIn = Number(object['expires_in']);
  return {
    ...(access === undefined ? {} : { access }), ...(identity === undefined ? {} : { identity }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(object['expires_in'] !== undefined && Number.isFinite(expiresIn) && expiresIn >= 0 ? { expiresIn } : {}),
  };
}

/** What a device authorization endpoint gave (RFC 8628 §3.2); times in seconds. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly url: string;
  readonly expiresIn: number;
  readonly interval: number;
}

/**
 * What the answer to a device authorization request holds (RFC 8628 §3.2, errors RFC 6749 §5.2); why it holds nothing.
 */
export function readDeviceCode(response: ServerResponse): DeviceCode | ServerError | { readonly invalid: string } {
  const value = readObject(response);
  if ('invalid' in value) return value;
  const { object } = value;
  const text = (name: string): string => typeof object[name] === 'string'
    ? (object[name] as string).slice(0, longestToken) : '';
  if (text('error') !== '') return { error: text('error'), description: text('error_description') };
  // Google's name for it is an older one.
  const url = text('verification_uri_complete') || text('verification_uri') || text('verification_url');
  const isWeb = /^https?:$/.test(URL.parse(url)?.protocol ?? '');
  if (!isWeb || text('device_code') === '') return { invalid: isWeb ? 'no device_code' : 'no verification_uri' };
  const seconds = (name: string, otherwise: number): number => {
    const found = Number(object[name]);
    return Number.isFinite(found) && found > 0 ? found : otherwise;
  };
  return {
    deviceCode: text('device_code'), userCode: text('user_code'), url,
    // RFC 8628 §3.2: five seconds when the server does not say.
    expiresIn: Math.min(seconds('expires_in', 600), 3600), interval: seconds('interval', 5),
  };
}

function readObject(
  { content, statusCode }: ServerResponse,
): { object: Record<string, unknown> } | { invalid: string } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {
      object: value as Record<string, unknown>,
    };
  } catch {
    // Said below.
  }
  return { invalid: statusCode === 200 ? 'JSON' : `HTTP ${statusCode}` };
}

/** What a user is told of an error. */
export function faultOf(id: string, found: ServerError | { readonly invalid: string }): Fault {
  if ('invalid' in found) return { code: 'token-response-invalid', places: { id, reason: found.invalid } };
  const { error, description } = found;
  return { code: 'token-refused', places: { id, error: description === '' ? error : `${error}: ${description}` } };
}

/** A response as tokens or a fault; none came when it is undefined. */
export function tokensFrom(id: string, url: string, response: ServerResponse | undefined): TokenSet | Fault {
  if (!response) return { code: 'token-unanswered', places: { id, url: new URL(url).host } };
  const found = readTokens(response);
  return 'error' in found || 'invalid' in found ? faultOf(id, found) : found;
}
