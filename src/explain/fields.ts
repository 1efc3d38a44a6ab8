import { fieldTexts } from './text/field.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/**
 * What a header or trailer field says, in one sentence; undefined for one that is not known here.
 */
export function explainField(name: string, language: Language): string | undefined {
  const id = name.toLowerCase();
  if (!Object.hasOwn(fieldTexts, id)) return undefined;
  return say(fieldTexts, language, id as keyof typeof fieldTexts);
}
