import { endOf, isSpace, trimmedEndOf } from './lines.ts';
import { MetadataNode } from './nodes.ts';
import type { Block } from './nodes.ts';
import type { Metadata } from './syntax.ts';

/** Metadata that takes effect when the request is prepared, or that only describes it. */
const effective = [
  'name', 'title', 'description', 'no-redirect', 'no-cookie-jar', 'timeout', 'connection-timeout',
  'insecure', 'no-reject-unauthorized', 'raw-body', 'raw-headers', 'no-auto-encoding', 'graphql',
  'no-log', 'force-region-delimiter', 'note', 'prompt', 'secret', 'ref', 'force-ref', 'import',
  'body-eol', 'proxy', 'no-proxy', 'max-redirects', 'dns', 'resolve',
] as const;

/** Metadata that other tools act on and this one does not yet: said, never silently dropped. */
const recognised = [
  'use-os-credentials', 'loop', 'disabled', 'sleep', 'ratelimit', 'save', 'extension', 'open-with', 'jwt', 'debug', 'verbose',
  'no-client-cert', 'response-ref', 'post-redirect-get', 'language', 'grpc-reflection',
  'keep-streaming', 'delay', 'jq', 'accept', 'attach-cookie-jar', 'env-json-key',
  'env-header-key',
] as const;

const canonical = new Map<string, string>(
  [...effective, ...recognised].map((key) => [key.replaceAll('-', ''), key]),
);
/** Every key that is recognised, as it is best written. */
export const metadataKeys: readonly string[] = [...effective, ...recognised];

/** The key that a written one means, in any case, kebab or camel; undefined for one that means nothing. */
export function metadataKey(written: string): string | undefined {
  return canonical.get(written.replaceAll('-', '').toLowerCase());
}

const effectiveKeys: ReadonlySet<string> = new Set(effective);

/** Keys that mean nothing without a value. */
const needsValue: ReadonlySet<string> = new Set([
  'name', 'timeout', 'connection-timeout', 'prompt', 'secret', 'ref', 'force-ref', 'import',
  'proxy', 'max-redirects', 'body-eol', 'dns', 'resolve',
]);

/** Whether metadata of this key does something; if not, the writer is told. */
export function isEffective(key: string): boolean {
  return effectiveKeys.has(key);
}

export function isValueMissing(metadata: Metadata): boolean {
  return needsValue.has(metadata.key) && metadata.value === '';
}

/**
 * The metadata on a comment line: `# @key value`, `//@key=value`, `## @key = value`, any case, kebab or
 * camel. An unknown key is a plain comment, so `# @token = x` is a variable somebody switched off.
 */
export function metadataOn(block: Block, line: number): MetadataNode | undefined {
  const { lines } = block;
  const { text } = lines;
  const end = endOf(lines, line);
  let at = lines.firsts[line]!;
  const mark = text.charCodeAt(at);
  while (at < end && text.charCodeAt(at) === mark) at++;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) !== 0x40) return undefined;
  const keyStart = at + 1;
  at = keyStart;
  while (at < end && isKeyCode(text.charCodeAt(at))) at++;
  const key = keyIn(text, keyStart, at);
  return key === undefined ? undefined : withValue(block, line, key, at);
}

function keyIn(text: string, from: number, to: number): string | undefined {
  if (to - from === 4 && text.startsWith('name', from)) return 'name';
  return metadataKey(text.slice(from, to));
}

function withValue(block: Block, line: number, key: string, keyEnd: number): MetadataNode | undefined {
  const { text } = block.lines;
  const end = trimmedEndOf(block.lines, line);
  let at = keyEnd;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) === 0x3d && at < end) {
    at++;
    while (at < end && isSpace(text.charCodeAt(at))) at++;
  } else if (at === keyEnd && at < end) {
    return undefined;
  }
  return new MetadataNode(block, key, line, at, end);
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
