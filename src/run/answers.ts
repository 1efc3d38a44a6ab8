import type { FromEngine } from '../protocol.ts';

type Answer = Extract<FromEngine, { readonly readId: number }>;
type AnswerOf<T extends Answer['type']> = Extract<Answer, { readonly type: T }>;

/** Questions to the engine that wait for their answers, each known by a number of its own. */
interface Answers {
  /**
   * Asks by `post`, which says whether there is anybody to ask. Resolves with the answer of that type; undefined when
   * nobody was there, or the engine ended meanwhile.
   */
  ask<T extends Answer['type']>(type: T, post: (readId: number) => boolean): Promise<AnswerOf<T> | undefined>;
  /** An answer that nobody waits for is passed over. */
  give(answer: Answer): void;
  /** The engine is gone: nothing that waits will be answered. */
  abandon(): void;
}

/** Nothing waits yet; the numbers begin with 1. */
export function createAnswers(): Answers {
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  let last = 0;
  return {
    ask: async <T extends Answer['type']>(type: T, post: (readId: number) => boolean) => {
      const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
      const readId = ++last;
      waiting.set(readId, resolve);
      if (!post(readId)) {
        waiting.delete(readId);
        resolve(undefined);
      }
      const answer = await promise;
      return answer?.type === type ? answer as AnswerOf<T> : undefined;
    },
    give: (answer) => {
      waiting.get(answer.readId)?.(answer);
      waiting.delete(answer.readId);
    },
    abandon: () => {
      for (const resolve of waiting.values()) resolve(undefined);
      waiting.clear();
    },
  };
}
