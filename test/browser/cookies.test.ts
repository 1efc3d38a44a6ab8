import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listen } from '../support/sockets.ts';
import { openWorkbench, patience } from './workbench.ts';
import type { Workbench } from './workbench.ts';

// Cookies kept for a workspace: listed, deleted, and there again after a reload.

describe('cookies in the workbench', function () {
  this.timeout(4 * patience);
  let workbench: Workbench;
  let server: Server;
  let folder: string;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/login') response.setHeader(
        'set-cookie', ['sid=q9Zk3nZr; HttpOnly; SameSite=Lax', 'theme=dark; Max-Age=86400; Path=/'],
      );
      response.end(`cookie: ${request.headers.cookie ?? 'none'}`);
    });
    const port = await listen(server);
    folder = mkdtempSync(path.join(tmpdir(), 'roundtrip-cookies-'));
    const file = path.join(folder, 'site.http');
    writeFileSync(file, `GET http://127.0.0.1:${port}/login\n\n###\n\nGET http://127.0.0.1:${port}/home\n`);
    workbench = await openWorkbench({ folder, openFile: file, settings: { 'roundtrip.cookies.store': 'workspace' } });
  });
  after(async () => {
    await workbench?.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === 'failed') await workbench.screenshot(`failed ${title}`);
  });

  const rows = () => workbench.page.locator('.quick-input-list .monaco-list-row');

  it('are listed by domain, each with its terms', async () => {
    await workbench.clickLens(1, 'Send Request');
    await workbench.lensText(1, /^200/);
    await workbench.command('Roundtrip: Show Cookies');
    await rows().filter({ hasText: 'sid' }).waitFor();
    const text = (await rows().allInnerTexts()).join('\n');
    assert.match(text, /127\.0\.0\.1[^]*2 cookies/);
    assert.match(text, /sid[^]*q9Zk3nZr[^]*without an expiry[^]*HttpOnly[^]*SameSite=Lax/);
    await workbench.screenshot('cookies-list');
    await workbench.page.keyboard.press('Escape');
  });

  it('are there again after a reload', async () => {
    await workbench.reload();
    await workbench.clickLens(5, 'Send Request');
    const frame = await workbench.webview('main header .status');
    await frame.locator('#tab-cookies').click();
    await frame.locator('#panel').filter({ hasText: /sid[^]*sent[^]*theme[^]*sent/ }).waitFor();
    await workbench.screenshot('cookies-after-reload');
  });

  it('are deleted one by one, and all together', async () => {
    await workbench.command('Roundtrip: Show Cookies');
    const sid = rows().filter({ hasText: 'sid' });
    await sid.hover();
    await sid.locator('.codicon-trash').click();
    await sid.waitFor({ state: 'detached' });
    await rows().filter({ hasText: 'theme' }).waitFor();
    await workbench.page.locator('.quick-input-titlebar .codicon-clear-all').click();
    await workbench.page.locator('.quick-input-widget input[placeholder^="No cookies yet"]').waitFor();
    await workbench.page.keyboard.press('Escape');
  });
});
