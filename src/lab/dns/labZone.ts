import type { Answer } from 'dns-packet';
import { servicesAt } from './services.ts';
import { addressesOf, createZone, isWithin, ttl } from './zone.ts';
import type { Delegation, NamedServer, Zone } from './zone.ts';

export const origin = 'lab.test';

/** What is in the zone `lab.test`. */
export interface LabZoneData {
  readonly server: NamedServer;
  /** The addresses that the lab listens on: `127.0.0.1`, and `::1` where it is there. */
  readonly addresses: readonly string[];
  readonly delegations?: readonly Delegation[];
  /** Of HTTPS, for the HTTPS records; 0 while it is not known. */
  readonly httpsPort: () => number;
  /** Where the lab's FTP server listens, for its SRV and SVCB records; undefined while it does not. */
  readonly ftpPort: () => number | undefined;
}

/**
 * The zone `lab.test`: every name in it is this machine, except `nowhere.lab.test`, which does not exist, and
 * `servfail.lab.test`, whose server is always in trouble. A few names have more, or less, to show.
 */
export function createLabZone({ server, addresses, delegations = [], httpsPort, ftpPort }: LabZoneData): Zone {
  const host = (name: string): Answer[] => addressesOf({ name, addresses });
  return createZone({
    origin, server, delegations, troubled: `servfail.${origin}`,
    records: [
      ...host(origin), ...shownRecords(host), ...aliases, ...addressesOf(server),
      // Names that have one family only, and a name that has no address at all.
      { type: 'A', name: `ipv4.${origin}`, ttl, data: '127.0.0.1' },
      ...host(`ipv6.${origin}`).filter(({ type }) => type === 'AAAA'),
      { type: 'TXT', name: `ipv6.${origin}`, ttl, data: 'This name has no IPv4 address.' },
      { type: 'TXT', name: `empty.${origin}`, ttl, data: 'This name exists, and has no address.' },
    ],
    changing: (name) => servicesAt(name, { addresses, host, https: httpsPort(), ftp: ftpPort() }),
    // RFC 8020: below a name that does not exist nothing exists. An odd label is no host of ours either.
    others: (name, isHostName) => isWithin(name, `nowhere.${origin}`) || !isHostName ? [] : host(name),
  });
}

/** One record of every type that is shown and never changes. */
function shownRecords(host: (name: string) => Answer[]): Answer[] {
  return [
    { type: 'TXT', name: origin, ttl, data: 'Roundtrip Lab: a small Internet in a box' },
    { type: 'MX', name: origin, ttl, data: { preference: 10, exchange: `mail.${origin}` } },
    // RFC 8659 §4: only this authority may issue certificates for the zone.
    { type: 'CAA', name: origin, ttl, data: { flags: 0, tag: 'issue', value: 'roundtrip-lab.test' } },
    {
      type: 'NAPTR', name: origin, ttl,
      data: {
        order: 10, preference: 10, flags: 'u', services: 'E2U+web', regexp: '!^.*$!http://lab.test/!', replacement: '.',
      },
    },
    // RFC 6672: each name below this one is an alias for the same name below lab.test.
    { type: 'DNAME', name: `moved.${origin}`, ttl, data: origin },
    // Too long for one datagram, so that the answer comes over TCP.
    ...host(`big.${origin}`), { type: 'TXT', name: `big.${origin}`, ttl, data: longTexts },
  ];
}

const alias = (from: string, to: string): Answer =>
  ({ type: 'CNAME', name: `${from}.${origin}`, ttl, data: `${to}.${origin}` });

/** RFC 1035 §2.3.4: a label has at most 63 bytes. */
const longLabel = 'a-label-of-a-name-may-have-up-to-sixty-three-bytes-like-this-one';
const longName = (step: number): string => `${step}${`.${longLabel.slice(0, 63)}`.repeat(3)}`;

/**
 * `www` is one step away, `alias` three, and `loop` never comes to an end. The five steps from `long` do not fit into
 * one datagram, whatever is asked for, so that the answer comes over TCP.
 */
const aliases: readonly Answer[] = [
  alias('long', longName(1)), ...[1, 2, 3].map((step) => alias(longName(step), longName(step + 1))),
  alias(longName(4), 'shop'),
  alias('www', 'shop'), alias('alias', 'alias2'), alias('alias2', 'alias3'), alias('alias3', 'shop'),
  alias('loop', 'loop2'), alias('loop2', 'loop'),
];

/** RFC 1035 §3.3.14: each string of a TXT record has at most 255 bytes. */
const longTexts = Array.from({ length: 20 }, (_, line) =>
  `${line + 1}: `.padEnd(200, 'roundtrip '));
