import type { Exchange, ProxyHop, ProxyStep } from '../trace/exchange.ts';
import type { Phase } from '../trace/phases.ts';
import { formatTlsVersion } from './format.ts';
import { hopNote, phaseLabel } from './phases.ts';
import { formatProxies, proxyStepLabel } from './proxies.ts';
import type { Language } from './text/language.ts';
import type { Row, RowState } from './waterfall.ts';

/**
 * The rows of the proxies on the way: one for each, or one for each step where there are several. `last` is the state
 * of the last row.
 */
export function proxyRows(exchange: Exchange, phase: Phase, last: RowState, language: Language): Row[] {
  const { proxies = [], proxy } = exchange.connection ?? {};
  const hops = proxies.length === 0 && proxy ? [proxy] : proxies;
  const rows = hops.flatMap((hop, index) => hopRows(exchange, hop, hops.length === 1 ? undefined : index, language));
  const end = rows.at(-1);
  if (!end) return [];
  const duration = end.duration ?? (phase.duration === undefined || end.start === undefined
    ? undefined : phase.start + phase.duration - end.start);
  return [...rows.slice(0, -1), { ...end, state: last, ...(duration === undefined ? {} : { duration }) }];
}

function hopRows(exchange: Exchange, hop: ProxyHop, index: number | undefined, language: Language): Row[] {
  const steps = hop.steps ?? [];
  const key = index === undefined ? 'proxy' : `proxy-${index}`;
  const detail = index === undefined ? {} : { detail: formatProxies(hop.proxy) };
  const row = (name: string, label: string, span: ProxyHop | ProxyStep, note: string): Row => ({
    key: name, lane: 'client', name: 'proxy', label, ...detail, note, state: 'done',
    start: span.startAt - exchange.startAt,
    ...(span.endAt === undefined ? {} : { duration: Math.max(0, span.endAt - span.startAt) }),
  });
  if (steps.length === 0) return [row(key, phaseLabel('proxy', language), hop, hopNote(hop, exchange, language))];
  return steps.map((step, at) => {
    const note = at === steps.length - 1 ? hopNote(hop, exchange, language) : '';
    return row(`${key}-${step.name}`, proxyStepLabel(step.name, language), step, stepNote(step, hop) ?? note);
  });
}

/** What came of a step that is not the tunnel itself. */
function stepNote({ name, endAt }: ProxyStep, { tls, lookup }: ProxyHop): string | undefined {
  if (endAt === undefined) return undefined;
  if (name === 'tls' && tls) {
    return [formatTlsVersion(tls.version), tls.group].filter((part) => part !== undefined).join(', ');
  }
  const addresses = name === 'dns' ? lookup?.addresses ?? [] : [];
  return addresses.length === 0 ? undefined : addresses.map(({ address }) => address).join(', ');
}
