import * as vscode from 'vscode';
import { createEngineClient } from '../run/engineClient.ts';
import type { EngineClient, EngineListener } from '../run/engineClient.ts';
import { setting } from './settings.ts';

export interface EngineOptions {
  readonly modulePath: string;
  readonly listener: EngineListener;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The engine with its path from the settings, its log, and a visible note when it ends by itself.
 */
export function createEngine({
  modulePath,
  listener,
  log,
}: EngineOptions): EngineClient & vscode.Disposable {
  const engine = createEngineClient({
    modulePath,
    listener,
    newId: () => crypto.randomUUID(),
    execPath: () => setting('engine.nodePath').trim() || undefined,
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
  });
  return Object.defineProperties(
    { dispose: () => configuration.dispose() },
    Object.getOwnPropertyDescriptors(engine),
  ) as EngineClient & vscode.Disposable;
}

function noteEnd(message: string): void {
  const note = vscode.l10n.t(
    'The engine ended unexpectedly ({0}). The next request starts it again.', message);
  vscode.window.setStatusBarMessage(`$(warning) ${note}`, 15_000);
}
