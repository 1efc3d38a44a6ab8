import { isIPv4, isIPv6 } from 'node:net';
import { canonicalName, nameProblem } from './name.ts';

// An HTTPS record as `serviceBinding.ts` presents it, taken apart again (RFC 9460 §2.1).

export interface ServiceRecord {
  /** As it stands in the zone. */
  readonly value: string;
  /** 0 is AliasMode (§2.4.2). */
  readonly priority: number;
  /** Canonical; `''` stands for `.`. */
  readonly target: string;
  readonly mandatory: readonly string[];
  /** Keys that it must have for the sake of others (§7.1.1, §8). */
  readonly needed: readonly string[];
  /**
   * The SVCB ALPN set (§7.1.2): with `http/1.1`, the default of HTTPS records (§9.1), unless `no-default-alpn` says
   * not.
   */
  readonly protocols: readonly string[];
  readonly port?: number;
  readonly ipv4hint: readonly string[];
  readonly ipv6hint: readonly string[];
  readonly keys: readonly string[];
}

/** So many addresses are taken from a hint. */
const hintLimit = 8;

/** Takes a record in presentation form; undefined when it is malformed (and so is the whole set, §2.2). */
export function parseServiceRecord(value: string): ServiceRecord | undefined {
  const [priorityText = '', targetText = '', ...parameters] = value.split(' ');
  if (!/^\d{1,5}$/.test(priorityText) || !targetText.endsWith('.')) return undefined;
  const target = targetText === '.' ? '' : canonicalName(targetText);
  if (target !== '' && nameProblem(target) !== undefined) return undefined;
  const values = new Map(parameters.map((parameter): [string, string] => {
    const at = parameter.indexOf('=');
    return at === -1 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
  }));
  const own = splitProtocols(values.get('alpn') ?? '');
  const port = values.get('port');
  const mandatory = listOf(values.get('mandatory'));
  const needed = values.has('no-default-alpn') ? ['alpn', ...mandatory] : mandatory;
  return {
    value, priority: Number(priorityText), target, mandatory, needed,
    protocols: values.has('no-default-alpn') ? own : [...new Set([...own, 'http/1.1'])],
    ...(port === undefined ? {} : { port: Number(port) }),
    ipv4hint: listOf(values.get('ipv4hint')).filter(isIPv4).slice(0, hintLimit),
    ipv6hint: listOf(values.get('ipv6hint')).filter(isIPv6).slice(0, hintLimit),
    keys: [...values.keys()],
  };
}

function listOf(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : value.split(',');
}

/** Appendix A.1: a comma that belongs to an id stands behind a backslash, which is itself escaped in the text. */
function splitProtocols(value: string): string[] {
  return value.match(/(?:\\\\,|[^,])+/g) ?? [];
}
