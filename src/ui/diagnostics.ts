import * as vscode from 'vscode';
import { languageFor } from '../explain/text/language.ts';
import type { problemTexts } from '../explain/text/problem.ts';
import { say } from '../explain/text/text.ts';
import { mapped } from '../httpFile/editing/mapped.ts';
import { mostSevere } from '../httpFile/editing/mostSevere.ts';
import { linesBelow, withoutFollowers } from '../httpFile/editing/notRun.ts';
import { lineTyped, settledProblems } from '../httpFile/editing/settled.ts';
import type { HttpRequest, Problem, Range, Severity } from '../httpFile/syntax.ts';
import { fileOf, isRequestFile, isVisible, toRange } from './documents.ts';

export interface Diagnostics extends vscode.Disposable {
  /** Problems found while a request was prepared; they stay until the file is edited. */
  setPrepared(
    document: vscode.TextDocument,
    request: HttpRequest,
    problems: readonly Problem[],
  ): Promise<void>;
}

type ProblemTexts = typeof problemTexts;

/** A fifth of the extension's size is these sentences: they are read when there is something to say. */
async function loadTexts(): Promise<ProblemTexts> {
  return (await import('../explain/text/problem.ts')).problemTexts;
}

/** After the last keystroke (ms). */
const delay = 200;

/** VS Code keeps a thousand of a file, one of which says how many there are besides. */
const mostDiagnostics = 999;

/** A problem and what was made of it; it is used again as long as the problem stays. */
interface Shown {
  readonly problem: Problem;
  readonly diagnostic: vscode.Diagnostic;
  /** The lines below the one that is marked, faded. */
  readonly below?: vscode.Diagnostic;
}

type ShowAll = (problems: readonly Problem[]) => readonly Shown[];

/** Problems of the request files on the screen, as they are typed; and those found by sending. */
export function createDiagnostics(): Diagnostics {
  const written = vscode.languages.createDiagnosticCollection('roundtrip');
  const prepared = vscode.languages.createDiagnosticCollection('roundtrip.send');
  const timers = new Map<string, NodeJS.Timeout>();
  /** The line that was edited last, by document, until the cursor leaves it or a request is sent. */
  const typing = new Map<string, number>();
  const shown = new WeakMap<vscode.TextDocument, { readonly marks: ShowAll; readonly faded: ShowAll }>();

  const update = async (document: vscode.TextDocument): Promise<void> => {
    timers.delete(document.uri.toString());
    const texts = await loadTexts();
    if (document.isClosed || !isVisible(document)) return written.delete(document.uri);
    const known = shown.get(document) ?? {
      marks: mapped((problem: Problem) => toMark(problem, texts)),
      faded: mapped((problem: Problem) => ({ problem, diagnostic: toFaded(problem, problem.range, texts) })),
    };
    shown.set(document, known);
    const settled = settledProblems(
      fileOf(document).problems, cursorLine(document, typing.get(document.uri.toString())),
    );
    const { marks, followers } = withoutFollowers(settled);
    const entries = known.marks(mostSevere(marks, mostDiagnostics));
    for (const one of entries) follow(one, texts);
    const hidden = marks.length - entries.length;
    const last = entries.at(-1)?.diagnostic;
    const rest = hidden > 0 && last ? [moreProblems(hidden, last.range)] : [];
    const others = known.faded(followers);
    for (const { problem, diagnostic } of others) diagnostic.range = toRange(problem.range);
    const faded = [...entries.flatMap(({ below }) => below ?? []), ...others.map(({ diagnostic }) => diagnostic)];
    const room = Math.max(0, mostDiagnostics - entries.length);
    written.set(document.uri, [...entries.map(({ diagnostic }) => diagnostic), ...rest, ...faded.slice(0, room)]);
  };
  const updateSoon = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void update(document), delay),
    );
  };
  const updateVisible = (): void => {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (isRequestFile(document) && !written.has(document.uri)) updateSoon(document);
    }
  };

  const subscriptions = [
    vscode.window.onDidChangeVisibleTextEditors(updateVisible),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      prepared.delete(document.uri);
      if (!isRequestFile(document)) return;
      const line = lineTyped(contentChanges);
      if (line === undefined) typing.delete(document.uri.toString());
      else typing.set(document.uri.toString(), line);
      if (isVisible(document)) updateSoon(document);
      // It is looked at when it is shown again.
      else written.delete(document.uri);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document } }) => {
      const line = typing.get(document.uri.toString());
      if (line === undefined || cursorLine(document, line) !== undefined) return;
      typing.delete(document.uri.toString());
      updateSoon(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      typing.delete(uri.toString());
      written.delete(uri);
      prepared.delete(uri);
    }),
  ];
  updateVisible();
  return {
    setPrepared: async (document, request, problems) => {
      if (typing.delete(document.uri.toString())) updateSoon(document);
      const texts = await loadTexts();
      const { start, end } = toRange(request.range);
      const others =
        prepared
          .get(document.uri)
          ?.filter(({ range }) => range.start.isBefore(start) || range.start.isAfter(end)) ?? [];
      const codes = new Set(problems.map(({ code }) => code));
      const alike = fileOf(document).problems.filter(({ code }) => codes.has(code));
      const known = new Set(alike.map((problem) => JSON.stringify(problem)));
      const added = problems.filter((problem) => !known.has(JSON.stringify(problem)));
      prepared.set(document.uri, [...others, ...added.map((one) => toDiagnostic(one, texts))]);
    },
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      vscode.Disposable.from(written, prepared, ...subscriptions).dispose();
    },
  };
}

