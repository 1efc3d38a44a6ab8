import * as vscode from 'vscode';
import type { Environment } from '../../run/environments/environment.ts';
import { commands } from '../contributions.ts';
import { holdsRequests } from '../documents.ts';
import { createEnvironmentProblems } from './environmentProblems.ts';

export interface EnvironmentStatusOptions {
  activeEnvironment(document: vscode.TextDocument): Promise<Environment | undefined>;
  readonly onDidChange: vscode.Event<void>;
}

/**
 * The chosen environment at the right of the status bar, while a request file is in sight; and what
 * is wrong with the files it is read from.
 */
export function createEnvironmentStatus(options: EnvironmentStatusOptions): vscode.Disposable {
  const problems = createEnvironmentProblems();
  let item: vscode.StatusBarItem | undefined;
  let latest = 0;

  const update = async (): Promise<void> => {
    const turn = ++latest;
    const document = shownRequestFile();
    if (!document) return item?.hide();
    const environment = await options.activeEnvironment(document).catch(() => undefined);
    // Meanwhile another file came into sight.
    if (turn !== latest) return;
    item ??= createItem();
    item.text = textOf(environment);
    item.tooltip = tooltipOf(environment);
    item.show();
    await problems.show(environment?.problems ?? []);
  };

  const subscriptions = [
    problems,
    options.onDidChange(() => void update()),
    vscode.window.onDidChangeActiveTextEditor(() => void update()),
    vscode.workspace.onDidOpenTextDocument(() => void update()),
  ];
  // Not while the extension is being activated.
  const first = setTimeout(() => void update(), 0);
  return { dispose: () => {
    clearTimeout(first);
    vscode.Disposable.from(...subscriptions, ...(item ? [item] : [])).dispose();
  } };
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(
    'environment', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Roundtrip: environment');
  item.command = commands.selectEnvironment;
  return item;
}

function textOf(environment: Environment | undefined): string {
  const text = environment?.name === undefined
    ? vscode.l10n.t('No environment')
    : vscode.l10n.t('Env: {0}', environment.name);
  return environment && environment.problems.length > 0 ? `$(warning) ${text}` : text;
}

function tooltipOf(environment: Environment | undefined): string {
  if (!environment) {
    return vscode.l10n.t('Restricted Mode: environment files are not read');
  }
  const choose = environment.name === undefined
    ? vscode.l10n.t('No environment is chosen for {{variables}}. Click to choose one.')
    : vscode.l10n.t('{{variables}} come from the environment {0}. Click to choose another.', environment.name);
  const { length } = environment.problems;
  return length === 0 ? choose
    : `${choose}\n${vscode.l10n.t('Something is wrong in the environment files: see Problems.')}`;
}

/** The request file in the active editor, else one that is in sight. */
export function shownRequestFile(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor;
  if (active) return holdsRequests(active.document) ? active.document : undefined;
  return vscode.window.visibleTextEditors.find(({ document }) => holdsRequests(document))?.document;
}
