import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toCurl } from '../../../src/formats/curl.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import type { LabAddresses } from '../../../src/protocol.ts';
import { createLabClient } from '../../../src/run/labClient.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import { reachOf } from '../../../src/run/prepare/reach.ts';
import type { Exchange, TlsHandshake } from '../../../src/trace/exchange.ts';
import type { RequestSpec, SendOptions } from '../../../src/trace/request.ts';
import { labAddresses as addresses } from '../../support/labAddresses.ts';

const run = promisify(execFile);
const modulePath = path.resolve(import.meta.dirname, '../../../src/lab/main.ts');

async function prepared(url: string, lab?: LabAddresses, options: SendOptions = {}): Promise<RequestSpec> {
  const file = parse(`GET ${url}\n`);
  const result = await prepare(file.requests[0]!, {
    file, uri: 'file:///a.http', directory: tmpdir(), ...(lab ? { lab } : {}), options, trusted: true,
    newId: () => 'id',
  });
  assert.ok(result.ok);
  return result.spec;
}

function exchange(spec: RequestSpec, peerAddress: string): Exchange {
  const { hostname: host, port, origin } = new URL(spec.url);
  const connection = {
    id: 'c', origin, host, port: Number(port), startAt: 0, attempts: [], peerAddress,
  };
  return {
    id: 'e', startedAt: 0, startAt: 0, spec, connection, reused: false,
    cookies: { sent: [], received: [] }, events: [],
  };
}

describe('the reach of a request', () => {
  it('is nothing for a host that everybody can find and trust', async () => {
    const spec = await prepared('https://example.com/', addresses);
    const exchanges = [exchange(spec, '192.0.2.1')];
    assert.deepEqual(reachOf(spec, { exchanges, lab: addresses }), { resolve: [], authorities: [] });
  });

  it("is the lab's addresses and authority for its name and the names below it", async () => {
    const spec = await prepared('https://www.LAB.test:8002/', addresses);
    assert.deepEqual(reachOf(spec, { lab: addresses }), {
      resolve: ['www.lab.test:8001:127.0.0.1', 'www.lab.test:8002:127.0.0.1'], authorities: ['PEM'],
    });
    const plain = await prepared('http://lab.test:8001/', addresses);
    assert.deepEqual(reachOf(plain, { lab: addresses }).authorities, []);
    const other = await prepared('http://mylab.test:8001/', addresses);
    assert.deepEqual(reachOf(other, { lab: addresses }).resolve, []);
  });

  it('is where the last send went', async () => {
    const spec = await prepared('http://lab.test:8001/', addresses);
    const exchanges = [exchange(spec, '::1')];
    assert.deepEqual(reachOf(spec, { exchanges }).resolve, ['lab.test:8001:[::1]']);
    assert.equal(reachOf(spec, { exchanges, lab: addresses }).resolve[0], 'lab.test:8001:[::1]');
  });

  it('is not where a send went before the URL was edited', async () => {
    const before = await prepared('http://lab.test:7001/', addresses);
    const spec = await prepared('http://lab.test:8001/', addresses);
    assert.deepEqual(reachOf(spec, { exchanges: [exchange(before, '::1')] }).resolve, []);
  });

  it('has an authority for every host only where the last send needed it', async () => {
    const wanting = await prepared('https://a.example/', undefined, {
      trustAnchors: [{ pem: 'OWN', label: 'own.pem' }],
    });
    assert.deepEqual(reachOf(wanting, {}).authorities, []);
    const trustedFrom = (store: string): Exchange => {
      const { connection, ...rest } = exchange(wanting, '192.0.2.1');
      const tls = { startAt: 0, alpnOffered: [], facts: { certificateChain: [{ trustedFrom: store }] } };
      return { ...rest, connection: { ...connection!, tls: tls as unknown as TlsHandshake } };
    };
    assert.deepEqual(reachOf(wanting, { exchanges: [trustedFrom('system')] }).authorities, []);
    assert.deepEqual(reachOf(wanting, { exchanges: [trustedFrom('own.pem')] }).authorities, ['OWN']);
  });

  it("is the proxy's to find, and without verification needs no authority", async () => {
    const proxied = await prepared('https://lab.test:8002/', addresses, { proxy: 'http://127.0.0.1:1' });
    assert.deepEqual(reachOf(proxied, { lab: addresses }), { resolve: [], authorities: ['PEM'] });
    const unverified = await prepared('https://lab.test:8002/', addresses, { verify: false });
    assert.deepEqual(reachOf(unverified, { lab: addresses }).authorities, []);
  });

  it('lets curl reach the lab over HTTPS, and trust it', async function () {
    this.timeout(20_000);
    const directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-reach-'));
    const client = createLabClient({ modulePath });
    try {
      const lab = await client.start();
      const spec = await prepared(`${lab.origins.https}/hello/ada`, lab);
      const { resolve, authorities } = reachOf(spec, { lab });
      const cacert = path.join(directory, 'authorities.pem');
      await writeFile(cacert, authorities.join('\n'));
      const command = toCurl(spec, { resolve, cacert }).replace(/^curl /, 'curl --silent --noproxy "*" ');
      const { stdout } = await run('sh', ['-c', `${command} --write-out '\n%{http_code}'`]);
      assert.match(stdout, /ada[^]*\n200$/);
    } finally {
      await client.dispose();
      await rm(directory, { recursive: true });
    }
  });
});
