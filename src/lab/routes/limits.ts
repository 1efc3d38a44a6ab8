import type { Shortage, SmallServer } from '../faults/smallServer.ts';
import { problem } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';
import { leadingTo } from './faults.ts';
import { faultSummaries } from './faultSummaries.ts';
import { wholeNumber } from './numbers.ts';

const longest = 5000;
const usual = '1000';

/** Lead to a server that is full for `?ms=`; with 0 it is not, and tells of the times when it was. */
export function createLimitRoutes(small: SmallServer): readonly Route[] {
  const lesson = (name: string, shortage: Shortage): Route => ({
    pattern: `GET /faults/${name}`, name: `faults/${name}`, summary: faultSummaries[name]!, example: `/faults/${name}`,
    async handler({ head }) {
      const time = wholeNumber(head.query.get('ms') ?? usual, 0, longest);
      if (time === undefined) return problem(400, `ms goes up to ${longest}.`);
      const port = await small.fill(shortage, time);
      if (port === undefined) return problem(501, 'There is no such limit on this system.');
      return leadingTo(`http://lab.test:${port}/`, name);
    },
  });
  return [lesson('connection-limit', 'connections'), lesson('descriptor-limit', 'descriptors')];
}
