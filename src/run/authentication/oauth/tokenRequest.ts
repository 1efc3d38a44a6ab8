import { createHash, randomBytes } from 'node:crypto';
import type { FieldLine, RequestSpec } from '../../../trace/request.ts';
import type { OAuthConfiguration, Parameter } from './configuration.ts';

/**
 * A request to an authorization server: a form (RFC 6749 Appendix B) with the client's own proof. Everything that
 * is secret in it is named, so that it is masked.
 */
export function formRequest(
  { id, clientId, clientSecret, clientAuthentication, password }: OAuthConfiguration, url: string,
  parameters: readonly Parameter[], more: Pick<RequestSpec, 'id' | 'options'>, secrets: readonly string[] = [],
): RequestSpec {
  const isInBody = clientAuthentication !== 'basic';
  const client: Parameter[] = isInBody ? [['client_id', clientId]] : [];
  if (clientAuthentication === 'in body' && clientSecret !== undefined) client.push(['client_secret', clientSecret]);
  const form = new URLSearchParams(
    [...parameters, ...client].map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const headers: FieldLine[] = [
    ['Content-Type', 'application/x-www-form-urlencoded'], ['Accept', 'application/json'],
    ...(isInBody ? [] : [['Authorization', basic(clientId, clientSecret ?? '')] as const]),
  ];
  const known = [clientSecret, password, ...secrets].filter((one) => one !== undefined);
  return {
    ...more, name: `$auth.token("${id}")`, method: 'POST', url, headers,
    body: [{ kind: 'bytes', bytes: new TextEncoder().encode(form) }],
    ...(known.length > 0 ? { secrets: known } : {}),
  };
}

/** RFC 6749 §2.3.1: both are form-encoded before they become Basic credentials. */
function basic(clientId: string, clientSecret: string): string {
  const encode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}

/** A secret for one authorization and the hash of it that goes before (RFC 7636 §4.1, §4.2: S256). */
export function newPkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Where the user signs in (RFC 6749 §4.1.1). */
export function authorizationUrl(
  { authUrl, clientId, scope, custom }: OAuthConfiguration, redirectUri: string, state: string,
  challenge: string | undefined,
): string {
  const url = new URL(authUrl!);
  const parameters: Parameter[] = [
    ['response_type', 'code'], ['client_id', clientId], ['redirect_uri', redirectUri],
    ...(scope === undefined ? [] : [['scope', scope] as const]), ['state', state],
    ...(challenge === undefined ? [] : [['code_challenge', challenge], ['code_challenge_method', 'S256']] as const),
    ...custom.auth,
  ];
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  return url.href;
}
