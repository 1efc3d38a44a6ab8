import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { Extension } from '@peculiar/x509';
import { explainChainRemarks, explainSentChain } from '../../../src/explain/tlsChain.ts';
import type { TlsHandshake } from '../../../src/trace/exchange.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import type { OcspStaple } from '../../../src/trace/tls/message.ts';
import { certificateFacts, sentCertificate } from '../../../src/wire/tls/certificate.ts';
import { certificateExtensions } from '../../../src/wire/tls/certificateExtensions.ts';
import { readStaple } from '../../../src/wire/tls/ocsp.ts';
import { readTimestamps } from '../../../src/wire/tls/timestamps.ts';
import { createSelfSigned } from '../../../src/wire/tls/selfSigned.ts';
import {
  createFiles, createSender, openssl, serveOpenssl, type Files, type Sender, type Server,
} from './support.ts';

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]), content]);
}

const number = (value: number | bigint, size: number): Buffer => Buffer.from(
  value.toString(16).padStart(size * 2, '0'), 'hex',
);

function timestamp(logId: Uint8Array, loggedAt: number): Buffer {
  const one = Buffer.concat([
    Buffer.from([0]), logId, number(BigInt(loggedAt), 8), Buffer.from([0, 0, 4, 3]), number(70, 2),
    der(0x30, der(0x02, Buffer.alloc(32, 1)), der(0x02, Buffer.alloc(32, 1))),
  ]);
  return Buffer.concat([number(one.length, 2), one]);
}

function listOf(...timestamps: readonly Buffer[]): Buffer {
  const all = Buffer.concat(timestamps);
  return Buffer.concat([number(all.length, 2), all]);
}

