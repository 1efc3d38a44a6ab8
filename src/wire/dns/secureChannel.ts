import type { DnsConnection } from '../../trace/dnsStep.ts';
import type { FieldLine } from '../../trace/request.ts';
import type { Holder } from './schedule.ts';

// What is asked over one connection to a name server over TLS or HTTPS.

/** The largest DNS message (RFC 1035 §4.2.2: its length takes two octets). */
export const messageLimit = 65_535;

/** `unref` lets the process end without it. */
export interface SecureChannel extends Holder {
  readonly facts: DnsConnection;
  /** The server, or an error, has closed it. */
  isEnded(): boolean;
  /** Sends a query and gives the answer's bytes; rejects with why not. */
  ask(query: Buffer, signal: AbortSignal): Promise<Said>;
  close(): void;
}

/** An answer, and the HTTP that carried it. */
export interface Said {
  readonly bytes: Buffer;
  /** Of HTTPS. */
  readonly statusCode?: number;
  readonly requestHeaders?: readonly FieldLine[];
  readonly responseHeaders?: readonly FieldLine[];
}

/** More was coming than a DNS message can be. */
export class TooLong extends Error {
  constructor() {
    super(`more than ${messageLimit} bytes`);
  }
}

/** HTTP was spoken, but what came holds no answer. */
export class WrongAnswer extends Error {
  readonly said: Said;

  constructor(message: string, said: Said) {
    super(message);
    this.said = said;
  }
}

/** A promise that any of the signals rejects; `start` gives what undoes it. */
export function settled<T>(
  signals: readonly AbortSignal[],
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const signal = AbortSignal.any([...signals]);
    if (signal.aborted) return reject(reasonOf(signal));
    const end = (): void => {
      signal.removeEventListener('abort', abort);
      undo();
    };
    const abort = (): void => {
      end();
      reject(reasonOf(signal));
    };
    let undo = (): void => {};
    signal.addEventListener('abort', abort);
    undo = start(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : cancelled();
}

/** What ends with the signal it was given. */
export function cancelled(): Error {
  return new Error('cancelled, or no answer in time');
}
