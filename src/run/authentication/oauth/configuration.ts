import type { Fault } from '../../../httpFile/names/origin.ts';

/** How a client proves who it is to the token endpoint (RFC 6749 §2.3.1). */
type ClientAuthentication = 'basic' | 'in body' | 'none';

/** One authorization of `Security.Auth`, its variables put in. */
export interface OAuthConfiguration {
  readonly id: string;
  readonly grant: 'client-credentials' | 'authorization-code' | 'device' | 'password';
  readonly tokenUrl: string;
  /** For the authorization code. */
  readonly authUrl?: string;
  /** For the device code. */
  readonly deviceUrl?: string;
  /** On loopback (RFC 8252 §7.3); absent means any free port there. */
  readonly redirectUrl?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly clientAuthentication: ClientAuthentication;
  readonly scope?: string;
  readonly user?: string;
  readonly password?: string;
  /** RFC 7636; on unless it is switched off. */
  readonly pkce: boolean;
  /** Further parameters, of the authorization request and of the token request. */
  readonly custom: { readonly auth: readonly Parameter[]; readonly token: readonly Parameter[] };
}

/** A token that is written down instead of fetched: JetBrains' `Mock`. */
interface WrittenTokens {
  readonly access?: string;
  readonly identity?: string;
}

export type Parameter = readonly [name: string, value: string];

/** An authorization as environment files have it, merged; texts may hold names in braces. */
export type AuthEntry = Readonly<Record<string, unknown>>;

type ReadConfiguration =
  | { readonly kind: 'oauth'; readonly configuration: OAuthConfiguration }
  | { readonly kind: 'written'; readonly tokens: WrittenTokens }
  | { readonly kind: 'fault'; readonly fault: Fault };

const grants: Readonly<Record<string, OAuthConfiguration['grant']>> = {
  'client credentials': 'client-credentials', 'authorization code': 'authorization-code',
  'device authorization': 'device', 'device code': 'device', 'password': 'password',
};

/**
 * Reads an authorization in JetBrains' words (`Type`, `Grant Type`, `Token URL`, …). `resolve` puts names in, and
 * gives a fault for one without a value.
 */
export function readConfiguration(
  id: string, entry: AuthEntry, resolve: (text: string) => string | Fault,
): ReadConfiguration {
  const reader = createReader(id, entry, resolve);
  const type = reader.optional('Type')?.toLowerCase() ?? 'oauth2';
  const result = type === 'mock'
    ? reader.written() : type === 'oauth2' ? reader.oauth() : reader.unsupported('Type', type);
  return reader.fault ? { kind: 'fault', fault: reader.fault } : result;
}

function createReader(id: string, entry: AuthEntry, resolve: (text: string) => string | Fault) {
  let fault: Fault | undefined;
  const fail = (code: Fault['code'], places: Record<string, string>): '' => {
    fault ??= { code, places: { id, ...places } };
    return '';
  };
  const text = (value: unknown): string | undefined => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string' || value === '') return undefined;
    const found = resolve(value);
    if (typeof found === 'string') return found;
    fault ??= found;
    return '';
  };
  const optional = (key: string): string | undefined => text(entry[key]);
  const required = (key: string): string => optional(key) ?? fail('token-incomplete', { key });
  const url = (key: string): string => {
    const value = required(key);
    const parsed = URL.parse(value);
    const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
    return fault || isHttp ? value : fail('token-setting-invalid', { key, value });
  };
  const unsupported = (key: string, value: string): ReadConfiguration => {
    fail('token-setting-invalid', { key, value });
    return { kind: 'written', tokens: {} };
  };

  const written = (): ReadConfiguration => {
    const [access, identity] = [optional('Token'), optional('ID Token')];
    return {
      kind: 'written',
      tokens: { ...(access === undefined ? {} : { access }), ...(identity === undefined ? {} : { identity }) },
    };
  };

  const parameters = (use: 'auth' | 'token'): Parameter[] => {
    const custom = entry['Custom Request Parameters'];
    if (typeof custom !== 'object' || custom === null) return [];
    return Object.entries(custom).slice(0, 100).flatMap(([name, value]: [string, unknown]): Parameter[] => {
      const { Value: inner = value, Use: where = 'Everywhere' } = isRecord(value) ? value : {};
      const isMeant = where === 'Everywhere' || where === (use === 'auth' ? 'In Auth Request' : 'In Token Request');
      const values: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
      return isMeant ? values.slice(0, 100).flatMap((one) => {
        const found = text(one);
        return found === undefined ? [] : [[name, found] as const];
      }) : [];
    });
  };

  const oauth = (): ReadConfiguration => {
    const written = required('Grant Type');
    const grant = grants[written.toLowerCase()];
    if (!grant) return unsupported('Grant Type', written);
    const [clientSecret, scope, redirectUrl] = [optional('Client Secret'), optional('Scope'), optional('Redirect URL')];
    const sent = optional('Client Credentials')?.toLowerCase();
    const known = sent === 'basic' || sent === 'in body' || sent === 'none' ? sent : undefined;
    if (sent !== undefined && !known) return unsupported('Client Credentials', sent);
    const configuration: OAuthConfiguration = {
      id, grant, tokenUrl: url('Token URL'), clientId: required('Client ID'),
      clientAuthentication: known ?? (clientSecret === undefined ? 'none' : 'basic'), pkce: entry['PKCE'] !== false,
      custom: { auth: parameters('auth'), token: parameters('token') },
      ...(clientSecret === undefined ? {} : { clientSecret }), ...(scope === undefined ? {} : { scope }),
      ...(grant === 'authorization-code' ? {
        authUrl: url('Auth URL'), ...(redirectUrl === undefined ? {} : { redirectUrl }),
      } : {}),
      ...(grant === 'device' ? { deviceUrl: url('Device Auth URL') } : {}),
      ...(grant === 'password' ? { user: required('Username'), password: required('Password') } : {}),
    };
    return { kind: 'oauth', configuration };
  };

  return { optional, written, oauth, unsupported, get fault() { return fault; } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
