import { problem } from '../../httpFile/problem.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import { referencedName } from '../../httpFile/names/reference.ts';
import type { HttpFile, HttpRequest, Metadata, Problem } from '../../httpFile/syntax.ts';
import type { ImportedFile } from '../imports.ts';

/** A request and the file it is written in. */
export interface PlacedRequest {
  readonly request: HttpRequest;
  readonly file: HttpFile;
  readonly uri: string;
}

/** What a request is referred to by (C15): its name, else its title. */
export function nameOf({ name, title }: HttpRequest): string | undefined {
  return name ?? title;
}

/** What the requests of a file and of those it imports are called, its own first. */
export function requestNames(file: HttpFile, imported: readonly ImportedFile[] = []): Set<string> {
  const files = [file, ...imported.map((one) => one.file)];
  return new Set(files.flatMap(({ requests }) => requests.flatMap((request) => nameOf(request) ?? [])));
}

/** The request that a reference means: of the file itself, else of the first import that has it; of two the last. */
export function requestNamed(
  written: string, file: HttpFile, uri: string, imported: readonly ImportedFile[] = [],
): PlacedRequest | undefined {
  const name = referencedName(written, requestNames(file, imported));
  if (name === undefined) return undefined;
  for (const place of [{ file, uri }, ...imported]) {
    const request = place.file.requests.findLast((one) => nameOf(one) === name);
    if (request) return { request, file: place.file, uri: place.uri };
  }
  return undefined;
}

/** How requests are found and sent. */
export interface Sending {
  importsOf(file: HttpFile, uri: string): Promise<readonly ImportedFile[]>;
  /** Whether it was sent before and got a response. */
  hasResponse(placed: PlacedRequest): Promise<boolean>;
  /** Whether a response came. */
  send(placed: PlacedRequest): Promise<boolean>;
}

/**
 * Sends what a request needs first (C24): of `# @ref name` those that have no response yet, of `# @force-ref name`
 * all, and before them what they need, each once. Gives what keeps the request back, at its own line, or undefined.
 */
export async function sendNeeded(start: PlacedRequest, sending: Sending): Promise<Problem | undefined> {
  const done = new Set<HttpRequest>();

  const follow = async (placed: PlacedRequest, way: readonly PlacedRequest[]): Promise<Fault | undefined> => {
    const references = placed.request.metadata.filter(isReference);
    if (references.length === 0) return undefined;
    const imported = await sending.importsOf(placed.file, placed.uri);
    for (const { key, value: name, range } of references) {
      const tell = (code: ProblemCode, places: Record<string, string>): Fault => ({ code, places, range });
      const target = requestNamed(name, placed.file, placed.uri, imported);
      if (!target) return tell('ref-unknown', { key, name });
      const path = [...way, placed];
      const from = path.findIndex(({ request }) => request === target.request);
      if (from >= 0) return tell('ref-cycle', { path: wayOf([...path.slice(from), target]) });
      if (done.has(target.request)) continue;
      done.add(target.request);
      if (key === 'ref' && await sending.hasResponse(target)) continue;
      const fault = await follow(target, path);
      if (fault) return { ...fault, range };
      if (!await sending.send(target)) return tell('ref-failed', { name: nameOf(target.request) ?? name });
    }
    return undefined;
  };

  const fault = await follow(start, []);
  return fault && problem(fault.code, fault.range, fault.places);
}

interface Fault {
  readonly code: ProblemCode;
  readonly places: Record<string, string>;
  readonly range: Problem['range'];
}

function isReference({ key, value }: Metadata): boolean {
  return (key === 'ref' || key === 'force-ref') && value !== '';
}

function wayOf(way: readonly PlacedRequest[]): string {
  return way.map(({ request }) => nameOf(request) ?? `${request.method} ${request.url}`).join(' → ');
}
