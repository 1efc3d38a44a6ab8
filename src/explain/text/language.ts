/** The languages everything is written in. */
export type Language = 'en' | 'ko';

export const languages: readonly Language[] = ['en', 'ko'];

/** The language to speak for a locale such as `ko`, `ko-KR`, `ko_KR.UTF-8` or `en-GB`. */
export function languageFor(locale: string | undefined): Language {
  return /^ko\b|^ko_/i.test(locale ?? '') ? 'ko' : 'en';
}
