/** A moment (epoch ms) and how many minutes the clock on the wall is ahead of UTC. */
export interface WallTime {
  readonly moment: number;
  readonly ahead: number;
}

/** Units of `-1 d`, in ms. Years, quarters and months are of the calendar. */
const unitLengths: Readonly<Record<string, number>> = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
};
const unitMonths: Readonly<Record<string, number>> = { M: 1, Q: 3, y: 12 };

/** Whether two words are an offset such as `-1 d`. */
export function isOffset(amount: string | undefined, unit: string | undefined): boolean {
  return amount !== undefined && unit !== undefined && /^[+-]?\d{1,9}$/.test(amount)
    && (Object.hasOwn(unitLengths, unit) || Object.hasOwn(unitMonths, unit));
}

/** A moment moved by words such as `-1 d`; none leave it. Undefined when they are no offset, or lead out of time. */
export function shifted(now: number, words: readonly string[]): number | undefined {
  const [amount, unit] = words;
  if (amount === undefined || unit === undefined) return words.length === 0 ? now : undefined;
  if (words.length > 2 || !isOffset(amount, unit)) return undefined;
  const months = unitMonths[unit];
  const moved = months === undefined
    ? now + Number(amount) * unitLengths[unit]! : inCalendar(now, Number(amount) * months);
  return Math.abs(moved) <= 8.64e15 ? moved : undefined;
}

/** Years and months keep the day of the month, as far as there is one. */
function inCalendar(now: number, months: number): number {
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

/** RFC 9110 §5.6.7 in GMT; elsewhere with the offset from it, as in mail (RFC 5322 §3.3). */
export function rfc1123(time: WallTime, isLocal: boolean): string {
  return formatted(time, isLocal ? 'ddd, DD MMM YYYY HH:mm:ss ZZ' : 'ddd, DD MMM YYYY HH:mm:ss [GMT]');
}

/** RFC 3339: in UTC with milliseconds, elsewhere with the offset. */
export function iso8601({ moment, ahead }: WallTime, isLocal: boolean): string {
  return isLocal ? formatted({ moment, ahead }, 'YYYY-MM-DDTHH:mm:ssZ') : new Date(moment).toISOString();
}

/**
 * A moment in a format of Day.js (`YYYY-MM-DD [at] HH:mm`) or of .NET (`yyyy-MM-dd 'at' HH:mm`). The letters tell
 * which: only .NET has y, f, t and K; its `dd` is the day of the month, where Day.js has a short weekday.
 */
export function formatted(time: WallTime, format: string): string {
  const standard = format.length === 1 ? dotnetStandard[format] : undefined;
  if (standard !== undefined) return formatted(time, standard);
  const fields = fieldsOf(time);
  return isDotnet(format)
    ? format.replace(dotnetTokens, (token) => dotnetValue(token, fields))
    : format.replace(dayTokens, (token) => dayValue(token, fields));
}

/** .NET's formats of one letter, as far as no letter of Day.js's means something else. */
const dotnetStandard: Readonly<Record<string, string>> = {
  o: 'YYYY-MM-DDTHH:mm:ss.SSSZ', O: 'YYYY-MM-DDTHH:mm:ss.SSSZ', u: 'YYYY-MM-DD HH:mm:ss[Z]',
  r: 'ddd, DD MMM YYYY HH:mm:ss [GMT]', R: 'ddd, DD MMM YYYY HH:mm:ss [GMT]',
};

const dotnetTokens =
  /'[^']*'|"[^"]*"|\\.|y{1,5}|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|[fF]{1,7}|t{1,2}|z{1,3}|K|%/g;
const dayTokens =
  /\[[^\]]{0,1000}\]|YYYY|YY|M{1,4}|Do|D{1,2}|d{1,4}|H{1,2}|h{1,2}|k{1,2}|m{1,2}|s{1,2}|SSS|Z{1,2}|[AaQXx]|W{1,2}/g;

function isDotnet(format: string): boolean {
  const letters = format.replace(/\[[^\]]{0,1000}\]|'[^']*'|"[^"]*"/g, ' ');
  if (/[YDASXx]/.test(letters)) return false;
  return /[yftKz]/.test(letters) || /(?:^|[^d])dd(?:[^d]|$)/.test(letters);
}

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  readonly moment: number;
  readonly ahead: number;
}

