import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../scripts/vscode.ts';
import { type Editor, editorOf } from './editor.ts';
import { openWorkbench, type Theme, type Workbench } from './workbench.ts';

// What somebody does who writes requests, with keys and mouse in the real workbench.

const wrong = `@host = https://example.com

GET example.com/users
Authorization: Bearer {{tokne}}
Content-Type: application/json
{ "page": 1 }
`;

const broken = `### Log in
POST https://example.com/login
Content-Type: application/json

{ "user": "ada" }

GET https://example.com/me
`;

const curl = `curl 'https://api.example.com/orders?page=2' \\
  -X POST \\
  -H 'Content-Type: application/json' \\
  -H 'Authorization: Bearer abc' \\
  --data-raw '{"item":"tea","count":2}'`;

describe('editing in the workbench', () => {
  let directory: string;
  let workbench: Workbench;
  let editor: Editor;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-editing-'));
    await cp(path.join(projectRoot, 'samples'), directory, { recursive: true });
    await writeFile(path.join(directory, 'scratch.http'), '');
    await writeFile(path.join(directory, 'wrong.http'), wrong);
    await writeFile(path.join(directory, 'broken.http'), broken);
    await writeFile(path.join(directory, 'pasted.http'), '### From the browser\n\n');
    const openFile = path.join(directory, '07-environments.http');
    workbench = await openWorkbench({
      folder: directory, openFile, settings: { 'editor.minimap.enabled': false },
    });
    editor = editorOf(workbench);
  });
  after(async () => {
    await workbench?.close();
    await rm(directory, { recursive: true, force: true });
  });

  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === 'failed') await workbench.screenshot(`failed ${title}`);
  });

  /** The same picture on dark and on light. */
  async function inBothThemes(name: string, show: () => Promise<void>): Promise<void> {
    for (const theme of ['light', 'dark'] satisfies Theme[]) {
      await workbench.theme(theme);
      await show();
      await workbench.screenshot(`${name}-${theme}`);
      await workbench.page.keyboard.press('Escape');
    }
  }

  it('offers environments in the status bar, and where each comes from', async () => {
    const { page } = workbench;
    const status = page.locator('.statusbar-item.right');
    await status.filter({ hasText: 'No environment' }).locator('a').click();
    const list = page.locator('.quick-input-widget');
    const row = list.locator('.monaco-list-row').filter({ hasText: /^\s*staging/ });
    await row.waitFor();
    assert.match(await row.innerText(), /http-client\.env\.json/);
    await workbench.screenshot('environments');
    await row.click();
    await status.filter({ hasText: 'Env: staging' }).waitFor();
  });

  it('says in a hover that the lab will tell, as long as it does not run', async () => {
    const hover = await editor.hover(10, 9, /as soon as the lab runs/);
    assert.match(await hover.innerText(), /environment\s+staging/);
    await workbench.page.keyboard.press('Escape');
  });

  it('says in a hover what a variable stands for, and where from', async () => {
    await workbench.command('Roundtrip: Start Lab');
    await workbench.page.locator('.statusbar-item', { hasText: /Lab \d/ }).waitFor();
    await editor.open('07-environments.http');
    await inBothThemes('hover-variable', async () => {
      const hover = await editor.hover(10, 9, /lab\.test/);
      assert.match(await hover.innerText(), /http-client\.env\.json/);
    });
  });

  it('masks the password in its hover', async () => {
    await inBothThemes('hover-secret', async () => {
      const hover = await editor.hover(15, 18, /secret/);
      assert.doesNotMatch(await hover.innerText(), /turing/);
    });
  });

  it('says in a hover what is sent in place of a URL', async () => {
    await inBothThemes('hover-url', async () => {
      await editor.hover(10, 18, /https:\/\/lab\.test:\d+\/login/);
    });
  });

  it('explains a header in its hover', async () => {
    await inBothThemes('hover-header', async () => {
      await editor.hover(11, 4, /media type/i);
    });
  });

  it('completes a request from the method to the variable', async () => {
    const { page } = workbench;
    await editor.open('scratch.http');
    await editor.goTo(1);
    await page.keyboard.type('@host = https://example.com\n\nP');
    await editor.suggest(/POST/);
    await workbench.screenshot('complete-method');
    await page.keyboard.type('OS');
    await page.keyboard.press('Enter');
    await editor.shows(/^POST/m);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('@host = https://example.com\n\nPOST {{');
    await editor.suggest(/host/);
    await workbench.screenshot('complete-variable');
    await page.keyboard.type('ho');
    await page.keyboard.press('Enter');
    await editor.shows(/POST \{\{host\}\}/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.type('/users\nConte');
    await inBothThemes('complete-header', async () => {
      await editor.open('scratch.http');
      await editor.goTo(4, 6);
      const list = await editor.suggest(/Content-Type/);
      assert.doesNotMatch(await list.innerText(), /No suggestions/);
    });
  });

  it('renames a variable where it is used', async () => {
    const { page } = workbench;
    await editor.open('09-tokens.http');
    await editor.goTo(4, 3);
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.waitFor();
    await box.fill('shop');
    await workbench.screenshot('rename');
    await page.keyboard.press('Enter');
    await editor.shows(/@shop = [\s\S]*POST \{\{shop\}\}\/token/);
    await workbench.screenshot('renamed');
  });

  it('fixes what is wrong', async () => {
    const { page } = workbench;
    await editor.open('broken.http');
    await editor.goTo(7);
    await inBothThemes('quick-fix', async () => {
      await editor.open('broken.http');
      await editor.goTo(7, 3);
      await editor.quickFixes(/###/);
    });
    await editor.open('broken.http');
    await editor.goTo(7, 3);
    const list = await editor.quickFixes(/###/);
    await list.getByText(/###/).first().click();
    await editor.shows(/###.*\n+GET https:\/\/example\.com\/me/);
    assert.ok(page);
  });

  it('marks a name that nothing defines, and makes a variable of it', async () => {
    const { page } = workbench;
    await editor.open('wrong.http');
    await page.locator('.squiggly-warning').first().waitFor();
    await inBothThemes('undefined-name', async () => {
      await editor.open('wrong.http');
      await editor.goTo(4, 27);
      await editor.quickFixes(/tokne/);
    });
    await editor.goTo(4, 27);
    const list = await editor.quickFixes(/@tokne/);
    await list.getByText(/@tokne/).first().click();
    await editor.shows(/@tokne = /);
  });

  it('stands Send Request above requests in Markdown', async () => {
    await editor.open('13-markdown.md');
    const lens = workbench.page.locator('.codelens-decoration a').filter({ hasText: 'Send Request' });
    await lens.nth(2).waitFor();
    await workbench.screenshot('markdown');
  });

  it('makes a request of a curl command that is pasted', async () => {
    await editor.open('pasted.http');
    await editor.goTo(2);
    await editor.paste(curl);
    await editor.shows(/POST https:\/\/api\.example\.com\/orders\?page=2/);
    await editor.shows(/Authorization: Bearer abc/);
    await workbench.screenshot('paste-curl');
  });
});

describe('editing in a workspace that is not trusted', () => {
  let directory: string;
  let workbench: Workbench;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-restricted-'));
    await cp(path.join(projectRoot, 'samples'), directory, { recursive: true });
    const openFile = path.join(directory, 'hidden.http');
    await writeFile(openFile, '@target = api.example.com\nGET https://{{target}}/orders\n');
    workbench = await openWorkbench({ folder: directory, openFile, restricted: true });
  });
  after(async () => {
    await workbench?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('reads no environment, and says so', async () => {
    const { page } = workbench;
    await page.locator('.statusbar-item', { hasText: 'No environment' }).locator('a').click();
    const list = page.locator('.quick-input-widget');
    await list.getByText('Restricted Mode: environment files are not read').waitFor();
    assert.equal(await list.getByText('staging').count(), 0);
    await workbench.screenshot('environments-restricted');
    await page.keyboard.press('Escape');
  });

  it('says above a request to which host it goes', async () => {
    assert.equal(await workbench.lensText(2, /Send Request to/), 'Send Request to api.example.com');
    await workbench.screenshot('host-restricted');
  });
});

describe('editing in Korean', () => {
  let workbench: Workbench;
  let editor: Editor;

  before(async () => {
    const folder = path.join(projectRoot, 'samples');
    const openFile = path.join(folder, '07-environments.http');
    workbench = await openWorkbench({ folder, openFile, language: 'ko', theme: 'light' });
    editor = editorOf(workbench);
  });
  after(() => workbench?.close());

  it('says hovers, environments and fixes in Korean', async () => {
    const { page } = workbench;
    await page.locator('.statusbar-item', { hasText: '환경 없음' }).locator('a').click();
    const list = page.locator('.quick-input-widget');
    await list.getByText('환경 선택').waitFor();
    await list.locator('.monaco-list-row').filter({ hasText: /^\s*dev/ }).click();
    await page.locator('.statusbar-item', { hasText: '환경: dev' }).waitFor();
    const hover = await editor.hover(15, 18, /비밀/);
    assert.match(await hover.innerText(), /http-client\.private\.env\.json/);
    await workbench.screenshot('hover-ko');
  });
});
