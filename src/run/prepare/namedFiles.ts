import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { plainIncludeIn } from '../../httpFile/parser/include.ts';
import type { Include } from '../../httpFile/parser/include.ts';
import { rangeInBody } from '../../httpFile/position.ts';
import type { BodySegment, TextSegment } from '../../httpFile/syntax.ts';

/** So many lines of a body are looked up as files; no more are meant as such. */
const mostLookups = 100;

/**
 * C19: `< name`, which does not look like a path, is a file when there is one of that name in `directory`; else it
 * stays text. Gives the body with the texts that hold such lines taken apart.
 */
export async function withNamedFiles(
  segments: readonly BodySegment[], directory: string,
): Promise<readonly BodySegment[]> {
  const known = new Map<string, boolean>();
  const isThere = async ({ path }: Include): Promise<boolean> => {
    const answer = known.get(path) ?? (known.size < mostLookups && await isFile(resolve(directory, path)));
    known.set(path, answer);
    return answer;
  };
  const result: BodySegment[] = [];
  for (const segment of segments) {
    if (segment.kind === 'text' && !segment.exact && mayHold(segment.text)) {
      result.push(...await takenApart(segment, isThere));
    } else {
      result.push(segment);
    }
  }
  return result;
}

function mayHold(text: string): boolean {
  return text.startsWith('<') || text.includes('\n<');
}

async function takenApart(
  segment: TextSegment, isThere: (include: Include) => Promise<boolean>,
): Promise<BodySegment[]> {
  const { text } = segment;
  const result: BodySegment[] = [];
  let from = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const include = text[start] === '<' ? plainIncludeIn(text.slice(start, Math.min(end, start + 300))) : undefined;
    if (include && await isThere(include)) {
      if (start > from) result.push(part(segment, from, start));
      result.push(fileSegment(segment, include, start, end));
      from = end;
    }
    start = end + 1;
  }
  if (from === 0) return [segment];
  return from < text.length ? [...result, part(segment, from, text.length)] : result;
}

function fileSegment(
  segment: TextSegment, { path, substitute, encoding }: Include, start: number, end: number,
): BodySegment {
  const range = rangeInBody(segment, start, end - start);
  return { kind: 'file', path, substitute, range, ...(encoding === undefined ? {} : { encoding }) };
}

/** A piece of a text; the line end before or after a file belongs to it. */
function part(segment: TextSegment, from: number, to: number): TextSegment {
  return {
    kind: 'text', text: segment.text.slice(from, to), range: segment.range,
    rangeOf: (offset, length) => rangeInBody(segment, from + offset, length),
  };
}

async function isFile(path: string): Promise<boolean> {
  return !path.includes('\0') && stat(path).then((found) => found.isFile(), () => false);
}
