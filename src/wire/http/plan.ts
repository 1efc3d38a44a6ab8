import type { Failure } from '../../trace/failure.ts';
import { defaultHeadLimits } from '../../trace/request.ts';
import type { FieldLine, RequestSpec, SendOptions } from '../../trace/request.ts';
import type { ConnectTarget } from '../connection.ts';
import { wishKey } from '../tls/wishes.ts';
import { fieldOctets, fieldValue, isFieldContent, isToken } from './fields.ts';
import { headLimitsOf } from './head.ts';
import { typedNames } from './requestFields.ts';
import { wrongTrailer } from './trailers.ts';
import { httpUrlOf } from './webSocket/url.ts';

/** What is settled about a request before there is a connection. */
export interface Plan {
  readonly url: URL;
  /** Of the URL, as the origin form has it (RFC 9112 §3.2.1). */
  readonly path: string;
  readonly typed: ReadonlySet<string>;
  /** The typed `Host`, else that of the URL. */
  readonly authority: string;
  readonly target: ConnectTarget;
  /** The version asked for, if any; `2` also for prior knowledge. */
  readonly wanted: '1.0' | '1.1' | '2' | undefined;
  /** The typed `Proxy-Authorization` as octets, where there is a proxy to take it. */
  readonly proxyAuthorization: string | undefined;
  /** Requests with the same key may share connections. */
  readonly key: string;
}

export type Checked =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Looks a spec over: what cannot be sent at all is a failure, with the part at fault in `detail`.
 */
export function checkedRequest(spec: RequestSpec): Checked {
  const url = parsedUrl(spec.webSocket ? httpUrlOf(spec.url) : spec.url);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    return refused('invalid-request', { part: 'url', url: spec.url });
  }
  if (!isToken(spec.method)) return refused('invalid-request', { part: 'method', method: spec.method });
  if (spec.method.toUpperCase() === 'CONNECT') {
    return refused('unsupported', { part: 'method', method: spec.method });
  }
  for (const [name, value] of spec.headers) {
    if (isToken(name) && isFieldContent(value)) continue;
    return refused('invalid-request', { part: 'header', name });
  }
  const isOld = spec.httpVersion === '1.0';
  const wrong = spec.webSocket || spec.trailers || isOld ? wrongExtra(spec, spec.trailers ?? []) : undefined;
  return wrong ?? { ok: true, plan: planOf(spec, url) };
}

/** A WebSocket is opened in HTTP/1.1 (RFC 6455 §4.1), and HTTP/1.0 knows no chunks (RFC 9112 §6.1), so no trailers. */
function wrongExtra(
  { webSocket, httpVersion, headers }: RequestSpec, trailers: readonly FieldLine[],
): Checked | undefined {
  if (webSocket && httpVersion !== undefined && httpVersion !== '1.1') {
    return refused('unsupported', { part: 'web-socket-version', httpVersion });
  }
  if (trailers.length > 0 && httpVersion === '1.0') return refused('invalid-request', { part: 'trailer', httpVersion });
  const isChunked = headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  if (isChunked && httpVersion === '1.0') return refused('invalid-request', { part: 'transfer-encoding', httpVersion });
  const name = wrongTrailer(trailers);
  return name === undefined ? undefined : refused('invalid-request', { part: 'trailer', name });
}

/** The URLs parsed last: many requests go to the same few. Nobody changes them. */
const parsedUrls = new Map<string, URL | null>();
const targets = new WeakMap<URL, Map<Plan['wanted'], Target>>();

function parsedUrl(text: string): URL | null {
  let url = parsedUrls.get(text);
  if (url !== undefined) return url;
  url = URL.parse(text);
  if (parsedUrls.size >= 100) parsedUrls.clear();
  parsedUrls.set(text, url);
  return url;
}

interface Target extends ConnectTarget {
  readonly origin: string;
  readonly authority: string;
  readonly path: string;
}

function targetFor(url: URL, wanted: Plan['wanted']): Target {
  let known = targets.get(url);
  if (!known) targets.set(url, known = new Map());
  let target = known.get(wanted);
  if (!target) known.set(wanted, target = targetOf(url, wanted));
  return target;
}

function planOf(spec: RequestSpec, url: URL): Plan {
  const typed = typedNames(spec);
  // RFC 9113 §3.1: over TLS by ALPN, else by prior knowledge (§3.3); the Upgrade to h2c is gone.
  const wanted = spec.httpVersion === '2-prior-knowledge' ? '2' : spec.httpVersion;
  const target = spec.webSocket ? webSocketTarget(url) : targetFor(url, wanted);
  const host = typed.has('host') ? fieldValue(spec.headers, 'host') : undefined;
  const proxyAuthorization = proxyAuthorizationOf(spec, typed);
  return {
    url, typed, wanted, target, path: target.path, proxyAuthorization,
    authority: host === undefined ? target.authority : fieldOctets(host.trim()),
    key: keyWith(target, spec.options, proxyAuthorization),
  };
}

