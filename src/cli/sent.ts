import { recordedFrom } from '../run/responses/responses.ts';
import type { ReadContent, Responses } from '../run/responses/responses.ts';
import type { Exchange } from '../trace/exchange.ts';

/** The requests sent in this run, for references to what they got. */
export interface Sent extends Responses {
  /** Gives those of the same name that nobody refers to any more. */
  add(exchanges: readonly Exchange[]): readonly Exchange[];
  /** Whether the last send of that name got a response. */
  hasResponse(name: string): boolean;
}

/** Nothing sent yet. `read` gives contents. */
export function createSent(read: ReadContent): Sent {
  const latest = new Map<string, readonly Exchange[]>();
  return {
    add: (exchanges) => {
      const name = exchanges[0]?.spec.name;
      if (name === undefined) return [];
      const replaced = latest.get(name) ?? [];
      latest.set(name, exchanges);
      return replaced;
    },
    hasResponse: (name) => (latest.get(name)?.at(-1)?.response?.statusCode ?? 0) > 0,
    latest: async (name) => {
      const exchanges = latest.get(name);
      return exchanges && recordedFrom(exchanges, read);
    },
  };
}
