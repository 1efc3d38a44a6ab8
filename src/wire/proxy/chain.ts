import { isIP, type Socket } from 'node:net';
import type { DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import type { Failure } from '../../trace/failure.ts';
import { monotonicNow } from '../clock.ts';
import type { ConnectOptions } from '../connection.ts';
import { headLimitsOf } from '../http/head.ts';
import { shakeHands } from '../tls/handshake.ts';
import { watching } from '../tls/watch.ts';
import type { Trust } from '../tls/trust.ts';
import { certificateFailure } from '../tls/verdict.ts';
import { authorityOf, connectTunnel, proxyFailure } from './connectTunnel.ts';
import type { TunnelOptions } from './connectTunnel.ts';
import type { Proxy } from './proxyUrl.ts';
import { connectSocks } from './socks.ts';

/** The way from a connection to the first proxy to the target. */
interface ProxyWay {
  readonly proxies: readonly Proxy[];
  /** Whom each `https` proxy's certificate is verified by, by its place. */
  readonly trusts: readonly (Trust | undefined)[];
  readonly target: { readonly host: string; readonly port: number };
  /** Also the last proxy is asked for a tunnel; else it is handed the request itself, in absolute form. */
  readonly tunnel: boolean;
  /** ms, for each proxy. */
  readonly limits: { readonly connect: number; readonly tls: number };
}

type Passed =
  | { readonly ok: true; readonly socket: Socket }
  | { readonly ok: false; readonly failure: Failure };

/** Whether a chain ends in a proxy that takes requests in absolute form (RFC 9112 §3.2.2). */
export function takesAbsoluteForm(proxies: readonly Proxy[]): boolean {
  const kind = proxies.at(-1)?.kind;
  return kind === 'http' || kind === 'https';
}

/**
 * Goes through the proxies one after another, `below` being connected to the first: TLS with those that want it, then
 * a tunnel to the next. Each is told to `options.emit` with its steps. On failure everything is destroyed. Never
 * rejects.
 */
export async function passProxies(below: Socket, way: ProxyWay, options: ConnectOptions): Promise<Passed> {
  let socket = below;
  for (const [hop, proxy] of way.proxies.entries()) {
    const next = way.proxies[hop + 1] ?? way.target;
    const asksTunnel = hop < way.proxies.length - 1 || way.tunnel;
    // Such a proxy is not spoken to before the request.
    if (proxy.kind === 'http' && !asksTunnel) break;
    const { signal, emit } = options;
    const { host, port } = next;
    const tunnel: TunnelOptions = {
      proxy, hop, host, port, timeout: way.limits.connect, headLimits: headLimitsOf(options), signal, emit,
    };
    emit({
      type: 'proxy-start', at: monotonicNow(), hop, kind: proxy.kind, proxy: proxy.origin,
      target: authorityOf(host, port),
    });
    const passed = await passProxy(socket, tunnel, asksTunnel, way, options);
    if (!passed.ok) {
      below.on('error', () => {}).destroy();
      return passed;
    }
    socket = passed.socket;
  }
  return { ok: true, socket };
}

async function passProxy(
  below: Socket, tunnel: TunnelOptions, asksTunnel: boolean, way: ProxyWay, options: ConnectOptions,
): Promise<Passed> {
  const { proxy, hop, emit } = tunnel;
  const secured: Passed = proxy.kind === 'https'
    ? await secure(below, tunnel, way, options) : { ok: true, socket: below };
  if (!secured.ok) return secured;
  if (!asksTunnel) {
    emit({ type: 'proxy-end', at: monotonicNow(), hop });
    return secured;
  }
  const { socket } = secured;
  const failure = await (proxy.kind === 'http' || proxy.kind === 'https'
    ? askForTunnel(socket, tunnel) : askSocks(socket, tunnel, options));
  return failure ? { ok: false, failure } : { ok: true, socket };
}

function askForTunnel(socket: Socket, tunnel: TunnelOptions): Promise<Failure | undefined> {
  const { proxy, hop, emit } = tunnel;
  // Of a plain proxy it is the only step.
  if (proxy.kind === 'https') emit({ type: 'proxy-step', at: monotonicNow(), hop, step: 'connect' });
  return connectTunnel(socket, tunnel);
}

/** TLS with the proxy itself (RFC 9110 §9.3.6 leaves open how it is reached), verified as a server is. */
async function secure(
  below: Socket, tunnel: TunnelOptions, { trusts, limits }: ProxyWay, options: ConnectOptions,
): Promise<Passed> {
  const { emit, signal, verify } = options;
  const { proxy, hop } = tunnel;
  emit({ type: 'proxy-step', at: monotonicNow(), hop, step: 'tls' });
  const handshake = await shakeHands(below, {
    host: proxy.host, alpn: ['http/1.1'], trust: trusts[hop]!, verify, signal, timeout: limits.tls,
    ...watching(options, hop),
  });
  if (!handshake.ok) return { ok: false, failure: ofTls(handshake.failure, tunnel) };
  const { at, facts, socket } = handshake;
  emit({ type: 'proxy-tls', at, hop, tls: facts });
  const refused = verify ? certificateFailure(facts, Date.now()) : undefined;
  if (!refused) return { ok: true, socket };
  socket.destroy();
  return { ok: false, failure: ofTls(refused, tunnel) };
}

/** The same failure as one of the way to the proxy. */
function ofTls(failure: Failure, tunnel: TunnelOptions): Failure {
  if (failure.code === 'cancelled') return { ...failure, phase: 'proxy' };
  const { host, port, detail } = proxyFailure(failure.code, tunnel);
  return { host, port, ...failure, phase: 'proxy', detail: { ...detail, ...failure.detail, step: 'tls' } };
}

async function askSocks(
  socket: Socket, tunnel: TunnelOptions, options: ConnectOptions,
): Promise<Failure | undefined> {
  const looked = await addressFor(tunnel, options);
  if (looked.failure) {
    socket.on('error', () => {}).destroy();
    return looked.failure;
  }
  return connectSocks(socket, { ...tunnel, ...(looked.address === undefined ? {} : { address: looked.address }) });
}

/** SOCKS4 and SOCKS5 are told an address, SOCKS4a and 5h the name as it is. */
async function addressFor(
  tunnel: TunnelOptions, options: ConnectOptions,
): Promise<{ readonly address?: string; readonly failure?: Failure }> {
  const { proxy: { kind }, host } = tunnel;
  const family = isIP(host);
  if (family === 6 && (kind === 'socks4' || kind === 'socks4a')) return { failure: withoutIpv6(tunnel) };
  // RFC 1928 §5: one octet tells the length.
  if (family === 0 && Buffer.byteLength(host) > 255) {
    return { failure: proxyFailure('unsupported', tunnel, { reason: 'name-too-long' }) };
  }
  if (family !== 0 || kind === 'socks4a' || kind === 'socks5h') return {};
  const looked = await lookUp(tunnel, options);
  if (looked.failure) return looked;
  const address = looked.addresses.find((one) => kind === 'socks5' || one.family === 4);
  return address ? { address: address.address } : { failure: withoutIpv6(tunnel) };
}

async function lookUp(
  { hop, host, port, emit }: TunnelOptions,
  { resolver, zoneServers, dns, rootServers, resolve, trustAnchors, tls, signal, timeouts, capture }: ConnectOptions,
): Promise<{ readonly addresses: readonly IpAddress[]; readonly failure?: Failure }> {
  emit({ type: 'proxy-step', at: monotonicNow(), hop, step: 'dns' });
  const steps: DnsStep[] = [];
  const resolution = await resolver.resolve(host, {
    zoneServers, dns, rootServers, given: resolve, trustAnchors, systemRoots: tls?.systemRoots, port, signal,
    timeout: timeouts.dns, limits: timeouts.lookup, capture: capture ? 'full' : 'none',
    onStep: (step) => void steps.push(step),
  });
  const addresses = resolution.ok ? resolution.addresses : [];
  emit({ type: 'proxy-lookup', at: monotonicNow(), hop, name: host, steps, addresses });
  if (resolution.ok) return { addresses };
  const { failure } = resolution;
  return { addresses, failure: { host, ...failure, phase: 'proxy', detail: { ...failure.detail, hop, step: 'dns' } } };
}

/** SOCKS4 has no IPv6. */
function withoutIpv6(tunnel: TunnelOptions): Failure {
  return proxyFailure('unsupported', tunnel, { reason: 'socks4-ipv6' });
}
