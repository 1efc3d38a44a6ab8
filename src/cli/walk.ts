import { formatDuration } from '../explain/format.ts';
import { explainDnsStep } from '../explain/nameStep.ts';
import type { Language } from '../explain/text/language.ts';
import type { DnsStep } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { dim, printable } from './chart.ts';
import type { Terminal } from './chart.ts';

/**
 * The walk from the root (`# @dns trace`) as lines for a terminal: for each question the zone, the server, what was
 * asked and how long it took, and a sentence on what was said. Empty for other lookups and on a reused connection.
 */
export function walkLines({ connection, reused }: Exchange, language: Language, terminal: Terminal): string[] {
  const steps = reused ? [] : connection?.lookup?.steps.filter(({ zone }) => zone !== undefined) ?? [];
  return steps.length === 0 ? [] : ['', ...steps.flatMap((step) => stepLines(step, language, terminal))];
}

function stepLines(step: DnsStep, language: Language, terminal: Terminal): string[] {
  const { zone = '', server = '', serverName, question, transport = '', rcode, outcome, at, startAt } = step;
  const asked = [
    zone.padEnd(16), serverName === undefined ? server : `${serverName} (${server})`, transport.toUpperCase(),
    `${question.type} ${question.name}`, rcode ?? outcome, formatDuration(at - startAt, language),
  ];
  return [`  ${printable(asked.join('  '))}`, dim(`    ${printable(explainDnsStep(step, language) ?? '')}`, terminal)];
}
