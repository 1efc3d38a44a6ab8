import type { TextLines } from '../position.ts';
import type { HttpFile, Position } from '../syntax.ts';
import { namesIn } from './semanticTokens.ts';
import type { NameView } from './semanticTokens.ts';

/** The value of a name, shown behind its braces. */
interface ValueHint {
  readonly position: Position;
  /** Shortened; undefined for a secret, which is not shown. */
  readonly text: string | undefined;
}

/** So many characters of a value are shown. */
const longest = 40;

/** So many hints are shown at a time; more would hide the text. */
export const mostHints = 500;

/**
 * The values of the names in request lines, headers, bodies and definitions of lines `first` to `last`, both included.
 * What has another value at each send, and what has none, gets no hint.
 */
export function valueHintsIn(
  file: HttpFile, lines: TextLines, first: number, last: number, view: NameView,
): ValueHint[] {
  return namesIn(file, lines, first, last, view).flatMap(({ line, character, length, region, found }): ValueHint[] => {
    if (region === 'separator' || region === 'element') return [];
    const definition = found.kind === 'resolved' || found.kind === 'dynamic' ? found.definition : undefined;
    if (!definition || typeof definition.value !== 'string') return [];
    if (found.kind === 'dynamic' && definition.origin.kind === 'dynamic') return [];
    const position = { line, character: character + length };
    return [{ position, text: definition.secret ? undefined : shortened(definition.value) }];
  }).slice(0, mostHints);
}

/** Unicode bidirectional controls, with which a value could pretend to be another one. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line, cut where it is long (never inside a surrogate pair), without what steers the direction of writing. */
export function shortened(value: string, most = longest): string {
  const flat = value.slice(0, most * 4).replace(directionMarks, '').replace(/\s+/g, ' ').trim();
  const characters = [...flat];
  const isWhole = characters.length <= most && value.length <= most * 4;
  return isWhole ? flat : `${characters.slice(0, most).join('')}…`;
}
