import type { Definition } from '../names/origin.ts';
import type { Range } from '../syntax.ts';

export type CompletionKind =
  | 'method' | 'skeleton' | 'keyword' | 'origin' | 'url' | 'version' | 'field' | 'value' | 'media-type' | 'parameter'
  | 'variable' | 'dynamic' | 'request' | 'part' | 'key' | 'metadata' | 'file' | 'folder';

/** What a sentence is about; the sentences are in `explain/text`. */
export interface Topic {
  readonly area: 'method' | 'field' | 'value' | 'media-type' | 'metadata' | 'dynamic' | 'version' | 'completion'
    | 'curl';
  readonly id: string;
}

/** Something that can be put in at a position. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What it replaces. */
  readonly range: Range;
  readonly insert: string;
  /** `insert` has places to fill: `$1`, `${2:name}`. */
  readonly snippet?: true;
  /** What is compared with the text typed so far; the label when absent. */
  readonly filter?: string;
  /** Items are shown in the order of these. */
  readonly sort: string;
  /** Short and in no language: a value, a size. */
  readonly detail?: string;
  readonly topic?: Topic;
  /** Of a variable. */
  readonly definition?: Definition;
  /** There is more to choose once it is put in. */
  readonly again?: true;
}

/** What can be put in at a position. */
export interface CompletionList {
  readonly items: readonly Completion[];
  /** There are others that fit once more is typed. */
  readonly isIncomplete: boolean;
}

/** A text that stands for itself in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** `group` first, then the place in the list. */
export function sortKey(group: number, index = 0): string {
  return `${group}${String(index).padStart(5, '0')}`;
}
