import assert from 'node:assert/strict';
import { presentServiceBinding, typeHttps } from '../../../src/wire/dns/serviceBinding.ts';

function present(hex: string): string {
  const bytes = Buffer.concat([Buffer.alloc(20), Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
  return presentServiceBinding(bytes, {
    name: 'example.com', type: typeHttps, class: 1, ttl: 60, dataOffset: 20, dataLength: bytes.length - 20,
  });
}

const fooCom = '03666f6f 076578616d706c65 03636f6d 00';
const fooOrg = '03666f6f 076578616d706c65 036f7267 00';

describe('SVCB and HTTPS records', () => {
  const vectors: [what: string, hex: string, text: string][] = [
    ['D.1 an alias', `0000 ${fooCom}`, '0 foo.example.com.'],
    ['D.2 the owner itself', '0001 00', '1 .'],
    ['D.2 a port', `0010 ${fooCom} 0003 0002 0035`, '16 foo.example.com. port=53'],
    ['D.2 a key without a name', `0001 ${fooCom} 029b 0005 68656c6c6f`, '1 foo.example.com. key667=hello'],
    ['D.2 octets that are not printable', `0001 ${fooCom} 029b 0009 68656c6c6f d2 716f6f`, '1 foo.example.com. key667=hello\\210qoo'],
    ['D.2 two IPv6 hints', `0001 ${fooCom} 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001`,
      '1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1'],
    ['D.2 mandatory keys', `0010 ${fooOrg} 0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201`,
      '16 foo.example.org. mandatory=alpn,ipv4hint alpn=h2,h3-19 ipv4hint=192.0.2.1'],
    ['D.2 a comma in a protocol', `0010 ${fooOrg} 0001 000c 08 665c6f6f2c626172 02 6832`,
      '16 foo.example.org. alpn=f\\\\\\\\oo\\\\,bar,h2'],
    ['a key without a value', `0001 00 0002 0000`, '1 . no-default-alpn'],
  ];
  for (const [what, hex, text] of vectors) it(`RFC 9460 ${what}`, () => assert.equal(present(hex), text));

  const malformed: [what: string, hex: string][] = [
    ['keys that do not rise', '0001 00 0003 0002 0035 0001 0003 026832'],
    ['the same key twice', '0001 00 0003 0002 0035 0003 0002 0035'],
    ['a value cut short', '0001 00 0003 0004 0035'],
    ['a port of three octets', '0001 00 0003 0003 003500'],
    ['an IPv4 hint of three octets', '0001 00 0004 0003 c00002'],
    ['no IPv4 hint at all', '0001 00 0004 0000'],
    ['an empty protocol', '0001 00 0001 0001 00'],
    ['a compressed target', '0001 c00c'],
    ['no target', '0001'],
    ['nothing', ''],
  ];
  for (const [what, hex] of malformed) {
    it(`gives octets for ${what}`, () => assert.match(present(hex), /^\\# \d+( [0-9a-f]+)?$/));
  }
});
