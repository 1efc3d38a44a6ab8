import assert from 'node:assert/strict';
import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { explainCertificates } from '../../src/explain/certificates.ts';
import { fittingName, heldNames, nearName } from '../../src/explain/serverIdentity.ts';
import type { CertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import { subjectAltNames } from '../../src/wire/tls/certificate.ts';

interface Held {
  readonly cn?: string;
  /** As Node writes them. */
  readonly names?: readonly string[];
}

function certificateOf({ cn, names = [] }: Held): CertificateFacts {
  return {
    subject: cn === undefined ? 'O=Shop' : `CN=${cn.replace(/[,+"\\<>;]/g, '\\$&')}, O=Shop`,
    subjectAltNames: subjectAltNames(names.join(', ')), issuer: 'CN=Root', validFrom: 0, validTo: 1, serialNumber: '1',
    fingerprint256: 'AA', publicKey: 'EC P-256', isAuthority: false, selfSigned: false, sentByServer: true, pem: '',
  };
}

/** By Node, which decides. */
function isAccepted(host: string, { cn, names = [] }: Held): boolean {
  const certificate = {
    subject: cn === undefined ? {} : { CN: cn }, ...(names.length > 0 ? { subjectaltname: names.join(', ') } : {}),
  };
  return checkServerIdentity(host.replace(/\.$/, ''), certificate as unknown as PeerCertificate) === undefined;
}

function told(held: Held, asked: string): string[] {
  return heldNames(certificateOf(held), asked, 'en').names
    .map(({ name, fits, note }) => `${fits ? '+' : '-'} ${name}${note === undefined ? '' : `: ${note}`}`);
}

describe('names of a server in its certificate', () => {
  const wide = 'a wildcard right below a top-level domain does not count';
  const label = 'a wildcard stands for exactly one label';
  const place = 'a wildcard counts only once, in the first label';
  // RFC 9525 §6.3, and what Node makes of it.
  const cases: [asked: string, held: Held, told: string[]][] = [
    ['SHOP.test', { names: ['DNS:shop.test'] }, ['+ shop.test']],
    ['shop.test.', { names: ['DNS:a.test', 'DNS:Shop.Test'] }, ['+ Shop.Test', '- a.test']],
    ['shop.lab.test', { names: ['DNS:*.lab.test'] }, ['+ *.lab.test']],
    ['a.b.lab.test', { names: ['DNS:*.lab.test'] }, [`- *.lab.test: ${label}`]],
    ['lab.test', { names: ['DNS:*.lab.test'] }, [`- *.lab.test: ${label}`]],
    ['site.test', { names: ['DNS:x.test', 'DNS:*.test'] }, [`- *.test: ${wide}`, '- x.test']],
    ['site.test', { names: ['DNS:*'] }, [`- *: ${wide}`]],
    ['other.example', { names: ['DNS:*.test'] }, ['- *.test']],
    ['foo.a.test', { names: ['DNS:f*.a.test'] }, [
      '+ f*.a.test: accepted here, but a wildcard should be a whole label (RFC 9525 §6.3): other clients may refuse',
    ]],
    ['foo.a.test', { names: ['DNS:foo.*.test'] }, [`- foo.*.test: ${place}`]],
    ['foo.a.test', { names: ['DNS:*o*.a.test'] }, [`- *o*.a.test: ${place}`]],
    ['xn--foo.a.test', { names: ['DNS:xn--*.a.test'] }, [`- xn--*.a.test: ${place}`]],
    ['site.test', { names: ['DNS:site..test'] }, ['- site..test: not a DNS name']],
    ['127.0.0.1', { names: ['IP Address:127.0.0.1'] }, ['+ 127.0.0.1']],
    ['127.0.0.1', { names: ['DNS:127.0.0.1'] }, [
      '- 127.0.0.1: an address written as a DNS name; it counts only as an address (iPAddress)',
    ]],
    ['[::1]', { names: ['IP Address:0:0:0:0:0:0:0:1'] }, ['+ ::1']],
    ['2001:db8::53', { names: ['IP Address:2001:DB8:0:0:0:0:0:53', 'DNS:a.test'] }, ['+ 2001:db8::53', '- a.test']],
    ['site.test', { names: ['URI:https://site.test', 'email:me@site.test'] }, [
      '- https://site.test: only DNS names and addresses count', '- me@site.test: only DNS names and addresses count',
    ]],
    ['site.test', { names: ['DNS:"x.test, DNS:site.test"'] }, ['- x.test, DNS:site.test: not a DNS name']],
    ['site.test', { cn: 'site.test' }, [
      '+ CN=site.test: the common name, as the certificate holds no DNS name; RFC 9525 no longer allows that, and browsers refuse',
    ]],
    ['a.lab.test', { cn: '*.lab.test', names: ['IP Address:127.0.0.1'] }, [
      '+ CN=*.lab.test: the common name, as the certificate holds no DNS name; RFC 9525 no longer allows that, and browsers refuse',
      '- 127.0.0.1',
    ]],
    ['site.test', { cn: 'other.test' }, ['- CN=other.test']],
    ['site.test', { cn: 'site.test', names: ['DNS:a.test'] }, [
      '- CN=site.test: the common name does not count beside DNS names', '- a.test',
    ]],
    ['site.test', { cn: 'site.test', names: ['DNS:site.test'] }, ['+ site.test']],
    ['127.0.0.1', { cn: '127.0.0.1' }, ['- CN=127.0.0.1: an address in the common name does not count']],
    ['site.test', { cn: 'a, CN=site.test' }, ['- CN=a, CN=site.test']],
    ['site.test', {}, []],
  ];
  for (const [asked, held, expected] of cases) {
    it(`${[...held.names ?? [], ...held.cn === undefined ? [] : [`CN=${held.cn}`]].join(' ')} for ${asked}`, () => {
      assert.deepEqual(told(held, asked), expected);
      const isTicked = expected.some((line) => line.startsWith('+'));
      assert.equal(isTicked, isAccepted(asked.replace(/^\[|\]$/g, ''), held), 'as Node decides');
      assert.equal(fittingName(certificateOf(held), asked, 'en') !== undefined, isTicked);
    });
  }

  it('are ticked exactly where Node accepts them', () => {
    const labels = ['a', 'b', '*', 'a*', '*b', 'a*b', '**', 'xn--tda', 'xn--*', '', 'A', 'ab', 'acb', '127', '0', '1', 'ü'];
    const seeds = Array.from({ length: 4000 }, (_, index) => index);
    let state = 12345;
    const pick = <Item>(items: readonly Item[]): Item => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return items[(state >>> 8) % items.length]!;
    };
    const name = (): string => Array.from({ length: pick([1, 2, 2, 3, 3, 4]) }, () => pick(labels)).join('.');
    let accepted = 0;
    for (const seed of seeds) {
      const asked = pick([() => name().replace(/[*ü]/g, 'a'), () => '127.0.0.1', () => 'a.b.a', () => 'acb.a.b'])();
      // No other can be asked for with a URL.
      if (URL.parse(`https://${asked}/`)?.hostname !== asked) continue;
      const held: Held = {
        ...pick([{ cn: asked }, { cn: name() }, {}]),
        names: Array.from({ length: seed % 4 }, () => `${pick(['DNS', 'DNS', 'IP Address', 'URI'])}:${pick([name(), name(), asked, '127.0.0.1'])}`),
      };
      const expected = isAccepted(asked, held);
      accepted += Number(expected);
      assert.equal(told(held, asked).some((line) => line.startsWith('+')), expected, JSON.stringify([asked, held]));
    }
    assert.ok(accepted > 100, `${accepted} accepted`);
  });

  it('are shown those first that fit or nearly do, and not all of hundreds', () => {
    const many = { names: [...Array.from({ length: 60 }, (_, index) => `DNS:${index}.test`), 'DNS:*.test'] };
    const { names, left } = heldNames(certificateOf(many), '59.test', 'en');
    assert.deepEqual([names[0]?.name, names[1]?.name, names.length, left], ['59.test', '*.test', 50, 11]);
    assert.equal(nearName(certificateOf(many), 'x.test', 'en')?.name, '*.test');
    assert.equal(nearName(certificateOf({ names: ['URI:https://x.test'] }), 'x.test', 'en'), undefined);
  });

  it('stand on the card of the chain with the reason', () => {
    const line = (held: Held, asked: string, nameError?: string): string | undefined => explainCertificates(
      { certificateChain: [certificateOf(held)], ...(nameError === undefined ? {} : { nameError }) } as unknown as TlsFacts, asked, 0, 'en',
    )[0]?.lines[1];
    assert.equal(line({ names: ['DNS:*.lab.test'] }, 'a.lab.test'), 'name matches `*.lab.test`');
    assert.equal(line({ names: ['DNS:*.test'] }, 'a.test', 'no'), `for \`*.test\`, not for \`a.test\` · \`*.test\`: ${wide}`);
    assert.match(line({ cn: 'a.test' }, 'a.test') ?? '', /^name matches `CN=a\.test` · the common name, as/);
  });
});
