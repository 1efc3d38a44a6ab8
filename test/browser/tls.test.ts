import assert from 'node:assert/strict';
import axe from 'axe-core';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser, InspectorTab, Theme } from './inspectorPage.ts';

describe('the TLS tab', function () {
  this.timeout(120_000);
  let browser: InspectorBrowser;
  let tab: InspectorTab | undefined;
  before(async () => { browser = await openInspectorBrowser(); });
  after(async () => { await browser?.close(); });
  afterEach(async () => {
    await tab?.close();
    tab = undefined;
  });

  async function show(options: Parameters<InspectorBrowser['open']>[0] = {}): Promise<InspectorTab> {
    tab = await browser.open({ scenario: 'login', tab: 'tls', ...options });
    return tab;
  }

  it('draws each message between client and server, those of one flight together', async () => {
    const { page, problems } = await show();
    const rungs = page.locator('.rung');
    assert.equal(await rungs.count(), 10);
    const summaries = await rungs.locator('summary').allInnerTexts();
    assert.match(
      summaries[0]!.replaceAll(/\s+/g, ' '),
      /^0 ms ClientHello sent TLS 1\.3, TLS 1\.2 · 3 cipher suites · shop\.lab\.test · ALPN h2, http\/1\.1 1\.6 kB$/,
    );
    assert.match(summaries[3]!.replaceAll(/\s+/g, ' '), /^ ?EncryptedExtensions received, encrypted ALPN h2 15 B$/);
    assert.equal(await page.locator('.rung.first').count(), 4);
    assert.equal(await page.locator('.rung.encrypted svg').count(), 6);
    assert.ok((await page.locator('.heading').first().innerText()).includes('22.4 ms · 1 round trip'));
    assert.deepEqual(problems, []);
  });

  it('opens a message by the keyboard, and an extension explains itself', async () => {
    const { page } = await show();
    await page.locator('.rung summary').first().focus();
    await page.keyboard.press('Enter');
    const body = page.locator('.rung-body').first();
    await body.waitFor();
    assert.match(await body.innerText(), /cipher suites \(3\)/);
    assert.equal(await body.locator('.meaning').count(), 0);
    await body.getByRole('button', { name: 'key_share' }).click();
    assert.match(await body.locator('.meaning').innerText(), /Halves of the key agreement/);
    await page.getByRole('button', { name: 'Explain' }).first().click();
    // All but the one that is not known.
    assert.equal(await body.locator('.meaning').count(), 6);
  });

  it('shows the chain as it was sent, every name with its verdict, and what was checked', async () => {
    const { page } = await show();
    assert.deepEqual(
      await page.locator('.sent-chain li').allInnerTexts(), [
        'shop.lab.test in its place', 'Roundtrip Lab CA 1 in its place',
      ],
    );
    const names = await page.locator('.held-names li').allInnerTexts();
    assert.deepEqual(
      names.map((text) => text.replaceAll(/\s+/g, ' ').trim()), ['*.lab.test fits', 'lab.test does not fit'],
    );
    const facts = await page.locator('.pair').innerText();
    for (const text of [
      'leads to a trusted authority', 'fits shop.lab.test', 'none stapled', 'ecdsa_secp256r1_sha256',
      't13d0306h2_b262b3658495_2bdf419a9709',
    ]) {
      assert.ok(facts.includes(text), text);
    }
  });

  for (const [language, theme, chosen, unjudged] of [
    ['en', 'dark', 'This is what the server had chosen until then.', 'The handshake broke off before these certificates were judged.'],
    ['ko', 'light', '그때까지 서버에서 선택한 내용입니다.', '이 인증서들을 판단하기 전에 핸드셰이크가 중단되었습니다.'],
  ] as const) {
    it(`shows in ${language} what was chosen and sent until the server broke off`, async () => {
      const { page, problems, screenshot } = await show({ scenario: 'brokenOff', language, theme });
      const facts = await page.locator('.pair').innerText();
      for (const text of ['TLS 1.2', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', chosen]) assert.ok(facts.includes(text), text);
      assert.ok((await page.locator('#panel').innerText()).includes(unjudged));
      assert.equal(await page.locator('.sent-chain li').count(), 2);
      assert.equal(await page.locator('.verdict').count(), 0);
      assert.equal(await page.locator('.certificate-details details').count(), 2);
      const names = await page.locator('.held-names li').allInnerTexts();
      assert.match(names.join('|').replaceAll(/\s+/g, ' '), language === 'en'
        ? /^ ?\*\.lab\.test fits\| ?\*\.test does not fit a wildcard right below a top-level domain does not count\|/ : /^ ?\*\.lab\.test 일치\|/);
      await screenshot(`tls-broken-off-${theme}`);
      assert.deepEqual(problems, []);
    });
  }

  for (const [language, theme, says] of [
    ['en', 'light', [
      'fits shop.lab.test', 'CN=shop.lab.test: the common name, as the certificate holds no DNS name',
      'of another certificate, not of this one', 'serial number 0815', 'signatures not checked',
    ]],
    ['ko', 'dark', ['일반 이름(CN)으로 판단함', '이 인증서가 아닌 다른 인증서의 상태', '일련번호 0815', '서명은 검사하지 않음']],
  ] as const) {
    it(`does not call in ${language} good what is doubtful`, async () => {
      const { page, problems, screenshot } = await show({ scenario: 'doubtful', language, theme, width: theme === 'light' ? 1000 : 640 });
      const checks = page.locator('.pair section').nth(1);
      const facts = await checks.innerText();
      for (const text of says) assert.ok(facts.includes(text), text);
      assert.equal(await checks.locator('span.warn').count(), 2);
      assert.equal(await page.locator('.held-names li.warn').count(), 1);
      assert.deepEqual(await page.locator('.sent-chain li .warn').count(), 0);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(async () =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({ include: '#panel' } as never));
      assert.deepEqual(violations.map(({ id }) => id), []);
      const tooWide = await page.locator('html').evaluate((root: { scrollWidth: number; clientWidth: number }) =>
        root.scrollWidth - root.clientWidth);
      assert.equal(tooWide, 0);
      await screenshot(`tls-doubtful-${theme}`);
      assert.deepEqual(problems, []);
    });
  }

  for (const [language, text, gone] of [
    ['en', /Not every TLS message .* has been read yet: many connections were opened at once\./, 'no longer kept'],
    ['ko', /TLS 메시지 가운데 아직 읽지 않은 것이 있습니다/, '더 이상 보관되어 있지 않습니다'],
  ] as const) {
    it(`says in ${language} that messages were not read, and shows the facts all the same`, async () => {
      const { page, problems, screenshot, posted } = await show({ scenario: 'unread', language });
      assert.equal(await page.locator('.rung').count(), 0);
      assert.match(await page.locator('#panel').innerText(), text);
      const facts = await page.locator('.pair').innerText();
      assert.match(facts, /TLS 1\.3/);
      assert.match(facts, /none in the certificate; the messages were not read|인증서에는 없음, 메시지는 읽지 않음/);
      await screenshot(`tls-unread-${language}`);
      // Its bytes are asked for, with which they are read.
      const asked = (await posted()).filter(({ type }) => type === 'read-wire');
      assert.equal(asked.length, 1);
      await page.evaluate(() => (globalThis as unknown as { postMessage(message: unknown, origin: string): void })
        .postMessage({ type: 'wire', readId: 1, missing: 'forgotten' }, '*'));
      await page.getByText(gone).waitFor();
      assert.deepEqual(problems, []);
    });
  }

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const satisfies readonly Theme[]) {
    it(`can be read by everybody, opened, in ${theme}`, async () => {
      const shown = await show({
        theme, language: theme.endsWith('light') ? 'ko' : 'en', width: theme === 'light' ? 420 : 1000,
      });
      for (const index of [0, 4]) await shown.page.locator('.rung summary').nth(index).click();
      await shown.page.evaluate(axe.source);
      const { violations } = await shown.page.evaluate(async () =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({ include: '#panel' } as never));
      assert.deepEqual(
        violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`)), [],
      );
      const tooWide = await shown.page.locator('html').evaluate((page: { scrollWidth: number; clientWidth: number }) =>
        page.scrollWidth - page.clientWidth);
      assert.equal(tooWide, 0);
      await shown.screenshot(`tls-opened-${theme}`);
    });
  }
});
