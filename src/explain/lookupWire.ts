import type { DnsStep } from '../trace/dnsStep.ts';
import type { Exchange } from '../trace/exchange.ts';
import { explainMessage } from './dnsMessage.ts';
import { formatSize } from './format.ts';
import { dnsMessageTexts } from './text/dnsMessage.ts';
import { inspectorTexts } from './text/inspector.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { hexRows } from './visibleBytes.ts';
import { sinceStart } from './wire.ts';

/**
 * The messages to and from name servers, of the lookups that were made for the exchange, as a text: each part by part
 * and then in hex. Empty where there are none.
 */
export function lookupWireText(exchange: Exchange, language: Language): string {
  return stepsOf(exchange).flatMap((step) => [
    messageText(exchange, step, 'query', language), messageText(exchange, step, 'answer', language),
    step.messagesOmitted ? `${titleOf(step, language)}\n${say(dnsMessageTexts, language, 'omitted')}\n` : '',
  ]).filter((text) => text !== '').join('\n');
}

/** In the order of their end; those of a connection that was there already are another exchange's. */
function stepsOf({ connection, reused }: Exchange): DnsStep[] {
  if (!connection || reused) return [];
  const { lookup, proxies = [], peerName } = connection;
  const all = [lookup, ...proxies.map((hop) => hop.lookup), peerName].flatMap((one) => one?.steps ?? []);
  return all.toSorted((a, b) => a.at - b.at);
}

function messageText(exchange: Exchange, step: DnsStep, which: 'query' | 'answer', language: Language): string {
  const message = explainMessage(step, which, language);
  if (!message) return '';
  const time = sinceStart(exchange, which === 'query' ? step.startAt : step.at, language);
  const name = `${which === 'query' ? '→' : '←'} ${say(dnsMessageTexts, language, which)}`;
  const head = [name, time, formatSize(message.size, language), titleOf(step, language)].join('  ');
  const parts = message.parts.map(({ start, end, name: part, text }) => `  ${start}–${end - 1}  ${part}: ${text}`);
  const rows = hexRows(message.bytes, 0).map(({ offset, hex, ascii }) => `${offset}  ${hex}  ${ascii}`);
  return [head, ...parts, ...rows, ...message.remarks].map((line) => `${line}\n`).join('');
}

/** `A www.lab.test  127.0.0.1:53 over UDP` */
function titleOf({ question, server, transport }: DnsStep, language: Language): string {
  const over = transport && say(inspectorTexts, language, 'over', { transport: transport.toUpperCase() });
  const asked = [server, over].filter((part) => part !== undefined).join(' ');
  return `${question.type} ${question.name}  ${asked}`;
}
