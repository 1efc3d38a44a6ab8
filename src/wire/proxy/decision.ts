import { withoutCredentials } from '../../trace/proxyDecision.ts';
import type { ProxyDecision, ProxyOutcome, ProxyRule, ProxySource, ProxySources } from '../../trace/proxyDecision.ts';
import type { SendOptions } from '../../trace/request.ts';
import { entryOfList, entryOfNoProxy } from './noProxy.ts';
import type { Destination } from './noProxy.ts';

/** A decision, and the proxy as it is to be used. */
interface DecidedProxy extends ProxyDecision {
  /** With its credentials. */
  readonly proxy?: string;
  /** `http.proxyStrictSSL` is off, and the proxy is the editor's. */
  readonly verify?: false;
  /** For `Proxy-Authorization`; only where the proxy is the editor's. */
  readonly authorization?: string;
}

/** What one source answers: to go on with the next, or the end. */
interface Answer {
  readonly rules: readonly ProxyRule[];
  readonly decided?: Pick<DecidedProxy, 'proxy' | 'verify' | 'authorization'>;
}

/**
 * Which proxy a URL goes through: the first source that has a say, in the order of the request, the command line, the
 * setting, the editor and the environment. Pure. What is excepted is not asked of the next source: it goes directly.
 */
export function decideProxy({ url, sources }: { url: string; sources: ProxySources }): DecidedProxy {
  const considered: ProxyRule[] = [];
  for (const ask of asked) {
    const { rules, decided } = ask(destinationOf(url), sources);
    considered.push(...rules);
    if (decided) return { ...decided, rule: considered.at(-1)!, considered };
  }
  return { rule: { source: 'none', name: '', outcome: 'not-set' }, considered };
}

