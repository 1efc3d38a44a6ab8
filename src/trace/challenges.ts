import type { FieldLine } from './request.ts';

/** One challenge of `WWW-Authenticate` or `Proxy-Authenticate` (RFC 9110 §11.6.1). */
export interface Challenge {
  /** As written; compared without regard to case. */
  readonly scheme: string;
  /** Instead of parameters, such as what NTLM and Negotiate carry. */
  readonly token68?: string;
  /** By name in lower case, quotes removed; of two with one name the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** No more are read of one response: a head has at most 64 KiB, but each costs memory. */
const most = { challenges: 32, parameters: 64 };

/**
 * Every challenge of the fields called `name` (in lower case), in order. A field may hold several, and their
 * commas are those of their parameters, too (RFC 9110 §11.6.1): a word that is not followed by `=` begins the next
 * one. What cannot be read ends its field; nothing is thrown.
 */
export function challengesOf(headers: readonly FieldLine[], name = 'www-authenticate'): Challenge[] {
  const found: Challenge[] = [];
  for (const [field, value] of headers) {
    if (field.toLowerCase() === name) readField(value, found);
  }
  return found;
}

/** The first challenge of a scheme, given in lower case. */
export function challengeOf(challenges: readonly Challenge[], scheme: string): Challenge | undefined {
  return challenges.find((one) => one.scheme.toLowerCase() === scheme);
}

interface Open {
  readonly scheme: string;
  token68?: string;
  readonly parameters: Map<string, string>;
}

function readField(value: string, found: Challenge[]): void {
  let at = 0;
  let current: Open | undefined;
  while (at < value.length && found.length <= most.challenges) {
    at = skip(value, at, separators);
    const parameter = current && parameterAt(value, at);
    if (parameter) {
      const { name, text, end } = parameter;
      if (!current!.parameters.has(name) && current!.parameters.size < most.parameters) {
        current!.parameters.set(name, text);
      }
      at = end;
      continue;
    }
    const scheme = tokenAt(value, at);
    if (scheme === '' || found.length === most.challenges) return;
    found.push(current = { scheme, parameters: new Map() });
    at = skip(value, at + scheme.length, blanks);
    const token = token68At(value, at);
    if (token === '') continue;
    current.token68 = token;
    at += token.length;
  }
}

const separators = /[\s,]/;
const blanks = /\s/;

function skip(text: string, from: number, what: RegExp): number {
  let at = from;
  while (at < text.length && what.test(text[at]!)) at += 1;
  return at;
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]*/y;

/** RFC 9110 §5.6.2. */
function tokenAt(text: string, at: number): string {
  token.lastIndex = at;
  return token.exec(text)![0];
}

const token68 = /[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y;

/** RFC 9110 §11.2: unlike a parameter, it stands alone up to a comma or the end. */
function token68At(text: string, at: number): string {
  token68.lastIndex = at;
  return token68.exec(text)?.[0] ?? '';
}

/** `name = value`, with blanks that should not be there (RFC 9110 §11.2: BWS); the value a token or quoted. */
function parameterAt(text: string, from: number): { name: string; text: string; end: number } | undefined {
  const name = tokenAt(text, from);
  if (name === '') return undefined;
  const equals = skip(text, from + name.length, blanks);
  if (text[equals] !== '=') return undefined;
  const at = skip(text, equals + 1, blanks);
  const lower = name.toLowerCase();
  if (text[at] === '"') return { name: lower, ...quotedAt(text, at + 1) };
  // Beyond tokens: what servers leave unquoted by mistake, such as a realm with slashes.
  const bare = /^[^\s,"]*/.exec(text.slice(at))![0];
  return { name: lower, text: bare, end: at + bare.length };
}

/** RFC 9110 §5.6.4: a backslash makes what follows it plain; without a closing quote, the rest of the field. */
function quotedAt(text: string, from: number): { text: string; end: number } {
  let value = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') return { text: value, end: at + 1 };
    if (character === '\\' && at + 1 < text.length) value += text[at += 1]!;
    else value += character;
  }
  return { text: value, end: text.length };
}
