import type { InspectorAction } from '../protocol.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { Failure } from '../trace/failure.ts';
import { failureTexts } from './text/failure.ts';
import type { Places } from './text/text.ts';

/** A text of the table. */
export type Id = keyof typeof failureTexts;

/** The sentence of a code and its steps, as ids of the table; places come from `placesOf`. */
export interface Plan {
  /** Where that of the code would say too much. */
  readonly title?: Id;
  readonly texts: readonly Id[];
  readonly steps: readonly (Id | readonly [Id, InspectorAction])[];
}

/** A failure with what is known of it; `places` are the names and figures that texts may hold. */
export interface Case {
  readonly failure: Failure;
  readonly exchange: Exchange;
  readonly places: Places;
}

/** Every name and figure the text needs is known; a text with a gap is not said. */
export function isSayable(id: Id, places: Places): boolean {
  return Array.from(failureTexts[id].en.matchAll(/\{(\w+)\}/g)).every(([, name]) =>
    Object.hasOwn(places, name ?? ''),
  );
}

/** The first of the texts whose names and figures are all known, else the plain one. */
export function variant(c: Case, plain: Id, ...richer: readonly Id[]): Id[] {
  return [richer.find((id) => isSayable(id, c.places)) ?? plain];
}

/** The step that fits most failures: to send once more. */
export const resend: readonly [Id, InspectorAction] = ['send-again', 'resend'];
