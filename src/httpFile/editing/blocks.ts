import type { TextLines } from '../position.ts';
import type { HttpFile } from '../syntax.ts';

/** A separator and the lines that belong to it; the lines before the first separator are a block too. */
interface Block {
  /** Of the separator, or of the file's first line. */
  readonly start: number;
  /** The last line that is not blank; `start` when there is none. */
  readonly end: number;
  readonly separated: boolean;
}

/** The blocks of a file from its separators, as the tree has them: `####` in a Markdown body is none. */
export function blocksIn(file: HttpFile, lines: TextLines): Block[] {
  const starts = separatorLines(file, lines);
  const blocks: Block[] = [];
  if (starts[0] !== 0) blocks.push(blockFrom(lines, 0, starts[0] ?? lines.lineCount, false));
  starts.forEach((start, index) => {
    blocks.push(blockFrom(lines, start, starts[index + 1] ?? lines.lineCount, true));
  });
  return blocks;
}

function blockFrom(lines: TextLines, start: number, next: number, separated: boolean): Block {
  let end = next - 1;
  while (end > start && lines.lineAt(end).trim() === '') end--;
  return { start, end, separated };
}

/** Lines of separators, in order: those that start a request, and those outside of requests. */
function separatorLines(file: HttpFile, lines: TextLines): number[] {
  const starts: number[] = [];
  let index = 0;
  for (let line = 0; line < lines.lineCount; line++) {
    while (index < file.requests.length && file.requests[index]!.range.end.line < line) index++;
    const range = file.requests[index]?.range;
    const text = lines.lineAt(line);
    if (range?.start.line === line ? /^\s{0,200}###/.test(text) : text.startsWith('###') && !isIn(range, line)) {
      starts.push(line);
    }
  }
  return starts;
}

function isIn(range: HttpFile['requests'][number]['range'] | undefined, line: number): boolean {
  return range !== undefined && range.start.line < line;
}
