import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { Fix } from '../../httpFile/editing/fix.ts';
import type { Refactoring } from '../../httpFile/editing/refactor.ts';
import { languageId } from '../contributions.ts';
import { fileOf } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import { toEdit } from './formatting.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('roundtrip');

/** The light bulb: fixes for what is wrong, and rearrangements. */
export function registerCodeActions(environments: EnvironmentChoice): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { language: languageId },
    {
      provideCodeActions: async (document, range, { diagnostics, only }) => {
        const wants = (kind: vscode.CodeActionKind): boolean => !only || only.contains(kind);
        const actions: vscode.CodeAction[] = [];
        if (wants(vscode.CodeActionKind.QuickFix)) {
          actions.push(...(await fixActions(document, diagnostics, environments)));
        }
        // To fix everything is never offered unasked: only on save, or from the menu of the source.
        if (only?.intersects(fixAllKind)) actions.push(...fixAllActions(document));
        actions.push(...refactorActions(document, range).filter(({ kind }) => kind && wants(kind)));
        return actions;
      },
    },
    {
      providedCodeActionKinds: [
        vscode.CodeActionKind.QuickFix,
        fixAllKind,
        vscode.CodeActionKind.RefactorExtract,
        vscode.CodeActionKind.RefactorRewrite,
      ],
    },
  );
}

function title(id: string, places: Readonly<Record<string, string>>): string {
  const { say, quickFixTexts } = services();
  return say(quickFixTexts, languageFor(vscode.env.language), id as keyof typeof quickFixTexts, places);
}

function editOf(document: vscode.TextDocument, edits: Fix['edits']): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits.map(toEdit));
  return edit;
}

// --- quick fixes -----------------------------------------------------------------------------------

async function fixActions(
  document: vscode.TextDocument,
  diagnostics: readonly vscode.Diagnostic[],
  environments: EnvironmentChoice,
): Promise<vscode.CodeAction[]> {
  const actions: vscode.CodeAction[] = [];
  for (const diagnostic of diagnostics) {
    const code = codeOf(diagnostic);
    if (diagnostic.source !== 'Roundtrip' || code === undefined) continue;
    const problem = { code, range: diagnostic.range };
    for (const fix of services().quickFixes(fileOf(document), linesOf(document), problem)) {
      const action = await fixAction(document, fix, environments);
      if (action) actions.push(Object.assign(action, { diagnostics: [diagnostic] }));
    }
  }
  return actions;
}

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  const value = typeof code === 'object' ? code.value : code;
  return typeof value === 'string' ? value : undefined;
}

async function fixAction(
  document: vscode.TextDocument,
  fix: Fix,
  environments: EnvironmentChoice,
): Promise<vscode.CodeAction | undefined> {
  const action = new vscode.CodeAction(title(fix.id, fix.places), vscode.CodeActionKind.QuickFix);
  if (fix.environment === undefined) action.edit = editOf(document, fix.edits);
  else Object.assign(action, await environmentEdit(document, fix.environment, environments));
  if (!action.edit) return undefined;
  if (fix.preferred) action.isPreferred = true;
  return action;
}

function fixAllActions(document: vscode.TextDocument): vscode.CodeAction[] {
  const edits = services().fixAll(fileOf(document), linesOf(document));
  if (edits.length === 0) return [];
  const action = new vscode.CodeAction(title('fix-all', {}), fixAllKind);
  action.edit = editOf(document, edits);
  return [action];
}

// --- the file of environments ----------------------------------------------------------------------

/** A new name in the nearest `http-client.env.json`, when there is one; then the place to type its value is gone to. */
async function environmentEdit(
  document: vscode.TextDocument,
  name: string,
  environments: EnvironmentChoice,
): Promise<Pick<vscode.CodeAction, 'edit' | 'command'> | undefined> {
  if (document.uri.scheme !== 'file' || !vscode.workspace.isTrusted) return undefined;
  const uri = await nearestEnvironmentFile(document.uri);
  if (!uri) return undefined;
  const text = await vscode.workspace.openTextDocument(uri);
  const chosen = (await environments.activeEnvironment(document))?.name;
  const after = services().withEnvironmentName(text.getText(), name, chosen);
  if (after === undefined) return undefined;
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, text.lineCount, 0);
  edit.replace(uri, text.validateRange(whole), after.text);
  return { edit, command: showCommand(uri, positionIn(after.text, after.offset)) };
}

function positionIn(text: string, offset: number): vscode.Position {
  const lines = text.slice(0, offset).split('\n');
  return new vscode.Position(lines.length - 1, lines.at(-1)!.length);
}

function showCommand(uri: vscode.Uri, at: vscode.Position): vscode.Command {
  return { command: 'vscode.open', title: '', arguments: [uri, { selection: new vscode.Range(at, at) }] };
}

/** Beside the request file or above it, up to the workspace's folder. */
async function nearestEnvironmentFile(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  for (let folder = vscode.Uri.joinPath(uri, '..'); ; folder = vscode.Uri.joinPath(folder, '..')) {
    const file = vscode.Uri.joinPath(folder, 'http-client.env.json');
    try {
      await vscode.workspace.fs.stat(file);
      return file;
    } catch {
      if (root === undefined || folder.path.length <= root.length) return undefined;
    }
  }
}

// --- refactorings ----------------------------------------------------------------------------------

const refactorKinds: Readonly<Record<Refactoring['id'], 'RefactorExtract' | 'RefactorRewrite'>> = {
  'extract-variable': 'RefactorExtract',
  'move-origin': 'RefactorRewrite',
  'write-request': 'RefactorRewrite',
};

function refactorActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
  return services()
    .refactorings(fileOf(document), linesOf(document), range)
    .map(({ id, places, edits, name }) => {
      const action = new vscode.CodeAction(
        title(id, places),
        vscode.CodeActionKind[refactorKinds[id]],
      );
      action.edit = editOf(document, edits);
      // The name is a proposal: it can be typed over at once.
      if (name) action.command = renameCommand(document, new vscode.Position(name.line, name.character));
      return action;
    });
}

function renameCommand(document: vscode.TextDocument, at: vscode.Position): vscode.Command {
  return { command: 'editor.action.rename', title: '', arguments: [document.uri, at] };
}
