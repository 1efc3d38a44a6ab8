import type { Routing } from '../routing/mux.ts';
import { problem } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Route } from './handler.ts';
import type { RequestHead } from './requestHead.ts';

/** RFC 9112 §3.2.4: `OPTIONS *` is about no path; its route stands at this one. */
export const wholeServer = '/*';

type Unrouted = Exclude<Routing<Route>, { outcome: 'found' }>;

/** Of the answer to a request that no route takes, by why not. */
export const unroutedStatus = {
  'redirect': 307, 'not-found': 404, 'method-not-allowed': 405, 'malformed': 400,
} as const satisfies Readonly<Record<Unrouted['outcome'], number>>;

/** The answer to a request that no route takes. */
export function unrouted(routing: Unrouted, head: RequestHead): Answer {
  switch (routing.outcome) {
    case 'redirect': {
      const query = head.query.size > 0 ? `?${head.query}` : '';
      const location = `${routing.path}${query}`;
      return problem(unroutedStatus.redirect, `The page is at ${location}.`, [['Location', location]]);
    }
    case 'not-found':
      return problem(unroutedStatus['not-found'], `Nothing is at ${head.path}. The page / lists what there is.`);
    case 'method-not-allowed': {
      const allow = routing.allow.join(', ');
      return problem(
        unroutedStatus['method-not-allowed'], `${head.path} answers ${allow}, not ${head.method}.`, [['Allow', allow]],
      );
    }
    case 'malformed': return problem(unroutedStatus.malformed, 'The path has a malformed percent-escape.');
  }
}
