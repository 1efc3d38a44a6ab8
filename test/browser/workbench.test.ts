import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { projectRoot } from '../../scripts/vscode.ts';
import {
  accessibilityProblems, openWorkbench, type Theme, themes, type Workbench,
} from './workbench.ts';

// What a newcomer does, in the real workbench: opens the login sample, clicks, reads.

const samples = path.join(projectRoot, 'samples');
const login = path.join(samples, '02-login.http');
const inspector = 'main header .status';

/** The line, counted from 1, of a sample's request line below a `# @name`. */
function lineOf(file: string, name: string): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  const named = lines.findIndex((line) => line === `# @name ${name}`);
  assert.notEqual(named, -1, `${name} is in the sample`);
  return lines.findIndex((line, index) => index > named && /^[A-Z]+ /.test(line)) + 1;
}

/** Waits until the inspector's status reads as wanted. */
async function status(frame: Frame, wanted: RegExp): Promise<void> {
  await frame.locator('main header .line .status').filter({ hasText: wanted }).waitFor();
}

async function tab(frame: Frame, name: string): Promise<string> {
  await frame.locator(`#tab-${name}`).click();
  await frame.locator(`#panel.panel-${name}`).waitFor();
  return frame.locator('#panel').innerText();
}

describe('the workbench', () => {
  let workbench: Workbench;
  let frame: Frame;

  before(async () => {
    workbench = await openWorkbench({ folder: samples, openFile: login });
  });
  after(() => workbench?.close());

  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === 'failed') await workbench.screenshot(`failed ${title}`);
  });

  async function send(name: string, url: RegExp): Promise<void> {
    await workbench.clickLens(lineOf(login, name), 'Send Request');
    frame = await workbench.webview(inspector);
    await frame.locator('main header .url').filter({ hasText: url }).waitFor();
  }

  it('logs in with a click on the lens, and shows the session cookie', async () => {
    await send('login', /\/login$/);
    await status(frame, /^\s*200\b/);
    assert.match(await tab(frame, 'overview'), /TLS handshake/);
    const cookies = await tab(frame, 'cookies');
    assert.match(cookies, /session/i);
    assert.match(await workbench.lensText(lineOf(login, 'login'), /·/), /^200 · [\d.,]+ m?s$/);
    await workbench.screenshot('cookies');
  });

  it('sends the cookie on the open connection; the lane of the server shows it found', async () => {
    await send('me', /\/me$/);
    await status(frame, /^\s*200\b/);
    await tab(frame, 'overview');
    // At once, so that the lab has not closed the idle connection yet.
    await frame.getByRole('button', { name: 'Resend' }).click();
    await frame.locator('.facts li').filter({ hasText: 'reused connection' }).waitFor();
    await status(frame, /^\s*200\b/);
    const client = await frame.locator('.waterfall tbody').first().innerText();
    assert.match(client, /reused/);
    assert.doesNotMatch(client, /DNS lookup|TCP connect|TLS handshake/);
    const server = frame.locator('.waterfall tbody.server');
    await server.getByText('Session').first().waitFor();
    assert.match(await server.innerText(), /found/);
    await tab(frame, 'body');
    await frame.locator('#panel').getByText('ada').first().waitFor();
    await tab(frame, 'overview');
    await workbench.screenshot('session');
  });

  it('shows the bytes that went over the wire, and opens them in an editor', async () => {
    await tab(frame, 'wire');
    await frame.getByRole('button', { name: 'Hex' }).click();
    await frame.locator('.wire-segment.sent .hex').first().waitFor();
    await frame.locator('.wire-segment.received .hex').first().waitFor();
    await workbench.screenshot('wire');
    await frame.getByRole('button', { name: 'Open Raw Bytes' }).click();
    await workbench.page.getByRole('tab', { name: /wire bytes\.txt/ }).waitFor();
    await workbench.page.keyboard.press('Control+W');
    await tab(frame, 'overview');
  });

  it('restores the inspector after a reload', async () => {
    await workbench.remembered('GET /me');
    await workbench.reload();
    frame = await workbench.webview(inspector);
    await frame.locator('main header .url').filter({ hasText: /\/me$/ }).waitFor();
    await status(frame, /^\s*200\b/);
    assert.match(await tab(frame, 'overview'), /Waiting \(TTFB\)/);
  });

  it('has nothing for axe to object to, in any tab', async () => {
    const problems: string[] = [];
    const tabs = await frame.locator('[role=tab]').evaluateAll((all) => all.map(({ id }) => id));
    for (const name of tabs.map((id) => id.replace('tab-', ''))) {
      await tab(frame, name);
      for (const problem of await accessibilityProblems(frame)) problems.push(`${name}: ${problem}`);
    }
    assert.deepEqual(problems, []);
    await tab(frame, 'overview');
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`can be read in ${theme}`, async () => {
      await workbench.theme(theme);
      await frame.locator(`body.${themes[theme].class}`).waitFor();
      await status(frame, /^\s*200\b/);
      assert.deepEqual(await accessibilityProblems(frame), []);
      await workbench.screenshot(`workbench-${theme}`);
    });
  }

  it('lists what was sent together, and shows what is chosen there', async () => {
    await workbench.page.locator('.tab').filter({ hasText: '02-login.http' }).first().click();
    await workbench.command('Roundtrip: Send All');
    const requests = readFileSync(login, 'utf8').match(/^(?:GET|POST|PUT|DELETE) /gm)!.length;
    const steps = frame.locator('.chain .step');
    await steps.nth(requests - 1).waitFor();
    assert.ok(await steps.count() >= requests);
    const first = await steps.first().getAttribute('title');
    await steps.first().click();
    await frame.locator('main header .url').filter({ hasText: URL.parse(first!)!.pathname }).waitFor();
    assert.equal(await steps.first().getAttribute('aria-current'), 'step');
    await workbench.screenshot('run');
  });

  it('says in which phase and where a stopped lab refuses, and starts it again', async () => {
    await send('before', /\/me$/);
    await status(frame, /^\s*401\b/);
    await workbench.command('Roundtrip: Stop Lab');
    const running = workbench.page.locator('.statusbar-item', { hasText: /Lab \d/ });
    await running.waitFor({ state: 'hidden' });
    await send('before', /\/me$/);
    const card = frame.locator('.card.bad');
    await card.waitFor();
    const text = await card.innerText();
    assert.match(text, /refused/i);
    assert.match(text, /lab\.test refused port \d+: .*127\.0\.0\.1/);
    await tab(frame, 'overview');
    const failed = frame.locator('.waterfall .row.failed');
    await failed.filter({ hasText: 'TCP connect' }).first().waitFor();
    assert.equal(await workbench.page.locator('.notification-toast').count(), 0, 'no toast');
    await workbench.screenshot('refused');
    assert.deepEqual(await accessibilityProblems(frame), []);
    await card.getByRole('button', { name: 'Start the Lab' }).click();
    await card.getByRole('button', { name: 'Resend' }).click();
    await status(frame, /^\s*401\b/);
  });
});

describe('the workbench in Korean', () => {
  let workbench: Workbench;

  before(async () => {
    const place = { folder: samples, openFile: login };
    workbench = await openWorkbench({ ...place, language: 'ko', theme: 'light' });
  });
  after(() => workbench?.close());

  it('speaks Korean on the lens, in the inspector, and to screen readers', async () => {
    await workbench.clickLens(lineOf(login, 'before'), '요청 보내기');
    const frame = await workbench.webview(inspector);
    await status(frame, /^\s*401\b/);
    assert.equal(await frame.locator('html').getAttribute('lang'), 'ko');
    assert.match(await tab(frame, 'overview'), /TLS 핸드셰이크/);
    assert.match(await frame.locator('.card').innerText(), /[가-힣]/);
    assert.deepEqual(await accessibilityProblems(frame), []);
    await workbench.screenshot('workbench-ko');
  });
});
