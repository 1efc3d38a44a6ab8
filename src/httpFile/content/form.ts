/** The lines of a form body as one, and what to tell of them. */
interface JoinedForm {
  readonly text: string;
  /** An `&` was missing between two lines. */
  readonly inserted: boolean;
  /** A `%&` that is likely to be a percent sign and the end of a field: `50%&b=1`. */
  readonly doubtful?: string;
}

/**
 * The lines of a form body as one (C27): a leading or trailing `&` joins, a missing one is put in and told by
 * `inserted`. White space around `&` and around the first `=` of a field goes. Escapes are those of one line: a `%` at
 * its end is itself, and doubled when the text is `encoded` afterwards.
 */
export function joinForm(text: string, encoded = true): JoinedForm {
  const fields: string[] = [];
  let inserted = false;
  let isOpen = true;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const ofLine = splitFields(trimmed);
    const isJoined = isOpen || trimmed.startsWith('&');
    inserted ||= !isJoined;
    isOpen = ofLine.length > 1 && ofLine.at(-1) === '';
    // The `&` between two lines is written once, at the end of one or at the start of the other, or it is put in.
    if (fields.length > 0 && trimmed.startsWith('&')) ofLine.shift();
    else if (fields.length > 0 && fields.at(-1) === '') fields.pop();
    for (const field of ofLine) fields.push(fieldIn(field, encoded));
  }
  const doubtful = doubtfulIn(fields);
  return { text: fields.join('&'), inserted, ...(doubtful === undefined ? {} : { doubtful }) };
}

function fieldIn(field: string, encoded: boolean): string {
  const equals = equalsIn(field);
  const trimmed = equals < 0 ? field.trim() : `${field.slice(0, equals).trim()}=${field.slice(equals + 1).trim()}`;
  // What ends in a lone `%` must not become an escape together with the `&` that follows.
  return encoded && endsInPercent(trimmed) ? `${trimmed}%` : trimmed;
}

/** Whether the last character is a `%` that is no part of an escape. */
function endsInPercent(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '%') count++;
  return count % 2 === 1;
}

function doubtfulIn(fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const found = /\d%&(?:[\w.[\]-]{1,80}=|$)/.exec(field);
    if (found) return found[0].slice(1);
  }
  return undefined;
}

/** The fields between `&`, but not at `%&`, which is one that belongs to a value. */
function splitFields(text: string): string[] {
  const fields: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '%') at += isEscape(text, at) ? 1 : 0;
    else if (text[at] === '&') {
      fields.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...fields, text.slice(from)];
}

function equalsIn(field: string): number {
  for (let at = 0; at < field.length; at++) {
    if (field[at] === '%') at += isEscape(field, at) ? 1 : 0;
    else if (field[at] === '=') return at;
  }
  return -1;
}

/** `%%`, `%&`, `%=` and `%+` stand for the second character. */
function isEscape(text: string, at: number): boolean {
  return text[at + 1] !== undefined && '%&=+'.includes(text[at + 1]!);
}

/**
 * Percent-encodes what may not stand in a form body; valid `%XX`, `+`, `&` and `=` stay. A `%` before `%`, `&`, `=`
 * or `+` makes that character part of a value (C27).
 */
export function encodeForm(text: string): string {
  return text.replace(/%[0-9a-f]{2}|%[%&=+]|[^\w.~!$'()*,;:@/?=&+-]/giu, (part) => {
    if (/^%[0-9a-f]{2}$/i.test(part)) return part;
    return percentBytes(part.length > 1 && part[0] === '%' ? part[1]! : part);
  });
}

function percentBytes(text: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
