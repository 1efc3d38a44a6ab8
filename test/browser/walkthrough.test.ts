import assert from 'node:assert/strict';
import path from 'node:path';
import { projectRoot } from '../../scripts/vscode.ts';
import { topics } from '../../src/lab/routes/topics.ts';
import { openWorkbench } from './workbench.ts';
import type { Workbench } from './workbench.ts';

// The walkthrough of the lab in the real workbench: a step opens its sample, and is done by that.

const samples = path.join(projectRoot, 'samples');

describe('the walkthrough of the lab in the workbench', () => {
  let workbench: Workbench;
  before(async () => { workbench = await openWorkbench({ folder: samples, language: 'ko', theme: 'light' }); });
  after(() => workbench?.close());

  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === 'failed') await workbench.screenshot(`failed ${title}`);
  });

  const step = (id: string) => workbench.page.locator(`.getting-started-step[data-step-id$="#lab#${id}"]`);
  const isDone = async (id: string) => (await step(id).getAttribute('aria-checked')) === 'true';

  it('has all topics in the language of the editor', async () => {
    const { page } = workbench;
    await workbench.command('Welcome: Open Walkthrough');
    const entry = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: '랩: 상자 속 작은 인터넷' });
    await entry.first().click();
    await step('names').waitFor();
    for (const { id, title } of topics) assert.match(await step(id).innerText(), new RegExp(`^${title.ko}`), id);
    assert.deepEqual(await Promise.all(topics.map(({ id }) => isDone(id))), topics.map(() => false));
  });

  it('opens the sample of a topic, and is done with that one', async () => {
    const { page } = workbench;
    const { sentence, samples: [sample] } = topics.find(({ id }) => id === 'routing')!;
    await step('routing').click();
    await page.locator('.getting-started-step.expanded').getByText(sentence.ko).waitFor();
    await workbench.screenshot('walkthrough');
    await page.locator('.getting-started-step.expanded .button-container .monaco-button').first().click();
    await page.locator('.tab.active').filter({ hasText: sample }).waitFor();
    await page.locator('.tab').first().click();
    await page.locator('.getting-started-step[data-step-id$="#lab#routing"][aria-checked="true"]').waitFor();
    for (const { id } of topics) assert.equal(await isDone(id), id === 'routing', id);
  });
});
