import * as vscode from 'vscode';

/** Watches the files that environments are read from. */
export interface EnvironmentFiles extends vscode.Disposable {
  /** From now on also those that count for this document. */
  watch(document: Pick<vscode.TextDocument, 'uri'>, directory: string): void;
}

/** Names of files that hold variables, of every tool whose files are read. */
const names = [
  'http-client*.env.json', 'http-client*.env.json.user', '.env', '.env.*', '*.env',
  '.httpyac.json', '.httpyac.js', '.httpyac.cjs', '.httpyac.config.*', 'httpyac.config.*',
];

/** Files often change in groups, as when a branch is switched (ms). */
const delay = 100;

/** No watcher is made before the first `watch`. `onChange` comes once for a group of changes. */
export function watchEnvironmentFiles(onChange: () => void): EnvironmentFiles {
  const watchers = new Map<string, vscode.FileSystemWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, delay);
  };
  return {
    watch: (document, directory) => {
      const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
      const base = folder ?? (directory === '' ? undefined : vscode.Uri.file(directory));
      if (!base || watchers.has(base.toString())) return;
      const glob = `${folder ? '**/' : ''}{${names.join(',')}}`;
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(base, glob));
      watchers.set(base.toString(), watcher);
      watcher.onDidCreate(changed);
      watcher.onDidChange(changed);
      watcher.onDidDelete(changed);
    },
    dispose: () => {
      clearTimeout(timer);
      vscode.Disposable.from(...watchers.values()).dispose();
    },
  };
}
