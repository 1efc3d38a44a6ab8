import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { FromInspector, Language, ToInspector } from '../../src/protocol.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { scenarios } from './fixtures/scenarios.ts';
import type { Scenario, ScenarioName } from './fixtures/scenarios.ts';

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

const themeClasses: Readonly<Record<Theme, string>> = {
  'dark': 'vscode-dark', 'light': 'vscode-light', 'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
};

/** What the functions that run in the page use of it. */
interface InPage {
  editor: { posted: FromInspector[]; saved: unknown; contents: Record<string, string>; sizes: Record<string, number> };
  postMessage(message: unknown, targetOrigin: string): void;
}

const nonce = 'bm9uY2UtZm9yLXRlc3Rz';
const artifacts = join(import.meta.dirname, '../../artifacts/inspector');

/** The built page in a browser, served from loopback with the policy it has in the editor. */
export interface InspectorBrowser {
  /** The page with a scenario on it; without one it has not been shown anything yet. */
  open(
    options: { scenario?: ScenarioName; theme?: Theme; language?: Language; width?: number; height?: number; tab?: string },
  ): Promise<InspectorTab>;
  close(): Promise<void>;
}

export interface InspectorTab {
  readonly page: Page;
  /** What the page told its host. */
  posted(): Promise<FromInspector[]>;
  send(message: ToInspector): Promise<void>;
  screenshot(name: string): Promise<void>;
  /** Violations of the policy and uncaught errors. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** Bundles the page, serves it and starts a browser. */
export async function openInspectorBrowser(): Promise<InspectorBrowser> {
  const [files, browser] = await Promise.all([bundle(), launchChromium()]);
  const themes = readFileSync(join(import.meta.dirname, 'fixtures/themes.css'));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const file = { '/inspector.js': files.script, '/inspector.css': files.style, '/themes.css': themes }[url.pathname];
    response.setHeader(
      'content-type',
      file ? (url.pathname.endsWith('.js') ? 'text/javascript' : 'text/css') : 'text/html; charset=utf-8',
    );
    response.end(file ?? pageFor(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    open: (options) => openTab(browser, origin, options),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<{ script: Uint8Array; style: Uint8Array }> {
  const { outputFiles } = await build({
    entryPoints: { inspector: join(import.meta.dirname, '../../media/inspector/main.ts') }, bundle: true, write: false, minify: true,
    outdir: 'out', platform: 'browser', format: 'iife', target: 'es2023', conditions: ['production', 'module'],
    logLevel: 'error',
  });
  const file = (extension: string): Uint8Array => outputFiles.find(({ path }) =>
    path.endsWith(extension))?.contents ?? new Uint8Array();
  return { script: file('.js'), style: file('.css') };
}

function pageFor(url: URL): string {
  const theme = (url.searchParams.get('theme') ?? 'dark') as Theme;
  const policy =
    `default-src 'none'; img-src 'self' blob:; style-src 'self'; font-src 'self'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html><html lang="${url.searchParams.get('language') ?? 'en'}" data-theme="${theme}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="stylesheet" href="/themes.css">
<link rel="stylesheet" href="/inspector.css"><title>Roundtrip</title></head>
<body class="${themeClasses[theme]} vscode-reduce-motion"><script nonce="${nonce}" src="/inspector.js"></script></body></html>`;
}

/** Runs in the page before its script: the editor's side of the webview. */
function standInForTheEditor(saved: unknown): void {
  const inPage = globalThis as unknown as InPage;
  const editor: InPage['editor'] = { posted: [], saved, contents: {}, sizes: {} };
  const answer = ({ exchangeId, readId, offset, length }: Extract<FromInspector, { type: 'read-content' }>): void => {
    const size = editor.sizes[exchangeId];
    if (size !== undefined) {
      const made = Uint8Array.from({ length: Math.min(length, size - offset) }, (_, index) => (offset + index) % 251);
      return inPage.postMessage({ type: 'content', readId, total: size, bytes: made }, '*');
    }
    const stored = editor.contents[exchangeId];
    const all = stored === undefined ? undefined : Uint8Array.from(atob(stored), (char) => char.charCodeAt(0));
    const bytes = all?.subarray(offset, offset + length);
    inPage.postMessage({ type: 'content', readId, total: all?.length ?? 0, ...(bytes ? { bytes } : {}) }, '*');
  };
  Object.assign(globalThis, {
    editor,
    acquireVsCodeApi: () => ({
      postMessage: (message: FromInspector) => {
        editor.posted.push(message);
        if (message.type === 'read-content') answer(message);
      },
      getState: () => editor.saved,
      setState: (value: unknown) => { editor.saved = value; },
    }),
  });
}

async function openTab(
  browser: Browser, origin: string, options: Parameters<InspectorBrowser['open']>[0],
): Promise<InspectorTab> {
  const { theme = 'dark', language = 'en', width = 1000, height = 900, tab } = options;
  const page = await browser.newPage({
    viewport: { width, height }, deviceScaleFactor: Number(process.env['SCALE'] ?? 1),
  });
  const problems: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.addInitScript(standInForTheEditor, tab === undefined ? undefined : { tab });
  await page.goto(`${origin}/?theme=${theme}&language=${language}`);
  const send = async (message: ToInspector): Promise<void> => {
    await page.evaluate((value) => { (globalThis as unknown as InPage).postMessage(value, '*'); }, message);
  };
  const opened: InspectorTab = {
    page, problems, send,
    posted: () => page.evaluate(() => (globalThis as unknown as InPage).editor.posted),
    screenshot: async (name) => {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
    },
    close: () => page.close(),
  };
  if (options.scenario !== undefined) await showScenario(opened, scenarios[options.scenario], language);
  return opened;
}

async function showScenario(tab: InspectorTab, scenario: Scenario, language: Language): Promise<void> {
  const contents = Object.fromEntries(
    Object.entries(scenario.contents ?? {}).map(([id, bytes]) => [id, Buffer.from(bytes).toString('base64')]),
  );
  await tab.page.evaluate(([known, sizes]) => {
    const { editor } = globalThis as unknown as InPage;
    Object.assign(editor.contents, known);
    Object.assign(editor.sizes, sizes);
  }, [contents, scenario.sizes ?? {}] as const);
  const { exchanges, running = false, labRunning = false } = scenario;
  const selected = exchanges.at(-1)?.id ?? '';
  await tab.send({ type: 'show', language, exchanges, selected, running, labRunning });
  await tab.page.waitForFunction((id) => (globalThis as unknown as InPage).editor.posted.some((message) => message.type === 'painted' && message.exchangeId === id), selected);
}
