import { bareName } from '../percent.ts';
import { parseFallbackReference, parseReference, referencedName } from '../reference.ts';
import type { Definition, Scope } from '../scope.ts';
import type { HttpRequest } from '../syntax.ts';
import { isPrompted } from './hover.ts';

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

/** What `{{written}}` is, as seen from the place of the scope. `names` are those of all requests. */
export function classify(
  written: string, scope: Scope, request: HttpRequest | undefined, names: () => readonly string[],
): NameClass {
  const name = bareName(written);
  const [definition] = scope.definitionsOf(name);
  if (definition && definition.origin.kind !== 'response') return ofDefinition(definition);
  if (isPrompted(name, request) || asking.test(name)) return { kind: 'dynamic' };
  if (!/[.[]/.test(name)) return { kind: 'unresolved', certain: true };
  const requests = names();
  const reference = parseReference(name)
    ?? parseFallbackReference(name, (one) => referencedName(one, requests) !== undefined);
  if (reference) return { kind: 'response', request: referencedName(reference.request, requests) };
  return { kind: 'unresolved', certain: true };
}

function ofDefinition(definition: Definition): NameClass {
  const { origin, value } = definition;
  if (typeof value !== 'string' && value.code === 'variable-undefined-inside') {
    return { kind: 'unresolved', certain: false, inside: value.places['name'] ?? '' };
  }
  switch (origin.kind) {
    case 'dynamic': case 'process': case 'lab': return { kind: 'dynamic', definition };
    default: return typeof value === 'string' ? { kind: 'resolved', definition } : { kind: 'unresolved', certain: false };
  }
}
