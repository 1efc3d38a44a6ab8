import { curlToHttp } from '../curl/toHttp.ts';
import type { TextChange } from '../textChange.ts';
import type { TextLines } from '../position.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile } from '../syntax.ts';
import { blocksIn } from './blocks.ts';

/** A command on the clipboard larger than this is left as it is (characters). */
const longest = 1024 * 1024;

/** Says in a comment which options of a command the request does not say. */
type LeftOut = (options: readonly string[]) => string;

/**
 * The request that a pasted curl command stands for, with the separators it needs on the empty line where it is put.
 * Undefined when the text is no curl command, or the line is not empty.
 */
export function pastedRequest(
  file: HttpFile, lines: TextLines, line: number, command: string, leftOut: LeftOut,
): string | undefined {
  if (lines.lineAt(line).trim() !== '') return undefined;
  const request = requestOf(command, leftOut);
  if (request === undefined) return undefined;
  const needed = separatorsAt(file, lines, line);
  const above = needed.above ? `${isBlankAt(lines, line - 1) ? '' : '\n'}###\n\n` : '';
  const below = needed.below ? `\n\n###${isBlankAt(lines, line + 1) ? '' : '\n'}` : '';
  return above + request + below;
}

/** The same at the end of a file: where it goes, and the text. */
export function appendedRequest(
  file: HttpFile, lines: TextLines, command: string, leftOut: LeftOut,
): TextChange | undefined {
  const request = requestOf(command, leftOut);
  if (request === undefined) return undefined;
  let last = lines.lineCount - 1;
  while (last > 0 && isBlankAt(lines, last)) last--;
  const needed = separatorsAt(file, lines, lines.lineCount);
  const before = isBlankAt(lines, last) ? '' : needed.above ? '\n\n###\n\n' : '\n\n';
  const start = { line: last, character: lines.lineAt(last).length };
  const end = { line: lines.lineCount - 1, character: lines.lineAt(lines.lineCount - 1).length };
  return { range: rangeBetween(start, end), text: `${before}${request}\n` };
}

function requestOf(command: string, leftOut: LeftOut): string | undefined {
  const found = command.length > longest ? undefined : curlToHttp(command);
  if (!found) return undefined;
  const text = found.text.trimEnd();
  return found.unknown.length === 0 ? text : `# ${leftOut(found.unknown).replace(/\s+/g, ' ')}\n${text}`;
}

function isBlankAt(lines: TextLines, line: number): boolean {
  return line < 0 || lines.lineAt(line).trim() === '';
}

/** Whether a request stands above or below in the same block. */
function separatorsAt(
  file: HttpFile, lines: TextLines, line: number,
): { above: boolean; below: boolean } {
  const blocks = blocksIn(file, lines);
  const at = blocks.findLastIndex(({ start }) => start <= line);
  const start = blocks[at]?.start ?? 0;
  const next = blocks[at + 1]?.start ?? Infinity;
  const inBlock = file.requests.map(({ requestLine }) => requestLine.start.line)
    .filter((request) => start <= request && request < next);
  return { above: inBlock.some((one) => one < line), below: inBlock.some((one) => one > line) };
}
