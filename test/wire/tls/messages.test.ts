import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { failureMessage } from '../../../src/explain/failure.ts';
import { toPcapng } from '../../../src/formats/pcapng.ts';
import type { Exchange, TlsHandshake } from '../../../src/trace/exchange.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import type { TlsMessage } from '../../../src/trace/tls/message.ts';
import { createAuthority, type TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip, itWith } from '../../support/debian.ts';
import { createHttpProxy } from '../../support/proxyServer.ts';
import { createOpened } from '../../support/sockets.ts';
import { createFiles, createSender, openssl, serveOpenssl, type Files, type Sender, type Server } from './support.ts';

/** IANA's numbers of handshake messages; a HelloRetryRequest is a ServerHello to others. */
const types: Readonly<Record<string, number>> = {
  client_hello: 1, server_hello: 2, hello_retry_request: 2, new_session_ticket: 4, encrypted_extensions: 8, certificate: 11,
  server_key_exchange: 12, certificate_request: 13, server_hello_done: 14, certificate_verify: 15, client_key_exchange: 16,
  finished: 20, certificate_status: 22, key_update: 24,
};

/** `it` for what is compared with Wireshark, of a server that OpenSSL is. */
function wireshark(title: string, test: () => Promise<void>): void {
  itWith('tshark', 'tshark')(title, async function () {
    debianOrSkip(this, 'openssl', 'openssl');
    await test();
  });
}

