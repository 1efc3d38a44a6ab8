import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { Send } from '../../src/run/history/history.ts';
import type { Exchange } from '../../src/trace/exchange.ts';

export const extensionId = 'roundtrip.roundtrip';

/** The extension as the manifest wakes it, and what it lets tests see. */
export async function activate(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(extensionId);
  if (!extension) throw new Error(`${extensionId} is not installed`);
  return extension.activate();
}

/** A request file that is nowhere on disk, in an editor. */
export async function open(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'http', content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  return document;
}

export async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
}

/**
 * Clicks the first lens whose title matches; waits until there is one, and for what it does unless that is not
 * `awaited`.
 */
export async function clickLens(document: vscode.TextDocument, title: RegExp, awaited = true): Promise<void> {
  const lens = await until(async () =>
    (await lensesOf(document)).find(({ command }) => title.test(command?.title ?? '')),
  );
  const { command, arguments: values = [] } = lens.command!;
  const done = vscode.commands.executeCommand(command, ...values);
  if (awaited) await done;
}

/** Clicks *Send Request* and gives the exchanges of the send once it is over. */
export async function sendFirst(
  api: Api,
  document: vscode.TextDocument,
): Promise<readonly Exchange[]> {
  await clickLens(document, /^Send Request$/);
  return exchangesOf(api, document);
}

/** The exchanges of the latest send of a document, which must be over. */
export function exchangesOf(api: Api, document: vscode.TextDocument): readonly Exchange[] {
  return api.history.exchangesOf(latestSend(api, document)?.specId ?? '');
}

export function latestSend(api: Api, document: vscode.TextDocument): Send | undefined {
  return api.history.sends().findLast(({ origin }) => origin?.uri === document.uri.toString());
}

/** Looks again each 20 ms until there is an answer; gives up after 20 seconds. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited for 20 s: ${look.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** The path of a file of the samples, which are the workspace. */
export function sample(name: string): string {
  return path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, name);
}

/** A file on disk, in an editor. */
export async function openFile(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  return document;
}
