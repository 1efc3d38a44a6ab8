import type { Lookup, NewSession, Session, Sessions, SessionStore } from '../shop/sessions.ts';
import type { Question } from './talk.ts';

type About = Exclude<Question, 'issue' | 'books'>;

/** Sessions that the primary keeps: they outlive each worker, and all workers know them. */
export function createSharedSessions(
  ask: (question: About, value: string) => Promise<unknown>,
): Omit<SessionStore, 'kind' | 'signer'> {
  return {
    load: (id) => ask('load', id) as Promise<Lookup>,
    create: (asked) => ask('create', JSON.stringify(asked)) as Promise<Session>,
    assign: (id, user) => ask('assign', JSON.stringify([id, user])) as Promise<Session | undefined>,
    end: (id) => ask('end', id) as Promise<Lookup>,
    size: () => ask('size', '') as Promise<number>,
    clear: () => ask('clear', '') as Promise<void>,
  };
}

/** What the primary answers. */
export function sessionAnswers(sessions: Sessions): Record<About, (value: string) => unknown> {
  return {
    load: (id) => sessions.load(id),
    create: (asked) => sessions.create(JSON.parse(asked) as NewSession),
    assign: (asked) => sessions.assign(...JSON.parse(asked) as [id: string, user: string]),
    end: (id) => sessions.end(id),
    size: () => sessions.size(),
    clear: () => sessions.clear(),
  };
}
