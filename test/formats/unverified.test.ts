import assert from 'node:assert/strict';
import { exchangeLines } from '../../src/cli/chart.ts';
import { toJson } from '../../src/cli/json.ts';
import { toHar } from '../../src/formats/har.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { wasUnverified } from '../../src/trace/verification.ts';
import { createAuthority, issueSelfSigned } from '../support/certificates.ts';
import { createHttpProxy } from '../support/proxyServer.ts';
import { createOpened } from '../support/sockets.ts';
import { createSender, type Sender } from '../wire/tls/support.ts';
import * as http from 'node:http';
import * as https from 'node:https';

describe('an exchange that nobody verified', () => {
  const opened = createOpened();
  let sender: Sender;

  beforeEach(() => { sender = createSender(); });
  afterEach(async () => {
    await sender.close();
    await opened.close();
  });

  function check(exchange: Exchange, expected: boolean): void {
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    assert.equal(wasUnverified(exchange), expected);
    const [entry] = toHar([exchange]).log.entries;
    assert.equal(entry?._roundtrip['unverified'], expected || undefined);
    assert.equal(entry?.comment?.startsWith('NOT VERIFIED') ?? false, expected);
    assert.equal('unverified' in toJson(exchange, undefined, 'en', 'stopped'), expected);
    const [en, ko] = (['en', 'ko'] as const).map((language) =>
      exchangeLines(exchange, language, { columns: 120, colours: false }).join('\n'));
    assert.equal(en?.includes('certificate not verified'), expected, en);
    assert.equal(ko?.includes('인증서를 검증하지 않음'), expected, ko);
  }

  it('says so wherever it is shown, also when it was sent over a kept or a resumed connection', async () => {
    const issued = await issueSelfSigned({ names: ['site.test'] });
    const port = await opened.serve(https.createServer(issued, (_, response) => response.end('ok')));
    const url = `https://site.test:${port}/`;
    check(await sender.send(url, { verify: false }), true);
    const kept = await sender.send(url, { verify: false });
    assert.equal(kept.reused, true);
    check(kept, true);
    const resumed = await sender.send(url, { verify: false, forceNewConnection: true });
    assert.equal(resumed.connection?.tls?.facts?.resumed, true);
    check(resumed, true);
    check(await sender.send(url, { trustAnchors: [{ pem: issued.cert, label: 'pinned' }] }), false);
  });

  it('is also one through a proxy that nobody verified', async () => {
    const certificate = await (await createAuthority()).issue({ names: ['proxy.test'] });
    const proxy = await opened.serve(createHttpProxy({ said: [] }, { certificate }));
    const port = await opened.serve(http.createServer((_, response) => response.end('ok')));
    check(
      await sender.send(`http://site.test:${port}/`, { proxy: `https://proxy.test:${proxy}`, verify: false }), true,
    );
    check(await sender.send(`http://site.test:${port}/`, { verify: false }), false);
  });
});
