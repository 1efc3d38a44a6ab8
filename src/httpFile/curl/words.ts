import { splitCmd } from './cmdWords.ts';
import { splitShell } from './shellWords.ts';
import type { Command, Shell } from './word.ts';

/**
 * Which shell a command was written for, by what ends its first line or stands before its quotes; a POSIX shell
 * when nothing tells.
 */
export function shellOf(source: string, from: number, limit: number): Shell {
  const newline = source.indexOf('\n', from);
  const line = source.slice(from, newline < 0 ? limit : Math.min(newline, limit)).trimEnd();
  if (line.endsWith('^') || line.includes(' ^"')) return 'cmd';
  return line.endsWith('`') ? 'powershell' : 'bash';
}

/** Takes a command apart, from its first character up to `limit` at the most. Linear in the length. */
export function splitWords(source: string, from: number, limit: number, shell: Shell): Command {
  return shell === 'cmd' ? splitCmd(source, from, limit) : splitShell(source, from, limit, shell);
}
