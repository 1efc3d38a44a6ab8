import * as vscode from 'vscode';
import { formatProgressShortly, progressOf } from '../explain/progress.ts';
import { languageFor } from '../explain/text/language.ts';
import type { History } from '../run/history/history.ts';
import { commands, contextKeys } from './contributions.ts';

/** While a body is under way, the text changes this often at most, ms. */
const interval = 250;

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
    const progress = progressOfSend(history, running.at(-1)!.specId);
    const words = [spec.method, URL.parse(spec.url)?.host ?? '', progress].filter((word) => word !== '');
    item.text = `$(loading~spin) ${words.join(' ')}`;
    item.tooltip = vscode.l10n.t('Click to cancel');
    item.command = commands.cancel;
    item.show();
  };
  let timer: NodeJS.Timeout | undefined;
  const stopListening = history.onChange(({ outcome }) => {
    if (outcome) update();
    else timer ??= setTimeout(() => {
      timer = undefined;
      update();
    }, interval);
  });
  return { dispose: () => {
    clearTimeout(timer);
    stopListening();
    item?.dispose();
  } };
}

/** How far the body that is under way has got. */
function progressOfSend(history: History, specId: string): string {
  const exchange = history.exchangesOf(specId).at(-1);
  const progress = exchange && progressOf(exchange);
  return progress ? formatProgressShortly(progress, languageFor(vscode.env.language)) : '';
}
