const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = '\\d{2}:\\d{2}:\\d{2}';
const preferred = new RegExp(`^${day}, \\d{2} ${month} \\d{4} ${time} GMT$`);
const rfc850 = new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d{2}-${month}-\\d{2} ${time} GMT$`);
const asctime = new RegExp(`^${day} ${month} (?:\\d{2}| \\d) ${time} \\d{4}$`);

/** A date in any of the three formats of RFC 9110 §5.6.7, in ms since 1970; undefined for anything else. */
export function parseHttpDate(text: string): number | undefined {
  const written = asctime.test(text) ? `${text} GMT`
    : preferred.test(text) || rfc850.test(text) ? text : undefined;
  const value = written === undefined ? NaN : Date.parse(written);
  return Number.isNaN(value) ? undefined : value;
}

/** RFC 9110 §5.6.7: a time in ms since 1970 as a date of HTTP, which knows whole seconds only. */
export function httpDate(at: number): string {
  return new Date(at).toUTCString();
}
