import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, LabRequest } from '../http/handler.ts';
import { preferredCoding } from '../http/negotiate.ts';
import { answerWith, etagOf } from '../http/representation.ts';
import type { FieldLine } from '../messages.ts';
import { pageFields } from '../routes/pages.ts';
import { isCompressible, typeOf } from './mediaTypes.ts';
import { locate, segmentsOf } from './paths.ts';

/** Larger files are not for this server, which reads them whole. */
const maxSize = 8 * 1_048_576;
/** A smaller one does not get smaller by a coding that is worth it. */
const minCompressed = 256;
const maxKept = 64;

/** Scripts, styles and pictures from here only: this site is no place for anybody else's. */
const policy: FieldLine = ['Content-Security-Policy',
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "frame-ancestors 'none'"];

const codings = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: promisify<Buffer, Buffer>(gzip),
} as const;

/** A file as it was read. */
interface Content {
  readonly name: string;
  readonly body: Buffer;
  readonly modifiedAt: number;
}

/** Serves what is below a directory, by its real path, under `prefix` (`/files/`). `root` is asked for once. */
export function createFileServer(prefix: string, root: () => Promise<string>): Handler {
  let opened: Promise<string> | undefined;
  const compressed = new Map<string, Promise<Buffer>>();
  return async ({ head }) => {
    const segments = segmentsOf(head.path, prefix);
    opened ??= root();
    const base = await opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    const place = segments && await locate(base, segments);
    const found = place === undefined ? undefined : await stat(place).catch(() => undefined);
    if (!segments || place === undefined || !found) return nothing(head);
    const isNamedDirectory = segments.at(-1) === '';
    if (!found.isDirectory()) return isNamedDirectory ? nothing(head) : give(head, await read(place), compressed);
    // Links of a page in a directory are relative to it: it must end in a slash.
    if (!isNamedDirectory) return moved(`${head.path}/`, head.query);
    const index = await locate(base, [...segments.slice(0, -1), 'index.html']);
    return index === undefined ? listing(head.path, place) : give(head, await read(index), compressed);
  };
}

function nothing({ path }: LabRequest['head']): Answer {
  return problem(404, `There is no file at ${path.slice(0, 500)}.`);
}

function moved(path: string, query: URLSearchParams): Answer {
  const location = query.size > 0 ? `${path}?${query}` : path;
  return text(301, 'text/plain', `See ${location}\n`, [['Location', location]]);
}

/** Undefined for what is no plain file or too large; a link put there meanwhile is not followed. */
async function read(place: string): Promise<Content | undefined> {
  const file = await open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined);
  try {
    const status = await file?.stat();
    if (!file || !status?.isFile() || status.size > maxSize) return undefined;
    return { name: basename(place), body: await file.readFile(), modifiedAt: status.mtimeMs };
  } finally {
    await file?.close();
  }
}

async function give(
  head: LabRequest['head'], content: Content | undefined, compressed: Map<string, Promise<Buffer>>,
): Promise<Answer> {
  if (!content) return nothing(head);
  const { name, body, modifiedAt } = content;
  const contentType = typeOf(name);
  const etag = etagOf(body);
  const varies = isCompressible(contentType);
  const headers: FieldLine[] = [
    ['Cache-Control', freshness(name)], ...(varies ? [['Vary', 'Accept-Encoding'] as const] : []),
    ...(/html|svg/.test(contentType) ? [policy] : []),
  ];
  const coding = varies && body.length >= minCompressed ? preferredCoding(head, Object.keys(codings)) : 'identity';
  if (coding !== 'br' && coding !== 'gzip') {
    return answerWith(head, { contentType, body, modifiedAt, headers, etag }, Date.now());
  }
  // RFC 9110 §8.8.3.3: other bytes have another strong tag.
  return answerWith(head, {
    contentType, modifiedAt, etag: etag.replace(/"$/, `-${coding}"`),
    headers: [...headers, ['Content-Encoding', coding]],
    body: await kept(compressed, `${coding} ${etag}`, () => codings[coding](body)),
  }, Date.now());
}

/** Makes a coded form once; when there are too many, the oldest goes. */
function kept(forms: Map<string, Promise<Buffer>>, key: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const known = forms.get(key);
  if (known) return known;
  const oldest = forms.keys().next();
  if (forms.size >= maxKept && !oldest.done) forms.delete(oldest.value);
  const made = make();
  forms.set(key, made);
  return made;
}

/** RFC 9111 §5.2.2, RFC 8246: a name with a digest in it is never used for anything else. */
function freshness(name: string): string {
  if (/\.[0-9a-f]{8}\.\w+$/.test(name)) return 'public, max-age=31536000, immutable';
  return name.endsWith('.html') ? 'no-cache' : 'public, max-age=600';
}

const look = '<style>:root{color-scheme:light dark}\n'
  + 'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>';

/** What is in a directory that has no page of its own. */
async function listing(path: string, place: string): Promise<Answer> {
  const entries = (await readdir(place, { withFileTypes: true }))
    .filter(({ name }) => segmentsOf(`/${encodeURIComponent(name)}`, '/')).slice(0, 1000);
  const sizes = await Promise.all(entries.map(async (entry) =>
    (entry.isFile() ? `${(await stat(join(place, entry.name))).size} bytes` : '')));
  const rows = entries.map((entry, index) => {
    const name = entry.isDirectory() ? `${entry.name}/` : entry.name;
    const link = `./${encodeURI(name).replace(/[?#]/g, encodeURIComponent)}`;
    return `<li><a href="${escaped(link)}">${escaped(name)}</a> ${sizes[index]}\n`;
  });
  const title = escaped(`Files in ${path}`);
  return text(200, 'text/html',
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n${look}\n<h1>${title}</h1>\n<ul>\n`
      + `${rows.sort().join('')}</ul>\n</html>\n`, [['Cache-Control', 'no-cache'], ...pageFields]);
}

function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
