import { mostLookupLimits } from '../trace/request.ts';
import type { LookupLimits } from '../trace/request.ts';
import { count } from './figures.ts';

/** The option of each limit of a name lookup and of the connections after it. */
const optionOf = {
  tries: 'dns-tries', aliases: 'max-aliases', referrals: 'max-referrals', queries: 'max-queries',
  nameServers: 'max-name-servers', addresses: 'max-addresses',
} as const satisfies Record<keyof LookupLimits, string>;

type Option = typeof optionOf[keyof LookupLimits];

/** For `parseArgs`. */
export const lookupLimitOptions = Object.fromEntries(
  Object.values(optionOf).map((option) => [option, { type: 'string' }]),
) as Record<Option, { type: 'string' }>;

/**
 * The limits that are given.
 *
 * @throws UsageError for a figure that is none, or too large.
 */
export function lookupLimitsOf(values: Readonly<Partial<Record<Option, string | undefined>>>): Partial<LookupLimits> {
  const limits = (Object.keys(optionOf) as (keyof LookupLimits)[]).map((limit) =>
    [limit, count(`--${optionOf[limit]}`, values[optionOf[limit]], mostLookupLimits[limit])] as const);
  return Object.fromEntries(limits.filter(([, value]) => value !== undefined));
}
