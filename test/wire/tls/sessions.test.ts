import assert from 'node:assert/strict';
import type * as tls from 'node:tls';
import { phasesOf } from '../../../src/trace/phases.ts';
import type { TlsFacts } from '../../../src/trace/tls/facts.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { SessionCache, type TlsSession } from '../../../src/wire/tls/session.ts';
import { createSender, siteForEach, tlsOf } from './support.ts';

describe('TLS sessions', () => {
  const site = siteForEach();
  let port = 0;

  async function serve(options: tls.TlsOptions = {}): Promise<void> {
    port = await site.serve(options);
  }

  async function factsOf(more: SendOptions = {}, host = 'site.test'): Promise<TlsFacts> {
    const options = { trustAnchors: [{ pem: site.authority.pem, label: 'root' }], forceNewConnection: true, ...more };
    return tlsOf(await site.sender.send(`https://${host}:${port}/`, options));
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`are resumed on the next new connection, with what the first one showed, in ${version}`, async () => {
      await serve({ minVersion: version, maxVersion: version });
      const first = await factsOf();
      const second = await factsOf();
      const third = await factsOf();
      assert.deepEqual([first.resumed, second.resumed, third.resumed], [false, true, true]);
      assert.equal(first.resumedFrom, undefined);
      assert.equal(second.verified, true);
      assert.deepEqual(second.certificateChain, first.certificateChain);
      assert.deepEqual(third.certificateChain, first.certificateChain);
      assert.equal(second.resumedFrom?.handshakeTime, third.resumedFrom?.handshakeTime);
      const der = Buffer.from(site.issued.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64');
      assert.equal(second.resumedFrom?.certificatesSize, der.length);
      assert.ok((second.resumedFrom?.age ?? -1) >= 0);
    });
  }

  it('tell the time of the full handshake as its own exchange does', async () => {
    await serve();
    const options = { trustAnchors: [{ pem: site.authority.pem, label: 'root' }], forceNewConnection: true };
    const [first, second] = [
      await site.sender.send(`https://site.test:${port}/`, options), await site.sender.send(`https://site.test:${port}/`, options),
    ];
    const tls = phasesOf(first).find(({ name }) => name === 'tls');
    const { startAt, endAt = 0, messages = [] } = first.connection!.tls!;
    assert.ok(messages.length > 0 && tls?.duration !== endAt - startAt);
    assert.equal(tlsOf(second).resumedFrom?.handshakeTime, tls?.duration);
  });

  it('are resumed again and again, also where the server gives no new ones', async () => {
    await serve({ minVersion: 'TLSv1.3' });
    const resumed = [];
    for (let count = 0; count < 6; count += 1) resumed.push((await factsOf()).resumed);
    assert.deepEqual(resumed, [false, true, true, true, true, true]);
  });

  it('are not resumed when asked not to, and none are kept then', async () => {
    await serve();
    const without = { tls: { resumption: false } };
    await factsOf(without);
    assert.equal((await factsOf()).resumed, false);
    assert.equal((await factsOf(without)).resumed, false);
    assert.equal((await factsOf()).resumed, true);
  });

  it('are forgotten with the connections', async () => {
    await serve();
    await factsOf();
    site.sender.client.closeConnections();
    assert.equal((await factsOf()).resumed, false);
  });

  it('of another client are unknown', async () => {
    await serve();
    await factsOf();
    const other = createSender();
    const trustAnchors = [{ pem: site.authority.pem, label: 'root' }];
    assert.equal(tlsOf(await other.send(`https://site.test:${port}/`, { trustAnchors })).resumed, false);
    await other.close();
  });

  it('never carry verification where it was not: an unverified session is not resumed for a verified request', async () => {
    await serve();
    const unverified = await factsOf({ verify: false, trustAnchors: [] });
    assert.deepEqual([unverified.verified, unverified.verificationOff], [false, true]);
    const options = { trustAnchors: [], forceNewConnection: true };
    const exchange = await site.sender.send(`https://site.test:${port}/`, options);
    assert.equal(exchange.failure?.code, 'certificate-untrusted');
    assert.equal(tlsOf(exchange).resumed, false);
  });

  it('say so again: a resumed session of an unverified connection is unverified, with the same reason', async () => {
    await serve();
    const first = await factsOf({ verify: false, trustAnchors: [] });
    const second = await factsOf({ verify: false, trustAnchors: [] });
    assert.equal(second.resumed, true);
    assert.deepEqual([second.verified, second.verificationOff, second.chainError], [false, true, first.chainError]);
    assert.ok(second.chainError);
  });

  it('are kept apart by roots, versions, certificates of our own and names', async () => {
    await serve();
    await factsOf();
    const own = await site.authority.issue({ names: ['me.test'] });
    const others: [SendOptions, string?][] = [
      [{ trustAnchors: [{ pem: site.authority.pem, label: 'another label' }] }],
      [{ tls: { maxVersion: '1.2' } }],
      [{ clientCertificate: { label: 'own', from: 'request', ...own } }],
      [{ verify: false }, 'other.test'],
    ];
    for (const [options, host] of others) assert.equal(
      (await factsOf(options, host)).resumed, false, JSON.stringify(options).slice(0, 80),
    );
    assert.equal((await factsOf()).resumed, true);
  });

  it('that the server does not know any more become full handshakes', async () => {
    await serve();
    await factsOf();
    await site.serve({}, port);
    const facts = await factsOf();
    assert.deepEqual([facts.resumed, facts.verified, facts.resumedFrom], [false, true, undefined]);
    assert.equal(facts.certificateChain.length, 2);
  });

  it('of a refused certificate are not kept', async () => {
    await serve();
    for (let round = 0; round < 2; round += 1) {
      const exchange = await site.sender.send(`https://wrong.test:${port}/`, {
        trustAnchors: [{ pem: site.authority.pem, label: 'root' }],
      });
      assert.equal(exchange.failure?.code, 'certificate-name-mismatch');
      assert.equal(tlsOf(exchange).resumed, false);
    }
  });

  describe('in the cache', () => {
    const day = 86_400_000;
    const now = Date.UTC(2026, 0, 10);
    const sessionOf = (name: string, facts: Partial<TlsFacts> = {}, endedAt = now): TlsSession => ({
      ticket: Buffer.from(name),
      handshake: { endedAt, duration: 5, facts: { version: 'TLSv1.3', cipher: '', alpnOffered: [], resumed: false, verified: true, verificationOff: false, certificateChain: [], ...facts } },
    });
    const taken = (
      cache: SessionCache, key = 'a', at = now,
    ): string | undefined => cache.take(key, at)?.ticket.toString();

    it('are used once, the latest first, but for the last; and at most four are kept', () => {
      const cache = new SessionCache();
      for (const name of ['1', '2', '3', '4', '5']) cache.keep('a', sessionOf(name));
      assert.deepEqual([1, 2, 3, 4, 5].map(() => taken(cache)), ['5', '4', '3', '2', '2']);
    });

    it('that are refused are dropped', () => {
      const cache = new SessionCache();
      cache.keep('a', sessionOf('1'));
      cache.drop('a');
      assert.equal(taken(cache), undefined);
    });

    it('of a hundred servers are kept, those used last', () => {
      const cache = new SessionCache();
      for (let index = 0; index < 101; index += 1) cache.keep(`${index}`, sessionOf(`${index}`));
      assert.deepEqual([taken(cache, '0'), taken(cache, '1'), taken(cache, '100')], [undefined, '1', '100']);
    });

    it('older than a day, or from the future, are dropped', () => {
      const cache = new SessionCache();
      cache.keep('a', sessionOf('old', {}, now - day - 1));
      cache.keep('a', sessionOf('future', {}, now + 1));
      assert.equal(taken(cache), undefined);
    });

    it('whose chain has expired meanwhile are dropped, but for those that were never verified', () => {
      const certificateChain = [
        { validFrom: now - day, validTo: now + 1000 },
      ] as unknown as TlsFacts['certificateChain'];
      for (const [verified, expected] of [[true, undefined], [false, 'x']] as const) {
        const cache = new SessionCache();
        cache.keep('a', sessionOf('x', { certificateChain, verified }));
        assert.equal(taken(cache, 'a', now + 1000), expected);
      }
    });
  });
});
