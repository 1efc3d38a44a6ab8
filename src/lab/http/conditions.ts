import { parseHttpDate } from './httpDate.ts';
import type { RequestHead } from './requestHead.ts';

/** What conditions are compared with: the state of a resource before the request. */
export interface Validators {
  /** Strong entity tags with their quotes, one for each representation; none: there is no such resource. */
  readonly etags: readonly string[];
  /** ms since 1970; what does not exist was never modified. */
  readonly modifiedAt?: number;
}

/** `failed` names the field whose condition is false. */
export type Verdict =
  | { readonly outcome: 'go-on' }
  | { readonly outcome: 'not-modified' }
  | { readonly outcome: 'failed'; readonly field: string };

const goOn = { outcome: 'go-on' } as const;

/** Evaluates the conditions of a request in the order of RFC 9110 §13.2.2; If-Range is for ranges. */
export function evaluate(head: RequestHead, current: Validators): Verdict {
  const isRead = head.method === 'GET' || head.method === 'HEAD';
  const match = listed(head, 'if-match');
  // Step 2 counts only without step 1, and step 4 only without step 3.
  const before = match === undefined ? matchesDate(head, 'if-unmodified-since', current) : undefined;
  // §13.1.1: only the strong comparison fits here, and so a weak tag never does.
  if (match !== undefined && !names(match, current, false)) return { outcome: 'failed', field: 'If-Match' };
  if (before === false) return { outcome: 'failed', field: 'If-Unmodified-Since' };
  const none = listed(head, 'if-none-match');
  if (none !== undefined) {
    if (!names(none, current, true)) return goOn;
    return isRead ? { outcome: 'not-modified' } : { outcome: 'failed', field: 'If-None-Match' };
  }
  const isUnmodified = isRead && matchesDate(head, 'if-modified-since', current) === true;
  return isUnmodified ? { outcome: 'not-modified' } : goOn;
}

/** Whether a request may be made on one state only: one of the fields by which to forbid a lost update. */
export function isConditional(head: RequestHead): boolean {
  return head.all('if-match').length > 0 || head.all('if-unmodified-since').length > 0;
}

/** RFC 9110 §13.1.5: a range of what the client has part of, which is either the very same or sent whole. */
export function ifRangeHolds(head: RequestHead, etag: string, modifiedAt: number, now: number): boolean {
  const field = head.first('if-range');
  if (field === undefined) return true;
  if (field.startsWith('"')) return field === etag;
  const since = parseHttpDate(field);
  // §8.8.2.2: a date is strong only when a second change within its second can be ruled out.
  return since === seconds(modifiedAt) && now - modifiedAt >= 1000;
}

function listed(head: RequestHead, field: string): string | undefined {
  const values = head.all(field);
  return values.length === 0 ? undefined : values.join(', ');
}

/** RFC 9110 §8.8.3.2; `*` stands for whatever there is. */
function names(list: string, { etags }: Validators, isWeakEnough: boolean): boolean {
  if (list.trim() === '*') return etags.length > 0;
  const tags = list.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.some((tag) => etags.includes(isWeakEnough ? tag.replace(/^W\//, '') : tag));
}

/** Whether there was no change since the date; undefined when the field is absent or no date (§13.1.3, §13.1.4). */
function matchesDate(head: RequestHead, field: string, { modifiedAt }: Validators): boolean | undefined {
  const [written = '', ...more] = head.all(field);
  const since = more.length === 0 ? parseHttpDate(written) : undefined;
  if (since === undefined || modifiedAt === undefined) return undefined;
  return seconds(modifiedAt) <= since;
}

function seconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
