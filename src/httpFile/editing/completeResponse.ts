import { rangeBetween } from '../tree/span.ts';
import type { Range } from '../syntax.ts';
import { sortKey } from './completionItem.ts';
import type { Completion } from './completionItem.ts';
import type { Token } from './context.ts';

/** A `{{…}}` that is being written: its token and the braces behind it. */
export interface OpenReference {
  readonly token: Token;
  readonly closing: '' | '}' | '}}';
}

/** An exchange of a named request, as far as completion looks into it. */
export interface SeenExchange {
  readonly request: SeenMessage;
  readonly response?: SeenMessage;
}

interface SeenMessage {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly content?: Uint8Array;
}

/** A text with the braces that are still missing behind it. */
export function closed(text: string, { closing }: OpenReference): string {
  return text + '}}'.slice(closing.length);
}

/** Where the word under the cursor begins in a reference, and what stands before it. */
interface Step {
  /** `login.response.body`, without the dot. */
  readonly before: readonly string[];
  /** The word's place in the file, and the same with the dot before it. */
  readonly range: Range;
  readonly withDot: Range;
}

/**
 * What comes next in `{{login.response.body.$.…}}`, as the last exchange has it. Undefined when the braces do not
 * begin with the name of a request and a dot.
 */
export async function completeResponse(
  reference: OpenReference, isRequest: (name: string) => boolean,
  latest: (requestName: string) => Promise<SeenExchange | undefined> | undefined,
): Promise<Completion[] | undefined> {
  const { typed } = reference.token;
  const request = nameBefore(typed, isRequest);
  if (request === undefined) return undefined;
  const step = stepAt(reference.token, request.length + 1);
  const [part, of, ...path] = step.before;
  if (part === undefined) return parts(reference, step, ['response', 'request']);
  if (part !== 'response' && part !== 'request') return [];
  if (of === undefined) {
    return parts(reference, step, part === 'response' ? ['body', 'headers', 'cookies', 'status'] : ['body', 'headers']);
  }
  const message = (await latest(request))?.[part];
  switch (of) {
    case 'body': return bodySteps(reference, step, path, message);
    case 'headers': return path.length > 0 || !message ? [] : named(reference, step, headerNames(message));
    case 'cookies': return path.length > 0 || !message ? [] : named(reference, step, cookieNames(message));
    default: return [];
  }
}

/** The longest name of a request that the text begins with, a dot behind it; names may hold dots. */
function nameBefore(typed: string, isRequest: (name: string) => boolean): string | undefined {
  const most = typed.slice(0, longestName);
  for (let dot = most.lastIndexOf('.'); dot > 0; dot = most.lastIndexOf('.', dot - 1)) {
    const name = most.slice(0, dot);
    if (isRequest(name)) return name;
  }
  return undefined;
}

/** Longer than any name that is typed. */
const longestName = 200;

function stepAt({ text, typed, range }: Token, from: number): Step {
  const start = typed.lastIndexOf('.') + 1;
  let end = typed.length;
  while (end < text.length && /[\w$*-]/.test(text[end]!)) end++;
  const { line, character } = range.start;
  const place = (at: number) => rangeBetween({ line, character: character + at }, { line, character: character + end });
  const before = typed.slice(from, Math.max(from, start - 1)).split('.').filter((word) => word !== '');
  return { before, range: place(start), withDot: place(start - 1) };
}

function parts(reference: OpenReference, { range }: Step, names: readonly string[]): Completion[] {
  return names.map((name, index) => {
    const more = name !== 'status';
    return {
      label: name, kind: 'part', range, sort: sortKey(1, index), topic: { area: 'completion', id: name },
      insert: more ? `${name}.` : closed(name, reference), ...(more ? { again: true } : {}),
    };
  });
}

function named(reference: OpenReference, { range, withDot }: Step, names: readonly string[]): Completion[] {
  return names.map((name, index) => /^[\w-]+$/.test(name)
    ? { label: name, kind: 'key', range, insert: closed(name, reference), sort: sortKey(1, index) }
    : bracketed(reference, withDot, name, index));
}

/** A name that cannot follow a dot replaces it. */
function bracketed(reference: OpenReference, range: Range, name: string, index: number): Completion {
  const quoted = `['${name.replace(/[\\']/g, '\\$&')}']`;
  return {
    label: name, kind: 'key', range, insert: closed(quoted, reference), filter: `.${name}`, sort: sortKey(1, index),
  };
}

function headerNames({ headers }: SeenMessage): string[] {
  return [...new Map(headers.map(([name]) => [name.toLowerCase(), name])).values()].sort();
}

/** RFC 6265 §4.1.1: what stands before the equals sign of `Set-Cookie`. */
function cookieNames({ headers }: SeenMessage): string[] {
  const cookies = headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'set-cookie' ? [value.split('=', 1)[0]!.trim()] : []);
  return [...new Set(cookies)].filter((name) => name !== '');
}

// --- what a body holds -------------------------------------------------------------------------------

/** Of one object or array, how many steps are offered. */
const mostSteps = 200;

/** A body larger than this is not looked into while typing. */
const largestBody = 1024 * 1024;

function bodySteps(
  reference: OpenReference, step: Step, path: readonly string[], message: SeenMessage | undefined,
): Completion[] {
  if (path.length === 0) {
    return [
      {
        label: '$', kind: 'part', range: step.range, insert: '$.', sort: sortKey(1), again: true,
        topic: { area: 'completion', id: 'json-path' },
      },
      {
        label: '*', kind: 'part', range: step.range, insert: closed('*', reference), sort: sortKey(2),
        topic: { area: 'completion', id: 'whole-body' },
      },
    ];
  }
  if (path[0] === undefined || !path[0].startsWith('$')) return [];
  const value = valueAt(jsonOf(message), path);
  if (Array.isArray(value)) return arraySteps(reference, step, value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).slice(0, mostSteps).map(([key, inner], index): Completion => {
    const detail = shortly(inner);
    if (!/^[A-Za-z_]\w*$/.test(key)) return { ...bracketed(reference, step.withDot, key, index), detail };
    const insert = ending(key, inner, reference);
    return { label: key, kind: 'key', range: step.range, insert, sort: sortKey(1, index), detail };
  });
}

/** A value that holds more is not closed yet. */
function ending(key: string, inner: unknown, reference: OpenReference): string {
  return typeof inner === 'object' && inner !== null ? key : closed(key, reference);
}

function arraySteps(reference: OpenReference, { withDot }: Step, value: readonly unknown[]): Completion[] {
  return value.slice(0, 20).map((inner, index) => ({
    label: `[${index}]`, kind: 'key', range: withDot, insert: ending(`[${index}]`, inner, reference),
    filter: `.[${index}]`, sort: sortKey(1, index), detail: shortly(inner),
  }));
}

function jsonOf(message: SeenMessage | undefined): unknown {
  if (!message?.content || message.content.length > largestBody) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(message.content)) as unknown;
  } catch {
    return undefined;
  }
}

/** Follows `$`, `items[0]`, `name`; other forms of JSONPath (RFC 9535) lead nowhere here. */
function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path.flatMap(keysOf)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function keysOf(word: string): string[] {
  const bracket = word.indexOf('[');
  const name = bracket < 0 ? word : word.slice(0, bracket);
  const indexes = bracket < 0 ? []
    : word.slice(bracket).split('[').slice(1).map((one) => one.replace(/^['"]|['"]?\]$/g, ''));
  return [...(name === '' || name === '$' ? [] : [name]), ...indexes];
}

function shortly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) return '{…}';
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
