import type { FromLab } from '../protocol.ts';
import type { Mutable } from '../trace/mutable.ts';
import type { LabAccount } from './labClient.ts';

/** The accounts of a message that brings several, each as if it had come by itself; throws for what is no JSON. */
export function accountsIn({ since, json }: Pick<Extract<FromLab, { type: 'accounts' }>, 'since' | 'json'>): LabAccount[] {
  const accounts = JSON.parse(json) as Mutable<LabAccount>[];
  for (const account of accounts) {
    account.type = 'events';
    // Nobody else has them.
    for (const event of account.events as Mutable<LabAccount['events'][number]>[]) {
      event.at = timeOf(since, event.at);
      if ('startAt' in event) event.startAt = timeOf(since, event.startAt);
    }
  }
  return accounts;
}

/** In ms again, with no more digits than it was written down with. */
function timeOf(since: number, after: number): number {
  return Math.round(since * 1000 + after) / 1000;
}
