import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import axe from 'axe-core';
import type { Exchange } from '../../src/trace/exchange.ts';
import { createBench, sendOne, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser, InspectorTab } from './inspectorPage.ts';

// The exchange and the jar are real ones; the test stands for the host between the page and the jar.

describe('cookies of other sites in the inspector', function () {
  this.timeout(120_000);
  let browser: InspectorBrowser;
  let bench: Bench;
  let tab: InspectorTab;
  let port: number;

  before(async () => { browser = await openInspectorBrowser(); });
  after(async () => { await browser?.close(); });
  beforeEach(async () => {
    bench = createBench();
    port = await bench.serve(http.createServer(({ url }, response) => {
      response.setHeader('Set-Cookie', new URL(url!, 'http://a').searchParams.getAll('set')).end();
    }));
  });
  afterEach(async () => {
    await tab?.close();
    await bench.close();
  });

  /** Each in a millisecond of its own. */
  async function visit(host: string, ...cookies: string[]): Promise<Exchange> {
    await wait(2);
    const url = `http://${host}:${port}/?${cookies.map((cookie) => `set=${encodeURIComponent(cookie)}`).join('&')}`;
    const resolve = [{ host, port, addresses: ['127.0.0.1'] }];
    return sendOne(bench.client, specOf(url, { options: { resolve } }));
  }

  async function show(exchange: Exchange): Promise<void> {
    tab = await browser.open({ tab: 'cookies' });
    await tab.send({
      type: 'show', language: 'en', exchanges: [exchange], selected: exchange.id, running: false, labRunning: false,
    });
  }

  /** The question that the page has asked last. */
  async function question(count: number): Promise<{ readId: number; exchangeId: string }> {
    for (;;) {
      const asked = (await tab.posted()).filter((message) => message.type === 'read-other-cookies');
      if (asked.length === count) return asked.at(-1)!;
      await wait(20);
    }
  }

  it('are listed when asked for, as they are in the jar since before the request', async () => {
    await visit('bank.example', 'secret=money; Path=/', 'gone=1');
    await visit('www.far.test', 'wide=1; Domain=far.test; Path=/deep');
    const exchange = await visit('near.lab', 'own=1');
    await visit('late.example', 'late=1');
    await bench.client.removeCookies({ domain: 'bank.example', name: 'gone' });
    assert.equal(exchange.cookies.others, 3);
    await show(exchange);
    const fold = tab.page.locator('details', { hasText: 'because they belong to other sites: 3.' });
    await fold.locator('summary').waitFor();
    assert.equal((await tab.posted()).some(({ type }) => type === 'read-other-cookies'), false, 'asked unopened');
    await fold.locator('summary').click();
    await fold.getByText('The cookie jar is being asked.').waitFor();
    const { readId, exchangeId } = await question(1);
    assert.equal(exchangeId, exchange.id);
    const others = await bench.client.otherCookies(exchange.spec.url, exchange.startedAt);
    await tab.send({ type: 'other-cookies', readId, others });
    await fold.locator('table').waitFor();
    const rows = (await fold.locator('tbody tr').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim());
    assert.match(rows[0]!, /^secret bank\.example\/ kept back .*`?bank\.example`? only, .* `?near\.lab`?\./);
    assert.match(rows[1]!, /^wide \.far\.test\/deep kept back .*far\.test/);
    assert.equal(rows.length, 2);
    await fold.getByText('no longer has them, or does not say since when: 1.').waitFor();
    assert.doesNotMatch(await tab.page.locator('main').innerText(), /money|late/);
    await tab.page.evaluate(axe.source);
    const { violations } = await tab.page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    assert.deepEqual(violations.map(({ id }) => id), []);
    assert.deepEqual(tab.problems, []);
  });

  it('are asked for again each time, and are gone with the engine', async () => {
    await visit('bank.example', 'a=1');
    await show(await visit('near.lab'));
    const summary = tab.page.locator('summary', { hasText: 'because they belong to other sites: 1.' });
    await summary.click();
    await tab.send({ type: 'other-cookies', readId: (await question(1)).readId });
    await tab.page.getByText('the cookie jar ended with the engine').waitFor();
    await summary.click();
    await tab.page.getByText('the cookie jar ended with the engine').waitFor({ state: 'hidden' });
    await summary.click();
    await question(2);
    await tab.page.getByText('The cookie jar is being asked.').waitFor();
  });
});
