import type { AnswerRecord, Message } from './message.ts';
import { canonicalName } from './name.ts';

// RFC 1034 §3.6.2: a CNAME record says that the name is an alias, and the search goes on at its
// target.

/** Where the records of an answer lead from a name. */
type Followed =
  /** `name` is the one that has them. */
  | { readonly kind: 'addresses'; readonly name: string; readonly addresses: readonly string[] }
  /** The answer ends at an alias; `name` is to be asked next. */
  | { readonly kind: 'open'; readonly name: string }
  /** No alias and no record of the type for the last name. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Follows the aliases of an answer from a canonical `name`. `seen` has the names met so far, also
 * in earlier answers, and grows. `mayAnswer` tells if this answer's server may speak for a name; if
 * not, the name is left open. At most `limit` aliases are followed in all.
 */
export function followChain(
  message: Message,
  name: string,
  type: string,
  seen: Set<string>,
  mayAnswer: (name: string) => boolean,
  limit: number,
): Followed {
  const answers = message.records.filter((record) => record.section === 'answer');
  let current = name;
  let followed = false;
  for (;;) {
    if (seen.has(current))
      return { kind: 'broken', reason: `a loop of CNAME records at ${current}` };
    if (followed && !mayAnswer(current)) return { kind: 'open', name: current };
    const addresses = valuesOf(answers, current, type);
    if (addresses.length > 0) return { kind: 'addresses', name: current, addresses };
    const [target] = valuesOf(answers, current, 'CNAME');
    if (target === undefined)
      return followed && isOpen(message) ? { kind: 'open', name: current } : { kind: 'ended' };
    seen.add(current);
    if (seen.size > limit)
      return { kind: 'broken', reason: `more than ${limit} CNAME records` };
    current = canonicalName(target);
    followed = true;
  }
}

/**
 * RFC 2308 §2.1: an SOA, or NXDOMAIN, is about the last name of the chain; without them it was left
 * out.
 */
function isOpen(message: Message): boolean {
  return (
    message.rcode === 'NOERROR'
    && !message.records.some(({ section, type }) => section === 'authority' && type === 'SOA')
  );
}

function valuesOf(answers: readonly AnswerRecord[], name: string, type: string): string[] {
  return answers
    .filter((record) => record.name === name && record.type === type)
    .map(({ value }) => value);
}