function fieldsOf({ moment, ahead }: WallTime): Fields {
  const date = new Date(moment + ahead * 60_000);
  return {
    year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(),
    hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(),
    ms: date.getUTCMilliseconds(), moment, ahead,
  };
}

const months = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Both ways to write a format agree on these. */
function commonValue(token: string, fields: Fields): string | undefined {
  const { month, weekday, hour, minute, second } = fields;
  switch (token) {
    case 'M': case 'MM': return padded(month, token.length);
    case 'MMM': return months[month - 1]!.slice(0, 3);
    case 'MMMM': return months[month - 1]!;
    case 'ddd': return weekdays[weekday]!.slice(0, 3);
    case 'dddd': return weekdays[weekday]!;
    case 'H': case 'HH': return padded(hour, token.length);
    case 'h': case 'hh': return padded(hour % 12 || 12, token.length);
    case 'm': case 'mm': return padded(minute, token.length);
    case 's': case 'ss': return padded(second, token.length);
    default: return undefined;
  }
}

function dayValue(token: string, fields: Fields): string {
  const { year, month, day, weekday, hour, ms, moment, ahead } = fields;
  switch (token) {
    case 'YYYY': return padded(year, 4);
    case 'YY': return padded(year % 100, 2);
    case 'D': case 'DD': return padded(day, token.length);
    case 'Do': return `${day}${ordinal(day)}`;
    case 'd': return `${weekday}`;
    case 'dd': return weekdays[weekday]!.slice(0, 2);
    case 'k': case 'kk': return padded(hour || 24, token.length);
    case 'SSS': return padded(ms, 3);
    case 'Z': return offsetText(ahead, ':');
    case 'ZZ': return offsetText(ahead, '');
    case 'A': return hour < 12 ? 'AM' : 'PM';
    case 'a': return hour < 12 ? 'am' : 'pm';
    case 'Q': return `${Math.ceil(month / 3)}`;
    case 'X': return `${Math.floor(moment / 1000)}`;
    case 'x': return `${moment}`;
    case 'W': case 'WW': return padded(isoWeek(fields), token.length);
    default: return token.startsWith('[') ? token.slice(1, -1) : commonValue(token, fields) ?? token;
  }
}

function dotnetValue(token: string, fields: Fields): string {
  const { year, day, hour, ms, ahead } = fields;
  const first = token[0]!;
  if (first === "'" || first === '"') return token.slice(1, -1);
  if (first === '\\') return token.slice(1);
  if (first === 'f' || first === 'F') return padded(ms, 3).padEnd(7, '0').slice(0, token.length);
  switch (token) {
    case 'y': return `${year % 100}`;
    case 'yy': return padded(year % 100, 2);
    case 'yyy': case 'yyyy': case 'yyyyy': return padded(year, token.length);
    case 'd': case 'dd': return padded(day, token.length);
    case 't': return hour < 12 ? 'A' : 'P';
    case 'tt': return hour < 12 ? 'AM' : 'PM';
    case 'z': return `${ahead < 0 ? '-' : '+'}${Math.floor(Math.abs(ahead) / 60)}`;
    case 'zz': return offsetText(ahead, ':').slice(0, 3);
    case 'zzz': return offsetText(ahead, ':');
    case 'K': return ahead === 0 ? 'Z' : offsetText(ahead, ':');
    case '%': return '';
    default: return commonValue(token, fields) ?? token;
  }
}

function padded(number: number, width: number): string {
  return `${number}`.padStart(width, '0');
}

function offsetText(ahead: number, separator: string): string {
  const minutes = Math.abs(ahead);
  return `${ahead < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}${separator}${padded(minutes % 60, 2)}`;
}

function ordinal(day: number): string {
  if (day > 10 && day < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

/** ISO 8601: the week of the year that holds this day's Thursday. */
function isoWeek({ year, month, day, weekday }: Fields): number {
  const thursday = Date.UTC(year, month - 1, day + 4 - (weekday || 7));
  const firstDay = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - firstDay) / unitLengths.w!);
}
