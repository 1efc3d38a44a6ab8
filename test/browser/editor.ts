import type { Locator, Page } from 'playwright-core';
import { repeat, typeInto, type Workbench } from './workbench.ts';

// What hands do in a text editor of the workbench: keys and the mouse.

export interface Editor {
  /** Opens a file of the folder by its name, as with Ctrl+P. */
  open(name: string): Promise<void>;
  /** Puts the cursor there; both count from 1. */
  goTo(line: number, column?: number): Promise<void>;
  /** Rests the mouse on what is at a place and gives the hover once it shows that text. */
  hover(line: number, column: number, shows: RegExp): Promise<Locator>;
  /** Presses Ctrl+Space and gives the list once it shows that text. */
  suggest(shows: RegExp): Promise<Locator>;
  /** Presses Ctrl+. and gives the list of quick fixes once it shows that text. */
  quickFixes(shows: RegExp): Promise<Locator>;
  /** Pastes a text, from the clipboard of the browser. */
  paste(text: string): Promise<void>;
  /** Waits until the text in sight matches. */
  shows(text: RegExp): Promise<void>;
}

export function editorOf({ page }: Workbench): Editor {
  const view = page.locator('.editor-group-container.active .monaco-editor').first();
  const goTo = (line: number, column = 1): Promise<void> => goToPlace(page, line, column);
  return {
    goTo,
    open: async (name) => {
      await typeInto(page, 'Control+P', name);
      await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().click();
      await page.locator('.tab.active').filter({ hasText: name }).waitFor();
      await view.click({ position: { x: 300, y: 5 } });
    },
    hover: async (line, column, shows) => {
      await goTo(line, column);
      return repeat(`the hover ${String(shows)}`, async () => {
        const box = (await view.locator('.cursor').first().boundingBox())!;
        await page.mouse.move(10, 10);
        await page.mouse.move(box.x + 4, box.y + box.height / 2, { steps: 4 });
        const hover = page.locator('.monaco-hover:visible').filter({ hasText: shows }).first();
        await hover.waitFor({ timeout: 3_000 });
        await fadedIn(page);
        return hover;
      });
    },
    suggest: (shows) => repeat(`the suggestion ${String(shows)}`, async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Space');
      const list = page.locator('.suggest-widget.visible').filter({ hasText: shows });
      await list.waitFor({ timeout: 3_000 });
      return list;
    }),
    quickFixes: (shows) => repeat(`the quick fix ${String(shows)}`, async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
      const list = page.locator('.action-widget').filter({ hasText: shows });
      await list.waitFor({ timeout: 3_000 });
      return list;
    }),
    paste: async (text) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.evaluate(async (value) => {
        const { navigator } = globalThis as unknown as
          { navigator: { clipboard: { writeText(text: string): Promise<void> } } };
        await navigator.clipboard.writeText(value);
      }, text);
      await page.keyboard.press('Control+V');
    },
    shows: async (text) => {
      await repeat(`the text ${String(text)}`, async () => {
        const lines = await view.locator('.view-line').allInnerTexts();
        const shown = lines.join('\n').replaceAll('\u00a0', ' ');
        if (!text.test(shown)) {
          await page.waitForTimeout(50);
          throw new Error(`The editor shows:\n${shown}`);
        }
      });
    },
  };
}

/** What appears does so in a moment, and is to be seen as it is then. */
async function fadedIn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    interface Animated { getAnimations(): {
      finished: Promise<unknown>; effect: { getTiming(): { iterations: number } };
    }[] }
    const { document } = globalThis as unknown as { document: Animated };
    const ending = document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

async function goToPlace(page: Page, line: number, column: number): Promise<void> {
  const place = page.locator('.statusbar-item').filter({ hasText: new RegExp(`^Ln ${line}, Col ${column}`) });
  await repeat(`line ${line}, column ${column}`, async () => {
    await page.keyboard.press('Escape');
    await typeInto(page, 'Control+G', `:${line},${column}`);
    await page.keyboard.press('Enter');
    await place.waitFor({ timeout: 2_000 });
  });
}
