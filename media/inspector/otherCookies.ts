import type { FromInspector, ToInspector } from '../../src/protocol.ts';
import type { OtherCookies } from '../../src/trace/storedCookie.ts';

/** What came of a question: without cookies, the jar that they were in is gone. */
type Answer = Pick<Extract<ToInspector, { type: 'other-cookies' }>, 'others'>;

/** Asks which cookies of other sites the jar holds, and remembers the answer for the exchange on the screen. */
export interface OtherCookiesReader {
  ask(exchangeId: string): void;
  /** Undefined until the answer is here. */
  of(exchangeId: string): { readonly others?: OtherCookies } | undefined;
  receive(message: Extract<ToInspector, { type: 'other-cookies' }>): void;
}

/** `changed` is called when an answer has come. */
export function createOtherCookiesReader(
  post: (message: FromInspector) => void, changed: () => void,
): OtherCookiesReader {
  let asked: { readonly exchangeId: string; readonly readId: number; answer?: Answer } | undefined;
  let lastReadId = 0;
  return {
    ask: (exchangeId) => {
      lastReadId += 1;
      asked = { exchangeId, readId: lastReadId };
      post({ type: 'read-other-cookies', readId: lastReadId, exchangeId });
    },
    of: (exchangeId) => asked?.exchangeId === exchangeId ? asked.answer : undefined,
    receive: ({ readId, others }) => {
      if (asked?.readId !== readId) return;
      asked.answer = others ? { others } : {};
      changed();
    },
  };
}
