/** One of the `errors` of a GraphQL response (GraphQL §7.1.2). */
export interface GraphqlError {
  readonly message: string;
  /** Where in the response: `user.friends.1.name`. */
  readonly path?: string;
  /** Where in the document, counting from 1. */
  readonly location?: { readonly line: number; readonly column: number };
  /** `extensions.code`, which many servers give. */
  readonly code?: string;
}

/** What a GraphQL response says of itself. */
export interface GraphqlOutcome {
  /** The first ones; `count` is of all. */
  readonly errors: readonly GraphqlError[];
  readonly count: number;
  /** `data` is there and not null: the errors concern parts of it. */
  readonly hasData: boolean;
}

/** So many errors are told, and so many characters of each text. */
const limits = { errors: 20, text: 500 } as const;

/** The errors of a GraphQL response; undefined for what is none, without errors too. */
export function graphqlOutcome(content: string): GraphqlOutcome | undefined {
  const response = parsed(content);
  if (!isObject(response) || !Array.isArray(response['errors']) || response['errors'].length === 0) return undefined;
  const errors: readonly unknown[] = response['errors'];
  return {
    errors: errors.slice(0, limits.errors).map(errorOf), count: errors.length,
    hasData: response['data'] !== undefined && response['data'] !== null,
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function errorOf(value: unknown): GraphqlError {
  if (!isObject(value)) return { message: shown(typeof value === 'string' ? value : '') };
  const { message, path, locations, extensions } = value;
  const location = Array.isArray(locations) ? locationOf(locations[0]) : undefined;
  const code = isObject(extensions) ? extensions['code'] : undefined;
  return {
    message: shown(typeof message === 'string' ? message : ''),
    ...(Array.isArray(path) && path.length > 0 ? { path: shown(path.map(String).join('.')) } : {}),
    ...(location ? { location } : {}),
    ...(typeof code === 'string' ? { code: shown(code) } : {}),
  };
}

function locationOf(value: unknown): GraphqlError['location'] {
  if (!isObject(value)) return undefined;
  const { line, column } = value;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined;
}

function shown(text: string): string {
  return text.slice(0, limits.text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
