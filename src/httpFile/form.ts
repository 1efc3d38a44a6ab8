/**
 * The lines of a form body as one (C27): a leading or trailing `&` joins, a missing one is put in and told by
 * `inserted`. White space around `&` and around the first `=` of a field goes.
 */
export function joinForm(text: string): { text: string; inserted: boolean } {
  let joined = '';
  let inserted = false;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const needsAmpersand = joined !== '' && !joined.endsWith('&') && !trimmed.startsWith('&');
    inserted ||= needsAmpersand;
    joined += (needsAmpersand ? '&' : '') + trimmed;
  }
  const fields = joined.split('&').map((field) => {
    const equals = field.indexOf('=');
    return equals < 0 ? field.trim() : `${field.slice(0, equals).trim()}=${field.slice(equals + 1).trim()}`;
  });
  return { text: fields.join('&'), inserted };
}

/** Percent-encodes what may not stand in a form body; valid `%XX`, `+`, `&` and `=` stay (C27). */
export function encodeForm(text: string): string {
  return text.replace(/%[0-9a-f]{2}|[^\w.~!$'()*,;:@/?=&+-]+/gi, (part) =>
    /^%[0-9a-f]{2}$/i.test(part) ? part : percentBytes(part));
}

function percentBytes(text: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
