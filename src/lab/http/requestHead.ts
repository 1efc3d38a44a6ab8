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

export function readHead(raw: RawHead, scheme: 'http' | 'https'): RequestHead {
  const lines = pairs(raw.rawHeaders);
  const headers = lines.filter(([name]) => !name.startsWith(':'));
  const all = (wanted: string) => headers.flatMap(([name, value]) =>
    (name.toLowerCase() === wanted ? [value] : []));
  const target = raw.url ?? '';
  const absolute = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(target);
  const [path = '', ...query] = (absolute?.[2] ?? target).split('?');
  const pseudo = lines.find(([name]) => name === ':authority')?.[1];
  return {
    method: raw.method ?? '',
    target,
    httpVersion: raw.httpVersion.startsWith('2') ? '2' : raw.httpVersion === '1.0' ? '1.0' : '1.1',
    scheme,
    // RFC 9112 §3.2.2: the absolute form beats Host; RFC 9113 §8.3.1: so does :authority.
    authority: absolute?.[1] ?? pseudo ?? all('host')[0],
    path: path === '' ? '/' : path,
    query: new URLSearchParams(query.join('?')),
    headers,
    first: (name) => all(name)[0],
    all,
  };
}

/** Field lines from a list of names and values in turn, as Node has them. */
export function pairs(flat: readonly string[]): FieldLine[] {
  const lines: FieldLine[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    lines.push([flat[index] ?? '', flat[index + 1] ?? '']);
  }
  return lines;
}
