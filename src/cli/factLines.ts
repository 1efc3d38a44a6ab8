import type { Fact } from '../explain/fact.ts';
import { dim, paint, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { hang, padded, widest } from './columns.ts';

/** A mark and its colour for how a thing is to be seen. */
const marks = { good: ['✓', 32], bad: ['✗', 31], warn: ['!', 33] } as const;

/** `✓`, `✗` or `!` and a space; nothing for what is neither good nor bad. */
export function mark(tone: Fact['tone'], terminal: Terminal): string {
  if (tone === undefined || tone === 'dim') return '';
  const [sign, colour] = marks[tone];
  return `${paint(colour, sign, terminal)} `;
}

/** Names and values in two columns; `indent` spaces before them. */
export function factLines(facts: readonly Fact[], indent: number, terminal: Terminal): string[] {
  const width = widest(facts.map(({ name }) => name));
  return facts.flatMap(({ name, text, tone, note = '', below = '' }) => {
    const head = `${' '.repeat(indent)}${dim(padded(name, width), terminal)}  `;
    const [told, ...more] = [[text, note].filter((part) => part !== '').join(' · '), below]
      .filter((part) => part !== '').map((part) => printable(part.replaceAll('`', '')));
    const shade = (line: string): string => dim(line, terminal);
    return [
      ...hang(`${head}${mark(tone, terminal)}`, told ?? '', terminal, tone === 'dim' ? { shade } : {}),
      ...more.flatMap((line) => hang(' '.repeat(indent + width + 2), line, terminal, { shade })),
    ];
  });
}
