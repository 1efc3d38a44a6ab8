import type { DnsStep } from '../trace/dnsStep.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import { formatDuration, formatSize } from './format.ts';
import type { Language } from './text/language.ts';
import { questionTexts } from './text/question.ts';
import { say } from './text/text.ts';

type Question = Extract<ServerEvent, { type: 'question' }>;
type Unreadable = Extract<ServerEvent, { type: 'unreadable' }>;

/** A few words beside a question in a name server's lane. */
export function questionNote(question: Question, language: Language): string {
  const { recordType: type, name, rcode } = question;
  const how = howOf(question, language);
  if (rcode === undefined) return say(questionTexts, language, 'note-silent', { type, name, how });
  return say(questionTexts, language, 'note', { type, name, rcode, how });
}

/** The same beside a message that the name server could not read. */
export function unreadableNote({ reason, size, rcode, delay }: Unreadable, language: Language): string {
  const how = delayed(say(questionTexts, language, `unreadable-${reason}`, { size: formatSize(size, language) }), delay, language);
  if (rcode === undefined) return say(questionTexts, language, 'unreadable-note-silent', { how });
  return say(questionTexts, language, 'unreadable-note', { rcode, how });
}

/** What the name server that was asked says of a step of the lookup, where it is the lab's: received, then sent. */
export function explainServerOf(
  { localPort, queryId }: DnsStep, { servers = [] }: Exchange, language: Language,
): string | undefined {
  if (localPort === undefined) return undefined;
  const question = servers.flatMap(({ events }) => events).find((event): event is Question =>
    event.type === 'question' && event.peerPort === localPort && event.id === queryId);
  return question && `${receivedText(question, language)} ${sentText(question, language)}`;
}

function receivedText(question: Question, language: Language): string {
  const { transport, peerPort: port, id, recordType: type, name, queryFlags, querySize, udpSize } = question;
  const edns = udpSize === undefined ? say(questionTexts, language, 'no-edns')
    : say(questionTexts, language, 'edns', { size: udpSize });
  return say(questionTexts, language, 'received', {
    transport: transport.toUpperCase(), port: String(port), id: String(id), type, name, edns, size: formatSize(querySize, language),
    flags: flagsText(queryFlags, language),
  });
}

function sentText(question: Question, language: Language): string {
  const { rcode, answerFlags = [], answerSize = 0, startAt, at } = question;
  const how = howOf(question, language);
  if (rcode === undefined) return say(questionTexts, language, 'kept-silent', { how });
  return say(questionTexts, language, 'sent', {
    rcode, how, size: formatSize(answerSize, language), flags: flagsText(answerFlags, language),
    time: formatDuration(at - startAt, language),
  });
}

function flagsText(flags: readonly string[], language: Language): string {
  return flags.length === 0 ? say(questionTexts, language, 'no-flags') : flags.join(' ');
}

function howOf({ rule, zone = '', target = '', glue = 0, delay, answerFlags }: Question, language: Language): string {
  const plain = say(questionTexts, language, `rule-${rule}`, { zone, target, glue });
  const how = answerFlags?.includes('tc') ? say(questionTexts, language, 'cut', { how: plain }) : plain;
  return delayed(how, delay, language);
}

function delayed(how: string, delay: number | undefined, language: Language): string {
  return delay === undefined ? how : say(questionTexts, language, 'delayed', { how, delay: formatDuration(delay, language) });
}
