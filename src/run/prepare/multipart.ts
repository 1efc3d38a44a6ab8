import { isToken } from '../../httpFile/parser/header.ts';
import { problem } from '../../httpFile/problem.ts';
import type { PlacedFault } from '../../httpFile/names/origin.ts';
import type { BodySegment, Range } from '../../httpFile/syntax.ts';
import { referencesIn } from '../../httpFile/names/variables.ts';
import type { FieldLine } from '../../trace/request.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/** Whether a text of a multipart body ends among the header lines of a part, for the text after it. */
interface PartState {
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
    const value = line.includes('{{') || line.includes('\\{\\{') ? resolved(preparation, line, (fault) => at(fault))
      : line;
    checkLine(preparation, { line, value, delimiter, inHeaders: state.inHeaders, at });
    if (line.startsWith('--') && value.startsWith(delimiter)) state.inHeaders = true;
    else if (line.trim() === '') state.inHeaders = false;
    return value;
  }).join('\n');
}

/**
 * The headers of a multipart body with its boundary: one that `Content-Type` does not name is that of the body's first
 * delimiter line (RFC 2046 §5.1.1), and it is said that it is added, or that there is none.
 */
export function withBoundary(
  { request, problems, resolve }: Preparation, headers: readonly FieldLine[], segments: readonly BodySegment[],
): readonly FieldLine[] {
  const isType = ({ 0: name }: FieldLine) => name.toLowerCase() === 'content-type';
  const field = headers.find(isType);
  if (!field || !/^multipart\//i.test(field[1]) || boundaryOf(headers) !== undefined) return headers;
  if (segments.length === 0) return headers;
  const range = request.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.range ?? request.requestLine;
  const boundary = writtenBoundary(segments, (line) => resolve(line).text);
  if (boundary === undefined) {
    problems.push(problem('multipart-boundary-missing', range));
    return headers;
  }
  const parameter = `boundary=${isToken(boundary) ? boundary : `"${boundary}"`}`;
  problems.push(problem('multipart-boundary-added', range, { parameter }));
  // `boundary=` and a `;` with nothing after it go.
  const type = field[1].replace(
    /;\s{0,9}boundary\s{0,9}=\s{0,9}(?:"")?\s{0,9}(?=;|$)/i, '',
  ).replace(/\s{0,9};\s{0,9}$/, '');
  return headers.map((line): FieldLine => line === field ? [line[0], `${type}; ${parameter}`] : line);
}

/** What stands after `--` on the first line that starts so and may be a boundary. */
function writtenBoundary(segments: readonly BodySegment[], put: (line: string) => string): string | undefined {
  for (const segment of segments) {
    if (segment.kind !== 'text') continue;
    const line = segment.text.split('\n').find((one) => one.startsWith('--'));
    if (line === undefined) continue;
    return /^--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])$/.exec(put(line.trimEnd()))?.[1];
  }
  return undefined;
}

/** RFC 2046 §5.1.1: two hyphens and the boundary; without one, any two hyphens could be it. */
function delimiterOf(headers: readonly FieldLine[]): string {
  return `--${boundaryOf(headers) ?? ''}`;
}

function boundaryOf(headers: readonly FieldLine[]): string | undefined {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const match = /;\s{0,9}boundary\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type);
  return match?.[1] ?? match?.[2];
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
