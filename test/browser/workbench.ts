import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/chromium.ts';
import {
  installVSCode, projectRoot, startVSCode, type VSCodeServer, workbenchUrl, writeSettings,
} from '../../scripts/vscode.ts';

// Drives the real workbench: the VS Code server with this project as an extension under
// development, and a headless browser as its window.

/** VS Code's four default themes: in settings, in the picker, and as a class of a webview's body. */
export const themes = {
  dark: { id: 'Default Dark Modern', label: 'Dark Modern', class: 'vscode-dark' },
  light: { id: 'Default Light Modern', label: 'Light Modern', class: 'vscode-light' },
  'high-contrast-dark': {
    id: 'Default High Contrast', label: 'Dark High Contrast', class: 'vscode-high-contrast',
  },
  'high-contrast-light': {
    id: 'Default High Contrast Light',
    label: 'Light High Contrast',
    class: 'vscode-high-contrast-light',
  },
} as const;
export type Theme = keyof typeof themes;

/** The longest anything in the workbench may take to appear on a busy machine. */
export const patience = 30_000;

export interface WorkbenchOptions {
  readonly folder: string;
  readonly openFile?: string;
  readonly theme?: Theme;
  /** VS Code's display language. */
  readonly language?: 'en' | 'ko';
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Leaves workspace trust on. */
  readonly restricted?: boolean;
  /** The extension under development; this project when absent. */
  readonly extension?: string;
}

export interface Workbench {
  readonly page: Page;
  readonly server: VSCodeServer;
  /** Picks another theme, as a user does. */
  theme(theme: Theme): Promise<void>;
  /** Waits until the workbench has written down that an editor of that title is open. */
  remembered(title: string): Promise<void>;
  reload(): Promise<void>;
  /** Goes to a line of the open file, counted from 1, and clicks the link of that text above it. */
  clickLens(line: number, text: string): Promise<void>;
  /** Goes to a line and waits for a link above it whose text matches; gives the text. */
  lensText(line: number, text: RegExp): Promise<string>;
  /** Opens the context menu of an element and picks the item of that name. */
  pickFromMenu(of: Locator, item: string): Promise<void>;
  /** Runs a command by the title the palette shows. */
  command(title: string): Promise<void>;
  /** The document inside a webview's two frames, once it has an element the selector names. */
  webview(selector: string): Promise<Frame>;
  /** Writes `artifacts/NAME.png`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server and the browser and waits until the workbench can be used. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  await installVSCode(console.log);
  // Exiting, unlike dying of the signal, takes the server along.
  process.once('SIGTERM', () => process.exit(143));
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'roundtrip-workbench-'));
  await writeSettings(dataDirectory, settingsOf(options));
  const server = await startVSCode({ dataDirectory, restricted: options.restricted ?? false });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    browser = await launchChromium();
    const page = await openPage(browser, options.language ?? 'en');
    const extensions = [options.extension ?? projectRoot];
    const url = workbenchUrl(server, { ...options, extensions });
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await ready(page);
    return {
      page, server, close,
      theme: (theme) => pickTheme(page, themes[theme].label),
      remembered: (title) => remembered(page, title),
      reload: async () => {
        await page.reload({ waitUntil: 'domcontentloaded' });
        await ready(page);
      },
      clickLens: async (line, text) => {
        await goToLine(page, line);
        await clickWhenStill(page, () => lensAtCursor(page, new RegExp(`^${text}$`)));
      },
      lensText: async (line, text) => {
        await goToLine(page, line);
        return (await lensAtCursor(page, text)).text;
      },
      pickFromMenu: (of, item) => pickFromMenu(page, of, item),
      command: (title) => runCommand(page, title),
      webview: (selector) => findWebview(page, selector),
      screenshot: (name) => screenshot(page, name),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function settingsOf({ theme = 'dark', settings }: WorkbenchOptions): Record<string, unknown> {
  return {
    'workbench.colorTheme': themes[theme].id,
    'window.autoDetectColorScheme': false,
    'window.autoDetectHighContrast': false,
    'editor.accessibilitySupport': 'off',
    ...settings,
  };
}

async function openPage(browser: Browser, language: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: language });
  page.setDefaultTimeout(patience);
  // What a language pack would set: the workbench's own words stay English, extensions get the
  // language.
  await page.addInitScript((value) => {
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { value, writable: false });
  }, language);
  return page;
}

async function ready(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.editor').waitFor();
}

async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  await repeat(`the command ${title}`, async () => {
    await typeInto(page, 'F1', `>${title}`);
    await row.click({ timeout: 2_000 });
  });
}

/** A menu takes no click in its first moments, and stays. */
async function pickFromMenu(page: Page, of: Locator, name: string): Promise<void> {
  const item = page.getByRole('menuitem', { name });
  await repeat(`the menu's item ${name}`, async () => {
    if (!await item.isVisible()) await of.click({ button: 'right', timeout: 2_000 });
    await item.click({ timeout: 2_000 });
    await item.waitFor({ state: 'hidden', timeout: 2_000 });
  });
}

async function pickTheme(page: Page, label: string): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget input.input');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'Modern' }).first().waitFor();
  await input.fill(label);
  await rows.filter({ hasText: new RegExp(`^${label}`) }).first().click();
}

