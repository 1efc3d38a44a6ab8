import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { installVSCode, startVSCode, type VSCodeServer, workbenchUrl } from './vscode.ts';

// Takes VS Code's arguments as @vscode/test-electron gives them, runs the tests in the VS Code
// server with a headless browser as its window, passes on what the tests printed, and ends with
// their exit code.

const limit = 5 * 60_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'restricted-mode': { type: 'boolean' },
  },
});

// What the workbench itself says while it starts: many messages, about other things than the tests.
const noise = new RegExp([
  /^\[(?!\d)[A-Za-z][\w .-]*[\]:]/,
  /^(Creating a socket|Resolv(ed|ing) connection|Updating additional builtin)/,
  /^Error: Could not locate the bindings file|^Cannot find module '\.\.?\/build/,
  /^(Ignoring fetching|Marketplace|Extension host .* (started|connected)|Using a mock|%c)/,
].map(({ source }) => source).join('|'));

/** One call of the extension host's console, as it would have looked there. */
function print(_type: string, args: readonly unknown[]): void {
  const text = format(...args);
  if (!noise.test(text)) process.stdout.write(`${text}\n`);
}

async function run(page: Page, url: string): Promise<number> {
  await page.exposeFunction('codeAutomationLog', print);
  const exit = new Promise<number>((resolve, reject) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    page.once('crash', () => reject(new Error('The browser page crashed.')));
    const late = new Error(`The tests did not end within ${limit / 1000} s.`);
    setTimeout(() => reject(late), limit).unref();
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return exit;
}

async function main(): Promise<number> {
  await installVSCode((line) => process.stderr.write(`${line}\n`));
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'roundtrip-vscode-'));
  let server: VSCodeServer | undefined;
  let browser: Browser | undefined;
  try {
    server = await startVSCode({ dataDirectory, restricted: values['restricted-mode'] === true });
    browser = await launchChromium();
    const url = workbenchUrl(server, {
      folder: positionals.find((place) => path.isAbsolute(place)) ?? dataDirectory,
      extensions: (values.extensionDevelopmentPath ?? []).map(String),
      ...(values.extensionTestsPath && { tests: String(values.extensionTestsPath) }),
    });
    return await run(await browser.newPage(), url);
  } finally {
    await browser?.close();
    await server?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

// Exiting, unlike dying of the signal, takes the server along.
process.once('SIGTERM', () => process.exit(143));
process.exitCode = await main();
