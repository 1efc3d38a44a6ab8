import { formatDuration, formatLifetime } from '../explain/format.ts';
import { explainDnsStep } from '../explain/nameStep.ts';
import { proxyStepLabel } from '../explain/proxies.ts';
import { explainServerOf } from '../explain/questions.ts';
import { explainStepDetails, explainSystemLookup, stepTone } from '../explain/stepDetails.ts';
import { inspectorTexts } from '../explain/text/inspector.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { DnsRecord, DnsStep, IpAddress } from '../trace/dnsStep.ts';
import type { Connection, Exchange } from '../trace/exchange.ts';
import { chainLines } from './certificateLines.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { hang, heading, padded, widest } from './columns.ts';
import { factLines, mark } from './factLines.ts';
import { fieldLines } from './messageLines.ts';

/** One lookup as it is listed. */
interface Listed {
  readonly title: string;
  readonly name: string;
  readonly time: number | undefined;
  readonly steps: readonly DnsStep[];
  readonly addresses: readonly IpAddress[];
}

/** How lookups are listed. */
interface Manner {
  readonly exchange: Exchange;
  readonly verbose: boolean;
  readonly language: Language;
  readonly terminal: Terminal;
}

/**
 * The steps of a new connection's lookups: who was asked, what for, how long it took, and a sentence on what was said;
 * `verbose` also flags, sizes and records. Without it only the walk from the root (`# @dns trace`) and the operating
 * system's lookup are listed. None for a reused connection.
 */
export function lookupLines(
  exchange: Exchange, verbose: boolean, language: Language, terminal: Terminal,
): string[] {
  const { connection, reused } = exchange;
  if (!connection || reused) return [];
  const manner = { exchange, verbose, language, terminal };
  return lookupsOf(connection, verbose, language).flatMap((listed) => {
    const steps = verbose
      ? listed.steps : listed.steps.filter(({ zone, system }) => zone !== undefined || system !== undefined);
    return steps.length === 0 ? [] : listLines({ ...listed, steps }, manner);
  });
}

/** Of the host, of targets for proxies that take addresses only, and of the peer's name. */
function lookupsOf({ lookup, proxies = [], peerName }: Connection, verbose: boolean, language: Language): Listed[] {
  const own: Listed[] = lookup
    ? [{ ...lookup, title: say(inspectorTexts, language, 'lookup'), time: spanOf(lookup) }] : [];
  if (!verbose) return own;
  const targets = proxies.flatMap((hop): Listed[] => {
    const step = hop.steps?.find(({ name }) => name === 'dns');
    return hop.lookup ? [{ ...hop.lookup, title: proxyStepLabel('dns', language), time: step && spanOf(step) }] : [];
  });
  const peer: Listed[] = peerName ? [{
    title: say(inspectorTexts, language, 'peer-names'), name: peerName.address, time: spanOf(peerName),
    steps: peerName.steps, addresses: [],
  }] : [];
  return [...own, ...targets, ...peer];
}

function spanOf({ startAt, endAt }: { readonly startAt: number; readonly endAt?: number }): number | undefined {
  return endAt === undefined ? undefined : endAt - startAt;
}

function listLines({ title, name, time, steps, addresses }: Listed, manner: Manner): string[] {
  const { language, terminal, verbose } = manner;
  const spent = time === undefined ? '' : formatDuration(time, language);
  const rows = steps.map((step) => stepParts(step, language));
  const widths = [0, 1, 2].map((column) => widest(rows.map((parts) => parts[column]!)));
  const fits = widths.reduce((sum, width) => sum + width + 2, 4 + 9) <= terminal.columns;
  // Two of them stand in the chart.
  const tried = verbose && addresses.length > 2 ? addresses.map(({ address }) => address).join(', ') : undefined;
  return [
    '', heading(`${title} ${printable(name)}`, spent, terminal),
    ...steps.flatMap((step, index) => [
      ...titleLines(step, rows[index]!, fits ? widths : undefined, manner), ...moreLines(step, manner),
    ]),
    ...(tried === undefined ? [] : hang(`  ${say(inspectorTexts, language, 'addresses')}  `, tried, terminal)),
  ];
}

