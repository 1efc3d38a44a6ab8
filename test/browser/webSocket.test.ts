import assert from 'node:assert/strict';
import axe from 'axe-core';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser, InspectorTab } from './inspectorPage.ts';

describe('a WebSocket in the inspector', function () {
  this.timeout(60_000);
  let browser: InspectorBrowser;
  let tab: InspectorTab | undefined;
  before(async () => { browser = await openInspectorBrowser(); });
  after(() => browser.close());
  afterEach(async () => {
    const problems = tab?.problems ?? [];
    await tab?.close();
    tab = undefined;
    assert.deepEqual(problems, []);
  });

  it('lists messages with their way, and opens each: JSON set out, bytes in hex, as text only', async () => {
    tab = await browser.open({ scenario: 'chatting', tab: 'body' });
    const { page } = tab;
    assert.match(await page.getByRole('tab', { selected: true }).innerText(), /^Messages\s*7$/);
    const rows = page.locator('.messages > li');
    assert.equal(await rows.count(), 9);
    assert.match(await rows.nth(0).innerText(), /34\.4 ms[\s\S]*Received[\s\S]*welcome, 안녕하세요[\s\S]*14 B/);
    assert.match(await rows.nth(1).innerText(), /Sent[\s\S]*"type":"join"[\s\S]*deflate/);
    assert.equal(await page.locator('.messages b').count(), 0);
    await rows.nth(1).locator('summary').click();
    assert.match(
      await rows.nth(1).locator('pre').innerText(), /^\{\n {2}"type": "join",\n[\s\S]*"id": 12345678901234567890\n/,
    );
    await rows.nth(5).locator('summary').press('Enter');
    assert.match(await rows.nth(5).locator('.hex').innerText(), /^00000000 {2}00 07 0e 15/);
    assert.match(await rows.nth(5).innerText(), /Binary · frames: 3, 46 B on the wire · arrived within 24\.0 ms/);
  });

  it('sends what is typed with Enter, makes lines with Shift+Enter, and closes', async () => {
    tab = await browser.open({ scenario: 'chatting', tab: 'body' });
    const { page } = tab;
    const box = page.getByRole('textbox');
    await box.fill('{"a": 1}');
    await box.press('Shift+Enter');
    await box.pressSequentially('x');
    await box.press('Enter');
    assert.equal(await box.inputValue(), '');
    await box.press('Enter');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const posted = (await tab.posted()).filter(({ type }) => type.startsWith('stream-'));
    assert.deepEqual(posted, [
      { type: 'stream-send', exchangeId: 'chatting', text: '{"a": 1}\nx' }, { type: 'stream-close', exchangeId: 'chatting' },
    ]);
  });

  it('keeps what is being typed when a message comes', async () => {
    tab = await browser.open({ scenario: 'chatting', tab: 'body' });
    const { page } = tab;
    await page.getByRole('textbox').fill('half a mess');
    await page.waitForTimeout(500);
    assert.equal(await page.getByRole('textbox').inputValue(), 'half a mess');
    assert.equal(await page.getByRole('status').last().innerText(), 'Messages received: 5');
  });

  it('says who closed it and with what; then there is nothing to type into', async () => {
    tab = await browser.open({ scenario: 'chatted', tab: 'body' });
    const { page } = tab;
    assert.equal(await page.getByRole('textbox').count(), 0);
    assert.match(
      await page.locator('.panel .remark').innerText(), /The server closed it: 1011\. Internal error of the server\. “?out of memory/,
    );
  });

  it('a broken rule is a failure with its place; errors of GraphQL are a table', async () => {
    tab = await browser.open({ scenario: 'broken-rules', tab: 'body' });
    assert.match(
      await tab.page.locator('header').innerText(), /WebSocket failed[\s\S]*A frame is masked; only clients mask[\s\S]*byte 26/,
    );
    await tab.close();
    tab = await browser.open({ scenario: 'partial', tab: 'overview' });
    const rows = await tab.page.locator('section.block.wide', {
      hasText: 'GraphQL errors',
    }).locator('tbody tr').allInnerTexts();
    assert.deepEqual(rows.map((row) => row.split('\t')), [
      ['Name for character with ID 1002 could not be fetched. NOT_FOUND', 'hero.heroFriends.1.name', 'line 6, column 7'], ['Not allowed', 'hero.secret', ''],
    ]);
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`can be used by everybody: ${theme}, in Korean and narrow too`, async () => {
      for (const options of [{ width: 1000, language: 'en' }, { width: 400, language: 'ko' }] as const) {
        tab = await browser.open({ scenario: 'chatting', tab: 'body', theme, ...options });
        await tab.page.locator('.messages summary').nth(1).click();
        await tab.page.evaluate(axe.source);
        const violations = await tab.page.evaluate(async () => {
          const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
          return (await inPage.run()).violations.map(({ id, nodes }) =>
            `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
        });
        assert.deepEqual(violations, []);
        const overflow = await tab.page.evaluate(() => {
          const {
            scrollWidth, clientWidth,
          } = (globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }).document.documentElement;
          return scrollWidth - clientWidth;
        });
        assert.equal(overflow, 0);
        await tab.close();
      }
    });
  }
});
