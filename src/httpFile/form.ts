/**
 * The lines of a form body as one (C27): a leading or trailing `&` joins, a missing one is put in and told by
 * `inserted`. White space around `&` and around the first `=` of a field goes.
 */
export function joinForm(text: string): { text: string; inserted: boolean } {
  // Piece by piece, as looking at the end of a text that grows would copy it each time.
  const pieces: string[] = [];
  let inserted = false;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const needsAmpersand = pieces.length > 0 && !pieces.at(-1)!.endsWith('&') && !trimmed.startsWith('&');
    inserted ||= needsAmpersand;
    pieces.push(needsAmpersand ? `&${trimmed}` : trimmed);
  }
  const fields = splitFields(pieces.join('')).map((field) => {
    const equals = equalsIn(field);
    return equals < 0 ? field.trim() : `${field.slice(0, equals).trim()}=${field.slice(equals + 1).trim()}`;
  });
  return { text: fields.join('&'), inserted };
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
