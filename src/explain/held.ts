import type { ContentLimitMet } from '../trace/event.ts';
import { formatNumber, formatSize } from './format.ts';
import type { Language } from './text/language.ts';
import { progressTexts } from './text/progress.ts';
import { say } from './text/text.ts';

/** The question that a content beyond a limit asks, and where the limit is set. */
export function explainHeld(met: ContentLimitMet, language: Language): { question: string; setting: string } {
  const { limit, allowed, announced, bodySize, contentSize } = met;
  const setting = say(progressTexts, language, `held-settings-${limit}`);
  if (limit === 'expansion') {
    const places = {
      allowed: formatNumber(allowed, language), body: formatSize(bodySize, language),
      content: formatSize(contentSize, language),
    };
    return { question: say(progressTexts, language, 'held-expansion', places), setting };
  }
  const size = formatSize(allowed, language);
  const question = announced === undefined ? say(progressTexts, language, 'held-size', { allowed: size })
    : say(progressTexts, language, 'held-announced', { allowed: size, announced: formatSize(announced, language) });
  return { question, setting };
}
