import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainChainRemarks, explainSentChain } from '../../../src/explain/tlsChain.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { SendOptions, TrustAnchor } from '../../../src/trace/request.ts';
import { certificationPath, isAnchored } from '../../../src/wire/tls/path.ts';
import { createStore } from '../../../src/wire/tls/roots.ts';
import { createAuthority, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { createFiles, openssl, siteForEach, tlsOf } from './support.ts';

/** The server sends its own certificate, and Root A's by an older authority; Root A has one by itself, too. */
describe('cross-signed chains', () => {
  const site = siteForEach();
  let [rootA, rootB]: (TestAuthority | undefined)[] = [];
  let issued: Issued;
  let own: Issued;
  let crossPem: string;
  let port: number;

  before(async () => {
    rootA = await createAuthority('Root A');
    rootB = await createAuthority('Old Root B');
    crossPem = await rootB.crossSign(rootA);
    issued = await rootA.issue({ names: ['site.test'] });
    own = await rootA.issue({ names: ['me.test'], commonName: 'Me' });
  });

  const anchorsOf = (...authorities: (TestAuthority | undefined)[]): TrustAnchor[] =>
    authorities.map((one) => ({ pem: one!.pem, label: one!.subject }));

  async function send(options: SendOptions): Promise<Exchange> {
    port = await site.serve({
      ...issued, cert: `${issued.cert}\n${crossPem}`, requestCert: true, rejectUnauthorized: false,
    });
    return site.sender.send(`https://site.test:${port}/`, options);
  }

  const pathOf = (exchange: Exchange): string[] => tlsOf(exchange).certificateChain.map((one) => {
    const name = (text: string): string => /CN=([^,]*)/.exec(text)?.[1] ?? text;
    return `${name(one.subject)} by ${name(one.issuer)}, ${one.sentByServer ? 'sent' : 'not sent'}, `
      + (one.trustedFrom === undefined ? '-' : name(one.trustedFrom));
  });

  const trustedRoot = ['site.test by Root A, sent, -', 'Root A by Root A, not sent, Root A'];

  it('end at the root of ours that was verified, not at the certificate sent', async () => {
    const exchange = await send({ trustAnchors: anchorsOf(rootA) });
    assert.ok(tlsOf(exchange).verified);
    assert.deepEqual(pathOf(exchange), trustedRoot);
  });

  it('do so too where the older root is in a store as well', async () => {
    assert.deepEqual(pathOf(await send({ trustAnchors: anchorsOf(rootB, rootA) })), trustedRoot);
  });

  it('go on to the older root where only that is trusted', async () => {
    const exchange = await send({ trustAnchors: anchorsOf(rootB) });
    assert.ok(tlsOf(exchange).verified);
    assert.deepEqual(pathOf(exchange), [
      'site.test by Root A, sent, -', 'Root A by Old Root B, sent, -', 'Old Root B by Old Root B, not sent, Old Root B',
    ]);
  });

  it('are told as sent where nothing of them is trusted', async () => {
    const exchange = await send({});
    assert.equal(exchange.failure?.code, 'certificate-untrusted');
    assert.deepEqual(pathOf(exchange), ['site.test by Root A, sent, -', 'Root A by Old Root B, sent, -']);
  });

  it('do not count as badly sent: the other certificate is for clients that know only the older root', async () => {
    const { facts, seen } = (await send({ trustAnchors: anchorsOf(rootA) })).connection!.tls!;
    assert.deepEqual(explainSentChain(facts!, seen, 'en'), [
      { name: 'site.test', note: 'in its place', good: true },
      { name: 'Root A', note: 'by Old Root B, for clients that do not know the authority itself', good: true },
    ]);
    assert.deepEqual(explainChainRemarks(facts!, seen, Date.now(), 'en'), []);
  });

  it('are trusted when a certificate of ours is presented, too', async () => {
    const exchange = await send({
      trustAnchors: anchorsOf(rootA), clientCertificate: { label: 'own.pem', from: 'request', ...own },
    });
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    assert.deepEqual(pathOf(exchange), trustedRoot);
    assert.ok(tlsOf(exchange).clientCertificate?.presented);
  });

  openssl('are trusted when it comes in PKCS #12, together with an authority', async () => {
    const files = createFiles();
    files.write('own.pem', own.cert);
    files.write('own.key', own.key);
    files.write('root.pem', rootA!.pem);
    const made = spawnSync('openssl', [
      'pkcs12', '-export', '-in', 'own.pem', '-inkey', 'own.key', '-certfile', 'root.pem', '-passout', 'pass:x',
      '-out', 'own.p12',
    ], { cwd: files.directory, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const pfx = readFileSync(join(files.directory, 'own.p12')).toString('base64');
    files.remove();
    const clientCertificate = { label: 'own.p12', from: 'request', pfx, passphrase: 'x' } as const;
    const exchange = await send({ trustAnchors: anchorsOf(rootA), clientCertificate });
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
  });

  it('lead to no namesake of their root: its key has to fit', async () => {
    const namesake = new X509Certificate((await createAuthority('Root A')).pem);
    const root = new X509Certificate(rootA!.pem);
    const leaf = new X509Certificate(issued.cert);
    const storeOf = (...held: X509Certificate[]) => createStore(held.map((one) => ({ pem: one.toString(), source: 'mine' })));
    const stores = storeOf(namesake, root);
    assert.deepEqual(stores.issuersOf(leaf).length, 2);
    const path = certificationPath([leaf], stores);
    assert.equal(path[1]?.fingerprint256, root.fingerprint256);
    assert.ok(isAnchored(path, stores));
    assert.equal(isAnchored(certificationPath([leaf], storeOf(namesake)), storeOf(namesake)), false);
  });

  it('end at a certificate of the server itself that is trusted and whose issuer is not', () => {
    const leaf = new X509Certificate(issued.cert);
    const store = createStore([{ pem: issued.cert, source: 'pinned' }]);
    const path = certificationPath([leaf, new X509Certificate(crossPem)], store);
    assert.deepEqual(path.map(({ raw }) => store.sourceOf(raw)), ['pinned']);
  });
});
