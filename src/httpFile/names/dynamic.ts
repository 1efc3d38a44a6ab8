import { formatted, iso8601, isOffset, rfc1123, shifted } from './datetime.ts';
import type { WallTime } from './datetime.ts';
import { randomNames, randomValue } from './random.ts';
import type { Fault } from './origin.ts';

/** Where changing values come from, as arguments so that tests can fix them. */
export interface Sources {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 up to but not including 1. */
  random(): number;
  uuid(): string;
  /** How many minutes the user's clock is ahead of UTC at a moment; that of this machine by default. */
  ahead?(moment: number): number;
}

/** What is written between the braces: `$randomInt 1 10` and `$random.integer(1, 10)` mean the same. */
interface Call {
  readonly expression: string;
  readonly name: string;
  /** Without their quotes. */
  readonly words: readonly string[];
  /** Which of the words stood in quotes. */
  readonly quoted: readonly boolean[];
}

type Value = (call: Call, sources: Sources) => string | Fault;

const withoutArguments = (make: (sources: Sources) => string): Value =>
  (call, sources) => call.words.length === 0 ? make(sources) : wrong(call);

const values: Readonly<Record<string, Value>> = {
  $guid: withoutArguments(({ uuid }) => uuid()),
  $uuid: withoutArguments(({ uuid }) => uuid()),
  '$random.uuid': withoutArguments(({ uuid }) => uuid()),
  $timestamp: timestamp,
  $isoTimestamp: withoutArguments(({ now }) => isoSeconds(now())),
  $datetime: (call, sources) => datetime(call, sources, false),
  $localDatetime: (call, sources) => datetime(call, sources, true),
  $date: withoutArguments((sources) => formatted(wallTime(sources.now(), sources, true), 'YYYY-MM-DD')),
  $randomInt: randomInt,
};

/** Every name that {@link dynamicValue} knows, without arguments. */
export const dynamicNames: readonly string[] = [...Object.keys(values), ...randomNames];

/**
 * The value of `$guid`, `$timestamp`, `$randomInt`, `$random.…` and their like with their arguments, one for each
 * use (C11–C13); undefined when the name is none of them.
 */
export function dynamicValue(expression: string, sources: Sources): string | Fault | undefined {
  const call = callIn(expression);
  if (Object.hasOwn(values, call.name)) return values[call.name]!(call, sources);
  if (!call.name.startsWith('$random.')) return undefined;
  const value = randomValue(call.name, call.words, sources);
  if (value !== undefined) return value;
  return randomNames.includes(call.name)
    ? wrong(call) : { code: 'random-unknown', places: { name: call.name } };
}

const examples: Readonly<Record<string, string>> = {
  $timestamp: '{{$timestamp -1 d}}', $randomInt: '{{$randomInt 1 100}}',
  $datetime: '{{$datetime iso8601}}', $localDatetime: '{{$localDatetime "YYYY-MM-DD"}}',
  '$random.integer': '{{$random.integer(1, 100)}}', '$random.float': '{{$random.float(0, 1)}}',
  '$random.alphabetic': '{{$random.alphabetic(10)}}', '$random.alphanumeric': '{{$random.alphanumeric(10)}}',
  '$random.hexadecimal': '{{$random.hexadecimal(10)}}', '$random.number.digits': '{{$random.number.digits(6)}}',
  '$random.number.numberBetween': '{{$random.number.numberBetween(1, 100)}}',
};

function wrong({ expression, name }: Call): Fault {
  const example = Object.hasOwn(examples, name) ? examples[name]! : `{{${name}}}`;
  return { code: 'dynamic-arguments', places: { name: expression, example } };
}

// --- how it is written -----------------------------------------------------------------------------

/** A name, then words apart by spaces, or in parentheses by commas; a quoted one may hold either. */
function callIn(expression: string): Call {
  const text = expression.trim();
  const end = text.search(/[\s(]/);
  const name = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end).trim();
  const inside = rest.startsWith('(') && rest.endsWith(')') ? rest.slice(1, -1) : rest;
  const written = inside.match(/"[^"]*"|'[^']*'|[^\s,]+/g) ?? [];
  const quoted = written.map((word) => /^(?:".*"|'.*')$/.test(word));
  return {
    expression, name, quoted, words: written.map((word, at) => quoted[at] ? word.slice(1, -1) : word),
  };
}

// --- time ------------------------------------------------------------------------------------------

function wallTime(moment: number, sources: Sources, isLocal: boolean): WallTime {
  const ahead = sources.ahead ?? ((at: number) => -new Date(at).getTimezoneOffset());
  return { moment, ahead: isLocal ? ahead(moment) : 0 };
}

/** C11: seconds. */
function timestamp(call: Call, sources: Sources): string | Fault {
  const moment = shifted(sources.now(), call.words);
  return moment === undefined ? wrong(call) : `${Math.floor(moment / 1000)}`;
}

/** `2025-01-31T09:30:00Z`, as the other tools write it. */
function isoSeconds(now: number): string {
  return `${new Date(now).toISOString().slice(0, -5)}Z`;
}

/** The format may be left out, with or without an offset, as in Visual Studio. */
function datetime(call: Call, sources: Sources, isLocal: boolean): string | Fault {
  const { words, quoted } = call;
  const isFormat = words.length > 0 && (quoted[0] || !isOffset(words[0], words[1]));
  const moment = shifted(sources.now(), isFormat ? words.slice(1) : words);
  if (moment === undefined) return wrong(call);
  const time = wallTime(moment, sources, isLocal);
  const format = isFormat ? words[0]! : 'iso8601';
  if (isFormat && quoted[0]) return formatted(time, format);
  if (format === 'iso8601') return iso8601(time, isLocal);
  if (format === 'rfc1123') return rfc1123(time, isLocal);
  return wrong(call);
}

// --- numbers ---------------------------------------------------------------------------------------

/** C12: none 0 to 1000, one up to it, two from the first up to the second. */
function randomInt(call: Call, sources: Sources): string | Fault {
  const { words } = call;
  const numbers = words.map(Number);
  const valid = words.length <= 2 && words.every((word) => /^-?\d{1,15}$/.test(word));
  const [first = 1001, second] = numbers;
  const [min, max] = second === undefined ? [0, first] : [first, second];
  if (!valid || min >= max) return wrong(call);
  return `${min + Math.floor(sources.random() * (max - min))}`;
}
