import { ByteReader, hexOf } from './byteReader.ts';

/** By their object identifiers in hex: RFC 4514 §3, and what certificates have besides. */
const types: Readonly<Record<string, string>> = {
  '550403': 'CN', '550407': 'L', '550408': 'ST', '55040a': 'O', '55040b': 'OU', '550406': 'C', '550409': 'STREET',
  '550405': 'serialNumber', '0992268993f22c640119': 'DC', '2a864886f70d010901': 'emailAddress',
};

/** At most so many names of a list are read, and so many parts of one. */
const most = 200;
const longest = 200;

/**
 * The names in a list of vectors (RFC 8446 §4.2.4, RFC 5246 §7.4.4), each in DER, as RFC 4514 writes them: the last
 * part first. One that cannot be read is `?`.
 */
export function distinguishedNames(list: ByteReader): string[] {
  const names: string[] = [];
  while (list.left > 0 && !list.isShort && names.length < most) names.push(nameIn(list.vector(2)) || '?');
  return names;
}

function nameIn(der: Uint8Array): string {
  const parts: string[] = [];
  for (const set of valuesIn(contentOf(der))) {
    for (const pair of valuesIn(set.content)) {
      const [type, value] = valuesIn(pair.content);
      if (!type || !value) return '';
      const key = hexOf(type.content);
      parts.push(`${types[key] ?? `#${key}`}=${textOf(value)}`);
    }
  }
  return parts.toReversed().join(', ');
}

interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

function contentOf(der: Uint8Array): Uint8Array {
  return valuesIn(der)[0]?.content ?? new Uint8Array();
}

/** X.690 §8.1: lengths of one byte, or of one or two more. */
function valuesIn(bytes: Uint8Array): Value[] {
  const reader = new ByteReader(bytes);
  const values: Value[] = [];
  while (reader.left > 1 && values.length < most) {
    const tag = reader.number(1);
    const first = reader.number(1);
    if (first > 130 || first === 128) return values;
    const content = reader.bytes(first < 128 ? first : reader.number(first - 128));
    if (reader.isShort) return values;
    values.push({ tag, content });
  }
  return values;
}

const utf8 = new TextDecoder();
const latin1 = new TextDecoder('latin1');
const utf16 = new TextDecoder('utf-16be');

/** What RFC 4514 §2.4 escapes, and control characters, which nobody should see. */
function textOf({ tag, content }: Value): string {
  const decoder = tag === 0x0c ? utf8 : tag === 0x1e ? utf16 : latin1;
  const text = decoder.decode(content.subarray(0, longest));
  return text.replace(/[\u0000-\u001f\u007f]/g, '').replace(/[,+"\\<>;=]/g, '\\$&');
}
