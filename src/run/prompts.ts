import type { HttpRequest } from '../httpFile/syntax.ts';

/** Something that only the user knows. */
export interface Prompt {
  /** The variable's name, or of `{{$input …}}` its description: what `--var name=value` calls it. */
  readonly name: string;
  readonly description?: string;
  /** Typed unseen, and masked wherever its value is shown. */
  readonly secret: boolean;
  /** When given, one of these is to be picked. */
  readonly choices?: readonly string[];
  /** What to begin with. */
  readonly value?: string;
  /** False for `{{$password}}`, which is asked at every send. */
  readonly remembered: boolean;
}

/** What a question for the passphrase of a file begins with; the file's name follows. */
export const passphraseOf = 'Passphrase of ';

/** Words in a name or description that mean: do not show what is typed (C45). */
const secretWords = [
  'password', 'passwd', 'passphrase', 'passcode', 'passwort', 'kennwort', 'secret', 'token', 'apikey',
  'credential', 'otp', 'pin', 'key', 'pwd', '비밀번호', '암호', '토큰', '인증번호', '비밀', 'パスワード', '密码',
];

/** Short words count only on their own: `pinned` and `monkey` are no secrets. */
const wholeWords = new Set(['otp', 'pin', 'key', 'pwd']);

/** Whether a name or a description says that its value is not for everybody's eyes. */
export function isSecretName(text: string): boolean {
  const words = text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[^\p{L}\p{N}]/u);
  const whole = words.join('');
  return secretWords.some((word) => wholeWords.has(word) ? words.includes(word) : whole.includes(word));
}

/** The prompts of a request's metadata: `# @prompt name [description]` and `# @secret name [description]`. */
export function promptsOf(request: HttpRequest): Prompt[] {
  return request.metadata.flatMap(({ key, value }) => {
    if ((key !== 'prompt' && key !== 'secret') || value === '') return [];
    const end = value.search(/\s/);
    const name = end < 0 ? value : value.slice(0, end);
    const description = end < 0 ? '' : value.slice(end).trim();
    const secret = key === 'secret' || isSecretName(name) || isSecretName(description);
    return [{ name, secret, remembered: true, ...(description === '' ? {} : { description }) }];
  });
}

const kinds = ['$input', '$prompt', '$password', '$pick'] as const;

/**
 * The prompt that an expression is: `$input description $value: start`, `$prompt …` the same,
 * `$password description`, `$pick description $value: one,two`. Undefined when it is something else.
 */
export function promptIn(expression: string): Prompt | undefined {
  const end = expression.search(/\s/);
  const word = end < 0 ? expression : expression.slice(0, end);
  const bare = word.endsWith('-askonce') ? word.slice(0, -8) : word;
  const kind = kinds.find((one) => one === bare);
  if (!kind) return undefined;
  const rest = end < 0 ? '' : expression.slice(end).trim();
  const mark = rest.indexOf('$value:');
  const description = unquoted((mark < 0 ? rest : rest.slice(0, mark)).trim());
  const value = mark < 0 ? undefined : rest.slice(mark + 7).trim();
  return {
    name: description === '' ? kind.slice(1) : description,
    ...(description === '' ? {} : { description }),
    secret: kind === '$password' || (kind !== '$pick' && isSecretName(description)),
    remembered: kind !== '$password',
    ...(value === undefined ? {} : kind === '$pick' ? { choices: choicesIn(value) } : { value: unquoted(value) }),
  };
}

function choicesIn(list: string): string[] {
  return list.split(',').map((choice) => unquoted(choice.trim())).filter((choice) => choice !== '');
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** Asks, and remembers the answers but for those of `{{$password}}`; for one run over files. */
export function askingOnce(
  ask: (uri: string, prompt: Prompt) => Promise<string | undefined>,
): (uri: string) => (prompt: Prompt) => Promise<string | undefined> {
  const answers = new Map<string, string>();
  return (uri) => async (prompt) => {
    const key = answerKey(uri, prompt);
    const known = prompt.remembered ? answers.get(key) : undefined;
    if (known !== undefined && (prompt.choices?.includes(known) ?? true)) return known;
    const answer = await ask(uri, prompt);
    if (answer !== undefined && prompt.remembered) answers.set(key, answer);
    return answer;
  };
}

/** What an answer is remembered by. */
export function answerKey(uri: string, { name, choices }: Prompt): string {
  return [uri, name, ...choices ? ['pick'] : []].join('\n');
}
