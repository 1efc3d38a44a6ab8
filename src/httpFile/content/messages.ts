/** One thing that a request does on its WebSocket, as written; variables are still in it. */
export type MessageStep =
  /** `line` and `lastLine` count from the first line of the text it was read from. */
  | { readonly kind: 'text'; readonly text: string; readonly line: number; readonly lastLine: number }
  /** `< path`; with `<@` variables in the file are replaced. */
  | { readonly kind: 'file'; readonly path: string; readonly substitute: boolean; readonly line: number }
  /** `=== wait-for-server`. */
  | { readonly kind: 'wait' }
  /** A separator with nothing behind it: all is said. */
  | { readonly kind: 'close' };

/** `===`, alone or with what is to be waited for; a comment may stand behind. */
const separator = /^===[ \t]*(?:(wait-for-server)[ \t]*)?(?:(?:\/\/|#).*)?$/;

/**
 * The messages of a WebSocket request, as JetBrains' HTTP client has them: `===` lines between them, of which
 * `=== wait-for-server` waits for a message of the server; several wait for as many. Comment lines are left out unless
 * `keepComments`. After a last separator without a message the connection is closed; else it stays open (our own).
 */
export function messageSteps(text: string, keepComments = false): MessageStep[] {
  const lines = text.split('\n');
  const steps: MessageStep[] = [];
  let from = 0;
  let endsInSeparator = false;
  const flush = (to: number): void => {
    const message = messageIn(lines, from, to, keepComments);
    if (message) steps.push(message);
    endsInSeparator = message === undefined;
  };
  for (const [index, line] of lines.entries()) {
    const found = separator.exec(line.trim());
    if (!found) continue;
    flush(index);
    if (found[1]) steps.push({ kind: 'wait' });
    from = index + 1;
  }
  flush(lines.length);
  return from > 0 && endsInSeparator ? [...steps, { kind: 'close' }] : steps;
}

function messageIn(
  lines: readonly string[], from: number, to: number, keepComments: boolean,
): MessageStep | undefined {
  const isLeftOut = (line: string): boolean => line.trim() === '' || (!keepComments && isComment(line));
  let first = from;
  while (first < to && isLeftOut(lines[first]!)) first++;
  let last = to - 1;
  while (last > first && isLeftOut(lines[last]!)) last--;
  if (first >= to) return undefined;
  const include = first === last ? /^<(@?)[ \t]+(\S.*)$/.exec(lines[first]!.trim()) : null;
  if (include) return { kind: 'file', path: include[2]!.trim(), substitute: include[1] === '@', line: first };
  const kept = lines.slice(first, last + 1).filter((line) => keepComments || !isComment(line));
  return { kind: 'text', text: kept.join('\n'), line: first, lastLine: last };
}

/** C52: as in bodies of no type. */
function isComment(line: string): boolean {
  return /^\s*(?:#|\/\/)/.test(line);
}