async function goToLine(page: Page, line: number): Promise<void> {
  const place = page.locator('.statusbar-item').filter({ hasText: new RegExp(`^Ln ${line},`) });
  await repeat(`line ${line}`, async () => {
    // The keyboard is the editor's again, wherever it was.
    await page.locator('.tab').filter({ hasText: /\.(http|rest)$/ }).first().click();
    await typeInto(page, 'Control+G', `:${line}`);
    await page.keyboard.press('Enter');
    await place.waitFor({ timeout: 2_000 });
  });
}

/** Opens a box with a key and fills it. */
export async function typeInto(page: Page, key: string, text: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator('.quick-input-widget input.input').fill(text, { timeout: 2_000 });
}

/** A workbench that starts takes the focus back now and then, which closes what was opened. */
export async function repeat<T>(what: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} could not be reached`, { cause: error });
    }
  }
}

interface Lens { readonly text: string; readonly x: number; readonly y: number }

/**
 * The lens drawn directly above the line of the cursor, once it keeps its place; lenses out of
 * sight are not in the page, and lenses are drawn anew whenever one of them changes.
 */
async function lensAtCursor(page: Page, text: RegExp): Promise<Lens> {
  const look = async (): Promise<Lens | undefined> => {
    const cursor = await page.locator('.monaco-editor .cursor').first().boundingBox();
    for (const link of cursor ? await page.locator('.codelens-decoration a').all() : []) {
      const box = await link.boundingBox({ timeout: 100 }).catch(() => undefined);
      const bottom = box ? box.y + box.height - cursor!.y : Infinity;
      if (!box || bottom <= -12 || bottom > 6) continue;
      const shown = await link.innerText({ timeout: 100 }).catch(() => '');
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      if (text.test(shown.trim())) return { text: shown.trim(), ...middle };
    }
    return undefined;
  };
  let before: Lens | undefined;
  for (const deadline = Date.now() + patience; Date.now() < deadline;) {
    const lens = await look();
    if (lens && before && lens.x === before.x && lens.y === before.y) return lens;
    before = lens;
    await page.waitForTimeout(50);
  }
  throw new Error(`No lens above the cursor read ${String(text)} within ${patience / 1000} s.`);
}

/** In a browser the workbench writes down what is open every few seconds, not when it is left. */
async function remembered(page: Page, title: string): Promise<void> {
  await repeat(`the state with ${title}`, async () => {
    if (await page.evaluate(readEditorState, title)) return;
    await page.waitForTimeout(100);
    throw new Error('not yet');
  });
}

/** What of the browser's databases is used below; the tests are compiled without the DOM. */
interface InPage {
  readonly indexedDB: {
    databases(): Promise<{ name?: string }[]>;
    open(name: string): Asked<Database>;
  };
}
interface Asked<T> { readonly result: T; readonly error: unknown; onsuccess: unknown; onerror: unknown }
interface Database {
  transaction(store: string): {
    objectStore(store: string): { get(key: string): Asked<unknown> };
  };
  close(): void;
}

/** Runs in the page; the workbench keeps the state of each workspace in a database of its own. */
async function readEditorState(title: string): Promise<boolean> {
  const { indexedDB } = globalThis as unknown as InPage;
  const done = <T>(request: Asked<T>): Promise<T> => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db-') || name.endsWith('-global')) continue;
    const database = await done(indexedDB.open(name));
    const items = database.transaction('ItemTable').objectStore('ItemTable');
    const state = String(await done(items.get('memento/workbench.parts.editor')));
    database.close();
    if (state.includes(`\\"title\\":\\"${title}\\"`)) return true;
  }
  return false;
}

/** A link that is drawn anew between press and release does not hear of the click. */
async function clickWhenStill(page: Page, find: () => Promise<{ readonly x: number; readonly y: number }>): Promise<void> {
  let { x, y } = await find();
  for (let look = 0; look < 20; look++) {
    await page.mouse.move(x, y);
    await page.waitForTimeout(250);
    const now = await find();
    const isStill = now.x === x && now.y === y;
    ({ x, y } = now);
    if (isStill) break;
  }
  await page.mouse.click(x, y);
}

async function findWebview(page: Page, selector: string): Promise<Frame> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      // A frame may be on its way out.
      const found = await frame.locator(selector).count().catch(() => 0);
      if (found > 0) return frame;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`No webview showed ${selector} within ${patience / 1000} s.`);
}

async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(path.join(projectRoot, 'artifacts'), { recursive: true });
  await page.screenshot({ path: path.join(projectRoot, 'artifacts', `${name}.png`) });
}

/** What axe-core holds against a frame, one line a violation: rule, what is wrong, where. */
export async function accessibilityProblems(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: ['iframe'] }));
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) =>
    `${id}: ${help} (${target.join(' ')}) ${any[0]?.message ?? ''}`.trim()));
}
