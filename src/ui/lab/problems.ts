import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { LabActionProblem, LabServerState } from '../../protocol.ts';
import { LabStartFailure } from '../../run/labClient.ts';
import { commands, portSetting } from '../contributions.ts';
import { labView } from './loadLabView.ts';

/** Why the lab was not started, and what to do. */
export async function reportStartFailure(error: unknown): Promise<void> {
  const language = languageFor(vscode.env.language);
  if (error instanceof LabStartFailure) {
    const remedy = { setting: portSetting, again: 'lab' } as const;
    return offer('error', labView().explainLabProblem(error.server, error.problem, remedy, language));
  }
  const reason = error instanceof Error ? error.message : String(error);
  return offer('error', vscode.l10n.t('The lab could not be started: {0}', reason));
}

/** Which of the servers could not be started, why, and what to do; nothing where all could. */
export async function reportFailures(servers: readonly LabServerState[]): Promise<void> {
  const language = languageFor(vscode.env.language);
  const texts = servers.flatMap(({ id, problem }) =>
    problem ? [labView().explainLabProblem(id, problem, { setting: portSetting, again: 'server' }, language)] : []);
  if (texts.length > 0) await offer('warning', texts.join(' '));
}

export function reportAction(problem: LabActionProblem): void {
  void vscode.window.showWarningMessage(labView().explainLabAction(problem, languageFor(vscode.env.language)));
}

async function offer(severity: 'error' | 'warning', text: string): Promise<void> {
  const openSettings = vscode.l10n.t('Open Settings');
  const showLog = vscode.l10n.t('Show Log');
  const show = severity === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const chosen = await show(text, openSettings, showLog);
  if (chosen === openSettings) await vscode.commands.executeCommand('workbench.action.openSettings', portSetting);
  if (chosen === showLog) await vscode.commands.executeCommand(commands.showLog);
}
