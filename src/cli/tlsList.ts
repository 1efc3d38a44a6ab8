import { formatSize } from '../explain/format.ts';
import { explainChainRemarks } from '../explain/tlsChain.ts';
import { summarizeTlsMessage, tlsMessageTime, tlsMessageTitle } from '../explain/tlsMessages.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { Exchange } from '../trace/exchange.ts';
import { tlsSpan } from '../trace/phases.ts';
import type { TlsMessage, TlsSeen } from '../trace/tls/message.ts';
import { dim, printable } from './chart.ts';
import type { Terminal } from './chart.ts';

/** One handshake as it is listed. */
interface Listed {
  readonly title: string;
  readonly messages: readonly TlsMessage[];
  readonly seen: TlsSeen | undefined;
  readonly startAt: number;
}

/**
 * The messages of TLS of a new connection, with proxies first, a line for each; none for a connection that is reused.
 */
export function tlsLines(
  { connection, reused, startedAt }: Exchange, language: Language, terminal: Terminal,
): string[] {
  if (!connection || reused) return [];
  const hops = (connection.proxies ?? []).flatMap(({ proxy, tlsMessages, tlsSeen, startAt }): Listed[] =>
    tlsMessages ? [{ title: `TLS ${proxy}`, messages: tlsMessages, seen: tlsSeen, startAt }] : []);
  const { tls, host } = connection;
  const own: Listed[] = tls?.messages
    ? [{ title: `TLS ${host}`, messages: tls.messages, seen: tls.seen, startAt: tls.startAt }] : [];
  const remarks = tls?.facts ? explainChainRemarks(tls.facts, tls.seen, startedAt, language) : [];
  return [
    ...[...hops, ...own].flatMap((listed) => ['', ...listLines(listed, language, terminal)]),
    ...remarks.map(({ text }) => `  ! ${printable(text.replaceAll('`', ''))}`),
  ];
}

function listLines(listed: Listed, language: Language, terminal: Terminal): string[] {
  const { title, messages, seen } = listed;
  const [startAt = listed.startAt] = tlsSpan(listed);
  const width = Math.max(...messages.map((message) => tlsMessageTitle(message, language).length));
  const trips = seen?.roundTrips ?? 0;
  const facts = [
    trips > 0 ? say(cliTexts, language, 'round-trips', { count: trips }) : '',
    seen?.ja4 === undefined ? '' : `JA4 ${seen.ja4}`,
  ].filter((part) => part !== '').join(' · ');
  return [
    `${printable(title)}  ${dim(facts, terminal)}`,
    ...messages.map((message) => {
      const { direction, encrypted, size } = message;
      const time = tlsMessageTime(message, startAt, language).padStart(9);
      const name = tlsMessageTitle(message, language).padEnd(width);
      const bytes = formatSize(size, language).padStart(7);
      const note = dim(printable(summarizeTlsMessage(message, language)), terminal);
      const [arrow, star] = [direction === 'sent' ? '→' : '←', encrypted ? '*' : ' '];
      return `${time}  ${arrow} ${star} ${name}  ${bytes}  ${note}`.trimEnd();
    }),
    ...(messages.some(({ encrypted }) => encrypted)
      ? [dim(`  * ${say(cliTexts, language, 'was-encrypted')}`, terminal)] : []),
  ];
}
