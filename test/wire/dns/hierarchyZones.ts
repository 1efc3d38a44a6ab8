import type { Zones } from './hierarchy.ts';

// The root, two zones below it and what is below these, at four servers.

/** Of the server of the root. */
export const rootAddress = '127.0.0.2';
const tld = '127.0.0.3';
const lab = '127.0.0.4';
const other = '127.0.0.5';

const long = Array.from({ length: 120 }, (_, index) => `many IN A 192.0.2.${index + 1}`);
/** By server. */
export const zones: Zones = {
  [rootAddress]: {
    '': [
      '@ IN NS a.root.test.', 'a.root.test. IN A 127.0.0.2',
      'test. IN NS ns.nic.test.', 'ns.nic.test. IN A 127.0.0.3',
      'other. IN NS ns.other.', 'ns.other. IN A 127.0.0.5',
      'in-addr.arpa. IN NS ns.nic.test.',
      'silent. IN NS ns.silent.', 'ns.silent. IN A 127.0.0.9',
      // Its only server has its name inside and no address.
      'nowhere. IN NS ns.nowhere.',
    ],
  },
  [tld]: {
    test: [
      '@ IN NS ns.nic', 'ns.nic IN A 127.0.0.3',
      'lab IN NS ns1.lab', 'lab IN NS ns2.lab', 'ns1.lab IN A 127.0.0.4', 'ns2.lab IN A 127.0.0.4',
      // No glue: its server has its name in another zone.
      'far IN NS ns.other.',
      // 127.0.0.5 serves neither; 127.0.0.4 serves the second.
      'lame IN NS ns.lame', 'ns.lame IN A 127.0.0.5',
      'half IN NS ns1.half', 'half IN NS ns2.half', 'ns1.half IN A 127.0.0.5', 'ns2.half IN A 127.0.0.4',
      // Each needs the other.
      'ring1 IN NS ns.ring2', 'ring2 IN NS ns.ring1',
      'a.b.c IN A 192.0.2.33',
    ],
    'in-addr.arpa': ['@ IN NS ns.nic.test.', '4.0.0.127 IN PTR host.lab.test.'],
  },
  [lab]: {
    'lab.test': [
      '@ IN NS ns1', '@ IN NS ns2', 'ns1 IN A 127.0.0.4', 'ns2 IN A 127.0.0.4',
      'shop IN A 192.0.2.7', 'here IN A 127.0.0.4', 'shop IN AAAA 2001:db8::7',
      'shop IN HTTPS 1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.7',
      'four IN A 192.0.2.4', 'www IN CNAME alias', 'alias IN CNAME shop', 'abroad IN CNAME host.other.',
      'back IN CNAME back.other.', 'loop1 IN CNAME loop2.other.', 'text IN TXT "no address"',
      'gone-alias IN CNAME gone.other.', 'one.two.three.four.five IN A 192.0.2.55', ...long,
    ],
    'half.test': ['@ IN NS ns2', 'ns2 IN A 127.0.0.4', 'www IN A 192.0.2.50'],
  },
  [other]: {
    other: [
      '@ IN NS ns', 'ns IN A 127.0.0.5', 'host IN A 192.0.2.99', 'host IN AAAA 2001:db8::99',
      'back IN CNAME shop.lab.test.', 'loop2 IN CNAME loop1.lab.test.',
    ],
    'far.test': ['@ IN NS ns.other.', 'www IN A 192.0.2.77'],
  },
};
