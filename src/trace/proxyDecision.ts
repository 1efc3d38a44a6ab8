/** Who can name a proxy, in the order they are asked. */
export type ProxySource = 'request' | 'command-line' | 'setting' | 'editor' | 'environment';

/**
 * What became of a source:
 * `chosen` it named the proxy, `direct` it asked for none, `excluded` an entry of a list excepts the URL,
 * `off` a switch keeps the source out, `this-machine` and `lab` the URL leads to where this source is not followed,
 * `not-set` it says nothing, `upper-case` only `HTTP_PROXY` is set, which is not followed for `http:`.
 */
export type ProxyOutcome =
  | 'chosen' | 'direct' | 'excluded' | 'off' | 'this-machine' | 'lab' | 'not-set' | 'upper-case';

/** A source that was asked. */
export interface ProxyRule {
  /** `none`: nobody named a proxy. */
  readonly source: ProxySource | 'none';
  /** As the user knows it: `@proxy`, `roundtrip.proxy.url`, `http.noProxy`, `HTTPS_PROXY`. */
  readonly name: string;
  readonly outcome: ProxyOutcome;
  /** The proxy it names, without credentials. */
  readonly proxy?: string;
  /** The entry of a list of exceptions that the URL matches. */
  readonly matched?: string;
  /**
   * Of `http.proxyAuthorization`, where it is set: it is sent to the proxy, or not, since it is no value of a field
   * (`invalid`) or the proxy does not speak HTTP (`socks`).
   */
  readonly authorization?: 'sent' | 'invalid' | 'socks';
  /** The editor names none, and may itself go by a PAC file or the system's proxy, which are not read here. */
  readonly mayUseSystem?: true;
}

/** Which proxy a URL goes through, and why. */
export interface ProxyDecision {
  /** Without credentials; absent: a direct connection. */
  readonly proxy?: string;
  /** The rule that decided. */
  readonly rule: ProxyRule;
  /** Every source that was asked, in order, the deciding one last. */
  readonly considered: readonly ProxyRule[];
}

/** What each source says; one that is absent is not asked at all. Empty texts say nothing. */
export interface ProxySources {
  /** `# @proxy` and `# @no-proxy`. */
  readonly request?: { readonly proxy?: string; readonly direct?: boolean };
  /** `--proxy` and `--no-proxy`. */
  readonly commandLine?: { readonly proxy?: string; readonly direct?: boolean };
  /** `roundtrip.proxy.url`. */
  readonly setting?: string;
  /** `http.proxy`, `http.proxySupport`, `http.noProxy`, `http.proxyStrictSSL`, `http.proxyAuthorization`. */
  readonly editor?: {
    readonly proxy: string;
    readonly support: string;
    readonly noProxy: readonly string[];
    readonly strictSsl: boolean;
    /** The value of `Proxy-Authorization` for `proxy`, a secret. */
    readonly authorization?: string;
  };
  /** The variables of {@link proxyVariables}. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether certificates are verified where no proxy has a say in it. */
  readonly verify?: boolean;
}

/** Variables of the environment that name proxies, as curl reads them. */
const proxyVariables = [
  'http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY',
] as const;

/** What an environment says of proxies, and nothing else of it. */
export function proxyEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(proxyVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  }));
}

/**
 * The proxies of a chain, in order. They stand between commas; a comma in a user name or password (RFC 3986 §3.2.1)
 * is followed by an `@` before the next scheme.
 */
export function proxiesIn(chain: string): string[] {
  return chain.split(/,(?=\s*[a-z][a-z0-9+.-]*:\/\/)/i)
    .flatMap((one) => one.includes('@') ? [one] : one.split(','))
    .map((one) => one.trim());
}

/**
 * Proxies as they may be shown: without user names and passwords, also in a chain and in what is no URL. A password
 * ends at the last `@` of its proxy.
 */
export function withoutCredentials(chain: string): string {
  return proxiesIn(chain).map((one) => one.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1')).join(', ');
}
