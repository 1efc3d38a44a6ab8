import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { monotonicNow } from '../../src/wire/clock.ts';
import type { Measured } from './activation.ts';

// Runs inside VS Code as its test suite; see activation.ts. Everything is measured on the machine's
// one monotonic axis, which the engine's events share.

const sends = 7;
const patience = 20_000;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Api>('roundtrip.roundtrip');
  if (!extension) throw new Error('The extension is not there.');
  if (extension.isActive) throw new Error('The extension was activated before it was measured.');
  const { fsPath } = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'extension.cjs');
  const load = await timed(() => require(fsPath));
  const activateCall = measureActivateCall(fsPath);
  const activation = await timed(() => extension.activate());
  const server = createServer((_, response) => response.end('{"measured":true}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const content = `GET http://127.0.0.1:${port}/\n`;
    const document = await vscode.workspace.openTextDocument({ language: 'http', content });
    await vscode.window.showTextDocument(document);
    const measured = [];
    for (let count = 0; count < sends; count++) measured.push(await measureSend(extension.exports));
    const [first, ...later] = measured;
    const result: Measured = {
      load, activation,
      activate: activateCall(),
      engineReady: measured.map(({ engineReady }) => engineReady),
      firstPainted: first!.painted,
      painted: later.map(({ painted }) => painted),
    };
    writeFileSync(process.env['ROUNDTRIP_MEASURED']!, JSON.stringify(result));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Puts a clock around `activate` of the loaded module; gives the way to read it. */
function measureActivateCall(fsPath: string): () => number {
  const loaded = require.cache[require.resolve(fsPath)]!;
  const { activate, deactivate } = loaded.exports as typeof import('../../src/extension.ts');
  let took: number | undefined;
  loaded.exports = {
    deactivate,
    activate: (context: vscode.ExtensionContext) => {
      const started = monotonicNow();
      const api = activate(context);
      took = monotonicNow() - started;
      return api;
    },
  };
  return () => {
    if (took === undefined) throw new Error('VS Code did not activate the module that was measured.');
    return took;
  };
}

interface MeasuredSend { readonly engineReady: number; readonly painted: number }

async function timed(work: () => unknown): Promise<number> {
  const started = monotonicNow();
  await work();
  return monotonicNow() - started;
}

/**
 * One send with an engine that is not there yet; ms until its first event, and from the last one to
 * the drawing.
 */
async function measureSend({ engine, history, inspector }: Api): Promise<MeasuredSend> {
  await engine.end();
  let drawn: (ms: number) => void;
  const painted = new Promise<number>((resolve, reject) => {
    drawn = resolve;
    const late = new Error('The inspector did not draw the response.');
    setTimeout(() => reject(late), patience).unref();
  });
  const asked = monotonicNow();
  const subscription = inspector.onDidPaint(({ exchangeId, after }) => {
    const now = monotonicNow();
    const endAt = history.exchange(exchangeId)?.endAt;
    // What was drawn was sent to the page after the response had ended, and is this send's.
    if (endAt !== undefined && endAt > asked && now - after >= endAt) drawn(now - endAt);
  });
  try {
    await vscode.commands.executeCommand('roundtrip.sendRequest');
    const ms = await painted;
    const exchangeId = history.sends().at(-1)?.exchangeIds.at(-1);
    const exchange = exchangeId === undefined ? undefined : history.exchange(exchangeId);
    if (exchange?.response?.statusCode !== 200) throw new Error('The response did not come.');
    return { engineReady: exchange.startAt - asked, painted: ms };
  } finally {
    subscription.dispose();
  }
}
