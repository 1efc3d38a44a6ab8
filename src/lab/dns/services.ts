import type { Answer } from 'dns-packet';
import { ttl } from './zone.ts';

// Names that tell which port a service is at: SRV (RFC 2782), SVCB and HTTPS (RFC 9460). Ports are not known before the
// lab has started, and some are not there all the time.

interface Services {
  /** Of the lab's servers. */
  readonly addresses: readonly string[];
  /** The address records of a name. */
  readonly host: (name: string) => Answer[];
  readonly https: number;
  readonly ftp: number | undefined;
}

/** The records of a name that is about a service, none while that is not there; undefined for any other name. */
export function servicesAt(name: string, { addresses, host, https, ftp }: Services): readonly Answer[] | undefined {
  if (name === '_ftp._tcp.lab.test') {
    return ftp === undefined ? []
      : [{ type: 'SRV', name, ttl, data: { priority: 0, weight: 5, port: ftp, target: 'ftp.lab.test' } }];
  }
  if (name === '_ftp.lab.test') return ftp === undefined ? [] : [serviceBinding('SVCB', name, 1, 'ftp.lab.test', [port(ftp)])];
  const http2 = [protocols('h2', 'http/1.1'), port(https)];
  // RFC 9460 §2.4.2: an alias leads to the name itself, without the port and scheme before it.
  if (name === 'hints.lab.test') {
    return [...host(name), serviceBinding('HTTPS', name, 1, name, [...http2, ...hints(addresses)])];
  }
  const [, asked, owner] = /^_(\d{1,5})\._https\.((?:h2|apex|hints)\.lab\.test)$/.exec(name) ?? [];
  if (owner === undefined) return undefined;
  if (Number(asked) !== https) return [];
  if (owner === 'apex.lab.test') return [serviceBinding('HTTPS', name, 0, 'hints.lab.test', [])];
  return [serviceBinding('HTTPS', name, 1, owner, owner === 'h2.lab.test' ? http2 : [...http2, ...hints(addresses)])];
}

const typeNumbers = { SVCB: 64, HTTPS: 65 } as const;

/** RFC 9460 §2.2: parameters in the order of their keys. Priority 0 is an alias. dns-packet does not write these types. */
function serviceBinding(
  type: keyof typeof typeNumbers, name: string, priority: number, target: string, parameters: readonly Buffer[],
): Answer {
  const labels = target.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const data = Buffer.concat([uint16(priority), ...labels, Buffer.from([0]), ...parameters]);
  return { type: `UNKNOWN_${typeNumbers[type]}`, name, ttl, data } as unknown as Answer;
}

function parameter(key: number, value: Buffer): Buffer {
  return Buffer.concat([uint16(key), uint16(value.length), value]);
}

/** §7.1: `alpn`. */
function protocols(...ids: readonly string[]): Buffer {
  return parameter(1, Buffer.concat(ids.map((id) => Buffer.from([id.length, ...Buffer.from(id)]))));
}

/** §7.2. */
function port(value: number): Buffer {
  return parameter(3, uint16(value));
}

/** §7.3: `ipv4hint` and `ipv6hint`, of loopback. */
function hints(addresses: readonly string[]): Buffer[] {
  const ipv4 = parameter(4, Buffer.from([127, 0, 0, 1]));
  return addresses.includes('::1') ? [ipv4, parameter(6, Buffer.from([...Array<number>(15).fill(0), 1]))] : [ipv4];
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
