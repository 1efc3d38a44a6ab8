import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { PlacedName } from '../../httpFile/editing/semanticTokens.ts';
import type { LineSpan, UndefinedSearch } from '../../httpFile/editing/undefinedNames.ts';
import { fileOf, isRequestFile, isVisible } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';
import type { Names } from './names.ts';

/** After the last keystroke or change (ms): later than the other problems, for a name is typed letter by letter. */
const delay = 500;

/** So long is looked for names at a time (ms), and so long nothing is done in between. */
const slice = 4;
const pause = 15;

/**
 * Warns of names that nobody can know, in all of the files that editors show: never of a response that is still to
 * come, and not before environment files were read. What is on the screen comes first.
 */
export function registerUndefinedNames(names: Names): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('roundtrip.names');
  const watched = new Map<string, Watched>();

  /** What a refused send has told of is not told again. */
  const show = (uri: vscode.Uri): void => {
    const one = watched.get(uri.toString());
    if (!one) return;
    const told = one.warnings.length === 0 ? [] : refusals(uri);
    const left = one.warnings.filter(({ range }) => !told.some((refusal) => refusal.range.intersection(range)));
    if (left.length === one.shown.length && left.every((warning, at) => warning === one.shown[at])) return;
    one.shown = left;
    collection.set(uri, left);
  };

  const setFound = (document: vscode.TextDocument, one: Watched, isAll: boolean): void => {
    const found = one.search.found().map((name) => one.diagnosticOf(name));
    const lines = visibleLines(document);
    // Until everything was looked at, what was known of lines out of sight stays.
    const isSeen = ({ range }: vscode.Diagnostic): boolean =>
      lines.some(({ first, last }) => first <= range.start.line && range.start.line <= last);
    one.warnings = isAll ? found : one.warnings.filter((warning) => !isSeen(warning)).concat(found.filter(isSeen));
    show(document.uri);
  };

  const goOn = (document: vscode.TextDocument, one: Watched, isFirst: boolean): void => {
    one.timer = undefined;
    if (document.isClosed || !isVisible(document)) return;
    const end = performance.now() + slice;
    const isAll = one.search.goOn(() => performance.now() >= end);
    if (isAll || isFirst) setFound(document, one, isAll);
    one.isDone = isAll;
    if (!isAll) one.timer = setTimeout(() => goOn(document, one, false), pause);
  };

  const update = async (document: vscode.TextDocument, one: Watched): Promise<void> => {
    const view = await names.of(document);
    if (document.isClosed || one.timer || watched.get(document.uri.toString()) !== one) return;
    if (!view.isComplete) {
      one.warnings = [];
      return show(document.uri);
    }
    one.search.begin(fileOf(document), linesOf(document), view, visibleLines(document));
    goOn(document, one, true);
  };

  const updateSoon = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    const one = watched.get(key) ?? createWatched();
    watched.set(key, one);
    clearTimeout(one.timer);
    one.isDone = false;
    one.timer = setTimeout(() => {
      one.timer = undefined;
      void update(document, one);
    }, delay);
  };
  /** Documents that came into sight, and those that were not looked through before they went out of it. */
  const updateVisible = (): void => {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!isRequestFile(document)) continue;
      const one = watched.get(document.uri.toString());
      if (!one || !(one.isDone || one.timer)) updateSoon(document);
    }
  };

  const listeners = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(updateVisible),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || !isRequestFile(document)) return;
      if (isVisible(document)) return updateSoon(document);
      const one = watched.get(document.uri.toString());
      if (!one) return;
      // It is looked at when it is shown again.
      Object.assign(one, { isDone: false, warnings: [] });
      show(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(watched.get(uri.toString())?.timer);
      watched.delete(uri.toString());
      collection.delete(uri);
    }),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach(show)),
    names.onDidChange(() => {
      for (const one of watched.values()) {
        one.search.forget();
        one.isDone = false;
        clearTimeout(one.timer);
        one.timer = undefined;
      }
      updateVisible();
    }),
  );
  updateVisible();
  return {
    dispose: () => {
      for (const { timer } of watched.values()) clearTimeout(timer);
      vscode.Disposable.from(collection, listeners).dispose();
    },
  };
}

/** A document that an editor shows or has shown. */
interface Watched {
  readonly search: UndefinedSearch;
  readonly diagnosticOf: (name: PlacedName) => vscode.Diagnostic;
  timer: NodeJS.Timeout | undefined;
  /** All was looked at, and nothing has changed since. */
  isDone: boolean;
  warnings: readonly vscode.Diagnostic[];
  /** Those that a refused send has not told of. */
  shown: readonly vscode.Diagnostic[];
}

function createWatched(): Watched {
  return {
    search: services().createUndefinedSearch(), diagnosticOf: keptDiagnostics(),
    timer: undefined, isDone: false, warnings: [], shown: [],
  };
}

/** More than are shown of one file. */
const mostKept = 5000;

/** The same warning for the same name at the same place. */
function keptDiagnostics(): (name: PlacedName) => vscode.Diagnostic {
  let kept = new Map<string, vscode.Diagnostic>();
  return (name) => {
    const key = `${name.line} ${name.character} ${name.name}`;
    const known = kept.get(key) ?? toDiagnostic(name);
    if (kept.size > mostKept) kept = new Map();
    kept.set(key, known);
    return known;
  };
}

function visibleLines(document: vscode.TextDocument): LineSpan[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document)
    .flatMap(({ visibleRanges }) => visibleRanges.map(({ start, end }) => ({ first: start.line, last: end.line })));
}

/** Errors about names that sending was refused for. */
function refusals(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source, code, severity }) =>
    source === 'Roundtrip' && severity === vscode.DiagnosticSeverity.Error
    && typeof code === 'string' && code.startsWith('variable-undefined'));
}

function toDiagnostic({ line, character, length, name }: PlacedName): vscode.Diagnostic {
  const { say, hoverTexts, problemTexts, bareName, missingName } = services();
  const language = languageFor(vscode.env.language);
  const { code, places } = missingName(bareName(name));
  const message = code === 'variable-undefined'
    ? say(hoverTexts, language, 'undefined-warning', places) : say(problemTexts, language, code, places);
  const range = new vscode.Range(line, character, line, character + length);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Roundtrip';
  diagnostic.code = code;
  return diagnostic;
}
