import { problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { LabRequest } from '../http/handler.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** From a form or JSON: `user` and `password`; an answer that says what is wrong with the body. */
export function readCredentials({ head, body }: LabRequest): Credentials | Answer {
  const mediaType = (head.first('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams(body.toString());
    return orProblem(form.get('user'), form.get('password'));
  }
  if (mediaType !== 'application/json') {
    return problem(415, 'Send application/json or application/x-www-form-urlencoded.',
      [['Accept', 'application/json, application/x-www-form-urlencoded']]);
  }
  try {
    const value = JSON.parse(body.toString()) as Partial<Credentials> | null;
    return orProblem(value?.user, value?.password);
  } catch {
    return problem(400, 'The body is no JSON.');
  }
}

function orProblem(user: unknown, password: unknown): Credentials | Answer {
  if (typeof user !== 'string' || typeof password !== 'string') {
    return problem(422, 'The body needs user and password, both text.');
  }
  return { user, password };
}
