import * as vscode from 'vscode';
import { commands, contextKeys } from './contributions.ts';

/** Opens one of the samples that come with the extension: the one named, else the one that is picked. */
export function registerSamples(extensionUri: vscode.Uri): vscode.Disposable {
  const folder = vscode.Uri.joinPath(extensionUri, 'samples');
  return vscode.commands.registerCommand(commands.openSample, async (wanted: unknown) => {
    const names = (await vscode.workspace.fs.readDirectory(folder))
      .map(([name]) => name)
      .filter((name) => /\.(http|rest)$/.test(name))
      .sort();
    const name =
      names.find((one) => one === wanted) ??
      (await vscode.window.showQuickPick(names, { title: vscode.l10n.t('Open a Sample') }));
    if (!name) return;
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, name), { preview: false });
    await vscode.commands.executeCommand('setContext', contextKeys.openedSample, name);
  });
}
