import * as vscode from 'vscode';
import { labServerIds } from '../../explain/labServers.ts';
import type { LabPorts } from '../../protocol.ts';
import { commands, limitSetting, portSetting, storeSetting } from '../contributions.ts';
import { setting } from '../settings.ts';

/** `roundtrip.lab.ports`, as far as it names servers and ports that there are. */
export function labPorts(): LabPorts {
  const wanted: Readonly<Record<string, unknown>> | null = setting('lab.ports');
  return Object.fromEntries(labServerIds.flatMap((id) => {
    const port = wanted?.[id];
    return typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65_535 ? [[id, port]] : [];
  }));
}

/** Ports, limits and a session store that are changed while the lab runs hold from its next start on. */
export function offerRestart(lab: { readonly running: boolean }): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(async (event) => {
    const isStore = event.affectsConfiguration(storeSetting);
    const isLimit = event.affectsConfiguration(limitSetting);
    if (!lab.running || !(isStore || isLimit || event.affectsConfiguration(portSetting))) return;
    const restart = vscode.l10n.t('Restart Lab');
    const text = isStore ? vscode.l10n.t('The lab uses its new session store once it has been restarted.')
      : isLimit ? vscode.l10n.t('The lab uses its new limits once it has been restarted.')
      : vscode.l10n.t('The lab uses its new ports once it has been restarted.');
    if (await vscode.window.showInformationMessage(text, restart) === restart) {
      await vscode.commands.executeCommand(commands.restartLab);
    }
  });
}
