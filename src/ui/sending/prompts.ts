import * as vscode from 'vscode';
import { answerKey, askingOnce } from '../../run/prompts.ts';
import type { Prompt } from '../../run/prompts.ts';
import { commands } from '../contributions.ts';

/** Questions to the user that a request file asks. */
export interface Prompts {
  /** Of a file: asks each prompt once a session, but for those that are never remembered. */
  ask(uri: string): (prompt: Prompt) => Promise<string | undefined>;
  /** `# @note`: whether to send; the text may be empty. */
  confirm(note: string): Promise<boolean>;
  /** Asks everything again from now on. */
  forget(): void;
}

const stored = 'answers';

/** Answers that are no secret are kept in `state` and offered in later sessions, when the workspace is trusted. */
export function createPrompts(state: vscode.Memento): Prompts {
  const keep = (key: string, answer: string): void => {
    const all = state.get<Record<string, string>>(stored, {});
    const others = Object.entries(all).filter(([known]) => known !== key).slice(-99);
    void state.update(stored, Object.fromEntries([...others, [key, answer]]));
  };
  const askNow = async (uri: string, prompt: Prompt): Promise<string | undefined> => {
    const key = answerKey(uri, prompt);
    const isKept = vscode.workspace.isTrusted && !prompt.secret && prompt.remembered;
    const before = isKept ? state.get<Record<string, string>>(stored, {})[key] : undefined;
    const answer = prompt.choices ? await pick(prompt, before) : await input(prompt, before);
    if (answer !== undefined && isKept) keep(key, answer);
    return answer;
  };
  const start = () => askingOnce(askNow);
  let asking = start();
  return {
    ask: (uri) => (prompt) => asking(uri)(prompt),
    confirm: async (note) => {
      const send = vscode.l10n.t('Send');
      const question = note === '' ? vscode.l10n.t('Send this request?') : note;
      return await vscode.window.showWarningMessage(question, { modal: true }, send) === send;
    },
    forget: () => {
      asking = start();
      void state.update(stored, undefined);
    },
  };
}

/** The command that makes every question be asked again. */
export function registerPromptCommands(prompts: Prompts): vscode.Disposable {
  return vscode.commands.registerCommand(commands.forgetAnswers, () => {
    prompts.forget();
    vscode.window.setStatusBarMessage(vscode.l10n.t('Answers forgotten'), 5_000);
  });
}

type Answer = Promise<string | undefined>;

async function input({ name, description, secret, value }: Prompt, before: string | undefined): Answer {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Value for {0}', name), password: secret, ignoreFocusOut: true,
    ...(description === undefined ? {} : { prompt: description }), value: before ?? value ?? '',
  });
}

/** The choice of last time comes first. */
async function pick({ name, description, choices = [] }: Prompt, before: string | undefined): Answer {
  const first = before !== undefined && choices.includes(before) ? [before] : [];
  return vscode.window.showQuickPick([...new Set([...first, ...choices])], {
    title: vscode.l10n.t('Value for {0}', name), placeHolder: description ?? '', ignoreFocusOut: true,
  });
}
