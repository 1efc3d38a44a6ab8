import { problem } from '../httpFile/problem.ts';
import type { PlacedFault } from '../httpFile/scope.ts';
import type { Range } from '../httpFile/syntax.ts';
import { referencesIn } from '../httpFile/variables.ts';
import type { FieldLine } from '../trace/request.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/** Whether a text of a multipart body ends among the header lines of a part, for the text after it. */
export interface PartState {
  inHeaders: boolean;
}

/**
 * A text of a multipart body (RFC 2046 §5.1) with variables put in, line by line: no value may begin or end a part,
 * and none may break a line of a part's headers. `place` gives the range of a part of the text.
 */
export function resolveMultipart(
  preparation: Preparation, text: string, headers: readonly FieldLine[], state: PartState,
  place: (fault: Pick<PlacedFault, 'offset' | 'length'>) => Range,
): string {
  const delimiter = delimiterOf(headers);
  let offset = 0;
  return text.split('\n').map((line) => {
    const start = offset;
    offset += line.length + 1;
    const at = (part: Pick<PlacedFault, 'offset' | 'length'>) =>
      place({ offset: start + part.offset, length: part.length });
    const value = line.includes('{{') || line.includes('\\{\\{') ? resolved(preparation, line, (fault) => at(fault)) : line;
    checkLine(preparation, { line, value, delimiter, inHeaders: state.inHeaders, at });
    if (line.startsWith('--') && value.startsWith(delimiter)) state.inHeaders = true;
    else if (line.trim() === '') state.inHeaders = false;
    return value;
  }).join('\n');
}

/** RFC 2046 §5.1.1: two hyphens and the boundary; without one, any two hyphens could be it. */
function delimiterOf(headers: readonly FieldLine[]): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const match = /;\s{0,9}boundary\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type);
  return `--${match?.[1] ?? match?.[2] ?? ''}`;
}

interface Line {
  /** As written, and with variables put in. */
  readonly line: string;
  readonly value: string;
  readonly delimiter: string;
  readonly inHeaders: boolean;
  at(part: { offset: number; length: number }): Range;
}

function checkLine({ problems }: Preparation, { line, value, delimiter, inHeaders, at }: Line): void {
  if (value === line) return;
  const lines = value.split(/\r\n|\n|\r/);
  const [reference] = referencesIn(line);
  if (!reference) return;
  const { name } = reference;
  const isWritten = line.startsWith('--');
  if (lines.some((one, index) => one.startsWith(delimiter) && !(index === 0 && isWritten))) {
    problems.push(problem('multipart-boundary-injected', at(reference), { name }));
  } else if ((inHeaders || isWritten) && lines.length > 1) {
    problems.push(problem('multipart-line-break', at(reference), { name }));
  }
}
