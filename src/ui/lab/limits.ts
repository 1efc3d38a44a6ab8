import { isLabLimit, labLimitNames } from '../../run/labLimits.ts';
import type { LabLimits } from '../../run/labLimits.ts';
import { setting } from '../settings.ts';

/** `roundtrip.lab.limits`, as far as it names limits that there are, and what they can be. */
export function limitsWanted(): LabLimits {
  const wanted: Readonly<Record<string, unknown>> | null = setting('lab.limits');
  return Object.fromEntries(labLimitNames.flatMap((name) => {
    const value = wanted?.[name];
    return isLabLimit(name, value) ? [[name, value]] : [];
  }));
}
