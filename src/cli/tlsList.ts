import type { Fact } from '../explain/fact.ts';
import { formatSize } from '../explain/format.ts';
import { summarizeTlsMessage, tlsMessageTime, tlsMessageTitle } from '../explain/tlsMessages.ts';
import { askedName } from '../explain/serverIdentity.ts';
import { explainAgreed, explainChecks, explainHello } from '../explain/tlsFacts.ts';
import type { Held } from '../explain/tlsFacts.ts';
import { cliTexts } from '../explain/text/cli.ts';
import { inspectorTexts } from '../explain/text/inspector.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { Exchange, ProxyHop, TlsHandshake } from '../trace/exchange.ts';
import { tlsSpan } from '../trace/phases.ts';
import type { TlsMessage } from '../trace/tls/message.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { chainLines, sentChainLines, unjudgedLines } from './certificateLines.ts';
import { hang, heading, padded, widest } from './columns.ts';
import { factLines } from './factLines.ts';

/**
 * TLS of a new connection, with proxies first: each message in a line, what was agreed and checked, and the
 * certificates, also where the handshake failed. None for a connection that is reused.
 */
export function tlsLines(
  { connection, reused, startedAt }: Exchange, language: Language, terminal: Terminal,
): string[] {
  if (!connection || reused) return [];
  const { tls, host, proxies = [] } = connection;
  const held = { asked: askedName(connection), now: startedAt };
  const facts = tls ? explainChecks(tls, held, language) : [];
  return [
    ...proxies.flatMap((hop) => hopLines(hop, startedAt, language, terminal)),
    ...(tls ? handshakeLines(`TLS ${host}`, tls, facts, held, language, terminal) : []),
  ];
}

/** The handshake with a proxy itself. */
function hopLines(hop: ProxyHop, now: number, language: Language, terminal: Terminal): string[] {
  const { proxy, tls, tlsMessages, tlsSeen, tlsUnread, startAt } = hop;
  if (!tls && !tlsMessages && !tlsUnread) return [];
  const asked = URL.parse(proxy)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const handshake = {
    startAt, alpnOffered: tls?.alpnOffered ?? [], serverName: tls?.serverName, facts: tls, messages: tlsMessages,
    seen: tlsSeen, unread: tlsUnread,
  };
  return handshakeLines(`TLS ${proxy}`, handshake, [], { asked, now }, language, terminal);
}

function handshakeLines(
  title: string, tls: TlsHandshake, checks: readonly Fact[], held: Held, language: Language, terminal: Terminal,
): string[] {
  const { facts, seen, messages, unread } = tls;
  const trips = seen?.roundTrips ?? 0;
  const missing = unread ? 'tls-unread' : messages ? undefined : 'tls-seen-none';
  // The messages tell what was agreed.
  const rows = [...(messages ? [] : explainAgreed(tls, language)), ...explainHello(tls, language), ...checks];
  const certificates = facts ? [
    ...chainLines(facts, held, 2, language, terminal), ...sentChainLines(facts, seen, held, 2, language, terminal),
  ] : unjudgedLines(seen, held, 2, language, terminal);
  return [
    '',
    heading(printable(title), trips > 0 ? say(cliTexts, language, 'round-trips', { count: trips }) : '', terminal),
    ...messageLines(tls, language, terminal),
    ...(missing ? hang('  ', say(inspectorTexts, language, missing), terminal) : []),
    ...(rows.length === 0 ? [] : ['', ...factLines(rows, 2, terminal)]),
    ...(certificates.length === 0 ? [] : ['', ...certificates]),
  ];
}

function messageLines(tls: TlsHandshake, language: Language, terminal: Terminal): string[] {
  const { messages = [] } = tls;
  const [startAt = tls.startAt] = tlsSpan({ ...tls, messages });
  const width = widest(messages.map((message) => tlsMessageTitle(message, language)));
  return [
    ...messages.flatMap((message) => messageLine(message, startAt, width, language, terminal)),
    ...(messages.some(({ encrypted }) => encrypted)
      ? [dim(`  * ${say(cliTexts, language, 'was-encrypted')}`, terminal)] : []),
  ];
}

function messageLine(
  message: TlsMessage, startAt: number, width: number, language: Language, terminal: Terminal,
): string[] {
  const { direction, encrypted, size } = message;
  const time = tlsMessageTime(message, startAt, language).padStart(9);
  const name = padded(tlsMessageTitle(message, language), width);
  const bytes = formatSize(size, language).padStart(7);
  const [arrow, star] = [direction === 'sent' ? '→' : '←', encrypted ? '*' : ' '];
  return hang(
    `${time}  ${arrow} ${star} ${name}  ${bytes}  `, printable(summarizeTlsMessage(message, language)), terminal,
    { shade: (line) => dim(line, terminal) },
  );
}
