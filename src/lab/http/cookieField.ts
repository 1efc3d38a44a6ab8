import type { FieldLine } from '../messages.ts';
import type { RequestHead } from './requestHead.ts';

/**
 * The cookies of a request in order, duplicates kept (RFC 6265bis §5.8.3; RFC 9113 §8.2.3 for
 * several fields).
 */
export function cookiesOf(head: RequestHead): FieldLine[] {
  return head.all('cookie').flatMap((field) => field.split(';')).flatMap((pair): FieldLine[] => {
    const equals = pair.indexOf('=');
    if (equals < 0) return [];
    return [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]];
  });
}

/** The value of the first cookie of a name, as {@link cookiesOf} has it; nothing else is taken apart. */
export function cookieOf(head: RequestHead, name: string): string | undefined {
  for (const field of head.all('cookie')) {
    for (let start = 0; start < field.length;) {
      const semicolon = field.indexOf(';', start);
      const end = semicolon < 0 ? field.length : semicolon;
      const equals = field.indexOf('=', start);
      const isPair = equals >= 0 && equals < end;
      if (isPair && field.slice(start, equals).trim() === name) return field.slice(equals + 1, end).trim();
      start = end + 1;
    }
  }
  return undefined;
}

/** RFC 6265bis §4.1.1: cookie-name is a token. */
export function isCookieName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}

/** RFC 6265bis §4.1.1: cookie-octets, without the optional quotes. */
export function isCookieValue(value: string): boolean {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value);
}

/** RFC 6265bis §4.1.1: any character except controls and `;`. */
export function isAttributeValue(value: string): boolean {
  return /^[\x20-\x3a\x3c-\x7e]*$/.test(value);
}
