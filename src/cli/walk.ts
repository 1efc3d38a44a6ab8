import { formatDuration } from '../explain/format.ts';
import { explainDnsStep } from '../explain/nameStep.ts';
import type { Language } from '../explain/text/language.ts';
import type { DnsStep } from '../trace/dnsStep.ts';
import type { Exchange } from '../trace/exchange.ts';
import { dim, printable } from './chart.ts';
import type { Terminal } from './chart.ts';

/**
 * The walk from the root (`# @dns trace`) as lines for a terminal: for each question the zone, the server, what was
 * asked and how long it took, and a sentence on what was said; the operating system's lookup likewise. Empty for other
 * lookups and on a reused connection.
 */
export function walkLines({ connection, reused }: Exchange, language: Language, terminal: Terminal): string[] {
  const steps = reused
    ? [] : connection?.lookup?.steps.filter(({ zone, system }) => zone !== undefined || system) ?? [];
  return steps.length === 0 ? [] : ['', ...steps.flatMap((step) => stepLines(step, language, terminal))];
}

function stepLines(step: DnsStep, language: Language, terminal: Terminal): string[] {
  const { zone, server = '', serverName, question, transport = '', rcode, outcome, at, startAt, source } = step;
  const asked = [
    zone === undefined ? source : zone.padEnd(16), source === 'cache' ? source : '',
    serverName === undefined ? server : `${serverName} (${server})`, transport.toUpperCase(),
    `${question.type} ${question.name}`, rcode ?? outcome, formatDuration(at - startAt, language),
  ];
  return [
    `  ${printable(asked.filter((part) => part !== '').join('  '))}`, ...systemLines(step, terminal),
    dim(`    ${printable(explainDnsStep(step, language) ?? '')}`, terminal),
  ];
}

/** The names that the system's search list makes of the one asked for. */
function systemLines({ system }: DnsStep, terminal: Terminal): string[] {
  if (!system) return [];
  const { candidates, servers, sources = [] } = system;
  const parts = [candidates.join(' → '), servers.join(', '), sources.join(' ')].filter((part) => part !== '');
  return [dim(`    ${printable(parts.join(' · '))}`, terminal)];
}
