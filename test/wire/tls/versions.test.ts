import assert from 'node:assert/strict';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import { explainFailure } from '../../../src/explain/failure.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { TlsWishes } from '../../../src/trace/request.ts';
import { siteForEach, tlsOf } from './support.ts';

describe('TLS versions and ciphers asked for', () => {
  const site = siteForEach();

  async function sendTo(options: tls.TlsOptions, wishes: TlsWishes | undefined): Promise<Exchange> {
    return site.sender.send(`https://site.test:${await site.serve(options)}/`, {
      trustAnchors: [{ pem: site.authority.pem, label: 'root' }], ...(wishes ? { tls: wishes } : {}),
    });
  }

  const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  const agreed: [tls.TlsOptions, TlsWishes | undefined, string][] = [
    [{}, undefined, 'TLSv1.3'],
    [{}, { maxVersion: '1.2' }, 'TLSv1.2'],
    [{}, { minVersion: '1.3' }, 'TLSv1.3'],
    [{ ...old, maxVersion: 'TLSv1.1' }, { minVersion: '1.0' }, 'TLSv1.1'],
    [{ ...old, maxVersion: 'TLSv1' }, { maxVersion: '1.0' }, 'TLSv1'],
  ];
  for (const [options, wishes, version] of agreed) {
    it(`agrees on ${version} where ${JSON.stringify(wishes ?? {})} is asked for`, async () => {
      const exchange = await sendTo(options, wishes);
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      assert.equal(tlsOf(exchange).version, version);
    });
  }

  it('tells what was offered, and whether somebody chose it', async () => {
    const exchange = await sendTo({}, { maxVersion: '1.2' });
    assert.deepEqual(exchange.connection?.tls?.versionsOffered, { min: 'TLSv1.2', max: 'TLSv1.2', chosen: true });
    const trustAnchors = [{ pem: site.authority.pem, label: 'root' }];
    const other = await site.sender.send(exchange.spec.url, { trustAnchors });
    assert.deepEqual(other.connection?.tls?.versionsOffered, { min: 'TLSv1.2', max: 'TLSv1.3', chosen: false });
    assert.notEqual(other.connection?.id, exchange.connection?.id);
  });

  it('names the versions in the failure, and how to offer others', async () => {
    const exchange = await sendTo({ maxVersion: 'TLSv1.2' }, { minVersion: '1.3' });
    assert.deepEqual([exchange.failure?.code, exchange.failure?.detail?.['alert']], ['tls-alert', 'protocol_version']);
    const { text, steps } = explainFailure(exchange.failure!, exchange, 'en');
    assert.match(text, /none of the TLS versions that were offered: TLS 1\.3\./);
    assert.match(steps[0]?.text ?? '', /@tls-version/);
  });

  it('names the version that the server chose although it was not offered', async () => {
    // What a server of the nineties does: it answers with its own version, whatever is offered.
    const exchange = await sendToOldServer();
    assert.equal(exchange.failure?.code, 'tls-handshake');
    const { text } = explainFailure(exchange.failure!, exchange, 'en');
    assert.match(text, /chose TLS 1\.0, which was not offered: TLS 1\.2 – TLS 1\.3\./);
  });

  async function sendToOldServer(): Promise<Exchange> {
    const { createServer } = await import('node:net');
    const hello = Buffer.from([22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, ...Array<number>(32).fill(7), 0, 0, 0x2f, 0]);
    const plain = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(hello));
    });
    await new Promise<void>((resolve) => { plain.listen(0, '127.0.0.1', resolve); });
    const exchange = await site.sender.send(`https://site.test:${(plain.address() as net.AddressInfo).port}/`);
    await new Promise((resolve) => { plain.close(resolve); });
    return exchange;
  }

  it('uses the ciphers that are named', async () => {
    const exchange = await sendTo({ maxVersion: 'TLSv1.2' }, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' });
    assert.equal(tlsOf(exchange).cipher, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
  });

  const refused: [TlsWishes, string][] = [
    [{ ciphers: 'NO-SUCH' }, 'ciphers'], [{ minVersion: '1.3', maxVersion: '1.2' }, 'tls-versions'],
  ];
  for (const [wishes, part] of refused) {
    it(`sends nothing with ${JSON.stringify(wishes)}`, async () => {
      const { failure } = await site.sender.send('https://site.test:9/', { tls: wishes });
      assert.deepEqual(
        [failure?.phase, failure?.code, failure?.detail?.['part']], ['blocked', 'invalid-request', part],
      );
    });
  }
});
