import { getServers } from 'node:dns';
import { hostname } from 'node:os';
import { isIPv6 } from 'node:net';
import { parsePlainServer } from './chosenServers.ts';
import { createCurrentFile } from './currentFile.ts';
import type { Server } from './exchange.ts';
import { emptyResolvConf, parseResolvConf } from './resolvConf.ts';
import type { ResolvConf } from './resolvConf.ts';

/**
 * How the configured servers are to be asked; `timeout` in milliseconds a try, `tries` over all
 * servers.
 */
export interface Configuration {
  readonly servers: readonly Server[];
  readonly search: readonly string[];
  readonly ndots: number;
  readonly timeout: number;
  readonly tries: number;
}

interface ConfigurationOptions {
  readonly platform: NodeJS.Platform;
  readonly resolvConf?: string;
  readonly servers?: readonly Server[];
  readonly serverPort: number;
  readonly timeout: number;
  readonly tries: number;
}

const serverLimit = 3;

/**
 * Gives a function that tells what is configured now: the given servers if any are given, else
 * resolv.conf, else, on Windows, which has no such file, the servers Node knows. It resolves in
 * every case.
 */
export function createConfiguration(options: ConfigurationOptions): () => Promise<Configuration> {
  const { timeout, tries, servers, resolvConf, platform } = options;
  const plain = { search: [], ndots: 1, timeout, tries };
  if (servers !== undefined) return async () => ({ ...plain, servers });
  if (platform === 'win32' && resolvConf === undefined) {
    return async () => ({ ...plain, servers: parseServers(getServers()) });
  }
  const read = createCurrentFile(
    resolvConf ?? '/etc/resolv.conf',
    (text) => parseResolvConf(text, hostname()),
    emptyResolvConf,
  );
  return async () => fromResolvConf((await read()).value, options);
}

function fromResolvConf(conf: ResolvConf, options: ConfigurationOptions): Configuration {
  const { serverPort, timeout, tries } = options;
  return {
    servers: conf.nameServers.map((address) => ({ address, port: serverPort })),
    search: conf.search,
    ndots: conf.ndots,
    timeout: conf.timeout === undefined ? timeout : conf.timeout * 1000,
    tries: conf.attempts === undefined ? tries : conf.attempts * conf.nameServers.length,
  };
}

/**
 * Takes the form of `dns.getServers()`: an address, with a port if it is not 53
 * (`[2001:db8::1]:5353`).
 */
export function parseServers(texts: readonly string[]): Server[] {
  return texts
    .flatMap((text) => parsePlainServer(text) ?? [])
    .filter(({ address }) => !isUnusable(address))
    .slice(0, serverLimit);
}

/**
 * Windows lists fec0:0:0:ffff::1 to ::3 where nothing is configured; site-local was given up (RFC
 * 3879).
 */
function isUnusable(address: string): boolean {
  return isIPv6(address) && /^fec0:/i.test(address);
}
