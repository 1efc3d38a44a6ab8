import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Failure, PhaseName } from '../trace/failure.ts';
import { defaultLookupLimits, defaultTimeouts } from '../trace/request.ts';
import { monotonicNow } from './clock.ts';
import type { Connected, ConnectOptions, ConnectTarget, ResolveOptions, Tap } from './connection.ts';
import { passProxies, takesAbsoluteForm } from './proxy/chain.ts';
import { authorityOf } from './proxy/connectTunnel.ts';
import { parseProxies, type Proxy } from './proxy/proxyUrl.ts';
import { createTap } from './tap/tap.ts';
import { prepareCarriers, type TlsCarrier } from './tap/tlsCarrier.ts';
import { transportTapOver, type TransportTap } from './tap/transportTap.ts';
import { socketFailure } from './tcp/errno.ts';
import { reachPeer } from './tcp/reach.ts';
import { tlsFailure } from './tls/failure.ts';
import { serverNameFor, shakeHands } from './tls/handshake.ts';
import { contextFailure } from './tls/contextFailure.ts';
import { keyLogTo } from './tls/keyLog.ts';
import { sessionsOf } from './tls/resumption.ts';
import { trustFor, type Trust } from './tls/trust.ts';
import { certificateFailure } from './tls/verdict.ts';
import { watching } from './tls/watch.ts';
import { contextWish, offeredVersions, rootsWish } from './tls/wishes.ts';

/** The outcome of one step: what it made, or why the connection stops here. */
type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/**
 * A connection to `target`: name lookup, TCP, a proxy's tunnel and TLS, as far as each is needed, with an
 * event for each as it is seen. Gives a tapped socket or the failure, never rejects for anything on the
 * network. Abort `options.signal` to stop at once.
 */
export async function connect(target: ConnectTarget, options: ConnectOptions): Promise<Connected> {
  const prepared = prepare(target, options);
  options.emit({
    type: 'opened', at: monotonicNow(), host: target.host, port: target.port,
    origin: `${target.scheme}://${authorityOf(target.host, target.port)}`,
  });
  const reached = prepared.ok ? await reach(target, prepared.value, withSecrets(options, prepared.value)) : prepared;
  if (reached.ok) return reached.value;
  const failure = { host: target.host, port: target.port, ...reached.failure };
  options.capture?.readNow();
  options.emit({ type: 'failed', at: monotonicNow(), failure });
  return { ok: false, failure };
}

function withSecrets(options: ConnectOptions, { onSecret }: Way): ConnectOptions {
  return onSecret ? { ...options, onSecret } : options;
}

/** What is settled before the first step. */
interface Way {
  /** For the target, when it is reached over TLS. */
  readonly trust: Trust | undefined;
  /** Takes the secrets of TLS, where they are to be kept in a file. */
  readonly onSecret: ((line: Uint8Array) => void) | undefined;
  readonly proxies: readonly Proxy[];
  /** For each proxy that is reached over TLS. */
  readonly proxyTrusts: readonly (Trust | undefined)[];
}

/** Before the first time stamp: to make the store of roots takes tens of milliseconds, once, to find carriers one. */
function prepare({ scheme, host }: ConnectTarget, options: ConnectOptions): Step<Way> {
  const { proxy, proxyAuthorization, typedProxyAuthorization, trustAnchors, clientCertificate, tls } = options;
  const parsed = proxy === undefined ? undefined : parseProxies(proxy, proxyAuthorization, typedProxyAuthorization);
  if (parsed && !parsed.ok) return parsed;
  const proxies = parsed?.proxies ?? [];
  if (scheme === 'https' && options.capture) prepareCarriers();
  const proxyWish = rootsWish(tls?.systemRoots);
  try {
    return {
      ok: true,
      value: {
        // To proxies our certificate is not presented: it is for the server.
        trust: scheme === 'https' ? trustFor(host, trustAnchors, contextWish(clientCertificate, tls)) : undefined,
        proxies,
        onSecret: tls?.keyLogFile === undefined ? undefined : keyLogTo(tls.keyLogFile),
        proxyTrusts: proxies.map((one) => one.kind === 'https' ? trustFor(one.host, trustAnchors, proxyWish) : undefined),
      },
    };
  } catch (error) {
    return { ok: false, failure: contextFailure(error) };
  }
}

async function reach(target: ConnectTarget, way: Way, options: ConnectOptions): Promise<Step<Connected>> {
  const { trust, proxies, proxyTrusts: trusts } = way;
  const [proxy] = proxies;
  if (options.signal?.aborted) return failed('blocked', 'cancelled');
  const { host, port } = proxy ?? target;

  const service = serviceOf(target, proxy !== undefined);
  const maxAttempts = options.timeouts.lookup?.addresses ?? defaultLookupLimits.addresses;
  const raced = await reachPeer({ host, port, service }, options, { timeout: limit(options, 'connect'), maxAttempts });
  if (!raced.ok) return towards(proxy, raced.failure);

  const priorKnowledge = target.scheme === 'http' && target.alpn[0] === 'h2';
  const absoluteForm = !trust && !priorKnowledge && !target.tunnel && takesAbsoluteForm(proxies);
  const limits = { connect: limit(options, 'connect'), tls: limit(options, 'tls') };
  const transport = raced.socket;
  // Where the bytes are spoken through another layer, or before the request, nothing else would see them.
  const tap = trust || (proxies.length > 0 && !absoluteForm) || proxies.some(({ kind }) => kind === 'https')
    ? transportTapOver(transport, options.capture, proxies.length === 0) : undefined;
  const below = tap ? tap as unknown as Socket : transport;
  const passed = await passProxies(below, { proxies, trusts, target, tunnel: !absoluteForm, limits }, options);
  if (!passed.ok) return passed;
  const over = { transport, ...(tap ? { transportTap: tap } : {}) };
  if (trust) return secure(passed.socket, { ...over, address: raced.address.address }, target, trust, options);
  return handOver(passed.socket, priorKnowledge ? '2' : '1.1', options, {
    ...(priorKnowledge ? { alpnProtocol: 'h2' } : {}),
    ...(absoluteForm ? { proxy: proxies.at(-1)! } : {}),
    ...(passed.socket === transport ? {} : over),
  });
}

