import { assertNever } from './assertNever.ts';
import type { ConnectionEvent } from './event.ts';
import type { Connection, ProxyHop, ProxyStep } from './exchange.ts';

type ProxyEvent = Extract<ConnectionEvent, { readonly type: `proxy-${string}` }>;
type WithProxies = { proxy?: Connection['proxy']; proxies?: Connection['proxies'] };

/** Notes what was seen of the proxies of a connection. An event of a hop that never began is passed over. */
export function applyToProxies(connection: WithProxies, event: ProxyEvent): void {
  if (event.type === 'proxy-start') return begin(connection, event);
  changeHop(connection, event.hop ?? 0, (hop) => ({ ...hop, ...changeOf(hop, event) }));
}

function begin(connection: WithProxies, event: Extract<ProxyEvent, { type: 'proxy-start' }>): void {
  const { proxy, target, kind, at } = event;
  connection.proxy = { proxy, target, startAt: at, ...(kind === undefined ? {} : { kind }) };
  connection.proxies = [...connection.proxies ?? [], connection.proxy];
}

function changeOf(hop: ProxyHop, event: Exclude<ProxyEvent, { type: 'proxy-start' }>): Partial<ProxyHop> {
  switch (event.type) {
    case 'proxy-step': {
      const steps = endedSteps(hop, event.at).steps ?? [];
      return { steps: [...steps, { name: event.step, startAt: event.at }] };
    }
    case 'proxy-tls': return { tls: event.tls };
    case 'proxy-lookup': return { lookup: { name: event.name, steps: event.steps, addresses: event.addresses } };
    case 'proxy-end': {
      const { type: _type, at, hop: _hop, ...answer } = event;
      return { ...endedSteps(hop, at), endAt: at, ...answer };
    }
    default: return assertNever(event);
  }
}

/** The steps of a hop, the last one ended at `at`. */
export function endedSteps({ steps }: ProxyHop, at: number): { steps?: readonly ProxyStep[] } {
  if (!steps) return {};
  return { steps: steps.map((step) => step.endAt === undefined ? { ...step, endAt: at } : step) };
}

/** Changes one hop, in the list and where it is the last one. */
export function changeHop(connection: WithProxies, index: number, change: (hop: ProxyHop) => ProxyHop): void {
  const hop = connection.proxies?.[index];
  if (!hop) return;
  const changed = change(hop);
  connection.proxies = connection.proxies!.with(index, changed);
  if (connection.proxy === hop) connection.proxy = changed;
}