/** The question, who was asked, and what came of it. */
function stepParts(step: DnsStep, language: Language): [question: string, source: string, outcome: string] {
  const { question, source, zone, server, serverName, transport, outcome, rcode } = step;
  const who = zone === undefined || source === 'cache' ? say(inspectorTexts, language, `source-${source}`) : serverName;
  const asked = [
    zone === undefined ? undefined : `${say(inspectorTexts, language, 'zone')} ${zone}`, who, server,
    transport === undefined ? undefined : say(inspectorTexts, language, 'over', { transport: transport.toUpperCase() }),
  ];
  const became = [say(inspectorTexts, language, `outcome-${outcome}`), rcode];
  return [
    printable(`${question.type} ${question.name}`), printable(asked.filter((part) => part !== undefined).join(' ')),
    became.filter((part) => part !== undefined).join(' '),
  ];
}

/** In columns where the terminal is wide enough for all of them. */
function titleLines(
  step: DnsStep, parts: readonly string[], widths: readonly number[] | undefined, { language, terminal }: Manner,
): string[] {
  const tone = stepTone(step);
  const head = `  ${tone === 'dim' ? '· ' : mark(tone, terminal)}`;
  const time = formatDuration(step.at - step.startAt, language);
  if (!widths) return hang(head, [...parts, time].join('  '), terminal, { gap: '  ' });
  return [`${head}${parts.map((part, column) => padded(part, widths[column]!)).join('  ')}  ${time.padStart(9)}`];
}

const indent = 6;

function moreLines(step: DnsStep, manner: Manner): string[] {
  const { exchange, verbose, language, terminal } = manner;
  const { system, connection, records = [] } = step;
  const { tls, serverName: asked = '', requestHeaders = [], responseHeaders = [] } = connection ?? {};
  const shade = (line: string): string => dim(line, terminal);
  const space = ' '.repeat(indent);
  const sentence = explainDnsStep(step, language);
  const told = sentence === undefined ? [] : hang(space, printable(sentence), terminal, { shade });
  const facts = system ? factLines(explainSystemLookup(system, language), indent, terminal) : [];
  if (!verbose) return [...told, ...facts];
  const details = printable(explainStepDetails(step, language).join(' · '));
  const otherSide = printable(explainServerOf(step, exchange, language) ?? '');
  return [
    ...told,
    ...[details, otherSide].flatMap((text) => text === '' ? [] : hang(space, text, terminal, { shade })), ...facts,
    ...exchangeLines('dns-request-headers', requestHeaders, manner),
    ...exchangeLines('response-headers', responseHeaders, manner),
    ...(tls ? chainLines(tls, { asked, now: exchange.startedAt }, indent, language, terminal) : []),
    ...recordLines(records, manner),
  ];
}

/** A question over HTTPS is an exchange of its own. */
function exchangeLines(
  title: 'dns-request-headers' | 'response-headers', fields: Parameters<typeof fieldLines>[0],
  { language, terminal }: Manner,
): string[] {
  if (fields.length === 0) return [];
  const space = ' '.repeat(indent);
  return [
    `${space}${say(inspectorTexts, language, title)}`,
    ...fieldLines(fields, terminal).map((line) => `${space}  ${line}`),
  ];
}

/** A line for each RRset (RFC 2181 §5): records of the same name and type have one TTL. */
function recordLines(records: readonly DnsRecord[], { language, terminal }: Manner): string[] {
  const rows = setsOf(records).map((set) => {
    const { section, name, type, ttl } = set[0]!;
    const lifetime = ttl === undefined ? '' : formatLifetime(ttl, language);
    return { parts: [section, printable(name), type, lifetime], values: set.map(({ value }) => printable(value)) };
  });
  const widths = [0, 1, 2, 3].map((column) => widest(rows.map(({ parts }) => parts[column]!)));
  return rows.flatMap(({ parts: [section = '', ...parts], values }) => {
    const columns = parts.map((part, column) => padded(part, widths[column + 1]!)).join('  ');
    const head = `${' '.repeat(indent)}${dim(padded(section, widths[0]!), terminal)}  ${columns}  `;
    return hang(head, values.join(', '), terminal);
  });
}

function setsOf(records: readonly DnsRecord[]): DnsRecord[][] {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const key = [record.section, record.name, record.type, record.ttl].join(' ');
    const set = sets.get(key);
    if (set) set.push(record);
    else sets.set(key, [record]);
  }
  return [...sets.values()];
}
