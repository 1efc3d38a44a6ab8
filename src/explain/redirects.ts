import type { Language } from './text/language.ts';
import { redirectTexts } from './text/redirect.ts';
import { say } from './text/text.ts';

/**
 * What a redirect changed, from the record's words (`method POST GET`, `body`, `field
 * Authorization`…); words that are not known here are given as they are.
 */
export function explainRedirectChange(change: string, language: Language): string {
  const [kind = '', from = '', to = ''] = change.split(' ');
  if (!Object.hasOwn(redirectTexts, kind)) return change;
  return say(redirectTexts, language, kind as keyof typeof redirectTexts, { from, to });
}
