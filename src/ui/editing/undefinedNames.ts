import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { PlacedName } from '../../httpFile/editing/semanticTokens.ts';
import { fileOf, isRequestFile } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';
import type { Names } from './names.ts';

/** After the last keystroke or scroll (ms): later than the other problems, for a name is typed letter by letter. */
const delay = 500;

/**
 * Warns of names that nobody can know, in the lines on the screen: never of a response that is still to come, and
 * not before environment files were read.
 */
export function registerUndefinedNames(names: Names): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('roundtrip.names');
  const timers = new Map<string, NodeJS.Timeout>();
  /** Lines found faulty stay marked while the text is as it was. */
  const versions = new Map<string, number>();

  const update = async (editor: vscode.TextEditor): Promise<void> => {
    const { document, visibleRanges } = editor;
    const view = await names.of(document);
    if (document.isClosed) return;
    const { uri, version } = document;
    const found = view.isComplete
      ? visibleRanges.flatMap(({ start, end }) =>
        services().namesIn(fileOf(document), linesOf(document), start.line, end.line, view)) : [];
    const kept = versions.get(uri.toString()) === version ? collection.get(uri) ?? [] : [];
    const elsewhere = kept.filter(({ range }) => !visibleRanges.some((visible) => visible.contains(range.start)));
    versions.set(uri.toString(), version);
    collection.set(uri, [...elsewhere, ...found.flatMap(toDiagnostic)]);
  };
  const updateSoon = (editor: vscode.TextEditor): void => {
    if (!isRequestFile(editor.document)) return;
    const key = editor.document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => {
      timers.delete(key);
      void update(editor);
    }, delay));
  };
  const updateVisible = (forget: boolean): void => {
    if (forget) versions.clear();
    vscode.window.visibleTextEditors.forEach(updateSoon);
  };

  const listeners = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(() => updateVisible(false)),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => updateSoon(textEditor)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      vscode.window.visibleTextEditors.filter((editor) => editor.document === document).forEach(updateSoon);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      collection.delete(uri);
      versions.delete(uri.toString());
    }),
    names.onDidChange(() => updateVisible(true)),
  );
  updateVisible(false);
  return {
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      vscode.Disposable.from(collection, listeners).dispose();
    },
  };
}

function toDiagnostic({ line, character, length, name, found }: PlacedName): vscode.Diagnostic[] {
  if (found.kind !== 'unresolved' || !found.certain) return [];
  const { say, hoverTexts, bareName } = services();
  const message = say(hoverTexts, languageFor(vscode.env.language), 'undefined-warning', { name: bareName(name) });
  const range = new vscode.Range(line, character, line, character + length);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Roundtrip';
  diagnostic.code = 'variable-undefined';
  return [diagnostic];
}
