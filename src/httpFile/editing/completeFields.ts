import { isEffective, metadataKey, metadataKeys } from '../parser/metadata.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpRequest, Range } from '../syntax.ts';
import { sortKey } from './completionItem.ts';
import type { Completion } from './completionItem.ts';
import type { Token } from './context.ts';
import { requestFields } from './fieldNames.ts';
import { valuesOf } from './fieldValues.ts';
import type { FieldValue } from './fieldValues.ts';

/** Names of header fields that the request does not have yet; those of every day first. */
export function completeFieldNames(
  token: Token, hasColon: boolean, request: HttpRequest | undefined,
): Completion[] {
  const line = token.range.start.line;
  const present = new Set(request?.headers.flatMap(({ name, range }) =>
    range.start.line === line ? [] : [name.toLowerCase()]));
  let index = 0;
  return [...requestFields].flatMap(([name, rank]): Completion[] => {
    index++;
    const id = name.toLowerCase();
    if (present.has(id)) return [];
    const more = !hasColon && valuesOf(name) !== undefined;
    return [{
      label: name, kind: 'field', range: token.range, insert: hasColon ? name : `${name}: `,
      sort: sortKey(rank, index), topic: { area: 'field', id }, ...(more ? { again: true } : {}),
    }];
  });
}

/** The fields that a part of a multipart body has (RFC 7578 §4.8, RFC 2045 §7). */
const partFields: readonly (readonly [name: string, value: string | undefined])[] = [
  ['Content-Disposition', 'form-data; name="${1:name}"'], ['Content-Type', undefined], ['Content-ID', '<${1:id}>'],
  ['Content-Transfer-Encoding', 'binary'],
];

/** Names of fields in the head of a part, with the value that they begin with. */
export function completePartFields(token: Token, hasColon: boolean): Completion[] {
  return partFields.map(([name, value], index): Completion => ({
    label: name, kind: 'field', range: token.range, sort: sortKey(1, index),
    insert: hasColon ? name : `${name}: ${value ?? ''}`, topic: { area: 'field', id: name.toLowerCase() },
    ...(hasColon || value === undefined ? {} : { snippet: true }),
    ...(value === undefined && !hasColon ? { again: true } : {}),
  }));
}

/** Values of a field; of a list, those for the piece the cursor is in. */
export function completeFieldValues(name: string, token: Token): Completion[] {
  const field = name.toLowerCase();
  const known = valuesOf(field);
  if (!known) return [];
  const isType = field === 'content-type' || field === 'accept';
  const piece = pieceAt(token, known.list ? ',' : '\n');
  const semicolon = piece.typed.indexOf(';');
  if (semicolon >= 0) return isType || known.list ? completeParameters(field, piece, semicolon) : [];
  const taken = new Set(known.list ? token.text.split(',').map((one) => one.trim().toLowerCase()) : []);
  taken.delete(piece.text.trim().toLowerCase());
  return known.values.flatMap((value, index) => taken.has(value.value.toLowerCase())
    ? [] : [valueItem(field, value, piece.range, index, isType)]);
}

function valueItem(
  field: string, { value, snippet }: FieldValue, range: Range, index: number, isType: boolean,
): Completion {
  return {
    label: value, kind: isType ? 'media-type' : 'value', range, insert: snippet ?? value, sort: sortKey(1, index),
    ...(snippet === undefined ? {} : { snippet: true }),
    topic: isType ? { area: 'media-type', id: value } : { area: 'value', id: `${field}: ${value.toLowerCase()}` },
  };
}

/** `charset`, `boundary`, `q` after a semicolon. */
function completeParameters(field: string, piece: Token, semicolon: number): Completion[] {
  const at = piece.typed.lastIndexOf(';') + 1;
  const { line, character } = piece.range.start;
  const lead = piece.text.slice(at).length - piece.text.slice(at).trimStart().length;
  const end = piece.text.indexOf(';', at);
  const to = character + (end < 0 ? piece.text.length : end);
  const from = Math.min(character + at + lead, character + piece.typed.length);
  const range = rangeBetween({ line, character: from }, { line, character: Math.max(from, to) });
  const mediaType = piece.text.slice(0, semicolon).trim().toLowerCase();
  return parametersOf(field, mediaType).map(({ value, snippet }, index) => ({
    label: value, kind: 'parameter', range, insert: snippet ?? value, sort: sortKey(1, index),
    ...(snippet === undefined ? {} : { snippet: true }),
  }));
}

