import { createHash } from 'node:crypto';
import type { Answer } from '../http/answer.ts';

/** The answers to requests with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). */
export interface KeyedAnswers {
  /** `other`: the key was used for another request. */
  find(key: string, request: Buffer): Answer | 'other' | undefined;
  keep(key: string, request: Buffer, answer: Answer): void;
  clear(): void;
}

/** Remembers at most `most` answers; for a new one the oldest goes. */
export function createKeyedAnswers(most: number): KeyedAnswers {
  const kept = new Map<string, { readonly digest: string; readonly answer: Answer }>();
  const digestOf = (request: Buffer) => createHash('sha256').update(request).digest('base64');
  return {
    find(key, request) {
      const known = kept.get(key);
      return known && (known.digest === digestOf(request) ? known.answer : 'other');
    },
    keep(key, request, answer) {
      const oldest = kept.keys().next();
      if (kept.size >= most && !oldest.done) kept.delete(oldest.value);
      kept.set(key, { digest: digestOf(request), answer });
    },
    clear: () => kept.clear(),
  };
}

/** The key of a field, with or without quotation marks; undefined: it is no key. */
export function readKey(field: string): string | undefined {
  return /^"?([\x21\x23-\x5b\x5d-\x7e]{1,200})"?$/.exec(field.trim())?.[1];
}
