import { randomBytes } from 'node:crypto';
import type { Fault } from '../../../httpFile/names/origin.ts';
import { assertNever } from '../../../trace/assertNever.ts';
import type { OAuthConfiguration, Parameter } from './configuration.ts';
import { listenForRedirect } from './redirectListener.ts';
import type { RedirectListener } from './redirectListener.ts';
import { authorizationUrl, formRequest, newPkce } from './tokenRequest.ts';
import { faultOf, readDeviceCode, readTokens, tokensFrom } from './tokenResponse.ts';
import type { DeviceCode, TokenSet } from './tokenResponse.ts';
import type { SignIn, TokensOptions } from './tokens.ts';

/** How long the user may take to sign in, ms. */
const signInLimit = 5 * 60_000;

/** New tokens in the way of the grant, or why there are none. */
export async function askForTokens(
  configuration: OAuthConfiguration, signIn: SignIn, options: TokensOptions,
): Promise<TokenSet | Fault> {
  const { grant, user, password } = configuration;
  switch (grant) {
    // RFC 6749 §4.4.2.
    case 'client-credentials':
      return request(configuration, signIn, [['grant_type', 'client_credentials'], ...scopeOf(configuration)]);
    // RFC 6749 §4.3.2.
    case 'password':
      return request(configuration, signIn,
        [['grant_type', 'password'], ['username', user!], ['password', password!], ...scopeOf(configuration)]);
    case 'authorization-code': return authorizationCode(configuration, signIn);
    case 'device': return deviceCode(configuration, signIn, options);
    default: return assertNever(grant);
  }
}

function scopeOf({ scope }: OAuthConfiguration): Parameter[] {
  return scope === undefined ? [] : [['scope', scope]];
}

async function request(
  configuration: OAuthConfiguration, signIn: SignIn, parameters: readonly Parameter[], secrets: readonly string[] = [],
): Promise<TokenSet | Fault> {
  const { id, tokenUrl, custom } = configuration;
  const more = { id: signIn.newId(), options: signIn.options };
  const spec = formRequest(configuration, tokenUrl, [...parameters, ...custom.token], more, secrets);
  return tokensFrom(id, tokenUrl, await signIn.send(spec));
}

// --- authorization code (RFC 6749 §4.1) with PKCE (RFC 7636) -----------------------------------------

async function authorizationCode(configuration: OAuthConfiguration, signIn: SignIn): Promise<TokenSet | Fault> {
  const { id, redirectUrl } = configuration;
  const state = randomBytes(16).toString('base64url');
  let listener: RedirectListener | undefined;
  try {
    listener = await listenForRedirect(redirectUrl, state, signInLimit, signIn.signal);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return {
      code: 'token-setting-invalid',
      places: { id, key: 'Redirect URL', value: `${redirectUrl ?? ''} ${code || message}` },
    };
  }
  if (!listener) return { code: 'token-redirect-elsewhere', places: { id, url: redirectUrl ?? '' } };
  try {
    return await withCode(configuration, signIn, listener, state);
  } finally {
    listener.close();
  }
}

async function withCode(
  configuration: OAuthConfiguration, signIn: SignIn, { redirectUri, answer }: RedirectListener, state: string,
): Promise<TokenSet | Fault> {
  const { id, pkce } = configuration;
  const proof = pkce ? newPkce() : undefined;
  const url = authorizationUrl(configuration, redirectUri, state, proof?.challenge);
  if (!await signIn.visit({ id, url })) return { code: 'token-cancelled', places: { id } };
  const parameters = await answer;
  if (!parameters) return { code: 'token-cancelled', places: { id } };
  const error = parameters.get('error');
  if (error !== null) return faultOf(id, { error, description: parameters.get('error_description') ?? '' });
  const code = parameters.get('code');
  if (code === null) return faultOf(id, { invalid: 'no code' });
  return request(configuration, signIn, [
    ['grant_type', 'authorization_code'], ['code', code], ['redirect_uri', redirectUri],
    ...(proof ? [['code_verifier', proof.verifier] as const] : []),
  ], [code, ...(proof ? [proof.verifier] : [])]);
}

// --- device code (RFC 8628) ----------------------------------------------------------------------------

async function deviceCode(
  configuration: OAuthConfiguration, signIn: SignIn, options: TokensOptions,
): Promise<TokenSet | Fault> {
  const { id, deviceUrl = '' } = configuration;
  const more = { id: signIn.newId(), options: signIn.options };
  // RFC 8628 §3.1: the client says who it is, and proves it as it does for tokens.
  const parameters: Parameter[] = [
    ...(configuration.clientAuthentication === 'basic' ? [['client_id', configuration.clientId] as const] : []),
    ...scopeOf(configuration), ...configuration.custom.auth,
  ];
  const response = await signIn.send(formRequest(configuration, deviceUrl, parameters, more));
  if (!response) return { code: 'token-unanswered', places: { id, url: new URL(deviceUrl).host } };
  const found = readDeviceCode(response);
  if ('error' in found || 'invalid' in found) return faultOf(id, found);
  const { url, userCode } = found;
  if (!await signIn.visit({ id, url, ...(userCode === '' ? {} : { userCode }) })) return {
    code: 'token-cancelled', places: { id },
  };
  return poll(configuration, signIn, options, found);
}

/** RFC 8628 §3.4, §3.5: asks again until the user has decided, more slowly when the server wants it. */
async function poll(
  configuration: OAuthConfiguration, signIn: SignIn, { now, wait }: TokensOptions, device: DeviceCode,
): Promise<TokenSet | Fault> {
  const { id, tokenUrl } = configuration;
  const endAt = now() + device.expiresIn * 1000;
  let interval = device.interval;
  const parameters: Parameter[] = [
    ['grant_type', 'urn:ietf:params:oauth:grant-type:device_code'], ['device_code', device.deviceCode],
    ...configuration.custom.token,
  ];
  while (now() < endAt) {
    await wait(interval * 1000, signIn.signal);
    if (signIn.signal?.aborted) return { code: 'token-cancelled', places: { id } };
    const more = { id: signIn.newId(), options: signIn.options };
    const response = await signIn.send(formRequest(configuration, tokenUrl, parameters, more, [device.deviceCode]));
    const found = response && readTokens(response);
    const error = found && 'error' in found ? found.error : undefined;
    if (error === 'slow_down') interval += 5;
    else if (error !== 'authorization_pending') return tokensFrom(id, tokenUrl, response);
  }
  return { code: 'token-refused', places: { id, error: 'expired_token' } };
}
