import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/chromium.ts';
import {
  installVSCode, projectRoot, startVSCode, type VSCodeServer, workbenchUrl, writeSettings,
} from '../../scripts/vscode.ts';

// Drives the real workbench: the VS Code server with this project as an extension under
// development, and a headless browser as its window.

/** VS Code's four default themes. */
export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast-dark': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
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
  /** Writes the user's settings; they count from the next `reload`. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  reload(): Promise<void>;
  /** The links above requests whose whole text matches, in the order of the file. */
  lens(text: RegExp | string): ReturnType<Page['locator']>;
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
      configure: (settings) =>
        writeSettings(dataDirectory, { ...settingsOf(options), ...settings }),
      reload: async () => {
        await page.reload({ waitUntil: 'domcontentloaded' });
        await ready(page);
      },
      lens: (text) => page.locator('.codelens-decoration a').filter({ hasText: text }),
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
    'workbench.colorTheme': themes[theme],
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
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.fill(`>${title}`);
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: title }).first().click();
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
