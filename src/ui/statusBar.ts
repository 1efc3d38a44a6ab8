import * as vscode from 'vscode';
import type { History } from '../run/history/history.ts';
import { commands, contextKeys } from './contributions.ts';

/** A spinner in the status bar while something is sent; a click cancels it. */
export function registerSendStatus(history: History): vscode.Disposable {
  let item: vscode.StatusBarItem | undefined;
  let sending = false;
  const update = (): void => {
    const running = history.sends().filter((send) => send.running);
    if (running.length > 0 !== sending) {
      sending = running.length > 0;
      void vscode.commands.executeCommand('setContext', contextKeys.sending, sending);
    }
    const spec = running.at(-1)?.spec;
    if (!spec) return item?.hide();
    item ??= vscode.window.createStatusBarItem('sending', vscode.StatusBarAlignment.Left, 1);
    item.name = vscode.l10n.t('Roundtrip: request under way');
    item.text = `$(loading~spin) ${spec.method} ${URL.parse(spec.url)?.host ?? ''}`;
    item.tooltip = vscode.l10n.t('Click to cancel');
    item.command = commands.cancel;
    item.show();
  };
  const stopListening = history.onChange(({ outcome }) => {
    if (outcome) update();
  });
  return { dispose: () => {
    stopListening();
    item?.dispose();
  } };
}
