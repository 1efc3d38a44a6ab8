import type { CookieLimits } from '../../trace/request.ts';

/** The value of a `Set-Cookie` field, taken apart (RFC 6265bis §5.6); a name may be empty. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** The last value of each attribute, by its name in lower case; without those that are too long. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Those that mean something and are too long. */
  readonly ignored: readonly string[];
  readonly fault?: 'syntax' | 'size' | 'nameless';
}

/** Takes a `Set-Cookie` value apart; what makes the whole of it worthless is its `fault`. */
export function parseSetCookie(text: string, limits: Pick<CookieLimits, 'size' | 'attribute'>): SetCookie {
  const [pair = '', ...rest] = text.split(';');
  const equals = pair.indexOf('=');
  // §5.6, step 3: without a `=` everything is the value.
  const name = trimmed(pair.slice(0, Math.max(0, equals)));
  const value = trimmed(pair.slice(equals + 1));
  const attributes = new Map<string, string>();
  const ignored: string[] = [];
  for (const one of rest) {
    const at = one.indexOf('=');
    const attribute = trimmed(at === -1 ? one : one.slice(0, at)).toLowerCase();
    const said = at === -1 ? '' : trimmed(one.slice(at + 1));
    if (Buffer.byteLength(said) <= limits.attribute) note(attributes, attribute, said);
    else if (meant.has(attribute)) ignored.push(attribute);
  }
  const fault = faultOf(text, name, value, limits.size);
  return { name, value, attributes, ignored, ...(fault ? { fault } : {}) };
}

/** §5.6: of other attributes nothing is taken anyway. */
const meant: ReadonlySet<string> = new Set([
  'expires', 'max-age', 'domain', 'path', 'secure', 'httponly', 'samesite', 'partitioned',
]);

function faultOf(text: string, name: string, value: string, size: number): SetCookie['fault'] {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) return 'syntax';
  if (Buffer.byteLength(name) + Buffer.byteLength(value) > size) return 'size';
  // §5.7, step 2.
  return name === '' && value === '' ? 'nameless' : undefined;
}

/** §5.6.1 and §5.6.2: an attribute that cannot be read is none; so the one before it still counts. */
function note(attributes: Map<string, string>, attribute: string, value: string): void {
  if (attribute === 'max-age' && !/^-?\d+$/.test(value)) return;
  attributes.set(attribute, value);
}

/** Without the white space of RFC 5234 around it. */
function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
