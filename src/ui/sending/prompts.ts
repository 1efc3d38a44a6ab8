import * as vscode from 'vscode';
import { answerKey, askingOnce, passphraseOf } from '../../run/prompts.ts';
import type { Prompt } from '../../run/prompts.ts';
import { commands } from '../contributions.ts';
import type { StoredSecrets } from '../environments/storedSecrets.ts';

/** Questions to the user that a request file asks. */
export interface Prompts {
  /** Of a file: asks each prompt once a session, but for those that are never remembered. */
  ask(uri: string): (prompt: Prompt) => Promise<string | undefined>;
  /** `# @note`: whether to send; the text may be empty. */
  confirm(note: string): Promise<boolean>;
  /** Asks everything again from now on. */
  forget(): void;
}

const storedAnswers = 'answers';

/**
 * Answers that are no secret are kept in `state` and offered in later sessions, when the workspace is trusted.
 * Passphrases of certificates are kept as secrets are, and not asked again.
 */
export function createPrompts(state: vscode.Memento, secrets: StoredSecrets): Prompts {
  const keep = (key: string, answer: string): void => {
    const all = state.get<Record<string, string>>(storedAnswers, {});
    const others = Object.entries(all).filter(([known]) => known !== key).slice(-99);
    void state.update(storedAnswers, Object.fromEntries([...others, [key, answer]]));
  };
  const askNow = async (uri: string, prompt: Prompt): Promise<string | undefined> => {
    const isPassphrase = vscode.workspace.isTrusted && prompt.name.startsWith(passphraseOf);
    const stored = isPassphrase ? (await secrets.all()).get(prompt.name) : undefined;
    if (stored !== undefined) return stored;
    const key = answerKey(uri, prompt);
    const isKept = vscode.workspace.isTrusted && !prompt.secret && prompt.remembered;
    const before = isKept ? state.get<Record<string, string>>(storedAnswers, {})[key] : undefined;
    const answer = prompt.choices ? await pick(prompt, before) : await input(prompt, before);
    if (answer !== undefined && isKept) keep(key, answer);
    if (answer !== undefined && isPassphrase) await secrets.set(prompt.name, answer);
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
      void state.update(storedAnswers, undefined);
      void forgetPassphrases(secrets);
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

async function forgetPassphrases(secrets: StoredSecrets): Promise<void> {
  for (const name of (await secrets.all()).keys()) if (name.startsWith(passphraseOf)) await secrets.delete(name);
}

type Answer = Promise<string | undefined>;

async function input({ name, description, secret, value }: Prompt, before: string | undefined): Answer {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Value for {0}', name), password: secret, ignoreFocusOut: true,
    ...promptOf(name, description), value: before ?? value ?? '',
  });
}

function promptOf(name: string, description: string | undefined): { readonly prompt?: string } {
  if (!name.startsWith(passphraseOf)) return description === undefined ? {} : { prompt: description };
  return { prompt: vscode.l10n.t('It is stored encrypted for this workspace, until *Forget Answers to Questions*.') };
}

/** The choice of last time comes first. */
async function pick({ name, description, choices = [] }: Prompt, before: string | undefined): Answer {
  const first = before !== undefined && choices.includes(before) ? [before] : [];
  return vscode.window.showQuickPick([...new Set([...first, ...choices])], {
    title: vscode.l10n.t('Value for {0}', name), placeHolder: description ?? '', ignoreFocusOut: true,
  });
}
