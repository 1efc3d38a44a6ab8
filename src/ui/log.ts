import * as vscode from 'vscode';
import { commands } from './contributions.ts';

/**
 * What the engine and the lab say about themselves. Requests and their credentials are not logged.
 */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Roundtrip', { log: true });
}

/** *Show Log* opens the output channel. */
export function registerLogCommand(log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showLog, () => log.show());
}
