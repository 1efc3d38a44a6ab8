import type { Exchange } from '../trace/exchange.ts';

/**
 * The path of an exchange's content in the `roundtrip:` file system; its extension tells the editor
 * the language.
 */
export function contentPath(exchange: Exchange): string {
  const segments = URL.parse(exchange.spec.url)?.pathname.split('/') ?? [];
  const last = decode(segments.findLast((segment) => segment !== '') ?? 'content');
  const safe =
    last
      .replace(/[^\p{L}\p{N}._-]/gu, '_')
      .replace(/^\.+/, '')
      .slice(0, 80) || 'content';
  const extension = extensionOf(exchange);
  const name = safe.toLowerCase().endsWith(extension)
    ? safe
    : `${safe.replace(/\.[a-z0-9]{1,5}$/i, '')}${extension}`;
  return `/exchange/${encodeURIComponent(exchange.id)}/${name}`;
}

/** The path of the certificates the server showed, as PEM. */
export function certificatesPath(exchange: Exchange): string {
  return `/exchange/${encodeURIComponent(exchange.id)}/certificates.pem`;
}

/** The path of what went over the wire, as text. No content has a space in its name. */
export function wirePath(exchange: Exchange): string {
  return `/exchange/${encodeURIComponent(exchange.id)}/wire bytes.txt`;
}

export type DocumentKind = 'content' | 'certificates' | 'wire';

const kinds: Readonly<Record<string, DocumentKind>> = { 'certificates.pem': 'certificates', 'wire bytes.txt': 'wire' };

/** What a path names; undefined for a path of another form. */
export function parseContentPath(
  path: string,
): { exchangeId: string; kind: DocumentKind } | undefined {
  const parts = /^\/exchange\/([^/]+)\/([^/]+)$/.exec(path);
  if (!parts) return undefined;
  const exchangeId = decode(parts[1]!);
  const name = parts[2]!;
  return { exchangeId, kind: Object.hasOwn(kinds, name) ? kinds[name]! : 'content' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const extensions: readonly (readonly [RegExp, string])[] = [
  [/^application\/(.+\+)?json$|^text\/json$/, '.json'],
  [/^application\/(x-)?ndjson$|^application\/jsonl/, '.jsonl'],
  [/^image\/svg\+xml$/, '.svg'],
  [/^text\/html$|^application\/xhtml\+xml$/, '.html'],
  [/^(application|text)\/(.+\+)?xml$/, '.xml'],
  [/^text\/css$/, '.css'],
  [/^(text|application)\/(x-)?(javascript|ecmascript)$/, '.js'],
  [/^text\/csv$/, '.csv'],
  [/^text\/markdown$/, '.md'],
  [/^(application|text)\/(x-)?yaml$/, '.yaml'],
  [/^application\/x-www-form-urlencoded$|^text\//, '.txt'],
  [/^image\/png$/, '.png'],
  [/^image\/jpeg$/, '.jpg'],
  [/^image\/gif$/, '.gif'],
  [/^image\/webp$/, '.webp'],
  [/^application\/pdf$/, '.pdf'],
];

/** RFC 9110 §8.3: the media type without its parameters, in lower case. */
function extensionOf(exchange: Exchange): string {
  const field = exchange.response?.headers.find(
    ([name]) => name.toLowerCase() === 'content-type',
  )?.[1];
  const mediaType = field?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === undefined) return '.txt';
  return extensions.find(([pattern]) => pattern.test(mediaType))?.[1] ?? '.bin';
}
