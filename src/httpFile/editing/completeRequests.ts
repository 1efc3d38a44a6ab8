import type { Definition } from '../names/origin.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, Range } from '../syntax.ts';
import { escapeSnippet, sortKey } from './completionItem.ts';
import type { Completion } from './completionItem.ts';
import type { Token } from './context.ts';

/** Methods that are offered: what Roundtrip sends, the usual ones first. */
export const offeredMethods: readonly string[] = [
  'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE', 'GRAPHQL', 'PURGE',
  'PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'SEARCH', 'REPORT', 'MKCALENDAR', 'ACL',
];

/** So many of them stand before the whole requests; the others behind. */
const everyday = 5;

/** The methods in place of a token; one that stands alone on its line goes on to the URL. */
export function completeMethods(token: Token, alone: boolean): Completion[] {
  return offeredMethods.map((method, index) => ({
    label: method, kind: 'method', range: token.range, insert: alone ? `${method} ` : method,
    sort: sortKey(index < everyday ? 1 : 4, index), topic: { area: 'method', id: method },
    ...(alone ? { again: true } : {}),
  }));
}

/** Whole requests for an empty block; `{url}` is where the address goes. */
const skeletons: readonly (readonly [id: string, label: string, snippet: string])[] = [
  ['get', 'GET JSON', 'GET {url}\nAccept: ${2:application/json}\n'],
  ['post-json', 'POST JSON', 'POST {url}\nContent-Type: application/json\n\n{\n  "${2:name}": "${3:value}"\n}\n'],
  ['post-form', 'POST form', 'POST {url}\nContent-Type: application/x-www-form-urlencoded\n\n${2:name}=${3:value}\n'],
  ['post-multipart', 'POST multipart',
    'POST {url}\nContent-Type: multipart/form-data; boundary=${2:boundary}\n\n--${2:boundary}\n'
    + 'Content-Disposition: form-data; name="${3:file}"; filename="${4:data.json}"\n\n'
    + '< ./${4:data.json}\n--${2:boundary}--\n'],
  ['post-file', 'POST file', 'POST {url}\nContent-Type: application/octet-stream\n\n< ./${2:file}\n'],
  ['put-json', 'PUT JSON', 'PUT {url}\nContent-Type: application/json\n\n{\n  "${2:name}": "${3:value}"\n}\n'],
  ['patch-json', 'PATCH JSON',
    'PATCH {url}\nContent-Type: application/merge-patch+json\n\n{\n  "${2:name}": "${3:value}"\n}\n'],
  ['graphql', 'GraphQL', 'GRAPHQL {url}\n\n'
    + 'query ${2:Name}(\\$${3:id}: ID!) {\n  ${4:node}(id: \\$${3:id}) {\n    ${5:name}\n  }\n}\n\n'
    + '{\n  "${3:id}": "${6:1}"\n}\n'],
  ['soap', 'SOAP', 'POST {url}\nContent-Type: application/soap+xml; charset=utf-8\n\n'
    + '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">\n  <soap:Body>\n    $2\n  </soap:Body>\n'
    + '</soap:Envelope>\n'],
  ['login', 'login, then use the token', '# @name ${2:login}\nPOST {url}\nContent-Type: application/json\n\n'
    + '{\n  "user": "${3:name}",\n  "password": "{{${4:password}}}"\n}\n\n### ${5:Use the token}\nGET {url}\n'
    + 'Authorization: Bearer {{${2:login}.response.body.\\$.${6:token}}}\n'],
];

type Written = readonly (readonly [id: string, label: string, snippet: string])[];

/** Lines that may stand before a request, also where one is written already. */
const preambleLines: Written = [
  ['variable', '@', '@${1:name} = ${2:value}'], ['name', '# @name', '# @name ${1:name}'],
  ['prompt', '# @prompt', '# @prompt ${1:name} ${2:What to ask}'], ['no-redirect', '# @no-redirect', '# @no-redirect'],
  ['new-connection', '# @new-connection', '# @new-connection'], ['timeout', '# @timeout', '# @timeout ${1:5 s}'],
];

/** Lines for where no request is written yet. */
const blockLines: Written = [
  ['separator', '###', '### ${1:Title}\n'], ['import', 'import', 'import ./${1:file.http}'],
];

/** What an empty block may become: a whole request, or one of the lines that may stand before it. */
export function completeSkeletons(range: Range, origin: string | undefined): Completion[] {
  const url = origin === undefined ? '${1:https://example.com/}' : `${escapeSnippet(origin)}/\${1:path}`;
  const whole = skeletons.map(([id, label, snippet], index): Completion => ({
    label, kind: 'skeleton', range, insert: snippet.replaceAll('{url}', () => url), snippet: true,
    sort: sortKey(2, index),
    filter: label, topic: { area: 'completion', id },
  }));
  return [...whole, ...completePreamble(range), ...written(blockLines, range, preambleLines.length)];
}

/** What may be written on an empty line above a request. */
export function completePreamble(range: Range): Completion[] {
  return written(preambleLines, range, 0);
}

function written(lines: Written, range: Range, from: number): Completion[] {
  return lines.map(([id, label, snippet], index): Completion => ({
    label, kind: 'keyword', range, insert: snippet, snippet: true, sort: sortKey(3, from + index),
    topic: { area: 'completion', id },
  }));
}

