import * as vscode from 'vscode';
import { createEngineClient } from '../run/engineClient.ts';
import type { EngineClient, EngineListener } from '../run/engineClient.ts';
import { reportCookieFile } from './cookies.ts';
import { setting } from './settings.ts';

export interface EngineOptions {
  readonly modulePath: string;
  readonly listener: EngineListener;
  readonly log: vscode.LogOutputChannel;
  /** The folder of this workspace's cookies, where they are kept. */
  readonly storage: vscode.Uri;
}

/**
 * The engine with its path from the settings, its log, and a visible note when it ends by itself.
 */
export function createEngine({
  modulePath,
  listener,
  log,
  storage,
}: EngineOptions): EngineClient & vscode.Disposable {
  const engine = createEngineClient({
    modulePath,
    listener,
    newId: () => crypto.randomUUID(),
    execPath: () => setting('engine.nodePath').trim() || undefined,
    cookieFile: () => keepsCookies() ? vscode.Uri.joinPath(storage, 'cookies.json').fsPath : undefined,
    onCookieFile: reportCookieFile,
    onReady: ({ node, openssl, undici }, ms) =>
      log.info(
        `engine: ready after ${ms.toFixed(0)} ms, ` +
          `Node ${node}, OpenSSL ${openssl}, undici ${undici}`,
      ),
    onOutput: (text) => log.info(`[engine] ${text.trimEnd()}`),
    onExit: ({ expected, message }) => {
      if (expected) return log.info(`engine: ${message}`);
      log.error(`engine: ${message}`);
      noteEnd(message);
    },
  });
  const configuration = vscode.workspace.onDidChangeConfiguration((event) => {
    // Another Node takes effect with the next send.
    if (event.affectsConfiguration('roundtrip.engine')) void engine.end();
    // And so does another place for cookies; those in memory end with the engine.
    if (event.affectsConfiguration('roundtrip.cookies.store')) void engine.end();
  });
  // What is trusted from now on may find its cookies.
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(() => {
    if (keepsCookies()) void engine.end();
  });
  return Object.defineProperties(
    { dispose: () => vscode.Disposable.from(configuration, trust).dispose() },
    Object.getOwnPropertyDescriptors(engine),
  ) as EngineClient & vscode.Disposable;
}

/** On the disk only where the folder is trusted: there they are never sent otherwise. */
function keepsCookies(): boolean {
  return vscode.workspace.isTrusted && setting('cookies.store') === 'workspace';
}

function noteEnd(message: string): void {
  const note = vscode.l10n.t(
    'The engine ended unexpectedly ({0}). The next request starts it again.', message);
  vscode.window.setStatusBarMessage(`$(warning) ${note}`, 15_000);
}
