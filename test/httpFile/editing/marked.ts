import { createDocument } from '../../../src/httpFile/document.ts';
import { applyEdits, ordered } from '../../../src/httpFile/editing/edits.ts';
import type { KnownFile } from '../../../src/httpFile/editing/references.ts';
import type { TextChange } from '../../../src/httpFile/textChange.ts';
import type { Position, Range } from '../../../src/httpFile/syntax.ts';

/** Where the cursor is in a test's text. */
export const mark = '‸';

/** A text without its cursor, and where that was; the start of the text when it has none. */
export function marked(text: string): { text: string; position: Position } {
  const at = Math.max(0, text.indexOf(mark));
  const before = text.slice(0, at).split('\n');
  return {
    text: text.replace(mark, ''),
    position: { line: before.length - 1, character: before.at(-1)!.length },
  };
}

/** A selection between two cursors. */
export function selected(text: string): { text: string; range: Range } {
  const { text: rest, position: start } = marked(text);
  const { text: whole, position: end } = marked(rest);
  return { text: whole, range: { start, end } };
}

/** Files by their names; the first imports the others unless told otherwise. */
export function known(
  texts: Readonly<Record<string, string>>, imports: Readonly<Record<string, readonly string[]>> = {},
): KnownFile[] {
  const parsed = Object.entries(texts).map(([uri, text]) => {
    const document = createDocument(text);
    return { uri, file: document.file, lines: document };
  });
  return parsed.map((one) => ({
    ...one, imports: parsed.filter(({ uri }) => imports[one.uri]?.includes(uri)),
  }));
}

/** `line:from-to`, with the end's line when it is another. */
export function place({ start, end }: Range): string {
  const last = start.line === end.line ? '' : `${end.line}:`;
  return `${start.line}:${start.character}-${last}${end.character}`;
}

export function edited(text: string, edits: readonly TextChange[]): string {
  return applyEdits(createDocument(text), ordered(edits));
}
