/** The settings that decide: `roundtrip.proxy.url` and the editor's `http.*`. */
export interface ProxySettings {
  readonly own: string;
  readonly editor: string;
  /** `http.proxySupport`; `off` switches `http.proxy` off for extensions. */
  readonly support: string;
  readonly noProxy: readonly string[];
  /** `http.proxyStrictSSL`. */
  readonly strictSsl: boolean;
}

export interface ProxyChoice {
  readonly proxy?: string;
  /** Present when certificates are not to be verified behind this proxy. */
  readonly verify?: false;
}

/**
 * Which proxy a URL goes through. `roundtrip.proxy.url` wins and is used for every host that is not
 * excepted;
 * `http.proxy` leaves this machine's own addresses alone, as the editor does, and the lab's names,
 * which only this
 * machine knows.
 */
export function chooseProxy(url: string, settings: ProxySettings): ProxyChoice {
  const { hostname, port } = hostOf(url);
  if (settings.noProxy.some((entry) => isExcepted(entry, hostname, port))) return {};
  if (settings.own.trim()) return { proxy: settings.own.trim() };
  if (!settings.editor.trim() || settings.support === 'off' || isLocal(hostname)) return {};
  return { proxy: settings.editor.trim(), ...(settings.strictSsl ? {} : { verify: false }) };
}

function hostOf(url: string): { hostname: string; port: string } {
  const parsed = URL.parse(url);
  const port = parsed?.port || (parsed?.protocol === 'https:' ? '443' : '80');
  return { hostname: parsed?.hostname.replace(/^\[|\]$/g, '') ?? '', port };
}

function isLocal(hostname: string): boolean {
  return (
    /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(hostname) ||
    /(^|\.)(localhost|lab\.test)$/.test(hostname)
  );
}

/**
 * `*`, `example.com`, `.example.com`, `*.example.com`, each with or without `:port`: a suffix on a
 * dot boundary.
 */
function isExcepted(entry: string, hostname: string, port: string): boolean {
  const wanted = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase());
  const name = wanted?.[1]?.replace(/^\*?\./, '') ?? '';
  if (name === '' || (wanted?.[2] !== undefined && wanted[2] !== port)) return false;
  return name === '*' || hostname === name || hostname.endsWith(`.${name}`);
}
