import type { ConnectionEvent } from '../../trace/event.ts';
import type { PhaseName } from '../../trace/failure.ts';

/** The step that is under way on a connection which is being made. */
export function phaseUnderWay(events: readonly ConnectionEvent[]): PhaseName {
  for (const { type } of events.toReversed()) {
    if (type === 'tls-start') return 'tls';
    if (type === 'proxy-start') return 'proxy';
    if (type === 'attempt-start') return 'tcp';
    if (type === 'dns-start') return 'dns';
    if (type === 'connected') return 'blocked';
  }
  return 'blocked';
}
