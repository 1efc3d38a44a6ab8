// Patterns as in Go 1.22's http.ServeMux: `[METHOD ][HOST]/[PATH]`.

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  /** `{name}`: one segment. */
  | { readonly kind: 'one'; readonly name: string }
  /** `{name...}`, or nameless for a trailing slash: the rest of the path. */
  | { readonly kind: 'rest'; readonly name: string }
  /** `{$}`: the path ends here, in a slash. */
  | { readonly kind: 'end' };

export interface Pattern {
  readonly text: string;
  /** Absent: any method. GET stands for HEAD too. */
  readonly method?: string;
  /** In lower case, without a port. Absent: any host. */
  readonly host?: string;
  readonly segments: readonly Segment[];
}

/** Reads a pattern; a malformed one is a programmer's error and throws. */
export function parsePattern(text: string): Pattern {
  const match = /^(?:([A-Z][A-Z-]*) +)?([^/{}\s]*)(\/.*)$/.exec(text);
  if (!match) throw new Error(`Malformed pattern: ${text}`);
  const [, method, host = '', path = ''] = match;
  const parts = path.slice(1).split('/');
  const segments = parts.map((part, index) => parseSegment(part, index === parts.length - 1, text));
  const names = segments.flatMap((one) => ('name' in one && one.name ? [one.name] : []));
  if (new Set(names).size !== names.length) {
    throw new Error(`Duplicate parameter in pattern: ${text}`);
  }
  return {
    text, segments, ...(method ? { method } : {}), ...(host ? { host: host.toLowerCase() } : {}),
  };
}

function parseSegment(part: string, isLast: boolean, text: string): Segment {
  if (part === '' && isLast) return { kind: 'rest', name: '' };
  if (part === '{$}' && isLast) return { kind: 'end' };
  const wildcard = /^\{([A-Za-z_]\w*)(\.\.\.)?\}$/.exec(part);
  if (!wildcard) {
    if (part !== '' && !/[{}]/.test(part)) return { kind: 'literal', text: part };
    throw new Error(`Malformed segment ${part} in pattern: ${text}`);
  }
  const [, name = '', dots] = wildcard;
  if (dots && !isLast) throw new Error(`${part} must be last in pattern: ${text}`);
  return { kind: dots ? 'rest' : 'one', name };
}

/** Whether a path (decoded segment by segment) fits. */
export function fitsPath({ segments }: Pattern, path: readonly string[]): boolean {
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index]!;
    if (segment.kind === 'rest') return index < path.length;
    const part = path[index];
    if (part === undefined) return false;
    if (segment.kind === 'end') return part === '' && index === path.length - 1;
    // A wildcard of one segment does not stand for an empty one.
    if (segment.kind === 'literal' ? segment.text !== part : part === '') return false;
  }
  return path.length === segments.length;
}

/** The values of the parameters of a pattern in a path that fits. */
export function parametersIn({ segments }: Pattern, path: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index]!;
    if (segment.kind === 'one') parameters[segment.name] = path[index]!;
    if (segment.kind === 'rest' && segment.name) parameters[segment.name] = path.slice(index).join('/');
  }
  return parameters;
}

/** How the requests of one pattern relate to those of another. */
export type Relation = 'equal' | 'more-specific' | 'less-specific' | 'overlapping' | 'disjoint';

/**
 * Compares two patterns. As in Go, one with a host beats one without where they would conflict, so
 * `overlapping` remains for real conflicts only.
 */
export function compare(a: Pattern, b: Pattern): Relation {
  if (a.host !== undefined && b.host !== undefined && a.host !== b.host) return 'disjoint';
  const rest = combine(compareMethods(a.method, b.method), compareSegments(a.segments, b.segments));
  if (rest === 'disjoint' || a.host === b.host) return rest;
  return a.host === undefined ? 'less-specific' : 'more-specific';
}

function compareMethods(a: string | undefined, b: string | undefined): Relation {
  if (a === b) return 'equal';
  if (a === undefined) return 'less-specific';
  if (b === undefined) return 'more-specific';
  if (a === 'GET' && b === 'HEAD') return 'less-specific';
  if (a === 'HEAD' && b === 'GET') return 'more-specific';
  return 'disjoint';
}

function compareSegments(a: readonly Segment[], b: readonly Segment[]): Relation {
  let relation: Relation = 'equal';
  for (let index = 0; ; index += 1) {
    const left = a[index];
    const right = b[index];
    if (!left && !right) return relation;
    if (left?.kind === 'rest' && right?.kind === 'rest') return relation;
    if (left?.kind === 'rest') return combine(relation, right ? 'less-specific' : 'disjoint');
    if (right?.kind === 'rest') return combine(relation, left ? 'more-specific' : 'disjoint');
    if (!left || !right) return 'disjoint';
    relation = combine(relation, compareOne(left, right));
    if (relation === 'disjoint') return relation;
  }
}

function compareOne(a: Segment, b: Segment): Relation {
  if (a.kind === 'end' || b.kind === 'end') return a.kind === b.kind ? 'equal' : 'disjoint';
  if (a.kind === 'literal' && b.kind === 'literal') return a.text === b.text ? 'equal' : 'disjoint';
  if (a.kind === b.kind) return 'equal';
  return a.kind === 'literal' ? 'more-specific' : 'less-specific';
}

function combine(a: Relation, b: Relation): Relation {
  if (a === 'disjoint' || b === 'disjoint') return 'disjoint';
  if (a === 'equal') return b;
  if (b === 'equal' || a === b) return a;
  return 'overlapping';
}
