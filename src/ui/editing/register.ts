import * as vscode from 'vscode';
import type { EnvironmentChoice } from '../environments.ts';
import { registerCodeActions } from './codeActions.ts';
import { registerDefinition } from './definition.ts';
import { registerFolding } from './folding.ts';
import { registerFormatting } from './formatting.ts';
import { registerLinks } from './links.ts';
import { registerReferences } from './references.ts';
import { registerRename } from './rename.ts';

/** What the editing features are given. */
export interface EditingOptions {
  /** Which environment counts for a file; `onDidChange` tells when what it gave is out of date. */
  readonly environments: EnvironmentChoice;
}

/**
 * Everything the editor does with a request file besides sending it. Nothing here computes: each
 * feature loads what it needs when it is first asked.
 */
export function registerEditing(options: EditingOptions): vscode.Disposable {
  const { environments } = options;
  return vscode.Disposable.from(
    registerDefinition(environments), registerReferences(), registerRename(), registerLinks(), registerFolding(),
    registerFormatting(), registerCodeActions(environments),
  );
}
