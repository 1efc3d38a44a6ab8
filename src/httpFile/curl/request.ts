import { queryOf, readData, withQuery } from './data.ts';
import type { BodyPiece } from './data.ts';
import type { Argument } from './flags.ts';
import { formBody } from './formBody.ts';
import type { Word } from './word.ts';
import { meantWord } from './word.ts';

/** A header that a command asks for. */
export interface CurlHeader {
  readonly name: Word;
  readonly value: Word;
  readonly from: number;
  readonly to: number;
}

/** An option that is about the sending and not about the request. */
export interface CurlOption {
  readonly key: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** One request that a command sends. */
export interface CurlRequest {
  readonly method: Word;
  readonly url: Word;
  /** How many characters of the URL are written as one: what `-G` adds stands elsewhere. */
  readonly written: number;
  readonly version?: Word;
  readonly headers: readonly CurlHeader[];
  readonly body: readonly BodyPiece[];
  readonly options: readonly CurlOption[];
  /** Options without which another request would be meant, and that nothing here stands for. */
  readonly unsupported: readonly Word[];
  /** Options that are not known, or that change nothing here. */
  readonly ignored: readonly Word[];
  /** Options that say where curl writes the response, which is done in another way here. */
  readonly outputs: readonly Word[];
}

/** What the options of a request come to. */
export interface Draft {
  readonly program: Word;
  readonly headers: CurlHeader[];
  readonly options: CurlOption[];
  readonly unsupported: Word[];
  readonly ignored: Word[];
  readonly outputs: Word[];
  /** Lower-case names of headers that are typed, or taken away with `Name:`. */
  readonly typed: Set<string>;
  readonly data: Argument[];
  readonly form: Argument[];
  readonly query: Argument[];
  readonly cookies: Argument[];
  readonly tls: Argument[];
  method?: Word;
  version?: Word;
  upload?: Argument;
  user?: Argument;
  scheme: string;
  isHead: boolean;
  isGet: boolean;
  follows: boolean;
}

/** The request that a command's options make of one of its URLs. */
export function requestOf(draft: Draft, given: Word): CurlRequest {
  const headers = [...draft.headers];
  const options = [...draft.options];
  const unsupported = [...draft.unsupported];
  const inQuery = [...draft.query, ...(draft.isGet ? draft.data : [])];
  const query = queryOf(inQuery, unsupported);
  const body = bodyOf(draft, headers, unsupported);
  addCookies(draft, headers);
  addCredentials(draft, headers);
  const { program } = draft;
  if (!draft.follows) options.push({ key: 'no-redirect', value: '', from: program.from, to: program.to });
  const url = withQuery(uploadUrl(draft, given), query);
  return {
    method: methodOf(draft), url, written: given.text.length, headers, body, options, unsupported,
    ignored: draft.ignored, outputs: draft.outputs,
    ...(draft.version ? { version: draft.version } : {}),
  };
}

/** `-X` before all others. */
function methodOf(draft: Draft): Word {
  const { method, isHead, isGet, upload, data, form, program } = draft;
  if (method) return known.has(method.text.toUpperCase()) ? { ...method, text: method.text.toUpperCase() } : method;
  if (isHead) return meantWord('HEAD', program);
  if (upload) return meantWord('PUT', upload.flag);
  const [first] = [...data, ...form];
  return first && !isGet ? meantWord('POST', first.flag) : meantWord('GET', program);
}

const known: ReadonlySet<string> =
  new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY']);

function bodyOf(draft: Draft, headers: CurlHeader[], unsupported: Word[]): readonly BodyPiece[] {
  const { data, form, upload, isGet } = draft;
  const [first] = form;
  if (first) {
    const { type, pieces } = formBody(form, unsupported);
    // A boundary of the writer's own would be another one than the body's.
    const typed = headers.findIndex(({ name }) => name.text.toLowerCase() === 'content-type');
    if (typed >= 0) headers.splice(typed, 1);
    const { flag, from, to } = first;
    headers.push({ name: meantWord('Content-Type', flag), value: meantWord(type, flag), from, to });
    return pieces;
  }
  if (upload) return readData([{ ...upload, name: 'upload-file' }], unsupported);
  if (isGet || data.length === 0) return [];
  const [start] = data;
  const isTyped = draft.typed.has('content-type') || data.some(({ name }) => name === 'json');
  const type = 'application/x-www-form-urlencoded';
  if (!isTyped) {
    const { flag, from, to } = start!;
    headers.push({ name: meantWord('Content-Type', flag), value: meantWord(type, flag), from, to });
  }
  return readData(data, unsupported);
}

/** `-b a=1` is a cookie, `-b file` reads them from one. */
function addCookies(draft: Draft, headers: CurlHeader[]): void {
  const pairs = draft.cookies.filter(({ value }) => value!.text.includes('=') || value!.text.includes('{{'));
  for (const one of draft.cookies) {
    if (!pairs.includes(one) && one.value!.text !== '') draft.ignored.push(one.flag);
  }
  const [first] = pairs;
  if (!first || draft.typed.has('cookie')) return;
  const value = pairs.length === 1 ? first.value! : meantWord(pairs.map((one) => one.value!.text).join(';'), first);
  headers.push({ name: meantWord('Cookie', first.flag), value, from: first.from, to: pairs.at(-1)!.to });
}

/** RFC 7617; with a variable in them the credentials are encoded when it is known. */
function addCredentials(draft: Draft, headers: CurlHeader[]): void {
  const { user, scheme, typed } = draft;
  if (!user || typed.has('authorization')) return;
  const { text } = user.value!;
  const given = text.includes(':') ? text : `${text}:`;
  const colon = given.indexOf(':');
  const value = scheme !== 'Basic' ? `${scheme} ${given.slice(0, colon)} ${given.slice(colon + 1)}`
    : given.includes('{{') ? `Basic ${given}` : `Basic ${base64(given)}`;
  const { flag, from, to } = user;
  headers.push({ name: meantWord('Authorization', flag), value: meantWord(value, user.value!), from, to });
}

function base64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/** `-T file` to a URL that ends in a slash: the file's name is its last part. */
function uploadUrl({ upload }: Draft, url: Word): Word {
  if (!upload || !url.text.endsWith('/')) return url;
  const name = upload.value!.text.split(/[\\/]/).at(-1)!;
  return { ...url, text: url.text + encodeURIComponent(name) };
}
