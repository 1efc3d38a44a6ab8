import type { RouteCandidate } from '../messages.ts';
import { compare, fitsPath, parametersIn, parsePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';

/** A pattern and what it leads to. */
export interface Entry<T> {
  readonly pattern: Pattern;
  readonly target: T;
}

export interface RoutingRequest {
  readonly method: string;
  /** Without a port. */
  readonly host: string;
  /** As sent, without the query. */
  readonly path: string;
}

/**
 * `candidates` are the patterns whose path fits: the winner first, then those that lost all the
 * same. They are looked for when they are first asked for.
 */
export type Routing<T> =
  | {
    readonly outcome: 'found'; readonly entry: Entry<T>;
    readonly parameters: Readonly<Record<string, string>>;
    readonly candidates: readonly RouteCandidate[];
  }
  /** The path fits with a slash after it. */
  | {
    readonly outcome: 'redirect'; readonly path: string;
    readonly candidates: readonly RouteCandidate[];
  }
  | { readonly outcome: 'not-found'; readonly candidates: readonly RouteCandidate[] }
  | {
    readonly outcome: 'method-not-allowed'; readonly allow: readonly string[];
    readonly candidates: readonly RouteCandidate[];
  }
  | { readonly outcome: 'malformed'; readonly candidates: readonly RouteCandidate[] };

/** Routes requests by the most specific pattern, as Go's ServeMux does (without cleaning paths). */
export interface Mux<T> {
  readonly entries: readonly Entry<T>[];
  route(request: RoutingRequest): Routing<T>;
}

/**
 * Builds a router; two patterns of which neither is more specific are a programmer's error and
 * throw.
 */
export function createMux<T>(routes: readonly (readonly [pattern: string, target: T])[]): Mux<T> {
  const entries: Entry<T>[] = [];
  for (const [text, target] of routes) {
    const pattern = parsePattern(text);
    for (const earlier of entries) {
      const relation = compare(pattern, earlier.pattern);
      if (relation === 'equal' || relation === 'overlapping') {
        throw new Error(`Pattern ${text} conflicts with ${earlier.pattern.text}`);
      }
    }
    entries.push({ pattern, target });
  }
  const index = indexed(entries);
  return { entries, route: (request) => route(index, request) };
}

/** Entries by the first segment of their paths, the more specific ones first. */
interface Index<T> {
  readonly byFirst: ReadonlyMap<string, readonly Entry<T>[]>;
  /** Those whose first segment may be anything. */
  readonly others: readonly Entry<T>[];
  readonly all: readonly Entry<T>[];
}

function indexed<T>(all: readonly Entry<T>[]): Index<T> {
  // One with a host beats those without, whatever their paths are.
  const ranked = [...ranking(all.filter(({ pattern }) => pattern.host !== undefined)),
    ...ranking(all.filter(({ pattern }) => pattern.host === undefined))];
  const others = ranked.filter(({ pattern }) => firstOf(pattern) === undefined);
  const names = new Set(ranked.flatMap(({ pattern }) => firstOf(pattern) ?? []));
  const byFirst = new Map([...names].map((name) => [
    name, ranked.filter(({ pattern }) => (firstOf(pattern) ?? name) === name),
  ] as const));
  return { byFirst, others, all };
}

function firstOf({ segments: [first] }: Pattern): string | undefined {
  return first?.kind === 'literal' ? first.text : undefined;
}

/** Each before all that are less specific. */
function ranking<T>(entries: readonly Entry<T>[]): Entry<T>[] {
  const ranked: Entry<T>[] = [];
  for (const entry of entries) {
    const place = ranked.findIndex(({ pattern }) => compare(entry.pattern, pattern) === 'more-specific');
    ranked.splice(place === -1 ? ranked.length : place, 0, entry);
  }
  return ranked;
}

function route<T>(index: Index<T>, request: RoutingRequest): Routing<T> {
  const path = decodePath(request.path);
  if (!path) return { outcome: 'malformed', candidates: [] };
  const near = index.byFirst.get(path[0]!) ?? index.others;
  // No two that fit are equal or overlap: the first that does is the most specific.
  for (const entry of near) {
    const { pattern } = entry;
    if (fitsMethod(pattern, request.method) && fitsPath(pattern, path) && fitsHost(pattern, request.host)) {
      return new Found(entry, parametersIn(pattern, path), near, request, path);
    }
  }
  return unrouted(index, near, request, path);
}

/** A way was found; why not another one is worked out for who asks. */
class Found<T> {
  readonly outcome = 'found';
  readonly entry: Entry<T>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly #near: readonly Entry<T>[];
  readonly #request: RoutingRequest;
  readonly #path: readonly string[];

  constructor(
    entry: Entry<T>, parameters: Readonly<Record<string, string>>, near: readonly Entry<T>[], request: RoutingRequest,
    path: readonly string[],
  ) {
    this.entry = entry;
    this.parameters = parameters;
    this.#near = near;
    this.#request = request;
    this.#path = path;
  }

  get candidates(): readonly RouteCandidate[] {
    const ofPath = this.#near.filter(({ pattern }) => fitsPath(pattern, this.#path));
    const losers = lost(ofPath.filter((one) => one !== this.entry), this.#request);
    const isOnly = losers.every(({ reason }) => reason !== 'less-specific');
    return [{ pattern: this.entry.pattern.text, reason: isOnly ? 'only-match' : 'most-specific' }, ...losers];
  }
}

function unrouted<T>(
  index: Index<T>, near: readonly Entry<T>[], request: RoutingRequest, path: readonly string[],
): Routing<T> {
  const ofPath = near.filter(({ pattern }) => fitsPath(pattern, path));
  const candidates = lost(ofPath, request);
  const ofHost = ofPath.filter(({ pattern }) => fitsHost(pattern, request.host));
  if (ofHost.length > 0) return { outcome: 'method-not-allowed', allow: allowed(ofHost), candidates };
  return fitsWithSlash(index.all, request, path)
    ? { outcome: 'redirect', path: `${request.path}/`, candidates }
    : { outcome: 'not-found', candidates };
}

function lost<T>(entries: readonly Entry<T>[], request: RoutingRequest): RouteCandidate[] {
  return entries.map(({ pattern }) => ({ pattern: pattern.text, reason: whyLost(pattern, request) }))
    .sort((a, b) => reasons.indexOf(a.reason) - reasons.indexOf(b.reason));
}

/** Nearest to winning first. */
const reasons: readonly string[] = ['less-specific', 'other-method', 'other-host'];

/** RFC 3986 §2.4: split first, decode then. Undefined when an escape is malformed. */
function decodePath(path: string): string[] | undefined {
  const parts = (path.startsWith('/') ? path.slice(1) : path).split('/');
  if (!path.includes('%')) return parts;
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function fitsHost(pattern: Pattern, host: string): boolean {
  return pattern.host === undefined || pattern.host === host.toLowerCase();
}

function fitsMethod(pattern: Pattern, method: string): boolean {
  return pattern.method === undefined || pattern.method === method
    || (pattern.method === 'GET' && method === 'HEAD');
}

function whyLost(pattern: Pattern, request: RoutingRequest): string {
  if (!fitsHost(pattern, request.host)) return 'other-host';
  return fitsMethod(pattern, request.method) ? 'less-specific' : 'other-method';
}

/** RFC 9110 §10.2.1 */
function allowed<T>(matches: readonly Entry<T>[]): string[] {
  const methods = matches.flatMap(({ pattern }) => pattern.method ?? []);
  const all = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(all)].sort();
}

function fitsWithSlash<T>(
  entries: readonly Entry<T>[], request: RoutingRequest, path: readonly string[],
): boolean {
  return entries.some(({ pattern }) => fitsPath(pattern, [...path, ''])
    && pattern.segments.at(-1)?.kind !== 'one'
    && fitsHost(pattern, request.host) && fitsMethod(pattern, request.method));
}
