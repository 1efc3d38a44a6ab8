import type { ServerLimits } from './http/httpServers.ts';

/** In ms and bytes, and how many there may be. */
export interface LabLimits extends ServerLimits {
  readonly bodyLimit: number;
  readonly sessionIdleTimeout: number;
  readonly sessionLifetime: number;
  readonly maxSessions: number;
  /** Of the cluster at its start. */
  readonly workers: number;
}

/** More than these are not added later, either. */
export const mostWorkers = 8;

const usual: LabLimits = {
  headTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  maxConnections: 256,
  bodyLimit: 1_048_576,
  sessionIdleTimeout: 30 * 60_000,
  sessionLifetime: 8 * 60 * 60_000,
  maxSessions: 1000,
  workers: 2,
};

/** The usual limits but for those that are given. The head is a part of the request: it cannot take longer. */
export function limitsWith(given: Partial<LabLimits> = {}): LabLimits {
  const limits = { ...usual, ...given };
  return { ...limits, headTimeout: Math.min(limits.headTimeout, limits.requestTimeout) };
}

const time = [100, 3_600_000] as const;

/** By their names on the command line, with the least and the most. */
const settable: Readonly<Record<string, readonly [keyof LabLimits, least: number, most: number]>> = {
  'max-connections': ['maxConnections', 1, 999_999],
  'head-timeout': ['headTimeout', ...time],
  'request-timeout': ['requestTimeout', ...time],
  'keep-alive-timeout': ['keepAliveTimeout', ...time],
  'max-body': ['bodyLimit', 1, 1_073_741_824],
  'workers': ['workers', 1, mostWorkers],
};

/** What a word such as `--head-timeout=10000` sets; undefined when it sets no limit, or to what it cannot be. */
export function limitIn(word: string): Partial<LabLimits> | undefined {
  const [, option = '', digits] = /^--([a-z-]+)=(\d{1,10})$/.exec(word) ?? [];
  const found = Object.hasOwn(settable, option) ? settable[option] : undefined;
  if (!found) return undefined;
  const [name, least, most] = found;
  const value = Number(digits);
  return value >= least && value <= most ? { [name]: value } : undefined;
}
