import type { DnsStep } from '../trace/dnsStep.ts';
import { extendedErrorName } from '../trace/extendedError.ts';
import type { ExtendedError } from '../trace/extendedError.ts';
import { extendedErrorTexts } from './text/extendedError.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** Why an answer is as it is: `EDE 6 (DNSSEC Bogus): the answer did not pass …`. */
export function explainExtendedError({ code, text }: ExtendedError, language: Language): string {
  const name = extendedErrorName(code);
  const id = String(code);
  const meaning = say(extendedErrorTexts, language, isMeant(id) ? id : 'unknown');
  return text === undefined ? say(extendedErrorTexts, language, 'told', { name, meaning })
    : say(extendedErrorTexts, language, 'told-text', { name, meaning, text });
}

function isMeant(id: string): id is keyof typeof extendedErrorTexts {
  return Object.hasOwn(extendedErrorTexts, id);
}

/** `SERVFAIL, EDE 6 (DNSSEC Bogus)`: the rcode with what the server added to it. */
export function rcodeWithReasons({ rcode, extendedErrors = [] }: DnsStep): string | undefined {
  if (rcode === undefined) return undefined;
  return [rcode, ...extendedErrors.map(({ code }) => extendedErrorName(code))].join(', ');
}
