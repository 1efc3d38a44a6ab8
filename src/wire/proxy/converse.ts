import type { Socket } from 'node:net';
import type { Failure } from '../../trace/failure.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';

/** What a chunk leads to: the end, with a failure or with what came behind the last byte read, or a shorter wait. */
export type Heard =
  | { readonly failure: Failure }
  | { readonly rest: Buffer }
  /** Go on, but for so long at most, ms. */
  | { readonly within: number };

/** Our side of a talk with a proxy. */
export interface Dialogue {
  /** Undefined: more is needed. */
  read(chunk: Buffer): Heard | undefined;
  /** The proxy closed, or the socket broke. */
  ended(error: Error | undefined): Failure;
  timedOut(limit: number): Failure;
}

interface ConverseOptions {
  /** ms */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly schedule?: Schedule;
}

/**
 * Leads a dialogue over `socket` to its end; `start` says the first word. Gives undefined when it ended well, the
 * socket paused and whatever came behind pushed back to it; else the failure, the socket destroyed. Never rejects.
 */
export function converse(
  socket: Socket, dialogue: Dialogue, start: () => void, options: ConverseOptions,
): Promise<Failure | undefined> {
  const { timeout, signal, schedule = systemSchedule } = options;
  return new Promise((resolve) => {
    let stopTimeout = (): void => {};
    const limit = (ms: number): void => {
      stopTimeout();
      stopTimeout = schedule.after(ms, () => finish(dialogue.timedOut(ms)));
    };
    const finish = (failure?: Failure): void => {
      stopTimeout();
      signal?.removeEventListener('abort', cancel);
      socket.off('data', read).off('end', ended).off('close', ended).off('error', ended);
      if (failure) socket.on('error', () => {}).destroy();
      resolve(failure);
    };
    const read = (chunk: Buffer): void => {
      const heard = dialogue.read(chunk);
      if (!heard) return;
      if ('failure' in heard) return finish(heard.failure);
      if ('within' in heard) return limit(heard.within);
      socket.pause();
      finish();
      if (heard.rest.length > 0) socket.unshift(heard.rest);
    };
    const ended = (error?: unknown): void => finish(dialogue.ended(error instanceof Error ? error : undefined));
    const cancel = (): void => finish({ phase: 'proxy', code: 'cancelled', confidence: 'certain' });
    limit(timeout);
    if (signal?.aborted) return cancel();
    if (socket.destroyed) return ended(socket.errored ?? undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    socket.on('data', read).on('end', ended).on('close', ended).on('error', ended);
    start();
    // The hop before may have left it paused.
    socket.resume();
  });
}
