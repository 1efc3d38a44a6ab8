import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { EnvironmentProblem } from '../../run/environments/environment.ts';
import { problemText, severities } from '../diagnostics.ts';

/** What is wrong with environment files, underlined in them and told by *Problems*. */
export interface EnvironmentProblems extends vscode.Disposable {
  /** These, and no longer those shown before. */
  show(problems: readonly EnvironmentProblem[]): Promise<void>;
}

/** A collection of its own among the problems of the workspace; those without a file are not shown. */
export function createEnvironmentProblems(): EnvironmentProblems {
  const collection = vscode.languages.createDiagnosticCollection('roundtrip.environment');
  return {
    show: async (problems) => {
      const inFiles = problems.filter(({ source }) => isAbsolute(source));
      const entries = await Promise.all(inFiles.map(async (problem) =>
        [vscode.Uri.file(problem.source), [await toDiagnostic(problem)]] as const));
      collection.clear();
      collection.set(entries.map(([uri, diagnostics]) => [uri, diagnostics]));
    },
    dispose: () => collection.dispose(),
  };
}

async function toDiagnostic(problem: EnvironmentProblem): Promise<vscode.Diagnostic> {
  const line = (problem.line ?? 1) - 1;
  const start = (problem.character ?? 1) - 1;
  const end = problem.character === undefined ? Number.MAX_SAFE_INTEGER : start + 1;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, start, line, end), await problemText(problem),
    vscode.DiagnosticSeverity[severities[problem.severity]]);
  diagnostic.source = 'Roundtrip';
  diagnostic.code = problem.code;
  return diagnostic;
}
