import assert from 'node:assert/strict';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser } from './inspectorPage.ts';

describe('bodies in the inspector', () => {
  let browser: InspectorBrowser;
  before(async function () {
    this.timeout(120_000);
    browser = await openInspectorBrowser();
  });
  after(() => browser.close());

  it('tell how far they are, of known length with a bar', async () => {
    const tab = await browser.open({ scenario: 'receiving' });
    assert.match(
      (await tab.page.innerText('.progress')).replaceAll('\n', ' '),
      /^Receiving 420 MB of 1\.1 GB, 39 % · 84 MB\/s · 8 s left$/,
    );
    const bar = tab.page.getByRole('progressbar', { name: 'Receiving' });
    assert.equal(await bar.getAttribute('value'), '420000000');
    assert.equal(await bar.getAttribute('max'), String(1024 ** 3));
    await tab.close();
    const endless = await browser.open({ scenario: 'endless' });
    assert.match((await endless.page.innerText('.progress')).replaceAll('\n', ' '), /^Receiving 6\.2 MB · 1\.2 MB\/s$/);
    assert.equal(await endless.page.getByRole('progressbar').count(), 0);
    await endless.close();
    const sending = await browser.open({ scenario: 'sending', language: 'ko' });
    assert.match(
      (await sending.page.innerText('.progress')).replaceAll('\n', ' '),
      /^본문을 보내는 중 1\.1 GB 중 124 MB, 11 % · 31 MB\/s · 31 s 남음$/,
    );
    assert.deepEqual(sending.problems, []);
    await sending.close();
  });

  it('beyond a limit ask, and the answers go to the host', async () => {
    for (const [scenario, text] of [
      ['held', /announces 3\.7 GB of content; the limit is 1\.1 GB/], ['bomb', /9\.2 kB of compressed body made 10\.5 MB of content: more than 1,000 times/],
    ] as const) {
      const tab = await browser.open({ scenario });
      const card = tab.page.getByRole('group', { name: 'Waiting for your answer' });
      assert.match(await card.innerText(), text);
      await card.getByRole('button', { name: 'Receive All' }).click();
      await card.getByRole('button', { name: 'Stop' }).click();
      const actions = (await tab.posted()).flatMap((message) => message.type === 'action' ? [message.action] : []);
      assert.deepEqual(actions, ['receive-all', 'receive-no-more']);
      await tab.close();
    }
  });

  it('are read in their charset; where the bytes are not what was said, another one is offered', async () => {
    const korean = await browser.open({ scenario: 'korean', tab: 'body' });
    assert.equal(await korean.page.innerText('pre.content'), '한글로 쓴 글입니다.\n');
    assert.equal(await korean.page.getByLabel('Charset').inputValue(), 'euc-kr');
    assert.equal(await korean.page.locator('.remark').count(), 0);
    await korean.close();
    const tab = await browser.open({ scenario: 'misdeclared', tab: 'body' });
    assert.match(await tab.page.innerText('.remark'), /These bytes are not UTF-8: \d+ characters could not be read/);
    await tab.page.getByRole('button', { name: 'Read as EUC-KR (CP949)' }).click();
    assert.equal(await tab.page.innerText('pre.content'), '한글로 쓴 글입니다.\n');
    await tab.page.getByLabel('Charset').selectOption('utf-8');
    assert.match(await tab.page.innerText('pre.content'), /\ufffd/);
    await tab.close();
    const unknown = await browser.open({ scenario: 'unknownCharset', tab: 'body' });
    assert.match(await unknown.page.innerText('.remark'), /“KLINGON” is no charset that is known here/);
    await unknown.close();
  });

  it('are looked at from any byte, without what is before', async () => {
    const tab = await browser.open({ scenario: 'huge', tab: 'body' });
    const shown = (): Promise<string> => tab.page.innerText('.body-bar .dim >> nth=-1');
    const place = tab.page.getByLabel('Go to byte');
    const places = [
      ['0x3000', 0x3000], ['50%', 0xa0000000], ['4,294,967,296', 0x100000000], ['5368709119', 0x13ffffff0],
    ] as const;
    for (const [typed, first] of places) {
      await place.fill(typed);
      await place.press('Enter');
      const bytes = [0, 1, 2].map((index) => ((first + index) % 251).toString(16).padStart(2, '0')).join(' ');
      const row = new RegExp(`^0*${first.toString(16)}\\s+${bytes}`);
      await tab.page.locator('pre.hex', { hasText: row }).waitFor();
    }
    assert.match(await shown(), /to 5,368,709,119 of 5,368,709,120/);
    await place.fill('somewhere');
    await place.press('Enter');
    assert.equal(await place.getAttribute('aria-invalid'), 'true');
    const reads = (await tab.posted()).flatMap((message) => message.type === 'read-content' ? [message.length] : []);
    assert(Math.max(...reads) <= 2048, `read ${reads.join(', ')} bytes`);
    await tab.close();
  });

  it('can be saved', async () => {
    const tab = await browser.open({ scenario: 'korean', tab: 'body' });
    await tab.page.getByRole('button', { name: 'Save Body…' }).click();
    assert((await tab.posted()).some((message) => message.type === 'action' && message.action === 'save-body'));
    await tab.close();
  });
});
