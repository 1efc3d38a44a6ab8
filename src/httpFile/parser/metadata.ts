import { endOf, isSpace, rangeIn, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { Span } from '../tree/span.ts';

/** Metadata that takes effect when the request is prepared, or that only describes it. */
const effective = [
  'name', 'title', 'description', 'no-redirect', 'no-cookie-jar', 'new-connection', 'timeout', 'connection-timeout',
  'insecure', 'no-reject-unauthorized', 'raw-body', 'raw-headers', 'no-auto-encoding', 'graphql',
  'no-log', 'force-region-delimiter', 'note', 'prompt', 'secret', 'ref', 'force-ref', 'import',
  'body-eol', 'proxy', 'no-proxy', 'max-redirects', 'dns', 'resolve', 'client-cert', 'no-client-cert', 'tls-version',
  'tls-ciphers', 'no-tls-resumption',
  'disabled', 'curl-location', 'curl-compressed',
  'trailer', 'reconnect', 'continue-timeout', 'keep-streaming', 'no-capture',
] as const;

/** Metadata that other tools act on and this one does not yet: said, never silently dropped. */
const recognised = [
  'use-os-credentials', 'loop', 'sleep', 'ratelimit', 'save', 'extension', 'open-with', 'jwt',
  'debug', 'verbose',
  'response-ref', 'post-redirect-get', 'language', 'grpc-reflection',
  'delay', 'jq', 'accept', 'attach-cookie-jar', 'env-json-key',
  'env-header-key', 'stdin-cmd', 'stdin-cmd-pre', 'env-stdin-cmd', 'env-stdin-cmd-pre', 'lua',
] as const;

/** Every key that is recognised, as it is best written. */
export const metadataKeys: readonly string[] = [...effective, ...recognised];
const nameKey = metadataKeys.indexOf('name');

/** The indexes of the keys, by what all spellings of one have in common. */
const canonical = new Map<string, number>(
  metadataKeys.map((key, index) => [key.replaceAll('-', ''), index]),
);

/** Kulala's way to give options of curl. */
const ofCurl: Readonly<Record<string, (typeof effective)[number]>> = {
  'curl-insecure': 'insecure', 'curl-max-time': 'timeout', 'curl-connect-timeout': 'connection-timeout',
  'curl-proxy': 'proxy', 'curl-max-redirs': 'max-redirects',
};
for (const [key, meant] of Object.entries(ofCurl)) {
  canonical.set(key.replaceAll('-', ''), metadataKeys.indexOf(meant));
}

/** The key that a written one means, in any case, kebab or camel; undefined for one that means nothing. */
export function metadataKey(written: string): string | undefined {
  return metadataKeys[keyIndex(written)];
}

function keyIndex(written: string): number {
  return canonical.get(written.replaceAll('-', '').toLowerCase()) ?? -1;
}

const effectiveKeys: ReadonlySet<string> = new Set(effective);

/** Keys that mean nothing without a value. */
const needsValue: ReadonlySet<string> = new Set([
  'name', 'timeout', 'connection-timeout', 'prompt', 'secret', 'ref', 'force-ref', 'import',
  'proxy', 'max-redirects', 'body-eol', 'dns', 'resolve', 'client-cert', 'tls-version', 'tls-ciphers', 'trailer',
  'continue-timeout',
]);

/** Whether metadata of this key does something; if not, the writer is told. */
export function isEffective(key: string): boolean {
  return effectiveKeys.has(key);
}

/** Whether metadata of this key is wrong without a value. */
export function isValueNeeded(key: string): boolean {
  return needsValue.has(key);
}

/** How many numbers a row of the table has: the key among {@link metadataKeys}, the line, where the value starts. */
export const metadataWidth = 3;

/**
 * Adds the metadata on a comment line: `# @key value`, `//@key=value`, `## @key = value`, any case, kebab or
 * camel. An unknown key is a plain comment, so `# @token = x` is a variable somebody switched off. Gives the row in the
 * table of `lines`, or -1.
 */
export function addMetadata(lines: Lines, line: number): number {
  const { text } = lines;
  const end = endOf(lines, line);
  let at = lines.firsts[line]!;
  const mark = text.charCodeAt(at);
  while (at < end && text.charCodeAt(at) === mark) at++;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) !== 0x40) return -1;
  const keyStart = at + 1;
  at = keyStart;
  while (at < end && isKeyCode(text.charCodeAt(at))) at++;
  const key = keyIn(text, keyStart, at);
  const valueFrom = key < 0 ? -1 : valueAfter(lines, line, at);
  return valueFrom < 0 ? -1 : addRow(lines, key, line, valueFrom);
}

