import type { Fault } from '../../../httpFile/names/origin.ts';
import type { RequestSpec } from '../../../trace/request.ts';
import type { OAuthConfiguration } from './configuration.ts';
import { askForTokens } from './grants.ts';
import { readTokens } from './tokenResponse.ts';
import type { ServerResponse, TokenSet } from './tokenResponse.ts';
import { formRequest } from './tokenRequest.ts';

/** What a front end does for signing in. */
export interface SignIn {
  /** Sends a request as an exchange of its own; undefined when no response came. */
  send(spec: RequestSpec): Promise<ServerResponse | undefined>;
  /** Leads the user to a page, for a device with a code to type there; false when the user would rather not. */
  visit(page: { readonly id: string; readonly url: string; readonly userCode?: string }): Promise<boolean>;
  /** How requests to the authorization server are sent. */
  readonly options: RequestSpec['options'];
  newId(): string;
  readonly signal?: AbortSignal;
}

/** Tokens that were fetched, until they expire. */
export interface Tokens {
  /** A token for one authorization, from memory, refreshed, or by signing in; or why there is none. */
  tokens(configuration: OAuthConfiguration, signIn: SignIn): Promise<TokenSet | Fault>;
  /** The same without asking anybody. */
  known(configuration: OAuthConfiguration): TokenSet | Fault;
}

export interface TokensOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves after so many ms, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A token that ends within this time would end on its way, ms. */
const leeway = 10_000;

/** Of so many authorizations tokens are kept; the oldest go first. */
const mostKept = 100;

interface Kept {
  readonly set: TokenSet;
  readonly expiresAt: number;
}

const machine: TokensOptions = {
  now: () => Date.now(),
  wait: (ms, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  }),
};

/** Tokens kept in memory alone. Clock and timer are arguments, for tests. */
export function createTokens(options: TokensOptions = machine): Tokens {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<TokenSet | Fault>>();

  const keep = (key: string, set: TokenSet): TokenSet => {
    kept.delete(key);
    kept.set(key, { set, expiresAt: set.expiresIn === undefined ? Infinity : options.now() + set.expiresIn * 1000 });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    return set;
  };

  const fetchNew = async (
    key: string, configuration: OAuthConfiguration, signIn: SignIn,
  ): Promise<TokenSet | Fault> => {
    const old = kept.get(key)?.set;
    kept.delete(key);
    const refreshed = old?.refresh === undefined ? undefined : await refresh(configuration, old.refresh, signIn);
    if (refreshed) return keep(key, { ...old, ...refreshed });
    const found = await askForTokens(configuration, signIn, options);
    return 'code' in found ? found : keep(key, found);
  };

  const current = (key: string): TokenSet | undefined => {
    const found = kept.get(key);
    return found && found.expiresAt - leeway > options.now() ? found.set : undefined;
  };

  return {
    known: (configuration) => current(JSON.stringify(configuration))
      ?? { code: 'token-not-fetched', places: { name: `$auth.token("${configuration.id}")` } },
    tokens: (configuration, signIn) => {
      const key = JSON.stringify(configuration);
      const known = current(key);
      if (known) return Promise.resolve(known);
      // Several requests that are sent at once wait for one sign-in.
      const pending = asked.get(key) ?? fetchNew(key, configuration, signIn).finally(() => asked.delete(key));
      asked.set(key, pending);
      return pending;
    },
  };
}

/** RFC 6749 §6; undefined when the server will not, so that the user signs in anew. */
async function refresh(
  configuration: OAuthConfiguration, token: string, signIn: SignIn,
): Promise<TokenSet | undefined> {
  const { scope, tokenUrl } = configuration;
  const parameters = [
    ['grant_type', 'refresh_token'], ['refresh_token', token],
    ...(scope === undefined ? [] : [['scope', scope] as const]),
  ] as const;
  const more = { id: signIn.newId(), options: signIn.options };
  const response = await signIn.send(formRequest(configuration, tokenUrl, parameters, more, [token]));
  const found = response && readTokens(response);
  return !found || 'error' in found || 'invalid' in found ? undefined : found;
}
