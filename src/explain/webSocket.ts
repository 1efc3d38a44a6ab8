import type { Exchange } from '../trace/exchange.ts';
import { webSocketLimits } from '../trace/webSocket.ts';
import type { DeflateAgreement, WebSocketEnd, WebSocketMessage, WebSocketSide } from '../trace/webSocket.ts';
import { formatDuration, formatSize } from './format.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { webSocketTexts } from './text/webSocket.ts';

/**
 * How many messages passed on a WebSocket and who closed it, with the code in words. `total` in ms, undefined while it
 * is open. Undefined when there is none.
 */
export function explainWebSocket(
  { webSocket }: Exchange, total: number | undefined, language: Language,
): { readonly strong: string; readonly text: string } | undefined {
  if (!webSocket) return undefined;
  const { counts: { sent, received }, end } = webSocket;
  const strong = say(webSocketTexts, language, 'strong');
  if (total === undefined || !end) {
    const id = isCut(webSocket) ? 'open-many' : 'open';
    return { strong, text: say(webSocketTexts, language, id, { sent, received }) };
  }
  const places = { sent, received, total: formatDuration(total, language), code: codeText(end, language) };
  const code = end.code === undefined ? [] : [explainCloseCode(end.code, language)];
  const unanswered = end.clean ? [] : [say(webSocketTexts, language, 'unanswered')];
  return { strong, text: [say(webSocketTexts, language, `ended-${end.by}`, places), ...code, ...unanswered].join(' ') };
}

/** Whether more passed than is shown, as far as is known: of one that is open the rest is not counted here. */
export function isCut({ messages, counts }: WebSocketSide): boolean {
  const shown = messages.filter(({ kind }) => kind === 'text' || kind === 'binary').length;
  const size = messages.reduce((sum, { text, bytes }) => sum + (text?.length ?? bytes?.length ?? 0), 0);
  return counts.sent + counts.received > shown || messages.length >= webSocketLimits.shown
    || size >= 0.95 * webSocketLimits.all;
}

function codeText({ code, reason }: WebSocketEnd, language: Language): string {
  if (code === undefined) return '';
  return reason ? say(webSocketTexts, language, 'with-reason', { code, reason })
    : say(webSocketTexts, language, 'with-code', { code });
}

/** What the code of a Close means (RFC 6455 §7.4.1 and the registry of IANA). */
export function explainCloseCode(code: number, language: Language): string {
  const id = `code-${code}`;
  if (Object.hasOwn(webSocketTexts, id)) return say(webSocketTexts, language, id as keyof typeof webSocketTexts);
  const range = code >= 4000 && code <= 4999 ? 'code-private'
    : code >= 3000 && code <= 3999 ? 'code-registered' : 'code-reserved';
  return say(webSocketTexts, language, range);
}

/** What was agreed on for the messages, each a short phrase. */
export function explainAgreement({ protocol, deflate }: WebSocketSide, language: Language): string[] {
  return [
    protocol === undefined ? say(webSocketTexts, language, 'no-protocol')
      : say(webSocketTexts, language, 'protocol', { protocol }),
    deflate ? say(webSocketTexts, language, 'deflate', { parameters: parametersOf(deflate) })
      : say(webSocketTexts, language, 'no-deflate'),
  ];
}

/** As RFC 7692 §7.1 names them. */
function parametersOf(agreed: DeflateAgreement): string {
  const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } = agreed;
  return [
    serverNoContextTakeover ? ['server_no_context_takeover'] : [],
    clientNoContextTakeover ? ['client_no_context_takeover'] : [],
    serverMaxWindowBits === undefined ? [] : [`server_max_window_bits=${serverMaxWindowBits}`],
    clientMaxWindowBits === undefined ? [] : [`client_max_window_bits=${clientMaxWindowBits}`],
  ].flat().map((one) => `; ${one}`).join('');
}

/** One line for what is no text: how much of it and its first bytes, or the code of a Close. */
export function messageNote(message: WebSocketMessage, language: Language): string {
  const { kind, text, bytes, size, code, reason } = message;
  switch (kind) {
    case 'text': return text ?? '';
    case 'binary': {
      const hex = hexOf(bytes ?? new Uint8Array(), 16);
      return say(webSocketTexts, language, 'binary-note', { size: formatSize(size, language), hex });
    }
    case 'ping': return message.direction === 'received' ? say(webSocketTexts, language, 'ping-note') : 'ping';
    case 'pong': return say(webSocketTexts, language, 'pong-note');
    case 'close': {
      if (code === undefined) return say(webSocketTexts, language, 'close-note-none');
      const note = say(webSocketTexts, language, 'close-note', { code });
      return reason ? `${note} “${reason}”` : note;
    }
  }
}

/** The first bytes as hexadecimal pairs. */
function hexOf(bytes: Uint8Array, most: number): string {
  const pairs = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > most ? `${pairs} …` : pairs;
}
