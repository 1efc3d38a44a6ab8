import * as vscode from 'vscode';
import type { EngineClient } from '../run/engineClient.ts';
import type { Exchange } from '../trace/exchange.ts';
import { windowsOf } from './contents.ts';
import type { ReadContent } from './contents.ts';
import { contentPath } from './contentUri.ts';

/** Where the engine cannot write by itself, the content passes through memory: at most so much of it, in bytes. */
const largestPassed = 256 * 1024 * 1024;

export interface SaveBodyOptions {
  readonly engine: Pick<EngineClient, 'saveContent'>;
  readonly readContent: ReadContent;
}

/** Asks where, and writes a content byte for byte as it was received. */
export async function saveBody(exchange: Exchange, options: SaveBodyOptions): Promise<void> {
  const name = contentPath(exchange).split('/').at(-1) ?? 'content';
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Body'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {}),
  });
  if (target) await saveBodyTo(target, exchange, options);
}

/** The engine copies its own file; the window stays as it is meanwhile. */
export async function saveBodyTo(target: vscode.Uri, exchange: Exchange, options: SaveBodyOptions): Promise<void> {
  const title = vscode.l10n.t('Saving the body');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
    try {
      if (!await save(target, exchange, options)) tellGone();
    } catch (error) {
      const reason = (error as Error).message;
      void vscode.window.showErrorMessage(vscode.l10n.t('The body could not be saved: {0}', reason));
    }
  });
}

async function save(
  target: vscode.Uri, exchange: Exchange, { engine, readContent }: SaveBodyOptions,
): Promise<boolean> {
  if (target.scheme === 'file' && await engine.saveContent(exchange.id, target.fsPath) !== undefined) return true;
  const size = exchange.response?.contentSize ?? 0;
  if (size > largestPassed) return false;
  const windows: Uint8Array[] = [];
  for await (const bytes of windowsOf(readContent, exchange.id, size)) windows.push(bytes);
  if (windows.reduce((sum, { length }) => sum + length, 0) < size) return false;
  await vscode.workspace.fs.writeFile(target, Buffer.concat(windows));
  return true;
}

function tellGone(): void {
  void vscode.window.showWarningMessage(vscode.l10n.t(
    'The content of this exchange is gone: it was too large to keep, or the engine that held it has ended. Send the request again to get it.',
  ));
}
