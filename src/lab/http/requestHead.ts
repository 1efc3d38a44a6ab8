import type { FieldLine } from '../messages.ts';

/** The head of a request as it came; field lines in wire order, case and duplicates kept. */
export interface RequestHead {
  readonly method: string;
  /** RFC 9112 §3.2: origin form, absolute form or `*`. */
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly scheme: 'http' | 'https';
  /** From the target in absolute form, `:authority`, or Host. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: readonly FieldLine[];
  first(name: string): string | undefined;
  all(name: string): readonly string[];
}

/**
 * What both of Node's request classes have; `rawHeaders` has the pseudo-header fields of HTTP/2
 * too.
 */
export interface RawHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
}

/** The head of a request; what it has is looked for when it is asked for. */
export function readHead(raw: RawHead, scheme: 'http' | 'https'): RequestHead {
  return new Head(raw, scheme);
}

class Head implements RequestHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly scheme: 'http' | 'https';
  readonly authority: string | undefined;
  readonly path: string;
  readonly #raw: readonly string[];
  readonly #queryAt: number;
  #query: URLSearchParams | undefined;
  #headers: readonly FieldLine[] | undefined;

  constructor(raw: RawHead, scheme: 'http' | 'https') {
    const target = raw.url ?? '';
    const absolute = target.startsWith('/') ? undefined : /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(target);
    const rest = absolute ? target.length - absolute[2]!.length : 0;
    this.#raw = raw.rawHeaders;
    this.#queryAt = target.indexOf('?', rest);
    this.method = raw.method ?? '';
    this.target = target;
    this.httpVersion = raw.httpVersion.startsWith('2') ? '2' : raw.httpVersion === '1.0' ? '1.0' : '1.1';
    this.scheme = scheme;
    // RFC 9112 §3.2.2: the absolute form beats Host; RFC 9113 §8.3.1: so does :authority.
    this.authority = absolute?.[1] ?? valueOf(this.#raw, ':authority') ?? valueOf(this.#raw, 'host');
    this.path = target.slice(rest, this.#queryAt === -1 ? undefined : this.#queryAt) || '/';
  }

  get query(): URLSearchParams {
    return this.#query ??= new URLSearchParams(this.#queryAt === -1 ? '' : this.target.slice(this.#queryAt + 1));
  }

  get headers(): readonly FieldLine[] {
    return this.#headers ??= pairs(this.#raw).filter(([name]) => !name.startsWith(':'));
  }

  first(wanted: string): string | undefined {
    return valueOf(this.#raw, wanted);
  }

  all(wanted: string): readonly string[] {
    let values: string[] | undefined;
    for (let index = 0; index + 1 < this.#raw.length; index += 2) {
      if (isName(this.#raw[index]!, wanted)) (values ??= []).push(this.#raw[index + 1]!);
    }
    return values ?? none;
  }
}

const none: readonly string[] = [];

/** The same head with another method. */
export function withMethod(head: RequestHead, method: string): RequestHead {
  const { target, httpVersion, scheme, authority, path, query, headers } = head;
  return {
    method, target, httpVersion, scheme, authority, path, query, headers,
    first: (name) => head.first(name), all: (name) => head.all(name),
  };
}

/** Of the first line with a name, `wanted` in lower case. */
function valueOf(raw: readonly string[], wanted: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (isName(raw[index]!, wanted)) return raw[index + 1];
  }
  return undefined;
}

/** RFC 9110 §5.1: names know no case. */
function isName(name: string, wanted: string): boolean {
  return name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted);
}

/** Field lines from a list of names and values in turn, as Node has them. */
export function pairs(flat: readonly string[]): FieldLine[] {
  const lines: FieldLine[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    lines.push([flat[index] ?? '', flat[index + 1] ?? '']);
  }
  return lines;
}
