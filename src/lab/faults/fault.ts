import type { LabConnection } from '../http/connection.ts';
import type { NodeResponse } from '../http/send.ts';

/** What a fault breaks: a response that has not begun, and the connection it would have gone over. */
export interface Victim {
  readonly response: NodeResponse;
  readonly connection: LabConnection;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/** A way not to answer properly. */
export interface Fault {
  /** What the account of the request calls it. */
  readonly name: string;
  /** Resolves when there is nothing more to do; what it opened or waits for ends with the client or after a time. */
  readonly strike: (victim: Victim) => void | Promise<void>;
}
