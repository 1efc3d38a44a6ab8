import * as vscode from 'vscode';
import type { History } from '../run/history/history.ts';
import { writeWhole } from '../run/wholeFile.ts';
import type { Exchange } from '../trace/exchange.ts';
import { windowsOf } from './contents.ts';
import type { ReadContent } from './contents.ts';

/** A longer content is exported up to here; the archive says so. */
const contentLimit = 16 * 1024 * 1024;

/**
 * Asks what and where, and writes an HTTP Archive.
 *
 * @param exchangeId the exchange whose send is offered first; absent, the whole history is
 * exported.
 */
export async function exportHar(
  history: History,
  read: ReadContent,
  exchangeId?: string,
): Promise<void> {
  await history.load();
  const exchanges = await chooseExchanges(history, exchangeId, vscode.l10n.t('Export HAR'));
  if (!exchanges) return;
  const includeSecrets = await chooseSecrets();
  if (includeSecrets === undefined) return;
  const target = await vscode.window.showSaveDialog({
    defaultUri: defaultTarget(),
    filters: { [vscode.l10n.t('HTTP Archive')]: ['har'] },
    title: vscode.l10n.t('Export HAR'),
  });
  if (target) await writeHar(target, exchanges, read, includeSecrets);
}

/** Writes exchanges with their contents as one HAR 1.2 file. */
export async function writeHar(
  target: vscode.Uri,
  exchanges: readonly Exchange[],
  read: ReadContent,
  includeSecrets: boolean,
): Promise<void> {
  const { toHar } = await import('../formats/har.ts');
  const contents = new Map<string, Uint8Array>();
  for (const { id, response } of exchanges) {
    if (!response || response.contentSize === 0) continue;
    const windows: Uint8Array[] = [];
    for await (const bytes of windowsOf(read, id, contentLimit)) windows.push(bytes);
    if (windows.length > 0) contents.set(id, Buffer.concat(windows));
  }
  const text = JSON.stringify(toHar(exchanges, contents, { includeSecrets }), undefined, 2);
  await writeExport(target, new TextEncoder().encode(text));
}

/** Writes a file whole or not at all, and for its owner only, where there is such a thing. */
export async function writeExport(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
  if (target.scheme === 'file') await writeWhole(target.fsPath, [bytes]);
  else await vscode.workspace.fs.writeFile(target, bytes);
}

/**
 * Asks whether the send of an exchange or the whole history is meant; undefined when there is nothing, or nothing is
 * meant.
 */
export async function chooseExchanges(
  history: History,
  exchangeId: string | undefined,
  title: string,
): Promise<readonly Exchange[] | undefined> {
  const all = history
    .sends()
    .filter((send) => !send.running)
    .flatMap(({ specId }) => history.exchangesOf(specId));
  if (all.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is nothing to export yet. Send a request first.'),
    );
    return undefined;
  }
  const send = exchangeId === undefined ? undefined : history.sendOf(exchangeId);
  if (!send) return all;
  const one = history.exchangesOf(send.specId);
  const last = one.at(-1)!;
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t('The exchange shown'),
        description: `${last.spec.method} ${last.spec.url}`,
        exchanges: one,
      },
      {
        label: vscode.l10n.t('The whole history'),
        description: vscode.l10n.t('{0} exchanges', all.length),
        exchanges: all,
      },
    ],
    { title },
  );
  return chosen?.exchanges;
}

async function chooseSecrets(): Promise<boolean | undefined> {
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t('Mask credentials'),
        includeSecrets: false,
        description: vscode.l10n.t('Authorization, cookies and API keys become •••; bodies stay as they are'),
      },
      {
        label: vscode.l10n.t('Include credentials'),
        includeSecrets: true,
        description: vscode.l10n.t('Whoever has the file can use them'),
      },
    ],
    { title: vscode.l10n.t('Export HAR') },
  );
  return chosen?.includeSecrets;
}

function defaultTarget(): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, 'roundtrip.har');
}
