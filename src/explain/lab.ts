import type { LabActionProblem, LabServerId, LabServerProblem, LabServerState, LabWorkerState } from '../protocol.ts';
import type { LabGroupId } from './labServers.ts';
import { labGroupNames, labServerNames, labServerPurposes, labStateTexts } from './text/lab.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

export function labGroupName(id: LabGroupId, language: Language): string {
  return labGroupNames[id][language];
}

export function labServerName(id: LabServerId, language: Language): string {
  return labServerNames[id][language];
}

/** What a server is for, in a sentence. */
export function labServerPurpose(id: LabServerId, language: Language): string {
  return labServerPurposes[id][language];
}

/** Where a port is chosen, and what is started again then. */
export interface Remedy {
  /** The name of a setting or an option. */
  readonly setting: string;
  readonly again: 'server' | 'lab';
  /** Another server of the lab that has the port. */
  readonly takenBy?: LabServerId;
}

/** Why a server does not listen, and what to do. */
export function explainLabProblem(
  id: LabServerId, { code, message, port }: LabServerProblem, { setting, again, takenBy }: Remedy, language: Language,
): string {
  const text = port === undefined ? 'not-listening'
    : code === 'EADDRINUSE' ? takenBy ? 'port-own' : 'port-taken'
    : code === 'EACCES' ? 'port-forbidden' : 'not-listening';
  return say(labStateTexts, language, text, {
    server: labServerName(id, language), port: port ?? 0, setting, reason: message,
    other: takenBy ? labServerName(takenBy, language) : '',
    again: say(labStateTexts, language, `start-${again}-again`),
  });
}

/** `3 connections`, `1 session`: what there is, without what there is none of. */
export function labFigures(
  { connections, sessions = 0 }: Pick<LabServerState, 'connections' | 'sessions'>, language: Language,
): string[] {
  return [...counted('connection', connections, language), ...counted('session', sessions, language)];
}

export function labWorkerFigures(worker: LabWorkerState, language: Language): string[] {
  return [...counted('request', worker.requests, language), ...labFigures(worker, language)];
}

export function labStateText(state: LabServerState['state'] | LabWorkerState['state'], language: Language): string {
  return labStateTexts[state][language];
}

/** Why something could not be done to the lab, which has these workers. */
export function explainLabAction(
  problem: LabActionProblem, language: Language, workers: readonly LabWorkerState[] = [],
): string {
  const numbers = workers.filter(({ state }) => state !== 'idle').map(({ number }) => number);
  if (problem === 'no-such-worker' && numbers.length > 0) {
    return say(labStateTexts, language, 'other-workers', { numbers: numbers.join(', ') });
  }
  return labStateTexts[problem][language];
}

export function labWorkerName(number: number, language: Language): string {
  return say(labStateTexts, language, 'worker', { number });
}

function counted(what: 'connection' | 'session' | 'request', count: number, language: Language): string[] {
  return count === 0 ? [] : [say(labStateTexts, language, count === 1 ? what : `${what}s`, { count })];
}
