import type { Authentication } from '../../trace/request.ts';
import { guessedScope } from './awsHost.ts';

/** Credentials as a file writes them, of which region and service may be left to the host's name. */
export type TypedCredentials =
  | Extract<Authentication, { scheme: 'digest' }>
  | { readonly scheme: 'aws'; readonly words: readonly string[] };

/**
 * What the value of an `Authorization` field asks to be computed: `Digest user password`, `Digest user:password` or
 * `AWS key secret [token:…] [region:…] [service:…]`, as REST Client has them. `unsupported` names a scheme whose secret
 * would go out as it is typed. Undefined: the value is sent as it is.
 */
export function typedCredentials(value: string): TypedCredentials | { readonly unsupported: string } | undefined {
  const spaced = /^digest\s+([^\s="]+)\s+(\S.*)$/i.exec(value);
  if (spaced) return { scheme: 'digest', user: spaced[1]!, password: spaced[2]! };
  const joined = /^digest\s+([^\s:="]+):(\S.*)$/i.exec(value);
  if (joined) return { scheme: 'digest', user: joined[1]!, password: joined[2]! };
  const words = /^aws\s+(\S+\s+\S.*)$/i.exec(value)?.[1]?.split(/\s+/);
  if (words) return { scheme: 'aws', words };
  const unsupported = /^(cognito|ntlm|negotiate)\s+\S+\s+\S/i.exec(value)?.[1];
  return unsupported === undefined ? undefined : { unsupported };
}

/**
 * Credentials for a request to `url`. Region and service that are not typed are read from its host; `service-unknown`
 * when no service can be.
 */
export function authenticationOf(credentials: TypedCredentials, url: string): Authentication | 'service-unknown' {
  if (credentials.scheme === 'digest') return credentials;
  const [accessKeyId = '', secretAccessKey = '', ...options] = credentials.words;
  const option = (name: string): string | undefined =>
    options.find((word) => word.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1) || undefined;
  const guess = guessedScope(new URL(url).hostname);
  const region = option('region') ?? guess.region;
  const service = option('service') ?? guess.service;
  const sessionToken = option('token');
  if (service === undefined) return 'service-unknown';
  const guessed = (['region', 'service'] as const).filter((name) => option(name) === undefined);
  return {
    scheme: 'aws', accessKeyId, secretAccessKey, region, service,
    ...(guessed.length > 0 ? { guessed } : {}), ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
