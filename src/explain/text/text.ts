import type { Language } from './language.ts';

/** A message in both languages; `{name}` marks a place. Every area keeps its own table in this folder. */
export type Texts = Readonly<Record<string, { readonly en: string; readonly ko: string }>>;

/** Values for the places of a message. */
export type Places = Readonly<Record<string, string | number>>;

/**
 * A message of a table with its places filled. A place without a value stays as it is written, so that a
 * mistake is seen and not hidden.
 */
export function say<T extends Texts>(
  texts: T, language: Language, id: keyof T & string, places: Places = {},
): string {
  const message = texts[id]?.[language] ?? id;
  return message.replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(places, name) ? String(places[name]) : place);
}
