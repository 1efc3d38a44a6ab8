import { isIP } from 'node:net';
import type { DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import type { ResolveOptions } from '../connection.ts';
import type { Current } from './currentFile.ts';
import { addressRecords, bothFamilies } from './getaddrinfo.ts';
import type { HostsFile } from './hostsFile.ts';
import { canonicalName, isWithin } from './name.ts';

// What is known without a question to anybody.

type OnStep = (step: DnsStep) => void;

/** Gives an IP address back as what it is; undefined for a name. */
export function literalAddress(
  name: string,
  now: () => number,
  onStep: OnStep,
): IpAddress | undefined {
  const family = isIP(name);
  if (family !== 4 && family !== 6) return undefined;
  const address: IpAddress = { address: name, family };
  const at = now();
  onStep({
    startAt: at,
    at,
    source: 'literal',
    question: { name, type: family === 6 ? 'AAAA' : 'A' },
    outcome: 'answered',
    records: addressRecords(name, [address]),
  });
  return address;
}

/**
 * Gives the addresses that came with the request for a name and port (`# @resolve`), the last entry that fits
 * counting, or undefined.
 */
export function givenAddresses(
  name: string,
  { given = [], port }: Pick<ResolveOptions, 'given' | 'port'>,
  now: () => number,
  onStep: OnStep,
): readonly IpAddress[] | undefined {
  const fits = (host: string): boolean => host === '*' || canonicalName(host) === canonicalName(name);
  const entry = given.findLast((one) => one.port === port && fits(one.host));
  if (entry === undefined) return undefined;
  const addresses = entry.addresses.map(
    (address): IpAddress => ({ address, family: isIP(address) === 6 ? 6 : 4 }),
  );
  const at = now();
  const records = addressRecords(name, addresses);
  onStep({ startAt: at, at, source: 'resolve', question: bothFamilies(name), outcome: 'answered', records });
  return addresses;
}

/** Where the hosts file is and how it reads now. */
interface HostsSource {
  readonly hostsFile: string;
  readonly readHosts: () => Promise<Current<HostsFile>>;
  readonly now: () => number;
}

/** Gives the addresses the hosts file has for a name, or undefined. Resolves in every case. */
export async function listedAddresses(
  name: string,
  { hostsFile, readHosts, now }: HostsSource,
  onStep: OnStep,
): Promise<readonly IpAddress[] | undefined> {
  const startAt = now();
  const { value, error } = await readHosts();
  const addresses = value.get(canonicalName(name));
  const records = addresses && addressRecords(name, addresses);
  onStep({
    startAt,
    at: now(),
    source: 'hosts',
    question: bothFamilies(name),
    server: hostsFile,
    outcome: addresses ? 'answered' : absence(error),
    ...(records && { records }),
    ...(error !== undefined && { message: error }),
  });
  return addresses;
}

/** Gives the names the hosts file has for an address, or undefined; a step only if there are some. */
export async function listedNames(
  address: string,
  { hostsFile, readHosts, now }: HostsSource,
  onStep: OnStep,
): Promise<readonly string[] | undefined> {
  const startAt = now();
  const { value } = await readHosts();
  const names = [...value]
    .flatMap(([name, addresses]) => addresses.some((one) => one.address === address) ? [name] : []);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 8);
  onStep({
    startAt, at: now(), source: 'hosts', question: { name: address, type: 'PTR' }, server: hostsFile,
    outcome: 'answered', purpose: 'peer-name',
    records: shown.map((name) => ({ section: 'answer', name: address, type: 'PTR', value: name })),
  });
  return shown;
}

/** A file that is not there lists nothing; one that cannot be read might. */
function absence(error: string | undefined): DnsStep['outcome'] {
  return error === undefined || error === 'ENOENT' ? 'not-listed' : 'error';
}

const loopback: readonly IpAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

/**
 * RFC 6761 §6.3: `localhost` and the names below it are always loopback and never asked of anybody.
 * Gives undefined for other names.
 */
export function loopbackAddresses(
  name: string,
  now: () => number,
  onStep: OnStep,
): readonly IpAddress[] | undefined {
  if (!isWithin(canonicalName(name), 'localhost')) return undefined;
  const at = now();
  onStep({
    startAt: at,
    at,
    source: 'literal',
    question: bothFamilies(name),
    outcome: 'answered',
    records: addressRecords(name, loopback),
    message: 'RFC 6761 §6.3',
  });
  return loopback;
}
