// What the operating system's resolver goes by: types only.

/**
 * What getaddrinfo(3) was asked and, as far as its configuration can be read, what it does with that. It tells neither
 * servers nor names it tried, so these are what its files say, and not what was seen.
 */
export interface SystemLookup {
  /** The call as it was made: `AF_UNSPEC` is both families. */
  readonly call: { readonly name: string; readonly family: 'AF_UNSPEC'; readonly socketType: 'SOCK_STREAM' };
  /** The names that the search list makes of it, in order (resolv.conf(5)); one alone is the name itself. */
  readonly candidates: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Name servers that are configured for it. */
  readonly servers: readonly string[];
  /** Where these were read; absent where the system has no such file. */
  readonly configuredIn?: string;
  /** The sources of `hosts:` in nsswitch.conf(5), in order, with their actions in brackets. */
  readonly sources?: readonly string[];
  /** The configured server is systemd-resolved on this machine, which asks the servers named `upstream` itself. */
  readonly stub?: { readonly upstream: readonly string[]; readonly configuredIn: string };
}
