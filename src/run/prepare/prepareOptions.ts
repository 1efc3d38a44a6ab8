import { parseTimeout } from '../../httpFile/parser/metadata.ts';
import { problem } from '../../httpFile/problem.ts';
import type { Range } from '../../httpFile/syntax.ts';
import type { LabAddresses } from '../../protocol.ts';
import { proxiesIn, withoutCredentials } from '../../trace/proxyDecision.ts';
import type { ProxySources } from '../../trace/proxyDecision.ts';
import type { SendOptions } from '../../trace/request.ts';
import { parseProxies } from '../../wire/proxy/proxyUrl.ts';
import type { Preparation } from './preparation.ts';
import { prepareNames } from './prepareNames.ts';

/** What the settings, the environment and the request's metadata say of the sending; the last of them counts most. */
export function prepareOptions(preparation: Preparation): SendOptions {
  const { request, context, problems } = preparation;
  const options: { -readonly [K in keyof SendOptions]: SendOptions[K] } = { ...context.options };
  const timeouts = { ...options.timeouts };
  // C34: JetBrains' SSLConfiguration.
  if (context.environment?.verify === false) options.verify = false;
  for (const { key, value, range } of request.metadata) {
    const timeout = parseTimeout(value)?.ms;
    if (key === 'no-redirect') options.followRedirects = false;
    else if (key === 'curl-location') options.followRedirects = true;
    else if (key === 'no-cookie-jar') options.useCookieJar = false;
    else if (key === 'new-connection') options.forceNewConnection = true;
    else if (key === 'no-capture') options.capture = 'none';
    else if (key === 'timeout' && timeout) timeouts.total = timeout;
    else if (key === 'connection-timeout' && timeout) timeouts.connect = timeout;
    else if (key === 'continue-timeout' && timeout) options.continueTimeout = timeout;
    else if (key === 'reconnect') options.reconnect = reconnections(preparation, value, range);
    else if (key === 'max-redirects' && /^\d{1,5}$/.test(value)) options.maxRedirects = Number(value);
    else if (key !== 'insecure' && key !== 'no-reject-unauthorized') continue;
    else if (context.trusted) options.verify = false;
    else problems.push(problem('insecure-ignored', range, { key }));
  }
  if (Object.keys(timeouts).length > 0) options.timeouts = timeouts;
  Object.assign(options, prepareNames(preparation));
  return context.lab ? withLab(options, context.lab) : options;
}

/** `# @reconnect` alone is so many times; HTML has no bound, and without one a mistake would go on for ever. */
const usualReconnections = 10;

function reconnections({ problems }: Preparation, value: string, range: Range): number {
  if (value === '') return usualReconnections;
  if (/^\d{1,4}$/.test(value) && Number(value) <= 1000) return Number(value);
  problems.push(problem('reconnect-invalid', range, { value, count: `${usualReconnections}` }));
  return usualReconnections;
}

/** What `# @proxy` and `# @no-proxy` say, the last of them; undefined when there is none that counts. */
export function proxyOf(preparation: Preparation): ProxySources['request'] {
  let said: ProxySources['request'];
  for (const { key, value, range } of preparation.request.metadata) {
    if (key === 'no-proxy') said = { direct: true };
    if (key !== 'proxy') continue;
    const proxy = proxyFrom(preparation, value, range);
    if (proxy !== undefined) said = { proxy };
  }
  return said;
}

/** Proxies as the sender takes them; `http://` is meant when no scheme is written (as curl has it). */
function proxyFrom(
  { context, resolve, problems }: Preparation, written: string, range: Range,
): string | undefined {
  const { text, faults } = resolve(written);
  for (const { code, places } of faults) problems.push(problem(code, range, places));
  if (faults.length > 0 || text === '') return undefined;
  if (!context.trusted) {
    problems.push(problem('proxy-ignored', range));
    return undefined;
  }
  if (parseProxies(text).ok) return proxiesIn(text).map(withScheme).join(', ');
  problems.push(problem('proxy-unsupported', range, { proxy: withoutCredentials(text) }));
  return undefined;
}

function withScheme(proxy: string): string {
  return /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** The lab's names are asked of its own name server, and its certificates trusted for its own names only. */
function withLab(options: SendOptions, lab: LabAddresses): SendOptions {
  const { http, https, nameServer, rootServer, certificateAuthority } = lab;
  const { zone, address, port, below } = nameServer;
  const { pem, subject, names } = certificateAuthority;
  // The lab's root refers for them to the server of the lab's own zone.
  const reverse = rootServer.zones.filter((one) => one.endsWith('.arpa'));
  return {
    ...options,
    zoneServers: [
      ...options.zoneServers ?? [], { zone, servers: [{ address, port }], reverse },
      ...below.map((one) => ({ zone: one.zone, servers: [{ address, port: one.port }] })),
    ],
    rootServers: [
      ...options.rootServers ?? [], { zones: rootServer.zones, servers: [rootServer], ports: rootServer.ports },
    ],
    trustAnchors: [...options.trustAnchors ?? [], { pem, label: subject, zones: names }],
    traceHosts: [
      ...options.traceHosts ?? [], zone,
      ...[http, https].flatMap((listener) => [authorityOf(listener), `localhost:${listener.port}`]),
    ],
  };
}

function authorityOf({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
