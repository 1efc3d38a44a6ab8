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
  const known = new Map<string, Known>();

  /** What a refused send has told of is not told again. */
  const show = (uri: vscode.Uri): void => {
    const one = known.get(uri.toString());
    if (!one) return;
    const told = one.warnings.length === 0 ? [] : refusals(uri);
    const left = one.warnings.filter(({ range }) => !told.some((refusal) => refusal.range.intersection(range)));
    if (left.length === one.shown.length && left.every((warning, at) => warning === one.shown[at])) return;
    one.shown = left;
    collection.set(uri, left);
  };

  const update = async (editor: vscode.TextEditor): Promise<void> => {
    const { document, visibleRanges } = editor;
    const view = await names.of(document);
    if (document.isClosed) return;
    const { uri, version } = document;
    const found = view.isComplete
      ? visibleRanges.flatMap(({ start, end }) =>
        services().namesIn(fileOf(document), linesOf(document), start.line, end.line, view)) : [];
    const before = known.get(uri.toString());
    const kept = before?.version === version ? before.warnings : [];
    const elsewhere = kept.filter(({ range }) => !visibleRanges.some((visible) => visible.contains(range.start)));
    const warnings = [...elsewhere, ...found.flatMap(toDiagnostic)];
    known.set(uri.toString(), { version, warnings, shown: before?.shown ?? [] });
    show(uri);
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
    if (forget) for (const one of known.values()) one.version = undefined;
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
      known.delete(uri.toString());
    }),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) if (known.has(uri.toString())) show(uri);
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

/** Warnings for the lines that were on the screen at a version of the text; `undefined` when they are out of date. */
interface Known {
  version: number | undefined;
  readonly warnings: readonly vscode.Diagnostic[];
  /** Those that a refused send has not told of. */
  shown: readonly vscode.Diagnostic[];
}

/** Errors about names that sending was refused for. */
function refusals(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source, code, severity }) =>
    source === 'Roundtrip' && severity === vscode.DiagnosticSeverity.Error
    && typeof code === 'string' && code.startsWith('variable-undefined'));
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
