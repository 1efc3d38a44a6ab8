import { explainReceivedCookie, explainSentCookie } from '../explain/cookies.ts';
import type { CookieExplanation } from '../explain/cookies.ts';
import type { Language } from '../explain/text/language.ts';
import type { CookieVerdict } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { hang } from './columns.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const marks = { good: '✓', neutral: '·', bad: '✗' } as const;

/**
 * What became of each cookie, a line for each: those of the jar that went along or were kept back, then those that the
 * response set. Of the jar's only this host's, those of its site when `verbose`, and then also why one may go along.
 */
export function cookieLines(exchange: Exchange, verbose: boolean, language: Language, terminal: Terminal): string[] {
  const { sent, received } = exchange.cookies;
  const own = verbose ? sent : sent.filter(({ reason }) => reason !== 'domain');
  const lines = [
    ...own.flatMap((cookie) => {
      const explained = explainSentCookie(cookie, exchange, language);
      return lineOf(cookie, cookie.accepted && !verbose ? { ...explained, text: '' } : explained, terminal);
    }),
    ...received.flatMap((cookie) => lineOf(cookie, explainReceivedCookie(cookie, exchange, language), terminal)),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function lineOf(
  { name }: CookieVerdict, { tone, word, text, section }: CookieExplanation, terminal: Terminal,
): string[] {
  const head = `  ${marks[tone]} Cookie ${printable(name)}: ${word}`;
  if (text === '') return [head];
  const told = printable(` · ${text}${section ? ` (${section})` : ''}`.replaceAll('`', ''));
  return hang(head, told, terminal, { shade: (line) => dim(line, terminal) });
}
