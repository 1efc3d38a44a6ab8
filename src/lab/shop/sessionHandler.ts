import { problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, LabRequest } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';
import type { Eventually } from './eventually.ts';
import type { SessionStep } from './sessionAccess.ts';
import { StoreFailure } from './sessions.ts';
import type { SessionTerms } from './sessions.ts';

export const noStore: FieldLine = ['Cache-Control', 'no-store'];

/**
 * RFC 9110 §15.5.2 wants a challenge; the scheme is our own, so that no browser asks for a
 * password.
 */
export const challenge: readonly FieldLine[] = [noStore, ['WWW-Authenticate', 'Session realm="shop"']];

/** ms for all that a request asks of a store elsewhere. */
const patience = 950;

/** A handler that answers 503 while the sessions that it needs cannot be had (RFC 9110 §15.6.4), and soon. */
export function sessionHandler(handle: (request: LabRequest) => Eventually<Answer>): Handler {
  return (request) => {
    try {
      const answer = handle(request);
      return answer instanceof Promise ? inTime(answer).catch(unavailable) : answer;
    } catch (error) {
      return unavailable(error);
    }
  };
}

async function inTime(answer: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new StoreFailure('timeout',
    'The session store does not answer in time. See whether it is busy, and try again.')), patience);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(error: unknown): Answer {
  if (!(error instanceof StoreFailure)) throw error;
  return problem(503, error.message, [noStore, ['Retry-After', '1']]);
}

/** 401, with the reason why there is no session. */
export function noSession({ outcome, expiry }: SessionStep): Answer {
  const why = outcome === 'tampered' ? 'This lab did not sign the session id: it was altered, or is from elsewhere.'
    : expiry === 'idle' ? 'The session has expired: it was not used for too long.'
    : expiry === 'absolute' ? 'The session has expired: it had lasted for as long as it may.'
    : outcome === 'unknown' ? 'This server does not know the session.'
    : 'There is no session.';
  return problem(401, `${why} POST /login first.`, challenge);
}

/** In seconds: a lesson takes a few. */
const bounds = { idle: 1800, lifetime: 28_800 } as const;

/** `?idle=2&lifetime=10`, in seconds; an answer that says what is wrong with them. */
export function readTerms({ head: { query } }: LabRequest): Partial<SessionTerms> | Answer {
  const [idle, lifetime] = [query.get('idle'), query.get('lifetime')];
  const isSound = isWithin(idle, bounds.idle) && isWithin(lifetime, bounds.lifetime);
  if (!isSound) {
    return problem(422, `idle is 1 to ${bounds.idle} and lifetime 1 to ${bounds.lifetime}, both in whole seconds.`);
  }
  return {
    ...(idle === null ? {} : { idleTimeout: Number(idle) * 1000 }),
    ...(lifetime === null ? {} : { lifetime: Number(lifetime) * 1000 }),
  };
}

function isWithin(text: string | null, most: number): boolean {
  return text === null || (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= most);
}
