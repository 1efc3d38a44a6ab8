import { completionDocTexts } from './text/completionDoc.ts';
import { curlDocTexts } from './text/curlDoc.ts';
import { dynamicDocTexts } from './text/dynamicDoc.ts';
import { fieldTexts } from './text/field.ts';
import { fieldDocTexts } from './text/fieldDoc.ts';
import type { Language } from './text/language.ts';
import { mediaTypeDocTexts } from './text/mediaTypeDoc.ts';
import { metadataDocTexts } from './text/metadataDoc.ts';
import { methodDocTexts, versionDocTexts } from './text/methodDoc.ts';
import { say } from './text/text.ts';
import type { Texts } from './text/text.ts';
import { valueDocTexts } from './text/valueDoc.ts';

/** What can be explained in a sentence, and the tables that do it. */
const areas = {
  'method': methodDocTexts,
  'field': { ...fieldTexts, ...fieldDocTexts },
  'value': valueDocTexts,
  'media-type': mediaTypeDocTexts,
  'metadata': metadataDocTexts,
  'dynamic': dynamicDocTexts,
  'version': versionDocTexts,
  'completion': completionDocTexts,
  'curl': curlDocTexts,
} satisfies Readonly<Record<string, Texts>>;

export type TopicArea = keyof typeof areas;

/**
 * The sentence about one of the things a request file is made of; undefined when there is none. `id` is the key in the
 * area's table, such as `accept` or `cache-control: no-cache`. It may hold Markdown code spans, nothing else.
 */
export function explainTopic(area: TopicArea, id: string, language: Language): string | undefined {
  const texts: Texts = areas[area];
  return Object.hasOwn(texts, id) ? say(texts, language, id) : undefined;
}
