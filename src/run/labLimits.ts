const time = [100, 3_600_000] as const;

/** What the lab can be told of its limits when it starts, with the least and the most: counts, ms and bytes. */
export const labLimits = {
  maxConnections: [1, 999_999], headTimeout: time, requestTimeout: time, keepAliveTimeout: time,
  maxBody: [1, 1_073_741_824], workers: [1, 8],
} as const;

type LabLimit = keyof typeof labLimits;

/** Those that are absent are as the lab has them. */
export type LabLimits = Readonly<Partial<Record<LabLimit, number>>>;

export const labLimitNames = Object.keys(labLimits) as readonly LabLimit[];

export function isLabLimit(name: LabLimit, value: unknown): value is number {
  const [least, most] = labLimits[name];
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** Its option, of the lab's process and of the command line: `--max-connections`. */
export function limitOption(name: LabLimit): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
