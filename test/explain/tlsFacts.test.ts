import assert from 'node:assert/strict';
import { explainAgreed, explainChecks, explainHello } from '../../src/explain/tlsFacts.ts';
import type { TlsHandshake } from '../../src/trace/exchange.ts';
import type { CertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import type { OcspStaple, TlsSeen } from '../../src/trace/tls/message.ts';

const certificate: CertificateFacts = {
  subject: 'CN=a.test', issuer: 'CN=Root', subjectAltNames: ['DNS:b.test', 'DNS:a.test'], validFrom: 0, validTo: 1,
  serialNumber: '1', fingerprint256: 'AA', publicKey: 'EC P-256', isAuthority: false, selfSigned: false,
  sentByServer: true, pem: '',
  timestamps: [{ source: 'certificate', logId: 'x', loggedAt: 0, signatureScheme: 'ecdsa_secp256r1_sha256' }],
};
const root: CertificateFacts = { ...certificate, subject: 'CN=Root', trustedFrom: 'system', selfSigned: true };
const facts: TlsFacts = {
  version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'X25519', alpnOffered: ['h2'], resumed: false,
  verified: true, verificationOff: false, certificateChain: [certificate, root],
};
const seen = { roundTrips: 1, helloRetry: false, ja4: 't13', ja3: '771,1', ja3Hash: 'ff' } as unknown as TlsSeen;
const handshake: TlsHandshake = { startAt: 0, endAt: 5, serverName: 'a.test', alpnOffered: ['h2'], facts, seen };

const rows = (tls: Partial<TlsHandshake>): Record<string, string> => Object.fromEntries(
  explainChecks({ ...handshake, ...tls }, { asked: 'a.test', now: 1000 }, 'en').map(({ name, text, tone = '', note = '', below = '' }) =>
    [name, [tone, text, note, below].filter((part) => part !== '').join(' | ')]),
);

describe('facts of a handshake', () => {
  it('are what was agreed, and what our hello was', () => {
    assert.deepEqual(explainAgreed(handshake, 'en').map(({ name, text }) => `${name}: ${text}`), [
      'Version: TLS 1.3', 'Cipher: TLS_AES_128_GCM_SHA256', 'Key agreement: X25519', 'Server name (SNI): a.test',
      'ALPN offered: h2', 'ALPN chosen: none',
    ]);
    assert.deepEqual(explainAgreed({ startAt: 0, alpnOffered: [] }, 'ko').map(({ text }) => text), ['보내지 않음', '없음']);
    assert.deepEqual(explainHello(handshake, 'en').map(({ text, whole }) => [text, whole]), [
      ['full handshake', undefined], ['t13', undefined], ['ff', '771,1'],
    ]);
  });

  it('are what was checked, with root, status and logs', () => {
    assert.deepEqual(rows({}), {
      'Chain': 'good | leads to a trusted authority', 'Name': 'good | fits a.test',
      'Trusted root': 'Root, from the operating system', 'Status (OCSP)': 'dim | none stapled',
      'Transparency logs': '1 promise | in the certificate · signatures not checked',
    });
    const ocsp = {
      responseStatus: 'successful', certificateStatus: 'revoked', nextUpdate: 0, responder: 'CN=Root',
    } as unknown as NonNullable<TlsFacts['ocsp']>;
    const told = rows({ facts: { ...facts, ocsp } });
    assert.equal(
      told['Status (OCSP)'],
      'bad | revoked | until 1 Jan 1970, 00:00 UTC, which is past · by CN=Root · signature not checked',
    );
    const isOff = rows({ facts: { ...facts, verificationOff: true, chainError: 'CERT_HAS_EXPIRED', nameError: 'no' } });
    assert.equal(isOff['Chain'], 'bad | a certificate of the chain has expired | CERT_HAS_EXPIRED');
    assert.equal(isOff['Name'], 'bad | no');
    const wide = { ...certificate, subjectAltNames: ['DNS:*.test'] };
    assert.equal(
      rows({ facts: { ...facts, certificateChain: [wide], nameError: 'no' } })['Name'],
      'bad | no name of the certificate fits a.test | *.test: a wildcard right below a top-level domain does not count',
    );
    const bare = { ...certificate, subjectAltNames: [] };
    assert.match(rows({ facts: { ...facts, certificateChain: [bare] } })['Name']!, /^warn \| fits a\.test \| CN=a\.test: the common name/);
    assert.equal(rows({ facts: { ...facts, verificationOff: true } })['Chain'], 'warn | not checked');
    const resumed = rows({ facts: { ...facts, resumed: true } });
    assert.deepEqual(Object.keys(resumed), ['Chain', 'Name', 'Trusted root']);
  });

  const staples: [what: string, ocsp: Partial<OcspStaple>, told: string][] = [
    ['signed by whom it should be', { signature: 'valid', nextUpdate: 2000 },
      'good | good | until 1 Jan 1970, 00:00 UTC · signature checked'],
    ['of which nobody knows who signed it', { responder: 'CN=X' }, 'dim | good | by CN=X · signature not checked'],
    ['that somebody else signed', { signature: 'invalid' }, 'bad | good | not signed by the issuer or on its behalf'],
    ['whose time has passed', { signature: 'valid', nextUpdate: 900 },
      'warn | good | until 1 Jan 1970, 00:00 UTC, which is past · signature checked'],
    ['of another certificate', { signature: 'valid', isForAnother: true, serialNumber: 'AB' },
      'warn | of another certificate, not of this one | serial number AB · signature checked'],
    ['of another certificate, which was revoked', { certificateStatus: 'revoked', isForAnother: true },
      'warn | of another certificate, not of this one | signature not checked'],
    ['that is none', { certificateStatus: undefined, responseStatus: 'tryLater' } as Partial<OcspStaple>, 'warn | tryLater'],
  ];
  for (const [what, change, expected] of staples) {
    it(`are a stapled status ${what}`, () => {
      const ocsp: OcspStaple = { responseStatus: 'successful', certificateStatus: 'good', size: 1, ...change };
      assert.equal(rows({ facts: { ...facts, ocsp } })['Status (OCSP)'], expected);
    });
  }

  it('are whether the server asked for a certificate of ours, also where it broke off', () => {
    const asked = { asked: true, presented: false, absent: 'none' } as const;
    assert.match(rows({ facts: { ...facts, clientCertificate: asked } })['Client certificate']!, /^warn \| asked for/);
    const own = explainHello(
      { ...handshake, facts: undefined, seen: { ...seen, clientCertificateAsked: true } as TlsSeen }, 'en',
    );
    assert.deepEqual(own.map(({ name }) => name), ['Client certificate', 'JA4 of our hello', 'JA3 of our hello']);
  });
});
