import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { LabServerId } from '../../protocol.ts';
import { commands } from '../contributions.ts';
import type { Lab } from '../lab.ts';
import { labView } from './loadLabView.ts';
import type { Row } from './rows.ts';

/** What can be done with one of the lab's servers or workers: with the row clicked, else with one that is picked. */
export function registerLabServerCommands(lab: Lab): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  const withServer = (can: RegExp, work: (server: LabServerId, row: Row) => unknown) => async (id: unknown) => {
    const row = await chosen(lab, id, (one) => one.server !== undefined && can.test(one.context));
    if (row?.server) await work(row.server, row);
  };
  const withRunning = (what: 'stop' | 'restart') =>
    withServer(/\brunning\b/, (server) => lab.act({ do: what, server }));
  return vscode.Disposable.from(
    registerCommand(commands.startLabServer, withServer(/\b(stopped|failed)\b/, (server) =>
      lab.act({ do: 'start', server }))),
    registerCommand(commands.stopLabServer, withRunning('stop')),
    registerCommand(commands.restartLabServer, withRunning('restart')),
    registerCommand(commands.copyLabAddress, withServer(/\baddress\b/, async (_, { address = '' }) => {
      await vscode.env.clipboard.writeText(address);
      vscode.window.setStatusBarMessage(vscode.l10n.t('{0} copied', address), 3000);
    })),
    registerCommand(commands.openLabSample, withServer(/./, (server) =>
      vscode.commands.executeCommand(commands.openSample, labView().sampleOf(server)))),
    registerCommand(commands.addLabWorker, () => lab.act({ do: 'add-worker' })),
    registerCommand(commands.killLabWorker, async (id: unknown) => {
      const row = await chosen(lab, id, ({ context }) => /^worker (running|starting)/.test(context));
      if (row?.worker !== undefined) await lab.act({ do: 'kill-worker', worker: row.worker });
    }),
    registerCommand(commands.clearLabSessions, () => lab.act({ do: 'clear-sessions' })),
  );
}

/** The row of an id, else the one that is picked among those that fit. */
async function chosen(lab: Lab, id: unknown, fits: (row: Row) => boolean): Promise<Row | undefined> {
  const language = languageFor(vscode.env.language);
  if (!lab.state) await lab.act({ do: 'report' });
  const groups = lab.state ? labView().labTreeRows(lab.state, language) : [];
  const rows = groups.flatMap(({ children }) => children.flatMap((row) => [row, ...row.children]));
  const clicked = rows.find((row) => row.id === id);
  if (clicked) return fits(clicked) ? clicked : undefined;
  const items = rows.filter(fits).map((row) => ({ label: row.label, description: row.description, row }));
  const placeHolder = items.length > 0 ? vscode.l10n.t('Choose a server or worker of the lab')
    : vscode.l10n.t('There is none in this state now.');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.row;
}
