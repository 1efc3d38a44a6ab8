import { isObject } from './book.ts';

/** Levels that a JSON document of a client may have, so that nothing here recurses deeper. */
const maxDepth = 32;

/** Reads JSON (RFC 8259) in UTF-8 of at most {@link maxDepth} levels; a text says what is wrong with it. */
export function readDocument(body: Buffer): { readonly value: unknown } | string {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isWithin(value, maxDepth) ? { value } : `The document is nested deeper than ${maxDepth} levels.`;
  } catch {
    return 'The body is no JSON document.';
  }
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isWithin(member, levels - 1));
}

/** JSON Merge Patch (RFC 7396 §2): members replace members, null takes one away. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** What a JSON Patch gave, or why it could not be applied: the status code that says so (RFC 5789 §2.2). */
export type Patched =
  | { readonly outcome: 'patched'; readonly value: unknown }
  | { readonly outcome: 'failed'; readonly statusCode: 400 | 409 | 422; readonly detail: string };

class PatchError extends Error {
  readonly statusCode: 400 | 409 | 422;

  constructor(statusCode: 400 | 409 | 422, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

const maxOperations = 100;
/** In characters of JSON: `copy` could double a document a hundred times. */
const maxSize = 65_536;

/** JSON Patch (RFC 6902): all of its operations, or none. */
export function jsonPatch(target: unknown, patch: unknown): Patched {
  try {
    if (!Array.isArray(patch)) throw new PatchError(400, 'A JSON Patch is an array of operations.');
    if (patch.length > maxOperations) throw new PatchError(422, `A patch has at most ${maxOperations} operations.`);
    const value = (patch as unknown[]).reduce((document, operation, index) => {
      if (!isObject(operation)) throw new PatchError(400, `Operation ${index} is no object.`);
      const next = apply(document, operation);
      if (!isWithin(next, maxDepth) || (JSON.stringify(next) ?? '').length > maxSize) {
        throw new PatchError(422, `Operation ${index} makes the document too large.`);
      }
      return next;
    }, target);
    return { outcome: 'patched', value };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return { outcome: 'failed', statusCode: error.statusCode, detail: error.message };
  }
}

type Operation = Readonly<Record<string, unknown>>;

function apply(document: unknown, operation: Operation): unknown {
  const path = pointerOf(operation, 'path');
  switch (operation.op) {
    case 'add': return put(document, path, valueOf(operation));
    case 'remove': return take(document, path);
    case 'replace': return put(take(document, path), path, valueOf(operation));
    case 'copy': return put(document, path, find(document, pointerOf(operation, 'from')));
    case 'move': return move(document, pointerOf(operation, 'from'), path);
    case 'test': {
      if (isSame(find(document, path), valueOf(operation))) return document;
      throw new PatchError(409, `The test of ${written(path)} failed: it has another value.`);
    }
    default: throw new PatchError(400, 'The op is one of add, remove, replace, move, copy, test.');
  }
}

/** §4.4: nothing can be moved into itself. */
function move(document: unknown, from: readonly string[], path: readonly string[]): unknown {
  if (path.length > from.length && from.every((part, index) => part === path[index])) {
    throw new PatchError(422, `${written(from)} cannot be moved into itself.`);
  }
  return put(take(document, from), path, find(document, from));
}

function valueOf(operation: Operation): unknown {
  if (Object.hasOwn(operation, 'value')) return operation.value;
  throw new PatchError(400, 'The operation needs a value.');
}

/** RFC 6901 §3, §4 */
function pointerOf(operation: Operation, name: 'path' | 'from'): readonly string[] {
  const pointer = operation[name];
  if (typeof pointer !== 'string' || !/^(?:\/(?:[^~]|~[01])*)?$/.test(pointer)) {
    throw new PatchError(400, `The ${name} of an operation is a JSON Pointer, such as /tags/0.`);
  }
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function written(path: readonly string[]): string {
  return path.map((part) => `/${part}`).join('').slice(0, 200) || 'the document';
}

function missing(path: readonly string[]): PatchError {
  return new PatchError(409, `Nothing is at ${written(path)}.`);
}

function find(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return (value as unknown[])[indexOf(part, value.length - 1, path)];
    if (isObject(value) && Object.hasOwn(value, part)) return value[part];
    throw missing(path);
  }, document);
}

/** RFC 6901 §4: without leading zeros. */
function indexOf(part: string, last: number, path: readonly string[]): number {
  if (!/^(?:0|[1-9]\d{0,6})$/.test(part) || Number(part) > last) throw missing(path);
  return Number(part);
}

function put(document: unknown, path: readonly string[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(document)) {
    const list = document as unknown[];
    // §4.1: "-" is the place after the last.
    const index = indexOf(part === '-' && rest.length === 0 ? String(list.length) : part,
      rest.length === 0 ? list.length : list.length - 1, path);
    return rest.length === 0 ? list.toSpliced(index, 0, value) : list.with(index, put(list[index], rest, value));
  }
  if (!isObject(document)) throw missing(path);
  if (rest.length > 0 && !Object.hasOwn(document, part)) throw missing(path);
  return { ...document, [part]: put(rest.length > 0 ? document[part] : undefined, rest, value) };
}

function take(document: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return undefined;
  if (Array.isArray(document)) {
    const list = document as unknown[];
    const index = indexOf(part, list.length - 1, path);
    return rest.length === 0 ? list.toSpliced(index, 1) : list.with(index, take(list[index], rest));
  }
  if (!isObject(document) || !Object.hasOwn(document, part)) throw missing(path);
  if (rest.length > 0) return { ...document, [part]: take(document[part], rest) };
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== part));
}

/** §4.6: members in any order. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length
    && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}
