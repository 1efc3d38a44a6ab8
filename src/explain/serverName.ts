import { labServerNames, labStateTexts } from './text/lab.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** What the Lab view calls a server that tells of itself by its id, such as `blindRelay` or `worker 2`; others as they say. */
export function serverName(server: string, language: Language): string {
  const number = /^worker (\d+)$/.exec(server)?.[1];
  if (number !== undefined) return say(labStateTexts, language, 'worker', { number });
  if (!Object.hasOwn(labServerNames, server)) return server;
  return say(labServerNames, language, server as keyof typeof labServerNames);
}
