import assert from 'node:assert/strict';
import http from 'node:http';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Failure } from '../../../src/trace/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import type { Client } from '../../../src/wire/client.ts';
import { answers, dnsFaults, dnsOddities } from '../../support/dnsFaults.ts';
import { assertOutcome, cancelledAfter, shortLimits, wardForEach } from '../../support/suffering.ts';
import { createFixtures, unanswered } from '../dns/lookups.ts';
import type { Asked, Send } from '../dns/nameServer.ts';
import { assertComplete, assertFailure, sendOne, specOf } from '../http/support.ts';

describe('faults of name servers', () => {
  const fixtures = createFixtures();
  afterEach(() => fixtures.cleanUp());
  const ward = wardForEach();
  let origin: number;
  beforeEach(async () => {
    origin = await ward.bench.serve(http.createServer((_request, response) => response.end('good')));
  });

  /** A client whose name server answers for `good.test`, and has the fault for every other name. */
  async function suffering(fault: (asked: Asked, send: Send) => void, timeout = 60): Promise<Client> {
    const server = await fixtures.server((asked, send) => (/^good\.test$/i.test(asked.name) ? answers : fault)(asked, send));
    const resolver = fixtures.resolver({ servers: [server], getaddrinfo: unanswered, timeout, tries: 2 });
    return ward.bench.newClient({ resolver });
  }
  const spec = (name: string): RequestSpec => specOf(`http://${name}:${origin}/`, { options: { timeouts: shortLimits } });

  const outcomes: readonly (readonly [keyof typeof dnsFaults, Failure['code']])[] = [
    ['silence', 'name-timeout'],
    ['another id', 'name-timeout'],
    ['another question', 'name-timeout'],
    ['a question sent back', 'name-timeout'],
    ['an answer from another port', 'name-timeout'],
    ['noise', 'name-timeout'],
    ['eleven octets', 'name-timeout'],
    ['a datagram of nothing', 'name-timeout'],
    ['a head and no more', 'name-server-failed'],
    ['an answer that is cut without saying so', 'name-server-failed'],
    ['more answers counted than there are', 'name-server-failed'],
    ['an RDLENGTH beyond the message', 'name-server-failed'],
    ['an RDLENGTH of an address that is too short', 'name-server-failed'],
    ['a name that points to itself', 'name-server-failed'],
    ['a name that points ahead', 'name-server-failed'],
    ['a label of a kind that is not known', 'name-server-failed'],
    ['FORMERR', 'name-server-failed'],
    ['SERVFAIL', 'name-server-failed'],
    ['NOTIMP', 'name-server-failed'],
    ['REFUSED', 'name-server-failed'],
    ['a code that is not known', 'name-server-failed'],
    ['a name error', 'name-not-found'],
    ['an empty answer', 'name-without-address'],
    ['an empty answer without SOA', 'name-without-address'],
    ['an answer for another name', 'name-without-address'],
    ['a referral', 'name-server-failed'],
    ['a loop of aliases', 'name-server-failed'],
    ['an alias to itself', 'name-server-failed'],
    ['aliases without end', 'name-server-failed'],
    ['cut, and over TCP cut again', 'name-server-failed'],
    ['cut, and over TCP the end', 'name-server-failed'],
    ['cut, and over TCP half of it', 'name-server-failed'],
    ['cut, and over TCP silence', 'name-timeout'],
  ];
  for (const [name, code] of outcomes) {
    it(`${name}: ${code}`, async () => {
      const client = await suffering(dnsFaults[name]);
      const exchange = await sendOne(client, spec('bad.test'));
      assertOutcome(exchange, { phase: 'dns', code });
      assert.equal(exchange.failure!.host, 'bad.test');
      assertComplete(await sendOne(client, spec('good.test')));
    });
  }

  for (const name of Object.keys(dnsOddities) as (keyof typeof dnsOddities)[]) {
    it(`${name}: taken`, async () => {
      const client = await suffering(dnsOddities[name], 1_000);
      const exchange = await sendOne(client, spec('bad.test'));
      assertComplete(exchange);
      assert.deepEqual(exchange.connection!.lookup!.addresses, [{ address: '127.0.0.1', family: 4 }]);
    });
  }

  it('a TTL whose first bit is set is none (RFC 2181 §8): the name is asked for again', async () => {
    let count = 0;
    const client = await suffering((asked, send) => {
      count += 1;
      dnsOddities['a TTL of 136 years'](asked, send);
    }, 1_000);
    const options = { forceNewConnection: true, timeouts: shortLimits };
    assertComplete(await sendOne(client, { ...spec('bad.test'), options }));
    const before = count;
    assertComplete(await sendOne(client, { ...spec('bad.test'), options }));
    assert(count > before, 'what would have been kept for 136 years was asked again');
  });

  it('a server that is not there: connection refused, said as such', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    const resolver = fixtures.resolver({ servers: [{ address: '127.0.0.1', port }], getaddrinfo: unanswered, timeout: 60, tries: 2 });
    const client = ward.bench.newClient({ resolver });
    assertOutcome(await sendOne(client, spec('bad.test')), { phase: 'dns', code: 'name-server-failed' });
  });

  for (const name of ['silence', 'cut, and over TCP silence', 'noise'] as const) {
    it(`is cancelled at once: ${name}`, async () => {
      const client = await suffering(dnsFaults[name], 30_000);
      assertFailure(await cancelledAfter(client, specOf(`http://bad.test:${origin}/`), 'dns-start'), 'dns', 'cancelled');
    });
  }
});
