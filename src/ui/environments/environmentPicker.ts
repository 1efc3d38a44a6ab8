import * as vscode from 'vscode';
import type { Environment } from '../../run/environments/environment.ts';
import type { Environments } from '../../run/environments/load.ts';
import { commands } from '../contributions.ts';

export interface PickOptions {
  /** Absent in a workspace that is not trusted, where environment files are not read. */
  readonly environments: Environments | undefined;
  readonly current: string | undefined;
}

interface Item extends vscode.QuickPickItem {
  /** What is done when it is chosen; the choice of an environment is given back instead. */
  readonly run?: () => unknown;
  readonly choice?: { readonly name: string | undefined };
}

/** The environments of a file, and where each comes from. Undefined when nothing was chosen. */
export async function pickEnvironment(
  { environments, current }: PickOptions,
): Promise<{ readonly name: string | undefined } | undefined> {
  const items = environments ? choices(environments, current) : [restricted()];
  const picked = await vscode.window.showQuickPick([...items, ...secretItems()], {
    title: vscode.l10n.t('Select Environment'),
    placeHolder: environments && environments.names.length === 0
      ? vscode.l10n.t('No environments here yet: they are read from http-client.env.json.')
      : vscode.l10n.t('What variables stand for in the request files of this workspace'),
    matchOnDescription: true,
  });
  await picked?.run?.();
  return picked?.choice;
}

function choices(environments: Environments, current: string | undefined): Item[] {
  const icon = (name: string | undefined): string => name === current ? '$(check)' : '$(blank)';
  return [
    ...environments.names.map((name) => ({
      label: `${icon(name)} ${name}`,
      description: sourcesOf(environments.select(name)).join(', '),
      choice: { name },
    })),
    {
      label: `${icon(undefined)} ${vscode.l10n.t('No environment')}`,
      description: vscode.l10n.t('only what all environments share'),
      choice: { name: undefined },
    },
  ];
}

/** The files and settings that define names of just this environment, in the order of precedence. */
function sourcesOf({ name, entries }: Environment): string[] {
  const own = [...entries.values()].flat().filter(({ environment }) => environment === name);
  return [...new Set(own.map(({ source }) => vscode.workspace.asRelativePath(source, false)))];
}

function restricted(): Item {
  return {
    label: `$(shield) ${vscode.l10n.t('Restricted Mode: environment files are not read')}`,
    detail: vscode.l10n.t('Trust this workspace to choose an environment.'),
    run: () => vscode.commands.executeCommand('workbench.trust.manage'),
  };
}

function secretItems(): Item[] {
  if (!vscode.workspace.isTrusted) return [];
  const run = (command: string) => () => vscode.commands.executeCommand(command);
  return [
    { label: vscode.l10n.t('Secrets'), kind: vscode.QuickPickItemKind.Separator },
    { label: `$(key) ${vscode.l10n.t('Set Secret…')}`, run: run(commands.setSecret) },
    { label: `$(trash) ${vscode.l10n.t('Delete Secret…')}`, run: run(commands.deleteSecret) },
  ];
}
