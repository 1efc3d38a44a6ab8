import type { ProxyKind, ProxyStepName, SocksAnswer } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { proxiesIn, withoutCredentials } from '../trace/proxyDecision.ts';
import type { ProxyDecision, ProxyRule } from '../trace/proxyDecision.ts';
import type { FieldLine, RequestSpec } from '../trace/request.ts';
import { formatStatus } from './statusCodes.ts';
import type { Language } from './text/language.ts';
import { proxyTexts } from './text/proxy.ts';
import { say } from './text/text.ts';

/**
 * Which proxy was chosen, or why none was, in a sentence or two; names are between backticks. Undefined when nobody
 * decided.
 */
export function explainProxyDecision({ spec }: Exchange, language: Language): string | undefined {
  const { proxyDecision: decision } = spec.options;
  if (!decision) return undefined;
  const { rule, considered } = decision;
  const typed = explainTyped(spec, language);
  const told = explainRule(spec, decision, language);
  const mayUseSystem = rule.source === 'none' && considered.some((one) => one.mayUseSystem);
  const more = typed === undefined && rule.authorization !== undefined ? `authorization-${rule.authorization}` as const
    : mayUseSystem ? 'may-use-system' : undefined;
  return [told, typed, more && say(proxyTexts, language, more)].filter((part) => part !== undefined).join(' ');
}

/** To whom a typed `Proxy-Authorization` goes (RFC 9110 §11.7.2). */
function explainTyped({ headers, options: { proxy } }: RequestSpec, language: Language): string | undefined {
  if (!hasProxyAuthorization(headers)) return undefined;
  if (proxy === undefined) return say(proxyTexts, language, 'typed-direct');
  const last = proxiesIn(withoutCredentials(proxy)).findLast((one) => !/^socks/i.test(one));
  return last === undefined
    ? say(proxyTexts, language, 'typed-socks') : say(proxyTexts, language, 'typed-sent', { proxy: last });
}

function hasProxyAuthorization(headers: readonly FieldLine[]): boolean {
  return headers.some(([name]) => name.toLowerCase() === 'proxy-authorization');
}

function explainRule(spec: RequestSpec, decision: ProxyDecision, language: Language): string {
  const { rule, considered } = decision;
  const { hostname = '' } = URL.parse(spec.url) ?? {};
  const { name, proxy = '', matched = '' } = rule;
  const places = { host: hostname, name, proxy: decision.proxy ?? proxy, matched };
  if (rule.outcome === 'chosen' && rule.source !== 'none') {
    return say(proxyTexts, language, `chosen-${rule.source}`, places);
  }
  const isUpper = considered.some(({ outcome }) => outcome === 'upper-case');
  const id = rule.outcome === 'chosen' || rule.outcome === 'upper-case' || (rule.outcome === 'not-set' && isUpper)
    ? 'not-set-upper-case' : rule.outcome;
  return say(proxyTexts, language, id, places);
}

/**
 * Whether the decision is worth a line where there is little room: a proxy is used, one was named and is not, or there
 * are credentials for one.
 */
export function isProxyNotable({ spec }: Exchange): boolean {
  const isNamed = spec.options.proxyDecision?.considered.some(({ outcome }) => outcome !== 'not-set');
  return isNamed || hasProxyAuthorization(spec.headers);
}

/** What one source said, in a few words, beside its name. */
export function explainProxyRule(rule: ProxyRule, language: Language): string {
  return say(proxyTexts, language, `rule-${rule.outcome}`, { proxy: rule.proxy ?? '', matched: rule.matched ?? '' });
}

/** Proxies in the order they are gone through, without credentials; `http:` goes without saying. */
export function formatProxies(proxies: string): string {
  return proxiesIn(withoutCredentials(proxies))
    .map((one) => one.replace(/^http:\/\//i, '').replace(/\/$/, '')).join(' → ');
}

/** How a proxy is spoken to, and who looks up names. */
export function explainProxyKind(kind: ProxyKind, language: Language): string {
  return say(proxyTexts, language, `kind-${kind}`);
}

/** What the reader calls a step with a proxy. */
export function proxyStepLabel(step: ProxyStepName, language: Language): string {
  return say(proxyTexts, language, `step-${step}`);
}

/** What a proxy answered, of HTTP or SOCKS; undefined when it did not. */
export function explainProxyAnswer(
  { statusCode, reasonPhrase, socks }: NonNullable<NonNullable<Exchange['connection']>['proxy']>, language: Language,
): string | undefined {
  if (statusCode !== undefined) return formatStatus(statusCode, reasonPhrase);
  return socks && explainSocks(socks, language);
}

/** RFC 1928 §6 and §3, RFC 1929 §2, SOCKS4. */
export function explainSocks({ reply, method }: SocksAnswer, language: Language): string {
  if (reply !== undefined) return explainSocksReply(reply, language);
  return say(proxyTexts, language, method === 255 ? 'socks-no-method' : 'socks-credentials');
}

/** What a code of a SOCKS answer means. */
export function explainSocksReply(reply: number, language: Language): string {
  const id = `socks-${reply}`;
  return isText(id) ? say(proxyTexts, language, id) : say(proxyTexts, language, 'socks-other', { reply });
}

/** The way to sign in that a SOCKS5 proxy chose. */
export function explainSocksMethod(method: number, language: Language): string {
  const id = `method-${method}`;
  return isText(id) ? say(proxyTexts, language, id) : String(method);
}

function isText(id: string): id is keyof typeof proxyTexts {
  return Object.hasOwn(proxyTexts, id);
}

/** RFC 9110 §11.3: the schemes that `Proxy-Authenticate` asks for, in their order. */
export function schemesAsked(headers: readonly FieldLine[]): string[] {
  const values = headers.filter(([name]) => name.toLowerCase() === 'proxy-authenticate').map(([, value]) => value);
  const schemes = values.flatMap((value) =>
    // A challenge begins with a token that no `=` follows; quoted texts may hold commas.
    [...value.replace(/"(?:\\.|[^"\\])*"/g, '""').matchAll(/(?:^|,)\s*([!#$%&'*+\-.^_`|~\w]+)(?=\s*(?:$|,|\s[^=\s]))/g)]
      .map(([, scheme]) => scheme!));
  return [...new Set(schemes)];
}
