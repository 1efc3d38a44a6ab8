import { normalizeText } from './lines.ts';
import { parse } from './parse.ts';
import type { TextLines } from './position.ts';
import type { HttpFile, Range } from './syntax.ts';

/** What an editor says of an edit: the text in `range` is replaced by `text`. Line ends may be of any kind. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** The text of an open request file and its syntax tree, which follows each edit. */
export interface HttpDocument extends TextLines {
  /** A new object after each edit; the nodes of blocks that were not touched are shared, and their ranges follow. */
  readonly file: HttpFile;
  /** Applies changes one after another, each in the text that the ones before it left. */
  edit(changes: readonly TextChange[]): void;
}

/** A document with this text; a byte order mark at its start is not part of it. */
export function createDocument(text: string): HttpDocument {
  let lines = normalizeText(text).split('\n');
  let file = parse(text);
  const replace = ({ range: { start, end }, text: added }: TextChange): void => {
    const before = (lines[start.line] ?? '').slice(0, start.character);
    const after = (lines[end.line] ?? '').slice(end.character);
    const middle = `${before}${added.replace(/\r\n?/g, '\n')}${after}`.split('\n');
    lines = [...lines.slice(0, start.line), ...middle, ...lines.slice(end.line + 1)];
  };
  return {
    get file() {
      return file;
    },
    get lineCount() {
      return lines.length;
    },
    lineAt: (line) => lines[line] ?? '',
    edit: (changes) => {
      changes.forEach(replace);
      file = parse(lines.join('\n'));
    },
  };
}
