import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, rootCertificates, type SecureContext } from 'node:tls';
import { InvalidTrustAnchor, prepareTrust, speaksFor, trustFor } from '../../../src/wire/tls/trust.ts';
import { contextWish } from '../../../src/wire/tls/wishes.ts';
import { createAuthority } from '../../support/certificates.ts';
import { createFiles, siteForEach, tlsOf } from './support.ts';

describe('trust', () => {
  const zones: [readonly string[] | undefined, string, boolean][] = [
    [undefined, 'anything.example', true],
    [[], 'lab.test', false],
    [['lab.test'], 'lab.test', true],
    [['lab.test'], 'shop.lab.test', true],
    [['Lab.Test.'], 'SHOP.lab.test.', true],
    [['lab.test'], 'collab.test', false],
    [['lab.test'], 'test', false],
    [['127.0.0.1', '::1'], '127.0.0.1', true],
    [['127.0.0.1', '::1'], '::1', true],
    [['127.0.0.1'], '127.0.0.2', false],
  ];
  for (const [anchorZones, host, expected] of zones) {
    it(`${expected ? 'reaches' : 'does not reach'} ${host} from ${anchorZones?.join(', ') ?? 'everywhere'}`, () => {
      const anchor = { pem: '', label: '', ...(anchorZones ? { zones: anchorZones } : {}) };
      assert.equal(speaksFor(anchor, host), expected);
    });
  }

  it('makes one context for each set of anchors', async () => {
    const { pem } = await createAuthority();
    const anchors = [{ pem, label: 'a', zones: ['lab.test'] }];
    assert.equal(trustFor('shop.lab.test', anchors), trustFor('lab.test', [...anchors]));
    assert.equal(trustFor('other.example', anchors), trustFor('third.example'));
    assert.notEqual(trustFor('lab.test', anchors), trustFor('other.example', anchors));
    assert.notEqual(trustFor('lab.test', [{ pem, label: 'b' }]), trustFor('lab.test', anchors));
  });

  it('keeps anchors apart, also those added to the roots made ready', async () => {
    const [first, second] = await Promise.all([createAuthority('First'), createAuthority('Second')]);
    const server = createServer(await first.issue({ names: ['a.test'] }), (socket) => socket.end());
    server.on('tlsClientError', () => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const verdict = async (context: SecureContext): Promise<boolean> => {
      const socket = connect({
        port, host: '127.0.0.1', servername: 'a.test', secureContext: context, rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const { authorized } = socket;
      socket.destroy();
      return authorized;
    };
    prepareTrust();
    const trusted = trustFor('a.test', [{ pem: first.pem, label: 'first' }]);
    const other = trustFor('a.test', [{ pem: second.pem, label: 'second' }]);
    assert.equal(await verdict(trusted.context), true);
    assert.equal(await verdict(other.context), false);
    assert.equal(await verdict(trustFor('a.test').context), false);
    server.close();
  });

  it('names the store of a root', async () => {
    const { pem } = await createAuthority();
    const { raw } = new X509Certificate(pem);
    assert.equal(trustFor('lab.test', [{ pem, label: 'a' }]).sourceOf(raw), 'a');
    assert.equal(trustFor('lab.test').sourceOf(raw), undefined);
    const mozilla = new X509Certificate(rootCertificates[0] ?? '').raw;
    assert.match(trustFor('lab.test').sourceOf(mozilla) ?? '', /^(system|Mozilla \(Node\.js\))$/);
  });

  it('goes without the operating system\'s roots, if that is asked', () => {
    const mozilla = new X509Certificate(rootCertificates[0] ?? '').raw;
    const without = trustFor('lab.test', [], contextWish(undefined, { systemRoots: false }));
    assert.equal(without.sourceOf(mozilla), 'Mozilla (Node.js)');
    assert.notEqual(without.key, trustFor('lab.test').key);
  });

  it('refuses an anchor whose certificate is damaged', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    assert.throws(() => trustFor('lab.test', [{ pem, label: 'a' }]), InvalidTrustAnchor);
  });

  for (const variable of ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS']) {
    it(`trusts what ${variable} names`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'roundtrip-trust-'));
      const path = join(directory, 'root.pem');
      writeFileSync(path, `# A comment\n${(await createAuthority()).pem}`);
      const module = new URL('../../../src/wire/tls/trust.ts', import.meta.url).href;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', `
        import { X509Certificate } from 'node:crypto';
        import { readFileSync } from 'node:fs';
        import { trustFor } from ${JSON.stringify(module)};
        console.log(trustFor('a.example').sourceOf(new X509Certificate(readFileSync(${JSON.stringify(path)})).raw));
      `], { encoding: 'utf8', env: { [variable]: variable === 'SSL_CERT_DIR' ? directory : path } });
      rmSync(directory, { recursive: true });
      assert.equal(stdout.trim(), variable, stderr);
    });
  }
});

describe('roots that change while we run', () => {
  const site = siteForEach();
  const before = process.env['SSL_CERT_FILE'];
  afterEach(() => {
    if (before === undefined) delete process.env['SSL_CERT_FILE'];
    else process.env['SSL_CERT_FILE'] = before;
  });

  it('are trusted from the next connection on, and no longer once they are gone', async () => {
    const files = createFiles();
    const path = files.write('roots.pem', 'none yet');
    process.env['SSL_CERT_FILE'] = path;
    const first = trustFor('site.test');
    assert.equal(trustFor('site.test'), first, 'read once while nothing changes');
    const send = async (): Promise<string | undefined> => {
      const exchange = await site.sender.send(`https://site.test:${await site.serve()}/`);
      return exchange.failure?.code ?? tlsOf(exchange).certificateChain.at(-1)?.trustedFrom;
    };
    assert.equal(await send(), 'certificate-untrusted');
    files.write('roots.pem', site.authority.pem);
    assert.equal(await send(), 'SSL_CERT_FILE');
    assert.notEqual(trustFor('site.test').key, first.key, 'no session that was verified otherwise is resumed');
    files.write('roots.pem', 'none any more');
    assert.equal(await send(), 'certificate-untrusted');
    files.remove();
    assert.equal(await send(), 'certificate-untrusted');
  });
});
