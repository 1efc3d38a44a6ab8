const utf8 = '; charset=utf-8';

/** Media types by the ending of a name (IANA; RFC 9239 for scripts). */
const types: Readonly<Record<string, string>> = {
  html: `text/html${utf8}`, css: `text/css${utf8}`, js: `text/javascript${utf8}`, mjs: `text/javascript${utf8}`,
  txt: `text/plain${utf8}`, md: `text/markdown${utf8}`, csv: `text/csv${utf8}`, xml: `application/xml${utf8}`,
  json: 'application/json', map: 'application/json', webmanifest: 'application/manifest+json', svg: 'image/svg+xml',
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif',
  ico: 'image/vnd.microsoft.icon', woff2: 'font/woff2', wasm: 'application/wasm', pdf: 'application/pdf',
};

/** The type that a file's name tells, or just bytes. */
export function typeOf(name: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(types, ending) ? types[ending] : undefined) ?? 'application/octet-stream';
}

/** Whether content of this type becomes smaller by a coding; pictures, for one, are compressed in themselves. */
export function isCompressible(type: string): boolean {
  return /^text\/|^application\/(?:json|xml|manifest\+json|wasm)|^image\/svg/.test(type);
}
