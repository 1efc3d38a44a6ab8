import {
  className, ednsOf, flagNames, opcodeName, optionName, placedData, placedMessage, rcodeName, typeName, typeOpt,
} from '../trace/dnsMessage.ts';
import type { Edns, Place, PlacedMessage, PlacedQuestion, PlacedRecord } from '../trace/dnsMessage.ts';
import type { DnsRecord, DnsStep } from '../trace/dnsStep.ts';
import { extendedErrorsOf } from '../trace/extendedError.ts';
import { explainExtendedError } from './extendedError.ts';
import { formatNumber, formatSize } from './format.ts';
import { dnsMessageTexts } from './text/dnsMessage.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** A part of a message: where it stands, what it is, and what it says. */
export interface MessagePart extends Place {
  readonly name: string;
  readonly text: string;
}

/** A message of a step, as far as it was kept. */
export interface ExplainedMessage {
  readonly bytes: Uint8Array;
  /** In octets, of all of it. */
  readonly size: number;
  readonly parts: readonly MessagePart[];
  /** What is not kept of it, or why not all of it could be read. */
  readonly remarks: readonly string[];
}

/** The query or the answer of a step; undefined where it was not kept. */
export function explainMessage(
  step: DnsStep, which: 'query' | 'answer', language: Language,
): ExplainedMessage | undefined {
  const base64 = which === 'query' ? step.queryBytes : step.answerBytes;
  if (base64 === undefined) return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const size = (which === 'query' ? step.querySize : step.answerSize) ?? bytes.length;
  const isCut = bytes.length < size;
  const kept = { kept: formatSize(bytes.length, language), size: formatSize(size, language) };
  const cut = isCut ? [say(dnsMessageTexts, language, 'kept', kept)] : [];
  // RFC 8484 §4.2.1: anything but a success of this media type; it was not even looked into.
  if (which === 'answer' && step.transport === 'https' && step.outcome === 'error' && step.rcode === undefined) {
    return { bytes, size, parts: [], remarks: [...cut, say(dnsMessageTexts, language, 'other-content')] };
  }
  const message = placedMessage(bytes);
  if (!message) return { bytes, size, parts: [], remarks: [...cut, say(dnsMessageTexts, language, 'no-header')] };
  const records = which === 'answer' ? step.records ?? [] : [];
  // What was not kept is no fault of the message.
  const problem = isCut ? undefined : message.problem;
  const broken = problem ? [say(dnsMessageTexts, language, problem, { at: message.end })] : [];
  return { bytes, size, parts: partsOf(bytes, message, records, language), remarks: [...cut, ...broken] };
}

function partsOf(
  bytes: Uint8Array, message: PlacedMessage, known: readonly DnsRecord[], language: Language,
): MessagePart[] {
  const { id, flags, counts, questions, records, end } = message;
  const name = (part: Part): string => say(dnsMessageTexts, language, `part-${part}`);
  const [questionCount, answers, authorities, additionals] = counts;
  const told = [`QDCOUNT ${questionCount}`, `ANCOUNT ${answers}`, `NSCOUNT ${authorities}`, `ARCOUNT ${additionals}`];
  const values = valuesOf(records, known);
  return [
    { start: 0, end: 2, name: name('id'), text: `${hex16(id)} (${id})` },
    { start: 2, end: 4, name: name('flags'), text: flagsText(flags) },
    { start: 4, end: 12, name: name('counts'), text: told.join(', ') },
    ...questions.map((question) => ({ ...placeOf(question), name: name('question'), text: questionText(question) })),
    ...records.map((record) => record.type === typeOpt
      ? { ...placeOf(record), name: name('edns'), text: ednsText(ednsOf(bytes, record), language) }
      : {
        ...placeOf(record), name: name(record.section),
        text: recordText(record, values.get(record) ?? placedData(bytes, record)),
      }),
    ...(end === bytes.length ? [] : [{
      start: end, end: bytes.length, name: name('rest'),
      text: say(dnsMessageTexts, language, 'size', { count: formatNumber(bytes.length - end, language) }),
    }]),
  ];
}

type Part = 'id' | 'flags' | 'counts' | 'question' | PlacedRecord['section'] | 'edns' | 'rest';

function placeOf({ start, end }: Place): Place {
  return { start, end };
}

function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}

/** `0x8580: qr aa rd ra, QUERY, NOERROR`; a query has no rcode. */
function flagsText(flags: number): string {
  const isAnswer = (flags & 0x8000) !== 0;
  const set = flagNames(flags).join(' ');
  const parts = [set, opcodeName(flags), isAnswer ? rcodeName(flags & 0xf) : ''].filter((part) => part !== '');
  return `${hex16(flags)}: ${parts.join(', ')}`;
}

function questionText({ name, type, class: number }: PlacedQuestion): string {
  return `${name} ${className(number)} ${typeName(type)}`;
}

/** As a zone file has it (RFC 1035 §5.1), the TTL in seconds. */
function recordText({ name, type, class: number, ttl }: PlacedRecord, value: string): string {
  return `${name} ${ttl} ${className(number)} ${typeName(type)} ${value}`;
}

/** What the resolver read from the same records, which knows more types; none where it left some out. */
function valuesOf(records: readonly PlacedRecord[], known: readonly DnsRecord[]): ReadonlyMap<PlacedRecord, string> {
  const internet = records.filter(({ type, class: number }) => type !== typeOpt && className(number) === 'IN');
  const isSame = internet.length === known.length
    && internet.every(({ section }, index) => section === known[index]!.section);
  return new Map(isSame ? internet.map((record, index) => [record, known[index]!.value] as const) : []);
}

function optionText(option: Edns['options'][number], language: Language): string {
  const [error] = extendedErrorsOf({ options: [option] });
  return error ? explainExtendedError(error, language) : `${optionName(option.code)} ${option.hex}`.trim();
}

function ednsText({ version, udpSize, dnssecOk, options }: Edns, language: Language): string {
  return [
    say(dnsMessageTexts, language, 'edns', { version, size: formatNumber(udpSize, language) }),
    ...(dnssecOk ? ['do'] : []),
    ...options.map((option) => optionText(option, language)),
  ].join(', ');
}
