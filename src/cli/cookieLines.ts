import { explainReceivedCookie, explainSentCookie } from '../explain/cookies.ts';
import type { CookieExplanation } from '../explain/cookies.ts';
import type { Language } from '../explain/text/language.ts';
import type { CookieVerdict } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { dim, printable } from './chart.ts';
import type { Terminal } from './chart.ts';

const marks = { good: '✓', neutral: '·', bad: '✗' } as const;

/**
 * What became of each cookie, a line for each: those of the jar that went along or were kept back, then those that the
 * response set. Of the jar's only this host's, those of its site when `verbose`, and then also why one may go along.
 */
export function cookieLines(exchange: Exchange, verbose: boolean, language: Language, terminal: Terminal): string[] {
  const { sent, received } = exchange.cookies;
  const own = verbose ? sent : sent.filter(({ reason }) => reason !== 'domain');
  const lines = [
    ...own.map((cookie) => {
      const explained = explainSentCookie(cookie, exchange, language);
      return lineOf(cookie, cookie.accepted && !verbose ? { ...explained, text: '' } : explained, terminal);
    }),
    ...received.map((cookie) => lineOf(cookie, explainReceivedCookie(cookie, exchange, language), terminal)),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function lineOf(
  { name }: CookieVerdict, { tone, word, text, section }: CookieExplanation, terminal: Terminal,
): string {
  const told = printable(` · ${text}${section ? ` (${section})` : ''}`.replaceAll('`', ''));
  return `  ${marks[tone]} Cookie ${printable(name)}: ${word}${text === '' ? '' : dim(told, terminal)}`;
}