/** The same in HTTP/1.1, where the version was left open; else undefined. */
export function overHttp1(plan: Plan, options: SendOptions): Plan | undefined {
  if (plan.wanted !== undefined) return undefined;
  const target = targetFor(plan.url, '1.1');
  return { ...plan, wanted: '1.1', target, key: keyWith(target, options, plan.proxyAuthorization) };
}

function keyWith(target: Target, options: SendOptions, proxyAuthorization: string | undefined): string {
  const key = keyOf(target, options);
  return proxyAuthorization === undefined ? key : `${key} typed ${nameOf([proxyAuthorization])}`;
}

function proxyAuthorizationOf({ headers, options }: RequestSpec, typed: ReadonlySet<string>): string | undefined {
  if (options.proxy === undefined || !typed.has('proxy-authorization')) return undefined;
  return fieldOctets(fieldValue(headers, 'proxy-authorization')!.trim());
}

/** Its connection is lent to nobody else. */
function webSocketTarget(url: URL): Target {
  const target = targetFor(url, '1.1');
  return { ...target, tunnel: true, origin: `${target.origin} websocket` };
}

function targetOf(url: URL, wanted: Plan['wanted']): Target {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  const alpn = alpnOf(scheme, wanted);
  const origin = `${scheme}://${host}:${port} ${alpn.join()}`;
  return { scheme, host, port, alpn, origin, authority: url.host, path: `${url.pathname}${url.search}` };
}

function alpnOf(scheme: 'http' | 'https', wanted: Plan['wanted']): ConnectTarget['alpn'] {
  if (wanted === '2') return onlyHttp2;
  return scheme === 'https' && wanted === undefined ? both : onlyHttp1;
}

const onlyHttp2 = ['h2'] as const;
const onlyHttp1 = ['http/1.1'] as const;
const both = ['h2', 'http/1.1'] as const;

/** The key made last: one after another, requests mostly go the same way. */
let last: { readonly target: Target; readonly options: SendOptions; readonly key: string } | undefined;

function keyOf(target: Target, options: SendOptions): string {
  if (last?.target === target && decidesAlike(last.options, options)) return last.key;
  const key = keyFrom(target, options);
  last = { target, options, key };
  return key;
}

function decidesAlike(a: SendOptions, b: SendOptions): boolean {
  return a === b || (a.proxy === b.proxy && a.proxyAuthorization === b.proxyAuthorization
    && a.verify === b.verify && a.trustAnchors === b.trustAnchors
    && a.zoneServers === b.zoneServers && a.resolve === b.resolve && a.dns === b.dns && a.rootServers === b.rootServers
    && a.httpsRecords === b.httpsRecords
    && a.clientCertificate === b.clientCertificate && a.tls === b.tls && a.capture === b.capture
    && a.headLimits?.size === b.headLimits?.size && a.headLimits?.fields === b.headLimits?.fields);
}

/** Everything that decides where a connection leads and whom it trusts: what is added here belongs above, too. */
function keyFrom({ origin }: Target, options: SendOptions): string {
  const { proxy, verify, trustAnchors, zoneServers, dns, rootServers, resolve, httpsRecords = 'on' } = options;
  let key = origin;
  if (proxy !== undefined) key += ` proxy ${proxy}`;
  if (options.proxyAuthorization !== undefined) key += ` authorized ${nameOf([options.proxyAuthorization])}`;
  if (verify === false) key += ' unverified';
  if (trustAnchors && trustAnchors.length > 0) key += ` anchors ${nameOf(trustAnchors)}`;
  if (zoneServers && zoneServers.length > 0) key += ` zones ${nameOf(zoneServers)}`;
  if (resolve && resolve.length > 0) key += ` resolve ${nameOf(resolve)}`;
  if (options.clientCertificate || options.tls) key += wishKey(options.clientCertificate, options.tls);
  if (httpsRecords !== 'on') key += ` HTTPS records ${httpsRecords}`;
  if (dns !== undefined) key += ` dns ${dns} ${nameOf(rootServers ?? [])}`;
  // What is kept of a connection, and which heads it takes, is settled when it is opened.
  const { size, fields } = headLimitsOf(options);
  if (size !== defaultHeadLimits.size || fields !== defaultHeadLimits.fields) key += ` heads ${size} ${fields}`;
  if (options.capture === 'none') key += ' unseen';
  return key;
}

const namesOfLists = new WeakMap<readonly unknown[], number>();
const namesOfTexts = new Map<string, number>();
let namesGiven = 0;

/** A short name for a list that may hold whole certificates: equal lists have the same. */
function nameOf(list: readonly unknown[]): number {
  let name = namesOfLists.get(list);
  if (name !== undefined) return name;
  const text = JSON.stringify(list);
  name = namesOfTexts.get(text) ?? (namesGiven += 1);
  if (namesOfTexts.size >= 100) namesOfTexts.clear();
  namesOfTexts.set(text, name);
  namesOfLists.set(list, name);
  return name;
}

function refused(code: 'invalid-request' | 'unsupported', detail: NonNullable<Failure['detail']>): Checked {
  return { ok: false, failure: { phase: 'blocked', code, confidence: 'certain', detail } };
}
