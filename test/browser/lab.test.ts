import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { projectRoot } from '../../scripts/vscode.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

// The lab's view in the real workbench: what is read aloud is what is seen.

const samples = path.join(projectRoot, 'samples');

describe('the lab’s view in the workbench', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ folder: samples, openFile: path.join(samples, '25-cluster.http') });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === 'failed') await workbench.screenshot(`failed ${title}`);
  });

  /** A row by how it is read aloud. */
  const row = (spoken: RegExp): Locator => workbench.page.getByRole('treeitem', { name: spoken });

  it('says what the lab is while it does not run, and starts it', async () => {
    const { page } = workbench;
    await page.getByRole('tab', { name: 'Roundtrip' }).click();
    await page.getByText('The lab is a small Internet on this machine').waitFor();
    await page.getByRole('button', { name: 'Start Lab' }).last().click();
    await row(/^HTTPS, running, port \d+/).waitFor();
    for (const group of ['Web Server', 'Names', 'Proxies and Relays', 'Gateways', 'Cluster']) {
      await row(new RegExp(`^${group}$`)).waitFor();
    }
    await row(/^Worker 2, starts when needed$/).waitFor();
  });

  it('stops and starts a server from its row', async () => {
    const port = /port \d+/.exec(await row(/^Relay, running/).getAttribute('aria-label') ?? '')?.[0];
    await row(/^Relay,/).hover();
    await row(/^Relay,/).getByRole('button', { name: 'Stop Lab Server' }).click();
    await row(/^Relay, stopped/).waitFor();
    await row(/^Proxies and Relays, 5 of 6 running$/).waitFor();
    await workbench.pickFromMenu(row(/^Relay,/), 'Start Lab Server');
    await row(new RegExp(`^Relay, running, ${port}$`)).waitFor();
  });

  it('shows what requests do to the cluster while it is looked at', async () => {
    await workbench.clickLens(6, 'Send Request');
    await row(/^Worker \d, running, process \d+, 1 request/).waitFor();
    await row(/^Cluster, running/).hover();
    await row(/^Cluster, running/).getByRole('button', { name: 'Add Worker to Cluster' }).click();
    await row(/^Worker 3, running, process \d+/).waitFor();
    const label = await row(/^Worker 3/).getAttribute('aria-label');
    await row(/^Worker 3/).hover();
    await row(/^Worker 3/).getByRole('button', { name: 'Kill Worker' }).click();
    const pid = /process (\d+)/.exec(label ?? '')![1]!;
    await row(new RegExp(`^Worker 3, running, process (?!${pid}\\b)\\d+`)).waitFor();
    assert.equal(await row(new RegExp(`process ${pid}\\b`)).count(), 0);
  });
});
