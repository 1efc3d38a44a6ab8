import type { Fault } from './scope.ts';

/** Where changing values come from, as arguments so that tests can fix them. */
export interface Sources {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 up to but not including 1. */
  random(): number;
  uuid(): string;
}

/**
 * The value of `$guid`, `$timestamp`, `$randomInt` and their like with their arguments, one for each use (C11–C13);
 * undefined when the name is none of them.
 */
export function dynamicValue(expression: string, sources: Sources): string | Fault | undefined {
  const [name = '', ...parts] = words(expression);
  switch (name) {
    case '$guid': case '$uuid': case '$random.uuid':
      return parts.length === 0 ? sources.uuid() : wrong(expression, name);
    case '$timestamp': return timestamp(expression, parts, sources);
    case '$isoTimestamp':
      return parts.length === 0 ? isoSeconds(sources.now()) : wrong(expression, name);
    case '$datetime': return datetime(expression, parts, sources);
    case '$randomInt': return randomInt(expression, parts, sources);
    default: return undefined;
  }
}

/** Words of an expression; a quoted one may hold spaces. */
function words(expression: string): string[] {
  return expression.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
}

const examples: Readonly<Record<string, string>> = {
  $guid: '{{$guid}}', $uuid: '{{$uuid}}', '$random.uuid': '{{$random.uuid}}',
  $timestamp: '{{$timestamp -1 d}}', $isoTimestamp: '{{$isoTimestamp}}',
  $datetime: '{{$datetime iso8601}}', $randomInt: '{{$randomInt 1 100}}',
};

function wrong(expression: string, name: string): Fault {
  return { code: 'dynamic-arguments', places: { name: expression, example: examples[name] ?? name } };
}

/** C11: seconds. */
function timestamp(expression: string, parts: string[], sources: Sources): string | Fault {
  const moment = shifted(sources.now(), parts);
  return moment === undefined ? wrong(expression, '$timestamp') : `${Math.floor(moment / 1000)}`;
}

/** C12: none 0 to 1000, one up to it, two from the first up to the second. */
function randomInt(expression: string, parts: string[], sources: Sources): string | Fault {
  const numbers = parts.map(Number);
  const valid = parts.length <= 2 && parts.every((part) => /^-?\d{1,15}$/.test(part));
  const [first = 1001, second] = numbers;
  const [min, max] = second === undefined ? [0, first] : [first, second];
  if (!valid || min >= max) return wrong(expression, '$randomInt');
  return `${min + Math.floor(sources.random() * (max - min))}`;
}

function datetime(expression: string, parts: string[], sources: Sources): string | Fault {
  const [format = 'iso8601', ...offset] = parts;
  const moment = shifted(sources.now(), offset);
  if (moment === undefined) return wrong(expression, '$datetime');
  if (format === 'iso8601') return new Date(moment).toISOString();
  if (format === 'rfc1123') return new Date(moment).toUTCString();
  if (!/^["']/.test(format)) return wrong(expression, '$datetime');
  return formatted(new Date(moment), format.slice(1, -1));
}

const unitLengths: Readonly<Record<string, number>> = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
};

/** A moment moved by `-1 d`; years and months keep the day of the month. */
function shifted(now: number, offset: string[]): number | undefined {
  if (offset.length === 0) return now;
  const [amount = '', unit = ''] = offset;
  if (offset.length !== 2 || !/^[+-]?\d{1,9}$/.test(amount)) return undefined;
  const moved = unit === 'y' || unit === 'M'
    ? inCalendar(now, Number(amount) * (unit === 'y' ? 12 : 1))
    : now + Number(amount) * (unitLengths[unit] ?? NaN);
  return Math.abs(moved) <= 8.64e15 ? moved : undefined;
}

function inCalendar(now: number, months: number): number {
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

/** `2025-01-31T09:30:00Z`, as the other tools write it. */
function isoSeconds(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** The letters that request files use, in UTC. */
function formatted(date: Date, format: string): string {
  const iso = date.toISOString();
  const pieces: Readonly<Record<string, string>> = {
    YYYY: `${date.getUTCFullYear()}`, MM: iso.slice(-19, -17), DD: iso.slice(-16, -14),
    HH: iso.slice(-13, -11), mm: iso.slice(-10, -8), ss: iso.slice(-7, -5), SSS: iso.slice(-4, -1),
  };
  return format.replace(/YYYY|MM|DD|HH|mm|ss|SSS/g, (letters) => pieces[letters] ?? letters);
}
