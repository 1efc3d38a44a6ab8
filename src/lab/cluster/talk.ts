import type { Doorway } from '../http/doorway.ts';
import type { LabLimits } from '../limits.ts';
import type { RequestAccount } from '../messages.ts';
import type { StoreSetting } from '../shop/storeSetting.ts';

// What the cluster's primary and its workers say to each other.

export type ToWorker =
  | { readonly type: 'start'; readonly ports: WorkerPorts; readonly limits: LabLimits; readonly keeping: Keeping }
  /** A connection comes with it, and since when somebody listens where it came in. */
  | { readonly type: 'connection'; readonly clientPort: number; readonly listening: Doorway['listening'] }
  | { readonly type: 'reply'; readonly id: number; readonly value?: unknown; readonly error?: string }
  /** Some of the lab's servers listen elsewhere than before. */
  | { readonly type: 'ports'; readonly ports: WorkerPorts }
  /** Those that it alone knows. */
  | { readonly type: 'clear-sessions' };

/** Where sessions are kept, and what those of memory and shared ones are signed with, in base64. */
export interface Keeping {
  readonly setting: StoreSetting;
  readonly key: string;
}

export interface WorkerPorts {
  readonly https: number;
  readonly front: readonly number[];
}

export type FromWorker =
  /** It listens on `port`, too, all by itself. */
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'account'; readonly account: RequestAccount }
  /** What there is so far of requests that are not over. */
  | { readonly type: 'under-way'; readonly accounts: readonly RequestAccount[] }
  /** A connection that was handed over is over. */
  | { readonly type: 'closed'; readonly clientPort: number }
  /** How much it has done and keeps by now; told some time after a request. */
  | { readonly type: 'served'; readonly requests: number; readonly sessions: number }
  /** The last word. */
  | { readonly type: 'leaving' }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question; readonly value: string };

/** What the primary knows for all workers: the shared sessions, the key of the certificate authority, the books. */
export type Question = 'load' | 'create' | 'assign' | 'end' | 'size' | 'clear' | 'issue' | 'books';
