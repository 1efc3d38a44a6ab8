import * as vscode from 'vscode';
import { explainHeld } from '../../explain/held.ts';
import { languageFor } from '../../explain/text/language.ts';
import type { EngineClient } from '../../run/engineClient.ts';
import type { History } from '../../run/history/history.ts';
import type { ContentLimitMet } from '../../trace/event.ts';
import type { Exchange } from '../../trace/exchange.ts';

/** Asks, once for each, whether a content may go on beyond a limit; the exchange waits. The inspector asks the same. */
export function registerLimitQuestions(history: History, engine: Pick<EngineClient, 'release'>): vscode.Disposable {
  /** The limit that was asked about last, by exchange. */
  const asked = new Map<string, ContentLimitMet['limit']>();
  const ask = async ({ id, spec }: Exchange, held: ContentLimitMet): Promise<void> => {
    const { question, setting } = explainHeld(held, languageFor(vscode.env.language));
    const goOn = vscode.l10n.t('Receive All');
    const stop = vscode.l10n.t('Stop');
    const host = URL.parse(spec.url)?.host ?? spec.url;
    const answer = await vscode.window.showWarningMessage(
      `${spec.method} ${host}: ${question} ${setting.replaceAll('`', '')}`, goOn, stop);
    if (answer !== undefined) engine.release(id, answer === goOn);
  };
  const look = (exchange: Exchange): void => {
    const { id, held } = exchange;
    if (!held) asked.delete(id);
    if (!held || asked.get(id) === held.limit) return;
    asked.set(id, held.limit);
    void ask(exchange, held);
  };
  const stopListening = history.onChange(({ specId }) => {
    if (specId !== undefined) history.exchangesOf(specId).forEach(look);
  });
  return { dispose: stopListening };
}
