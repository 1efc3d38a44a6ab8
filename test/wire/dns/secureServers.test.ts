import assert from 'node:assert/strict';
import { decode } from 'dns-packet';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type * as tls from 'node:tls';
import { explainStepDetails } from '../../../src/explain/stepDetails.ts';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import { parseSecureServer } from '../../../src/wire/dns/secureServer.ts';
import { createAuthority, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { freePort } from '../../support/sockets.ts';
import { createFixtures, failureOf, look, octetsOf, outcome, until } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { a, aaaa, buildReply, soa } from './nameServer.ts';
import { createDnsOverTls, prefixed } from './dnsOverTls.ts';
import { startUnbound } from './unbound.ts';
import type { Unbound } from './unbound.ts';

/** Knows every name; `gone.test` does not exist. */
function reply(query: Buffer): Buffer {
  const { id = 0, questions = [] } = decode(query);
  const { name = '', type = '' } = questions[0] ?? {};
  const answers = type === 'A' ? [a(name, '192.0.2.7')] : [aaaa(name, '2001:db8::7')];
  return buildReply(
    { id, name, type }, name === 'gone.test' ? { rcode: 3, authorities: [soa('test', 60)] } : { answers },
  );
}

describe('name servers over TLS and HTTPS', function () {
  this.timeout(300_000);
  const fixtures = createFixtures();
  const opened: { server: Server; sockets: Set<Socket> }[] = [];
  let authority: TestAuthority;
  let issued: Issued;

  before(async () => {
    authority = await createAuthority('Names');
    issued = await authority.issue({ names: ['dns.test', '127.0.0.1'] });
  });
  afterEach(async () => {
    for (const { server, sockets } of opened.splice(0)) {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    }
  });
  after(() => fixtures.cleanUp());

  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => {})));
    opened.push({ server, sockets });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  function keys(): { key: string; cert: string } {
    return { key: issued.key, cert: issued.cert };
  }

  /** RFC 7858; `answer` says what is sent for each query. */
  async function dot(answer: (query: Buffer, socket: tls.TLSSocket) => void): Promise<number> {
    return listen(createDnsOverTls(keys(), answer));
  }

  async function doh(
    respond: (query: Buffer, stream: {
      end(bytes: Buffer): void; head(status: number, type: string, more?: Record<string, string>): void;
    }) => void,
    isHttp1 = false,
  ): Promise<number> {
    const take = (
      request: IncomingMessage | http2.Http2ServerRequest, response: ServerResponse | http2.Http2ServerResponse,
    ): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const isRight = request.method === 'POST' && request.url === '/dns-query'
          && request.headers['content-type'] === 'application/dns-message';
        respond(Buffer.concat(chunks), {
          head: (status, type, more = {}) => {
            for (const [name, value] of Object.entries(more)) response.setHeader(name, value);
            response.statusCode = isRight ? status : 400;
            response.setHeader('content-type', type);
          },
          end: (bytes) => void (response as ServerResponse).end(bytes),
        });
      });
    };
    return listen(isHttp1 ? https.createServer(keys(), take) : http2.createSecureServer(keys(), take));
  }

  async function ask(dns: string, name = 'shop.test', more: Parameters<typeof look>[2] = {}): Promise<Looked> {
    const resolver = fixtures.resolver({
      timeout: 1000, servers: [], hostsFile: fixtures.file('127.0.0.1 dns.test\n'),
    });
    const trustAnchors = [{ pem: authority.pem, label: 'test' }];
    return look(resolver, name, { dns, trustAnchors, ...more });
  }

  function asked({ steps }: Looked): DnsStep[] {
    return steps.filter(({ source }) => source === 'name-server');
  }

  const both = ['2001:db8::7', '192.0.2.7'];

  it('asks over TLS, both questions on one connection', async () => {
    const port = await dot((query, socket) => void socket.write(prefixed(reply(query))));
    const looked = await ask(`tls://127.0.0.1:${port}#dns.test`);
    assert.deepEqual(outcome(looked), both);
    const [first, second] = asked(looked);
    assert.deepEqual([first?.server, first?.transport, first?.outcome], [`127.0.0.1:${port}`, 'tls', 'answered']);
    assert.deepEqual([first?.connection?.reused, second?.connection?.reused], [false, true]);
    assert.deepEqual([first?.connection?.serverName, first?.connection?.version], ['dns.test', 'TLSv1.3']);
    assert.ok((first?.connection?.tlsTime ?? 0) > 0);
    assert.equal(second?.connection?.tlsTime, undefined);
    assert.equal(opened[0]?.sockets.size, 1);
    await until(() => [...opened[0]?.sockets ?? []].every(({ destroyed }) => destroyed));
  });

  it('tells whose certificate it was, of the question that opened the connection', async () => {
    const port = await dot((query, socket) => void socket.write(prefixed(reply(query))));
    const [first, second] = asked(await ask(`tls://127.0.0.1:${port}#dns.test`));
    const [leaf] = first?.connection?.tls?.certificateChain ?? [];
    assert.deepEqual(leaf?.subjectAltNames, ['DNS:dns.test', 'IP Address:127.0.0.1']);
    assert.equal(second?.connection?.tls, undefined);
  });

  it('tells of a certificate that it did not accept', async () => {
    const port = await dot((query, socket) => void socket.write(prefixed(reply(query))));
    const [first] = asked(await ask(`tls://127.0.0.1:${port}#other.test`));
    assert.equal(first?.outcome, 'error');
    assert.deepEqual([first.queryBytes, first.answerBytes], [undefined, undefined]);
    assert.ok(
      first?.connection?.tls?.nameError !== undefined && (first.connection.tls.certificateChain.length ?? 0) > 0,
    );
  });

  it('shows an exchange over HTTPS as HTTP saw it, over either version', async () => {
    for (const isHttp1 of [false, true]) {
      const port = await doh((query, stream) => {
        stream.head(200, 'application/dns-message');
        stream.end(reply(query));
      }, isHttp1);
      const [first] = asked(await ask(`https://dns.test:${port}/dns-query`));
      const { requestHeaders = [], responseHeaders = [], statusCode, alpn } = first?.connection ?? {};
      assert.deepEqual([statusCode, alpn], [200, isHttp1 ? 'http/1.1' : 'h2']);
      const field = (
        lines: typeof requestHeaders, name: string,
      ) => lines.find(([one]) => one.toLowerCase() === name)?.[1];
      assert.equal(field(requestHeaders, 'content-type'), 'application/dns-message');
      assert.equal(field(responseHeaders, 'content-type'), 'application/dns-message');
    }
  });

  it('keeps the messages as the server got and sent them, over TLS and over HTTPS', async () => {
    const sent: Buffer[] = [];
    const got: Buffer[] = [];
    const answer = (query: Buffer): Buffer => {
      got.push(Buffer.from(query));
      return sent[sent.push(reply(query)) - 1]!;
    };
    const carry = (isHttp1: boolean): Promise<number> => doh((query, stream) => {
      stream.head(200, 'application/dns-message');
      stream.end(answer(query));
    }, isHttp1);
    const servers = [
      `tls://127.0.0.1:${await dot((query, socket) => void socket.write(prefixed(answer(query))))}#dns.test`,
      `https://dns.test:${await carry(false)}/dns-query`, `https://dns.test:${await carry(true)}/dns-query`,
    ];
    for (const server of servers) {
      got.length = sent.length = 0;
      const steps = asked(await ask(server));
      const inOrder = (messages: (Buffer | undefined)[]): (string | undefined)[] =>
        messages.map((message) => message?.toString('hex')).toSorted();
      assert.equal(steps.length, 2);
      assert.deepEqual(inOrder(steps.map(({ queryBytes }) => octetsOf(queryBytes))), inOrder(got), server);
      assert.deepEqual(inOrder(steps.map(({ answerBytes }) => octetsOf(answerBytes))), inOrder(sent), server);
    }
  });

  it('shows the head of an HTTP answer that is none', async () => {
    const port = await doh((_, stream) => {
      stream.head(429, 'text/plain');
      stream.end(Buffer.from('slow down'));
    });
    const [first] = asked(await ask(`https://dns.test:${port}/dns-query`));
    assert.deepEqual([first?.outcome, first?.connection?.statusCode], ['error', 429]);
    assert.deepEqual([octetsOf(first?.answerBytes)?.toString(), first?.answerSize], ['slow down', 9]);
    assert.ok(
      first?.connection?.responseHeaders?.some(([name, value]) => name === 'content-type' && value === 'text/plain'),
    );
  });

  it('connects once more for a question whose connection has ended', async () => {
    let answered = 0;
    const port = await dot((query, socket) => {
      answered += 1;
      if (answered === 1) socket.end(prefixed(reply(query)));
      else socket.write(prefixed(reply(query)));
    });
    const looked = await ask(`tls://127.0.0.1:${port}#dns.test`);
    assert.deepEqual(outcome(looked), both);
    const steps = asked(looked);
    assert.ok(
      steps.some(({ connection }) => connection?.reopened === true),
      JSON.stringify(steps.map(({ outcome: came }) => came)),
    );
  });

  it('does not connect for ever to a server that always ends', async () => {
    const port = await dot((_, socket) => socket.destroy());
    const looked = await ask(`tls://127.0.0.1:${port}#dns.test`);
    assert.equal(failureOf(looked).code, 'name-server-failed');
    assert.ok((opened[0]?.sockets.size ?? 0) <= 4, String(opened[0]?.sockets.size));
    assert.equal(asked(looked).length, 4);
  });

  it('asks the second of two servers when the first fails, and nobody else', async () => {
    const closed = await listen(createServer());
    await new Promise((resolve) => opened.pop()!.server.close(resolve));
    const port = await dot((query, socket) => void socket.write(prefixed(reply(query))));
    const looked = await ask(`tls://127.0.0.1:${closed}#dns.test, tls://127.0.0.1:${port}#dns.test`);
    assert.deepEqual(outcome(looked), both);
    const steps = asked(looked);
    assert.deepEqual(steps.at(-1)?.server, `127.0.0.1:${port}`);
    assert.ok(
      steps.filter(({ outcome: came }) => came === 'error').every(({ server }) =>
        server === `tls://127.0.0.1:${closed}#dns.test`),
    );
  });

  it('tells at which address and from which port, and of every address that was tried before', async () => {
    const sources: number[] = [];
    const answer = (query: Buffer, response: { end(bytes: Buffer): void; head(status: number, type: string): void }) => {
      response.head(200, 'application/dns-message');
      response.end(reply(query));
    };
    const port = await doh(answer);
    opened.at(-1)!.server.on('connection', (socket: Socket) => void sources.push(socket.remotePort ?? 0));
    const resolver = fixtures.resolver({
      timeout: 1000, servers: [], sourceOf: async () => '192.0.2.1',
      hostsFile: fixtures.file('127.0.0.4 dns.test\n127.0.0.3 dns.test\n127.0.0.1 dns.test\n'),
    });
    const dns = `https://dns.test:${port}/dns-query`;
    const looked = await look(resolver, 'shop.test', { dns, trustAnchors: [{ pem: authority.pem, label: 'test' }] });
    assert.ok(looked.resolution.ok);
    const [first, second] = asked(looked);
    const tried = first?.unreached?.map(({ server }) => server) ?? [];
    assert.deepEqual([...tried, first?.connection?.peerAddress], ['127.0.0.4', '127.0.0.3', '127.0.0.1'].map((one) => `${one}:${port}`));
    assert.ok(first?.unreached?.every(({ message, server, time }) => message.includes(`ECONNREFUSED ${server}`) && time >= 0));
    assert.deepEqual([first?.connection?.localPort, second?.connection?.localPort], [sources[0], sources[0]]);
    assert.equal(second?.unreached, undefined);
    const details = explainStepDetails(first!, 'en');
    assert.ok(details.some((part) => part.startsWith(`no connection to 127.0.0.3:${port} (`)), details.join());
    assert.ok(details.includes(`at 127.0.0.1:${port}, from port ${sources[0]}`), details.join());
  });

  it('tells of every address when none can be connected to', async () => {
    const port = await freePort();
    const resolver = fixtures.resolver({ servers: [], hostsFile: fixtures.file('127.0.0.4 dns.test\n127.0.0.3 dns.test\n') });
    const looked = await look(resolver, 'shop.test', { dns: `https://dns.test:${port}/` });
    assert.equal(failureOf(looked).code, 'name-server-failed');
    const [first] = asked(looked);
    assert.deepEqual(first?.unreached?.map(({ server }) => server), [`127.0.0.4:${port}`, `127.0.0.3:${port}`]);
    assert.equal(first?.message, `connect ECONNREFUSED 127.0.0.3:${port}`);
    assert.equal(explainStepDetails(first!, 'en').length, 2);
  });

  it('takes answers in any order, in pieces', async () => {
    const waiting: (() => void)[] = [];
    const port = await dot((query, socket) => {
      waiting.unshift(() => { for (const octet of prefixed(reply(query))) socket.write(Buffer.from([octet])); });
      if (waiting.length === 2) for (const send of waiting) send();
    });
    assert.deepEqual(outcome(await ask(`tls://127.0.0.1:${port}#dns.test`)), both);
  });

  it('checks the certificate for the address where no name is given', async () => {
    const port = await dot((query, socket) => void socket.write(prefixed(reply(query))));
    assert.deepEqual(outcome(await ask(`tls://127.0.0.1:${port}`)), both);
  });

  it('asks nobody with another name, or whom it does not trust', async () => {
    let queries = 0;
    const port = await dot(() => { queries += 1; });
    const wrong = await ask(`tls://127.0.0.1:${port}#other.test`);
    assert.equal(failureOf(wrong).code, 'name-server-failed');
    assert.match(asked(wrong)[0]?.message ?? '', /not trusted.*other\.test/);
    const unknown = await ask(`tls://127.0.0.1:${port}#dns.test`, 'shop.test', { trustAnchors: [] });
    assert.match(asked(unknown)[0]?.message ?? '', /not trusted/);
    assert.equal(queries, 0);
    assert.ok(wrong.steps.every(({ source }) => source !== 'getaddrinfo'));
  });

  const silences: [what: string, answer: Parameters<typeof dot>[0], code: string][] = [
    ['says nothing', () => {}, 'name-timeout'],
    ['closes', (_, socket) => void socket.end(), 'name-server-failed'],
    ['sends half an answer', (query, socket) => void socket.end(prefixed(reply(query)).subarray(0, 20)), 'name-server-failed'],
    ['answers another question', (_, socket) => void socket.write(prefixed(Buffer.alloc(12))), 'name-timeout'],
  ];
  for (const [what, answer, code] of silences) {
    it(`fails when the server ${what}`, async () => {
      const port = await dot(answer);
      assert.equal(failureOf(await ask(`tls://127.0.0.1:${port}#dns.test`)).code, code);
    });
  }

  it('ends when it is cancelled', async () => {
    let queries = 0;
    const port = await dot(() => { queries += 1; });
    const controller = new AbortController();
    const looking = ask(`tls://127.0.0.1:${port}#dns.test`, 'shop.test', { signal: controller.signal });
    await until(() => queries > 0);
    controller.abort();
    assert.equal(outcome(await looking), 'cancelled');
  });

  for (const isHttp1 of [false, true]) {
    it(`asks over HTTPS, ${isHttp1 ? 'HTTP/1.1' : 'HTTP/2'}, the server's own name being looked up first`, async () => {
      const port = await doh((query, response) => {
        response.head(200, 'application/dns-message');
        response.end(reply(query));
      }, isHttp1);
      const url = `https://dns.test:${port}/dns-query`;
      const looked = await ask(`${url}{?dns}`);
      assert.deepEqual(outcome(looked), both);
      const [first] = asked(looked);
      assert.deepEqual([first?.transport, first?.connection?.alpn, first?.connection?.statusCode],
        ['https', isHttp1 ? 'http/1.1' : 'h2', 200]);
      assert.ok(looked.steps.some(({ source, question }) => source === 'hosts' && question.name === 'dns.test'));
      assert.equal(opened[0]?.sockets.size, 1);
      await until(() => [...opened[0]?.sockets ?? []].every(({ destroyed }) => destroyed));
      assert.deepEqual(outcome(await ask(url, 'gone.test')), 'name-not-found');
    });
  }

  it('takes the age of an answer in an HTTP cache off its TTLs, and does not keep what is as old as they are', async () => {
    let age = 50;
    const port = await doh((query, response) => {
      response.head(200, 'application/dns-message', { age: String(age) });
      response.end(reply(query));
    });
    const resolver = fixtures.resolver({ servers: [], hostsFile: fixtures.file('127.0.0.1 dns.test\n'), now: () => 0 });
    const dns = `https://dns.test:${port}/dns-query`;
    const lookUp = (name: string) => look(resolver, name, { dns, trustAnchors: [{ pem: authority.pem, label: 'test' }] });
    const [first] = asked(await lookUp('shop.test'));
    // The TTL as it stands in the message, and what is left of it.
    assert.deepEqual([first?.connection?.age, first?.records?.[0]?.ttl], [50, 60]);
    const cached = (await lookUp('shop.test')).steps.filter(({ source }) => source === 'cache');
    assert.deepEqual(cached.map(({ ttlLeft, records }) => [ttlLeft, records?.[0]?.ttl]), [[10, 10], [10, 10]]);
    assert.equal(
      explainStepDetails(first!, 'en').at(-1), '50 s old in an HTTP cache, counted off its TTLs (RFC 8484 §5.1)',
    );
    age = 60;
    for (let time = 0; time < 2; time += 1) assert.equal(asked(await lookUp('old.test')).length, 2);
  });

  it('gives up a question over HTTP/1.1 together with its connection, and asks the next on another', async () => {
    const port = await doh((query, response) => {
      if (decode(query).questions?.[0]?.type === 'A') return;
      response.head(200, 'application/dns-message');
      response.end(reply(query));
    }, true);
    const looked = await ask(`https://dns.test:${port}/dns-query`, 'shop.test', { timeout: 1000 });
    assert.deepEqual(outcome(looked), ['2001:db8::7']);
    assert.deepEqual(
      asked(looked).map(({ question, outcome: came, connection }) => `${question.type} ${came} ${connection?.reopened}`)
        .toSorted(),
      ['A timeout undefined', 'AAAA answered true', 'AAAA error undefined'],
    );
  });

  const refusals: [what: string, status: number, type: string, bytes: Buffer, message: RegExp][] = [
    ['a status that is no success', 503, 'text/plain', Buffer.from('busy'), /HTTP status 503/],
    ['another content type', 200, 'application/json', Buffer.from('{}'), /application\/json/],
    ['too much', 200, 'application/dns-message', Buffer.alloc(70_000), /more than 65535/],
    ['no message', 200, 'application/dns-message', Buffer.from('hello'), /shorter than a header/],
  ];
  for (const [what, status, type, bytes, message] of refusals) {
    it(`fails at ${what}`, async () => {
      const port = await doh((_, response) => {
        response.head(status, type);
        response.end(bytes);
      });
      const looked = await ask(`https://dns.test:${port}/dns-query`);
      assert.equal(failureOf(looked).code, 'name-server-failed');
      assert.match(asked(looked)[0]?.message ?? '', message);
    });
  }

  describe('against unbound', () => {
    let unbound: Unbound;
    let ports: { tls: number; https: number };

    before(async function () {
      debianOrSkip(this, 'unbound', 'unbound');
      const { key, cert } = keys();
      ports = { tls: await freePort(), https: await freePort() };
      unbound = await startUnbound(configuration(ports), { 'key.pem': key, 'cert.pem': cert }, async () =>
        (await ask(`tls://127.0.0.1:${ports.tls}#dns.test`, 'shop.lab.test')).resolution.ok);
    });

    after(() => unbound?.end());

    it('gives the same over TLS and HTTPS', async () => {
      for (const dns of [`tls://127.0.0.1:${ports.tls}#dns.test`, `https://127.0.0.1:${ports.https}/dns-query`]) {
        assert.deepEqual(outcome(await ask(dns, 'shop.lab.test')), ['2001:db8::17', '192.0.2.17'], dns);
        assert.deepEqual(outcome(await ask(dns, 'gone.lab.test')), 'name-not-found', dns);
      }
    });
  });

  const readings: [text: string, expected: Partial<NonNullable<ReturnType<typeof parseSecureServer>>> | undefined][] = [
    ['tls://1.1.1.1#one.one', { transport: 'tls', host: '1.1.1.1', port: 853, serverName: 'one.one' }],
    ['tls://[2001:db8::1]:8853#one.one', { host: '2001:db8::1', port: 8853, serverName: 'one.one' }],
    ['tls://1.1.1.1', { serverName: '1.1.1.1' }],
    ['https://dns.test/dns-query', { transport: 'https', host: 'dns.test', port: 443, path: '/dns-query' }],
    ['https://[::1]:8443/q?a=b', { host: '::1', port: 8443, path: '/q?a=b' }],
    ['tls://dns.test', undefined], ['tls://1.1.1.1/x', undefined], ['tls://1.1.1.1#a b', undefined], ['tls://1.1.1.1:0', undefined],
    ['https://user:pass@dns.test/', undefined], ['http://dns.test/', undefined], ['1.1.1.1', undefined], ['', undefined],
  ];
  for (const [text, expected] of readings) {
    it(`reads ${text}`, () => {
      const server = parseSecureServer(text);
      if (expected === undefined) assert.equal(server, undefined);
      else assert.deepEqual({ ...server, ...expected }, server);
    });
  }
});

function configuration(ports: { tls: number; https: number }): string {
  return `  interface: 127.0.0.1@${ports.tls}
  interface: 127.0.0.1@${ports.https}
  tls-port: ${ports.tls}
  https-port: ${ports.https}
  tls-service-key: "key.pem"
  tls-service-pem: "cert.pem"
  local-zone: "lab.test." static
  local-data: "shop.lab.test. A 192.0.2.17"
  local-data: "shop.lab.test. AAAA 2001:db8::17"
`;
}
