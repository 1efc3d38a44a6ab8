import { isIP } from 'node:net';
import { canonicalName, countDots, nameProblem } from './name.ts';

/** resolv.conf(5): how the operating system's resolver asks. */
export interface ResolvConf {
  /** IP addresses; the resolver takes the first three. */
  readonly nameServers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Seconds a try, if the file says so. */
  readonly timeout?: number;
  /** Rounds over all servers, if the file says so. */
  readonly attempts?: number;
}

const nameServerLimit = 3;
// glibc has no limit any more; the older six domains are not enough for everyone, a bound there
// must be.
const searchLimit = 32;

/** Nothing configured. */
export const emptyResolvConf: ResolvConf = { nameServers: [], search: [], ndots: 1 };

/**
 * Takes the text of resolv.conf and the machine's own name, whose domain is searched when the file
 * names none, and gives what it configures. Lines that make no sense are skipped, as the C library
 * does.
 */
export function parseResolvConf(text: string, hostName = ''): ResolvConf {
  let nameServers: string[] = [];
  let search = domainOf(hostName);
  let options: Options = { ndots: 1 };
  for (const line of text.split(/\r?\n/)) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver')
      nameServers = [...nameServers, ...values.slice(0, 1).filter(isIP)];
    // The last of `search` and `domain` wins.
    if (keyword === 'search') search = searchDomains(values);
    if (keyword === 'domain') search = searchDomains(values.slice(0, 1));
    if (keyword === 'options') options = readOptions(values, options);
  }
  return { nameServers: nameServers.slice(0, nameServerLimit), search, ...options };
}

type Options = Pick<ResolvConf, 'ndots' | 'timeout' | 'attempts'>;

function domainOf(hostName: string): string[] {
  const dot = hostName.indexOf('.');
  return dot === -1 ? [] : searchDomains([hostName.slice(dot + 1)]);
}

function searchDomains(values: readonly string[]): string[] {
  return values
    .filter((value) => value === '.' || nameProblem(value) === undefined)
    .slice(0, searchLimit)
    .map(canonicalName);
}

/** The silent caps are those of resolv.conf(5): ndots 15, timeout 30, attempts 5. */
function readOptions(values: readonly string[], before: Options): Options {
  let options = before;
  for (const value of values) {
    const [, key, digits] = /^(ndots|timeout|attempts):(\d+)$/.exec(value) ?? [];
    if (key === 'ndots') options = { ...options, ndots: Math.min(15, Number(digits)) };
    if (key === 'timeout')
      options = { ...options, timeout: Math.min(30, Math.max(1, Number(digits))) };
    if (key === 'attempts')
      options = { ...options, attempts: Math.min(5, Math.max(1, Number(digits))) };
  }
  return options;
}

/**
 * Takes a name as asked for and gives the names to ask, in order, all canonical. resolv.conf(5):
 * one with fewer than `ndots` dots is tried in each search domain before it is tried as it is; one
 * that ends in a dot is complete. Others are tried as they are, and then, if `isDottedSearched`, in
 * each search domain too, as the GNU C library does.
 */
export function searchCandidates(
  name: string,
  configuration: Pick<ResolvConf, 'search' | 'ndots'>,
  isDottedSearched: boolean,
): string[] {
  const own = canonicalName(name);
  if (name.endsWith('.')) return [own];
  const searched = configuration.search
    .map((domain) => (domain === '' ? own : `${own}.${domain}`))
    .filter((candidate) => nameProblem(candidate) === undefined);
  const dots = countDots(own);
  if (dots < configuration.ndots) return [...new Set([...searched, own])];
  return dots > 0 && !isDottedSearched ? [own] : [...new Set([own, ...searched])];
}