/** The same options for another URL: with the proxy decided for it, and why. Without sources nothing changes. */
export function decidedOptions(options: SendOptions, url: string): SendOptions {
  const {
    proxySources: sources, proxy: _proxy, proxyAuthorization: _authorization, proxyDecision: _earlier, ...rest
  } = options;
  if (!sources) return options;
  const { proxy, verify, authorization, rule, considered } = decideProxy({ url, sources });
  const shown = proxy === undefined ? {} : { proxy: withoutCredentials(proxy) };
  const base = sources.verify ?? options.verify;
  return {
    ...rest, proxySources: { ...sources, verify: base ?? true },
    ...(base === undefined ? {} : { verify: base }), ...(verify === undefined ? {} : { verify }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(authorization === undefined ? {} : { proxyAuthorization: authorization }),
    proxyDecision: { ...shown, rule, considered },
  };
}

interface Target extends Destination {
  readonly scheme: string;
}

function destinationOf(url: string): Target {
  const { protocol = '', hostname = '', port = '' } = URL.parse(url) ?? {};
  const scheme = protocol.slice(0, -1);
  return { scheme, host: hostname.replace(/^\[|\]$/g, ''), port: port || (scheme === 'https' ? '443' : '80') };
}

const asked: readonly ((target: Target, sources: ProxySources) => Answer)[] = [
  (_, { request }) => explicit('request', request, '@proxy', '@no-proxy'),
  (_, { commandLine }) => explicit('command-line', commandLine, '--proxy', '--no-proxy'),
  settingAnswer,
  editorAnswer,
  environmentAnswer,
];

const nothing: Answer = { rules: [] };

function ruleOf(
  source: ProxySource, name: string, outcome: ProxyOutcome, more: { proxy?: string; matched?: string } = {},
): ProxyRule {
  const { proxy, matched } = more;
  return {
    source, name, outcome, ...(proxy === undefined ? {} : { proxy: withoutCredentials(proxy) }),
    ...(matched === undefined ? {} : { matched }),
  };
}

function explicit(
  source: ProxySource, said: ProxySources['request'], proxyName: string, directName: string,
): Answer {
  if (!said) return nothing;
  if (said.direct) return { rules: [ruleOf(source, directName, 'direct')], decided: {} };
  return said.proxy ? chosen(source, proxyName, said.proxy) : { rules: [ruleOf(source, proxyName, 'not-set')] };
}

function chosen(source: ProxySource, name: string, proxy: string, verify?: false): Answer {
  const decided = verify === undefined ? { proxy } : { proxy, verify };
  return { rules: [ruleOf(source, name, 'chosen', { proxy })], decided };
}

/** Where a source names a proxy that is not used for this URL. */
function notUsed(source: ProxySource, name: string, outcome: ProxyOutcome, proxy: string, matched?: string): Answer {
  const rule = ruleOf(source, name, outcome, matched === undefined ? { proxy } : { proxy, matched });
  return { rules: [rule], decided: {} };
}

function settingAnswer(target: Target, { setting, editor }: ProxySources): Answer {
  const name = 'roundtrip.proxy.url';
  const proxy = setting?.trim();
  if (!proxy) return setting === undefined ? nothing : { rules: [ruleOf('setting', name, 'not-set')] };
  const matched = entryOfList(editor?.noProxy ?? [], target);
  return matched === undefined
    ? chosen('setting', name, proxy) : notUsed('setting', 'http.noProxy', 'excluded', proxy, matched);
}

/** As the editor does it, this machine's addresses left out; `http.noProxy` holds for the environment too. */
function editorAnswer(target: Target, { editor, environment }: ProxySources): Answer {
  if (!editor) return nothing;
  const proxy = editor.proxy.trim();
  const isNamed = proxy !== '' || variableFor(target, environment ?? {}) !== undefined;
  if (isNamed && editor.support === 'off') {
    return { rules: [ruleOf('editor', 'http.proxySupport', 'off', proxy ? { proxy } : {})], decided: {} };
  }
  const matched = isNamed ? entryOfList(editor.noProxy, target) : undefined;
  if (matched !== undefined) {
    const rule = ruleOf('editor', 'http.noProxy', 'excluded', { matched, ...(proxy ? { proxy } : {}) });
    return { rules: [rule], decided: {} };
  }
  const own = ownOutcome(target);
  if (proxy === '') {
    const isDirect = own || editor.support === 'off' || entryOfList(editor.noProxy, target) !== undefined;
    const mayUseSystem = !isNamed && !isDirect;
    return { rules: [{ ...ruleOf('editor', 'http.proxy', 'not-set'), ...(mayUseSystem ? { mayUseSystem } : {}) }] };
  }
  if (own) return notUsed('editor', 'http.proxy', own, proxy);
  return authorized(chosen('editor', 'http.proxy', proxy, editor.strictSsl ? undefined : false), editor.authorization);
}

/** The editor's own credentials, for the editor's own proxy only. */
function authorized({ rules: [rule], decided }: Answer, written: string | undefined): Answer {
  const value = written?.trim() ?? '';
  if (value === '') return { rules: [rule!], decided: decided! };
  // SOCKS has its own ways to sign in (RFC 1928 §3).
  const authorization = /^socks/i.test(decided!.proxy!) ? 'socks' : isFieldValue(value) ? 'sent' : 'invalid';
  return {
    rules: [{ ...rule!, authorization }],
    decided: { ...decided, ...(authorization === 'sent' ? { authorization: value } : {}) },
  };
}

/** RFC 9110 §5.5, without obsolete octets. */
function isFieldValue(text: string): boolean {
  return /^[\t\x20-\x7e]+$/.test(text);
}

/** As curl reads it, but that this machine and the lab are reached directly. */
function environmentAnswer(target: Target, { environment }: ProxySources): Answer {
  if (!environment) return nothing;
  const name = variableFor(target, environment);
  if (name === undefined) {
    const isUpper = target.scheme === 'http' && isSet(environment, 'HTTP_PROXY');
    return isUpper
      ? { rules: [ruleOf('environment', 'HTTP_PROXY', 'upper-case', { proxy: environment['HTTP_PROXY']! })] }
      : { rules: [ruleOf('environment', `${target.scheme}_proxy`, 'not-set')] };
  }
  const proxy = environment[name]!.trim();
  const except = ['no_proxy', 'NO_PROXY'].find((one) => isSet(environment, one));
  const matched = except && entryOfNoProxy(environment[except]!, target);
  if (except && matched) return notUsed('environment', except, 'excluded', proxy, matched);
  const own = ownOutcome(target);
  return own ? notUsed('environment', name, own, proxy) : chosen('environment', name, proxy);
}

/**
 * The variable for a URL. `HTTP_PROXY` is not read: on a web server a request's `Proxy` field sets it (httpoxy,
 * CVE-2016-5385). An empty variable is one that is not set.
 */
function variableFor({ scheme }: Target, environment: Readonly<Record<string, string>>): string | undefined {
  const own = scheme === 'https' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy'];
  return [...own, 'all_proxy', 'ALL_PROXY'].find((name) => isSet(environment, name));
}

function isSet(environment: Readonly<Record<string, string>>, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}

function ownOutcome({ host }: Target): 'this-machine' | 'lab' | undefined {
  const name = host.replace(/\.$/, '');
  if (/^127\.\d+\.\d+\.\d+$|^::1$/.test(name) || /(?:^|\.)localhost$/.test(name)) return 'this-machine';
  return /(?:^|\.)lab\.test$/.test(name) ? 'lab' : undefined;
}
