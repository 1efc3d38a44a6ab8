import type { RouteCandidate } from '../messages.ts';
import { compare, matchPath, parsePattern } from './pattern.ts';
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
 * same.
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
  return { entries, route: (request) => route(entries, request) };
}

function route<T>(entries: readonly Entry<T>[], request: RoutingRequest): Routing<T> {
  const path = decodePath(request.path);
  if (!path) return { outcome: 'malformed', candidates: [] };
  const ofPath = entries.flatMap((entry) => {
    const parameters = matchPath(entry.pattern, path);
    return parameters ? [{ entry, parameters }] : [];
  });
  const ofHost = ofPath.filter(({ entry }) => fitsHost(entry.pattern, request.host));
  const ofMethod = ofHost.filter(({ entry }) => fitsMethod(entry.pattern, request.method));
  const winner = ofMethod.find((one) => ofMethod.every((other) =>
    other === one || compare(one.entry.pattern, other.entry.pattern) === 'more-specific'));
  const losers = ofPath.filter((one) => one !== winner).map(({ entry: { pattern } }) => ({
    pattern: pattern.text, reason: whyLost(pattern, request),
  })).sort((a, b) => reasons.indexOf(a.reason) - reasons.indexOf(b.reason));
  const candidates = winner ? [chosen(winner.entry.pattern, ofMethod.length), ...losers] : losers;
  if (winner) return { outcome: 'found', ...winner, candidates };
  if (ofHost.length > 0) {
    return { outcome: 'method-not-allowed', allow: allowed(ofHost), candidates };
  }
  return fitsWithSlash(entries, request, path)
    ? { outcome: 'redirect', path: `${request.path}/`, candidates }
    : { outcome: 'not-found', candidates };
}

/** Nearest to winning first. */
const reasons: readonly string[] = ['less-specific', 'other-method', 'other-host'];

function chosen(pattern: Pattern, matches: number): RouteCandidate {
  return { pattern: pattern.text, reason: matches > 1 ? 'most-specific' : 'only-match' };
}

/** RFC 3986 §2.4: split first, decode then. Undefined when an escape is malformed. */
function decodePath(path: string): string[] | undefined {
  try {
    return path.replace(/^\//, '').split('/').map(decodeURIComponent);
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
function allowed<T>(matches: readonly { entry: Entry<T> }[]): string[] {
  const methods = matches.flatMap(({ entry: { pattern } }) => pattern.method ?? []);
  const all = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(all)].sort();
}

function fitsWithSlash<T>(
  entries: readonly Entry<T>[], request: RoutingRequest, path: readonly string[],
): boolean {
  return entries.some(({ pattern }) => matchPath(pattern, [...path, ''])
    && pattern.segments.at(-1)?.kind !== 'one'
    && fitsHost(pattern, request.host) && fitsMethod(pattern, request.method));
}