/**
 * The key of a comment line that looks like metadata and is none: a word behind `@` with white space or nothing after
 * it. A variable that is switched off (C17), an address and a tag of documentation are comments.
 */
export function unknownKeyOn(lines: Lines, line: number): { key: string; span: Span } | undefined {
  const { text, firsts } = lines;
  const first = firsts[line]!;
  const comment = text.slice(first, Math.min(endOf(lines, line), first + 120));
  const found = /^(?:#{1,9}|\/{2,9})\s{0,20}@([A-Za-z][\w-]{1,60})(?!\S)\s{0,20}(?!=)/.exec(comment);
  // The white space may be given back one by one: what stands behind all of it counts.
  if (!found || comment.slice(found[0].length).trimStart().startsWith('=')) return undefined;
  const key = found[1]!;
  if (documentation.has(key.toLowerCase()) || metadataKey(key) !== undefined) return undefined;
  const from = first + comment.indexOf('@');
  return { key, span: rangeIn(lines, line, from, from + 1 + key.length) };
}

/** Tags that comments of programs have. */
const documentation: ReadonlySet<string> = new Set([
  'abstract', 'author', 'category', 'copyright', 'date', 'default', 'deprecated', 'example', 'file', 'fixme', 'group',
  'internal', 'license', 'link', 'module', 'package', 'param', 'private', 'property', 'public', 'readonly', 'remarks',
  'return', 'returns', 'see', 'since', 'summary', 'tag', 'tags', 'throws', 'todo', 'type', 'usage', 'version',
]);

function addRow({ metadata }: Lines, key: number, line: number, valueFrom: number): number {
  const row = metadata.addRow(metadataWidth);
  metadata.set(row, key);
  metadata.set(row + 1, line);
  metadata.set(row + 2, valueFrom);
  return row;
}

function keyIn(text: string, from: number, to: number): number {
  if (to - from === 4 && text.startsWith('name', from)) return nameKey;
  return keyIndex(text.slice(from, to));
}

/** Where the value after a key starts; -1 when something else follows the key. */
function valueAfter(lines: Lines, line: number, keyEnd: number): number {
  const { text } = lines;
  const end = trimmedEndOf(lines, line);
  let at = keyEnd;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) === 0x3d && at < end) {
    at++;
    while (at < end && isSpace(text.charCodeAt(at))) at++;
  } else if (at === keyEnd && at < end) {
    return -1;
  }
  return at;
}

/** The key of a row. */
export function metadataKeyAt({ metadata }: Lines, row: number): string {
  return metadataKeys[metadata.at(row)]!;
}

/** The line that a row was read from. */
export function metadataLineAt({ metadata }: Lines, row: number): number {
  return metadata.at(row + 1);
}

/** Where the value of a row starts and ends in the text. */
export function metadataValueFrom({ metadata }: Lines, row: number): number {
  return metadata.at(row + 2);
}

/** The offset of the end of the value, without white space at the end of its line. */
export function metadataValueEnd(lines: Lines, row: number): number {
  return trimmedEndOf(lines, lines.metadata.at(row + 1));
}

/** The value of a row, empty when it has none. */
export function metadataValueAt(lines: Lines, row: number): string {
  return lines.text.slice(metadataValueFrom(lines, row), metadataValueEnd(lines, row));
}

/** Whether a row has a key and no value. */
export function isMetadataEmpty(lines: Lines, row: number): boolean {
  return metadataValueFrom(lines, row) >= metadataValueEnd(lines, row);
}

/** From the comment's mark to the end of the value. */
export function metadataSpan(lines: Lines, row: number): Span {
  const line = metadataLineAt(lines, row);
  return rangeIn(lines, line, lines.firsts[line]!, metadataValueEnd(lines, row));
}

/** The first of some rows that has this key, or -1. */
export function rowOfKey(lines: Lines, key: string, from: number, end: number): number {
  for (let row = from; row < end; row += metadataWidth) if (metadataKeyAt(lines, row) === key) return row;
  return -1;
}

function isKeyCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x2d
    || code === 0x5f || (code >= 0x30 && code <= 0x39);
}

/**
 * A time limit in the spelling of `@timeout`: a number of seconds, or with a unit `ms`, `s` or `m`.
 * Gives milliseconds, or undefined when it is no such thing. `plain` says that no unit was written.
 */
export function parseTimeout(value: string): { ms: number; plain: boolean } | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)\s{0,8}(ms|s|m)?$/i.exec(value.trim());
  if (!match) return undefined;
  const unit = match[2]?.toLowerCase();
  const scale = unit === 'ms' ? 1 : unit === 'm' ? 60_000 : 1000;
  const ms = Number(match[1]) * scale;
  return ms > 0 ? { ms, plain: unit === undefined } : undefined;
}
