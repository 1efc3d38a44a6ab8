import type { Attempt, Exchange } from '../trace/exchange.ts';
import type { Failure, FailureCode } from '../trace/failure.ts';
import { withoutCredentials } from '../trace/proxyDecision.ts';
import { defaultTimeouts } from '../trace/request.ts';
import type { Timeouts } from '../trace/request.ts';
import { certificatePlaces } from './certificatePlaces.ts';
import { rcodeWithReasons } from './extendedError.ts';
import { formatDuration, formatEndpoint, formatMoment, formatNumber, formatSize } from './format.ts';
import { isForAddress } from './lookups.ts';
import { ruleBroken } from './malformed.ts';
import { explainSocks, schemesAsked } from './proxies.ts';
import { formatStatus, quoteStatus } from './statusCodes.ts';
import { failureTexts } from './text/failure.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';
import { tlsPlaces } from './tlsFailures.ts';

/** Every name and figure a failure's text may use; what is not known is absent. */
export function placesOf(failure: Failure, exchange: Exchange, language: Language): Places {
  const groups: Record<string, string | number | undefined>[] = [
    addressPlaces(failure, exchange), dnsPlaces(exchange), loopPlaces(failure), lookupLimitPlaces(failure),
    lamePlaces(exchange),
    proxyPlaces(exchange, language), certificatePlaces(exchange, language), responsePlaces(exchange, language),
    timePlaces(failure, exchange, language), detailPlaces(failure, language), tlsPlaces(exchange),
    { cause: failure.cause?.message.replace(/[.\s]+$/, ''), rule: rulePlace(failure, language) },
  ];
  const known = groups
    .flatMap((group) => Object.entries(group))
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Places;
}

function rulePlace(failure: Failure, language: Language): string | undefined {
  const rule = ruleBroken(failure);
  return rule && say(failureTexts, language, rule);
}

/**
 * The details that texts use, by the name of their place; all others are derived from the exchange.
 */
const usedDetails: Readonly<Record<string, string>> = {
  alert: 'alert',
  path: 'path',
  location: 'location',
  code: 'error',
  proxy: 'proxy',
  target: 'target',
  method: 'method',
  scheme: 'scheme',
  interimResponses: 'interimResponses',
  offset: 'offset',
  visits: 'visits',
  closeCode: 'closeCode',
  value: 'value',
  found: 'found',
  expected: 'expected',
  expansion: 'expansion',
  maxAttempts: 'maxAttempts',
};

function detailPlaces(failure: Failure, language: Language): Record<string, string | number> {
  const { limit, announced, size, found, codings, fields, excess } = failure.detail ?? {};
  const given = Object.entries(failure.detail ?? {}).flatMap(([name, value]) => {
    const used = usedDetails[name];
    return used === undefined
      ? []
      : [[used, typeof value === 'number' ? value : String(value)] as const];
  });
  return {
    ...Object.fromEntries(given),
    ...(typeof limit === 'number'
      ? { limitSize: formatSize(limit, language), limitCount: limit }
      : {}),
    ...(typeof announced === 'number' ? { announcedSize: formatSize(announced, language) } : {}),
    ...(typeof codings === 'number' ? { codingCount: codings } : {}),
    ...(typeof fields === 'number' ? { fieldCount: fields } : {}),
    ...(typeof excess === 'number' ? { excessSize: formatSize(excess, language) } : {}),
    ...(typeof size === 'number' && typeof found === 'number'
      ? { sizeBefore: formatSize(size, language), sizeFound: formatSize(found, language) } : {}),
  };
}

function addressPlaces(
  failure: Failure,
  exchange: Exchange,
): Record<string, string | number | undefined> {
  const url = urlOf(exchange);
  const connection = exchange.connection;
  const proxy = isTowardsProxy(failure) ? URL.parse(String(failure.detail?.['proxy'])) : null;
  const host = proxy?.hostname ?? failure.host ?? (connection?.host || url?.hostname)
    ?? exchange.spec.url;
  const port = (proxy && portOf(proxy)) ?? failure.port
    ?? (connection?.port || (url && portOf(url)));
  const last = triedAttempts(exchange).at(-1);
  const address = failure.address ?? connection?.peerAddress ?? last?.address;
  const attempts = triedAttempts(exchange);
  const tried = attempts.map((attempt) => `\`${formatEndpoint(attempt.address)}\``);
  const others = attempts.filter((attempt) => !isRefused(attempt))
    .map((attempt) => `${placeOf(attempt)}${attempt.code ? ` (${attempt.code})` : ''}`);
  return {
    host,
    port,
    authority: url?.host ?? exchange.spec.url,
    url: exchange.spec.url,
    endpoint: formatEndpoint(address ?? host, port),
    ...(tried.length === 0 ? {} : {
      count: tried.length, endpoints: tried.join(', '), others: others.join(', '),
      attempts: attempts.map(placeOf).join(', '), refused: attempts.filter(isRefused).map(placeOf).join(', '),
    }),
  };
}

/** It was the proxy itself that could not be reached: its name, its address, or its TLS. */
export function isTowardsProxy({ phase, detail }: Failure): boolean {
  const isOnTheWay = phase === 'dns' || phase === 'tcp' || detail?.['step'] === 'tls';
  return isOnTheWay && typeof detail?.['proxy'] === 'string';
}

function placeOf({ address, port }: Attempt): string {
  return `\`${formatEndpoint(address, port)}\``;
}

/** A RST came back (RFC 9293 §3.5.2): nobody listens there. */
export function isRefused({ code }: Attempt): boolean {
  return code === 'ECONNREFUSED';
}

