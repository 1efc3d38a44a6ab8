import type { TextChange } from '../textChange.ts';
import type { TextLines } from '../position.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, HttpRequest, Range } from '../syntax.ts';
import { insertion } from './edits.ts';

/** What a fix does; its title is in `explain/text/quickFix`. */
type FixId =
  | 'insert-separator' | 'add-scheme' | 'insert-blank-line' | 'remove-blank-line' | 'comment-out'
  | 'uncomment' | 'remove-quotes' | 'encode-spaces' | 'set-version' | 'remove-version'
  | 'move-query' | 'add-colon' | 'remove-space' | 'hyphenate' | 'keep-comments' | 'move-comment'
  | 'add-equals' | 'unindent' | 'remove-line' | 'set-timeout' | 'close-comment' | 'close-script' | 'close-block'
  | 'close-quote'
  | 'set-value' | 'close-variable' | 'remove-header' | 'change-name' | 'create-variable'
  | 'create-prompt' | 'create-in-environment' | 'remove-name' | 'rename-request';

/** A change that would put a problem right. */
export interface Fix {
  readonly id: FixId;
  readonly places: Readonly<Record<string, string>>;
  readonly edits: readonly TextChange[];
  /** Nothing that is sent changes but what the problem says: it may be made without looking at each. */
  readonly safe?: boolean;
  /** The one to take when asked to fix without choosing. */
  readonly preferred?: boolean;
  /** A name to be put into the file of the environment, which is not this one. */
  readonly environment?: string;
}

/** A problem as far as fixes need it: an editor keeps no more of it. */
export interface FixedProblem {
  readonly code: string;
  readonly range: Range;
}

/** What a fix is made from. */
export interface FixContext {
  readonly file: HttpFile;
  readonly lines: TextLines;
  readonly range: Range;
  readonly line: number;
  /** What stands at the range. */
  readonly text: string;
  readonly request: HttpRequest | undefined;
}

export type Fixer = (context: FixContext) => Fix[];

/** A fix of these edits; what is not told has no places and is neither safe nor preferred. */
export function fix(
  id: FixId, edits: readonly TextChange[], more: Partial<Omit<Fix, 'id' | 'edits'>> = {},
): Fix {
  return { id, edits, places: {}, ...more };
}

/** A line of metadata above a request line; below it when another request ends there, whose it would be. */
export function metadataInsertion(
  { index, range, requestLine }: HttpRequest, lines: TextLines, text: string,
): TextChange {
  const { line } = requestLine.start;
  const isStacked = index > 0 && range.start.line === line;
  return isStacked ? insertion(line, lines.lineAt(line).length, `\n${text}`) : insertion(line, 0, `${text}\n`);
}

/** A whole line with its line end; of the last line, the line end before it. */
export function lineRemoval(lines: TextLines, line: number): TextChange {
  const isLast = line + 1 >= lines.lineCount;
  const start = isLast && line > 0
    ? { line: line - 1, character: lines.lineAt(line - 1).length } : { line, character: 0 };
  const end = isLast ? { line, character: lines.lineAt(line).length } : { line: line + 1, character: 0 };
  return { range: rangeBetween(start, end), text: '' };
}
