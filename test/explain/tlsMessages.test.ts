import assert from 'node:assert/strict';
import type { CertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import type { TlsMessage } from '../../src/trace/tls/message.ts';
import { alertName, extensionName } from '../../src/trace/tls/names.ts';
import {
  explainAlert, explainTlsExtension, explainTlsMessage, isBadTlsMessage, summarizeTlsMessage, tlsFieldLabel,
  tlsFieldText, tlsMessageTitle,
} from '../../src/explain/tlsMessages.ts';
import { explainChainError, explainStore } from '../../src/explain/tlsChain.ts';
import { tlsMessages } from '../browser/fixtures/tls.ts';

const message = (name: TlsMessage['name'], more: Partial<TlsMessage> = {}): TlsMessage =>
  ({ at: 1, direction: 'received', name, size: 4, encrypted: false, fields: [], ...more });

const alert = (level: string, description: string): TlsMessage =>
  message('alert', {
    fields: [{ name: 'level', values: [level] }, { name: 'description', values: [description, '1'] }],
  });

describe('messages of TLS in words', () => {
  it('have a title as in the RFCs, a sentence in each language, and a line of their own', () => {
    const told = tlsMessages(0, 20, 'shop.test').map((one) =>
      [tlsMessageTitle(one, 'en'), summarizeTlsMessage(one, 'en')]);
    assert.deepEqual(told, [
      ['ClientHello', 'TLS 1.3, TLS 1.2 · 3 cipher suites · shop.test · ALPN h2, http/1.1'],
      ['ServerHello', 'TLS 1.3 · TLS_AES_128_GCM_SHA256 · X25519MLKEM768'], ['ChangeCipherSpec', ''], ['EncryptedExtensions', 'ALPN h2'],
      ['Certificate', '2 certificates · CN=shop.test'], ['CertificateVerify', 'ecdsa_secp256r1_sha256'], ['Finished', ''],
      ['ChangeCipherSpec', ''], ['Finished', ''], ['NewSessionTicket', 'valid for 2 h'],
    ]);
    for (const one of tlsMessages(0, 20, 'shop.test')) {
      assert.match(explainTlsMessage(one, 'en'), /\.$/);
      assert.match(explainTlsMessage(one, 'ko'), /\p{Script=Hangul}.*\.$/u);
    }
  });

  const cases: [TlsMessage, string, boolean][] = [
    [alert('fatal', 'handshake_failure'), 'fatal · handshake_failure · nothing that was offered is acceptable', true],
    [alert('warning', 'close_notify'), 'warning · close_notify · nothing more will be sent', false],
    [alert('fatal', 'alert_200'), 'fatal · alert_200', true],
    [message('not_tls', { fields: [{ name: 'text', values: ['HTTP/1.1 400 Bad Request'] }] }), 'HTTP/1.1 400 Bad Request', true],
    [message('certificate', { fields: [{ name: 'certificates', values: [] }] }), 'none', false],
    [message('certificate', { malformed: true, fields: [{ name: 'certificates', values: ['CN=x (9 B)'] }] }), 'damaged · 1 certificate · CN=x', true],
    [message('hello_retry_request', { extensions: [{ type: 51, name: 'key_share', size: 2, values: ['secp384r1'] }] }), 'wants secp384r1', false],
    [message('server_hello', { extensions: [{ type: 41, name: 'pre_shared_key', size: 2, values: ['#0'] }], fields: [{ name: 'version', values: ['TLS 1.2'] }] }), 'TLS 1.2 · resumes', false],
    [message('server_key_exchange', { fields: [{ name: 'group', values: ['x25519'] }, { name: 'signature_scheme', values: ['ed25519'] }] }), 'x25519 · ed25519', false],
    [message('key_update', { fields: [{ name: 'request_update', values: ['update_requested'] }] }), 'update_requested', false],
    [message('unreadable', { encrypted: true }), '', false],
  ];
  for (const [given, summary, isBad] of cases) {
    it(`says of ${given.name}: ${summary || 'nothing'}`, () => {
      assert.equal(summarizeTlsMessage(given, 'en'), summary);
      assert.equal(isBadTlsMessage(given), isBad);
    });
  }

  it('names the parts, and gives a lifetime as one', () => {
    assert.equal(tlsFieldLabel({ name: 'cipher_suites', values: ['a', 'b'] }, 'en'), 'cipher suites (2)');
    assert.equal(tlsFieldText({ name: 'lifetime', values: ['300'] }, 'en'), '5 min');
    assert.equal(tlsFieldText({ name: 'random', values: ['00ff'] }, 'en'), '00ff');
  });

  it('explains the extensions of today’s hellos, and of others nothing', () => {
    const explained = (type: number): string | undefined => explainTlsExtension(
      { type, name: extensionName(type), size: 0, values: [] }, 'en',
    );
    // What OpenSSL, BoringSSL and NSS send.
    for (const type of [
      0, 5, 10, 11, 13, 16, 18, 21, 22, 23, 27, 28, 34, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51, 17513, 65037, 65281,
      0x2a2a,
    ]) {
      assert.ok(explained(type), extensionName(type));
    }
    assert.equal(explained(0x1234), undefined);
  });

  it('explains the alerts of RFC 8446', () => {
    for (const number of [
      0, 10, 20, 22, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 70, 71, 80, 86, 90, 109, 110, 112, 113, 115, 116, 120,
    ]) {
      assert.ok(explainAlert(alertName(number), 'ko'), alertName(number));
    }
    assert.equal(explainAlert('alert_200', 'en'), undefined);
  });
});

describe('chains in words', () => {
  const stores: [string, string][] = [
    ['system', 'the operating system'], ['Mozilla (Node.js)', 'Mozilla’s list in Node.js'], ['NODE_EXTRA_CA_CERTS', 'the file named by NODE_EXTRA_CA_CERTS'],
    ['CN=Other Root', 'Other Root'], ['/home/me/own.pem', '/home/me/own.pem'],
    ['CN=Roundtrip Lab Root, O=Roundtrip', 'the lab'],
  ];
  for (const [source, text] of stores) it(`names the store ${source}`, () =>
    assert.equal(explainStore(source, 'en'), text));

  const errors: [string, string][] = [
    ['CERT_HAS_EXPIRED', 'a certificate of the chain has expired'], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'an issuer is not known here'], ['PATH_LENGTH_EXCEEDED', 'the chain is not trusted'],
  ];
  for (const [code, text] of errors) it(`says what ${code} means`, () =>
    assert.equal(explainChainError({ chainError: code, certificateChain: [] as CertificateFacts[] } as unknown as TlsFacts, 'en'), text));
});