/** Versions behind a URL that can be asked for (C31). */
export function completeVersions({ range }: Token): Completion[] {
  return ['HTTP/1.1', 'HTTP/2', 'HTTP/2 (Prior Knowledge)', 'HTTP/1.0'].map((version, index) => ({
    label: version, kind: 'version', range, insert: version, sort: sortKey(1, index),
    topic: { area: 'version', id: version.toUpperCase() },
  }));
}

// --- URLs --------------------------------------------------------------------------------------------

/** Requests that are looked at for their addresses. */
const mostRequests = 2000;

/** Addresses of other requests that are offered whole. */
const mostUrls = 100;

/** Where a URL may lead: variables that hold an origin, origins and addresses of the file's other requests. */
export function completeUrl(
  token: Token, file: HttpFile, variables: readonly Definition[], line: number,
): Completion[] {
  const { origins, urls } = addressesIn(file, line, token.typed);
  const { range } = token;
  const fromVariables = variables.map((definition, index): Completion => ({
    label: `{{${definition.name}}}`, kind: 'variable', range, insert: `{{${definition.name}}}`,
    // What is made up leads nowhere: behind everything else.
    sort: sortKey(definition.origin.kind === 'dynamic' ? 5 : 1, index),
    definition,
  }));
  const known = new Set(fromVariables.map(({ label }) => label));
  const fromRequests = origins.filter((origin) => !known.has(origin)).map((origin, index): Completion => ({
    label: origin, kind: 'origin', range, insert: origin, sort: sortKey(2, index),
    topic: { area: 'completion', id: 'origin' },
  }));
  const whole = urls.map((url, index): Completion => ({
    label: url, kind: 'url', range, insert: url, sort: sortKey(4, index), topic: { area: 'completion', id: 'url' },
  }));
  const schemes = ['https://', 'http://', 'http://localhost:'].map((scheme, index): Completion => ({
    label: scheme, kind: 'keyword', range, insert: scheme, sort: sortKey(3, index),
  }));
  return [...fromVariables, ...fromRequests, ...schemes, ...whole];
}

/** The origin that most of the first requests have, as written. */
export function usualOrigin(file: HttpFile): string | undefined {
  const counts = new Map<string, number>();
  for (const { url } of file.requests.slice(0, mostRequests)) {
    const origin = originOf(url);
    if (origin !== undefined) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [origin, count] of counts) if (count > (counts.get(best ?? '') ?? 0)) best = origin;
  return best;
}

function addressesIn(file: HttpFile, line: number, typed: string): { origins: string[]; urls: string[] } {
  const origins = new Set<string>();
  const urls = new Set<string>();
  for (const request of file.requests.slice(0, mostRequests)) {
    if (request.requestLine.start.line === line) continue;
    const { url } = request;
    const origin = originOf(url);
    if (origin !== undefined) origins.add(origin);
    const isLonger = url.length > (origin?.length ?? 0) + 1 && url.length <= 200 && url.startsWith(typed);
    if (isLonger && urls.size < mostUrls) urls.add(url);
  }
  return { origins: [...origins], urls: [...urls] };
}

/** `https://host:port` or `{{variable}}` at the beginning of a URL as it is written. */
function originOf(url: string): string | undefined {
  const scheme = url.indexOf('://');
  if (scheme > 0 && scheme <= 10) {
    const end = endOfAuthority(url, scheme + 3);
    return end > scheme + 3 ? url.slice(0, end) : undefined;
  }
  if (!url.startsWith('{{')) return undefined;
  const close = url.indexOf('}}');
  return close < 0 ? undefined : url.slice(0, endOfAuthority(url, close + 2));
}

function endOfAuthority(url: string, from: number): number {
  let at = from;
  while (at < url.length && !'/?#'.includes(url[at]!)) at = url.startsWith('{{', at) ? afterBraces(url, at) : at + 1;
  return at;
}

function afterBraces(url: string, from: number): number {
  const close = url.indexOf('}}', from);
  return close < 0 ? url.length : close + 2;
}

// --- paths -------------------------------------------------------------------------------------------

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The folder a written path leads into, as far as it is typed; undefined when it depends on a variable. */
export function folderOf(typed: string): string | undefined {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  return folder.includes('{{') || folder.includes('\0') ? undefined : folder;
}

/** The entries that fit what is written, folders last; `suits` says which files do. */
export function completePath(
  token: Token, entries: readonly FolderEntry[], suits: (name: string) => boolean,
): Completion[] {
  const from = token.typed.lastIndexOf('/') + 1;
  const start = { line: token.range.start.line, character: token.range.start.character + from };
  const range = rangeBetween(start, token.range.end);
  const lead = from === 0 ? './' : '';
  return entries.filter(({ name, isFolder }) => isFolder ? name !== 'node_modules' : suits(name))
    .slice(0, 1000)
    .map(({ name, isFolder }, index) => ({
      label: isFolder ? `${name}/` : name, kind: isFolder ? 'folder' : 'file', range, filter: name,
      insert: `${lead}${name}${isFolder ? '/' : ''}`, sort: sortKey(isFolder ? 2 : 1, index),
      ...(isFolder ? { again: true } : {}),
    }));
}
