// What a new TLS connection costs with extra roots, a certificate of our own, versions asked for and a resumed session,
// against one with the defaults, in turns within one run.
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { SendOptions } from '../../src/trace/request.ts';
import { createClient, type Client } from '../../src/wire/client.ts';
import { nobody } from '../../src/wire/listener.ts';
import { printRows } from '../support/benchServing.ts';
import { createAuthority } from '../support/certificates.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

const rounds = 12;
const sendsARound = 25;

/** Times of a new connection with one exchange; limits leave room for noise, and for a signature of our own. */
export async function bench(): Promise<Row[]> {
  const authority = await createAuthority();
  const others = await Promise.all(Array.from({ length: 20 }, (_, index) => createAuthority(`Extra Root ${index}`)));
  const own = await authority.issue({ names: ['me.test'] });
  const server = https.createServer(
    { ...await authority.issue({ names: ['127.0.0.1'] }), requestCert: true, rejectUnauthorized: false, ca: authority.pem },
    (_, response) => response.writeHead(200, { Connection: 'close' }).end('ok'),
  );
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const anchors = [authority, ...others].map(({ pem }, index) => ({ pem, label: `root ${index}` }));
  const full = { resumption: false } as const;
  const variants: readonly (readonly [string, SendOptions, number | undefined])[] = [
    ['the defaults', { verify: false, tls: full }, undefined],
    ['21 extra roots', { trustAnchors: anchors, tls: full }, 1.1],
    ['versions asked for', { trustAnchors: anchors.slice(0, 1), tls: { ...full, minVersion: '1.3' } }, 1.1],
    ['a client certificate', { trustAnchors: anchors.slice(0, 1), clientCertificate: { label: 'own', from: 'request', ...own }, tls: full }, 1.25],
    ['a resumed session', { trustAnchors: anchors.slice(0, 1) }, 1],
  ];
  const client = createClient();
  try {
    const times = await inTurns(client, url, variants.map(([, options]) => options));
    const [base = 1] = times;
    return variants.map(([name, , limit], index) => index === 0
      ? { name: `new TLS connection: ${name}`, value: base, unit: 'ms' }
      : { name: `new TLS connection: ${name}`, value: times[index]! / base, unit: '×', ...(limit === undefined ? {} : { limit }) });
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
}

/** The median of a send in ms of each, a few of each at a time. */
async function inTurns(client: Client, url: string, variants: readonly SendOptions[]): Promise<number[]> {
  const samples = variants.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, options] of variants.entries()) {
      for (let count = 0; count < sendsARound; count += 1) {
        const startAt = performance.now();
        const [exchange] = await client.send(
          { id: `${round} ${index} ${count}`, method: 'GET', url, headers: [], options: { ...options, forceNewConnection: true } }, nobody);
        if (exchange?.failure) throw new Error(JSON.stringify(exchange.failure));
        // The first round makes the contexts.
        if (round > 0) samples[index]!.push(performance.now() - startAt);
      }
    }
  }
  return samples.map(median);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printRows(await bench());
