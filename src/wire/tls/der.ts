/** A value in DER (X.690 §8): its tag as it stands and its content; `whole` with the header. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

export const derTags = {
  boolean: 0x01, integer: 0x02, octetString: 0x04, oid: 0x06, enumerated: 0x0a, utcTime: 0x17, generalizedTime: 0x18,
  sequence: 0x30, set: 0x31,
} as const;

/** At most so many values of one list are read. */
const mostValues = 1000;

/** The values that stand one after another in `bytes`; ends before the first one that is not whole. */
export function derValues(bytes: Uint8Array): Der[] {
  const values: Der[] = [];
  let rest = bytes;
  while (values.length < mostValues) {
    const value = firstDer(rest);
    if (!value) return values;
    values.push(value);
    rest = rest.subarray(value.whole.length);
  }
  return values;
}

/** The first value; undefined when there is none, or its end is missing. Tags of more than one byte are not read. */
export function firstDer(bytes: Uint8Array): Der | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || (tag & 31) === 31) return undefined;
  const lengthSize = first < 128 ? 0 : first & 127;
  // More than four bytes of length would be more than there is.
  if (first === 128 || lengthSize > 4) return undefined;
  let length = lengthSize === 0 ? first : 0;
  for (const byte of bytes.subarray(2, 2 + lengthSize)) length = length * 256 + byte;
  const start = 2 + lengthSize;
  if (bytes.length < start + length) return undefined;
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** X.690 §8.19: `1.3.6.1.5.5.7.48.1.1`. */
export function oidOf(content: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 127);
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** RFC 5280 §4.1.2.5: a time in UTC; epoch ms, or undefined when it is none. */
export function timeOf({ tag, content }: Der): number | undefined {
  const text = Buffer.from(content).toString('latin1');
  const pattern = tag === derTags.utcTime
    ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
    : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/;
  const parts = pattern.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 1, day, hour, minute, second] = parts;
  const whole = tag === derTags.utcTime ? year + (year < 50 ? 2000 : 1900) : year;
  return Date.UTC(whole, month - 1, day, hour, minute, second);
}