/** The line, when a cursor is in it. */
function cursorLine(document: vscode.TextDocument, line: number | undefined): number | undefined {
  const isIn = line !== undefined && vscode.window.visibleTextEditors.some((editor) =>
    editor.document === document && editor.selection.active.line === line);
  return isIn ? line : undefined;
}

/** More problems than these are read in the list of problems. */
const mostOthers = 2;

/** Says why a request cannot be sent and where, with ways out, and goes there when asked. */
export async function reportCannotSend(
  document: vscode.TextDocument,
  problem: Problem,
  waysOut: readonly { readonly title: string; run(): unknown }[] = [],
  others: readonly Problem[] = [],
): Promise<void> {
  const show = vscode.l10n.t('Go to Line');
  const texts = await loadTexts();
  const message = [
    vscode.l10n.t('The request cannot be sent (line {0}): {1}', problem.range.start.line + 1, textOf(problem, texts)),
    ...others.slice(0, mostOthers).map((one) =>
      vscode.l10n.t('Besides, line {0}: {1}', one.range.start.line + 1, textOf(one, texts))),
  ];
  const chosen = await vscode.window.showErrorMessage(
    message.join(' '),
    ...waysOut.map(({ title }) => title),
    show,
  );
  await waysOut.find(({ title }) => title === chosen)?.run();
  if (chosen === show) {
    await vscode.window.showTextDocument(document, {
      selection: toRange(problem.range),
      viewColumn: viewColumnOf(document),
    });
  }
}

/** What is wrong, in the language of the editor. */
export async function problemText(problem: Pick<Problem, 'code' | 'places'>): Promise<string> {
  return textOf(problem, await loadTexts());
}

/** A problem moves with the text, and may name the line of another. */
function follow({ problem, diagnostic, below }: Shown, texts: ProblemTexts): void {
  const { range, places } = problem;
  if (diagnostic.range.start.line !== range.start.line) {
    diagnostic.range = markedRange(problem);
    const rest = linesBelow(problem);
    if (below && rest) below.range = toRange(rest);
  }
  if (places.line !== undefined) diagnostic.message = textOf(problem, texts);
}

function moreProblems(count: number, range: vscode.Range): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    range, vscode.l10n.t('{0} more problems of this file are not shown. Fix some of these to see them.', count),
    vscode.DiagnosticSeverity.Information,
  );
  diagnostic.source = 'Roundtrip';
  return diagnostic;
}

function viewColumnOf(document: vscode.TextDocument): vscode.ViewColumn | undefined {
  return vscode.window.visibleTextEditors.find((editor) => editor.document === document)
    ?.viewColumn;
}

function textOf({ code, places }: Pick<Problem, 'code' | 'places'>, texts: ProblemTexts): string {
  return say(texts, languageFor(vscode.env.language), code, places);
}

export const severities: Readonly<Record<Severity, keyof typeof vscode.DiagnosticSeverity>> = {
  error: 'Error',
  warning: 'Warning',
  information: 'Information',
};

/** Of a script only the first line, up to where the next one begins. */
function markedRange(problem: Problem): vscode.Range {
  const below = linesBelow(problem);
  return toRange(below ? { start: problem.range.start, end: below.start } : problem.range);
}

function toMark(problem: Problem, texts: ProblemTexts): Shown {
  const below = linesBelow(problem);
  const mark = { problem, diagnostic: toDiagnostic(problem, texts) };
  return below ? { ...mark, below: toFaded(problem, below, texts) } : mark;
}

/** Text without effect: no squiggle, and no entry in the list of problems. */
function toFaded({ code, places }: Problem, range: Range, texts: ProblemTexts): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(range), textOf({ code, places }, texts), vscode.DiagnosticSeverity.Hint,
  );
  diagnostic.source = 'Roundtrip';
  diagnostic.code = code;
  diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}

function toDiagnostic(problem: Problem, texts: ProblemTexts): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    markedRange(problem),
    textOf(problem, texts),
    vscode.DiagnosticSeverity[severities[problem.severity]],
  );
  diagnostic.source = 'Roundtrip';
  diagnostic.code = problem.code;
  return diagnostic;
}