/** With a proxy, names and addresses are the proxy's: the failure says so. */
function towards(proxy: Proxy | undefined, failure: Failure): Step<never> {
  if (!proxy) return { ok: false, failure };
  return { ok: false, failure: { ...failure, detail: { ...failure.detail, proxy: proxy.origin } } };
}

/** Of the target itself: a proxy has no such record. */
function serviceOf({ scheme, port }: ConnectTarget, isProxied: boolean): ResolveOptions['service'] {
  return isProxied ? undefined : { scheme, port };
}

async function secure(
  below: Socket, { address: reached, ...over }: Pick<HandOver, 'transport' | 'transportTap'> & { address: string },
  target: ConnectTarget, trust: Trust, options: ConnectOptions,
): Promise<Step<Connected>> {
  const { emit, signal, verify } = options;
  const { alpn, host } = target;
  const serverName = serverNameFor(host);
  const startAt = monotonicNow();
  const versionsOffered = offeredVersions(options.tls);
  const start = { type: 'tls-start', at: startAt, alpnOffered: alpn, versionsOffered } as const;
  emit(serverName === undefined ? start : { ...start, serverName });
  // Through a proxy the address is not the server's, and the server's is not known.
  const address = options.proxy === undefined ? { address: reached } : {};
  const where = { host, port: target.port, ...address };
  const resuming = sessionsOf(target, trust, options);
  const watched: typeof emit = (event) => {
    if (event.type === 'tls-messages') resuming?.read(event.messages);
    emit(event);
  };
  const handshake = await shakeHands(below, {
    host, alpn, trust, verify, signal, presents: options, timeout: limit(options, 'tls'), ...resuming?.offer(),
    ...watching({ ...options, emit: watched }),
  });
  if (!handshake.ok) {
    resuming?.fail();
    return { ok: false, failure: { ...where, ...handshake.failure } };
  }
  const { at, facts, socket } = handshake;
  emit({ type: 'tls-end', at, tls: facts });
  const refused = (verify ? certificateFailure(facts, Date.now()) : undefined)
    ?? alpnFailure(alpn, facts.alpn);
  if (refused) {
    socket.destroy();
    return { ok: false, failure: { ...where, ...refused } };
  }
  resuming?.accept(facts, startAt, at);
  return handOver(socket, facts.alpn === 'h2' ? '2' : '1.1', options, {
    alpnProtocol: facts.alpn, encrypted: true, serverName, ...over,
  });
}

/** RFC 7301 §3.2: a server without ALPN ignores the offer; then HTTP/1.1 is spoken, if it was offered. */
function alpnFailure(offered: readonly string[], chosen: string | undefined): Failure | undefined {
  if (chosen !== undefined || offered.length === 0 || offered.includes('http/1.1')) return undefined;
  return { phase: 'tls', code: 'alpn-refused', confidence: 'certain', detail: { offered } };
}

interface HandOver {
  readonly alpnProtocol?: string;
  readonly encrypted?: boolean;
  readonly serverName?: string;
  /** Under TLS, the server's or a proxy's, or under a tap: the TCP socket. */
  readonly transport?: Socket;
  readonly transportTap?: TransportTap | TlsCarrier;
  /** The proxy wants the absolute form. */
  readonly proxy?: Proxy;
}

function handOver(
  below: Socket, httpVersion: '1.1' | '2', { emit, signal, capture }: ConnectOptions,
  { proxy, ...tapped }: HandOver,
): Step<Connected> {
  const phase = tapped.encrypted ? 'tls' : 'tcp';
  if (signal?.aborted) {
    below.destroy();
    return failed(phase, 'cancelled');
  }
  // The end may have come with the last bytes of the handshake.
  if (below.destroyed) return { ok: false, failure: goneFailure(below.errored, phase) };
  // Over a proxy's TLS alone, what it carries is the plain layer too.
  const isTransport = below === (tapped.transport ?? below);
  const kept = isTransport ? capture?.transport : below instanceof TLSSocket ? capture?.startPlain() : undefined;
  const socket: Tap = createTap(below, { ...tapped, ...(kept ? { capture: kept } : {}) });
  below.once('close', () => {
    const { bytesRead, bytesWritten } = socket;
    capture?.tellAfterwards();
    emit({ type: 'closed', at: monotonicNow(), bytesRead, bytesWritten });
  });
  emit({ type: 'connected', at: monotonicNow(), httpVersion });
  const authorization = proxy?.authorization;
  return {
    ok: true,
    value: {
      ok: true, socket, httpVersion, absoluteForm: proxy !== undefined,
      ...(authorization === undefined ? {} : { proxyAuthorization: authorization }),
    },
  };
}

function goneFailure(error: Error | null, phase: PhaseName): Failure {
  if (!error) return { phase, code: 'connection-closed', confidence: 'certain' };
  return tlsFailure(error, phase) ?? socketFailure(error, phase, 'connection-closed');
}

function limit({ timeouts }: ConnectOptions, name: 'connect' | 'tls'): number {
  return timeouts[name] || defaultTimeouts[name];
}

function failed(phase: PhaseName, code: Failure['code'], more: Partial<Failure> = {}): Step<never> {
  return { ok: false, failure: { phase, code, confidence: 'certain', ...more } };
}
