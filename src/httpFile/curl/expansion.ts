import type { Shell } from './word.ts';

/** What a shell would put a value in for: the text it becomes here, and the offset after it. */
interface Expansion {
  readonly text: string;
  readonly end: number;
  /** A variable of the process is; a command is not, as no shell runs it. */
  readonly isKnown: boolean;
}

/**
 * `$NAME`, `${NAME}`, PowerShell's `$env:NAME`, and what has no value here: `$(…)`, backticks, `${NAME:-x}` and
 * PowerShell's own `$name`. Undefined when none of them starts at `at`.
 */
export function expansionAt(
  source: string, at: number, limit: number, shell: Exclude<Shell, 'cmd'>,
): Expansion | undefined {
  const first = source[at];
  if (first !== '$' && (first !== '`' || shell !== 'bash')) return undefined;
  if (isInBraces(source, at)) return undefined;
  const text = source.slice(at, Math.min(at + longest, limit));
  const variable = /^\$(?:env:(\w{1,80})|([A-Za-z_]\w{0,80})|\{(env:)?([A-Za-z_]\w{0,80})\})/.exec(text);
  if (variable) {
    const [whole, ofEnvironment, bare, prefix, braced] = variable;
    const isOwn = shell === 'powershell' && ofEnvironment === undefined && prefix === undefined;
    const end = at + whole.length;
    return isOwn
      ? { text: heldBack(whole), end, isKnown: false }
      : { text: processName(ofEnvironment ?? bare ?? braced!), end, isKnown: true };
  }
  const length = first === '`' ? text.indexOf('`', 1) + 1 : lengthOfGroup(text);
  return length > 0 ? { text: heldBack(text.slice(0, length)), end: at + length, isKnown: false } : undefined;
}

/** A variable of the process, as request files write it. */
export function processName(name: string): string {
  return `{{$processEnv ${name}}}`;
}

/** As a name that nothing defines, so that nothing is sent without it. */
function heldBack(text: string): string {
  const isName = !/[{}\n]/.test(text) && text.length <= 100;
  return `{{${isName ? text : '$(…)'}}}`;
}

const longest = 300;

/** The length of `$(…)` or `${…}`, with those inside; 0 when it is neither or is not closed soon. */
function lengthOfGroup(text: string): number {
  const open = text[1];
  if (open !== '(' && open !== '{') return 0;
  const close = open === '(' ? ')' : '}';
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return 0;
}

/** Whether `{{` stands before it on its line and is not closed: then it is a name of request files. */
function isInBraces(source: string, at: number): boolean {
  const before = source.slice(Math.max(0, at - 100), at);
  const open = before.lastIndexOf('{{');
  return open >= 0 && !before.includes('}}', open) && !before.includes('\n', open);
}
