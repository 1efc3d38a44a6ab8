import type { Socket } from 'node:net';
import type { Tap } from './tap.ts';

/** A connection as the lab counts it: `number` from 1 since the start, `requests` from 1 on it. */
export interface LabConnection {
  readonly number: number;
  /** Monotonic ms. */
  readonly acceptedAt: number;
  readonly scheme: 'http' | 'https';
  readonly peerAddress: string;
  readonly peerPort: number;
  /** The TCP connection itself, to reset it. */
  readonly raw: Socket;
  /** Present once HTTP is spoken on it. */
  tap: Tap | undefined;
  requests: number;
  /** Those not yet over. */
  readonly responses: Set<{ readonly headersSent: boolean }>;
}
