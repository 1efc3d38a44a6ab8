import { mostCookieLimits, mostLookupLimits } from '../trace/request.ts';
import { count } from './figures.ts';

/** The options of a set of limits: one for each, which takes a number. */
interface LimitOptions<Limit extends string, Option extends string> {
  /** For `parseArgs`. */
  readonly options: Record<Option, { type: 'string' }>;
  /**
   * The limits that are given.
   *
   * @throws UsageError for a figure that is none, or too large.
   */
  read(values: Readonly<Partial<Record<Option, string | undefined>>>): Partial<Record<Limit, number>>;
}

/** Of name lookups and the connections after them. */
export const lookupLimits = limitOptions({
  tries: 'dns-tries', aliases: 'max-aliases', referrals: 'max-referrals', queries: 'max-queries',
  nameServers: 'max-name-servers', addresses: 'max-addresses',
}, mostLookupLimits);

/** Of the cookies that are stored. */
export const cookieLimits = limitOptions({
  size: 'max-cookie-size', attribute: 'max-cookie-attribute', days: 'max-cookie-days',
  perDomain: 'max-domain-cookies', total: 'max-cookies',
}, mostCookieLimits);

function limitOptions<Limit extends string, Option extends string>(
  optionOf: Readonly<Record<Limit, Option>>, most: Readonly<Record<Limit, number>>,
): LimitOptions<Limit, Option> {
  const all = Object.entries(optionOf) as [Limit, Option][];
  const options = Object.fromEntries(all.map(([, option]) => [option, { type: 'string' }]));
  return {
    options: options as Record<Option, { type: 'string' }>,
    read: (values) => {
      const limits = all.map(([limit, option]) => [limit, count(`--${option}`, values[option], most[limit])] as const);
      return Object.fromEntries(limits.filter(([, value]) => value !== undefined)) as Partial<Record<Limit, number>>;
    },
  };
}
