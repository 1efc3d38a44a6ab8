import type { Routing } from '../routing/mux.ts';
import { problem } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Route } from './handler.ts';
import type { RequestHead } from './requestHead.ts';

/** The answer to a request that no route takes. */
export function unrouted(
  routing: Exclude<Routing<Route>, { outcome: 'found' }>, head: RequestHead,
): Answer {
  switch (routing.outcome) {
    case 'redirect': {
      const query = head.query.size > 0 ? `?${head.query}` : '';
      const location = `${routing.path}${query}`;
      return problem(307, `The page is at ${location}.`, [['Location', location]]);
    }
    case 'not-found':
      return problem(404, `Nothing is at ${head.path}. The page / lists what there is.`);
    case 'method-not-allowed': {
      const allow = routing.allow.join(', ');
      return problem(405, `${head.path} answers ${allow}, not ${head.method}.`, [['Allow', allow]]);
    }
    case 'malformed': return problem(400, 'The path has a malformed percent-escape.');
  }
}
