import { bareName } from '../names/percent.ts';
import type { ProblemCode } from '../problem.ts';
import { parseFallbackReference, parseReference } from '../names/reference.ts';
import type { Definition } from '../names/origin.ts';
import type { Scope } from '../names/scope.ts';

/** What a name in braces is, for whoever colours or complains. */
export type NameClass =
  | { readonly kind: 'resolved'; readonly definition: Definition }
  /** Has a value only when the request is sent: asked, made up, read from the machine. */
  | { readonly kind: 'dynamic'; readonly definition?: Definition }
  | { readonly kind: 'response'; readonly request: string | undefined }
  /** `certain`: nobody can know it, so that sending would be refused. */
  | { readonly kind: 'unresolved'; readonly certain: boolean; readonly inside?: string };

/** Dynamic variables that ask, whatever follows them. */
const asking = /^\$(?:input|prompt|password|pick)(?:-askonce)?(?:\s|$)/;

/** What may be known of names besides their definitions. */
export interface KnownLater {
  /** The request asks for it when it is sent. */
  isPrompted(name: string): boolean;
  /** The name of the request that a reference means. */
  requestNameFor(written: string): string | undefined;
}

/** What `{{written}}` is, as seen from the place of the scope. */
export function classify(written: string, scope: Scope, later: KnownLater): NameClass {
  const name = bareName(written);
  const definition = scope.definitionOf(name);
  if (definition && definition.origin.kind !== 'response') {
    return ofDefinition(definition, (inside) => knownLater(inside, later) !== undefined);
  }
  return knownLater(name, later) ?? { kind: 'unresolved', certain: true };
}

/** What is asked, or read from a response, when the request is sent. */
function knownLater(name: string, later: KnownLater): NameClass | undefined {
  if (later.isPrompted(name) || asking.test(name)) return { kind: 'dynamic' };
  if (!/[.[]/.test(name)) return undefined;
  const reference = parseReference(name)
    ?? parseFallbackReference(name, (one) => later.requestNameFor(one) !== undefined);
  return reference && { kind: 'response', request: later.requestNameFor(reference.request) };
}

/** A name in the definition has no value yet; it is the fault's `name`. */
const insideCodes: ReadonlySet<ProblemCode> = new Set([
  'variable-undefined-inside', 'variable-undefined-itself', 'response-not-sent',
]);

function ofDefinition(definition: Definition, isKnownLater: (name: string) => boolean): NameClass {
  const { origin, value } = definition;
  if (origin.kind === 'dynamic' || origin.kind === 'process' || origin.kind === 'lab') {
    return { kind: 'dynamic', definition };
  }
  if (typeof value === 'string' || value.code === 'lab-not-running') return { kind: 'resolved', definition };
  if (!insideCodes.has(value.code)) return { kind: 'unresolved', certain: false };
  const inside = value.places['name'] ?? '';
  return isKnownLater(inside)
    ? { kind: 'resolved', definition } : { kind: 'unresolved', certain: false, inside };
}
