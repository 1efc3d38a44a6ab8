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
  // A POSIX shell's command in backticks ends in one too, but not behind a space.
  if (/[\s'"]`$/.test(line)) return 'powershell';
  return isCmdLine(line) ? 'cmd' : 'bash';
}

/** `%NAME%` on a line that has nothing of another shell. */
function isCmdLine(line: string): boolean {
  return line.length < 8000 && !/['$\\`]/.test(line) && /%[A-Z][A-Z0-9_]{2,40}%(?![0-9A-Fa-f]{2})/.test(line);
}

/** Takes a command apart, from its first character up to `limit` at the most. Linear in the length. */
export function splitWords(source: string, from: number, limit: number, shell: Shell): Command {
  return shell === 'cmd' ? splitCmd(source, from, limit) : splitShell(source, from, limit, shell);
}
