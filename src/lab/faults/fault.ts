import type { LabConnection } from '../http/connection.ts';
import type { NodeResponse } from '../http/send.ts';
import type { ServerEvent } from '../messages.ts';

/** What a fault breaks: a response that has not begun, and the connection it would have gone over. */
export interface Victim {
  readonly response: NodeResponse;
  readonly connection: LabConnection;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Where a response begins all the same, the account has it. */
  readonly tell: (event: ServerEvent) => void;
}

/** A way not to answer properly. */
export interface Fault {
  /** What the account of the request calls it. */
  readonly name: string;
  /** It leaves nobody to tell what comes after it. */
  readonly isFatal?: true;
  /** Resolves when there is nothing more to do; what it opened or waits for ends with the client or after a time. */
  readonly strike: (victim: Victim) => void | Promise<void>;
}
