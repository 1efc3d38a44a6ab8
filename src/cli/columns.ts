import { dim, paint, widthOf } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Columns below which a text is not broken: the terminal does that as well. */
const fewest = 20;

/** The title of a part, and more faintly what is said beside it. */
export function heading(title: string, note: string, terminal: Terminal): string {
  return `${paint(1, title, terminal)}${note === '' ? '' : `  ${dim(note, terminal)}`}`;
}

/** How a text is set: `shade` colours each line of it, and it is broken at `gap`, between words unless said. */
interface Setting {
  readonly shade?: (line: string) => string;
  readonly gap?: string;
}

/** A text behind its head, broken where the terminal ends; further lines begin below the text. */
export function hang(
  head: string, text: string, { columns }: Terminal, { shade = (line) => line, gap = ' ' }: Setting = {},
): string[] {
  const indent = shownWidth(head);
  return broken(text, columns - indent, gap).map((line, index) =>
    `${index === 0 ? head : ' '.repeat(indent)}${line === '' ? '' : shade(line)}`.trimEnd());
}

/** The text, and spaces up to `width` columns. */
export function padded(text: string, width: number): string {
  return `${text}${' '.repeat(Math.max(0, width - shownWidth(text)))}`;
}

/** The columns of the widest. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, shownWidth(text)), 0);
}

/** Colours take no columns. */
function shownWidth(text: string): number {
  return widthOf(text.replace(/\u001b\[\d+m/g, ''));
}

/** A figure and its unit stay together. */
const betweenWords = /(?<!\d) | (?!(?:[kMGT]?B|m?s|min|h)\b)/;

function broken(text: string, room: number, gap: string): string[] {
  if (room < fewest || shownWidth(text) <= room) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(gap === ' ' ? betweenWords : gap)) {
    const longer = line === '' ? word : `${line}${gap}${word}`;
    if (line !== '' && shownWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