describe('what certificates say besides names', () => {
  let authority: TestAuthority;
  before(async () => { authority = await createAuthority(); });

  openssl('of transparency logs, as OpenSSL reads it', async () => {
    const logs = [randomBytes(32), randomBytes(32)];
    const at = [Date.UTC(2026, 4, 6, 7, 8, 9, 123), Date.UTC(2026, 10, 1, 0, 0, 0, 0)];
    const list = listOf(timestamp(logs[0]!, at[0]!), timestamp(logs[1]!, at[1]!));
    const { cert } = await authority.issue({
      names: ['a.test'], more: [new Extension('1.3.6.1.4.1.11129.2.4.2', false, der(0x04, list))],
    });
    const { timestamps = [] } = certificateFacts(new X509Certificate(cert), true, undefined);
    assert.deepEqual(timestamps, logs.map((log, index) => (
      { source: 'certificate', logId: log.toString('base64'), loggedAt: at[index], signatureScheme: 'ecdsa_secp256r1_sha256' }
    )));
    const { stdout } = spawnSync('openssl', ['x509', '-noout', '-text'], { input: cert, encoding: 'utf8' });
    const read = [...stdout.matchAll(/Log ID\s*:\s*([\dA-F:\s]+?)\s*Timestamp\s*:\s*(.+?)\n/g)];
    assert.deepEqual(
      read.map(([, id = '']) => Buffer.from(id.replace(/[:\s]/g, ''), 'hex').toString('base64')),
      timestamps.map(({ logId }) => logId),
    );
    assert.deepEqual(
      read.map(([, , time = '']) => Date.parse(time.replace(/\.\d+/, ''))),
      at.map((ms) => Math.floor(ms / 1000) * 1000),
    );
  });

  it('of where their issuer and status are told, and that a status must be stapled', async () => {
    const access = (method: number, url: string): Buffer => der(
      0x30, der(0x06, Buffer.from('2b060105050730', 'hex'), Buffer.from([method])), der(0x86, Buffer.from(url)),
    );
    const { cert } = await authority.issue({ names: ['a.test'], more: [
      new Extension(
        '1.3.6.1.5.5.7.1.1', false,
        der(0x30, access(2, 'http://ca.test/middle.der'), access(1, 'http://ocsp.test'), access(2, 'http://ca2.test/')),
      ),
      new Extension('1.3.6.1.5.5.7.1.24', false, der(0x30, der(0x02, Buffer.from([5])))),
    ] });
    const facts = certificateFacts(new X509Certificate(cert), true, undefined);
    assert.deepEqual(
      [facts.issuerUrls, facts.ocspUrls, facts.mustStaple], [['http://ca.test/middle.der', 'http://ca2.test/'], ['http://ocsp.test'], true],
    );
  });

  it('or nothing of all that', async () => {
    const { cert } = await authority.issue({ names: ['a.test'] });
    const facts = certificateFacts(new X509Certificate(cert), true, undefined);
    for (const name of ['timestamps', 'issuerUrls', 'ocspUrls', 'mustStaple']) assert.ok(!(name in facts), name);
  });

  it('is read whatever is changed or cut in it', async () => {
    const list = listOf(timestamp(randomBytes(32), Date.now()));
    const { cert } = await authority.issue({
      names: ['a.test'], more: [new Extension('1.3.6.1.4.1.11129.2.4.2', false, der(0x04, list))],
    });
    const { raw } = new X509Certificate(cert);
    assert.ok(certificateExtensions(raw).size >= 3);
    for (let index = 0; index < raw.length; index++) {
      certificateExtensions(raw.subarray(0, index));
      const changed = Buffer.from(raw);
      changed[index]! ^= 0x80;
      certificateExtensions(changed);
      sentCertificate(changed);
      readStaple(changed);
    }
    for (let cut = 0; cut <= list.length; cut++) assert.ok(readTimestamps(list.subarray(0, cut), 'tls').length <= 1);
    assert.equal(sentCertificate(Buffer.from('nothing of the kind')), undefined);
  });

  openssl('of our own making, for the test at the start', () => {
    const { cert } = createSelfSigned('warm-up.invalid', Date.UTC(2026, 1, 2, 3, 4, 5));
    const { stdout, status, stderr } = spawnSync(
      'openssl', ['x509', '-noout', '-subject', '-issuer', '-startdate', '-enddate'], { input: cert, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stdout, /subject=CN = warm-up\.invalid\nissuer=CN = warm-up\.invalid\nnotBefore=Feb  1 03:04:05 2026 GMT\nnotAfter=Feb  3 03:04:05 2026 GMT/,
    );
    const certificate = new X509Certificate(cert);
    assert.ok(certificate.verify(certificate.publicKey));
  });
});

describe('certificates as they are sent', function () {
  this.timeout(30_000);
  let authority: TestAuthority;
  let issued: Issued;
  let files: Files;
  let sender: Sender;
  let server: Server | undefined;
  let pems: { leaf: string; low: string; high: string; root: string; stray: string };

  before(async () => {
    authority = await createAuthority('The Root');
    const low = await (await authority.issueAuthority('High')).issueAuthority('Low');
    const url = der(
      0x30, der(
        0x30, der(0x06, Buffer.from('2b06010505073002', 'hex')), der(0x86, Buffer.from('http://ca.test/low.der')),
      ),
    );
    issued = await low.issue({ names: ['site.test'], more: [new Extension('1.3.6.1.5.5.7.1.1', false, url)] });
    const [leaf = '', lowPem = '', high = ''] = issued.cert.split(/(?<=-----END CERTIFICATE-----)\n/);
    pems = { leaf, low: lowPem, high, root: authority.pem, stray: (await createAuthority('A Stranger')).pem };
  });
  beforeEach(() => {
    files = createFiles();
    sender = createSender();
    files.write('key.pem', issued.key);
    files.write('leaf.pem', pems.leaf);
  });
  afterEach(async () => {
    await sender.close();
    await server?.close();
    server = undefined;
    files.remove();
  });

  async function handshake(
    sent: readonly (keyof typeof pems)[], options: SendOptions = {}, more: readonly string[] = [],
  ): Promise<TlsHandshake> {
    const chain = files.write('chain.pem', sent.map((name) => pems[name]).join('\n'));
    server = await serveOpenssl(
      files.directory,
      ['-www', '-cert', 'leaf.pem', '-key', 'key.pem', ...(sent.length > 0 ? ['-cert_chain', chain] : []), ...more],
    );
    const exchange = await sender.send(`https://site.test:${server.port}/`, {
      trustAnchors: [{ pem: authority.pem, label: 'lab' }], ...options,
    });
    assert.ok(exchange.connection?.tls?.facts, JSON.stringify(exchange.failure));
    return exchange.connection.tls;
  }

  const told = ({ facts, seen }: TlsHandshake): { rows: string[]; remarks: string[] } => ({
    rows: (explainSentChain(facts!, seen, 'en') ?? []).map(({ name, note, good }) =>
      `${name}: ${note}${good ? '' : '!'}`),
    remarks: explainChainRemarks(facts!, seen, Date.now(), 'en').map(({ tone, text }) => `${tone}: ${text}`),
  });

  openssl('in order: nothing to say', async () => {
    const tls = await handshake(['low', 'high']);
    assert.deepEqual(told(tls), {
      rows: ['site.test: in its place', 'Low: in its place', 'High: in its place'], remarks: [],
    });
    assert.deepEqual(
      tls.facts?.certificateChain.map(({ sentByServer, trustedFrom }) => [sentByServer, trustedFrom]),
      [[true, undefined], [true, undefined], [true, undefined], [false, 'lab']],
    );
  });

  openssl('with the root, which need not be sent', async () => {
    assert.deepEqual(told(await handshake(['low', 'high', 'root'])), {
      rows: ['site.test: in its place', 'Low: in its place', 'High: in its place', 'The Root: the root, which need not be sent'], remarks: [],
    });
  });

  openssl('out of order, and yet verified', async () => {
    const tls = await handshake(['high', 'low']);
    assert.equal(tls.facts?.verified, true);
    const { rows, remarks } = told(tls);
    assert.deepEqual(rows, ['site.test: in its place', 'High: in its place', 'Low: out of order!']);
    assert.deepEqual(tls.facts?.certificateChain.map(({ subject, trustedFrom }) =>
      [/CN=[^,]*/.exec(subject)?.[0], trustedFrom]), [
      ['CN=site.test', undefined], ['CN=Low', undefined], ['CN=High', undefined], ['CN=The Root', 'lab'],
    ]);
    assert.equal(remarks.length, 1);
    assert.match(
      remarks[0]!, /^warn: Each certificate should be followed by the one of its issuer \(RFC 8446 §4\.4\.2\)/,
    );
  });

  openssl('with some that do not belong there, or come twice', async () => {
    const tls = await handshake(['low', 'stray', 'high', 'low']);
    const { rows, remarks } = told(tls);
    assert.deepEqual(
      rows, [
        'site.test: in its place', 'Low: in its place', 'A Stranger: not part of the chain!', 'High: in its place',
        'Low: sent before already!',
      ],
    );
    assert.deepEqual(remarks, ['warn: 2 of the certificates sent are not needed. They make each handshake longer.']);
    assert.deepEqual(tls.seen?.otherCertificates?.map(({ subject }) => subject), ['CN=A Stranger, O=Roundtrip Tests']);
  });

  openssl('without an intermediate: which one, and where it can be had', async () => {
    const tls = await handshake([]);
    assert.equal(tls.facts?.verified, false);
    const { rows, remarks } = told(tls);
    assert.deepEqual(rows, ['site.test: in its place']);
    assert.equal(remarks.length, 1);
    assert.match(
      remarks[0]!,
      /^bad: `site\.test` was issued by `Low`, whose certificate the server did not send.*http:\/\/ca\.test\/low\.der \(not fetched\)/,
    );
  });

  openssl('without an intermediate that a store here holds', async () => {
    const anchors = [{ pem: authority.pem, label: 'lab' }, { pem: pems.high, label: 'mine' }];
    const tls = await handshake(['low'], { trustAnchors: anchors });
    assert.equal(tls.facts?.verified, true, tls.facts?.chainError);
    assert.deepEqual(tls.facts.certificateChain.map(({ sentByServer }) => sentByServer), [true, true, false, false]);
    assert.deepEqual(
      told(tls).remarks,
      ['warn: The server did not send the certificate of `High`. It was found in a store here; other clients may not know it, and refuse.'],
    );
  });

  openssl('also of a server that is refused, with both reasons', async () => {
    const chain = files.write('chain.pem', [pems.low, pems.high].join('\n'));
    server = await serveOpenssl(
      files.directory, ['-www', '-cert', 'leaf.pem', '-key', 'key.pem', '-cert_chain', chain],
    );
    const exchange = await sender.send(`https://elsewhere.test:${server.port}/`, {});
    const { facts, seen } = exchange.connection!.tls!;
    assert.ok(facts?.chainError !== undefined && facts.nameError !== undefined);
    assert.equal(seen?.sentCertificates?.length, 3);
  });

  openssl('TLS 1.2 likewise', async () => {
    assert.deepEqual(
      told(await handshake(['high', 'low'], {}, ['-tls1_2'])).rows,
      ['site.test: in its place', 'High: in its place', 'Low: out of order!'],
    );
  });
});

describe('the status stapled to a handshake', function () {
  this.timeout(30_000);
  let files: Files;
  let sender: Sender;
  let server: Server | undefined;
  beforeEach(function () {
    debianOrSkip(this, 'openssl', 'openssl');
    files = createFiles();
    sender = createSender();
  });
  afterEach(async () => {
    await sender.close();
    await server?.close();
    server = undefined;
    files.remove();
  });

  const run = (...words: readonly string[]): string =>
    execFileSync('openssl', words, { cwd: files.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  /** An authority, a certificate of it with serial number 1234, and what it says of that: `V` valid, `R` revoked. */
  function makeStatus(state: 'V' | 'R' | undefined): void {
    run(
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out',
      'ca.pem', '-subj', '/O=Tests/CN=OCSP Root', '-days', '30',
    );
    run(
      'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem', '-out', 'leaf.csr',
      '-subj', '/CN=site.test',
    );
    files.write('san.cnf', 'subjectAltName=DNS:site.test\n');
    run(
      'x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '0x9234', '-out',
      'leaf.pem', '-extfile', 'san.cnf', '-days', '20',
    );
    const revoked = state === 'R' ? '261101020304Z,keyCompromise' : '';
    files.write('index.txt', state ? `${state}\t300101000000Z\t${revoked}\t9234\tunknown\t/CN=site.test\n` : '');
    run('ocsp', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-no_nonce', '-reqout', 'request.der');
    run(
      'ocsp', '-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', 'ca.pem', '-rkey', 'ca.key', '-reqin', 'request.der',
      '-respout', 'response.der', '-ndays', '7',
    );
  }

  const cases: ['V' | 'R' | undefined, string, readonly string[]][] = [
    ['V', 'good', []], ['R', 'revoked', []], [undefined, 'unknown', []], ['V', 'good', ['-tls1_2']],
  ];
  for (const [state, status, options] of cases) {
    it(`is told: ${status}${options.join(' ')}, as OpenSSL reads it`, async () => {
      makeStatus(state);
      server = await serveOpenssl(
        files.directory, ['-www', '-cert', 'leaf.pem', '-key', 'key.pem', '-status_file', 'response.der', ...options],
      );
      const pem = readFileSync(join(files.directory, 'ca.pem'), 'utf8');
      const exchange = await sender.send(`https://site.test:${server.port}/`, {
        trustAnchors: [{ pem, label: 'root' }],
      });
      const ocsp = exchange.connection?.tls?.facts?.ocsp;
      const said = run('ocsp', '-respin', 'response.der', '-noverify', '-text');
      const at = (name: string): number => Date.parse(new RegExp(`${name}: (.*)`).exec(said)?.[1] ?? '');
      assert.ok(ocsp, JSON.stringify(exchange.failure));
      assert.deepEqual(
        [ocsp.responseStatus, ocsp.certificateStatus, ocsp.serialNumber, ocsp.responder], ['successful', status, '9234', 'OCSP Root'],
      );
      assert.deepEqual([ocsp.signature, ocsp.isForAnother], ['valid', undefined]);
      assert.match(said, new RegExp(`Cert Status: ${status}`));
      assert.deepEqual(
        [ocsp.producedAt, ocsp.thisUpdate, ocsp.nextUpdate], [at('Produced At'), at('This Update'), at('Next Update')],
      );
      assert.equal(ocsp.size, readFileSync(join(files.directory, 'response.der')).length);
      if (state !== 'R') return;
      assert.deepEqual([ocsp.revokedAt, ocsp.reason], [at('Revocation Time'), 'keyCompromise']);
      const [remark] = explainChainRemarks(exchange.connection!.tls!.facts!, undefined, Date.now(), 'en');
      assert.match(remark?.text ?? '', /was revoked on 1 Nov 2026/);
    });
  }

  const others: [what: string, make: () => void, told: Partial<OcspStaple>][] = [
    ['is told to be of another certificate of the same authority', () => {
      run(
        'x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '0x77', '-out', 'leaf.pem',
        '-extfile', 'san.cnf', '-days', '20',
      );
    }, { isForAnother: true, signature: 'valid', serialNumber: '9234' }],
    ['is told to be of another authority\'s, although the serial number is the same', () => {
      const response = readFileSync(join(files.directory, 'response.der'));
      makeStatus('V');
      writeFileSync(join(files.directory, 'response.der'), response);
    }, { isForAnother: true, signature: 'invalid', serialNumber: '9234' }],
    ['is told not to be signed by the issuer', () => {
      run(
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'forger.key', '-out',
        'forger.pem', '-subj', '/O=Tests/CN=OCSP Root', '-days', '30',
      );
      answer('forger');
    }, { isForAnother: undefined, signature: 'invalid' }],
    ['may be signed by one whom the issuer charged with that', () => {
      charge('extendedKeyUsage=OCSPSigning\n');
      answer('responder');
    }, { isForAnother: undefined, signature: 'valid', responder: 'Responder' }],
    ['may be signed with an RSA key', () => {
      charge('extendedKeyUsage=OCSPSigning\n', ['rsa:2048']);
      answer('responder', ['-rmd', 'sha384']);
    }, { isForAnother: undefined, signature: 'valid', responder: 'Responder' }],
    ['may not be signed by just anybody of the same issuer', () => {
      charge('extendedKeyUsage=serverAuth\n');
      answer('responder');
    }, { isForAnother: undefined, signature: 'invalid', responder: 'Responder' }],
    ['has a signer who is not known where it does not bring the certificate along', () => {
      charge('extendedKeyUsage=OCSPSigning\n');
      answer('responder', ['-resp_no_certs']);
    }, { isForAnother: undefined, signature: undefined, responder: 'Responder' }],
    ['is of this one among several', () => {
      run(
        'x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '0x77', '-out', 'second.pem',
        '-extfile', 'san.cnf', '-days', '20',
      );
      run('ocsp', '-issuer', 'ca.pem', '-cert', 'second.pem', '-cert', 'leaf.pem', '-no_nonce', '-reqout', 'request.der');
      answer('ca');
    }, { isForAnother: undefined, signature: 'valid', serialNumber: '9234', certificateStatus: 'good' }],
    ['may name its certificate by other hashes', () => {
      run('ocsp', '-sha256', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-no_nonce', '-reqout', 'request.der');
      answer('ca', ['-resp_key_id']);
    }, { isForAnother: undefined, signature: 'valid' }],
  ];
  for (const [what, make, told] of others) {
    it(what, async () => {
      makeStatus('V');
      make();
      server = await serveOpenssl(
        files.directory, ['-www', '-cert', 'leaf.pem', '-key', 'key.pem', '-status_file', 'response.der'],
      );
      const pem = readFileSync(join(files.directory, 'ca.pem'), 'utf8');
      const exchange = await sender.send(`https://site.test:${server.port}/`, { trustAnchors: [{ pem, label: 'root' }] });
      const ocsp = exchange.connection?.tls?.facts?.ocsp;
      assert.ok(ocsp, JSON.stringify(exchange.failure));
      for (const [name, value] of Object.entries(told)) assert.equal(ocsp[name as keyof OcspStaple], value, name);
      const remarks = explainChainRemarks(exchange.connection!.tls!.facts!, undefined, Date.now(), 'en');
      assert.equal(remarks.some(({ text }) => text.includes('of another certificate')), told.isForAnother ?? false);
    });
  }

  /** A certificate for a responder, by the authority. */
  function charge(extensions: string, key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']): void {
    run(
      'req', '-newkey', ...key, '-nodes', '-keyout', 'responder.key', '-out',
      'responder.csr', '-subj', '/CN=Responder',
    );
    files.write('responder.cnf', extensions);
    run(
      'x509', '-req', '-in', 'responder.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '0x55', '-out',
      'responder.pem', '-extfile', 'responder.cnf', '-days', '20',
    );
  }

  /** Answers the request again, signed by another. */
  function answer(signer: string, options: readonly string[] = []): void {
    run(
      'ocsp', '-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`, '-reqin',
      'request.der', '-respout', 'response.der', '-ndays', '7', ...options,
    );
  }

  it('is missing where the server staples none', async () => {
    makeStatus('V');
    server = await serveOpenssl(files.directory, ['-www', '-cert', 'leaf.pem', '-key', 'key.pem']);
    const pem = readFileSync(join(files.directory, 'ca.pem'), 'utf8');
    const exchange = await sender.send(`https://site.test:${server.port}/`, { trustAnchors: [{ pem, label: 'root' }] });
    assert.ok(exchange.connection?.tls?.facts?.verified);
    assert.equal(exchange.connection.tls.facts.ocsp, undefined);
  });

  it('may hold promises of transparency logs, too', () => {
    const logId = randomBytes(32);
    const oid = der(0x06, Buffer.from('2b06010401d679020405', 'hex'));
    const extension = der(0x30, oid, der(0x04, der(0x04, listOf(timestamp(logId, 1_700_000_000_123)))));
    const time = (tag: number): Buffer => der(tag, Buffer.from('20260102030405Z'));
    const single = der(
      0x30, der(0x30, der(0x30), der(0x04), der(0x04), der(0x02, Buffer.from([7]))), der(0x80), time(0x18),
      der(0xa1, der(0x30, extension)),
    );
    const data = der(0x30, der(0xa2, der(0x04, Buffer.from([1, 2, 3]))), time(0x18), der(0x30, single));
    const basic = der(0x30, der(0x06, Buffer.from('2b0601050507300101', 'hex')), der(0x04, der(0x30, data)));
    const staple = readStaple(der(0x30, der(0x0a, Buffer.from([0])), der(0xa0, basic)));
    const at = Date.UTC(2026, 0, 2, 3, 4, 5);
    assert.deepEqual({ ...staple, size: 0 }, {
      responseStatus: 'successful', certificateStatus: 'good', serialNumber: '07', producedAt: at, thisUpdate: at,
      responder: '010203', size: 0,
      timestamps: [{ source: 'ocsp', logId: logId.toString('base64'), loggedAt: 1_700_000_000_123, signatureScheme: 'ecdsa_secp256r1_sha256' }],
    });
  });

  it('is no status when the responder gives none, and nothing when it is none', () => {
    assert.deepEqual(readStaple(Buffer.from([0x30, 3, 0x0a, 1, 3])), { responseStatus: 'tryLater', size: 5 });
    assert.equal(readStaple(Buffer.from('no DER at all')), undefined);
  });

  it('is read whatever is changed or cut in it', () => {
    makeStatus('R');
    const response = readFileSync(join(files.directory, 'response.der'));
    for (let index = 0; index < response.length; index++) {
      readStaple(response.subarray(0, index));
      const changed = Buffer.from(response);
      changed[index]! ^= 0xff;
      readStaple(changed);
    }
    assert.equal(readStaple(response)?.certificateStatus, 'revoked');
  });
});