/** The attempts to connect that were begun. */
export function triedAttempts(exchange: Exchange): Attempt[] {
  return exchange.connection?.attempts.filter((attempt) => attempt !== undefined) ?? [];
}

function dnsPlaces(exchange: Exchange): Record<string, string | undefined> {
  const asked =
    exchange.connection?.lookup?.steps.filter(
      (step) => step.server !== undefined && step.source !== 'hosts' && isForAddress(step),
    ) ?? [];
  const last = asked.at(-1);
  const silent = asked
    .filter((step) => step.outcome === 'timeout')
    .map((step) => `\`${step.server}\``);
  return {
    // Where the walk ended at a loop or a limit, the server itself did nothing wrong.
    server: last?.server, rcode: last === undefined || last.rcode === 'NOERROR' ? undefined : rcodeWithReasons(last),
    servers: silent.length === 0 ? undefined : [...new Set(silent)].join(', '),
  };
}

function loopPlaces({ detail }: Failure): Record<string, string | undefined> {
  return { loopAt: /^a loop of CNAME records at (\S+)$/.exec(String(detail?.['reason'] ?? ''))?.[1] };
}

/** Which limit of a lookup was met. */
function lookupLimitPlaces({ detail }: Failure): Record<string, number | undefined> {
  const reason = String(detail?.['reason'] ?? '');
  const limit = /^more than (\d{1,6}) (CNAME records|referrals|queries|name servers without an address)$/;
  const [, most, of] = limit.exec(reason) ?? [];
  const place = of === undefined ? undefined : {
    'CNAME records': 'aliasLimit', referrals: 'referralLimit', queries: 'queryLimit',
    'name servers without an address': 'serverLimit',
  }[of];
  return place === undefined ? {} : { [place]: Number(most) };
}

/** Where a walk ended at a server that does not serve the zone that others sent it there for (RFC 8499 §7). */
function lamePlaces(exchange: Exchange): Record<string, string | undefined> {
  const steps = exchange.connection?.lookup?.steps ?? [];
  const last = steps.findLast((step) =>
    step.zone !== undefined && (isForAddress(step) || step.purpose === 'minimised'));
  if (last?.outcome !== 'lame' && last?.outcome !== 'refused') return {};
  const parent = steps.find(({ referral }) => referral?.zone === last.zone)?.zone;
  return { lameZone: last.zone, lameServer: last.serverName ?? last.server, lameParent: parent };
}

function proxyPlaces(exchange: Exchange, language: Language): Record<string, string | undefined> {
  const hop = exchange.connection?.proxy;
  const { options } = exchange.spec;
  const status = exchange.response ?? hop;
  const schemes = schemesAsked(hop?.headers ?? []).map((scheme) => `\`${scheme}\``).join(', ');
  return {
    proxy: hop?.proxy ?? (options.proxy === undefined ? undefined : withoutCredentials(options.proxy)),
    target: hop?.target ?? urlOf(exchange)?.host,
    status: status?.statusCode === undefined || status.statusCode === 0 ? undefined
      : formatStatus(status.statusCode, status.reasonPhrase),
    ...(schemes === '' ? {} : { schemes }),
    ...(hop?.socks ? { answer: explainSocks(hop.socks, language) } : {}),
  };
}

function responsePlaces(
  exchange: Exchange,
  language: Language,
): Record<string, string | undefined> {
  const response = exchange.response;
  const field = (wanted: string): string | undefined =>
    response?.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const promised = field('content-length');
  return {
    received: formatSize(response?.bodySize ?? 0, language),
    receivedBytes: formatNumber(response?.bodySize ?? 0, language),
    content: formatSize(response?.contentSize ?? 0, language),
    ...(response?.statusCode ? { answer: quoteStatus(response.statusCode, response.reasonPhrase) } : {}),
    ...(promised !== undefined && /^\d{1,15}$/.test(promised)
      ? { promisedBytes: formatNumber(Number(promised), language) }
      : {}),
    ...(field('content-encoding') === undefined ? {} : { coding: field('content-encoding') }),
    ...(field('location') === undefined ? {} : { location: field('location') }),
  };
}

const limitOf: Partial<Record<FailureCode, keyof Timeouts>> = {
  'connect-timeout': 'connect',
  'tls-timeout': 'tls',
  'head-timeout': 'head',
  'idle-timeout': 'idle',
  'total-timeout': 'total',
};

function timePlaces(
  failure: Failure,
  exchange: Exchange,
  language: Language,
): Record<string, string | number | undefined> {
  const kind = limitOf[failure.code];
  const told = failure.detail?.['limit'];
  const set = kind && (typeof told === 'number' ? told : exchange.spec.options.timeouts?.[kind]);
  const limit = kind && (set || defaultTimeouts[kind]);
  const end = exchange.endAt ?? exchange.events.at(-1)?.at ?? exchange.startAt;
  return {
    elapsed: formatDuration(end - exchange.startAt, language),
    limit:
      limit === undefined || !Number.isFinite(limit) ? undefined : formatDuration(limit, language),
    now: formatMoment(exchange.startedAt, language, 'medium'),
    idle: exchange.idle === undefined ? undefined : formatDuration(exchange.idle, language),
    during: say(failureTexts, language, `during-${failure.phase}`),
    maximum: typeof told === 'number' ? told : exchange.spec.options.maxRedirects ?? 20,
  };
}

/** The URL of the request, when it is one. */
export function urlOf(exchange: Exchange): URL | undefined {
  return URL.parse(exchange.spec.url) ?? undefined;
}

/** Host and port, also where the port is the scheme's own. */
export function authorityOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80) : Number(url.port);
}
