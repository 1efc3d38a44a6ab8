import * as vscode from 'vscode';
import type { EnvironmentChoice } from '../environments/environments.ts';
import { registerCodeActions } from './codeActions.ts';
import { registerCompletion } from './completion.ts';
import { registerDefinition } from './definition.ts';
import { registerFolding } from './folding.ts';
import { registerFormatting } from './formatting.ts';
import { registerHover } from './hover.ts';
import { registerInlayHints } from './inlayHints.ts';
import { registerLinks } from './links.ts';
import type { Names } from './names.ts';
import { registerPasteCurl } from './pasteCurl.ts';
import { registerReferences } from './references.ts';
import { registerRename } from './rename.ts';
import { registerSemanticTokens } from './semanticTokens.ts';
import { registerUndefinedNames } from './undefinedNames.ts';

/**
 * Everything the editor does with a request file besides sending it. Nothing here computes: each
 * feature loads what it needs when it is first asked.
 */
export function registerEditing(names: Names, environments: EnvironmentChoice): vscode.Disposable {
  return vscode.Disposable.from(
    registerCompletion(names), registerHover(names), registerSemanticTokens(names), registerInlayHints(names),
    registerUndefinedNames(names),
    registerDefinition(environments), registerReferences(), registerRename(environments), registerLinks(),
    registerFolding(),
    registerFormatting(), registerCodeActions(environments), registerPasteCurl(),
  );
}
