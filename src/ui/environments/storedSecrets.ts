import * as vscode from 'vscode';
import { commands } from '../contributions.ts';

/** Values the user gave by name; VS Code keeps them encrypted, apart for each workspace. */
export interface StoredSecrets {
  /** Names and values, by name. */
  all(): Promise<ReadonlyMap<string, string>>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  readonly onDidChange: vscode.Event<unknown>;
}

/** A secret of one project is no business of another, so the workspace is part of the key. */
export function createStoredSecrets(storage: vscode.SecretStorage): StoredSecrets {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const workspace = workspaceFile ?? workspaceFolders?.[0]?.uri;
  const prefix = `variable ${workspace?.toString() ?? ''} `;
  return {
    all: async () => {
      const keys = (await storage.keys()).filter((key) => key.startsWith(prefix)).sort();
      const values = await Promise.all(keys.map((key) => storage.get(key)));
      const found = keys.map((key, index) => [key.slice(prefix.length), values[index]] as const);
      return new Map(found.filter((one): one is [string, string] => one[1] !== undefined));
    },
    set: async (name, value) => storage.store(prefix + name, value),
    delete: async (name) => storage.delete(prefix + name),
    onDidChange: storage.onDidChange,
  };
}

/** *Set Secret…* and *Delete Secret…*. */
export function registerSecretCommands(secrets: StoredSecrets): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.setSecret, () => setSecret(secrets)),
    vscode.commands.registerCommand(commands.deleteSecret, () => deleteSecret(secrets)),
  );
}

async function setSecret(secrets: StoredSecrets): Promise<void> {
  const title = vscode.l10n.t('Set Secret');
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Request files of this workspace use it by this name: apiKey as {{apiKey}}.'),
    placeHolder: vscode.l10n.t('Name'),
    ignoreFocusOut: true,
    validateInput: (text) => isVariableName(text) ? undefined
      : vscode.l10n.t('A name has no spaces and none of {, }, = and %, and does not start with $.'),
  });
  if (name === undefined) return;
  const value = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The value of {0}. It is stored encrypted and shown as •••.', name),
    placeHolder: vscode.l10n.t('Value'),
    password: true,
    ignoreFocusOut: true,
  });
  if (value === undefined) return;
  await secrets.set(name, value);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Stored the secret {0}', name), 5_000);
}

/** What can stand between `{{` and `}}` and mean a variable. */
function isVariableName(text: string): boolean {
  return /^[^\s{}=%$][^\s{}=%]*$/.test(text);
}

async function deleteSecret(secrets: StoredSecrets): Promise<void> {
  const names = [...(await secrets.all()).keys()];
  if (names.length === 0) {
    const set = vscode.l10n.t('Set Secret…');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('No secret is stored for this workspace.'), set);
    if (chosen === set) await setSecret(secrets);
    return;
  }
  const name = await vscode.window.showQuickPick(names, {
    title: vscode.l10n.t('Delete Secret'),
    placeHolder: vscode.l10n.t('Requests that use it can then no longer be sent.'),
  });
  if (name === undefined) return;
  await secrets.delete(name);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Deleted the secret {0}', name), 5_000);
}
