import type { History, Send } from '../history/history.ts';
import { recordedFrom } from './responses.ts';
import type { ReadContent, Responses } from './responses.ts';

/**
 * What the requests of some files got, from the history of this session: of a name the send that began last (C58), in
 * the first file that has one. What an earlier session left has its credentials masked and is not looked at.
 */
export function historyResponses(history: History, read: ReadContent, uris: readonly string[]): Responses {
  return {
    latest: async (name) => {
      const send = latestSend(history, name, uris);
      return send && recordedFrom(history.exchangesOf(send.specId), read);
    },
  };
}

/** The last send of a request of that name. */
export function latestSend(history: History, name: string, uris: readonly string[]): Send | undefined {
  const sends = history.sends().filter(({ spec }) => spec?.name === name);
  for (const uri of uris) {
    const found = sends.findLast(({ spec }) => spec?.source?.uri === uri);
    if (found) return found;
  }
  return undefined;
}
