import type { ServerEvent } from '../messages.ts';
import type { AcceptFailure } from './acceptWatch.ts';

/** Where connections come in; what there is to tell of it is told with the first request of a connection. */
export interface Doorway {
  readonly listening: Extract<ServerEvent, { type: 'listening' }>;
  /** Not told yet. */
  readonly failures: readonly AcceptFailure[];
  readonly isClosing: boolean;
}

/** The doorway as the listener has it. */
export interface OwnDoorway extends Doorway {
  readonly failures: AcceptFailure[];
  isClosing: boolean;
}

/** Further failures are like the ones before. */
const keptFailures = 32;

/** Keeps a failure until somebody can be told. */
export function keepFailure(failures: AcceptFailure[], failure: AcceptFailure): void {
  if (failures.length < keptFailures) failures.push(failure);
}

/** All that was kept; from now on it counts as told. */
export function takeFailures({ failures }: Doorway): AcceptFailure[] {
  return (failures as AcceptFailure[]).splice(0);
}
