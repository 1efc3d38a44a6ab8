import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { IpAddress } from '../../trace/dnsStep.ts';
import { addressBytes, commonPrefixLength, isWithinPrefix } from './addressBytes.ts';
import { defaultPolicy, valueOf } from './addressPolicy.ts';
import type { AddressPolicy } from './addressPolicy.ts';

// Default address selection for destinations, RFC 6724 §6.

/**
 * Gives the source address the kernel would use for a destination, or undefined if there is no way
 * to it.
 */
export type SourceOf = (destination: IpAddress) => Promise<string | undefined>;

/** Gives the length of the on-link prefix of one of the machine's own addresses, if it is known. */
type PrefixLengthOf = (source: string) => number | undefined;

/** A destination with everything the rules compare. */
interface Candidate {
  readonly precedence: number;
  readonly address: IpAddress;
  readonly reachable: boolean;
  readonly sameScope: boolean;
  readonly sameLabel: boolean;
  readonly scope: number;
  readonly prefixLength: number;
}

/** Each address costs a socket to order: so many of a family are, and the others follow them as they came. */
const orderLimit = 32;

/**
 * Takes addresses and gives them in the order to try (RFC 6724 §6). The same addresses on the same
 * machine come in the same order; those no rule tells apart keep theirs (rule 10).
 */
export async function orderAddresses(
  addresses: readonly IpAddress[],
  sourceOf: SourceOf = kernelSourceOf,
  prefixLengthOf: PrefixLengthOf = interfacePrefixLength,
  policy: AddressPolicy = defaultPolicy,
): Promise<readonly IpAddress[]> {
  if (addresses.length < 2) return addresses;
  const counts = { 4: 0, 6: 0 };
  const isFirst = addresses.map(({ family }) => (counts[family] += 1) <= orderLimit);
  const candidates = await Promise.all(
    addresses.filter((_, index) => isFirst[index])
      .map(async (address) => toCandidate(address, await sourceOf(address), prefixLengthOf, policy)),
  );
  const others = addresses.filter((_, index) => !isFirst[index]);
  return [...candidates.sort(compare).map(({ address }) => address), ...others];
}

function toCandidate(
  address: IpAddress,
  source: string | undefined,
  prefixLengthOf: PrefixLengthOf,
  { precedences, labels }: AddressPolicy,
): Candidate {
  const bytes = addressBytes(address.address);
  const scope = scopeOf(bytes);
  const precedence = valueOf(bytes, precedences);
  if (source === undefined) {
    return {
      address,
      precedence,
      scope,
      reachable: false,
      sameScope: false,
      sameLabel: false,
      prefixLength: 0,
    };
  }
  const sourceBytes = addressBytes(source);
  return {
    address,
    precedence,
    scope,
    reachable: true,
    sameScope: scopeOf(sourceBytes) === scope,
    sameLabel: valueOf(sourceBytes, labels) === valueOf(bytes, labels),
    prefixLength: address.family === 6
      ? prefixLength(sourceBytes, bytes, prefixLengthOf(source))
      : onLinkLength(sourceBytes, bytes, prefixLengthOf(source)),
  };
}

/**
 * RFC 6724 §2.2: no longer than the source's own prefix; 64 where that is not known (RFC 4291
 * §2.5.1).
 */
function prefixLength(source: Buffer, destination: Buffer, limit = 64): number {
  return Math.min(limit, commonPrefixLength(source, destination));
}

/**
 * Of IPv4 only where the destination is on the source's own link, else nothing: elsewhere common prefixes say nothing,
 * and would undo the name server's rotation of addresses. The C library of GNU has it so.
 */
function onLinkLength(source: Buffer, destination: Buffer, limit: number | undefined): number {
  const common = commonPrefixLength(source, destination) - mappedLength;
  return limit !== undefined && common >= limit ? common : 0;
}

/**
 * Rules 3, 4 and 7 need what the kernel does not tell (deprecated, home and tunnelled addresses).
 */
function compare(a: Candidate, b: Candidate): number {
  return (
    Number(b.reachable) - Number(a.reachable) // rule 1: avoid unusable destinations
    || Number(b.sameScope) - Number(a.sameScope) // rule 2: prefer matching scope
    || Number(b.sameLabel) - Number(a.sameLabel) // rule 5: prefer matching label
    || b.precedence - a.precedence // rule 6: prefer higher precedence
    || a.scope - b.scope // rule 8: prefer smaller scope
    || longestPrefix(a, b)
  );
}

/** Rule 9. */
function longestPrefix(a: Candidate, b: Candidate): number {
  return a.address.family === b.address.family ? b.prefixLength - a.prefixLength : 0;
}

const linkLocal = 0x2;
const siteLocal = 0x5;
const global = 0xe;
const mappedPrefix = addressBytes('::ffff:0:0');
const mappedLength = 96;

/**
 * RFC 6724 §3.1 and, for IPv4, §3.2: loopback and 169.254/16 are link-local, private ones global.
 */
function scopeOf(bytes: Buffer): number {
  if (isWithinPrefix(bytes, mappedPrefix, 96)) {
    return bytes[12] === 127 || (bytes[12] === 169 && bytes[13] === 254) ? linkLocal : global;
  }
  if (bytes[0] === 0xff) return (bytes[1] ?? 0) & 0xf;
  if (isWithinPrefix(bytes, addressBytes('::1'), 128)) return linkLocal;
  if (isWithinPrefix(bytes, addressBytes('fe80::'), 10)) return linkLocal;
  return isWithinPrefix(bytes, addressBytes('fec0::'), 10) ? siteLocal : global;
}

/**
 * Finds the source by connecting a UDP socket, which sends nothing but asks the kernel for a route.
 */
export function kernelSourceOf(destination: IpAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(destination.family === 6 ? 'udp6' : 'udp4');
    const end = (source: string | undefined): void => {
      socket.close();
      resolve(source);
    };
    socket.once('error', () => end(undefined));
    socket.once('connect', () => end(socket.address().address));
    // Any port will do; 9 is discard.
    socket.connect(9, destination.address);
  });
}

function interfacePrefixLength(source: string): number | undefined {
  const [plain] = source.split('%');
  const own = Object.values(networkInterfaces())
    .flat()
    .find((known) => known?.address === plain);
  const length = Number(own?.cidr?.split('/')[1]);
  return Number.isNaN(length) ? undefined : length;
}