function parametersOf(field: string, mediaType: string): FieldValue[] {
  if (field !== 'content-type') return ['q=0.9', 'q=0.8', 'q=0.5', 'q=0.1'].map((value) => ({ value }));
  if (mediaType.startsWith('multipart/')) return [{ value: 'boundary', snippet: 'boundary=${1:boundary}' }];
  return ['charset=utf-8', 'charset=iso-8859-1', 'charset=euc-kr', 'charset=shift_jis'].map((value) => ({ value }));
}

/** The part of a token between separators that the cursor is in, without the white space around it. */
export function pieceAt(token: Token, separator: string): Token {
  const { text, typed, range } = token;
  const from = typed.lastIndexOf(separator) + 1;
  const lead = typed.slice(from).length - typed.slice(from).trimStart().length;
  const start = from + lead;
  const next = text.indexOf(separator, typed.length);
  const end = Math.max(typed.length, start + text.slice(start, next < 0 ? text.length : next).trimEnd().length);
  const { line, character } = range.start;
  return {
    text: text.slice(start, end), typed: typed.slice(start),
    range: rangeBetween({ line, character: character + start }, { line, character: character + end }),
  };
}

// --- metadata ----------------------------------------------------------------------------------------

/** Metadata that several lines may have. */
const repeatable: ReadonlySet<string> = new Set(['prompt', 'secret', 'ref', 'force-ref', 'import', 'note', 'resolve']);

const metadataSnippets: Readonly<Record<string, string>> = {
  'name': 'name ${1:name}', 'title': 'title ${1:title}', 'description': 'description ${1:text}',
  'timeout': 'timeout ${1:5 s}', 'connection-timeout': 'connection-timeout ${1:5 s}', 'note': 'note ${1:text}',
  'prompt': 'prompt ${1:variable} ${2:description}', 'secret': 'secret ${1:variable} ${2:description}',
  'max-redirects': 'max-redirects ${1:5}', 'proxy': 'proxy ${1:http://127.0.0.1:3128}',
  'resolve': 'resolve ${1:example.com}:${2:443}:${3:127.0.0.1}',
  'client-cert': 'client-cert ${1:cert.pem} ${2:key.pem}',
  'sleep': 'sleep ${1:1000}', 'delay': 'delay ${1:1000}', 'loop': 'loop for ${1:3}',
};

/** Metadata with values to choose from. */
const metadataValues: Readonly<Record<string, readonly string[]>> = {
  'timeout': ['500 ms', '5 s', '30 s', '1 m'], 'connection-timeout': ['500 ms', '5 s', '30 s'],
  'body-eol': ['lf', 'crlf'], 'language': ['json', 'xml', 'html', 'text'], 'accept': ['chunked'],
  'tls-version': ['1.2', '1.3', '1.2..1.3', '1.0..'],
  'dns': [
    'trace', 'trace fresh', 'system', 'ptr', 'https-records off', '1.1.1.1', 'tls://1.1.1.1#cloudflare-dns.com',
    'https://cloudflare-dns.com/dns-query',
  ],
};

/** What may follow `# @`: what takes effect first. */
export function completeMetadataKeys(
  token: Token, hasValue: boolean, request: HttpRequest | undefined,
): Completion[] {
  const line = token.range.start.line;
  const present = new Set(request?.metadata.flatMap(({ key, range }) => range.start.line === line ? [] : [key]));
  return metadataKeys.flatMap((key, index): Completion[] => {
    if (present.has(key) && !repeatable.has(key)) return [];
    const snippet = hasValue ? undefined : metadataSnippets[key];
    const more = !hasValue && (key === 'ref' || key === 'force-ref' || key === 'import' || key in metadataValues);
    return [{
      label: key, kind: 'metadata', range: token.range, sort: sortKey(isEffective(key) ? 1 : 2, index),
      insert: snippet ?? (more ? `${key} ` : key), ...(snippet ? { snippet: true } : {}),
      ...(more && !snippet ? { again: true } : {}), topic: { area: 'metadata', id: key },
    }];
  });
}

/** Values of metadata; `names` are those of the requests that can be referred to. */
export function completeMetadataValues(
  written: string, token: Token, names: readonly string[],
): Completion[] {
  const key = metadataKey(written) ?? '';
  const isReference = key === 'ref' || key === 'force-ref';
  const values = isReference ? names : Object.hasOwn(metadataValues, key) ? metadataValues[key]! : [];
  return values.map((value, index) => ({
    label: value, kind: isReference ? 'request' : 'value', range: token.range, insert: value, sort: sortKey(1, index),
  }));
}
