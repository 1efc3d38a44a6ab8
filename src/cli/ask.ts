import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { Prompt } from '../run/prompts.ts';

/** Questions to whoever sits at the terminal; on standard error, so that standard output holds exchanges only. */
export interface Terminal {
  /** Undefined when Ctrl+C or Ctrl+D says that nothing is to be sent. */
  ask(prompt: Prompt): Promise<string | undefined>;
  confirm(note: string): Promise<boolean>;
  /** A question with yes and no; no when it is left unanswered. */
  confirmed(question: string): Promise<boolean>;
}

/** The terminal, when there is one to type into. */
export function openTerminal(language: Language): Terminal | undefined {
  const { stdin, stderr } = process;
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  return {
    ask: async (prompt) => {
      const answer = await readLine(questionOf(prompt), prompt.secret);
      if (answer === undefined) return undefined;
      const { choices, value = '' } = prompt;
      if (!choices) return answer === '' ? value : answer;
      const number = answer === '' ? 1 : Number(answer);
      return choices[number - 1] ?? (choices.includes(answer) ? answer : undefined);
    },
    confirm: (note) => isYes(say(cliTexts, language, 'confirm-send', { note: note === '' ? '' : `${note} ` })),
    confirmed: (question) => isYes(`${question} (y/N) `),
  };
}

async function isYes(question: string): Promise<boolean> {
  return /^(?:y|yes|예|네|ㅛ)$/i.test((await readLine(question, false))?.trim() ?? '');
}

function questionOf({ name, description, choices, value }: Prompt): string {
  const list = (choices ?? []).map((choice, at) => `  ${at + 1}. ${choice}\n`).join('');
  const start = choices ? ' [1]' : value === undefined ? '' : ` [${value}]`;
  return `${list}${description ?? name}${start}: `;
}

/** One line; what is typed for a secret is not shown. */
function readLine(question: string, unseen: boolean): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin, output: unseen ? nowhere : process.stderr, terminal: true, historySize: 0,
  });
  // Only now: from here on the terminal itself echoes nothing.
  process.stderr.write(question);
  return new Promise<string | undefined>((resolve) => {
    const end = (answer: string | undefined): void => {
      resolve(answer);
      lines.close();
    };
    lines.once('line', end);
    // Ctrl+C ends the whole run, as it does while nothing is asked.
    lines.once('SIGINT', () => {
      end(undefined);
      process.emit('SIGINT');
    });
    lines.once('close', () => resolve(undefined));
  }).then((answer) => {
    if (unseen || answer === undefined) process.stderr.write('\n');
    return answer;
  });
}
