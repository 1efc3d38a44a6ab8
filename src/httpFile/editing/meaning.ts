import type { BodySegment, Element, HttpFile, HttpRequest } from '../syntax.ts';
import { jsonTokens } from './jsonTokens.ts';

/**
 * The indexes of the requests that say something else in another version of a file, where JSON may differ in white
 * space. When the files differ outside of requests, or in the number of requests, all do.
 */
export function differences(before: HttpFile, after: HttpFile): number[] {
  const all = before.requests.map(({ index }) => index);
  const same = before.requests.length === after.requests.length
    && equal(variablesOf(before), variablesOf(after))
    && equal(elementsOf(before.elements), elementsOf(after.elements));
  if (!same) return all.length > 0 ? all : [0];
  return all.filter((index) => !means(before.requests[index]!, after.requests[index]!));
}

function variablesOf({ variables }: HttpFile): unknown {
  return variables.map(({ name, value }) => [name, value]);
}

function means(a: HttpRequest, b: HttpRequest): boolean {
  return equal(headOf(a), headOf(b)) && sameBody(a.body ?? [], b.body ?? []);
}

function headOf({ name, title, method, url, httpVersion, headers, metadata, elements }: HttpRequest): unknown {
  return [
    name, title, method, url, httpVersion, headers.map((header) => [header.name, header.value]),
    metadata.map(({ key, value }) => [key, value]), elementsOf(elements),
  ];
}

function elementsOf(elements: readonly Element[]): unknown {
  return elements.map(({ kind, text }) => [kind, text]);
}

function sameBody(a: readonly BodySegment[], b: readonly BodySegment[]): boolean {
  return a.length === b.length && a.every((segment, index) => sameSegment(segment, b[index]!));
}

function sameSegment(a: BodySegment, b: BodySegment): boolean {
  if (a.kind === 'text') return b.kind === 'text' && (a.text === b.text || sameJson(a.text, b.text));
  return b.kind === 'file' && a.path === b.path && a.substitute === b.substitute && a.encoding === b.encoding;
}

/** The same tokens; a comment that is sent counts as one. */
function sameJson(a: string, b: string): boolean {
  const [first, second] = [jsonTokens(a), jsonTokens(b)];
  if (!first || !second || first.length !== second.length) return false;
  return first.every(({ text }, index) => text === second[index]!.text);
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
