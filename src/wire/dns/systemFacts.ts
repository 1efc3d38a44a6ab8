import type { SystemLookup } from '../../trace/systemLookup.ts';
import { createCurrentFile } from './currentFile.ts';
import type { Current } from './currentFile.ts';
import { emptyResolvConf, parseResolvConf, searchCandidates } from './resolvConf.ts';
import type { ResolvConf } from './resolvConf.ts';

// What the operating system's resolver goes by, as far as its files tell: it tells nothing itself.

interface SystemFiles {
  readonly platform: NodeJS.Platform;
  /** resolv.conf(5), nsswitch.conf(5), and where systemd-resolved lists the servers it asks. */
  readonly resolvConf?: string;
  readonly nsswitch?: string;
  readonly resolvedConf?: string;
  /** The machine's own name, whose domain is searched when nothing else is said. */
  readonly hostName: string;
}

/** What the system makes of a name, as its files are now. All resolve in every case. */
export interface SystemFacts {
  readonly factsOf: (name: string) => Promise<SystemLookup>;
  /** The names to ask by a search list, in order, as the system asks for them. */
  readonly candidatesOf: (name: string, search: Pick<ResolvConf, 'search' | 'ndots'>) => Promise<readonly string[]>;
  /** Whether it asks the link by multicast (RFC 6762) for names of `.local` before it asks name servers. */
  readonly asksLink: () => Promise<boolean>;
}

/** systemd-resolved(8): its stub listeners. */
const stubs = ['127.0.0.53', '127.0.0.54'];

/** A reader of the system's files, which reads them again when they have changed. */
export function createSystemFacts(files: SystemFiles): SystemFacts {
  const { platform, hostName, resolvConf = '/etc/resolv.conf', nsswitch = '/etc/nsswitch.conf' } = files;
  const { resolvedConf = '/run/systemd/resolve/resolv.conf' } = files;
  const readConf = createCurrentFile<ResolvConf>(
    resolvConf, (text) => parseResolvConf(text, hostName), emptyResolvConf,
  );
  const readSources = createCurrentFile<readonly string[]>(nsswitch, parseNsswitch, []);
  const readUpstream = createCurrentFile<ResolvConf>(resolvedConf, (text) => parseResolvConf(text), emptyResolvConf);
  const isDottedSearched = async (): Promise<boolean> => {
    // mDNSResponder on macOS, unlike the GNU C library and those of the BSDs.
    if (platform === 'darwin') return false;
    return !asksResolved((await readSources()).value) || (await readUpstream()).error !== undefined;
  };
  const candidatesOf: SystemFacts['candidatesOf'] = async (name, search) =>
    searchCandidates(name, search, await isDottedSearched());
  const factsOf: SystemFacts['factsOf'] = async (name) => {
    const call = { name, family: 'AF_UNSPEC', socketType: 'SOCK_STREAM' } as const;
    // Windows has no such files, and its rules by name (NRPT) are nowhere to be read.
    if (platform === 'win32') return { call, candidates: [name], search: [], ndots: 1, servers: [] };
    const [conf, sources] = await Promise.all([readConf(), readSources()]);
    const stub = stubs.includes(conf.value.nameServers[0] ?? '') ? await readUpstream() : undefined;
    const { search, ndots, nameServers } = conf.value;
    return {
      call, search, ndots, servers: nameServers, candidates: await candidatesOf(name, { search, ndots }),
      ...(conf.error === undefined ? { configuredIn: resolvConf } : {}),
      ...(sources.value.length > 0 ? { sources: sources.value } : {}),
      ...stubOf(stub, resolvedConf),
    };
  };
  const asksLink = async (): Promise<boolean> => {
    if (platform === 'darwin' || platform === 'win32') return true;
    const { value: sources } = await readSources();
    const dns = sources.indexOf('dns');
    return sources.slice(0, dns === -1 ? sources.length : dns).some((source) => /^(mdns|resolve$)/.test(source));
  };
  return { factsOf, candidatesOf, asksLink };
}

/**
 * nss-resolve(8): systemd-resolved answers in place of the C library's search, unless it is not running. It uses search
 * domains for names of one label only (resolved.conf(5)).
 */
function asksResolved(sources: readonly string[]): boolean {
  const index = sources.indexOf('resolve');
  const dns = sources.indexOf('dns');
  if (index === -1 || (dns !== -1 && dns < index)) return false;
  return /(!unavail|notfound)=return/i.test(sources[index + 1] ?? '');
}

function stubOf(stub: Current<ResolvConf> | undefined, configuredIn: string): Pick<SystemLookup, 'stub'> {
  if (stub === undefined || stub.error !== undefined) return {};
  return { stub: { upstream: stub.value.nameServers, configuredIn } };
}

/** So many words of one line are enough. */
const sourceLimit = 16;

/** Takes the text of nsswitch.conf(5) and gives the sources of its `hosts` line, actions in brackets as they stand. */
export function parseNsswitch(text: string): readonly string[] {
  const [, line = ''] = /^\s*hosts\s*:(.*)$/m.exec(text) ?? [];
  return (line.replace(/#.*/, '').match(/\[[^\]]{0,100}\]|[^\s[\]]{1,50}/g) ?? []).slice(0, sourceLimit);
}
