import { identityOf, NodeIndex } from './nodeIndex.ts';
import { camelCase, referencedName, underscoredName } from './reference.ts';
import type { HttpFile, HttpRequest } from '../syntax.ts';

/**
 * Finds requests by what they are called, in all forms of it (C15); what was found is kept while they stay the same.
 */
class CalledRequests {
  private readonly nameOf: (request: HttpRequest) => string | undefined;
  private readonly index: NodeIndex<HttpRequest>;
  private requests: readonly HttpRequest[] = [];
  private found = new Map<string, HttpRequest | undefined>();

  constructor(nameOf: (request: HttpRequest) => string | undefined) {
    this.nameOf = nameOf;
    this.index = new NodeIndex<HttpRequest>({
      keysOf: (request) => formsOf(nameOf(request)),
      hasSameKeys: (a, b) => nameOf(a) === nameOf(b),
      isAbove: (a, b) => a.index < b.index,
    });
  }

  /** The last request of the name that a reference means. */
  find({ requests }: HttpFile, written: string): HttpRequest | undefined {
    if (requests !== this.requests) {
      this.requests = requests;
      this.found = new Map();
      this.index.follow(requests);
    }
    if (!this.found.has(written)) this.found.set(written, this.lookFor(written));
    return this.found.get(written);
  }

  private lookFor(written: string): HttpRequest | undefined {
    const list = this.index.get(written) ?? [];
    const name = referencedName(written, list.map((request) => this.nameOf(request)!));
    return name === undefined ? undefined : list.findLast((request) => this.nameOf(request) === name);
  }
}

function formsOf(name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  return /^\w+$/.test(name) ? [name] : [...new Set([name, camelCase(name), underscoredName(name)])];
}

interface Called {
  readonly byName: CalledRequests;
  readonly byNameOrTitle: CalledRequests;
}

const known = new WeakMap<object, Called>();

function calledIn(file: HttpFile): Called {
  const identity = identityOf(file);
  const called = known.get(identity) ?? {
    byName: new CalledRequests(({ name }) => name),
    byNameOrTitle: new CalledRequests(({ name, title }) => name ?? title),
  };
  known.set(identity, called);
  return called;
}

/** The last request that a reference means by its name, else by its title, in any form of it (C15, C58). */
export function requestCalled(file: HttpFile, written: string): HttpRequest | undefined {
  return calledIn(file).byNameOrTitle.find(file, written);
}

/** The name, as defined, that a reference means: of the file's requests by `# @name`, or of those of its imports. */
export function requestNameFor(file: HttpFile, imported: readonly string[], written: string): string | undefined {
  const own = calledIn(file).byName.find(file, written)?.name;
  if (own === written || imported.length === 0) return own;
  const names = importedForms(imported).get(written) ?? [];
  return referencedName(written, own === undefined ? names : [own, ...names]);
}

const importedIndexes = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

function importedForms(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  let forms = importedIndexes.get(names);
  if (!forms) importedIndexes.set(names, forms = formsOfAll(names));
  return forms;
}

function formsOfAll(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const name of new Set(names)) {
    for (const form of formsOf(name)) {
      const list = all.get(form);
      if (list) list.push(name);
      else all.set(form, [name]);
    }
  }
  return all;
}