describe('TLS messages', function () {
  this.timeout(60_000);
  const opened = createOpened();
  let authority: TestAuthority;
  let files: Files;
  let sender: Sender;
  let server: Server | undefined;

  before(async () => { authority = await createAuthority(); });
  beforeEach(async () => {
    files = createFiles();
    sender = createSender();
    const { cert, key } = await (await authority.issueAuthority('Middle')).issue({ names: ['site.test'] });
    const [leaf = '', middle = ''] = cert.split(/(?<=-----END CERTIFICATE-----)\n/);
    files.write('leaf.pem', leaf);
    files.write('middle.pem', middle);
    files.write('key.pem', key);
    const rsa = await authority.issue({ names: ['site.test'], key: 'rsa' });
    files.write('rsa.pem', rsa.cert);
    files.write('rsa.key', rsa.key);
  });
  afterEach(async () => {
    await sender.close();
    await server?.close();
    server = undefined;
    await opened.close();
    files.remove();
  });

  async function exchangeWith(options: readonly string[], more: SendOptions = {}): Promise<Exchange> {
    server = await serveOpenssl(files.directory, ['-www', '-cert', 'leaf.pem', '-key', 'key.pem', '-cert_chain', 'middle.pem', ...options]);
    return sendTo(server.port, more);
  }

  function sendTo(port: number, more: SendOptions = {}): Promise<Exchange> {
    return sender.send(`https://site.test:${port}/`, { trustAnchors: [{ pem: authority.pem, label: 'root' }], forceNewConnection: true, ...more });
  }

  function handshakeOf(exchange: Exchange): TlsHandshake & Required<Pick<TlsHandshake, 'messages' | 'seen'>> {
    const tls = exchange.connection?.tls;
    assert.ok(tls?.messages && tls.seen, JSON.stringify(exchange.failure));
    return tls as ReturnType<typeof handshakeOf>;
  }

  /** `> client_hello`, `< server_hello`; those that were encrypted with a star. */
  const lines = (messages: readonly TlsMessage[]): string[] => messages.map(({ direction, name, encrypted }) =>
    `${direction === 'sent' ? '>' : '<'}${encrypted ? '*' : ' '}${name}`);

  const fieldOf = (messages: readonly TlsMessage[], message: string, field: string): readonly string[] | undefined =>
    messages.find(({ name }) => name === message)?.fields.find(({ name }) => name === field)?.values;

  /** What tshark reads in the packets of the connection, decrypted with the same secrets: `types` in order, and fields. */
  function wiresharkOf(exchange: Exchange, field: string): string[] {
    const id = exchange.connection!.id;
    const { bytes } = toPcapng([exchange], new Map([[id, sender.client.readWire(id)!]]));
    const path = files.write('x.pcapng', '');
    writeFileSync(path, bytes);
    const { stdout, status, stderr } = spawnSync('tshark', ['-n', '-r', path, '-Y', field, '-T', 'fields', '-e', field], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.split(/[,\n]/).filter(Boolean);
  }

  const full13 = [
    '> client_hello', '< server_hello', '< change_cipher_spec', '<*encrypted_extensions', '<*certificate', '<*certificate_verify', '<*finished',
    '> change_cipher_spec', '>*finished',
  ];
  const full12 = [
    '> client_hello', '< server_hello', '< certificate', '< server_key_exchange', '< server_hello_done',
    '> client_key_exchange', '> change_cipher_spec', '>*finished', '< new_session_ticket', '< change_cipher_spec', '<*finished',
  ];

  const cases: [string, string[], string[], Partial<Record<'roundTrips' | 'helloRetry' | 'group' | 'signatureScheme', unknown>>, string?][] = [
    ['TLS 1.3 with AES-128', ['-ciphersuites', 'TLS_AES_128_GCM_SHA256'], full13, { roundTrips: 1, helloRetry: false, group: 'x25519', signatureScheme: 'ecdsa_secp256r1_sha256' }],
    ['TLS 1.3 with AES-256 and SHA-384', ['-ciphersuites', 'TLS_AES_256_GCM_SHA384'], full13, { roundTrips: 1 }],
    ['TLS 1.3 with ChaCha20', ['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'], full13, { roundTrips: 1 }],
    ['TLS 1.3 after a HelloRetryRequest', ['-groups', 'P-384'], [
      '> client_hello', '< hello_retry_request', '< change_cipher_spec', '> change_cipher_spec', '> client_hello', '< server_hello',
      '<*encrypted_extensions', '<*certificate', '<*certificate_verify', '<*finished', '>*finished',
    ], { roundTrips: 2, helloRetry: true, group: 'secp384r1' }],
    ['TLS 1.3 with small records', ['-max_send_frag', '512'], full13, { roundTrips: 1 }],
    ['TLS 1.2 with AES-GCM', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'], full12, { roundTrips: 2, group: 'x25519', signatureScheme: 'ecdsa_secp256r1_sha256' }],
    ['TLS 1.2 with ChaCha20', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305'], full12, { roundTrips: 2 }],
    ['TLS 1.3 with AES-CCM', ['-ciphersuites', 'TLS_AES_128_CCM_SHA256'], full13, { roundTrips: 1 }, 'TLS_AES_128_CCM_SHA256'],
    ['TLS 1.2 with AES-CCM', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-CCM'], full12, { roundTrips: 2 }, 'ECDHE-ECDSA-AES256-CCM'],
    ['TLS 1.2 with a prime in place of a curve', ['-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256', '-cert', 'rsa.pem', '-key', 'rsa.key'], full12, { roundTrips: 2, group: 'DH 2048', signatureScheme: 'rsa_pss_rsae_sha256' }],
    ['TLS 1.2 without tickets', ['-tls1_2', '-no_ticket'], full12.filter((line) => line !== '< new_session_ticket'), { roundTrips: 2 }],
  ];
  for (const [what, options, expected, seen, ciphers] of cases) {
    openssl(`of ${what}, as they pass`, async () => {
      const exchange = await exchangeWith(options, ciphers === undefined ? {} : { tls: { ciphers } });
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      const tls = handshakeOf(exchange);
      assert.deepEqual(lines(tls.messages).slice(0, expected.length), expected);
      assert.ok(tls.messages.every(({ name, malformed }) => name !== 'unreadable' && !malformed));
      for (const [name, value] of Object.entries(seen)) assert.equal(tls.seen[name as 'roundTrips'], value, name);
      const times = tls.messages.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      assert.ok(times[0]! >= tls.startAt);
    });

    wireshark(`of ${what}, as Wireshark reads them`, async () => {
      const exchange = await exchangeWith(options, ciphers === undefined ? {} : { tls: { ciphers } });
      const tls = handshakeOf(exchange);
      const numbers = tls.messages.flatMap(({ name }) => types[name] === undefined ? [] : [String(types[name])]);
      assert.deepEqual(wiresharkOf(exchange, 'tls.handshake.type'), numbers);
      assert.deepEqual(wiresharkOf(exchange, 'tls.handshake.length'), tls.messages.filter(({ name }) => types[name] !== undefined).map(({ size }) => String(size - 4)));
      const [ja3] = wiresharkOf(exchange, 'tls.handshake.ja3');
      assert.equal(tls.seen.ja3Hash, ja3);
    });
  }

  wireshark('with their fields and extensions, as Wireshark reads them', async () => {
    const exchange = await exchangeWith(['-alpn', 'http/1.1']);
    const { messages } = handshakeOf(exchange);
    const extensions = messages.filter(({ name }) => types[name] !== undefined)
      .flatMap((message) => message.extensions ?? []).map(({ type }) => String(type));
    assert.deepEqual(wiresharkOf(exchange, 'tls.handshake.extension.type'), extensions);
    const sizes = messages.filter(({ name }) => types[name] !== undefined).flatMap((message) => message.extensions ?? []).map(({ size }) => String(size));
    assert.deepEqual(wiresharkOf(exchange, 'tls.handshake.extension.len'), sizes);
    const [hello] = messages;
    const valuesOf = (wanted: string): readonly string[] => hello?.extensions?.find(({ name }) => name === wanted)?.values ?? [];
    assert.deepEqual(valuesOf('server_name'), wiresharkOf(exchange, 'tls.handshake.extensions_server_name'));
    assert.deepEqual(valuesOf('application_layer_protocol_negotiation'), ['h2', 'http/1.1']);
    assert.equal(valuesOf('signature_algorithms').length, wiresharkOf(exchange, 'tls.handshake.sig_hash_alg').length - 1, 'and one in CertificateVerify');
    const lifetimes = messages.flatMap(({ name, fields }) => name === 'new_session_ticket' ? fields.filter((one) => one.name === 'lifetime').map(({ values }) => values[0]) : []);
    assert.deepEqual(wiresharkOf(exchange, 'tls.handshake.session_ticket_lifetime_hint'), lifetimes);
    assert.deepEqual(fieldOf(messages, 'certificate', 'certificates')?.map((text) => / \((\d+) B\)$/.exec(text)?.[1]), wiresharkOf(exchange, 'tls.handshake.certificate_length'));
    assert.deepEqual(messages.find(({ name }) => name === 'encrypted_extensions')?.extensions?.map(({ values }) => values), [['http/1.1']]);
  });

  openssl('and the alert that ends the connection', async () => {
    const exchange = await exchangeWith([]);
    const { messages } = handshakeOf(exchange);
    assert.deepEqual(messages.at(-1)?.fields, [{ name: 'level', values: ['warning'] }, { name: 'description', values: ['close_notify', '0'] }]);
  });

  openssl('of a resumed session, which took one round trip and no certificate', async () => {
    const ticket = await exchangeWith([]);
    assert.equal(handshakeOf(ticket).seen.resumption, undefined);
    const exchange = await sendTo(server!.port);
    const { messages, seen } = handshakeOf(exchange);
    assert.equal(exchange.connection?.tls?.facts?.resumed, true);
    assert.deepEqual([seen.resumption, seen.resumptionOffered, seen.roundTrips, seen.sentCertificates], ['psk', true, 1, undefined]);
    assert.ok(!lines(messages).includes('<*certificate'));
  });

  for (const [options, resumption] of [[['-tls1_2'], 'ticket'], [['-tls1_2', '-no_ticket'], 'session-id']] as const) {
    openssl(`of a session that TLS 1.2 resumes by its ${resumption}`, async () => {
      await exchangeWith(options);
      const { seen, messages } = handshakeOf(await sendTo(server!.port));
      assert.deepEqual([seen.resumption, seen.roundTrips], [resumption, 1]);
      assert.ok(messages.every(({ name }) => name !== 'unreadable'));
    });
  }

  openssl('of a server that wants a certificate, and says so after the handshake', async () => {
    const exchange = await exchangeWith(['-Verify', '1', '-verify_return_error']);
    assert.equal(exchange.failure?.code, 'tls-alert');
    const { messages, seen } = handshakeOf(exchange);
    assert.equal(seen.clientCertificateAsked, true);
    assert.deepEqual(lines(messages).slice(4, 6), ['<*certificate_request', '<*certificate']);
    assert.deepEqual(lines(messages).slice(-4), ['> change_cipher_spec', '>*certificate', '>*finished', '<*alert']);
    assert.deepEqual(fieldOf(messages, 'alert', 'description'), ['certificate_required', '116']);
  });

  openssl('of a server that shares no version: the alert before there are keys', async () => {
    const exchange = await exchangeWith(['-tls1_2'], { tls: { minVersion: '1.3' } });
    assert.equal(exchange.failure?.code, 'tls-alert');
    const { messages, facts } = handshakeOf(exchange);
    assert.equal(facts, undefined);
    assert.deepEqual(lines(messages), ['> client_hello', '< alert']);
    assert.deepEqual(fieldOf(messages, 'alert', 'description'), ['protocol_version', '70']);
  });

  openssl('of a server whose certificate is refused', async () => {
    const exchange = await exchangeWith([], { trustAnchors: [] });
    assert.equal(exchange.failure?.code, 'certificate-untrusted');
    assert.deepEqual(lines(handshakeOf(exchange).messages).slice(0, 7), full13.slice(0, 7));
  });

  it('of a port that speaks plain HTTP, in its own words', async () => {
    const port = await opened.serve(http.createServer((_request, response) => response.end()));
    const exchange = await sendTo(port);
    assert.deepEqual([exchange.failure?.code, exchange.failure?.confidence], ['tls-not-spoken', 'certain']);
    const { messages } = handshakeOf(exchange);
    assert.deepEqual(lines(messages), ['> client_hello', '< not_tls']);
    assert.match(fieldOf(messages, 'not_tls', 'text')?.[0] ?? '', /^HTTP\/1\.1 400 Bad Request\\x0d\\x0a/);
    assert.match(failureMessage(exchange.failure!, exchange, 'en', 'stopped'), /what came back is not TLS.*The first that came was HTTP\/1\.1 400 Bad Request\./);
  });

  openssl('of a proxy over TLS and of the server behind it, each its own', async () => {
    const certificate = await authority.issue({ names: ['proxy.test'] });
    const port = await opened.serve(createHttpProxy({ said: [] }, { certificate }));
    const exchange = await exchangeWith(['-tls1_2'], { proxy: `https://proxy.test:${port}` });
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    const [hop] = exchange.connection?.proxies ?? [];
    assert.deepEqual(lines(hop?.tlsMessages ?? []).slice(0, 4), full13.slice(0, 4));
    assert.deepEqual(lines(handshakeOf(exchange).messages).slice(0, full12.length), full12);
  });

  openssl('of ciphers that are not read: only that there were some', async () => {
    const exchange = await exchangeWith(['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA'], { tls: { ciphers: 'ECDHE-ECDSA-AES128-SHA' } });
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    const { messages, seen } = handshakeOf(exchange);
    assert.deepEqual(lines(messages).slice(0, 8), [...full12.slice(0, 7), '>*unreadable']);
    assert.deepEqual([seen.roundTrips, seen.resumption, seen.signatureScheme], [2, undefined, 'ecdsa_secp256r1_sha256']);
  });

  it('are told while a stream of events goes on, and only once', async () => {
    const { cert, key } = await authority.issue({ names: ['site.test'] });
    const port = await opened.serve(https.createServer({ cert, key }, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
    }));
    const controller = new AbortController();
    const told: TlsMessage[] = [];
    const [exchange] = await sender.client.send(
      { id: 'stream', method: 'GET', url: `https://site.test:${port}/`, headers: [], options: { trustAnchors: [{ pem: authority.pem, label: 'root' }] } },
      {
        onExchange: () => {},
        onConnection: ({ events }) => {
          for (const event of events) {
            if (event.type !== 'tls-messages') continue;
            told.push(...event.messages);
            // Nobody would stop listening if they came at the end.
            controller.abort();
          }
        },
      },
      controller.signal,
    );
    assert.equal(exchange?.stream?.ended, true);
    assert.deepEqual(lines(told).slice(0, full13.length), full13);
    assert.equal(lines(told).filter((line) => line === '> client_hello').length, 1);
  });

  openssl('are not kept where nothing is', async () => {
    const exchange = await exchangeWith([], { capture: 'none' });
    assert.equal(exchange.failure, undefined);
    const { tls } = exchange.connection!;
    assert.ok(tls?.facts);
    assert.deepEqual([tls.messages, tls.seen], [undefined, undefined]);
  });
});
