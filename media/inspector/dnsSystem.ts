import type { TemplateResult } from 'lit';
import { explainSystemLookup } from '../../src/explain/stepDetails.ts';
import type { SystemLookup } from '../../src/trace/systemLookup.ts';
import { factList, factRow } from './factList.ts';
import type { View } from './state.ts';

/** What the operating system's resolver was asked, and what its files say it goes by. */
export function systemFacts({ language }: View, system: SystemLookup): TemplateResult {
  return factList(explainSystemLookup(system, language).map(factRow));
}
