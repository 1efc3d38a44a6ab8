import { isLabLimit, labLimitNames, labLimits, limitOption } from '../run/labLimits.ts';
import type { LabLimits } from '../run/labLimits.ts';
import { duration, sizeWithUnit } from './figures.ts';
import { UsageError } from './usageError.ts';

export const labLimitOptions = {
  'max-connections': { type: 'string' }, 'head-timeout': { type: 'string' }, 'request-timeout': { type: 'string' },
  'keep-alive-timeout': { type: 'string' }, 'max-body': { type: 'string' }, 'workers': { type: 'string' },
} as const;

type Values = { readonly [K in keyof typeof labLimitOptions]?: string };

/** @throws UsageError for what is no figure, and for one that the lab does not take. */
export function limitsOf(values: Values): LabLimits {
  return Object.fromEntries(labLimitNames.flatMap((name) => {
    const option = limitOption(name);
    const text = values[option.slice(2) as keyof Values];
    if (text === undefined) return [];
    const value = name.endsWith('Timeout') ? duration(option, text)
      : name === 'maxBody' ? sizeWithUnit(option, text) : /^\d{1,10}$/.test(text) ? Number(text) : undefined;
    if (isLabLimit(name, value)) return [[name, value]];
    const [least, most] = labLimits[name];
    const unit = name.endsWith('Timeout') ? ' ms' : name === 'maxBody' ? ' B' : '';
    throw new UsageError('lab-limit', { option, text, least: `${least}${unit}`, most: `${most}${unit}` });
  }));
}
